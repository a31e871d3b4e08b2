"""A grid of pictures or pairs that stays smooth with a hundred thousand of them."""

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QLabel,
    QStackedLayout,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from studio.fonts import role_font
from studio.icons import draw_icon
from studio.tokens import tokens_of
from studio.widgets.chip import chip_width, paint_chip
from studio.widgets.painting import paint_focus_ring
from studio.widgets.picture import paint_picture
from studio.widgets.picture_list import Index, PictureList
from studio.widgets.picture_model import Card, Part, PictureModel

THUMBNAIL = 72
PADDING = 11.0
GAP = 12
MIN_CELL_WIDTHS = {1: 114, 2: 198}  # by pictures on a card
CARD_HEIGHT = 116
SETTLE_MS = 60  # scrolling through a thousand rows asks for the last screen only


class PictureGrid(QWidget):
    """Cards of one picture or of a pair, in as many columns as fit.

    Arrow keys, Home and End move.

    Signals:
        activated: Key of the card on which Enter was pressed or that was
            double-clicked.
        current_changed: Key of the card that was moved to.
        thumbnails_wanted: Keys of the cards on screen without pictures. Each list
            replaces the one before; what has scrolled away is no longer wanted.
    """

    activated = Signal(str)
    current_changed = Signal(str)
    thumbnails_wanted = Signal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Build an empty grid that shows all parts."""
        super().__init__(parent)
        self._model = PictureModel(self)
        self._pictures = 2
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)

        self._list = PictureList(self._model)
        self._list.setWrapping(True)
        delegate = _CardDelegate(self._list, self._model, lambda: self._pictures)
        self._list.setItemDelegate(delegate)
        self._list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setAccessibleName(self.tr("Pictures"))
        self._nothing = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self._nothing.setProperty("role", "caption")
        self.setFocusProxy(self._list)

        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._list)
        self._stack.addWidget(self._nothing)

        self._list.activated.connect(self._on_activated)
        self._list.selectionModel().currentChanged.connect(self._on_current_changed)
        self._list.painted.connect(self._on_painted)
        self._list.viewport().installEventFilter(self)
        self._settle.timeout.connect(self._ask_for_thumbnails)

        self._set_nothing_words()

    def set_cards(self, cards: Iterable[Card], *, pictures: int = 2) -> None:
        """Show other items.

        Args:
            cards: In the order of the grid.
            pictures: On each card: 2 for pairs, else 1.
        """
        self._pictures = pictures
        self._model.set_cards(cards)
        self._fit_columns()
        self._on_filtered()

    def mark_left_out(self, words: Mapping[str, str]) -> None:
        """Say of some items, by their keys, why they are not used."""
        self._model.mark_left_out(words)

    def set_filter(self, text: str) -> None:
        """Show only items whose name contains *text*."""
        self._model.set_text(text)
        self._on_filtered()

    def set_group(self, group: int | None) -> None:
        """Show only one style or class, None for all."""
        self._model.set_group(group)
        self._on_filtered()

    def set_part(self, part: Part) -> None:
        """Show "all" items, only the "training" ones, or those "held out"."""
        self._model.set_part(part)
        self._on_filtered()

    def shown_count(self) -> int:
        """Return how many items pass the filters."""
        return self._model.rowCount()

    def set_thumbnail(self, key: str, *images: QImage) -> None:
        """Show the pictures of a card, best of 72 device-independent pixels."""
        self._model.set_thumbnail(key, *images)

    def current_key(self) -> str | None:
        """Return the key of the card that the keyboard is at."""
        index = self._list.currentIndex()
        return self._model.card(index.row()).key if index.isValid() else None

    def _on_filtered(self) -> None:
        self._stack.setCurrentIndex(0 if self.shown_count() else 1)
        self._list.scrollToTop()

    def _on_activated(self, index: Index) -> None:
        self.activated.emit(self._model.card(index.row()).key)

    def _on_current_changed(self, index: Index) -> None:
        if index.isValid():
            self.current_changed.emit(self._model.card(index.row()).key)

    def _on_painted(self) -> None:
        if self._missing():
            self._settle.start()

    def _missing(self) -> list[str]:
        keys = (self._model.card(row).key for row in self._list.visible_rows())
        return [key for key in keys if self._model.thumbnails(key) is None]

    def _ask_for_thumbnails(self) -> None:
        if missing := self._missing():
            self.thumbnails_wanted.emit(missing)

    def _set_nothing_words(self) -> None:
        self._nothing.setText(self.tr("Nothing has such a name here."))

    def _fit_columns(self) -> None:
        """Share the width among as many columns as fit."""
        width = self._list.viewport().width() - 1  # a line that is full to it breaks
        columns = max(1, width // MIN_CELL_WIDTHS[self._pictures])
        self._list.setGridSize(QSize(width // columns, CARD_HEIGHT + GAP))

    # Qt overrides

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Fit the columns to the room that the scroll bar leaves."""
        if isinstance(event, QResizeEvent):
            self._fit_columns()
        return False

    def changeEvent(self, event: QEvent) -> None:
        """Translate the words again when the language changes."""
        if event.type() == QEvent.Type.LanguageChange:
            self._set_nothing_words()
        super().changeEvent(event)


