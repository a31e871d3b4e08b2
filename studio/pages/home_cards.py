"""Home's cards: what each engine does, shown by a picture, and a button to try it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engines.catalogue import EngineEntry, engine_entry
from engines.samples.catalogue import sample_for
from studio.resources import RESOURCES
from studio.widgets import buttons
from studio.widgets.card import Card
from studio.widgets.card_picture import CardPicture
from studio.widgets.labels import caption, heading

# What each shows, made by its engine from the set that Try it opens.
PICTURES = {
    "pix2pix": "outline_to_picture.png",
    "cyclegan": "day_to_night.png",
    "dcgan": "new_pictures.png",
    "vae": "smooth_morph.png",
}


class HomeCards(QWidget):
    """A card for each kind of task, in equal columns.

    Attributes:
        cards: By the name of the engine.

    Signals:
        try_clicked: The user wants to see what an engine does. (str, its name)
    """

    try_clicked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Offer to try everything."""
        super().__init__(parent)
        self.cards = {name: HomeCard(engine_entry(name)) for name in PICTURES}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        for card in self.cards.values():
            row.addWidget(card, 1)
            card.try_clicked.connect(self.try_clicked)

    def allow(self, can: bool) -> None:
        """Let things be tried, or say on every card why they cannot be."""
        for card in self.cards.values():
            card.allow(can)


class HomeCard(Card):
    """What an engine does: picture, task, name, a sentence, how long trying takes.

    Signals:
        try_clicked: The user wants to see it. (str, the engine's name)
    """

    try_clicked = Signal(str)

    def __init__(self, entry: EngineEntry) -> None:
        """Offer to try it; how long that takes is not known yet."""
        super().__init__()
        self._can = True
        self._length = self.tr("a few minutes")
        self.try_button = buttons.secondary(self.tr("Try it"), "play")
        self.try_button.setAccessibleName(self.tr("Try it: {0}").format(entry.task))
        self.length = caption()
        self.length.setWordWrap(True)
        self.length.setAlignment(
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        )
        self._picture = CardPicture(
            QImage.fromData((RESOURCES / "home" / PICTURES[entry.name]).read_bytes()),
            sample_for(entry.name).words,
            split=entry.translates,
        )

        self.column.setContentsMargins(1, 1, 1, 1)
        self.column.setSpacing(0)
        self.column.addWidget(self._picture)
        self.column.addLayout(self._words(entry), 1)
        self.try_button.clicked.connect(lambda: self.try_clicked.emit(entry.name))
        self._show_length()

    def _words(self, entry: EngineEntry) -> QVBoxLayout:
        go = QHBoxLayout()
        go.setSpacing(8)
        go.addWidget(self.try_button)
        go.addWidget(self.length, 1)
        task = heading(entry.task)
        task.setWordWrap(True)
        sentence = caption(entry.words)
        sentence.setWordWrap(True)
        words = QVBoxLayout()
        words.setContentsMargins(16, 12, 16, 15)
        words.setSpacing(4)
        words.addWidget(task)
        words.addWidget(caption(entry.title))
        words.addWidget(sentence)
        words.addStretch(1)
        words.addSpacing(8)
        words.addLayout(go)
        return words

    def show_length(self, words: str) -> None:
        """Say how long trying it takes on this computer."""
        self._length = words
        self._show_length()

    def allow(self, can: bool) -> None:
        """Let it be tried, or say why it cannot be."""
        self._can = can
        self._show_length()

    def _show_length(self) -> None:
        why_not = "" if self._can else self.tr("once this run has ended")
        self.length.setText(why_not or self._length)
        self.try_button.setEnabled(self._can)
        self.try_button.setAccessibleDescription(self.length.text())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the picture whole, as high as it is wide in proportion."""
        super().resizeEvent(event)
        wanted = self._picture.sizeHint()
        height = self.width() * wanted.height() / wanted.width()
        self._picture.setFixedHeight(round(height))
