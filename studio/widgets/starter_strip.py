"""Pictures to start a drawing from, in a row."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QPainter,
    QPen,
    QStandardItem,
    QStandardItemModel,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from studio.tokens import tokens_of
from studio.widgets.painting import paint_focus_ring
from studio.widgets.picture import paint_cover
from studio.widgets.picture_list import Index, PictureList

TILE = 64
GAP = 8

_IMAGE = Qt.ItemDataRole.UserRole


class StarterStrip(PictureList):
    """Tiles of 64; a click, Enter or Space takes one. The wheel scrolls sideways.

    Signals:
        taken: The drawing is to start from a picture. (its index)
    """

    taken = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Build an empty strip."""
        self._pictures = QStandardItemModel()
        super().__init__(self._pictures, parent)
        self._pictures.setParent(self)
        self._taken = -1
        self.setItemDelegate(_StarterDelegate(self))
        self.setWrapping(False)
        self.setGridSize(QSize(TILE + GAP, TILE))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Drawings to start from"))
        self.clicked.connect(self._on_entered)
        self.activated.connect(self._on_entered)

    def count(self) -> int:
        """Return how many pictures there are."""
        return self._pictures.rowCount()

    def set_pictures(self, pictures: Sequence[tuple[str, QImage]]) -> None:
        """Offer other pictures, by name; none of them is marked."""
        self._taken = -1
        self._pictures.clear()
        for name, image in pictures:
            item = QStandardItem(name)
            item.setToolTip(name)
            item.setData(image, _IMAGE)
            self._pictures.appendRow(item)

    def taken_index(self) -> int:
        """Return the index of the picture that is marked, -1 if none is."""
        return self._taken

    def mark(self, index: int) -> None:
        """Mark the picture that the drawing is, -1 for none."""
        if index != self._taken:
            self._taken = index
            self.viewport().update()

    def _on_entered(self, index: Index) -> None:
        self.mark(index.row())
        self.taken.emit(index.row())

    # Qt overrides

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll sideways, whichever way the wheel turns."""
        bar = self.horizontalScrollBar()
        turned = event.angleDelta()
        bar.setValue(bar.value() - (turned.x() or turned.y()))
        event.accept()

    def sizeHint(self) -> QSize:
        """Return eight tiles."""
        return QSize(8 * (TILE + GAP), TILE)

    def minimumSizeHint(self) -> QSize:
        """Return two tiles."""
        return QSize(2 * (TILE + GAP), TILE)


class _StarterDelegate(QStyledItemDelegate):
    def __init__(self, strip: StarterStrip) -> None:
        super().__init__(strip)
        self._strip = strip

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return self._strip.gridSize()

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index
    ) -> None:
        corner = option.rect.topLeft()
        tile = QRectF(corner.x(), corner.y(), TILE, TILE)
        is_taken = index.row() == self._strip.taken_index()
        inner = tile.adjusted(3, 3, -3, -3) if is_taken else tile
        painter.save()
        paint_cover(painter, index.data(_IMAGE), inner, option.palette)
        if is_taken:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(tokens_of(option.palette).accent_ui), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(tile.adjusted(1, 1, -1, -1), 5, 5)
        if self._strip.shows_focus(index):
            inside = tile.adjusted(3, 3, -3, -3)
            paint_focus_ring(painter, inside, option.palette, radius=3)
        painter.restore()
