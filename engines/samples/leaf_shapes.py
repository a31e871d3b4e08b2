"""Shapes of leaves: outlines and veins.

A leaf points upwards in a box from (-0.5, -0.5) to (0.5, 0.5): its tip at the top, the
end of its stem at the bottom.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from engines.samples.canvas import Point
from engines.samples.dice import Dice

_STEPS = 40  # corners along one side of a leaf


@dataclass(frozen=True, slots=True)
class Shape:
    """One leaf.

    Attributes:
        left: Its left edge from the stem to the tip.
        right: Its right edge from the stem to the tip.
        veins: From the middle outwards, each with its width.
    """

    left: tuple[Point, ...]
    right: tuple[Point, ...]
    veins: tuple[tuple[Point, Point, float], ...]


def _blade(dice: Dice) -> Shape:
    """A leaf with one blade, from slender to broad, smooth or toothed (beech)."""
    wide, belly = dice.between(0.17, 0.34), dice.between(0.62, 1.0)
    teeth = dice.between(0.0, 0.07)

    def half(t: float) -> float:
        tooth = 1 - teeth * (t * 12 % 1)
        return wide * math.pow(math.sin(math.pi * t**belly), 0.9) * tooth

    return _feathered(half, pairs=dice.whole(4, 6))


def _lobed(dice: Dice) -> Shape:
    """A leaf with round lobes on both sides (oak)."""
    wide, depth = dice.between(0.27, 0.36), dice.between(0.3, 0.5)
    lobes = dice.whole(3, 4)

    def half(t: float) -> float:
        wave = 0.5 + 0.5 * math.cos(math.tau * lobes * t)
        return wide * math.pow(math.sin(math.pi * t**1.15), 0.6) * (1 - depth * wave)

    return _feathered(half, pairs=lobes)


def _feathered(half: Callable[[float], float], pairs: int) -> Shape:
    """A leaf by its half width at shares 0-1 of its length, veins at both sides."""
    low, high = 0.32, -0.48
    right = []
    for step in range(_STEPS + 1):
        t = step / _STEPS
        right.append((half(t), low + (high - low) * t))
    veins = []
    for index in range(pairs):
        start = (index + 0.35) / (pairs + 0.4)
        end = start + 0.12
        foot = (0.0, low + (high - low) * start)
        reach = 0.8 * half(min(end, 1.0))
        for side in (-1, 1):
            veins.append((foot, (side * reach, low + (high - low) * end), 0.012))
    return _symmetric(right, veins, top=high + 0.05)


def _palmate(dice: Dice) -> Shape:
    """A leaf with five pointed lobes (maple)."""
    middle, inner = (0.0, 0.12), dice.between(0.2, 0.27)
    spread, sharp = dice.between(50, 62), dice.between(1.0, 1.5)
    lobes = ((0.0, 0.6), (spread, 0.53), (2.05 * spread, dice.between(0.3, 0.4)))

    def reach(angle: float) -> float:
        rises = [
            (length - inner) * math.pow(max(0.0, 1 - abs(angle - at) / 27), sharp)
            for at, length in lobes
        ]
        closing = min(1.0, (180 - angle) / 26)
        return (inner + max(rises)) * (0.35 + 0.65 * closing)

    right = []
    for step in range(2 * _STEPS + 1):
        angle = 180 - 180 * step / (2 * _STEPS)
        right.append(_around(middle, angle, reach(angle)))
    veins = [
        (middle, _around(middle, side * at, 0.8 * length), 0.014)
        for at, length in lobes[1:]
        for side in (-1, 1)
    ]
    return _symmetric(right, veins, top=-0.36)


def _fan(dice: Dice) -> Shape:
    """A fan with a notch in its middle (ginkgo)."""
    foot, wide = (0.0, 0.28), dice.between(58, 76)
    notch, waves = dice.between(0.05, 0.24), dice.between(0.0, 0.025)
    right = [foot]
    for step in range(_STEPS + 1):
        angle = wide * (1 - step / _STEPS)
        cut = notch * max(0.0, 1 - angle / 9)
        length = 0.62 - 0.08 * angle / wide - cut + waves * math.sin(angle / 3)
        right.append(_around(foot, angle, length))
    veins = [
        (
            _around(foot, side * share * wide, 0.12),
            _around(foot, side * share * wide, 0.45),
            0.009,
        )
        for share in (0.2, 0.45, 0.7)
        for side in (-1, 1)
    ]
    return _symmetric(right, veins, top=-0.24 + notch)


def _around(centre: Point, angle: float, length: float) -> Point:
    """The point at *length*, *angle* degrees clockwise from the top."""
    turn = math.radians(angle)
    return centre[0] + length * math.sin(turn), centre[1] - length * math.cos(turn)


def _symmetric(
    right: list[Point], veins: list[tuple[Point, Point, float]], top: float
) -> Shape:
    """The left edge mirrors the right; a rib runs from the stem's end to *top*."""
    rib = ((0.0, 0.5), (0.0, top), 0.022)
    return Shape(tuple((-x, y) for x, y in right), tuple(right), (*veins, rib))


SHAPES: Mapping[str, Callable[[Dice], Shape]] = MappingProxyType(
    {"blade": _blade, "lobed": _lobed, "palmate": _palmate, "fan": _fan}
)
