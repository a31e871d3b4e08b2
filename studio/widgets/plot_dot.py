"""The dot at the end of a curve."""

import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QGraphicsEllipseItem, QStyleOptionGraphicsItem, QWidget

from studio.widgets.curve_points import Floats


class PlotDot(QGraphicsEllipseItem):
    """A round dot with a rim, of the same size whatever the plot shows.

    A scatter plot of a single point takes longer to paint than a curve of a thousand.
    """

    def __init__(self, *, diameter: float) -> None:
        """Build it, still nowhere.

        Args:
            diameter: In pixels, without the rim of one pixel.
        """
        outer = diameter + 1
        super().__init__(QRectF(-outer / 2, -outer / 2, outer, outer))
        self.setFlag(self.GraphicsItemFlag.ItemIgnoresTransformations)
        self.setVisible(False)

    def set_colours(self, inside: QColor, rim: QColor) -> None:
        """Take the colours of a theme."""
        self.setBrush(inside)
        self.setPen(pg.mkPen(rim, width=1))

    def place(self, steps: Floats, heights: Floats) -> None:
        """Stand on the last point of a line; without one, nowhere."""
        self.setVisible(bool(len(steps)))
        if len(steps):
            self.setPos(steps[-1], heights[-1])

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        """Paint it with smooth edges."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        super().paint(painter, option, widget)
