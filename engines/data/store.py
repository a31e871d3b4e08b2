"""Pictures decoded once, resized once, and kept as bytes: see `kept` for where."""

import itertools
import math
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

import numpy as np
import torch
from torch import Tensor

from engines.data import kept
from engines.data.cache import cache_folder
from engines.data.images import Shape, grey
from engines.data.kept import Bytes, Decoded, Fill, Outcome
from engines.data.making import square
from engines.data.sets import Item, PictureSet, Problem
from engines.errors import Cancelled, DataError, PictureError
from engines.free_memory import free_memory

_Result: TypeAlias = Problem | tuple[Bytes, bool]

_RUN = 8  # items a thread takes at a time: handing over costs as much as an MNIST digit
_RUNS = 32  # that may wait to be written: items may be large


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
    workers: int | None = None,
) -> PictureStore:
    """Decode items and make them square, or find them decoded from an earlier time.

    The order of *items* is kept. Inputs that are to be made are made.

    Args:
        pictures: The set they belong to.
        items: Which ones.
        size: Side of the square in pixels.
        shape: See `engines.data.images.resize`.
        channels: 3, or 1 for grey.
        progress: Called in the calling thread with (items done, items in all).
        cancelled: Asked before each item; nothing half-made stays.
        workers: Threads that decode; None for two to four, leaving a core free.

    Raises:
        DataError: No item can be used, or there is room for them neither on the disk
            nor in memory.
        Cancelled: *cancelled* returned True.
    """
    decoding = _Decoding(pictures, items, size, shape, channels, cancelled)
    key = kept.key_of(pictures, items, decoding.row, shape)
    decoded = kept.find(key, decoding.row)
    if decoded and decoding.can_use_more(decoded):
        decoded = None
        kept.forget(key)
    if decoded is None:
        workers = workers or min(max(2, (os.cpu_count() or 1) - 1), 4)
        decoded = _decode(key, decoding, partial(decoding.fill, progress, workers))
    elif progress:
        progress(len(items), len(items))
    return _store(items, decoded)


class _Decoding:
    """Items on their way to bytes.

    Attributes:
        row: Shape of an item, (sides, C, S, S).
        shape: Shape of all, (N, sides, C, S, S).
    """

    def __init__(
        self,
        pictures: PictureSet,
        items: Sequence[Item],
        size: int,
        shape: Shape,
        channels: int,
        cancelled: Callable[[], bool] | None,
    ) -> None:
        sides = 2 if pictures.kind == "pairs" else 1
        self.row = (sides, channels, size, size)
        self.shape = (len(items), *self.row)
        self._pictures = pictures
        self._items = items
        self._size = size
        self._fit = shape
        self._is_grey = channels == 1
        self._cancelled = cancelled

    def fill(
        self,
        progress: Callable[[int, int], None] | None,
        workers: int,
        write: Callable[[Bytes], object],
    ) -> Outcome:
        """Decode all items and *write* those that can be used, in order.

        Raises:
            DataError: None can.
            Cancelled: As asked for.
        """
        items, problems, small = self._items, dict[int, Problem](), 0
        with ThreadPoolExecutor(workers, thread_name_prefix="decode") as pool:
            for place, result in enumerate(self._results(pool)):
                if isinstance(result, Problem):
                    problems[place] = result
                else:
                    write(result[0])
                    small += result[1]
                if progress:
                    progress(place + 1, len(items))
        told = tuple(problems.values())
        if len(problems) == len(items):
            raise DataError(_none_usable(told))
        return Outcome(tuple(problems), told + _told_small(small, self._size))

    def _results(self, pool: ThreadPoolExecutor) -> Iterator[_Result]:
        """What becomes of each item, in order.

        An exception, Cancelled too, drops what is still queued.
        """
        for first in range(0, len(self._items), _RUN * _RUNS):
            starts = range(first, min(first + _RUN * _RUNS, len(self._items)), _RUN)
            runs = [self._items[start : start + _RUN] for start in starts]
            for results in pool.map(lambda run: list(map(self._load, run)), runs):
                yield from results

    def can_use_more(self, decoded: Decoded) -> bool:
        """Whether a file that could not be used then can be now.

        It may have been out of reach for a reason that its size and time do not show.
        """
        left_out = (self._items[place] for place in decoded.outcome.left_out)
        return any(not isinstance(self._load(item), Problem) for item in left_out)

    def _load(self, item: Item) -> _Result:
        """An item, (sides, C, S, S), and whether it was small; or what is wrong."""
        if self._cancelled and self._cancelled():
            raise Cancelled
        try:
            decoded = self._pictures.read(item)
        except PictureError as error:
            return Problem("unreadable", error.path, str(error))
        if misfit := self._pictures.misfit(item, decoded):
            return misfit
        squares = square(self._pictures, item, decoded, self._size, self._fit)
        if self._is_grey:
            squares = tuple(map(grey, squares))
        is_small = any(min(rgb.shape[:2]) < self._size for rgb in decoded)
        return np.stack([rgb.transpose(2, 0, 1) for rgb in squares]), is_small


