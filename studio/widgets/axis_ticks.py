"""Where the ticks of an axis stand, and how numbers are written beside a plot."""

import math
from collections.abc import Sequence

_MINUS = "−"


def linear_ticks(low: float, high: float, *, whole: bool = False) -> list[float]:
    """Four to six round numbers around *low* to *high*.

    Args:
        low: The smallest value shown.
        high: The largest, above *low*.
        whole: True where only whole numbers make sense, as for steps.

    Returns:
        Ascending multiples of 1, 2, 2.5 or 5 times a power of ten. The first is at
        or below *low*, the last at or above *high*.
    """
    power = 10.0 ** math.floor(math.log10((high - low) / 5))
    steps = [power * factor for factor in (1, 2, 2.5, 5, 10, 20)]
    if whole:
        steps = [s for s in steps if s >= 1 and s == int(s)] or [1.0]
    step = next((s for s in steps if _span(low, high, s) <= 5), steps[-1])
    first = _floor(low / step)
    return [(first + i) * step for i in range(_span(low, high, step) + 1)]


def log_ticks(low: float, high: float) -> list[float]:
    """Powers of ten around *low* to *high*; with 2 and 5 where there are few.

    Args:
        low: The smallest value shown, above 0.
        high: The largest, at or above *low*.
    """
    high = max(high, 2 * low)  # an axis has two ends
    first = math.floor(math.log10(low) + 1e-9)
    last = max(math.ceil(math.log10(high) - 1e-9), first + 1)
    if last - first <= 2:
        ticks = [f * 10.0**e for e in range(first, last) for f in (1, 2, 5)]
        ticks.append(10.0**last)
        below = sum(t <= low * (1 + 1e-9) for t in ticks)
        above = sum(t < high * (1 - 1e-9) for t in ticks)
        return ticks[below - 1 : above + 1]
    stride = math.ceil((last - first) / 5)
    last = first + stride * math.ceil((last - first) / stride)
    return [10.0**e for e in range(first, last + 1, stride)]


def tick_words(ticks: Sequence[float]) -> list[str]:
    """Write evenly spaced ticks with the decimals that tell them apart."""
    step = ticks[1] - ticks[0]
    if step < 1e-4 or max(abs(t) for t in ticks) >= 1e7:
        return ["0" if abs(t) < step / 2 else _scientific(t, 1) for t in ticks]
    decimals = next(
        (d for d in range(5) if math.isclose(step, round(step, d), rel_tol=1e-6)), 5
    )
    return ["0" if abs(t) < step / 2 else _plain(f"{t:,.{decimals}f}") for t in ticks]


def log_tick_words(ticks: Sequence[float]) -> list[str]:
    """Write each tick of a logarithmic axis as briefly as it can be."""
    return [f"{t:,.10g}" if 1e-4 <= t < 1e7 else _scientific(t, 0) for t in ticks]


def value_words(value: float) -> str:
    """Write a value with at most three significant digits where it is small."""
    size = abs(value)
    if size >= 100:
        return _plain(f"{value:,.0f}")
    if size >= 10:
        return _plain(f"{value:.1f}")
    if size == 0:
        return "0"
    if size >= 0.1:
        return _plain(f"{value:.2f}")
    if size >= 0.001:
        return _plain(f"{value:.4f}")
    return _scientific(value, 1)


def plain_words(value: float) -> str:
    """Write a value that was not averaged: a whole number without decimals."""
    return f"{value:,.0f}" if value.is_integer() else value_words(value)


def push_apart(places: Sequence[float], *, gap: float, end: float) -> list[float]:
    """Move labels as little as needed until each has *gap* to itself.

    Labels that touch form a block around their common middle.

    Args:
        places: Middles of the labels.
        gap: Height of a label.
        end: They stay between 0 and this, as long as there is room.

    Returns:
        The new places, in the order of the given ones.
    """
    order = sorted(range(len(places)), key=places.__getitem__)
    blocks: list[tuple[float, int]] = []  # middle, members
    for index in order:
        middle, count = _inside(places[index], gap, end), 1
        while blocks and middle - blocks[-1][0] < gap * (count + blocks[-1][1]) / 2:
            other, members = blocks.pop()
            middle = (middle * count + other * members) / (count + members)
            count += members
            middle = _inside(middle, gap * count, end)
        blocks.append((middle, count))
    moved = [
        middle + gap * (i - (count - 1) / 2)
        for middle, count in blocks
        for i in range(count)
    ]
    result = [0.0] * len(places)
    for index, place in zip(order, moved, strict=True):
        result[index] = place
    return result


def _inside(middle: float, height: float, end: float) -> float:
    return max(min(middle, end - height / 2), height / 2)


def _floor(ratio: float) -> int:
    return math.floor(ratio + 1e-9)  # 0.6 / 0.2 is a little below 3


def _span(low: float, high: float, step: float) -> int:
    """Number of steps from the tick at or below *low* to that at or above *high*."""
    return math.ceil(high / step - 1e-9) - _floor(low / step)


def _scientific(value: float, decimals: int) -> str:
    mantissa, exponent = f"{value:.{decimals}e}".split("e")
    return _plain(f"{mantissa}e{int(exponent)}")


def _plain(words: str) -> str:
    return words.replace("-", _MINUS)
