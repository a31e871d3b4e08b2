"""The canvas: a drawing on a stage, drawn on with mouse, pen or the keyboard alone."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QTabletEvent,
)
from PySide6.QtWidgets import QWidget

from studio.widgets.drawing import Colour, Drawing, Pen, Rgb, Tool
from studio.widgets.focus_frame import DRAWS_OWN_FOCUS
from studio.widgets.painting import came_by_keyboard, paint_focus_ring
from studio.widgets.square_stage import SquareStage

_FAR = 8  # steps that an arrow key moves with Shift
_STEPS_ACROSS = 64  # arrow keys need as many to cross the drawing, whatever its size
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_PEN_EVENTS = {
    QEvent.Type.TabletPress,
    QEvent.Type.TabletMove,
    QEvent.Type.TabletRelease,
}


class DrawingCanvas(SquareStage):
    """Arrow keys move a cursor, Space draws while held, Enter puts the tool up or down.

    The right mouse button, and the other end of a pen, erase.

    Signals:
        changed: The picture is another one; while a tool moves, at every move.
        stepped: What can be undone or redone may have changed.
    """

    changed = Signal()
    stepped = Signal()

    def __init__(self, drawing: Drawing, parent: QWidget | None = None) -> None:
        """Show *drawing*, with a black brush."""
        super().__init__(parent)
        self._pen = Pen("brush", (0, 0, 0), 1.0)
        self._is_down = False
        self._cursor: QPointF | None = None  # in pixels of the drawing
        self._is_keyboard = False  # the cursor is moved by keys: it has to be seen
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setProperty(DRAWS_OWN_FOCUS, True)
        self.setAccessibleName(self.tr("Your drawing"))
        self.set_drawing(drawing)

    # What others may ask for.

    @property
    def drawing(self) -> Drawing:
        """The drawing that is shown; change it only through the canvas."""
        return self._drawing

    def set_drawing(self, drawing: Drawing) -> None:
        """Show another drawing."""
        self._drawing = drawing
        self._is_down = False
        self._show(was_changed=True)

    def set_tool(self, tool: Tool) -> None:
        """Draw with another tool from now on."""
        self._lift()
        self._pen = Pen(tool, self._pen.colour, self._pen.width)
        self.update()

    def set_colour(self, colour: Colour) -> None:
        """Draw in another colour from now on."""
        self._pen = Pen(self._pen.tool, colour, self._pen.width)

    def set_width(self, width: float) -> None:
        """Draw lines of so many pixels of the drawing from now on."""
        self._pen = Pen(self._pen.tool, self._pen.colour, width)
        self.update()

    def undo(self) -> None:
        """Take the last step back."""
        self._is_down = False
        self._drawing.undo()
        self._show(was_changed=True)

    def redo(self) -> None:
        """Do again what was taken back."""
        self._is_down = False
        self._drawing.redo()
        self._show(was_changed=True)

    def clear(self) -> None:
        """Make the drawing blank; can be undone."""
        self._is_down = False
        self._drawing.clear()
        self._show(was_changed=True)

    def stamp(self, rgb: Rgb) -> None:
        """Start from a picture, (S, S, 3); can be undone."""
        self._is_down = False
        self._drawing.stamp(rgb)
        self._show(was_changed=True)

    # Drawing.

    def _put_down(self, at: QPointF, *, erase: bool = False) -> None:
        pen = self._pen
        self._is_down = True
        self._drawing.press(Pen("eraser", pen.colour, pen.width) if erase else pen, at)
        self._show(was_changed=True)

    def _move(self, to: QPointF) -> None:
        self._cursor = to
        if self._is_down:
            self._drawing.drag(to)
        self._show(was_changed=self._is_down)

    def _lift(self) -> None:
        if self._is_down:
            self._is_down = False
            self._drawing.release()
            self._show(was_changed=False)

    def _show(self, *, was_changed: bool) -> None:
        self.set_image(self._drawing.image)
        if was_changed:
            self.changed.emit()
        if not self._is_down:
            self.stepped.emit()

    def _to_drawing(self, point: QPointF) -> QPointF:
        place, size = self.place(), self._drawing.size
        return (point - place.topLeft()) * (size / place.width())

    def _to_widget(self, point: QPointF) -> QPointF:
        place, size = self.place(), self._drawing.size
        return place.topLeft() + point * (place.width() / size)

    # Input.

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Put the tool down, with the right button the eraser."""
        buttons = Qt.MouseButton
        self._is_keyboard = False
        if event.button() in (buttons.LeftButton, buttons.RightButton):
            erase = event.button() == buttons.RightButton
            self._put_down(self._to_drawing(event.position()), erase=erase)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw, or show how wide the line would be."""
        self._is_keyboard = False
        self._move(self._to_drawing(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Lift the tool."""
        if not event.buttons():
            self._lift()

    def tabletEvent(self, event: QTabletEvent) -> None:
        """Draw with a pen; what it does not say is taken as from a mouse."""
        at = self._to_drawing(event.position())
        if event.type() == QEvent.Type.TabletPress:
            is_eraser = event.pointerType() == event.pointingDevice().PointerType.Eraser
            self._put_down(at, erase=is_eraser)
        elif event.type() == QEvent.Type.TabletMove:
            self._move(at)
        elif event.type() == QEvent.Type.TabletRelease:
            self._lift()
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        """Hide the outline of the tool."""
        if not self._is_keyboard:
            self._cursor = None
            self.update()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the cursor, put the tool down or up."""
        key = Qt.Key(event.key())
        if key in _ARROWS:
            far = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self._step(*_ARROWS[key], _FAR if far else 1)
        elif key == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._press_at_cursor()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._is_down:
                self._lift()
            else:
                self._press_at_cursor()
        else:
            super().keyPressEvent(event)
            return
        self._describe()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Lift the tool when Space is let go."""
        if event.key() != Qt.Key.Key_Space:
            super().keyReleaseEvent(event)
        elif not event.isAutoRepeat():
            self._lift()
            self._describe()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the cursor if a key brought the focus."""
        if came_by_keyboard(event):
            self._is_keyboard = True
            self._cursor = self._cursor or self._middle()
            self._describe()
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Lift the tool: the release of Space goes elsewhere now."""
        self._lift()
        self._is_keyboard = False
        super().focusOutEvent(event)
        self.update()

    def _step(self, x: int, y: int, steps: int) -> None:
        self._is_keyboard = True
        size = self._drawing.size
        by = steps * max(1, size // _STEPS_ACROSS)
        cursor = self._cursor or self._middle()
        self._move(
            QPointF(
                min(max(cursor.x() + x * by, 0.5), size - 0.5),
                min(max(cursor.y() + y * by, 0.5), size - 0.5),
            )
        )

    def _press_at_cursor(self) -> None:
        self._is_keyboard = True
        self._cursor = self._cursor or self._middle()
        self._put_down(self._cursor)

    def _middle(self) -> QPointF:
        half = self._drawing.size // 2 + 0.5
        return QPointF(half, half)

    def _describe(self) -> None:
        at = self._cursor or self._middle()
        words = self.tr("Column {0}, row {1} of {2}.")
        if self._is_down:
            words = self.tr("Column {0}, row {1} of {2}, drawing.")
        column, row = int(at.x()) + 1, int(at.y()) + 1
        self.setAccessibleDescription(words.format(column, row, self._drawing.size))

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the drawing, and over it the outline of the tool."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._cursor is not None:
            self._paint_cursor(painter, self._to_widget(self._cursor))
        if self._is_keyboard and self.hasFocus():
            paint_focus_ring(painter, QRectF(self.rect()), self.palette(), radius=8)

    def _paint_cursor(self, painter: QPainter, at: QPointF) -> None:
        """Black within white, so that it is seen on every colour."""
        has_width = self._pen.tool in ("brush", "eraser", "line")
        scale = self.place().width() / self._drawing.size
        side = max(6.0, self._pen.width * scale) if has_width else 6.0
        ring = QRectF(QPointF(0, 0), QSizeF(side, side))
        ring.moveCenter(at)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in (
            (QColor(255, 255, 255, 200), 3.0),
            (QColor(0, 0, 0), 1.2),
        ):
            painter.setPen(QPen(colour, width))
            painter.drawEllipse(ring)
            if self._is_keyboard or not has_width:
                for x, y in ((side, 0.0), (0.0, side)):
                    way = QPointF(x, y) / 2
                    outer = QPointF(x and x / 2 + 8, y and y / 2 + 8)
                    painter.drawLine(at + way, at + outer)
                    painter.drawLine(at - way, at - outer)