def _decode(key: str, decoding: _Decoding, fill: Fill) -> Decoded:
    """Decode onto the disk; where that cannot be, into memory, and say so."""
    try:
        return kept.make(key, decoding.shape, fill)
    except OSError as error:
        reason = error.strerror or str(error)
        _check_memory(decoding.shape, reason)
        decoded = _into_memory(decoding.shape, fill)
        words = (
            f"The decoded pictures could not be kept in '{cache_folder()}' ({reason}). "
            "They are in memory for now, and decoded again at the next start."
        )
        problems = (Problem("not_kept", None, words), *decoded.outcome.problems)
        outcome = Outcome(decoded.outcome.left_out, problems)
        return Decoded(decoded.rows, outcome)


def _into_memory(shape: tuple[int, ...], fill: Fill) -> Decoded:
    rows, free = np.empty(shape, np.uint8), itertools.count()

    def write(decoded: Bytes) -> None:
        rows[next(free)] = decoded

    outcome = fill(write)
    return Decoded(rows[: next(free)], outcome)


def _store(items: Sequence[Item], decoded: Decoded) -> PictureStore:
    left_out = set(decoded.outcome.left_out)
    good = [item for place, item in enumerate(items) if place not in left_out]
    rows = torch.from_numpy(decoded.rows)
    return PictureStore(
        a=rows[:, 0],
        b=rows[:, 1] if rows.shape[1] > 1 else None,
        labels=torch.tensor([item.group for item in good]),
        names=tuple(item.name for item in good),
        problems=decoded.outcome.problems,
    )


# ----------------------------------------------------------------------------
# Words.


def _none_usable(problems: Sequence[Problem]) -> str:
    first = f" The first: {problems[0].words}" if problems else ""
    few = f"None of the {len(problems):,} pictures can"
    none = "The only picture cannot" if len(problems) == 1 else few
    return f"{none} be used.{first}"


def _told_small(count: int, size: int) -> tuple[Problem, ...]:
    if not count:
        return ()
    these = "1 picture is" if count == 1 else f"{count:,} pictures are"
    words = f"{these} smaller than {size} px and enlarged."
    return (Problem("small", None, words),)


# ----------------------------------------------------------------------------
# Memory.


def _check_memory(shape: tuple[int, ...], reason: str) -> None:
    """Refuse what fits nowhere; *reason* is why it cannot be on the disk."""
    needed, (count, *_, size) = math.prod(shape), shape
    free = free_memory()
    if free is not None and needed > 0.8 * free:
        raise DataError(
            f"{count:,} pictures of {size} × {size} pixels need {needed / 1e9:.1f} GB. "
            f"They cannot be kept in '{cache_folder()}' ({reason}), and "
            f"{free / 1e9:.1f} GB of memory are free. Make room on the disk, or choose "
            "a smaller picture size or fewer pictures."
        )
