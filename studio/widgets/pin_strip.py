"""Pinned pictures in an order that the user gives them."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from studio.icons import draw_icon
from studio.tokens import tokens_of
from studio.widgets.focus_frame import DRAWS_OWN_FOCUS
from studio.widgets.map_marks import paint_badge
from studio.widgets.painting import came_by_keyboard, paint_dashed, paint_focus_ring
from studio.widgets.picture import paint_cover

TILE = 48
GAP = 8


class PinStrip(QWidget):
    """Tiles of 48 in rows, and a last one that pins what is chosen.

    A click or Enter takes a pin, dragging or Ctrl with the arrow keys moves it in the
    order, Delete removes it.

    Signals:
        taken: The user wants to see a pin. (its index)
        moved: A pin is to be elsewhere in the order. (index, and where to)
        remove_requested: A pin is to go. (its index)
        add_requested: What is chosen is to be pinned.
    """

    taken = Signal(int)
    moved = Signal(int, int)
    remove_requested = Signal(int)
    add_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Build a strip that only holds the tile that adds."""
        super().__init__(parent)
        self._images: list[QImage | None] = []
        self._current = 0
        self._pressed: QPoint | None = None
        self._is_dragging = False
        self._focus_shown = False
        self.setProperty(DRAWS_OWN_FOCUS, True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._describe()

    def count(self) -> int:
        """How many pins there are."""
        return len(self._images)

    def set_pins(self, images: Sequence[QImage | None]) -> None:
        """Show other pins; one without its picture yet is an empty tile."""
        self._images = list(images)
        self._current = min(self._current, self.count())
        self._fit()
        self._describe()
        self.update()

    def current(self) -> int:
        """The tile that the keys act on; that of `count` is the one that adds."""
        return self._current

    def tile(self, index: int) -> QRect:
        """Where a tile is."""
        row, column = divmod(index, self._columns())
        return QRect(column * (TILE + GAP), row * (TILE + GAP), TILE, TILE)

    def _columns(self) -> int:
        return max(1, (self.width() + GAP) // (TILE + GAP))

    def _fit(self) -> None:
        rows = -(-(self.count() + 1) // self._columns())
        self.setFixedHeight(rows * (TILE + GAP) - GAP)

    def _index_at(self, point: QPoint) -> int | None:
        tiles = range(self.count() + 1)
        return next((i for i in tiles if self.tile(i).contains(point)), None)

    def _go_to(self, index: int) -> None:
        self._current = min(max(index, 0), self.count())
        self._describe()
        self.update()

    def _move(self, by: int) -> None:
        """Take the current pin along the order."""
        there = self._current + by
        if self._current < self.count() and 0 <= there < self.count():
            here, self._current = self._current, there
            self.moved.emit(here, there)

    def _enter(self) -> None:
        if self._current < self.count():
            self.taken.emit(self._current)
        else:
            self.add_requested.emit()

    def _describe(self) -> None:
        if self._current < self.count():
            words = self.tr("Pin {0} of {1}").format(self._current + 1, self.count())
        else:
            words = self.tr("Pin what is chosen")
        self.setAccessibleName(words)

    # Qt overrides

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the pins with their numbers, and the tile that adds."""
        del event
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index, image in enumerate(self._images):
            tile = QRectF(self.tile(index))
            if image is None:
                paint_dashed(painter, tile, tokens.line2)
            else:
                paint_cover(painter, image, tile, self.palette())
            paint_badge(painter, tile, index + 1)
            if self._is_dragging and index == self._current:
                painter.setPen(QPen(QColor(tokens.accent_ui), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(tile.adjusted(1, 1, -1, -1), 4, 4)
        last = QRectF(self.tile(self.count()))
        paint_dashed(painter, last, tokens.line2, radius=6)
        icon = QRectF(0, 0, 16, 16)
        icon.moveCenter(last.center())
        draw_icon(painter, icon, "plus", tokens.text2)
        if self._focus_shown and self.hasFocus():
            paint_focus_ring(painter, QRectF(self.tile(self._current)), self.palette())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take as many rows as the width needs."""
        super().resizeEvent(event)
        self._fit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of a pin."""
        index = self._index_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index is not None:
            self._focus_shown = False
            self._pressed = event.position().toPoint()
            self._go_to(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the pin that is held to where the pointer is."""
        if self._pressed is None or self._current == self.count():
            return
        point = event.position().toPoint()
        way = (point - self._pressed).manhattanLength()
        self._is_dragging |= way >= QApplication.startDragDistance()
        there = self._index_at(point)
        if self._is_dragging and there is not None and there != self._current:
            self._move(there - self._current)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Take the pin, unless it was dragged."""
        del event
        if self._pressed is not None and not self._is_dragging:
            self._enter()
        self._pressed, self._is_dragging = None, False
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go along the pins, move, take or remove one."""
        self._focus_shown = True
        columns, keys = self._columns(), Qt.Key
        steps = {
            keys.Key_Left: -1,
            keys.Key_Right: 1,
            keys.Key_Up: -columns,
            keys.Key_Down: columns,
            keys.Key_Home: -self._current,
            keys.Key_End: self.count() - self._current,
        }
        key = keys(event.key())
        if key in steps and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._move(steps[key])
        elif key in steps:
            self._go_to(self._current + steps[key])
        elif key in (keys.Key_Return, keys.Key_Enter, keys.Key_Space):
            self._enter()
        elif key in (keys.Key_Delete, keys.Key_Backspace):
            if self._current < self.count():
                self.remove_requested.emit(self._current)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus if a key brought it."""
        self._focus_shown = came_by_keyboard(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show it no more."""
        del event
        self.update()

    def sizeHint(self) -> QSize:
        """Return a row of four."""
        return QSize(4 * (TILE + GAP) - GAP, TILE)
