"""The picture at the head of a card: one, or input and answer with the bar between."""

from PySide6.QtCore import QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QWidget

from studio.tokens import tokens_of

RADIUS = 7.0  # inside a card's hairline of radius 8
_BAR = 2.0
_HALO = 1.0


class CardPicture(QWidget):
    """Fills the head of a card; what does not fit is cut off, the middle never."""

    def __init__(
        self,
        picture: QImage,
        description: str,
        *,
        split: bool,
        parent: QWidget | None = None,
    ) -> None:
        """Show *picture*.

        Args:
            picture: Made for dense screens, two pixels for one.
            description: What is seen, for screen readers.
            split: Whether its left half is input and its right half the answer.
            parent: The owner.
        """
        super().__init__(parent)
        self._picture = picture
        self._split = split
        self.setAccessibleName(description)

    def sizeHint(self) -> QSize:
        """Half the picture's pixels."""
        return self._picture.size() / 2

    def minimumSizeHint(self) -> QSize:
        """Small enough for the smallest window."""
        return QSize(160, 160)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture over all the room, then what divides it."""
        del event
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        painter.setClipPath(_top_rounded(rect))
        self._paint_picture(painter, rect)
        if self._split:
            _paint_bar(painter, rect)
        foot = QRectF(0, rect.bottom() - 1, rect.width(), 1)
        painter.fillRect(foot, QColor(tokens.line))

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


def _paint_bar(painter: QPainter, rect: QRectF) -> None:
    """Part the halves of *rect*."""
    # On a whole pixel, or the bar would be three soft ones wide.
    left = round(rect.center().x() - _BAR / 2)
    bar = QRectF(left, 0, _BAR, rect.height())
    halo = bar.adjusted(-_HALO, 0, _HALO, 0)
    painter.fillRect(halo, QColor(0, 0, 0, 90))  # on a picture: alike in both themes
    painter.fillRect(bar, QColor(Qt.GlobalColor.white))


def _top_rounded(rect: QRectF) -> QPainterPath:
    """*rect* with round corners at its top, square ones at its foot."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    path.addRoundedRect(rect, RADIUS, RADIUS)
    path.addRect(rect.adjusted(0, RADIUS, 0, 0))
    return path.simplified()
