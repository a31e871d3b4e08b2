"""The empty plot: axes, grid lines, checkpoint marks and the cursor line."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from numpy.typing import ArrayLike
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGraphicsView

from studio.tokens import Tokens
from studio.widgets.axis_ticks import linear_ticks, log_tick_words, tick_words
from studio.widgets.curve_points import Floats

_HEADROOM = 0.1  # of the range above the top tick, or its words are cut
_STEP_AXIS_PX = 24


class PlotCanvas(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """A plot that shows and does nothing but what is asked.

    The pointer cannot zoom or pan it, and it takes no focus: the widget around it
    does. Heights below are places on its value axis, after the logarithm.
    """

    def __init__(self) -> None:
        super().__init__(enableMenu=False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # Whoever changes something says so once, with `draw`: left to itself every
        # change is painted twice, as painting moves some items again.
        no_update = QGraphicsView.ViewportUpdateMode.NoViewportUpdate
        self.setViewportUpdateMode(no_update)
        item = self.getPlotItem()
        item.hideButtons()
        item.setMouseEnabled(False, False)
        self.box = item.getViewBox()
        self._left, self._bottom = (item.getAxis(side) for side in ("left", "bottom"))
        for axis in (self._left, self._bottom):
            axis.setStyle(tickLength=0, maxTickLevel=0)
            axis.setTickPen(pg.mkPen(None))
        self._left.setPen(pg.mkPen(None))
        self._bottom.setHeight(_STEP_AXIS_PX)

        self._log = False
        self._ticks: tuple[tuple[float, ...], bool] | None = None
        self._low, self._high = 0.0, 1.0  # values at the two edges
        self._grid: list[pg.InfiniteLine] = []
        self.cursor_line = pg.InfiniteLine(angle=90)
        self.cursor_line.setVisible(False)
        self.marks = pg.VTickGroup(yrange=(0, 0.04))
        self.add(self.cursor_line, self.marks)

    def draw(self) -> None:
        """Paint everything anew, soon."""
        self.viewport().update()

    def add(self, *items: pg.GraphicsObject) -> None:
        """Draw *items*; none of them moves the axes."""
        for item in items:
            self.getPlotItem().addItem(item, ignoreBounds=True)

    def remove(self, *items: pg.GraphicsObject) -> None:
        """Draw *items* no more."""
        for item in items:
            self.getPlotItem().removeItem(item)

    def set_value_ticks(self, ticks: Sequence[float], *, log: bool) -> None:
        """Show from the first tick to a little above the last, with a line at each.

        Args:
            ticks: Ascending values, at least two; above 0 where *log*.
            log: Whether powers of ten stand at equal distances.
        """
        if self._ticks == (tuple(ticks), log):
            return  # laying the axis out again costs as much as drawing a curve
        self._ticks = (tuple(ticks), log)
        self._log = log
        places = [float(np.log10(t)) for t in ticks] if log else list(ticks)
        words = log_tick_words(ticks) if log else tick_words(ticks)
        self._left.setTicks([list(zip(places, words, strict=True))])
        top = places[-1] + _HEADROOM * (places[-1] - places[0])
        self._low, self._high = ticks[0], 10**top if log else top
        self.box.setYRange(places[0], top, padding=0)
        self._set_grid(places)

    def set_last_step(self, step: float) -> None:
        """Show the steps from 0 to *step*, with ticks at whole ones."""
        # A tick at the very edge would be cut.
        ticks = [t for t in linear_ticks(0, step, whole=True) if 0 < t < 0.97 * step]
        self._bottom.setTicks([[(t, f"{t:,.0f}") for t in ticks]])
        self.box.setXRange(0, step, padding=0)

    def heights(self, values: ArrayLike) -> Floats:
        """Where *values* stand; those beyond the axis stand on its edge."""
        clipped = np.clip(np.asarray(values, dtype=np.float64), self._low, self._high)
        return np.log10(clipped) if self._log else clipped

    def step_at(self, place: QPoint) -> int:
        """The step under a point of the viewport."""
        return round(
            float(self.box.mapSceneToView(QPointF(self.mapToScene(place))).x())
        )

    def px_per_step(self) -> float:
        """Width of a step in pixels."""
        left, right = self.box.viewRange()[0]
        return float(max(self.box.width(), 1) / (right - left))

    def px_per_height(self) -> float:
        """Pixels for a height of 1."""
        foot, top = self.box.viewRange()[1]
        return float(max(self.box.height(), 1) / (top - foot))

    def apply_theme(self, tokens: Tokens, font: QFont) -> None:
        """Take the colours of *tokens* and write the ticks in *font*."""
        self.setBackground(tokens.surface)
        for axis in (self._left, self._bottom):
            axis.setStyle(tickFont=font)
            axis.setTextPen(tokens.text2)
        self._bottom.setPen(tokens.line)
        for line in self._grid:
            line.setPen(tokens.line)
        self.cursor_line.setPen(tokens.text3)
        self.marks.setPen(tokens.text3)

    def _set_grid(self, places: Sequence[float]) -> None:
        while len(self._grid) < len(places):
            self._grid.append(pg.InfiniteLine(angle=0, pen=self._bottom.pen()))
            self._grid[-1].setZValue(-1)
            self.add(self._grid[-1])
        for i, line in enumerate(self._grid):
            line.setVisible(i < len(places))
            line.setPos(places[min(i, len(places) - 1)])
