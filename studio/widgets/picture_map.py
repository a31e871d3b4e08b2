"""A map of pictures: a plane on which one finds one's way, chooses and pins."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from studio.tokens import DARK
from studio.widgets.focus_frame import DRAWS_OWN_FOCUS
from studio.widgets.map_marks import (
    Pin,
    paint_axes,
    paint_edge,
    paint_marks,
    place_words,
)
from studio.widgets.map_view import Cell, MapView
from studio.widgets.painting import came_by_keyboard
from studio.widgets.tile_plane import ZOOM_STEP, TilePlane

PAN_STEP = 64.0

_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}
_PIN_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class PictureMap(TilePlane):
    """Pictures of the points of a plane, which others make when it asks for them.

    Dragging pans without end, the wheel zooms about the pointer, a click chooses, a
    double click pins. The arrow keys step the choice and Enter pins it, + and - zoom,
    Ctrl and the arrow keys pan, Home returns to the middle.

    Signals:
        chosen: The user chose a cell. (x and y of its middle)
        pin_requested: The user wants a cell pinned, or no more. (x and y)
    """

    chosen = Signal(float, float)
    pin_requested = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Show the middle of a plane of which there is no picture yet."""
        super().__init__(parent)
        self._point: tuple[float, float] | None = None
        self._pins: tuple[Pin, ...] = ()
        self._axes = ("", "")
        self._pressed: QPointF | None = None
        self._dragged: QPointF | None = None  # where the pointer was last
        self._focus_shown = False

        self.setProperty(DRAWS_OWN_FOCUS, True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._describe()

    # ------------------------------------------------------------------------
    # What it shows.

    def start(self, side: int, reach: float) -> None:
        """Forget all, choice and pins too, and show the middle of another plane."""
        self._point, self._pins = None, ()
        super().start(side, reach)

    def set_axes(self, across: str, up: str) -> None:
        """Say what changes to the right, and what upwards."""
        self._axes = (across, up)
        self._describe()
        self.update()

    def set_pins(self, pins: Sequence[Pin]) -> None:
        """Mark what is pinned on this plane."""
        self._pins = tuple(pins)
        self._describe()
        self.update()

    def chosen_point(self) -> tuple[float, float] | None:
        """The chosen point of the plane, None before one was chosen."""
        return self._point

    def choose(self, x: float, y: float) -> None:
        """Move the choice to a point of the plane, without telling."""
        self._point = (x, y)
        self._describe()
        self.update()

    # ------------------------------------------------------------------------
    # Choosing.

    def _look(self, view: MapView) -> None:
        super()._look(view)
        self._describe()  # its row and column are those that are seen

    def _choose_cell(self, cell: Cell) -> None:
        self.choose(cell.x, cell.y)
        self.chosen.emit(cell.x, cell.y)

    def _step(self, across: int, up: int) -> None:
        """Choose a neighbour, which is brought into view; at first the middle."""
        if self._point is None:
            cell = self.view.cell_of(self.view.x, self.view.y)
        else:
            here = self.view.cell_of(*self._point)
            cell = Cell(here.level, here.across + across, here.up + up)
        view = self.view.showing(cell)
        if view != self.view:
            self._is_home = False
            self._look(view)
        self._choose_cell(cell)

    def _describe(self) -> None:
        """Say for screen readers what is chosen."""
        if self._point is None:
            self.setAccessibleName(self.tr("Map of pictures, none chosen"))
        else:
            self.setAccessibleName(self.chosen_words())
        axes = self.tr("To the right: {0}. Upwards: {1}.").format(*self._axes)
        self.setAccessibleDescription(axes if any(self._axes) else "")

    def chosen_words(self) -> str:
        """Name the chosen cell: "row 3, column 9, 0.8 across, 1.2 up"."""
        if self._point is None:
            return ""
        cell = self.view.cell_of(*self._point)
        words = self.tr("row {0}, column {1}, {2} across, {3} up").format(
            *self.view.row_and_column(cell), *map(place_words, self._point)
        )
        pinned = [pin for pin in self._pins if self._cell_of(pin) == cell]
        if pinned:
            words += self.tr(", pinned as {0}").format(pinned[0].number)
        return words

    def place(self) -> tuple[int, int] | None:
        """Row and column of the chosen cell among those seen, None without one."""
        if self._point is None:
            return None
        return self.view.row_and_column(self.view.cell_of(*self._point))

    def _cell_of(self, pin: Pin) -> Cell:
        return self.view.cell_of(pin.x, pin.y)

    # Qt overrides

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw pictures, choice, pins and the names of the axes."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(DARK.stage))  # black in both themes
        self.paint_pictures(painter)
        pins = [(self.square(self._cell_of(pin)), pin.number) for pin in self._pins]
        chosen = self._point and self.square(self.view.cell_of(*self._point))
        paint_marks(painter, pins, chosen)
        paint_axes(painter, QRectF(self.rect()), *self._axes)
        ring = self._focus_shown and self.hasFocus()
        paint_edge(painter, QRectF(self.rect()), self.palette(), ring=ring)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the plane, or of a cell: how far it is dragged decides."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed, self._dragged = event.position(), None
            self._focus_shown = False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan while the button is down."""
        if self._pressed is None:
            return
        way = (event.position() - self._pressed).manhattanLength()
        if self._dragged is None and way >= QApplication.startDragDistance():
            self._dragged = self._pressed
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        if self._dragged is not None:
            moved = event.position() - self._dragged
            self._dragged = event.position()
            self.pan(moved)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose the cell, unless the plane was dragged."""
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            return
        if self._dragged is None:
            self._choose_cell(self._under(event.position()))
        self._pressed = self._dragged = None
        self.unsetCursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Pin the cell, or take its pin away."""
        if event.button() == Qt.MouseButton.LeftButton:
            cell = self._under(event.position())
            self.pin_requested.emit(cell.x, cell.y)

    def _under(self, position: QPointF) -> Cell:
        return self.view.cell_at(position.x(), position.y())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step the choice, pin it, zoom, pan, or return to the middle."""
        self._focus_shown = True
        key, standard = Qt.Key(event.key()), QKeySequence.StandardKey
        if key in _STEPS:
            across, up = _STEPS[key]
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.pan(QPointF(QPoint(-across, up)) * PAN_STEP)
            else:
                self._step(across, up)
        elif key in _PIN_KEYS and self._point is not None:
            self.pin_requested.emit(*self._point)
        elif event.matches(standard.ZoomIn) or event.text() == "+":
            self.zoom(1 / ZOOM_STEP)
        elif event.matches(standard.ZoomOut) or event.text() == "-":
            self.zoom(ZOOM_STEP)
        elif key == Qt.Key.Key_Home:
            self.home()
        else:
            super().keyPressEvent(event)
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus if a key brought it."""
        self._focus_shown = came_by_keyboard(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show it no more."""
        del event
        self.update()
