"""What the colours over a picture mean: a bar of them between two words or numbers."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter

from studio.fonts import role_font

PADDING = 10.0
BAR_HEIGHT = 8.0
BAR_WIDTH = 176.0


@dataclass(frozen=True, eq=False, slots=True)
class ScalePanel:
    """A dark panel that can be read over any picture.

    Attributes:
        title: What is shown, above the bar.
        low: The least, below the bar at its left end.
        high: The most, at its right end.
        colours: One line of pixels, from least to most.
    """

    title: str
    low: str
    high: str
    colours: QImage

    def size(self, room: float) -> QSizeF:
        """Return how large it is where at most *room* pixels of width are free."""
        metrics = QFontMetricsF(_font())
        ends = metrics.horizontalAdvance(self.low + self.high) + 24
        wanted = max(BAR_WIDTH, ends, metrics.horizontalAdvance(self.title) + 2)
        height = 2 * metrics.height() + BAR_HEIGHT + 2 * PADDING + 4
        return QSizeF(min(wanted + 2 * PADDING, max(room, 96.0)), height)

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        """Draw the panel into *rect*, of the size that `size` gives."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(20, 22, 25, 217))  # as all tags, in both themes
        painter.drawRoundedRect(rect, 4, 4)
        painter.setFont(_font())
        painter.setPen(QColor(Qt.GlobalColor.white))
        metrics = QFontMetricsF(painter.font())
        inner = rect.adjusted(PADDING, PADDING, -PADDING, -PADDING)
        line = QSizeF(inner.width(), metrics.height())
        bar_y = inner.top() + line.height() + 4
        bar = QRectF(inner.left(), bar_y, inner.width(), BAR_HEIGHT)
        side = Qt.AlignmentFlag
        ends = QRectF(QPointF(inner.left(), bar.bottom() + 2), line)
        title = metrics.elidedText(
            self.title, Qt.TextElideMode.ElideRight, inner.width()
        )
        painter.drawText(QRectF(inner.topLeft(), line), side.AlignLeft, title)
        painter.drawText(ends, side.AlignLeft, self.low)
        painter.drawText(ends, side.AlignRight, self.high)
        painter.fillRect(bar, QColor(120, 124, 130))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(bar, self.colours)
        painter.restore()


def _font() -> QFont:
    return role_font("caption", QFont.Weight.Medium)
