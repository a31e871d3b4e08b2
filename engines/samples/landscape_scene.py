"""Plans a landscape: what stands where, whatever the hour.

Coordinates run from (0, 0) at the top left to (1, 1).
"""

import math
from dataclasses import dataclass

from engines.samples.canvas import Colour, Point
from engines.samples.dice import Dice

_STREAM = 2  # of a seed's chance; façades use 0 and 1
_STEPS = 48  # corners of a ridge
_CROWNS: tuple[Colour, ...] = (
    (86, 158, 70), (64, 142, 84), (128, 172, 60), (218, 158, 62), (206, 104, 66),
)  # fmt: skip
_WALLS: tuple[Colour, ...] = (
    (250, 242, 226), (244, 208, 150), (236, 160, 132), (186, 212, 226), (214, 92, 78),
)  # fmt: skip
_ROOFS: tuple[Colour, ...] = ((190, 84, 62), (132, 82, 74), (96, 104, 128))
_MEADOWS: tuple[Colour, ...] = ((132, 190, 84), (160, 200, 90), (112, 178, 98))


@dataclass(frozen=True, slots=True)
class Ridge:
    """A range of hills from the left edge to the right; below it all is hill.

    Attributes:
        points: Its upper edge.
        colour: By day.
    """

    points: tuple[Point, ...]
    colour: Colour


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree; *kind* is "round" or "pine"."""

    foot: Point
    height: float
    kind: str
    colour: Colour


@dataclass(frozen=True, slots=True)
class House:
    """A house seen from a corner: the gable on the left, the long side on the right.

    Attributes:
        corner: Where the gable meets the ground on its left.
        gable: Width of the gable wall.
        side: Width of the long wall.
        height: Of the walls.
        wall: Colour by day.
        roof: Colour by day.
    """

    corner: Point
    gable: float
    side: float
    height: float
    wall: Colour
    roof: Colour

    @property
    def edge(self) -> float:
        """Where the gable wall meets the long wall."""
        return self.corner[0] + self.gable

    @property
    def end(self) -> float:
        """Where the long wall ends."""
        return self.edge + self.side

    @property
    def eaves(self) -> float:
        """Where the walls end and the roof begins."""
        return self.corner[1] - self.height

    @property
    def peak(self) -> float:
        """The upper edge of the roof."""
        return self.eaves - self.gable * 0.75


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """A landscape ready to be drawn at any hour.

    Attributes:
        lamp: Where the sun and later the moon stands.
        clouds: Middle of the lower edge and half the width of each.
        stars: Place and radius of each, in the part of the sky above the hills.
        ridges: Hills from far to near; the last one is the meadow.
        shore: How far up a lake reaches at the left and right, None without one.
        houses: From far to near.
        trees: From far to near.
    """

    lamp: Point
    clouds: tuple[tuple[Point, float], ...]
    stars: tuple[tuple[Point, float], ...]
    ridges: tuple[Ridge, ...]
    shore: tuple[float, float] | None
    houses: tuple[House, ...]
    trees: tuple[Tree, ...]


def plan_scene(seed: int) -> Scene:
    """Plan a landscape; the same seed always gives the same."""
    dice = Dice(seed, _STREAM)
    horizon = dice.between(0.5, 0.62)
    ridges = _ridges(dice, horizon)
    shore = None
    if dice.chance(0.55):
        shore = dice.between(0.78, 0.88), dice.between(0.78, 0.88)
    ground = min(shore) - 0.03 if shore else 0.95
    meadow = ridges[-1].points
    houses = _houses(dice, meadow, ground)
    return Scene(
        lamp=(dice.between(0.12, 0.88), dice.between(0.12, 0.24)),
        clouds=_clouds(dice),
        stars=_stars(dice, horizon),
        ridges=ridges,
        shore=shore,
        houses=houses,
        trees=_trees(dice, meadow, ground, houses),
    )


def height_at(points: tuple[Point, ...], x: float) -> float:
    """Where the upper edge of a ridge is at *x*."""
    nearest = round(min(max(x, 0.0), 1.0) * (len(points) - 1))
    return points[nearest][1]


def _ridges(dice: Dice, horizon: float) -> tuple[Ridge, ...]:
    far = Ridge(_wave(dice, horizon - 0.1, 0.12, 4), (150, 178, 206))
    if dice.chance(0.5):
        far = Ridge(_peaks(dice, horizon), (146, 164, 196))
    middle = Ridge(_wave(dice, horizon, 0.06, 2), (118, 172, 134))
    near = Ridge(_wave(dice, horizon + 0.1, 0.04, 1), dice.pick(_MEADOWS))
    return far, middle, near


def _wave(dice: Dice, level: float, swing: float, bends: float) -> tuple[Point, ...]:
    """A soft ridge: two sines of chance phase about *level*."""
    first, second = dice.between(0, math.tau), dice.between(0, math.tau)
    stretch = dice.between(0.7, 1.3) * bends
    corners = []
    for step in range(_STEPS + 1):
        x = step / _STEPS
        rise = math.sin(first + 4 * stretch * x) + 0.5 * math.sin(second + 9 * x)
        corners.append((x, level - swing * rise / 1.5))
    return tuple(corners)


def _peaks(dice: Dice, horizon: float) -> tuple[Point, ...]:
    """Mountains: the highest of a few slopes at every place."""
    tops = [
        (dice.between(i / 3, (i + 1) / 3), horizon - dice.between(0.12, 0.28))
        for i in range(3)
    ]
    steep = dice.between(0.7, 1.1)
    corners = []
    for step in range(_STEPS + 1):
        x = step / _STEPS
        corners.append((x, min(y + steep * abs(x - top) for top, y in tops)))
    return tuple(corners)


def _clouds(dice: Dice) -> tuple[tuple[Point, float], ...]:
    return tuple(
        ((dice.share(), dice.between(0.12, 0.36)), dice.between(0.09, 0.16))
        for _ in range(dice.whole(1, 4))
    )


def _stars(dice: Dice, horizon: float) -> tuple[tuple[Point, float], ...]:
    return tuple(
        ((dice.share(), dice.share() * horizon), dice.between(0.003, 0.009))
        for _ in range(dice.whole(35, 60))
    )


def _houses(dice: Dice, meadow: tuple[Point, ...], ground: float) -> tuple[House, ...]:
    """One to three houses side by side, none before another."""
    count = dice.whole(1, 3)
    houses = []
    for index in range(count):
        scale = dice.between(0.75, 1.0) * (1.25, 1.0, 0.8)[count - 1]
        x = (index + dice.between(0.12, 0.3)) / count
        foot = height_at(meadow, x) + 0.08
        depth = dice.between(min(foot, ground - 0.02), ground - 0.01)
        house = House(
            corner=(x, depth),
            gable=0.12 * scale,
            side=0.16 * scale * dice.between(0.8, 1.2),
            height=0.13 * scale,
            wall=dice.pick(_WALLS),
            roof=dice.pick(_ROOFS),
        )
        houses.append(house)
    return tuple(sorted(houses, key=lambda house: house.corner[1]))


def _trees(
    dice: Dice,
    meadow: tuple[Point, ...],
    ground: float,
    houses: tuple[House, ...],
) -> tuple[Tree, ...]:
    """Trees on the meadow, left and right of the houses."""
    kind = dice.pick(("round", "pine"))
    trees = []
    for _ in range(dice.whole(4, 9)):
        x = dice.share()
        if any(h.corner[0] - 0.03 < x < h.end for h in houses):
            continue
        depth = dice.share()
        top = height_at(meadow, x) + 0.02
        foot = top + (ground - top) * depth
        other = dice.chance(0.2)
        trees.append(
            Tree(
                foot=(x, foot),
                height=dice.between(0.2, 0.28) * (0.6 + 0.5 * depth),
                kind={"round": "pine", "pine": "round"}[kind] if other else kind,
                colour=dice.pick(_CROWNS),
            )
        )
    return tuple(sorted(trees, key=lambda tree: tree.foot[1]))
