"""The pictures one has brought to translate, as a strip below the stage."""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPointF,
    QRectF,
    QSignalBlocker,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from studio.fonts import role_font
from studio.icons import draw_icon
from studio.tokens import tokens_of
from studio.widgets.painting import paint_dashed, paint_focus_ring, paint_tag, tag_size
from studio.widgets.picture import paint_cover
from studio.widgets.picture_list import Index, PictureList

FilmState = Literal["waiting", "done", "refused"]

TILE = QSize(92, 60)
GAP = 8


@dataclass(slots=True)
class _Film:
    name: str
    image: QImage | None = None
    state: FilmState = "waiting"
    words: str = ""


class FilmStrip(PictureList):
    """Tiles of 92 x 60, one of them chosen, and at the end a tile that adds more.

    Arrow keys, Home and End move the choice; Enter or Space on the last tile adds,
    Delete removes. The wheel scrolls sideways.

    Signals:
        chosen: Index of the picture that the user moved to.
        add_requested: The user asked for more pictures.
        remove_requested: Index of the picture to remove; the strip has not done it.
    """

    chosen = Signal(int)
    add_requested = Signal()
    remove_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Build a strip that only holds the tile that adds."""
        self._films = _FilmModel()
        super().__init__(self._films, parent)
        self._films.setParent(self)
        self.setItemDelegate(_FilmDelegate(self, self._films))
        self.setGridSize(TILE + QSize(GAP, 0))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Pictures to translate"))

        self.selectionModel().currentChanged.connect(self._on_current_changed)
        self.clicked.connect(self._on_entered)
        self.activated.connect(self._on_entered)
        self.delete_pressed.connect(self._on_delete)

    def count(self) -> int:
        """Return how many pictures there are."""
        return len(self._films.films)

    def add(self, name: str, image: QImage | None = None) -> int:
        """Append a waiting picture and return its index; the choice stays."""
        return self._films.append(_Film(name, image))

    def set_thumbnail(self, index: int, image: QImage) -> None:
        """Show another picture in a tile, best of 92 x 60 device-independent pixels."""
        self._films.films[index].image = image
        self._films.announce(index)

    def set_state(self, index: int, state: FilmState, words: str = "") -> None:
        """Say how far a picture is.

        Args:
            index: Which one.
            state: "waiting" and "refused" are veiled and carry their word.
            words: The reason, as a sentence for the tooltip.
        """
        film = self._films.films[index]
        film.state, film.words = state, words
        self._films.announce(index)

    def remove(self, index: int) -> None:
        """Take a picture out; its right neighbour takes its place."""
        self._films.remove(index)

    def clear(self) -> None:
        """Take all pictures out."""
        self._films.clear()

    def chosen_index(self) -> int:
        """Return the index of the chosen picture, -1 if none is."""
        row = self.currentIndex().row()
        return row if 0 <= row < self.count() else -1

    def set_chosen(self, index: int) -> None:
        """Choose a picture without a signal, and bring it into view."""
        with QSignalBlocker(self):
            self.setCurrentIndex(self._films.index(index))
        self.viewport().update()

    def _on_current_changed(self, index: Index) -> None:
        if 0 <= index.row() < self.count():
            self.chosen.emit(index.row())

    def _on_entered(self, index: Index) -> None:
        if index.row() == self.count():
            self.add_requested.emit()

    def _on_delete(self) -> None:
        if self.chosen_index() >= 0:
            self.remove_requested.emit(self.chosen_index())

    # Qt overrides

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the chosen picture in view."""
        super().resizeEvent(event)
        self.scrollTo(self.currentIndex())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll sideways, whichever way the wheel turns."""
        bar = self.horizontalScrollBar()
        turned = event.angleDelta()
        bar.setValue(bar.value() - (turned.x() or turned.y()))
        event.accept()

    def sizeHint(self) -> QSize:
        """Return eight tiles."""
        return QSize(8 * (TILE.width() + GAP), TILE.height())

    def minimumSizeHint(self) -> QSize:
        """Return three tiles."""
        return QSize(3 * (TILE.width() + GAP), TILE.height())


class _FilmModel(QAbstractListModel):
    """The pictures, then one row that stands for adding."""

    def __init__(self) -> None:
        super().__init__()
        self.films: list[_Film] = []

    def append(self, film: _Film) -> int:
        row = len(self.films)
        self.beginInsertRows(QModelIndex(), row, row)
        self.films.append(film)
        self.endInsertRows()
        return row

    def remove(self, row: int) -> None:
        self.beginRemoveRows(QModelIndex(), row, row)
        del self.films[row]
        self.endRemoveRows()

    def clear(self) -> None:
        self.beginResetModel()
        self.films.clear()
        self.endResetModel()

    def announce(self, row: int) -> None:
        index = self.index(row)
        self.dataChanged.emit(index, index)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.films) + 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        roles = Qt.ItemDataRole
        if role not in (roles.DisplayRole, roles.ToolTipRole, roles.AccessibleTextRole):
            return None
        if index.row() >= len(self.films):
            return self.tr("Add pictures")
        film = self.films[index.row()]
        if role == roles.DisplayRole or film.state == "done":
            return film.name
        return f"{film.name}: {film.words or self.word(film.state)}"

    def word(self, state: FilmState) -> str:
        words = {"waiting": self.tr("waiting"), "refused": self.tr("refused")}
        return words.get(state, "")


class _FilmDelegate(QStyledItemDelegate):
    def __init__(self, strip: FilmStrip, model: _FilmModel) -> None:
        super().__init__(strip)
        self._strip = strip
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return self._strip.gridSize()

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index
    ) -> None:
        tile = QRectF(QPointF(option.rect.topLeft()), TILE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if index.row() == len(self._model.films):
            self._paint_add(painter, option, tile)
        else:
            self._paint_film(painter, option, tile, index.row())
        if self._strip.shows_focus(index):
            inside = tile.adjusted(3, 3, -3, -3)
            paint_focus_ring(painter, inside, option.palette, radius=3)
        painter.restore()

    def _paint_film(
        self, painter: QPainter, option: QStyleOptionViewItem, tile: QRectF, row: int
    ) -> None:
        tokens = tokens_of(option.palette)
        film = self._model.films[row]
        chosen = row == self._strip.chosen_index()
        inner = tile.adjusted(3, 3, -3, -3) if chosen else tile
        if film.image is None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.hover))
            painter.drawRoundedRect(inner, 4, 4)
        else:
            paint_cover(painter, film.image, inner, option.palette)
        if film.state != "done":
            self._paint_state(painter, option, inner, film.state)
        if chosen:
            painter.setPen(QPen(QColor(tokens.accent_ui), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(tile.adjusted(1, 1, -1, -1), 5, 5)

    def _paint_state(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        rect: QRectF,
        state: FilmState,
    ) -> None:
        tokens = tokens_of(option.palette)
        veil = QColor(tokens.bg)
        veil.setAlphaF(0.65)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(veil)
        painter.drawRoundedRect(rect, 4, 4)
        word = self._model.word(state)
        tag = QRectF(QPointF(0, 0), tag_size(word))
        tag.moveCenter(rect.center())
        refused = state == "refused"
        paint_tag(
            painter,
            word,
            tag,
            fill=QColor(tokens.err_soft if refused else tokens.surface),
            ink=QColor(tokens.err if refused else tokens.text2),
        )

    def _paint_add(
        self, painter: QPainter, option: QStyleOptionViewItem, tile: QRectF
    ) -> None:
        tokens = tokens_of(option.palette)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.surface))
        painter.drawRoundedRect(tile, 6, 6)
        paint_dashed(painter, tile, tokens.line2, radius=6)
        icon = QRectF(0, 0, 16, 16)
        icon.moveCenter(tile.center() - QPointF(0, 9))
        draw_icon(painter, icon, "plus", tokens.text2)
        painter.setFont(role_font("caption"))
        painter.setPen(QColor(tokens.text2))
        words = tile.adjusted(0, tile.height() / 2, 0, -4)
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self.tr("Add"))
