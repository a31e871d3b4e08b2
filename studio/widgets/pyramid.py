"""A picture drawn at any zoom at the cost of what is seen of it."""

from collections.abc import Iterator
from math import ceil, floor

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter

from studio.widgets.halving import blank_half, drawable, halved, halving
from studio.widgets.stage_view import NEAREST_FROM


class Pyramid:
    """One picture at its own size, a half, a quarter ..., each made when first needed.

    A picture of 24 megapixels is reduced once; after that a paint reads only about as
    many pixels as it draws.
    """

    def __init__(self, image: QImage) -> None:
        """Start with *image* alone."""
        self.image = image
        self._levels = [image]
        self._whole = QImage()

    def make_all(self) -> None:
        """Make every level now, as on another thread, so that no paint has to wait."""
        self._level(QSize(1, 1))

    def grow(self) -> Iterator[None]:
        """Make every level strip by strip, where there is only the window's thread."""
        while (last := self._levels[-1]).width() > 1 or last.height() > 1:
            half = blank_half(last)
            yield from halving(last, half)
            self._levels.append(half)

    def at_least(self, size: QSize) -> QImage:
        """Return the picture reduced, but not below *size*."""
        return self._level(size)

    def paint(
        self, painter: QPainter, place: QRectF, pane: QRectF, ratio: float
    ) -> None:
        """Draw what the pane, and the painter's clip, leave of the picture.

        Args:
            painter: Draws, in widget pixels.
            place: Where the whole picture lies, in device pixels.
            pane: What it is seen through, in device pixels.
            ratio: Device pixels a widget pixel.
        """
        seen = place.intersected(pane)
        if painter.hasClipping():
            clip = painter.clipBoundingRect()
            seen = seen.intersected(QRectF(clip.topLeft() * ratio, clip.size() * ratio))
        if seen.isEmpty():
            return
        if pane.contains(place) and place.width() < self.image.width():
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
            image = self._reduced(place.size().toSize())
            painter.drawImage(_divided(place, ratio), image)
            return
        level = self._level(place.size().toSize())
        x_scale = place.width() / level.width()
        y_scale = place.height() / level.height()
        part = _part(level.rect(), place.topLeft(), seen, x_scale, y_scale)
        corner = QPointF(part.x() * x_scale, part.y() * y_scale) + place.topLeft()
        target = QRectF(
            corner.x(), corner.y(), part.width() * x_scale, part.height() * y_scale
        )
        smooth = x_scale < NEAREST_FROM and not x_scale.is_integer()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(_divided(target, ratio), drawable(level.copy(part)))

    def _level(self, size: QSize) -> QImage:
        """Return the smallest level that is no smaller than *size*."""
        found = self._levels[0]
        for index in range(1, 32):
            half = QSize((found.width() + 1) // 2, (found.height() + 1) // 2)
            if half == found.size() or half.expandedTo(size) != half:
                break
            if index == len(self._levels):
                self._levels.append(halved(found))
            found = self._levels[index]
        return found

    def _reduced(self, size: QSize) -> QImage:
        """Return the whole picture at exactly *size*; the last one is kept."""
        size = size.expandedTo(QSize(1, 1))
        if self._whole.size() != size:
            # From twice the size at least: nearer levels would blur it once more.
            self._whole = drawable(_smaller(self._level(size * 2), size))
        return self._whole


def _part(
    level: QRect, corner: QPointF, seen: QRectF, x_scale: float, y_scale: float
) -> QRect:
    """Return the pixels of *level* under *seen*, with one more around for smoothing."""
    left = floor((seen.left() - corner.x()) / x_scale) - 1
    top = floor((seen.top() - corner.y()) / y_scale) - 1
    right = ceil((seen.right() - corner.x()) / x_scale) + 1
    bottom = ceil((seen.bottom() - corner.y()) / y_scale) + 1
    return QRect(left, top, right - left, bottom - top).intersected(level)


def _smaller(image: QImage, size: QSize) -> QImage:
    modes = Qt.TransformationMode
    return image.scaled(
        size, Qt.AspectRatioMode.IgnoreAspectRatio, modes.SmoothTransformation
    )


def _divided(rect: QRectF, by: float) -> QRectF:
    return QRectF(rect.topLeft() / by, rect.size() / by)
