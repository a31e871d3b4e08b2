"""The pairs of a data set as a list model: found by name, with a cache of pictures."""

from collections import OrderedDict
from collections.abc import Iterable
from typing import Literal, NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt
from PySide6.QtGui import QImage

from studio.widgets.picture_list import Index

Part = Literal["all", "training", "held out"]

KEPT_THUMBNAILS = 1000  # of two pictures of 72 x 72: about 40 MB


class Pair(NamedTuple):
    """One pair of a data set, as far as the grid has to know it."""

    key: str
    """What the caller knows the pair by; unique."""
    name: str
    held_out: bool = False
    left_out: str = ""
    """Why the pair is not used, as a sentence; empty if it is."""


class PairModel(QAbstractListModel):
    """Pairs that match a part and a text, in the order given."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Build an empty model that shows all there is."""
        super().__init__(parent)
        self._pairs: list[Pair] = []
        self._shown: list[Pair] = []
        self._row_of: dict[str, int] = {}
        self._part: Part = "all"
        self._text = ""
        self._thumbnails: OrderedDict[str, tuple[QImage, QImage]] = OrderedDict()

    def set_pairs(self, pairs: Iterable[Pair]) -> None:
        """Replace all pairs and forget their pictures."""
        self._pairs = list(pairs)
        self._thumbnails.clear()
        self._refilter()

    def set_part(self, part: Part) -> None:
        """Show only this part of the pairs."""
        self._part = part
        self._refilter()

    def set_text(self, text: str) -> None:
        """Show only pairs whose name contains *text*, in either case of letters."""
        self._text = text.strip().casefold()
        self._refilter()

    def pair(self, row: int) -> Pair:
        """Return the pair shown in *row*."""
        return self._shown[row]

    def thumbnails(self, key: str) -> tuple[QImage, QImage] | None:
        """Return both pictures of a pair, or None while they are not known."""
        found = self._thumbnails.get(key)
        if found is not None:
            self._thumbnails.move_to_end(key)
        return found

    def set_thumbnail(self, key: str, before: QImage, after: QImage) -> None:
        """Keep the pictures of a pair; those longest unseen make room."""
        self._thumbnails[key] = (before, after)
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
            pair
            for pair in self._pairs
            if (held_out is None or pair.held_out == held_out)
            and self._text in pair.name.casefold()
        ]
        self._row_of = {pair.key: row for row, pair in enumerate(self._shown)}
        self.endResetModel()

    def _words(self, pair: Pair) -> str:
        states = [pair.name]
        if pair.held_out:
            states.append(self.tr("held out: never trained on"))
        if pair.left_out:
            states.append(self.tr("left out: {0}").format(pair.left_out))
        return "\n".join(states)

    # Qt overrides

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Return how many pairs are shown."""
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a pair's name, and in longer words its state."""
        if not index.isValid():
            return None
        pair = self._shown[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return pair.name
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._words(pair)
        return None
