"""A map of numbers laid over a picture as patches of one colour."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from studio.widgets.scale_panel import ScalePanel

ALPHA = 0.6
"""Opacity of the largest number; 0 leaves the picture as it is."""

_HUE = (214, 0, 147)  # rare in pictures, photographs and drawings alike


class Overlay:
    """Numbers from 0 to 1, one a patch; patches share the picture evenly."""

    def __init__(
        self, field: NDArray[np.floating], words: tuple[str, str, str]
    ) -> None:
        """Colour *field*.

        Args:
            field: (P, Q), one number in [0, 1] a patch, top row first.
            words: What the numbers are, what 0 means, what 1 means.

        Raises:
            ValueError: The field is no plane of numbers in [0, 1].
        """
        inside = bool(np.all((field >= 0) & (field <= 1)))  # false for NaN
        if field.ndim != 2 or field.size == 0 or not inside:
            raise ValueError(
                "an overlay is a plane of numbers in [0, 1], "
                f"got shape {field.shape}" + ("" if inside else " with others")
            )
        self.words = words
        self.mean = float(np.mean(field))
        self._patches = _coloured(field)
        line = np.linspace(0.0, 1.0, 256)[None]
        self.panel = ScalePanel(*words, _coloured(line))

    def paint(self, painter: QPainter, place: QRectF) -> None:
        """Draw the patches over the whole picture, which lies at *place*."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(place, self._patches)
        painter.restore()


def _coloured(field: NDArray[np.floating]) -> QImage:
    """Return one pixel a number, the more opaque the larger."""
    rgba = np.empty((*field.shape, 4), np.uint8)
    rgba[..., :3] = _HUE
    rgba[..., 3] = np.round(255 * ALPHA * field)
    height, width = field.shape
    formats = QImage.Format
    return QImage(
        rgba.data, width, height, 4 * width, formats.Format_RGBA8888
    ).convertToFormat(formats.Format_ARGB32_Premultiplied)
