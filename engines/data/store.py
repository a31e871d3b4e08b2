"""Pictures decoded once, resized once, and kept as bytes in memory."""

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

from engines.data.images import Shape, resize
from engines.data.pairs import Pair, Problem
from engines.errors import Cancelled, DataError, PictureError

_Bytes: TypeAlias = NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True, slots=True)
class PairStore:
    """N pairs, ready for batches.

    Attributes:
        a: Inputs, (N, 3, S, S) uint8.
        b: Answers, (N, 3, S, S) uint8.
        names: What the N pairs are called.
        problems: Pairs left out because a file is damaged; small pictures.
    """

    a: Tensor
    b: Tensor
    names: tuple[str, ...]
    problems: tuple[Problem, ...] = ()

    def __len__(self) -> int:
        return len(self.names)


def load_store(
    pairs: Sequence[Pair],
    size: int,
    shape: Shape = "cut",
    *,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    workers: int = 2,
) -> PairStore:
    """Decode pairs and make them square. The order of *pairs* is kept.

    Args:
        pairs: Which ones.
        size: Side of the square in pixels.
        shape: See `engines.data.images.resize`.
        progress: Called in the calling thread with (pairs done, pairs in all).
        cancelled: Asked before each pair.
        workers: Threads that decode.

    Raises:
        DataError: No pair can be used, or they do not fit into memory.
        Cancelled: *cancelled* returned True.
    """
    _check_memory(len(pairs), size)
    a = np.empty((len(pairs), 3, size, size), np.uint8)
    b = np.empty_like(a)

    def load(row: int) -> Problem | bool:
        """Fill a row; the problem if it could not be, else whether it was small."""
        if cancelled and cancelled():
            raise Cancelled
        pair = pairs[row]
        try:
            pictures = pair.read()
        except PictureError as error:
            return Problem("unreadable", error.path, str(error))
        for target, rgb in zip((a, b), pictures, strict=True):
            target[row] = resize(rgb, size, shape).transpose(2, 0, 1)
        return any(min(rgb.shape[:2]) < size for rgb in pictures)

    results = []
    with ThreadPoolExecutor(workers, thread_name_prefix="decode") as pool:
        # An exception here, Cancelled too, drops the pairs that are still queued.
        for result in pool.map(load, range(len(pairs))):
            results.append(result)
            if progress:
                progress(len(results), len(pairs))
    return _store(pairs, a, b, results, size)


def _store(
    pairs: Sequence[Pair],
    a: _Bytes,
    b: _Bytes,
    results: Sequence[Problem | bool],
    size: int,
) -> PairStore:
    problems = [result for result in results if isinstance(result, Problem)]
    good = [row for row, result in enumerate(results) if isinstance(result, bool)]
    if not good:
        first = f" The first: {problems[0].words}" if problems else ""
        few = f"None of the {len(pairs):,} pairs can"
        none = "The only pair cannot" if len(pairs) == 1 else few
        raise DataError(f"{none} be used.{first}")
    small = sum(result is True for result in results)
    if small:
        these = "1 pair is" if small == 1 else f"{small:,} pairs are"
        words = f"{these} smaller than {size} px and enlarged."
        problems.append(Problem("small", None, words))
    if problems and len(good) < len(pairs):
        a, b = a[good], b[good]
    return PairStore(
        a=torch.from_numpy(a),
        b=torch.from_numpy(b),
        names=tuple(pairs[row].name for row in good),
        problems=tuple(problems),
    )


def _check_memory(count: int, size: int) -> None:
    needed = 2 * count * 3 * size * size
    free = _free_memory()
    if free is not None and needed > 0.8 * free:
        raise DataError(
            f"{count:,} pairs of {size} × {size} pixels need {needed / 1e9:.1f} GB of "
            f"memory, and {free / 1e9:.1f} GB are free. Choose a smaller picture size "
            "or fewer pictures."
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
