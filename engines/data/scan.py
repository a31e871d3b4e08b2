"""The picture files of a folder, and which side and split each one's path names."""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from engines.errors import Cancelled, DataError

# Also kinds that cannot be decoded: the user means them as pictures, so name them.
_PICTURE_SUFFIX = re.compile(
    r"\.(a?png|jpe|jpe?g|jfif|webp|tiff?|bmp|dib|gif|p[pgbnf]m|avifs?|jp2|j2k|jpx|tga"
    r"|hei[cf]|psd|svg|exr|dds)",
    re.IGNORECASE,
)
_SYSTEM_FOLDERS = frozenset({"__MACOSX", "@eaDir", "$RECYCLE.BIN"})
_SPLITS = {
    **dict.fromkeys(("train", "training"), "train"),
    **dict.fromkeys(("val", "valid", "validation"), "val"),
    **dict.fromkeys(("test", "testing"), "test"),
}
# trainA, test_B, val-input, but not "trains".
_SPLIT_AND_SIDE = re.compile(r"(train|val|test)(?:[ _-](.+)|([ab]))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """A picture file and what its path says.

    Attributes:
        path: The file.
        split: "train", "val", "test" or "" for none.
        side: The subfolder that names its side, "" for none.
        name: The rest of the path with "/" and without ending.
    """

    path: Path
    split: str
    side: str
    name: str


def find_pictures(
    folder: Path, *, cancelled: Callable[[], bool] | None = None
) -> tuple[Found, ...]:
    """List every picture file below *folder*, hidden ones and system folders left out.

    Nothing is opened: a file is a picture by its ending.

    Raises:
        DataError: The folder is missing, unreadable or without pictures.
        Cancelled: *cancelled* returned True.
    """
    _check_folder(folder)
    files = sorted(_walk(folder, cancelled))
    pictures = [path for path in files if _PICTURE_SUFFIX.fullmatch(path.suffix)]
    if not files:
        raise DataError(f"The folder '{folder.name}' is empty. Choose one with pairs.")
    if not pictures:
        raise DataError(
            f"None of the {len(files):,} files in '{folder.name}' is a picture. "
            "Choose a folder of PNG, JPEG, WebP or TIFF pictures."
        )
    places = [path.relative_to(folder) for path in pictures]
    while _share_wrapper(places):
        places = [place.relative_to(place.parts[0]) for place in places]
    return tuple(
        _found(path, place) for path, place in zip(pictures, places, strict=True)
    )


def _check_folder(folder: Path) -> None:
    if not folder.exists():
        raise DataError(f"There is no folder '{folder}'. Choose one that is there.")
    if not folder.is_dir():
        raise DataError(
            f"'{folder.name}' is a file, not a folder. Choose the folder that holds "
            "the pictures."
        )


def _walk(folder: Path, cancelled: Callable[[], bool] | None) -> Iterator[Path]:
    """Yield all visible files; follow links, but never in a circle."""
    seen: set[tuple[int, int]] = set()
    for here, folders, files in os.walk(folder, onerror=_refuse, followlinks=True):
        if cancelled and cancelled():
            raise Cancelled
        info = os.stat(here)
        if (info.st_dev, info.st_ino) in seen:
            folders.clear()
            continue
        seen.add((info.st_dev, info.st_ino))
        folders[:] = sorted(
            f for f in folders if not f.startswith(".") and f not in _SYSTEM_FOLDERS
        )
        yield from (Path(here, f) for f in files if not f.startswith("."))


def _refuse(error: OSError) -> None:
    name = PurePath(error.filename).name
    raise DataError(
        f"The folder '{name}' may not be read. Change its permissions or choose "
        "another folder."
    ) from error


def _share_wrapper(places: Sequence[PurePath]) -> bool:
    """True where everything lies in one subfolder that says nothing, as in a zip."""
    tops = {place.parts[0] for place in places if len(place.parts) > 1}
    alone = len(tops) == 1 and all(len(place.parts) > 1 for place in places)
    return alone and tops.pop().lower() not in _SPLITS


def _found(path: Path, place: PurePath) -> Found:
    folders = list(place.parts[:-1])
    split, side = "", ""
    for folder in folders[:2]:  # train/A and A/train
        if folder.lower() in _SPLITS:
            split = _SPLITS[folder.lower()]
            folders.remove(folder)
            break
    if folders:
        side = folders.pop(0)
        match = _SPLIT_AND_SIDE.fullmatch(side)
        if match and not split:
            split, side = match[1].lower(), match[2] or match[3]
    return Found(path, split, side, "/".join([*folders, place.stem]))
