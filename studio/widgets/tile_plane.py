"""An endless plane of pictures, edge to edge, to pan and zoom."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.widgets.map_view import COARSE, Cell, MapView
from studio.widgets.picture import to_image
from studio.widgets.tiles import Tiles

CELL_PX = 64  # the largest side of a cell at a whole zoom
KEPT_PX = 96  # pixels of a picture that are kept; the largest zoom shows 90
ZOOM_STEP = 2**0.25


class TilePlane(QWidget):
    """Asks for the pictures that it needs, and shows coarser ones until they come.

    Signals:
        tiles_wanted: What is needed and not there, most urgent first; replaces what
            was wanted before. (list of Cell)
        view_changed: Another part of the plane is seen.
    """

    tiles_wanted = Signal(list)
    view_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Show the middle of a plane of which there is no picture yet."""
        super().__init__(parent)
        self.view = MapView()
        self.tiles = Tiles()
        self._reach = 2.5
        self._is_home = True  # so it is the middle that is shown, at any size
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def start(self, side: int, reach: float) -> None:
        """Forget all, and show the middle of another plane.

        Args:
            side: Of its pictures, in pixels.
            reach: How far to see to either side of the middle at first.
        """
        base = side * (CELL_PX // side) if side <= CELL_PX else CELL_PX
        self.view = MapView(width=self.width(), height=self.height(), base=base)
        self._reach = reach
        self.tiles.clear()
        self.home()

    def replace_plane(self) -> None:
        """Forget all pictures: the same places are those of another plane now."""
        self.tiles.clear()
        self._ask()
        self.update()

    def renew(self) -> None:
        """Ask for all pictures again; the old ones are shown until then."""
        self.tiles.age()
        self._ask()

    def set_tiles(self, cells: Sequence[Cell], pictures: NDArray[np.uint8]) -> None:
        """Show pictures.

        Args:
            cells: Where they belong.
            pictures: (N, S, S, 3), one a cell.
        """
        kept = round(KEPT_PX * self.devicePixelRatioF())
        for cell, picture in zip(cells, pictures, strict=True):
            image = to_image(picture)
            if image.width() > kept:
                image = image.scaled(
                    kept, kept, mode=Qt.TransformationMode.SmoothTransformation
                )
            self.tiles.put(cell, image.convertToFormat(QImage.Format.Format_RGB32))
        self.update()

    # ------------------------------------------------------------------------
    # What is seen.

    def home(self) -> None:
        """See the middle of the plane, as far as at first."""
        self._is_home = True
        self._look(self.view.whole(self._reach))

    def zoom(self, factor: float, about: QPointF | None = None) -> None:
        """See *factor* times as much, about a pixel or the middle."""
        about = about or QRectF(self.rect()).center()
        self._is_home = False
        self._look(self.view.zoomed(factor, about.x(), about.y()))

    def pan(self, by: QPointF) -> None:
        """Move the plane by pixels."""
        self._is_home = False
        self._look(self.view.panned(by.x(), by.y()))

    def centre_on(self, x: float, y: float) -> None:
        """Bring a point of the plane to the middle."""
        left, top = self.view.pixels(x, y)
        self.pan(QRectF(self.rect()).center() - QPointF(left, top))

    def _look(self, view: MapView) -> None:
        self.view = view
        self._ask()
        self.update()
        self.view_changed.emit()

    def _ask(self) -> None:
        self.tiles_wanted.emit(self.tiles.missing(self.view.needed()))

    # ------------------------------------------------------------------------
    # Painting.

    def square(self, cell: Cell) -> QRectF:
        """Where a cell is drawn: every edge on a whole pixel of the screen."""
        ratio = self.devicePixelRatioF()
        left, top, right, bottom = (
            round(edge * ratio) / ratio for edge in self.view.square(cell)
        )
        return QRectF(left, top, right - left, bottom - top)

    def paint_pictures(self, painter: QPainter) -> None:
        """Draw the cells; where one is missing, what is known more coarsely."""
        seen = [(cell, self.tiles.get(cell)) for cell in self.view.cells()]
        if any(image is None for _, image in seen):
            for up in range(COARSE, 0, -1):
                for cell in self.view.cells(up):
                    self._paint_cell(painter, cell, self.tiles.get(cell))
        for cell, image in seen:
            self._paint_cell(painter, cell, image)

    def _paint_cell(self, painter: QPainter, cell: Cell, image: QImage | None) -> None:
        if image is None:
            return
        square = self.square(cell)
        times = square.width() * self.devicePixelRatioF() / image.width()
        is_smooth = times < 2 or abs(times - round(times)) > 1 / 32
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, is_smooth)
        painter.drawImage(square, image)

    # Qt overrides

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the middle where it is."""
        super().resizeEvent(event)
        self.view = self.view.resized(self.width(), self.height())
        if self._is_home:
            self.view = self.view.whole(self._reach)
        self._look(self.view)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the pointer."""
        notches = event.angleDelta().y() / 120
        if notches:
            self.zoom(ZOOM_STEP**-notches, event.position())
        event.accept()

    def sizeHint(self) -> QSize:
        """Return what the page of the standard window leaves."""
        return QSize(872, 608)

    def minimumSizeHint(self) -> QSize:
        """Return a map on which one can still find one's way."""
        return QSize(320, 200)
