"""Where one is: the part of a plane that is seen, among the data."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
)
from PySide6.QtWidgets import QWidget

from studio.tokens import DARK
from studio.widgets.map_marks import place_words

SIZE = QSize(128, 108)
_MARGIN = 8.0
_MOST = 600  # points: more would run into each other


class LittleMap(QWidget):
    """Points, and over them the rectangle that the large map shows.

    It lies on pictures, so it is dark in both themes. Clicking and dragging on it goes
    there; the large map does the same by keyboard.

    Signals:
        went: The user wants a place in the middle. (x and y in the plane)
    """

    went = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Show an empty plane."""
        super().__init__(parent)
        self._points = np.empty((0, 2), np.float32)
        self._ground: QPixmap | None = None  # all but the rectangle
        self._seen = QRectF(-1, -1, 2, 2)
        self._reach = 1.0
        self.setFixedSize(SIZE)
        self.setAccessibleName(self.tr("Where the map is"))
        self.setToolTip(self.tr("Where the map is among the pictures it learnt from"))

    def set_points(self, points: NDArray[np.float32], reach: float) -> None:
        """Show where the data are.

        Args:
            points: (N, 2), x to the right and y upwards.
            reach: How far from the middle has to be shown at least.
        """
        self._points = points[:: -(-len(points) // _MOST) or 1]
        self._ground = None
        far = float(np.abs(points).max()) if len(points) else 0.0
        self._reach = max(reach, far)
        self.update()

    def set_seen(self, x: float, y: float, width: float, height: float) -> None:
        """Mark what the large map shows: its middle and size in the plane."""
        self._seen = QRectF(x - width / 2, y - height / 2, width, height)
        self.setAccessibleDescription(
            self.tr("{0} across, {1} up").format(place_words(x), place_words(y))
        )
        self.update()

    def _scale(self) -> float:
        """Pixels a unit of the plane."""
        room = min(self.width(), self.height()) / 2 - _MARGIN
        return room / self._reach

    def _pixel(self, x: float, y: float) -> QPointF:
        middle = QRectF(self.rect()).center()
        return middle + QPointF(x, -y) * self._scale()

    def _go(self, event: QMouseEvent) -> None:
        at = (event.position() - QRectF(self.rect()).center()) / self._scale()
        self.went.emit(at.x(), -at.y())

    # Qt overrides

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground, points and rectangle."""
        del event
        ratio = self.devicePixelRatioF()
        if self._ground is None or self._ground.devicePixelRatio() != ratio:
            self._ground = self._painted_ground(ratio)
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._ground)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top_left = self._pixel(self._seen.left(), self._seen.bottom())
        size = self._seen.size() * self._scale()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(DARK.text), 1.5))
        painter.setClipRect(self.rect().adjusted(2, 2, -2, -2))
        painter.drawRect(QRectF(top_left, size))

    def _painted_ground(self, ratio: float) -> QPixmap:
        ground = QPixmap(self.size() * ratio)
        ground.setDevicePixelRatio(ratio)
        ground.fill(Qt.GlobalColor.transparent)
        painter = QPainter(ground)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        surface, dots = QColor(DARK.surface), QColor(DARK.text3)
        surface.setAlphaF(0.92)
        dots.setAlphaF(0.8)
        painter.setBrush(surface)
        painter.setPen(QPen(QColor(DARK.line), 1))
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(frame, 6, 6)
        painter.setPen(QPen(dots, 1.5, c=Qt.PenCapStyle.RoundCap))
        painter.drawPoints(QPolygonF([self._pixel(*p) for p in self._points.tolist()]))
        painter.end()
        return ground

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go there."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._go(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go along while the button is down."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event)
