"""Cards of which one is chosen: how long to train, with what to expect of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from studio.icons import draw_icon
from studio.tokens import tokens_of
from studio.widgets.labels import caption, heading, strong
from studio.widgets.picture import paint_picture

_RADIUS = 8
_RADIO = 16
_PICTURE = 64
_PICTURE_GAP = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class PresetChoice:
    """The words on one card.

    Attributes:
        key: What `PresetCards.chosen` says.
        title: One word.
        strong: What it costs ("about 40 s").
        caption: What it sets ("64 pixels, small network").
        words: What to expect, one or two sentences.
    """

    key: str
    title: str
    strong: str
    caption: str
    words: str


class PresetCards(QWidget):
    """Cards in equal columns; a click, Space or an arrow key chooses one.

    Signals:
        chosen: The user chose a card. (str, its key)
    """

    chosen = Signal(str)

    def __init__(
        self, choices: Sequence[PresetChoice], parent: QWidget | None = None
    ) -> None:
        """Build the cards, none of them chosen."""
        super().__init__(parent)
        self._cards: Mapping[str, _Card] = {}
        self._group = QButtonGroup(self)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(16)
        self._group.buttonClicked.connect(self._on_clicked)
        self.set_choices(choices)

    def set_choices(self, choices: Sequence[PresetChoice]) -> None:
        """Put other cards in place of those there are, none of them chosen."""
        for card in self._cards.values():
            self._group.removeButton(card)
            self._row.removeWidget(card)
            card.hide()  # it is still there until Qt deletes it
            card.deleteLater()
        self._cards = {choice.key: _Card(choice) for choice in choices}
        for card in self._cards.values():
            self._row.addWidget(card, stretch=1)
            self._group.addButton(card)

    def chosen_key(self) -> str | None:
        """The chosen card, None where the settings are the user's own."""
        return next((k for k, c in self._cards.items() if c.isChecked()), None)

    def set_chosen(self, key: str | None) -> None:
        """Choose a card, or none, without telling.

        Raises:
            KeyError: There is no such card.
        """
        if key is not None:
            self._cards[key].setChecked(True)
            return
        self._group.setExclusive(False)  # or Qt keeps the last one chosen
        for card in self._cards.values():
            card.setChecked(False)
        self._group.setExclusive(True)

    def set_strong(self, key: str, words: str) -> None:
        """Say what a card costs, once that is known for this computer.

        Raises:
            KeyError: There is no such card.
        """
        self._cards[key].set_strong(words)

    def set_pictures(self, key: str, pictures: Sequence[QImage]) -> None:
        """Show what results look like; those that do not fit are left out.

        Raises:
            KeyError: There is no such card.
        """
        self._cards[key].set_pictures(pictures)

    def _on_clicked(self, card: QAbstractButton) -> None:
        assert isinstance(card, _Card)
        self.chosen.emit(card.key)


class _Card(QAbstractButton):
    """One card: heading and radio mark, pictures, what it costs, what to expect."""

    def __init__(self, choice: PresetChoice) -> None:
        super().__init__()
        self.key = choice.key
        self._choice = choice
        self.setCheckable(True)
        self.setAutoExclusive(True)  # screen readers then call it a radio button
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.setAccessibleName(choice.title)

        self._strong = strong()
        self._strong.setWordWrap(True)
        self._pictures = _PictureRow()
        lines = caption(choice.caption), caption(choice.words)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 12)
        column.setSpacing(4)
        column.addWidget(heading(choice.title))
        column.addWidget(self._pictures)
        column.addSpacing(4)
        column.addWidget(self._strong)
        for line in lines:
            line.setWordWrap(True)
            column.addWidget(line)
        column.addStretch(1)
        self.set_strong(choice.strong)

    def set_strong(self, words: str) -> None:
        self._strong.setText(words)
        told = (words, self._choice.caption, self._choice.words)
        self.setAccessibleDescription(". ".join(w.rstrip(".") for w in told if w))

    def set_pictures(self, pictures: Sequence[QImage]) -> None:
        self._pictures.set_pictures(pictures)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = tokens_of(self.palette())
        on = self.isChecked()
        width = 2 if on else 1
        fill = tokens.hover if self.underMouse() and not on else tokens.surface
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens.accent_ui if on else tokens.line), width))
        painter.setBrush(QColor(fill))
        inset = width / 2
        edge = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(edge, _RADIUS - inset, _RADIUS - inset)
        self._paint_radio(painter)

    def _paint_radio(self, painter: QPainter) -> None:
        """The mark at the right end of the heading."""
        tokens = tokens_of(self.palette())
        centre = QPointF(self.width() - 27, 24.5)
        painter.setBrush(QColor(tokens.accent if self.isChecked() else tokens.field))
        edge = tokens.accent if self.isChecked() else tokens.line2
        painter.setPen(QPen(QColor(edge), 1))
        painter.drawEllipse(centre, _RADIO / 2 - 0.5, _RADIO / 2 - 0.5)
        if self.isChecked():
            tick = QRectF(0, 0, 10, 10)
            tick.moveCenter(centre)
            draw_icon(painter, tick, "check-bold", tokens.on_accent)


class _PictureRow(QWidget):
    """Small pictures side by side, gone while there are none."""

    def __init__(self) -> None:
        super().__init__()
        self._pictures: tuple[QImage, ...] = ()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFixedHeight(_PICTURE)
        self.hide()

    def set_pictures(self, pictures: Sequence[QImage]) -> None:
        self._pictures = tuple(pictures)
        self.setVisible(bool(self._pictures))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        stride = _PICTURE + _PICTURE_GAP
        fitting = (self.width() + _PICTURE_GAP) // stride
        for i, picture in enumerate(self._pictures[:fitting]):
            place = QRectF(i * stride, 0, _PICTURE, _PICTURE)
            paint_picture(painter, picture, place, self.palette())
