"""The files of a folder, and which side and split each one's path names.

Only names are looked at: 100,000 files take about a second.
"""

import gc
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import NamedTuple

from engines.data.idx import is_idx_name
from engines.errors import Cancelled, DataError

Parts = tuple[str, ...]  # the folders between the set's own and a file

CLASS_NAMES = "classes.txt"
"""Names of the classes of an IDX set, one a line; may be missing."""

# Also kinds that cannot be decoded: the user means them as pictures, so name them.
_PICTURE_ENDINGS = frozenset(
    {"png", "apng", "jpg", "jpeg", "jpe", "jfif", "webp", "tif", "tiff", "bmp", "dib"}
    | {"gif", "ppm", "pgm", "pbm", "pnm", "pfm", "avif", "avifs", "jp2", "j2k", "jpx"}
    | {"tga", "heic", "heif", "psd", "svg", "exr", "dds"}
)
_SYSTEM_FOLDERS = frozenset({"__MACOSX", "@eaDir", "$RECYCLE.BIN"})
_SPLITS = {
    **dict.fromkeys(("train", "training"), "train"),
    **dict.fromkeys(("val", "valid", "validation"), "val"),
    **dict.fromkeys(("test", "testing"), "test"),
}
# trainA, test_B, val-input, but not "trains".
_SPLIT_AND_SIDE = re.compile(r"(train|val|test)(?:[ _-](.+)|([ab]))", re.IGNORECASE)


class Found(NamedTuple):
    """A picture file and what its path says.

    Attributes:
        path: The file.
        split: "train", "val", "test" or "" for none.
        side: The subfolder that names its side, or its class, "" for none.
        name: The rest of the path with "/" and without ending.
    """

    path: Path
    split: str
    side: str
    name: str


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of a folder that can matter.

    Attributes:
        pictures: Picture files, folder by folder and by name.
        idx: Files that are named as IDX files are.
        class_names: The file that names the classes of an IDX set.
    """

    pictures: tuple[Found, ...]
    idx: tuple[Path, ...] = ()
    class_names: Path | None = None


def is_picture_name(name: str) -> bool:
    """Whether a file of this name is meant as a picture."""
    return name.rpartition(".")[2].lower() in _PICTURE_ENDINGS and "." in name[1:]


def is_hidden(name: str) -> bool:
    """Whether a file or folder is passed over: hidden, or the system's own."""
    return name.startswith(".") or name in _SYSTEM_FOLDERS


def find_pictures(
    folder: Path, *, cancelled: Callable[[], bool] | None = None
) -> tuple[Found, ...]:
    """The picture files of `list_files`.

    Raises:
        DataError: The folder is missing, unreadable or without pictures.
        Cancelled: *cancelled* returned True.
    """
    listing = list_files(folder, cancelled=cancelled)
    if not listing.pictures:
        raise DataError(
            f"There is no picture file in '{folder.name}'. Choose a folder of PNG, "
            "JPEG, WebP or TIFF pictures."
        )
    return listing.pictures


def list_files(folder: Path, *, cancelled: Callable[[], bool] | None = None) -> Listing:
    """List every file below *folder*, hidden ones and system folders left out.

    Nothing is opened: a file is a picture by its ending.

    Raises:
        DataError: The folder is missing, unreadable or holds nothing to learn from.
        Cancelled: *cancelled* returned True.
    """
    _check_folder(folder)
    places: list[tuple[str, Parts, list[str]]] = []
    idx: list[Path] = []
    class_names: Path | None = None
    count = 0
    for here, parts, files in _walk(folder, cancelled):
        count += len(files)
        if names := [name for name in files if is_picture_name(name)]:
            places.append((here, parts, sorted(names)))
        idx += [Path(here, name) for name in files if is_idx_name(name)]
        if CLASS_NAMES in files:
            class_names = Path(here, CLASS_NAMES)
    if not places and not idx:
        raise DataError(nothing(folder, count))
    with collecting_later():
        pictures = _found(places)
    return Listing(pictures, tuple(idx), class_names)


@contextmanager
def collecting_later() -> Iterator[None]:
    """Make many objects that stay, without Python looking for garbage among them.

    It would look through all of them again and again, and take as long as the rest.
    For what ends within a second or two: other threads do without meanwhile.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _check_folder(folder: Path) -> None:
    if not folder.exists():
        raise DataError(f"There is no folder '{folder}'. Choose one that is there.")
    if not folder.is_dir():
        raise DataError(
            f"'{folder.name}' is a file, not a folder. Choose the folder that holds "
            "the pictures, or a zip archive of it."
        )


def nothing(folder: Path, count: int) -> str:
    """What to say of a folder, or archive, whose *count* files are of no use."""
    if not count:
        return f"'{folder.name}' is empty. Choose one with pictures."
    none = "The only file" if count == 1 else f"None of the {count:,} files"
    verb = "is not" if count == 1 else "is"
    return (
        f"{none} in '{folder.name}' {verb} a picture. Choose one of PNG, JPEG, "
        "WebP or TIFF pictures."
    )


def _walk(
    folder: Path, cancelled: Callable[[], bool] | None
) -> Iterator[tuple[str, Parts, list[str]]]:
    """Yield each folder, its parts and its files; follow links, but not in a circle."""
    seen: set[tuple[int, int]] = set()
    top = len(folder.parts)
    for here, folders, files in os.walk(folder, onerror=_refuse, followlinks=True):
        if cancelled and cancelled():
            raise Cancelled
        info = os.stat(here)
        if (info.st_dev, info.st_ino) in seen:
            folders.clear()
            continue
        seen.add((info.st_dev, info.st_ino))
        folders[:] = sorted(name for name in folders if not is_hidden(name))
        visible = [name for name in files if not name.startswith(".")]
        yield here, PurePath(here).parts[top:], visible


def _refuse(error: OSError) -> None:
    name = PurePath(error.filename).name
    raise DataError(
        f"The folder '{name}' may not be read. Change its permissions or choose "
        "another folder."
    ) from error


def _found(places: Sequence[tuple[str, Parts, list[str]]]) -> tuple[Found, ...]:
    wrappers = _wrappers([parts for _, parts, _ in places])
    found = []
    for here, parts, names in places:
        folder = Path(here)
        split, side, rest = _meaning(parts[wrappers:])
        prefix = "".join(f"{part}/" for part in rest)
        # Much faster than joining folder and name, which is parsed each time.
        paths = {path.name: path for path in folder.iterdir()}
        for name in names:
            if name not in paths:  # deleted just now
                continue
            stem = prefix + name.rpartition(".")[0]
            found.append(Found(paths[name], split, side, stem))
    return tuple(found)


def _wrappers(places: Sequence[Parts]) -> int:
    """How many folders around everything say nothing, as in an unpacked archive."""
    count = 0
    while places and all(len(parts) > count for parts in places):
        tops = {parts[count].lower() for parts in places}
        if len(tops) > 1 or tops <= _SPLITS.keys():
            break
        count += 1
    return count


def _meaning(parts: Parts) -> tuple[str, str, Parts]:
    """Split, side, and the folders that say neither."""
    folders = list(parts)
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
    return split, side, tuple(folders)
