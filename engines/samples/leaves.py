"""Leaves: a colourful sample set of single pictures, for models that invent pictures.

One leaf lies in the middle of each. Its shape, lobes, colours, veins, turn and size
vary, and so does the paper beneath.
"""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Unpack

import numpy as np
from numpy.typing import NDArray

from engines.samples.canvas import SUPERSAMPLING, Canvas, Colour, Point, mixed, scaled
from engines.samples.dice import Dice
from engines.samples.leaf_shapes import SHAPES
from engines.samples.writing import (
    Drawn,
    Recipe,
    Watched,
    check_drawing,
    check_numbers,
    write_set,
)

SIZES = range(32, 1025)
_STREAM = 4  # of a seed's chance; other sets use 0 to 3
# Colour at the tip and at the stem.
_LEAVES: tuple[tuple[Colour, Colour], ...] = (
    ((122, 194, 84), (44, 136, 78)),
    ((196, 214, 76), (94, 164, 66)),
    ((255, 208, 70), (236, 152, 46)),
    ((250, 162, 62), (214, 82, 52)),
    ((226, 80, 70), (160, 42, 74)),
    ((196, 104, 168), (112, 60, 136)),
    ((138, 138, 216), (82, 84, 172)),
    ((88, 190, 178), (32, 116, 136)),
)  # fmt: skip
_PAPERS: tuple[Colour, ...] = (
    (253, 244, 228), (232, 242, 250), (250, 232, 230), (236, 244, 226), (242, 236, 250),
)  # fmt: skip
_SHADOW: Colour = (70, 60, 90)


def draw_leaf(seed: int, size: int) -> NDArray[np.uint8]:
    """Draw a leaf; the same seed gives the same leaf at every size.

    Args:
        seed: Which leaf, 0 or more.
        size: Side in pixels, 32 to 1024.

    Returns:
        RGB uint8 (size, size, 3).

    Raises:
        ValueError: *seed* or *size* is out of range.
    """
    check_drawing(seed, size, SIZES)
    dice = Dice(seed, _STREAM)
    shape = SHAPES[dice.pick(tuple(SHAPES))](dice)
    tip, stem = _colours(dice)
    paper = dice.pick(_PAPERS)
    turn, scale = dice.between(-30.0, 30.0), dice.between(0.74, 0.92)
    shift = dice.between(-0.03, 0.03), dice.between(-0.03, 0.03)

    def placed(
        points: Sequence[Point], dx: float = 0.0, dy: float = 0.0
    ) -> list[Point]:
        centre = 0.5 + shift[0] + dx, 0.5 + shift[1] + dy
        return _placed(points, centre, turn, scale)

    canvas = Canvas(size, "RGB")
    canvas.shaded([(0, 0), (1, 0), (1, 1), (0, 1)], paper, scaled(paper, 0.93))
    outline = [*shape.left, *reversed(shape.right)]
    for offset in (0.014, 0.026):
        canvas.polygon(placed(outline, offset, offset), _SHADOW, 30)
    rib = mixed(stem, (255, 246, 214), 0.45)
    *_, (foot, _, thick) = shape.veins
    canvas.polygon(placed(_bar(foot, (0.0, 0.2), thick * 1.4)), scaled(stem, 0.82))
    canvas.shaded(placed(outline), tip, stem)
    middle = [(0.0, shape.right[0][1]), *shape.right, (0.0, shape.right[-1][1])]
    canvas.polygon(placed(middle), scaled(stem, 0.6), 46)
    for start, end, width in shape.veins:
        inside = (start[0], min(start[1], shape.right[0][1]))
        canvas.polygon(placed(_bar(inside, end, width)), rib)
    return np.asarray(canvas.image.reduce(SUPERSAMPLING))


def _colours(dice: Dice) -> tuple[Colour, Colour]:
    """Tip and stem, between two neighbours of the table."""
    at = dice.between(0, len(_LEAVES) - 1)
    one, other = _LEAVES[int(at)], _LEAVES[int(at) + 1]
    light = dice.between(0.92, 1.06)
    tip, stem = (
        scaled(mixed(a, b, at % 1), light) for a, b in zip(one, other, strict=True)
    )
    return tip, stem


def _bar(start: Point, end: Point, width: float) -> list[Point]:
    """A line that runs out to a third of its width."""
    along = math.atan2(end[1] - start[1], end[0] - start[0])
    dx, dy = -math.sin(along) * width / 2, math.cos(along) * width / 2
    return [
        (start[0] + dx, start[1] + dy),
        (end[0] + dx / 3, end[1] + dy / 3),
        (end[0] - dx / 3, end[1] - dy / 3),
        (start[0] - dx, start[1] - dy),
    ]


def _placed(
    points: Sequence[Point], centre: Point, turn: float, scale: float
) -> list[Point]:
    """From the box of a shape into the picture, turned by degrees clockwise."""
    cosine, sine = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    return [
        (
            centre[0] + scale * (x * cosine - y * sine),
            centre[1] + scale * (x * sine + y * cosine),
        )
        for x, y in points
    ]


def write_leaves(
    folder: Path,
    *,
    count: int = 1_500,
    size: int = 64,
    seed: int = 0,
    **watched: Unpack[Watched],
) -> Path:
    """Write the set as `0001.png`, `0002.png` and so on.

    What is at *folder* already is treated as in `write_set`.

    Args:
        folder: Where the set shall be.
        count: How many pictures, 2 to 9999.
        size: Side in pixels, 32 to 1024.
        seed: Another seed gives other leaves.
        watched: `progress` and `cancelled` of `write_set`.

    Returns:
        *folder*.

    Raises:
        ValueError: *count*, *size* or *seed* is out of range.
        DataError: See `write_set`.
        Cancelled: See `write_set`.
    """
    recipe = Recipe(name="leaves", count=count, size=size, seed=seed)
    check_numbers(recipe, SIZES)

    def draw(number: int) -> Drawn:
        return {f"{number:04}": draw_leaf(recipe.seed_of(number), size)}

    return write_set(
        folder,
        recipe,
        draw,
        words="leaves",
        drawings=count,
        files=count,
        **watched,
    )
