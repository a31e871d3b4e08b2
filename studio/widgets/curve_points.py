"""The numbers of one curve: kept as they come, smoothed, thinned for drawing."""

from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]
Trend: TypeAlias = Literal["rising", "falling", "steady"]

_TOO_LITTLE = 0.05  # of a value; enlarging less than that shows chance
_BLOCK = 256  # small enough that 0.9 ** _BLOCK keeps its precision


class CurvePoints:
    """Values over steps, with their running mean.

    The running mean is exponential and corrected for its start (Kingma & Ba 2015,
    section 3): the first value is its own mean, nothing leans towards zero.

    Attributes:
        keep: Share of the mean that each new value leaves in place, in [0, 1).
    """

    def __init__(self, keep: float = 0.9) -> None:
        if not 0 <= keep < 1:
            raise ValueError(f"keep must be at least 0 and below 1, got {keep}")
        self.keep = keep
        self._table = np.empty((3, 1024))  # steps, values, running means
        self._size = 0

    def __len__(self) -> int:
        return self._size

    @property
    def steps(self) -> Floats:
        """(N,), ascending. A view: do not keep it over a change."""
        return self._table[0, : self._size]

    @property
    def values(self) -> Floats:
        """(N,), as they came."""
        return self._table[1, : self._size]

    @property
    def means(self) -> Floats:
        """(N,), smoothed."""
        return self._table[2, : self._size]

    def clear(self) -> None:
        """Forget everything."""
        self._size = 0

    def append(self, step: float, value: float) -> None:
        """Add one point; see `extend`."""
        self.extend([step], [value])

    def extend(self, steps: ArrayLike, values: ArrayLike) -> None:
        """Add points at the end.

        Values that are not finite are left out. Where the first new step is not
        beyond the last one, a run went back to a checkpoint: the points it will
        do again are dropped.

        Args:
            steps: (N,), strictly ascending.
            values: (N,).

        Raises:
            ValueError: The two do not have the same length, or steps fall.
        """
        new_steps = np.asarray(steps, dtype=np.float64)
        new_values = np.asarray(values, dtype=np.float64)
        if new_steps.ndim != 1 or new_steps.shape != new_values.shape:
            raise ValueError(
                f"steps and values must be equally long lists, got shapes "
                f"{new_steps.shape} and {new_values.shape}"
            )
        if np.any(np.diff(new_steps) <= 0):
            raise ValueError("steps must ascend")
        finite = np.isfinite(new_values)
        new_steps, new_values = new_steps[finite], new_values[finite]
        if not len(new_steps):
            return
        self._size = int(np.searchsorted(self.steps, new_steps[0]))
        start, end = self._size, self._size + len(new_steps)
        self._reserve(end)
        self._table[0, start:end] = new_steps
        self._table[1, start:end] = new_values
        last = self._table[2, start - 1] if start else 0.0
        self._table[2, start:end] = running_mean(
            new_values, keep=self.keep, mean=float(last), seen=start
        )
        self._size = end

    def value_at(self, step: float) -> float | None:
        """The smoothed value at *step* or the last one before it, if any."""
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
        change = means[-1] - means[min(self._size * 3 // 4, self._size - 2)]
        if abs(change) <= max(0.02 * np.ptp(means), 0.005 * abs(means[-1])):
            return "steady"
        return "rising" if change > 0 else "falling"

    def _reserve(self, size: int) -> None:
        """Make room by doubling, so that a million appends stay cheap."""
        room = self._table.shape[1]
        if size > room:
            larger = np.empty((3, max(size, 2 * room)))
            larger[:, : self._size] = self._table[:, : self._size]
            self._table = larger


def running_mean(values: Floats, *, keep: float, mean: float, seen: int) -> Floats:
    """Continue an exponential mean that is corrected for its start.

    m_t = s_t / (1 - keep^t) with s_t = keep s_(t-1) + (1 - keep) x_t, block by block:
    within one, s_t / keep^t is a plain cumulative sum.

    Args:
        values: (N,), the new ones.
        keep: Share of the mean that each new value leaves in place, in [0, 1).
        mean: The corrected mean so far.
        seen: Number of values behind it.

    Returns:
        (N,), the corrected mean after each new value.
    """
    if keep == 0:
        return values.copy()
    # Powers down to 1e-6 at most, or a short memory would divide by nothing.
    block = max(1, min(_BLOCK, int(np.log(1e-6) / np.log(keep))))
    means = np.empty_like(values)
    total = mean * (1 - keep**seen)
    for start in range(0, len(values), block):
        x = values[start : start + block]
        powers = keep ** np.arange(1.0, len(x) + 1)
        totals = powers * (total + (1 - keep) * np.cumsum(x / powers))
        means[start : start + block] = totals / (1 - keep ** (seen + start) * powers)
        total = totals[-1]
    return means


def bin_means(steps: Floats, values: Floats, bins: int) -> tuple[Floats, Floats]:
    """Thin a line to its mean in each of *bins* equal parts of the step axis.

    The last point stays as it is, so that the line ends where its label stands.
    """
    if len(steps) <= bins:
        return steps.copy(), values.copy()
    starts = _bin_starts(steps, bins)
    counts = np.diff(np.append(starts, len(steps)))
    xs = np.add.reduceat(steps, starts) / counts
    ys = np.add.reduceat(values, starts) / counts
    xs[-1], ys[-1] = steps[-1], values[-1]
    return xs, ys


def bin_peaks(steps: Floats, values: Floats, bins: int) -> tuple[Floats, Floats]:
    """Thin a line to the lowest and highest value in each of *bins* equal parts."""
    if len(steps) <= 2 * bins:
        return steps.copy(), values.copy()
    starts = _bin_starts(steps, bins)
    ys = np.empty(2 * len(starts))
    ys[0::2] = np.minimum.reduceat(values, starts)
    ys[1::2] = np.maximum.reduceat(values, starts)
    return np.repeat(steps[starts], 2), ys


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


def _bin_starts(steps: Floats, bins: int) -> NDArray[np.int64]:
    """Index of the first point of each part that has one."""
    edges = np.linspace(steps[0], steps[-1], bins + 1)[:-1]
    return np.unique(np.searchsorted(steps, edges)).astype(np.int64)
