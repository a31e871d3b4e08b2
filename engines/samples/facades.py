"""Façades: a sample set of label maps and the house fronts that belong to them.

Every picture is drawn by code, so the set needs no download, has no licence but ours
and exists at any size. It is written as an ordinary folder of pairs and then read the
way a user's own pictures are.
"""

import json
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engines.errors import Cancelled, DataError
from engines.samples.facade_labels import LABELS, Label
from engines.samples.facade_photo import draw_labels, draw_photo
from engines.samples.facade_plan import plan_facade

__all__ = ["LABELS", "SIZES", "Label", "draw_pair", "write_facades"]

SIZES = range(32, 1025)
_RECIPE = "recipe.json"
_SIDES = ("labels", "photos")
_MOST = 9_999  # four digits in a name


@dataclass(frozen=True, kw_only=True, slots=True)
class _Recipe:
    """All that a folder's pictures depend on."""

    count: int
    size: int
    seed: int
    version: int = 1  # rises when the same seed draws something else


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
    _check_range(seed, size)
    plan = plan_facade(seed)
    return draw_labels(plan, size), draw_photo(plan, seed, size)


def write_facades(
    folder: Path,
    *,
    count: int = 400,
    size: int = 64,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Path:
    """Write the set as `labels/0001.png` and `photos/0001.png` and so on.

    A folder that already holds the same set is left as it is. Anything else in its
    place is never touched. Until all is written, nothing appears at *folder*.

    Args:
        folder: Where the set shall be.
        count: How many pairs, 2 to 9999.
        size: Side in pixels, 32 to 1024.
        seed: Another seed gives other façades.
        progress: Called with the pairs done and *count*.
        cancelled: Polled before each pair.

    Returns:
        *folder*.

    Raises:
        ValueError: *count*, *size* or *seed* is out of range.
        DataError: Something else is at *folder*, pictures of it are missing, or it
            cannot be written.
        Cancelled: *cancelled* said so; nothing is left behind.
    """
    if not 2 <= count <= _MOST:
        raise ValueError(f"count must be 2 to {_MOST}, got {count}")
    _check_range(seed, size)
    recipe = _Recipe(count=count, size=size, seed=seed)
    if folder.exists():
        _check_same(folder, recipe)
        return folder
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        # Beside its place, as only a rename within one disk is atomic.
        with tempfile.TemporaryDirectory(
            prefix=f".{folder.name}-", dir=folder.parent, ignore_cleanup_errors=True
        ) as scratch:
            building = Path(scratch) / folder.name
            _write_pairs(building, recipe, progress, cancelled)
            building.rename(folder)
    except OSError as error:
        raise DataError(
            f"The façades cannot be written to '{folder}': "
            f"{error.strerror or error}. Choose another folder."
        ) from error
    return folder


def _check_range(seed: int, size: int) -> None:
    if seed < 0:
        raise ValueError(f"seed must be >= 0, got {seed}")
    if size not in SIZES:
        raise ValueError(f"size must be {SIZES[0]} to {SIZES[-1]}, got {size}")


def _check_same(folder: Path, recipe: _Recipe) -> None:
    try:
        found = json.loads((folder / _RECIPE).read_text("utf-8"))
    except (OSError, ValueError):
        found = None
    if found != asdict(recipe):
        raise DataError(
            f"'{folder.name}' already exists and holds something else than these "
            "façades. Choose another folder or remove it."
        )
    if any(len(list((folder / side).glob("*.png"))) != recipe.count for side in _SIDES):
        raise DataError(
            f"Some of the façades in '{folder.name}' are missing. "
            "Remove the folder, and they are drawn again."
        )


def _write_pairs(
    folder: Path,
    recipe: _Recipe,
    progress: Callable[[int, int], None] | None,
    cancelled: Callable[[], bool] | None,
) -> None:
    for side in _SIDES:
        (folder / side).mkdir(parents=True)
    for number in range(1, recipe.count + 1):
        if cancelled is not None and cancelled():
            raise Cancelled
        pair = draw_pair(recipe.seed * (_MOST + 1) + number, recipe.size)
        for side, rgb in zip(_SIDES, pair, strict=True):
            picture = Image.fromarray(rgb)
            picture.save(folder / side / f"{number:04}.png", compress_level=1)
        if progress is not None:
            progress(number, recipe.count)
    (folder / _RECIPE).write_text(json.dumps(asdict(recipe)) + "\n", "utf-8")
