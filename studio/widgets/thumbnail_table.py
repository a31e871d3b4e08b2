"""Two rows of small pictures: what goes in above what should come out."""

from collections.abc import Sequence

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


class PairRows(QWidget):
    """As many pairs as fit in the width, one below the other, rows labelled.

    Signals:
        columns_changed: How many pairs fit now, for whoever brings the pictures.
    """

    columns_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Build empty rows labelled "From" and "To"."""
        super().__init__(parent)
        self._labels = (self.tr("From"), self.tr("To"))
        self._pairs: list[tuple[QImage, QImage]] = []
        self._names: list[str] = []
        self._columns = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._describe()

    def set_labels(self, first: str, second: str) -> None:
        """Name the two rows."""
        self._labels = (first, second)
        self._describe()
        self._count_columns()
        self.update()

    def set_pairs(
        self, pairs: Sequence[tuple[QImage, QImage]], names: Sequence[str] = ()
    ) -> None:
        """Show pairs from the left; those that do not fit wait for a wider window.

        Args:
            pairs: (first row, second row) each.
            names: What each pair is called, for the tooltip; as many, or none.

        Raises:
            ValueError: There are names, but not as many as pairs.
        """
        if names and len(names) != len(pairs):
            raise ValueError(f"{len(pairs)} pairs need as many names, got {len(names)}")
        self._pairs, self._names = list(pairs), list(names)
        self._describe()
        self.update()

    def columns(self) -> int:
        """Return how many pairs fit in the width."""
        room = self.width() - self._label_width() + COLUMN_GAP
        return max(1, int(room // (THUMBNAIL + COLUMN_GAP)))

    def _label_width(self) -> float:
        metrics = QFontMetricsF(role_font("caption"))
        widest = max(metrics.horizontalAdvance(label) for label in self._labels)
        return round(widest) + LABEL_GAP

    def _tile(self, row: int, column: int) -> QRectF:
        x = self._label_width() + column * (THUMBNAIL + COLUMN_GAP)
        y = row * (THUMBNAIL + ROW_GAP)
        return QRectF(QPointF(x, y), QSizeF(THUMBNAIL, THUMBNAIL))

    def _count_columns(self) -> None:
        if self.columns() != self._columns:
            self._columns = self.columns()
            self.columns_changed.emit(self._columns)

    def _describe(self) -> None:
        first, second = self._labels
        self.setAccessibleName(self.tr("Pairs: {0}, {1}").format(first, second))
        self.setAccessibleDescription(", ".join(self._names))

    # Qt overrides

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the labels and the pictures that fit."""
        painter = QPainter(self)
        painter.setFont(role_font("caption"))
        painter.setPen(QColor(tokens_of(self.palette()).text2))
        for row, label in enumerate(self._labels):
            place = QRectF(0, self._tile(row, 0).top(), self._label_width(), THUMBNAIL)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, label)
        for column, pair in enumerate(self._pairs[: self.columns()]):
            for row, image in enumerate(pair):
                paint_picture(
                    painter, image, self._tile(row, column), self.palette(), fill=True
                )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell how many pairs fit, if that is new."""
        self._count_columns()

    def event(self, event: QEvent) -> bool:
        """Name the pair under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            x = event.pos().x() - self._label_width()
            column = int(x // (THUMBNAIL + COLUMN_GAP))
            known = 0 <= column < min(len(self._names), self.columns())
            name = self._names[column] if known else ""
            QToolTip.showText(event.globalPos(), name, self)
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
