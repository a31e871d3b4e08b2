"""Where a picture lies on a stage: fit, zoom about a point, pan."""

from dataclasses import dataclass, replace
from math import floor

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF

MAX_ZOOM = 32.0
NEAREST_FROM = 4.0
"""Zoom from which pixels are shown as squares."""


@dataclass(frozen=True, slots=True)
class StageView:
    """How a picture is looked at; several panes may share one.

    `zoom` is in device pixels a picture pixel, so 1 is the actual size; None fits the
    picture to its pane, whatever size that has. `centre` is the point of the picture,
    in picture pixels, that lies in the middle of the pane; None is its middle.
    """

    zoom: float | None = None
    centre: QPointF | None = None

    def scale(self, picture: QSizeF, pane: QSizeF) -> float:
        """Return the zoom in force; *picture* and *pane* are in device pixels."""
        return fit_scale(picture, pane) if self.zoom is None else self.zoom

    def place(self, picture: QSizeF, pane: QRectF) -> QRectF:
        """Return where the whole picture lies, all four edges on whole pixels."""
        scale = self.scale(picture, pane.size())
        size = QSizeF((picture * scale).toSize().expandedTo(QSize(1, 1)))
        centre = self._bounded_centre(picture, pane.size(), scale)
        corner = pane.center() - centre * scale
        return QRectF(QPointF(round(corner.x()), round(corner.y())), size)

    def zoomed(
        self, zoom: float, picture: QSizeF, pane: QRectF, about: QPointF
    ) -> "StageView":
        """Return the view at *zoom* with the picture's point under *about* kept there.

        The zoom is bounded: no smaller than the fit (or the actual size, if that is
        smaller), no larger than 32 (or the fit, if that is larger).
        """
        fit = fit_scale(picture, pane.size())
        zoom = min(max(zoom, min(fit, 1.0)), max(fit, MAX_ZOOM))
        place = self.place(picture, pane)
        point = (about - place.topLeft()) / self.scale(picture, pane.size())
        centre = point + (pane.center() - about) / zoom
        return StageView(zoom, centre)._bounded(picture, pane.size())

    def panned(self, by: QPointF, picture: QSizeF, pane: QSizeF) -> "StageView":
        """Return the view with the picture moved *by* device pixels."""
        scale = self.scale(picture, pane)
        centre = self._bounded_centre(picture, pane, scale) - by / scale
        return replace(self, centre=centre)._bounded(picture, pane)

    def overflows(self, picture: QSizeF, pane: QSizeF) -> bool:
        """Tell whether a part of the picture is outside the pane."""
        size = picture * self.scale(picture, pane)
        return size.width() > pane.width() + 1 or size.height() > pane.height() + 1

    def _bounded(self, picture: QSizeF, pane: QSizeF) -> "StageView":
        scale = self.scale(picture, pane)
        return replace(self, centre=self._bounded_centre(picture, pane, scale))

    def _bounded_centre(self, picture: QSizeF, pane: QSizeF, scale: float) -> QPointF:
        """Return the centre moved so that no stage shows beside a larger picture."""
        middle = QPointF(picture.width() / 2, picture.height() / 2)
        centre = middle if self.centre is None else self.centre
        return QPointF(
            _bounded(centre.x(), picture.width(), pane.width() / scale),
            _bounded(centre.y(), picture.height(), pane.height() / scale),
        )


def fit_scale(picture: QSizeF, pane: QSizeF) -> float:
    """Return the largest scale that shows the whole picture.

    Free for photos; from 400 % up whole multiples, where pixels are squares.
    """
    scale = min(pane.width() / picture.width(), pane.height() / picture.height())
    return float(floor(scale)) if scale >= NEAREST_FROM else max(scale, 0.001)


def _bounded(centre: float, length: float, seen: float) -> float:
    """Return *centre* with *seen* pixels around it inside *length*, if they fit."""
    if seen >= length:
        return length / 2
    return min(max(centre, seen / 2), length - seen / 2)
