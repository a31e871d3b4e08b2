"""A stage on which one picture, or several of one size, are zoomed and panned."""

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QKeySequence,
    QPainter,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.widgets.picture import paint_checkerboard, paint_hairline
from studio.widgets.pyramid import Pyramid
from studio.widgets.stage_view import StageView

MARGIN = 16.0
GAP = 8.0
ZOOM_STEP = 1.25


PAN_STEP = 64.0  # widget pixels that Ctrl and an arrow key move a zoomed picture

_PANS = {
    Qt.Key.Key_Left: QPointF(PAN_STEP, 0),
    Qt.Key.Key_Right: QPointF(-PAN_STEP, 0),
    Qt.Key.Key_Up: QPointF(0, PAN_STEP),
    Qt.Key.Key_Down: QPointF(0, -PAN_STEP),
}


class ZoomStage(QWidget):
    """Zoom and pan, shared by all panes; what stands in them is the subclass's.

    Panes and places are counted in device pixels, so that every edge is a whole one at
    any screen scale. The wheel zooms about the pointer; + and - zoom, 0 fits, 1 is the
    actual size, Ctrl and the arrow keys pan.

    Signals:
        zoom_changed: Zoom in device pixels a picture pixel; 1 is the actual size.
    """

    zoom_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Build a stage without a picture, in one pane."""
        super().__init__(parent)
        self._view = StageView()
        self._size: QSizeF | None = None
        self._pane_count = 1
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def zoom(self) -> float:
        """Return the zoom in device pixels a picture pixel; 0 on an empty stage."""
        if self._size is None:
            return 0.0
        return self._view.scale(self._size, self._panes()[0].size())

    def fits(self) -> bool:
        """Tell whether the picture follows the size of the stage."""
        return self._view.zoom is None

    def fit(self) -> None:
        """Show the whole picture as large as it goes."""
        self._set_view(StageView())

    def actual_size(self) -> None:
        """Show one picture pixel on one pixel of the screen."""
        self._zoom_to(1.0)

    def zoom_in(self) -> None:
        """Zoom one step in about the middle."""
        self._zoom_to(self.zoom() * ZOOM_STEP)

    def zoom_out(self) -> None:
        """Zoom one step out about the middle."""
        self._zoom_to(self.zoom() / ZOOM_STEP)

    # For subclasses

    def _set_picture_size(self, size: QSize | None) -> None:
        """Set what size all panes' pictures have; another size is shown whole."""
        new = None if size is None else QSizeF(size)
        if new != self._size:
            self._size = new
            self._set_view(StageView())

    def _set_pane_count(self, count: int) -> None:
        if count != self._pane_count:
            self._pane_count = count
            self._set_view(self._view)

    def _seen(self, pane: QRectF) -> QRectF:
        """Return the part of *pane* that the picture covers, in widget pixels."""
        seen = self._place(pane).intersected(pane)
        return scaled(seen, 1 / self.devicePixelRatioF())

    def _panes(self) -> list[QRectF]:
        ratio = self.devicePixelRatioF()
        room = QRectF(self.rect()).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        room.setSize(room.size().expandedTo(QSizeF(1, 1)))
        width = (room.width() + GAP) / self._pane_count - GAP
        first = QRectF(room.left(), room.top(), max(1.0, width), room.height())
        return [
            scaled(first.translated(i * (width + GAP), 0), ratio)
            for i in range(self._pane_count)
        ]

    def _pan(self, by: QPointF) -> None:
        """Move the picture with the pointer, *by* in widget pixels."""
        if self._size is not None:
            pane = self._panes()[0].size()
            device = by * self.devicePixelRatioF()
            self._set_view(self._view.panned(device, self._size, pane))

    def _can_pan(self) -> bool:
        if self._size is None:
            return False
        return self._view.overflows(self._size, self._panes()[0].size())

    def _paint_in_pane(self, painter: QPainter, picture: Pyramid, pane: int) -> None:
        """Draw *picture*, of whatever size, where it lies in pane 0 or 1."""
        rect = self._panes()[min(pane, self._pane_count - 1)]
        place, ratio = self._place(rect), self.devicePixelRatioF()
        seen = self._seen(rect)
        painter.save()
        painter.setClipRect(seen, Qt.ClipOperation.IntersectClip)
        if picture.image.hasAlphaChannel():
            paint_checkerboard(painter, scaled(place, 1 / ratio), self.palette())
        picture.paint(painter, place, rect, ratio)
        paint_hairline(painter, seen, self.palette(), radius=0)
        painter.restore()

    def _view_key(self, event: QKeyEvent) -> bool:
        """Zoom or pan by a key; False where it does neither."""
        return self._zoom_by_key(event) or self._pan_by_key(event)

    def _zoom_by_key(self, event: QKeyEvent) -> bool:
        if event.matches(QKeySequence.StandardKey.ZoomIn) or event.text() == "+":
            self.zoom_in()
        elif event.matches(QKeySequence.StandardKey.ZoomOut) or event.text() == "-":
            self.zoom_out()
        elif event.text() == "0":
            self.fit()
        elif event.text() == "1":
            self.actual_size()
        else:
            return False
        return True

    def _pan_by_key(self, event: QKeyEvent) -> bool:
        by = _PANS.get(Qt.Key(event.key()))
        if by is None or event.modifiers() != Qt.KeyboardModifier.ControlModifier:
            return False
        self._pan(by)
        return True

    def _place(self, pane: QRectF) -> QRectF:
        assert self._size is not None
        return self._view.place(self._size, pane)

    def _zoom_to(self, zoom: float, about: QPointF | None = None) -> None:
        """Zoom, keeping the point *about* (widget pixels, else the middle) in place."""
        if self._size is None:
            return
        panes = self._panes()
        point = panes[0].center()
        pane = panes[0]
        if about is not None:
            point = about * self.devicePixelRatioF()
            pane = min(panes, key=lambda rect: abs(rect.center().x() - point.x()))
        self._set_view(self._view.zoomed(zoom, self._size, pane, point))

    def _set_view(self, view: StageView) -> None:
        self._view = view
        self.update()
        if self._size is not None:
            self.zoom_changed.emit(self.zoom())

    # Qt overrides

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the pointer."""
        notches = event.angleDelta().y() / 120
        if self._size is None or notches == 0:
            event.ignore()
            return
        self._zoom_to(self.zoom() * ZOOM_STEP**notches, event.position())
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell the zoom of a picture that follows the stage."""
        if self.fits() and self._size is not None:
            self.zoom_changed.emit(self.zoom())


def scaled(rect: QRectF, by: float) -> QRectF:
    """Return *rect* in other units: corner and size times *by*."""
    return QRectF(rect.topLeft() * by, rect.size() * by)
