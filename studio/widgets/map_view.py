"""Which part of an endless plane is seen, and which cells stand where in it.

Cells have fixed places: at level k they are centred at the multiples of 2**k, so that
every cell of a level is also one of each finer level, and a picture that was made once
serves them all. Without Qt.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

FINEST, COARSEST = -6, 3  # levels that cells are shown at
COARSE = 2  # levels above: one picture for 4 × 4 cells
RING = 2  # cells around what is seen, for the next moment of a pan


class Cell(NamedTuple):
    """A square of the plane, centred at (across, up) times 2**level."""

    level: int
    across: int
    up: int

    @property
    def x(self) -> float:
        """The middle, to the right."""
        return math.ldexp(self.across, self.level)

    @property
    def y(self) -> float:
        """The middle, upwards."""
        return math.ldexp(self.up, self.level)

    def named(self) -> "Cell":
        """The coarsest cell with this middle: what its picture is kept under."""
        level, across, up = self
        while level < COARSEST + COARSE and not (across | up) & 1:
            level, across, up = level + 1, across >> 1, up >> 1
        return Cell(level, across, up)


@dataclass(frozen=True, kw_only=True, slots=True)
class MapView:
    """What is seen of the plane, in a widget of *width* × *height* pixels.

    Attributes:
        x: The middle of the widget in the plane, to the right.
        y: The middle, upwards.
        scale: Units of the plane a pixel.
        width: Of the widget, in pixels.
        height: Of the widget, in pixels.
        base: Side of a cell in pixels, for which `scale` is a power of two over it;
            between two such zooms, cells are 0.7 to 1.4 times as large.
    """

    x: float = 0.0
    y: float = 0.0
    scale: float = 2.0**-2 / 56
    width: float = 640.0
    height: float = 480.0
    base: float = 56.0

    @property
    def level(self) -> int:
        """The level whose cells are shown."""
        return _nearest(math.log2(self.scale * self.base))

    @property
    def cell_px(self) -> float:
        """Side of a cell in pixels."""
        return math.ldexp(1.0, self.level) / self.scale

    @property
    def reach(self) -> float:
        """How far the plane is seen to either side of the middle."""
        return self.scale * self.width / 2

    # ------------------------------------------------------------------------
    # Places.

    def pixels(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the plane stands in the widget."""
        across, up = (x - self.x) / self.scale, (y - self.y) / self.scale
        return self.width / 2 + across, self.height / 2 - up

    def point(self, left: float, top: float) -> tuple[float, float]:
        """The point of the plane at a pixel of the widget."""
        across, up = left - self.width / 2, self.height / 2 - top
        return self.x + self.scale * across, self.y + self.scale * up

    def cell_of(self, x: float, y: float) -> Cell:
        """The cell, of the level that is shown, in which a point of the plane lies."""
        level = self.level
        return Cell(
            level, _nearest(math.ldexp(x, -level)), _nearest(math.ldexp(y, -level))
        )

    def cell_at(self, left: float, top: float) -> Cell:
        """The cell at a pixel of the widget."""
        return self.cell_of(*self.point(left, top))

    def square(self, cell: Cell) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of a cell in pixels of the widget."""
        half = math.ldexp(0.5, cell.level)
        return (
            *self.pixels(cell.x - half, cell.y + half),
            *self.pixels(cell.x + half, cell.y - half),
        )

    def row_and_column(self, cell: Cell) -> tuple[int, int]:
        """Its place among those seen, cut ones included; 1, 1 is the top left."""
        first = self.cell_at(0, 0)
        return first.up - cell.up + 1, cell.across - first.across + 1

    # ------------------------------------------------------------------------
    # Other views.

    def resized(self, width: float, height: float) -> "MapView":
        """The same middle in a widget of another size."""
        return replace(self, width=width, height=height)

    def panned(self, right: float, down: float) -> "MapView":
        """The plane moved with the pointer, by pixels."""
        x, y = self.x - self.scale * right, self.y + self.scale * down
        return replace(self, x=x, y=y)

    def zoomed(self, factor: float, left: float, top: float) -> "MapView":
        """See *factor* times as much, keeping what is at a pixel in its place."""
        finest, coarsest = (
            math.ldexp(1, level) / self.base for level in (FINEST, COARSEST)
        )
        scale = min(max(self.scale * factor, finest), coarsest)
        x, y = self.point(left, top)
        moved = replace(self, scale=scale)
        now_x, now_y = moved.point(left, top)
        return replace(moved, x=self.x + x - now_x, y=self.y + y - now_y)

    def whole(self, reach: float) -> "MapView":
        """The middle of the plane, with cells of just the base and about that reach."""
        level = _nearest(math.log2(2 * reach / self.width * self.base))
        scale = math.ldexp(1, min(max(level, FINEST), COARSEST)) / self.base
        return replace(self, x=0.0, y=0.0, scale=scale)

    def showing(self, cell: Cell) -> "MapView":
        """Moved as little as needed for all of *cell* to be seen."""
        left, top, right, bottom = self.square(cell)
        return self.panned(
            _into(left, right, self.width), _into(top, bottom, self.height)
        )

    # ------------------------------------------------------------------------
    # Which cells.

    def cells(self, up: int = 0, margin: int = 0) -> Iterator[Cell]:
        """The cells that are seen, from the top left, row by row.

        Args:
            up: Of so many levels above the one that is shown.
            margin: As many more on every side.
        """
        level = self.level + up
        left, top = self.point(0, 0)
        right, bottom = self.point(self.width, self.height)
        columns = _span(left, right, level, margin)
        for row in reversed(_span(bottom, top, level, margin)):
            for column in columns:
                yield Cell(level, column, row)

    def needed(self) -> list[Cell]:
        """The pictures to have, by the names of their cells, most urgent first.

        One in 16, a cell further than is seen; one in 4; all; then a ring around
        them. Within each of these, those nearest to the middle come first.
        """
        found: dict[Cell, None] = {}
        for up, margin in ((COARSE, 1), (1, 0), (0, 0), (0, RING)):
            for cell in sorted(self.cells(up, margin), key=self._distance):
                found.setdefault(cell.named())
        return list(found)

    def _distance(self, cell: Cell) -> float:
        return (cell.x - self.x) ** 2 + (cell.y - self.y) ** 2


def _nearest(value: float) -> int:
    """Halves go up, so that every place belongs to just one cell."""
    return math.floor(value + 0.5)


def _span(low: float, high: float, level: int, margin: int) -> range:
    first, last = (_nearest(math.ldexp(value, -level)) for value in (low, high))
    return range(first - margin, last + margin + 1)


def _into(low: float, high: float, room: float) -> float:
    """How far to move what reaches from *low* to *high*, so that it lies in *room*."""
    if low < 0:
        return -low
    return min(0.0, room - high)