class _CardDelegate(QStyledItemDelegate):
    """Draws a card: its pictures, the name and its state."""

    def __init__(
        self, view: PictureList, model: PictureModel, pictures: Callable[[], int]
    ) -> None:
        super().__init__(view)
        self._view = view
        self._model = model
        self._pictures = pictures

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return self._view.gridSize()

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index
    ) -> None:
        tokens = tokens_of(option.palette)
        card = QRectF(option.rect.topLeft(), option.rect.size())
        card.adjust(0, 0, -GAP, 0)
        card.setHeight(CARD_HEIGHT)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = 2.0 if chosen else 1.0
        painter.setPen(QPen(QColor(tokens.accent_ui if chosen else tokens.line), width))
        painter.setBrush(QColor(tokens.surface))
        inset = width / 2
        painter.drawRoundedRect(card.adjusted(inset, inset, -inset, -inset), 8, 8)

        item = self._model.card(index.row())
        self._paint_pictures(painter, option, card, item)
        self._paint_words(painter, option, card, item)
        if self._view.shows_focus(index):
            paint_focus_ring(painter, card.adjusted(3, 3, -3, -3), option.palette)
        painter.restore()

    def _paint_pictures(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        card: QRectF,
        item: Card,
    ) -> None:
        tokens = tokens_of(option.palette)
        images = self._model.thumbnails(item.key)
        rects = self._places(card)
        for side, rect in enumerate(rects):
            if images is None:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(tokens.hover))
                painter.drawRoundedRect(rect, 4, 4)
            else:
                paint_picture(painter, images[side], rect, option.palette, fill=True)
            if item.left_out:
                veil = QColor(tokens.bg)
                veil.setAlphaF(0.65)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(veil)
                painter.drawRoundedRect(rect, 4, 4)
        if len(rects) == 2:
            arrow = QRectF(0, 0, 14, 14)
            arrow.moveCenter(QPointF(card.center().x(), rects[0].center().y()))
            draw_icon(painter, arrow, "arrow-right", tokens.text3)

    def _places(self, card: QRectF) -> list[QRectF]:
        """Of its pictures: at both ends, or one in the middle."""
        first = QRectF(card.left(), card.top(), THUMBNAIL, THUMBNAIL)
        first.translate(PADDING, PADDING)
        if self._pictures() == 1:
            first.moveCenter(QPointF(card.center().x(), first.center().y()))
            return [first]
        second = QRectF(first)
        second.moveRight(card.right() - PADDING)
        return [first, second]

    def _paint_words(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        card: QRectF,
        item: Card,
    ) -> None:
        tokens = tokens_of(option.palette)
        top = card.top() + PADDING + THUMBNAIL
        row = QRectF(card.left(), top, card.width(), card.bottom() - 2 - top)
        row.adjust(PADDING, 0, -PADDING, 0)
        word, level = self._state(item)
        if word:
            width = chip_width(None, word)
            corner = QPointF(row.right() - width, row.center().y() - 12)
            if self._pictures() == 1:  # too narrow for both
                corner.setX(row.center().x() - width / 2)
            paint_chip(painter, corner, level, None, word, tokens)
            row.adjust(0, 0, -width - 8, 0)
            if self._pictures() == 1:
                return
        painter.setFont(role_font("caption"))
        painter.setPen(QColor(tokens.text2))
        name = QFontMetricsF(painter.font()).elidedText(
            item.name.rpartition("/")[2], Qt.TextElideMode.ElideMiddle, row.width()
        )
        painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, name)

    def _state(self, item: Card) -> tuple[str, str]:
        """Return the word of the chip and its level; no word for a plain card."""
        if item.left_out:
            return self.tr("left out"), "warn"
        return (self.tr("held out"), "active") if item.held_out else ("", "")
