"""Façades: a sample set of label maps and the house fronts that belong to them.

Every picture is drawn by code, so the set needs no download, has no licence but ours
and exists at any size. It is written as an ordinary folder of pairs and then read the
way a user's own pictures are.
"""

from pathlib import Path
from typing import Unpack

import numpy as np
from numpy.typing import NDArray

from engines.samples.facade_labels import LABELS, Label
from engines.samples.facade_photo import draw_labels, draw_photo
from engines.samples.facade_plan import plan_facade
from engines.samples.writing import (
    Drawn,
    Recipe,
    Watched,
    check_drawing,
    check_numbers,
    write_set,
)

__all__ = ["LABELS", "SIZES", "Label", "draw_pair", "write_facades"]

SIZES = range(32, 1025)


def draw_pair(seed: int, size: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Draw one façade; the same seed gives the same house at every size.

    Args:
        seed: Which façade, 0 or more.
        size: Side in pixels, 32 to 1024.

    Returns:
        The label map in the flat colours of `LABELS` and the photo, both RGB uint8
        (size, size, 3).

    Raises:
        ValueError: *seed* or *size* is out of range.
    """
    check_drawing(seed, size, SIZES)
    plan = plan_facade(seed)
    return draw_labels(plan, size), draw_photo(plan, seed, size)


def write_facades(
    folder: Path,
    *,
    count: int = 400,
    size: int = 64,
    seed: int = 0,
    **watched: Unpack[Watched],
) -> Path:
    """Write the set as `labels/0001.png` and `photos/0001.png` and so on.

    What is at *folder* already is treated as in `write_set`.

    Args:
        folder: Where the set shall be.
        count: How many pairs, 2 to 9999.
        size: Side in pixels, 32 to 1024.
        seed: Another seed gives other façades.
        watched: `progress` and `cancelled` of `write_set`.

    Returns:
        *folder*.

    Raises:
        ValueError: *count*, *size* or *seed* is out of range.
        DataError: See `write_set`.
        Cancelled: See `write_set`.
    """
    recipe = Recipe(name="facades", count=count, size=size, seed=seed)
    check_numbers(recipe, SIZES)

    def draw(number: int) -> Drawn:
        labels, photo = draw_pair(recipe.seed_of(number), size)
        return {f"labels/{number:04}": labels, f"photos/{number:04}": photo}

    return write_set(
        folder,
        recipe,
        draw,
        words="façades",
        drawings=count,
        files=2 * count,
        **watched,
    )
