"""The words a façade is planned in: parts, measures and a few shapes.

Coordinates run from (0, 0) at the top left to (1, 1), so that a plan can be drawn at
any size.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from engines.samples.canvas import Box, Colour, Point
from engines.samples.facade_styles import Roof, Style

THIN = 0.016  # one pixel of a 64 pixel picture: nothing labelled is thinner
_LABEL_OF = {
    "chimney": "wall",
    "coping": "cornice",
    "far window": "window",
    "planter": "tree",
    "verge": "roof",
}


class Part(NamedTuple):
    """One thing on a façade.

    Attributes:
        kind: What it is; names how it is painted.
        box: Left, top, right, bottom.
        outline: Corners of its shape, none for the whole box.
        tone: A number in [0, 1) for what differs between two of a kind.
    """

    kind: str
    box: Box
    outline: tuple[Point, ...] = ()
    tone: float = 0.5

    @property
    def label(self) -> str:
        """The class it has in the label map."""
        return _LABEL_OF.get(self.kind, self.kind)


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """A façade ready to be drawn.

    Attributes:
        style: The kind of house.
        wall: Colour of its wall.
        evening: How low and warm the sun is, 0-1; it always shines from the left.
        parts: From back to front.
    """

    style: Style
    wall: Colour
    evening: float
    parts: tuple[Part, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class House:
    """The measures of a house.

    Attributes:
        style: Its kind.
        roof: Its roof.
        rise: Height of the roof.
        left: Left edge of the wall.
        right: Right edge of the wall.
        bay: Width of a window column.
        bays: How many there are.
        floors: Upper edges of the storeys from the ground floor up, then the ground:
            storey i reaches from `floors[i]` down to `floors[i - 1]`.
    """

    style: Style
    roof: Roof
    rise: float
    left: float
    right: float
    bay: float
    bays: int
    floors: tuple[float, ...]

    @property
    def eaves(self) -> float:
        """Where the wall ends and the roof begins."""
        return self.floors[-2]

    @property
    def ground(self) -> float:
        """Where the wall meets the pavement."""
        return self.floors[-1]

    def storey(self, index: int) -> tuple[float, float]:
        """Upper and lower edge of a storey, 0 is the ground floor."""
        return self.floors[index], self.floors[index - 1]

    def column(self, index: int) -> float:
        """Centre of a window column."""
        width = self.right - self.left
        return self.left + (width - self.bay * self.bays) / 2 + self.bay * (index + 0.5)


# Shapes.


def trapezoid(box: Box, slant: float) -> tuple[Point, ...]:
    """A box whose upper edge is shorter by *slant* at both ends."""
    left, top, right, bottom = box
    return ((left + slant, top), (right - slant, top), (right, bottom), (left, bottom))


def arch(box: Box, rise: float) -> tuple[Point, ...]:
    """A box whose upper edge is half an ellipse of height *rise*."""
    left, top, right, bottom = box
    middle, half = (left + right) / 2, (right - left) / 2
    angles = [math.pi * step / 10 for step in range(11)]
    bow = [
        (middle + half * math.cos(angle), top + rise * (1 - math.sin(angle)))
        for angle in angles
    ]
    return ((right, bottom), *bow, (left, bottom))


def bounds_of(points: Sequence[Point]) -> Box:
    """The smallest box around *points*."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)
