"""A column of small pictures of which one is looked at; the rest a page further."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.fonts import role_font
from studio.tokens import tokens_of
from studio.widgets.focus_frame import DRAWS_OWN_FOCUS
from studio.widgets.painting import came_by_keyboard, paint_focus_ring
from studio.widgets.picture import CAPTION_HEIGHT, paint_cover

TILE = 64
GAP = 8
MORE_HEIGHT = 40


class PictureColumn(QWidget):
    """Tiles of 64 pixels under a caption; where not all fit, "+3" turns the page.

    Signals:
        chosen: The user chose a picture. (int, its place)
    """

    chosen = Signal(int)

    def __init__(self, caption: str, parent: QWidget | None = None) -> None:
        """Build an empty column."""
        super().__init__(parent)
        self._caption = caption
        self._images: list[QImage] = []
        self._names: list[str] = []
        self._chosen = 0
        self._first = 0
        self._focus_shown = False
        self.setProperty(DRAWS_OWN_FOCUS, True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self._describe()

    def set_pictures(self, images: Sequence[QImage], names: Sequence[str]) -> None:
        """Show other pictures; the same place stays chosen where there still is one.

        Raises:
            ValueError: There are not as many names as pictures.
        """
        if len(images) != len(names):
            raise ValueError(f"{len(images)} pictures need as many names")
        self._images, self._names = list(images), list(names)
        self._chosen = min(self._chosen, max(0, len(images) - 1))
        self._describe()
        self.update()

    def choose(self, place: int) -> None:
        """Look at another picture.

        Raises:
            IndexError: There is no such place.
        """
        if not 0 <= place < len(self._images):
            raise IndexError(f"there is no picture {place}")
        if place == self._chosen:
            return
        self._chosen = place
        self._turn_to_chosen()
        self._describe()
        self.update()
        self.chosen.emit(place)

    def chosen_place(self) -> int:
        """The picture that is looked at, from 0."""
        return self._chosen

    def _describe(self) -> None:
        self.setAccessibleName(self._caption)
        name = self._names[self._chosen] if self._names else ""
        self.setAccessibleDescription(name)
        self.setToolTip(name)

    # Which tiles are on the page.

    def _room(self) -> int:
        """Pictures on a page; where not all fit, there is room for "+3" as well."""
        height = self.height() - CAPTION_HEIGHT
        slots = (height + GAP) // (TILE + GAP)
        if slots < len(self._images):
            slots = (height - MORE_HEIGHT) // (TILE + GAP)
        return max(1, slots)

    def _more(self) -> QRectF:
        """What turns the page; empty where all pictures fit."""
        if self._room() >= len(self._images):
            return QRectF()
        tile = self._tile(self._room())
        tile.setBottom(min(tile.bottom(), float(self.height())))
        return tile

    def _shown(self) -> range:
        return range(self._first, min(self._first + self._room(), len(self._images)))

    def _turn_to_chosen(self) -> None:
        self._first = self._chosen // self._room() * self._room()

    def _turn_page(self) -> None:
        last = self._shown().stop >= len(self._images)
        self._first = 0 if last else self._shown().stop
        self.update()

    def _tile(self, slot: int) -> QRectF:
        return QRectF(0, CAPTION_HEIGHT + slot * (TILE + GAP), TILE, TILE)

    # Qt overrides

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the caption, the tiles of this page and what turns it."""
        painter = QPainter(self)
        tokens = tokens_of(self.palette())
        painter.setFont(role_font("caption"))
        painter.setPen(QColor(tokens.text2))
        painter.drawText(QPointF(0, CAPTION_HEIGHT - 10), self._caption)
        for slot, place in enumerate(self._shown()):
            self._paint_tile(painter, self._tile(slot), place)
        if not self._more().isEmpty():
            self._paint_more(painter, self._more())

    def _paint_tile(self, painter: QPainter, tile: QRectF, place: int) -> None:
        chosen = place == self._chosen
        inner = tile.adjusted(3, 3, -3, -3) if chosen else tile
        paint_cover(painter, self._images[place], inner, self.palette())
        if chosen:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(tokens_of(self.palette()).accent_ui), 2))
            painter.drawRoundedRect(tile.adjusted(1, 1, -1, -1), 5, 5)
            if self._focus_shown and self.hasFocus():
                paint_focus_ring(painter, tile.adjusted(3, 3, -3, -3), self.palette())

    def _paint_more(self, painter: QPainter, tile: QRectF) -> None:
        tokens = tokens_of(self.palette())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens.line), 1))
        painter.setBrush(QColor(tokens.raised))
        painter.drawRoundedRect(tile.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setFont(role_font("strong"))
        painter.setPen(QColor(tokens.text))
        more = f"+{len(self._images) - len(self._shown())}"
        painter.drawText(tile, Qt.AlignmentFlag.AlignCenter, more)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the picture under the pointer, or turn the page."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        for slot, place in enumerate(self._shown()):
            if self._tile(slot).contains(event.position()):
                self.choose(place)
                return
        if self._more().contains(event.position()):
            self._turn_page()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the picture above or below."""
        self._focus_shown = True
        stride = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if stride is None or not self._images:
            super().keyPressEvent(event)
            return
        self.choose(min(max(self._chosen + stride, 0), len(self._images) - 1))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus if a key brought it."""
        self._focus_shown = came_by_keyboard(event)
        super().focusInEvent(event)

    def sizeHint(self) -> QSize:
        """Four tiles."""
        return QSize(TILE, CAPTION_HEIGHT + 4 * (TILE + GAP) - GAP)

    def minimumSizeHint(self) -> QSize:
        """One tile and what turns the page."""
        return QSize(TILE, CAPTION_HEIGHT + TILE)
