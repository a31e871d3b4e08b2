"""Landscapes: a sample set in two styles, day and night, without pairs.

The pictures to learn from show different places in the two styles. The held-out ones
show the same places under the same names: what a translation should have become.
"""

from pathlib import Path
from typing import Unpack

import numpy as np
from numpy.typing import NDArray

from engines.samples.landscape_hours import DAY, NIGHT
from engines.samples.landscape_paint import paint
from engines.samples.landscape_scene import plan_scene
from engines.samples.writing import (
    Drawn,
    Recipe,
    Watched,
    check_drawing,
    check_numbers,
    write_set,
)

SIZES = range(32, 1025)
MOST = 4_000  # with those held out, four digits number them all
_HELD_OUT = 10  # one for so many


def draw_day(seed: int, size: int) -> NDArray[np.uint8]:
    """Draw a place by day; the same seed gives the same place at every size.

    Args:
        seed: Which place, 0 or more.
        size: Side in pixels, 32 to 1024.

    Returns:
        RGB uint8 (size, size, 3).

    Raises:
        ValueError: *seed* or *size* is out of range.
    """
    check_drawing(seed, size, SIZES)
    return paint(plan_scene(seed), DAY, size)


def draw_night(seed: int, size: int) -> NDArray[np.uint8]:
    """Draw the place of `draw_day` by night; for the rest see there."""
    check_drawing(seed, size, SIZES)
    return paint(plan_scene(seed), NIGHT, size)


def write_landscapes(
    folder: Path,
    *,
    count: int = 300,
    size: int = 64,
    seed: int = 0,
    **watched: Unpack[Watched],
) -> Path:
    """Write places by day as `train_day`, and others by night as `train_night`.

    The held-out ones, `test_day` and `test_night`, are the same places twice.
    No file of `train_day` has the name of one in `train_night`, as no place is in
    both. One more picture for every ten, two at least, is held out. What is at
    *folder* already is treated as in `write_set`.

    Args:
        folder: Where the set shall be.
        count: How many pictures to learn from in each style, 2 to 4000.
        size: Side in pixels, 32 to 1024.
        seed: Another seed gives other places.
        watched: `progress` and `cancelled` of `write_set`.

    Returns:
        *folder*.

    Raises:
        ValueError: *count*, *size* or *seed* is out of range.
        DataError: See `write_set`.
        Cancelled: See `write_set`.
    """
    recipe = Recipe(name="landscapes", count=count, size=size, seed=seed)
    check_numbers(recipe, SIZES, most=MOST)
    held_out = max(2, count // _HELD_OUT)

    def draw(number: int) -> Drawn:
        by_day, by_night = number, count + number
        style = "train"
        if number > count:
            by_day, style = by_night, "test"
        return {
            f"{style}_day/{by_day:04}": draw_day(recipe.seed_of(by_day), size),
            f"{style}_night/{by_night:04}": draw_night(recipe.seed_of(by_night), size),
        }

    return write_set(
        folder,
        recipe,
        draw,
        words="landscapes",
        drawings=count + held_out,
        files=2 * (count + held_out),
        **watched,
    )
