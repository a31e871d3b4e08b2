"""Curves over training steps.

Importing this module imports pyqtgraph, about half a second: do it when a page is
first opened, not before the window is painted.
"""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pyqtgraph as pg
from numpy.typing import ArrayLike
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QKeyEvent, QMouseEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engines.training.reports import Curve
from studio.fonts import role_font
from studio.tokens import tokens_of
from studio.widgets.axis_ticks import (
    linear_ticks,
    log_ticks,
    plain_words,
    push_apart,
    value_words,
)
from studio.widgets.curve_points import Floats, Trend, value_range
from studio.widgets.plot_canvas import PlotCanvas
from studio.widgets.plot_line import PlotLine
from studio.widgets.plot_reference import PlotReference

REPAINT_MS = 100
_LABEL_GAP_PX = 20
_MARGIN_PX = 12  # behind the widest label


class LossPlot(QWidget):
    """Curves with their raw values behind them and their names at their ends.

    It repaints at most ten times a second, and only while it can be seen.

    Signals:
        cursor_moved: The pointer or an arrow key went to a step, or the pointer
            left. (int or None)
    """

    cursor_moved = Signal(object)

    def __init__(
        self,
        curves: Sequence[Curve] = (),
        *,
        title: str,
        first_number: int = 1,
        repaint_ms: int = REPAINT_MS,
        parent: QWidget | None = None,
    ) -> None:
        """Build an empty plot.

        Args:
            curves: What is drawn, see `set_curves`.
            title: What a screen reader calls the plot.
            first_number: See `set_curves`.
            repaint_ms: Wait after news before drawing it; plots that are fed together
                should wait differently, or the window stands still for all of them.
            parent: The widget it stands in.
        """
        super().__init__(parent)
        self._lines: dict[str, PlotLine] = {}
        self._references: list[PlotReference] = []
        self._log = False
        self._range: tuple[float, float] | None = None
        self._cursor: int | None = None
        self._checkpoints: tuple[int, ...] = ()
        self.setAccessibleName(title)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

        self._plot = PlotCanvas()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._plot)

        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(repaint_ms)
        self._timer.timeout.connect(self._refresh)
        self._plot.viewport().installEventFilter(self)
        self._plot.box.sigResized.connect(self._schedule)

        self.set_curves(curves, first_number=first_number)

    # What it shows.

    def set_curves(
        self,
        curves: Sequence[Curve],
        *,
        first_number: int = 1,
        exact: Collection[str] = (),
    ) -> None:
        """Show these curves, still empty, instead of the ones before.

        Args:
            curves: In the order of their colours.
            first_number: Number of the first one, 1 to 5: a curve keeps its colour
                and dash on every page.
            exact: Names of curves that are not smoothed: values that are few, and
                means of many already.
        """
        self._plot.remove(*self._items())
        self._lines = {
            curve.name: PlotLine(curve, first_number + i, exact=curve.name in exact)
            for i, curve in enumerate(curves)
        }
        # Several curves may be compared with the same value: one line says it.
        compared = [(c.reference, c.reference_words) for c in curves]
        self._references = [
            PlotReference(value, words)
            for value, words in dict.fromkeys(compared)
            if value is not None
        ]
        self._plot.add(*self._items())
        self._apply_theme()

    def _items(self) -> list[pg.GraphicsObject]:
        lines = [item for line in self._lines.values() for item in line.items]
        return lines + [item for r in self._references for item in r.items]

    def append(self, step: int, values: Mapping[str, float]) -> None:
        """Add one point to each curve that is named; other names are ignored.

        A step that is not beyond the last one means that the run went back to a
        checkpoint: what it does again is dropped.
        """
        for name, line in self._lines.items():
            if name in values:
                line.points.append(step, values[name])
        self._schedule()

    def set_history(self, steps: ArrayLike, values: Mapping[str, ArrayLike]) -> None:
        """Replace every curve at once; one that is not named becomes empty.

        Args:
            steps: (N,), ascending.
            values: For each curve (N,) values; NaN where there is none.
        """
        for name in self._lines:
            self.set_curve(name, steps if name in values else (), values.get(name, ()))

    def set_curve(self, name: str, steps: ArrayLike, values: ArrayLike) -> None:
        """Replace one curve, as for runs of different lengths.

        Args:
            name: One of the names given to `set_curves`.
            steps: (N,), ascending.
            values: (N,), NaN where there is none.

        Raises:
            KeyError: There is no such curve.
        """
        points = self._lines[name].points
        points.clear()
        points.extend(steps, values)
        self._schedule()

    def clear(self) -> None:
        """Empty every curve, and forget checkpoints and cursor."""
        for line in self._lines.values():
            line.points.clear()
        self._checkpoints = ()
        self.set_cursor(None)
        self._schedule()

    def set_log(self, log: bool) -> None:
        """Draw powers of ten at equal distances.

        Values that are not above 0 have no place there and lie on the bottom edge.
        """
        self._log = log
        self._schedule()

    def set_range(self, low: float | None, high: float | None = None) -> None:
        """Fix the values shown, or follow the curves where *low* is None.

        Values beyond are drawn along the edge.
        """
        self._range = None if low is None or high is None else (low, high)
        self._schedule()

    def set_cursor(self, step: int | None) -> None:
        """Stand the thin line at *step*, or take it away."""
        self._cursor = step
        self._plot.cursor_line.setVisible(step is not None)
        if step is not None:
            self._plot.cursor_line.setPos(step)
        self._plot.draw()
        self.setToolTip("" if step is None else self.reading(step))

    def set_checkpoints(self, steps: Sequence[int]) -> None:
        """Mark these steps on the bottom axis."""
        self._checkpoints = tuple(steps)
        self._schedule()

    # What it says.

    def summary(self) -> str:
        """What the curves say, in a few words each."""
        words = {
            "rising": self.tr("rising"),
            "falling": self.tr("falling"),
            "steady": self.tr("steady"),
        }
        parts = [
            f"{line.curve.label} {value_words(line.points.latest)}, "
            f"{words[line.points.trend()]}{_compared(line.curve)}."
            for line in self._filled()
        ]
        if not parts:
            return self.tr("No values yet.")
        return " ".join([self.tr("Step {0}.").format(f"{self._last_step():,}"), *parts])

    def reading(self, step: int) -> str:
        """The smoothed values at *step*, or where they were last known before it."""
        words = [self.tr("step {0}").format(f"{step:,}")]
        for line in self._filled():
            value = line.points.value_at(step)
            if value is not None:
                words.append(f"{line.curve.label} {value_words(value)}")
        return " · ".join(words)

    def latest(self, name: str) -> float | None:
        """The newest value of a curve as it is drawn, None where there is none.

        Raises:
            KeyError: There is no such curve.
        """
        points = self._lines[name].points
        return points.latest if len(points) else None

    def count(self, name: str) -> int:
        """How many points a curve has.

        Raises:
            KeyError: There is no such curve.
        """
        return len(self._lines[name].points)

    def trend(self, name: str) -> Trend:
        """Where the last quarter of a curve went.

        Raises:
            KeyError: There is no such curve.
        """
        return self._lines[name].points.trend()

    def _filled(self) -> list[PlotLine]:
        return [line for line in self._lines.values() if len(line.points)]

    def _last_step(self) -> int:
        return int(max((line.last_step for line in self._filled()), default=0))

    # Drawing.

    def _schedule(self) -> None:
        """Draw soon, once for all that comes until then; when hidden, on showing."""
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    def _refresh(self) -> None:
        tokens = tokens_of(self.palette())
        lines = self._filled()
        for line in self._lines.values():
            line.write_label(tokens)
            if line not in lines:
                nothing = (np.empty(0), np.empty(0))
                line.draw(nothing, nothing)
        bins = max(int(self._plot.box.width()) // 2, 1)  # lines are two pixels thick
        raw = [line.points.peaks(bins) for line in lines]
        smooth = [line.points.line(bins) for line in lines]

        self._set_axes(lines, [y for _, y in raw], [y for _, y in smooth])
        heights = self._plot.heights
        for line, (raw_x, raw_y), (x, y) in zip(lines, raw, smooth, strict=True):
            line.draw((raw_x, heights(raw_y)), (x, heights(y)))
        self._place_references()
        self._place_labels(lines)
        last = self._last_step()
        self._plot.marks.setXVals([s for s in self._checkpoints if s <= last])
        self._plot.draw()
        self.setAccessibleDescription(self.summary())

    def _set_axes(
        self, lines: list[PlotLine], raw: list[Floats], smooth: list[Floats]
    ) -> None:
        compared = [r.value for r in self._references if r.value > 0 or not self._log]
        shown = [*smooth, np.array(compared)] if lines else smooth
        low, high = self._range or value_range(raw, shown, positive=self._log)
        if self._log:
            ticks = log_ticks(low if low > 0 else high / 1000, high)
        else:
            ticks = linear_ticks(low, high)
        self._plot.set_value_ticks(ticks, log=self._log)
        # Leave room for the labels behind the last points, but not all there is.
        width = max(self._plot.box.width(), 1)
        rooms = [max(width - n.label_room - _MARGIN_PX, width / 3) for n in lines]
        ends = [n.last_step * width / r for n, r in zip(lines, rooms, strict=True)]
        self._plot.set_last_step(max([*ends, 1.0]))

    def _place_references(self) -> None:
        for reference in self._references:
            if reference.value > 0 or not self._log:
                reference.place(float(self._plot.heights([reference.value])[0]))
            else:
                reference.place(None)

    def _place_labels(self, lines: list[PlotLine]) -> None:
        px_per_height = self._plot.px_per_height()
        foot = self._plot.box.viewRange()[1][0]
        ends = [float(self._plot.heights(n.points.latest)) - foot for n in lines]
        places = push_apart(
            [end * px_per_height for end in ends],
            gap=_LABEL_GAP_PX,
            end=self._plot.box.height(),
        )
        for line, place in zip(lines, places, strict=True):
            line.place_label(foot + place / px_per_height, self._plot.px_per_step())

    def _apply_theme(self) -> None:
        tokens = tokens_of(self.palette())
        small = role_font("label", QFont.Weight.Normal)
        self._plot.apply_theme(tokens, small)
        for line in self._lines.values():
            line.apply_theme(tokens, role_font("caption"))
        for reference in self._references:
            reference.apply_theme(tokens, small)
        self._schedule()

    # Pointer and keys.

    def _move_cursor(self, step: int | None) -> None:
        if step is not None:
            step = min(max(step, 0), self._last_step())
        if step != self._cursor and (step is None or self._filled()):
            self.set_cursor(step)
            self.cursor_moved.emit(step)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the pointer over the plot."""
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseMove:
            self._move_cursor(self._plot.step_at(event.position().toPoint()))
        elif event.type() == QEvent.Type.Leave:
            self._move_cursor(None)
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the cursor: arrows by 1 %, with Shift by 10 %, Home, End, Escape."""
        last = self._last_step()
        here = last if self._cursor is None else self._cursor
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        stride = max(1, last // (10 if shift else 100))
        targets = {
            Qt.Key.Key_Left: here - stride,
            Qt.Key.Key_Right: here + stride,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
            Qt.Key.Key_Escape: None,
        }
        key = Qt.Key(event.key())
        if key not in targets or (key == Qt.Key.Key_Escape and self._cursor is None):
            super().keyPressEvent(event)
            return
        self._move_cursor(targets[key])

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what came while it was hidden."""
        super().showEvent(event)
        self._apply_theme()

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours and the font of the theme."""
        super().changeEvent(event)
        themed = (QEvent.Type.PaletteChange, QEvent.Type.FontChange)
        if event.type() in themed and self.isVisible():
            self._apply_theme()


def _compared(curve: Curve) -> str:
    """What a screen reader says of the dashed line."""
    if curve.reference is None:
        return ""
    return f"; {curve.reference_words} {plain_words(curve.reference)}"
