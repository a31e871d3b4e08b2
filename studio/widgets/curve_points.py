"""The numbers of one curve: smoothed, and summed up in stretches of steps."""

from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]
Trend: TypeAlias = Literal["rising", "falling", "steady"]

BLOCKS = 4096  # more than half of them are used: no plot has as many pixels across
_TOO_LITTLE = 0.05  # of a value; enlarging less than that shows chance
_PART = 16_384  # points summed up at once: their arrays fit the cache
_MEMORY = 256  # values; small enough that 0.9 ** _MEMORY keeps its precision
_COUNTS, _STEPS, _MEANS, _LOWS, _HIGHS = range(5)  # rows of a table of blocks
_EMPTY = ((0.0,), (0.0,), (0.0,), (np.inf,), (-np.inf,))


class CurvePoints:
    """Values over steps and their running mean, in blocks of equally many steps.

    A block begins as one step, so that nothing is lost. Whenever a point lies beyond
    the last block, each two become one: a million points take the room and the time
    of a thousand, and no block is wider than a pixel.

    The running mean is exponential and corrected for its start (Kingma & Ba 2015,
    section 3): the first value is its own mean, nothing leans towards zero.

    Attributes:
        keep: Share of the mean that each new value leaves in place, in [0, 1).
        last_step: The newest step, 0 where there is none.
        latest: The running mean there.
    """

    def __init__(self, keep: float = 0.9) -> None:
        if not 0 <= keep < 1:
            raise ValueError(f"keep must be at least 0 and below 1, got {keep}")
        self.keep = keep
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self._size = 0
        self.last_step = self.latest = 0.0
        self._width = 1.0  # steps of a block
        self._used = 0  # blocks up to that of the last point
        # Of each block: how many points, sums of steps and means, lowest and highest.
        self._table: Floats = np.repeat(_EMPTY, BLOCKS, axis=1)

    def __len__(self) -> int:
        return self._size

    @property
    def steps(self) -> Floats:
        """(B,), ascending: the mean step of each block that has points."""
        counts, steps, *_ = self._blocks()
        return np.asarray(steps / counts)

    @property
    def means(self) -> Floats:
        """(B,), the mean of the running mean in each of these blocks."""
        counts, _, means, *_ = self._blocks()
        return np.asarray(means / counts)

    def append(self, step: float, value: float) -> None:
        """Add one point; see `extend`."""
        self.extend([step], [value])

    def extend(self, steps: ArrayLike, values: ArrayLike) -> None:
        """Add points at the end.

        Values that are not finite are left out. Where the first new step is not
        beyond the last one, a run went back to a checkpoint: the points it will
        do again are dropped, and with them the others of their block.

        Args:
            steps: (N,), strictly ascending, at least 0.
            values: (N,).

        Raises:
            ValueError: The two do not have the same length, or steps fall.
        """
        new_steps, new_values = np.asarray(steps), np.asarray(values)
        if new_steps.ndim != 1 or new_steps.shape != new_values.shape:
            raise ValueError(
                f"steps and values must be equally long lists, got shapes "
                f"{new_steps.shape} and {new_values.shape}"
            )
        if np.any(new_steps[:1] < 0) or np.any(new_steps[1:] <= new_steps[:-1]):
            raise ValueError("steps must ascend from 0 or more")
        for start in range(0, len(new_steps), _PART):
            part = slice(start, start + _PART)
            finite = np.isfinite(new_values[part])
            self._add(
                new_steps[part][finite].astype(np.float64, copy=False),
                new_values[part][finite].astype(np.float64, copy=False),
            )

    def value_at(self, step: float) -> float | None:
        """The smoothed value at *step* or the last one before it, if any."""
        if self._size and step >= self.last_step:
            return self.latest
        index = int(np.searchsorted(self.steps, step, side="right")) - 1
        return float(self.means[index]) if index >= 0 else None

    def trend(self) -> Trend:
        """Where the last quarter of the curve went.

        Steady is what the eye would not call a slope: less than 2 % of the curve's
        height or half a percent of its value.
        """
        if self._size < 4:
            return "steady"
        means = self.means
        change = self.latest - means[max(0, min(len(means) * 3 // 4, len(means) - 2))]
        if abs(change) <= max(0.02 * np.ptp(means), 0.005 * abs(self.latest)):
            return "steady"
        return "rising" if change > 0 else "falling"

    def line(self, bins: int) -> tuple[Floats, Floats]:
        """Steps and running means to draw: one in each of *bins* equal parts.

        The last point stays as it is, so that the line ends where its label stands.
        """
        blocks = self._blocks()[:_LOWS]
        starts = _starts(blocks[_STEPS] / blocks[_COUNTS], bins)
        counts, steps, means = np.add.reduceat(blocks, starts, axis=1)
        xs, ys = steps / counts, means / counts
        xs[-1:], ys[-1:] = self.last_step, self.latest
        return xs, ys

    def peaks(self, bins: int) -> tuple[Floats, Floats]:
        """Steps and values to draw: lowest and highest in each of *bins* equal parts.

        Values that are no more than that are drawn as they are.
        """
        blocks = self._blocks()
        steps = blocks[_STEPS] / blocks[_COUNTS]
        if self._size == len(steps) <= 2 * bins:
            return steps, blocks[_LOWS]
        starts = _starts(steps, bins)
        ys = np.empty(2 * len(starts))
        ys[0::2] = np.minimum.reduceat(blocks[_LOWS], starts)
        ys[1::2] = np.maximum.reduceat(blocks[_HIGHS], starts)
        return np.repeat(steps[starts], 2), ys

    def _blocks(self) -> Floats:
        """The blocks that have points: (5, B)."""
        used = self._table[:, : self._used]
        return used[:, used[_COUNTS] > 0]

    def _add(self, steps: Floats, values: Floats) -> None:
        """Add finite points; where they begin before the last one, drop that first."""
        if not len(steps):
            return
        if self._size and steps[0] <= self.last_step:
            self._drop_from(float(steps[0]))
        means = running_mean(values, keep=self.keep, mean=self.latest, seen=self._size)
        while steps[-1] >= BLOCKS * self._width:
            self._merge()
        first, last = int(steps[0] // self._width), int(steps[-1] // self._width)
        starts = np.searchsorted(steps, np.arange(first, last + 1) * self._width)
        counts = np.diff(starts, append=len(steps))
        starts = starts[counts > 0]
        blocks = self._table[:, first : last + 1][:, counts > 0]
        blocks[_COUNTS] += counts[counts > 0]
        blocks[_STEPS] += np.add.reduceat(steps, starts)
        blocks[_MEANS] += np.add.reduceat(means, starts)
        lows, highs = (f.reduceat(values, starts) for f in (np.minimum, np.maximum))
        blocks[_LOWS] = np.minimum(blocks[_LOWS], lows)
        blocks[_HIGHS] = np.maximum(blocks[_HIGHS], highs)
        self._table[:, first : last + 1][:, counts > 0] = blocks
        self._size += len(steps)
        self._used = last + 1
        self.last_step, self.latest = float(steps[-1]), float(means[-1])

    def _merge(self) -> None:
        """Make each two blocks one, twice as wide."""
        left, right = self._table[:, 0::2], self._table[:, 1::2]
        merged = left + right
        merged[_LOWS] = np.minimum(left[_LOWS], right[_LOWS])
        merged[_HIGHS] = np.maximum(left[_HIGHS], right[_HIGHS])
        self._table[:, : BLOCKS // 2] = merged
        self._table[:, BLOCKS // 2 :] = _EMPTY
        self._width *= 2

    def _drop_from(self, step: float) -> None:
        """Forget the block of *step* and those after it."""
        self._used = int(step // self._width)
        self._table[:, self._used :] = _EMPTY
        counts, steps, means, *_ = self._blocks()
        if not len(counts):
            self.clear()
            return
        self._size = int(counts.sum())
        self.last_step = float(steps[-1] / counts[-1])
        self.latest = float(means[-1] / counts[-1])


def running_mean(values: Floats, *, keep: float, mean: float, seen: int) -> Floats:
    """Continue an exponential mean that is corrected for its start.

    m_t = s_t / (1 - keep^t) with s_t = keep s_(t-1) + (1 - keep) x_t, in blocks: within
    one, s_t / keep^t is a plain cumulative sum, and all are summed at once.

    Args:
        values: (N,), the new ones.
        keep: Share of the mean that each new value leaves in place, in [0, 1).
        mean: The corrected mean so far.
        seen: Number of values behind it.

    Returns:
        (N,), the corrected mean after each new value.
    """
    if keep == 0 or not len(values):
        return values.copy()
    # Powers down to 1e-6 at most, or a short memory would divide by nothing.
    size = max(1, min(_MEMORY, int(np.log(1e-6) / np.log(keep)), len(values)))
    powers = keep ** np.arange(1.0, size + 1)
    blocks = np.zeros((-(-len(values) // size), size))
    blocks.ravel()[: len(values)] = values
    blocks *= (1 - keep) / powers
    np.cumsum(blocks, axis=1, out=blocks)
    # What came before a block, from the one before it: one number a block.
    before, fade = [mean * (1 - keep**seen)], float(powers[-1])
    for own in blocks[:-1, -1].tolist():
        before.append(fade * (before[-1] + own))
    blocks += np.array(before)[:, np.newaxis]
    blocks *= powers
    means = blocks.ravel()[: len(values)]
    young = means[: max(0, int(np.log(1e-17) / np.log(keep)) - seen)]  # later, / 1
    young /= 1 - keep ** np.arange(seen + 1.0, seen + len(young) + 1)
    return means


def value_range(
    raw: list[Floats], smooth: list[Floats], *, positive: bool
) -> tuple[float, float]:
    """The values worth showing: all smoothed ones, raw ones without rare spikes.

    Args:
        raw: Values of each curve.
        smooth: Running means of each curve.
        positive: True for a logarithmic axis, which has no place for others.

    Returns:
        Lowest and highest, never the same unless *positive*.
    """
    shown = np.concatenate([np.empty(0), *smooth])
    noise = np.concatenate([np.empty(0), *raw])
    if positive:
        shown, noise = shown[shown > 0], noise[noise > 0]
    if not len(shown):
        return (0.1, 1.0) if positive else (0.0, 1.0)
    ends = [*np.percentile(noise, (1, 99)), shown.min(), shown.max()]
    low, high = float(min(ends)), float(max(ends))
    if positive:
        return low, high
    # From zero where the distance from it can be seen, or there is little else to see.
    if 0 <= low <= high / 2 or 0 <= high - low < _TOO_LITTLE * low:
        low = 0.0
    if high - low <= 1e-6 * max(abs(low), abs(high)):
        low, high = min(low, 0.0), max(high, 0.0)
    return (low, high) if high > low else (0.0, 1.0)


def _starts(steps: Floats, bins: int) -> NDArray[np.intp]:
    """Index of the first of ascending *steps* in each of *bins* parts that has one."""
    if len(steps) <= bins:
        return np.arange(len(steps))
    edges = np.linspace(steps[0], steps[-1], bins + 1)[:-1]
    return np.unique(np.searchsorted(steps, edges))
