"""Pictures to translate: among what was dropped, or among what a run held out."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from engines.data.layouts import understand
from engines.data.making import read_square
from engines.data.picture_files import Picture, read_picture
from engines.data.scan import find_pictures
from engines.data.sets import Item, PictureSet, Source
from engines.errors import Cancelled, PictureError, StudioError
from engines.runs.folder import RunInfo

HELD_OUT_SHOWN = 24


@dataclass(frozen=True, eq=False, slots=True)
class Found:
    """A picture to translate.

    Attributes:
        source: The file, or the picture itself where it was pasted or made.
        name: What it is called.
        answer: What it should become, where that is known.
    """

    source: Source | Picture
    name: str
    answer: Source | Picture | None = None


def read(source: Source | Picture) -> Picture:
    """Decode a file whole, with all that its result has to keep.

    Raises:
        PictureError: The file cannot be used.
    """
    if isinstance(source, Picture):
        return source
    if source.half is None and source.index is None:
        return read_picture(source.path)
    return Picture(pixels=source.read())


def pictures_among(
    paths: Sequence[Path], *, cancelled: Callable[[], bool]
) -> tuple[tuple[Found, ...], tuple[str, ...]]:
    """List the files of *paths* and the picture files in its folders.

    Returns:
        The pictures, not yet looked at, and a sentence for each folder without any.

    Raises:
        Cancelled: *cancelled* returned True.
    """
    found: list[Path] = []
    problems: list[str] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        try:
            found += [file.path for file in find_pictures(path, cancelled=cancelled)]
        except StudioError as error:
            problems.append(str(error))
    return tuple(Found(Source(path), path.name) for path in found), tuple(problems)


def pictures_of(run: RunInfo, cancelled: Callable[[], bool]) -> PictureSet:
    """The pictures that *run* learnt from, split as they were then.

    Raises:
        DataError: They are no longer where they were.
        Cancelled: *cancelled* returned True.
    """
    data = run.data
    return understand(
        Path(data.folder),
        use=data.use,
        sides=data.sides,
        held_out=run.config["held_out"],
        seed=run.seed,
        direction=data.direction,
        left_out=data.left_out,
        cancelled=cancelled,
    )


def held_out_inputs(
    run: RunInfo, *, cancelled: Callable[[], bool]
) -> tuple[Found, ...]:
    """Find the first inputs that *run* was measured on and never learnt from.

    Of two styles, these are of the first. Inputs that were made of pictures are made
    again, at the size that the run learns at.

    Raises:
        DataError: Its pictures are no longer where they were.
        Cancelled: *cancelled* returned True.
    """
    pictures = pictures_of(run, cancelled)
    items = pictures.held_out
    if pictures.kind == "styles":
        items = tuple(item for item in items if item.group == 0)
    items = items[:HELD_OUT_SHOWN]
    if pictures.task is None:
        return tuple(Found(item.a, _name(item), item.b) for item in items)
    return tuple(_made(pictures, items, run, cancelled))


def _made(
    pictures: PictureSet,
    items: Sequence[Item],
    run: RunInfo,
    cancelled: Callable[[], bool],
) -> Iterator[Found]:
    size, shape = run.config["image_size"], run.config["shape"]
    for item in items:
        if cancelled():
            raise Cancelled
        # A damaged one was left out of the run, too.
        with contextlib.suppress(PictureError):
            sides = read_square(pictures, item, size, shape)
            made, answer = (Picture(pixels=side) for side in sides)
            yield Found(made, _name(item, ".png"), answer)


def _name(item: Item, ending: str = "") -> str:
    """What an input is called as a file."""
    if item.a.index is None and not ending:
        return item.a.path.name
    return f"{PurePath(item.name).name}{ending or '.png'}"
