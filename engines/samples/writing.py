"""Writes a sample set as a folder of PNG files: complete, or not at all."""

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeAlias, TypedDict

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engines.errors import Cancelled, DataError

Progress: TypeAlias = Callable[[int, int], None]
Cancel: TypeAlias = Callable[[], bool]
Drawn: TypeAlias = Mapping[str, NDArray[np.uint8]]

MOST = 9_999  # four digits in a name
_RECIPE = "recipe.json"
_FIRST_SET = "facades"  # folders of the time before other sets name none


class Watched(TypedDict, total=False):
    """Who follows the writing of a set and may end it, see `write_set`."""

    progress: Progress | None
    cancelled: Cancel | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipe:
    """All that a folder's pictures depend on.

    Attributes:
        name: Which sample set.
        count: How many pairs or pictures, as its `write` function counts them.
        size: Side in pixels.
        seed: Another seed gives other pictures.
        version: Rises when the same seed draws something else.
    """

    name: str
    count: int
    size: int
    seed: int
    version: int = 1

    def seed_of(self, number: int) -> int:
        """The seed of one drawing, shared with no other recipe of the set."""
        return self.seed * (MOST + 1) + number


def check_numbers(
    recipe: Recipe, sizes: range, *, fewest: int = 2, most: int = MOST
) -> None:
    """Refuse what cannot be drawn.

    Raises:
        ValueError: The count, size or seed is out of range.
    """
    if not fewest <= recipe.count <= most:
        raise ValueError(f"count must be {fewest} to {most}, got {recipe.count}")
    check_drawing(recipe.seed, recipe.size, sizes)


def check_drawing(seed: int, size: int, sizes: range) -> None:
    """Refuse what cannot be drawn.

    Raises:
        ValueError: *seed* or *size* is out of range.
    """
    if seed < 0:
        raise ValueError(f"seed must be >= 0, got {seed}")
    if size not in sizes:
        raise ValueError(f"size must be {sizes[0]} to {sizes[-1]}, got {size}")


def write_set(
    folder: Path,
    recipe: Recipe,
    draw: Callable[[int], Drawn],
    *,
    words: str,
    drawings: int,
    files: int,
    progress: Progress | None = None,
    cancelled: Cancel | None = None,
) -> Path:
    """Write every picture of a set and then its recipe.

    A folder that already holds the same set is left as it is. Anything else in its
    place is never touched. Until all is written, nothing appears at *folder*.

    Args:
        folder: Where the set shall be.
        recipe: What is drawn.
        draw: The pictures of drawing 1, 2 and so on: uint8 (H, W, 3) or (H, W) by
            the file's place in the folder, without ending.
        words: What the pictures are called, in the plural ("façades").
        drawings: How often *draw* is called.
        files: How many pictures that makes.
        progress: Called with the drawings done and *drawings*.
        cancelled: Polled before each drawing.

    Returns:
        *folder*.

    Raises:
        DataError: Something else is at *folder*, pictures of it are missing, or it
            cannot be written.
        Cancelled: *cancelled* said so; nothing is left behind.
    """
    if folder.exists():
        _check_same(folder, recipe, words, files)
        return folder
    try:
        with appearing(folder) as building:
            for number in range(1, drawings + 1):
                if cancelled is not None and cancelled():
                    raise Cancelled
                _save(building, draw(number))
                if progress is not None:
                    progress(number, drawings)
            (building / _RECIPE).write_text(json.dumps(asdict(recipe)) + "\n", "utf-8")
    except OSError as error:
        raise DataError(
            f"The {words} cannot be written to '{folder}': "
            f"{error.strerror or error}. Choose another folder."
        ) from error
    return folder


@contextmanager
def appearing(folder: Path) -> Iterator[Path]:
    """An empty folder to fill, which takes *folder*'s place when the block ends well.

    Raises:
        OSError: As the system reports it.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Beside its place, as only a rename within one disk is atomic.
    with tempfile.TemporaryDirectory(
        prefix=f".{folder.name}-", dir=folder.parent, ignore_cleanup_errors=True
    ) as scratch:
        building = Path(scratch) / folder.name
        building.mkdir()
        yield building
        building.rename(folder)


def _save(folder: Path, drawn: Drawn) -> None:
    for place, pixels in drawn.items():
        path = folder / f"{place}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(path, compress_level=1)


def _check_same(folder: Path, recipe: Recipe, words: str, files: int) -> None:
    try:
        found = json.loads((folder / _RECIPE).read_text("utf-8"))
    except (OSError, ValueError):
        found = None
    if not isinstance(found, dict) or {"name": _FIRST_SET} | found != asdict(recipe):
        raise DataError(
            f"'{folder.name}' already exists and holds something else than these "
            f"{words}. Choose another folder or remove it."
        )
    if len(list(folder.rglob("*.png"))) != files:
        raise DataError(
            f"Some of the {words} in '{folder.name}' are missing. "
            "Remove the folder, and they are drawn again."
        )
