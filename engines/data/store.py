"""Pictures decoded once, resized once, and kept as bytes in memory."""

import math
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engines.data.images import Shape, grey, resize
from engines.data.sets import Item, PictureSet, Problem
from engines.errors import Cancelled, DataError, PictureError

_Bytes: TypeAlias = NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True, slots=True)
class PictureStore:
    """N items, ready for batches.

    Attributes:
        a: Inputs, or the pictures, (N, C, S, S) uint8, C = 1 for grey or 3.
        b: The answers of pairs, (N, C, S, S) uint8, else None.
        labels: Group of each item, (N,) int64, ascending for two styles.
        names: What the N items are called.
        problems: Items left out because a file is damaged; small pictures.
    """

    a: Tensor
    b: Tensor | None
    labels: Tensor
    names: tuple[str, ...]
    problems: tuple[Problem, ...] = ()

    def __len__(self) -> int:
        return len(self.names)

    def group(self, number: int) -> "PictureStore":
        """The items of one group, which stand together; nothing is copied."""
        rows = (self.labels == number).nonzero().flatten().tolist()
        first, end = rows[0], rows[-1] + 1
        assert len(rows) == end - first, "the items of a group stand together"
        return PictureStore(
            a=self.a[first:end],
            b=None if self.b is None else self.b[first:end],
            labels=self.labels[first:end],
            names=self.names[first:end],
        )


def load_store(
    pictures: PictureSet,
    items: Sequence[Item],
    size: int,
    shape: Shape = "cut",
    *,
    channels: int = 3,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    workers: int = 2,
) -> PictureStore:
    """Decode items and make them square. The order of *items* is kept.

    Args:
        pictures: The set they belong to.
        items: Which ones.
        size: Side of the square in pixels.
        shape: See `engines.data.images.resize`.
        channels: 3, or 1 for grey.
        progress: Called in the calling thread with (items done, items in all).
        cancelled: Asked before each item.
        workers: Threads that decode.

    Raises:
        DataError: No item can be used, or they do not fit into memory.
        Cancelled: *cancelled* returned True.
    """
    sides = 2 if pictures.kind == "pairs" else 1
    shape_of_all = (sides, len(items), channels, size, size)
    _check_memory(shape_of_all)
    arrays = np.empty(shape_of_all, np.uint8)

    def load(row: int) -> Problem | bool:
        """Fill a row; the problem if it could not be, else whether it was small."""
        if cancelled and cancelled():
            raise Cancelled
        try:
            decoded = pictures.read(items[row])
        except PictureError as error:
            return Problem("unreadable", error.path, str(error))
        for side, rgb in enumerate(decoded):
            square = resize(rgb, size, shape)
            arrays[side, row] = (grey(square) if channels == 1 else square).transpose(
                2, 0, 1
            )
        return any(min(rgb.shape[:2]) < size for rgb in decoded)

    results = []
    with ThreadPoolExecutor(workers, thread_name_prefix="decode") as pool:
        # An exception here, Cancelled too, drops the pairs that are still queued.
        for result in pool.map(load, range(len(items))):
            results.append(result)
            if progress:
                progress(len(results), len(items))
    return _store(items, arrays, results, size)


def _store(
    items: Sequence[Item],
    arrays: _Bytes,
    results: Sequence[Problem | bool],
    size: int,
) -> PictureStore:
    problems = [result for result in results if isinstance(result, Problem)]
    good = [row for row, result in enumerate(results) if isinstance(result, bool)]
    if not good:
        first = f" The first: {problems[0].words}" if problems else ""
        few = f"None of the {len(items):,} pictures can"
        none = "The only picture cannot" if len(items) == 1 else few
        raise DataError(f"{none} be used.{first}")
    small = sum(result is True for result in results)
    if small:
        these = "1 picture is" if small == 1 else f"{small:,} pictures are"
        words = f"{these} smaller than {size} px and enlarged."
        problems.append(Problem("small", None, words))
    if problems and len(good) < len(items):
        arrays = arrays[:, good]
    sides = [torch.from_numpy(side) for side in arrays]
    return PictureStore(
        a=sides[0],
        b=sides[1] if len(sides) > 1 else None,
        labels=torch.tensor([items[row].group for row in good]),
        names=tuple(items[row].name for row in good),
        problems=tuple(problems),
    )


def _check_memory(shape: tuple[int, ...]) -> None:
    needed, (_, count, *_, size) = math.prod(shape), shape
    free = _free_memory()
    if free is not None and needed > 0.8 * free:
        raise DataError(
            f"{count:,} pictures of {size} × {size} pixels need {needed / 1e9:.1f} GB "
            f"of memory, and {free / 1e9:.1f} GB are free. Choose a smaller picture "
            "size or fewer pictures."
        )


def _free_memory() -> int | None:
    """Bytes that can be had without swapping; None where the system does not say."""
    try:
        # What the kernel would give, disk cache included; sysconf leaves the cache out.
        lines = Path("/proc/meminfo").read_text().splitlines()
        fields = dict(line.split(":", 1) for line in lines)
        return int(fields["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):
        pass
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return None
