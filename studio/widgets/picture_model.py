"""The items of a picture set as a list model, with a cache of their pictures."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt
from PySide6.QtGui import QImage

from studio.widgets.picture_list import Index

Part = Literal["all", "training", "held out"]

KEPT_THUMBNAILS = 1000  # of two pictures of 72 x 72: about 40 MB


class Card(NamedTuple):
    """One item of a picture set, as far as the grid has to know it."""

    key: str
    """What the caller knows it by; unique."""
    name: str
    held_out: bool = False
    left_out: str = ""
    """Why it is not used, as a sentence; empty if it is."""
    group: int = 0
    """Its style or class."""


class PictureModel(QAbstractListModel):
    """Items that match a part, a group and a text, in the order given."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Build an empty model that shows all there is."""
        super().__init__(parent)
        self._cards: list[Card] = []
        self._shown: list[Card] = []
        self._row_of: dict[str, int] = {}
        self._part: Part = "all"
        self._text = ""
        self._group: int | None = None
        self._thumbnails: OrderedDict[str, tuple[QImage, ...]] = OrderedDict()

    def set_cards(self, cards: Iterable[Card]) -> None:
        """Replace all items and forget their pictures."""
        self._cards = list(cards)
        self._thumbnails.clear()
        self._refilter()

    def mark_left_out(self, words: Mapping[str, str]) -> None:
        """Say of some items, by their keys, why they are not used."""

        def marked(cards: list[Card]) -> list[Card]:
            return [
                card._replace(left_out=words[card.key]) if card.key in words else card
                for card in cards
            ]

        self._cards, self._shown = marked(self._cards), marked(self._shown)
        if self._shown:
            self.dataChanged.emit(self.index(0), self.index(len(self._shown) - 1))

    def set_part(self, part: Part) -> None:
        """Show only this part of the items."""
        self._part = part
        self._refilter()

    def set_group(self, group: int | None) -> None:
        """Show only one style or class, None for all."""
        self._group = group
        self._refilter()

    def set_text(self, text: str) -> None:
        """Show only items whose name contains *text*, in either case of letters."""
        self._text = text.strip().casefold()
        self._refilter()

    def card(self, row: int) -> Card:
        """Return the card shown in *row*."""
        return self._shown[row]

    def thumbnails(self, key: str) -> tuple[QImage, ...] | None:
        """Return both pictures of a card, or None while they are not known."""
        found = self._thumbnails.get(key)
        if found is not None:
            self._thumbnails.move_to_end(key)
        return found

    def set_thumbnail(self, key: str, *images: QImage) -> None:
        """Keep the pictures of a card; those longest unseen make room."""
        self._thumbnails[key] = images
        self._thumbnails.move_to_end(key)
        if len(self._thumbnails) > KEPT_THUMBNAILS:
            self._thumbnails.popitem(last=False)
        row = self._row_of.get(key)
        if row is not None:
            index = self.index(row)
            self.dataChanged.emit(index, index, [Qt.ItemDataRole.DecorationRole])

    def _refilter(self) -> None:
        self.beginResetModel()
        held_out = {"training": False, "held out": True}.get(self._part)
        self._shown = [
            card
            for card in self._cards
            if (held_out is None or card.held_out == held_out)
            and self._group in (None, card.group)
            and self._text in card.name.casefold()
        ]
        self._row_of = {card.key: row for row, card in enumerate(self._shown)}
        self.endResetModel()

    def _words(self, card: Card) -> str:
        states = [card.name]
        if card.held_out:
            states.append(self.tr("held out: never trained on"))
        if card.left_out:
            states.append(self.tr("left out: {0}").format(card.left_out))
        return "\n".join(states)

    # Qt overrides

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Return how many items are shown."""
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a card's name, and in longer words its state."""
        if not index.isValid():
            return None
        card = self._shown[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return card.name
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._words(card)
        return None
