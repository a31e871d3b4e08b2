"""What one starts a drawing from: inputs of a run, and the colours they have."""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from engines.data.images import Rgb, decode, resize
from engines.data.making import square
from engines.data.palette import Colour, border_colour, has_soft_edges, label_colours
from engines.data.picture_files import Picture
from engines.data.sets import Item, PictureSet
from engines.errors import Cancelled, PictureError
from engines.runs.folder import RunInfo
from engines.training.jobs import Direction
from studio.inputs import pictures_of

STARTERS = 24
LOOKED_AT = 64  # inputs whose colours are counted: a rare label is in one of them


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Starters:
    """What is known of a run's inputs before one draws another.

    Attributes:
        run: Which run, None for none.
        direction: Which way it translates.
        pictures: Names and inputs that it never learnt from, (S, S, 3) each.
        colours: Those of its label maps or outlines, most frequent first; () where it
            learnt from something else, None where its inputs are not known.
        background: What a blank drawing is filled with.
        is_smooth: Whether lines blend into the background.
    """

    run: RunInfo | None = None
    direction: Direction = "AtoB"
    pictures: tuple[tuple[str, Rgb], ...] = ()
    colours: tuple[Colour, ...] | None = None
    background: Colour = (255, 255, 255)
    is_smooth: bool = True


def find_starters(
    run: RunInfo, direction: Direction, *, cancelled: Callable[[], bool]
) -> Starters:
    """Look at what a run translates from; *direction* chooses between two styles.

    Raises:
        DataError: Its pictures are no longer where they were.
        Cancelled: *cancelled* returned True.
    """
    pictures = pictures_of(run, cancelled)
    group = 1 if direction == "BtoA" else 0
    held_out = [item for item in pictures.held_out if item.group == group]
    training = [item for item in pictures.training if item.group == group]
    start_from = (held_out or training)[:STARTERS]
    others = _spread(training, LOOKED_AT - len(start_from))
    seen = dict(_read(pictures, start_from, run, cancelled))
    drawn = [whole for whole, _ in seen.values()]
    drawn += [whole for _, (whole, _) in _read(pictures, others, run, cancelled)]
    squares = [small for _, small in seen.values()]
    colours = label_colours(drawn)
    return Starters(
        run=run,
        direction=direction,
        pictures=tuple((name, small) for name, (_, small) in seen.items()),
        colours=colours,
        background=border_colour(drawn),
        is_smooth=not colours or has_soft_edges(squares, colours),
    )


def read_drawing(source: Path | Picture, run: RunInfo | None, size: int) -> Rgb:
    """Make a picture a drawing of *size* pixels a side, as a run's inputs are made.

    Raises:
        PictureError: The file cannot be used.
    """
    rgb = decode(source) if isinstance(source, Path) else source.rgb()
    return resize(rgb, size, run.config["shape"] if run else "cut")


def _spread(items: Sequence[Item], count: int) -> Sequence[Item]:
    """At most *count* items from everywhere in the list."""
    return items[:: max(1, -(-len(items) // max(1, count)))]


def _read(
    pictures: PictureSet,
    items: Iterable[Item],
    run: RunInfo,
    cancelled: Callable[[], bool],
) -> Iterator[tuple[str, tuple[Rgb, Rgb]]]:
    """Each input by name: as it was drawn, and as the model sees it."""
    size, shape = run.config["image_size"], run.config["shape"]
    for item in items:
        if cancelled():
            raise Cancelled
        # A damaged one was left out of the run, too.
        with contextlib.suppress(PictureError):
            whole = item.a.read()
            small = square(pictures, item, [whole], size, shape)[0]
            # What was made of a picture exists at the model's size only.
            drawn = whole if pictures.task is None else small
            yield PurePath(item.name).name, (drawn, small)
