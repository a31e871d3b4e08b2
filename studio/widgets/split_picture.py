"""A picture that is input on its left and answer on its right, with the bar between."""

from PySide6.QtCore import QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QWidget

from studio.tokens import tokens_of

RADIUS = 7.0  # inside a card's hairline of radius 8
_BAR = 2.0
_HALO = 1.0


class SplitPicture(QWidget):
    """Fills the left end of a card; what does not fit is cut off, the middle never."""

    def __init__(
        self, picture: QImage, description: str, parent: QWidget | None = None
    ) -> None:
        """Show *picture*.

        Args:
            picture: Both halves in one, the split in its middle.
            description: What is seen, for screen readers.
            parent: The owner.
        """
        super().__init__(parent)
        self._picture = picture
        self.setAccessibleName(description)

    def sizeHint(self) -> QSize:
        """Half the picture's pixels: it is made for dense screens."""
        return self._picture.size() / 2

    def minimumSizeHint(self) -> QSize:
        """Small enough for the smallest window."""
        return QSize(200, 180)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture over all the room, then the bar."""
        del event
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        painter.setClipPath(_left_rounded(rect))
        self._paint_picture(painter, rect)

        # On a whole pixel, or the bar would be three soft ones wide.
        left = round(rect.center().x() - _BAR / 2)
        bar = QRectF(left, 0, _BAR, rect.height())
        halo = bar.adjusted(-_HALO, 0, _HALO, 0)
        painter.fillRect(
            halo, QColor(0, 0, 0, 90)
        )  # on a picture: alike in both themes
        painter.fillRect(bar, QColor(Qt.GlobalColor.white))
        painter.fillRect(
            QRectF(rect.right() - 1, 0, 1, rect.height()), QColor(tokens.line)
        )

    def _paint_picture(self, painter: QPainter, rect: QRectF) -> None:
        # Scaled by the painter it would shimmer; scaled once it is smooth.
        ratio = self.devicePixelRatioF()
        room = (rect.size() * ratio).toSize()
        scaled = self._picture.scaled(
            room,
            Qt.AspectRatioMode.KeepAspectRatioByExpanding,
            Qt.TransformationMode.SmoothTransformation,
        )
        part = QRectF(scaled.rect())
        source = QRectF(0, 0, room.width(), room.height())
        source.moveCenter(part.center())
        painter.drawImage(QRectF(rect.topLeft(), QSizeF(rect.size())), scaled, source)


def _left_rounded(rect: QRectF) -> QPainterPath:
    """*rect* with round corners at its left, square ones at its right."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    path.addRoundedRect(rect, RADIUS, RADIUS)
    path.addRect(rect.adjusted(RADIUS, 0, 0, 0))
    return path.simplified()
