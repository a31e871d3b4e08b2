"""Two rows of small pictures: pairs below one another, or two kinds, or one."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QHelpEvent,
    QImage,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from studio.fonts import role_font
from studio.tokens import tokens_of
from studio.widgets.picture import paint_picture

THUMBNAIL = 64
COLUMN_GAP = 8
ROW_GAP = 4
LABEL_GAP = 13
MOST_LABEL = 120  # a longer one is cut, in favour of the pictures


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A small picture and what it is called."""

    name: str
    image: QImage


class PictureRows(QWidget):
    """Two rows of as many pictures as fit in the width, labelled or not.

    Signals:
        columns_changed: How many fit in a row now, for whoever brings the pictures.
    """

    columns_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Build empty rows without labels."""
        super().__init__(parent)
        self._labels = ("", "")
        self._rows: tuple[Sequence[Thumbnail], ...] = ((), ())
        self._columns = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_labels(self, first: str, second: str) -> None:
        """Name the two rows, "" for no name."""
        self._labels = (first, second)
        self._describe()
        self._count_columns()
        self.update()

    def set_pictures(
        self, first: Sequence[Thumbnail], second: Sequence[Thumbnail]
    ) -> None:
        """Fill the rows from the left; what does not fit waits for a wider window."""
        self._rows = (tuple(first), tuple(second))
        self._describe()
        self.update()

    def columns(self) -> int:
        """Return how many pictures fit in a row."""
        room = self.width() - self._label_width() + COLUMN_GAP
        return max(1, int(room // (THUMBNAIL + COLUMN_GAP)))

    def _label_width(self) -> float:
        """Room for the longer label and the gap behind it; none without labels."""
        metrics = QFontMetricsF(role_font("caption"))
        widest = max(metrics.horizontalAdvance(label) for label in self._labels)
        return min(round(widest), MOST_LABEL) + LABEL_GAP if widest else 0.0

    def _tile(self, row: int, column: int) -> QRectF:
        x = self._label_width() + column * (THUMBNAIL + COLUMN_GAP)
        y = row * (THUMBNAIL + ROW_GAP)
        return QRectF(QPointF(x, y), QSizeF(THUMBNAIL, THUMBNAIL))

    def _count_columns(self) -> None:
        if self.columns() != self._columns:
            self._columns = self.columns()
            self.columns_changed.emit(self._columns)

    def _describe(self) -> None:
        """Tell screen readers what is where: "From: tiger. To: car"."""
        told = []
        for label, row in zip(self._labels, self._rows, strict=True):
            if row:
                names = ", ".join(thumbnail.name for thumbnail in row)
                told.append(f"{label}: {names}" if label else names)
        self.setAccessibleName(self.tr("Some of the pictures"))
        self.setAccessibleDescription(". ".join(told))

    def _thumbnail_at(self, place: QPointF) -> Thumbnail | None:
        for number, row in enumerate(self._rows):
            for column, thumbnail in enumerate(row[: self.columns()]):
                if self._tile(number, column).contains(place):
                    return thumbnail
        return None

    # Qt overrides

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the labels and the pictures that fit."""
        painter = QPainter(self)
        painter.setFont(role_font("caption"))
        painter.setPen(QColor(tokens_of(self.palette()).text2))
        for number, label in enumerate(self._labels):
            width = self._label_width() - LABEL_GAP
            place = QRectF(0, self._tile(number, 0).top(), width, THUMBNAIL)
            words = QFontMetricsF(painter.font()).elidedText(
                label, Qt.TextElideMode.ElideRight, place.width()
            )
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, words)
        for number, row in enumerate(self._rows):
            for column, thumbnail in enumerate(row[: self.columns()]):
                tile = self._tile(number, column)
                paint_picture(painter, thumbnail.image, tile, self.palette(), fill=True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell how many pictures fit, if that is new."""
        self._count_columns()

    def event(self, event: QEvent) -> bool:
        """Name the picture under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            found = self._thumbnail_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), found.name if found else "", self)
            return True
        return super().event(event)

    def sizeHint(self) -> QSize:
        """Return eleven columns."""
        width = self._label_width() + 11 * (THUMBNAIL + COLUMN_GAP) - COLUMN_GAP
        return QSize(round(width), 2 * THUMBNAIL + ROW_GAP)

    def minimumSizeHint(self) -> QSize:
        """Return three columns."""
        width = self._label_width() + 3 * (THUMBNAIL + COLUMN_GAP) - COLUMN_GAP
        return QSize(round(width), 2 * THUMBNAIL + ROW_GAP)
