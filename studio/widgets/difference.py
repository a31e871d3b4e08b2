"""How far two pictures are apart, pixel by pixel."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter

from studio.widgets.ramp import stretched

STRIP_PIXELS = 1_000_000
"""What is compared between two events: a few milliseconds."""

BLOCK_PIXELS = 40_000
"""What is worked on at once, so that it stays in the processor's cache."""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Difference:
    """|Δ| of two pictures; of each pixel the largest over red, green and blue.

    Attributes:
        image: The differences in colours of the ramp, which reaches up to `largest`.
        largest: Of 255.
        mean: Over all pixels, of 255.
    """

    image: QImage
    largest: int
    mean: float


class Comparison:
    """Two pictures being compared strip by strip, so that the window stays responsive.

    Where a picture is transparent it counts as laid over white.
    """

    def __init__(self, before: QImage, after: QImage) -> None:
        """Begin; *after* is brought to the size of *before*."""
        if after.size() != before.size():
            after = after.scaled(
                before.size(),
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        self._before, self._after = before, after
        width = before.width()
        # QImage wants each line to begin at a multiple of four bytes.
        lines = np.zeros((before.height(), (width + 3) // 4 * 4), np.uint8)
        self._lines, self._found = lines, lines[:, :width]
        self._row = 0

    def advance(self) -> Difference | None:
        """Compare the next strip of about a megapixel; the answer after the last."""
        height, width = self._found.shape
        end = min(height, self._row + max(1, STRIP_PIXELS // width))
        rows = max(1, BLOCK_PIXELS // width)
        for top in range(self._row, end, rows):
            self._compare(top, min(end, top + rows))
        self._row = end
        return self._answer() if end == height else None

    def _compare(self, top: int, end: int) -> None:
        # The arrays borrow the pixels of the strips, which live as long as this call.
        strips = [_strip(each, top, end) for each in (self._before, self._after)]
        before, after = (_pixels(strip) for strip in strips)
        apart = np.maximum(before, after)
        apart -= np.minimum(before, after)
        # The largest of every three neighbours, of which every third is a pixel: many
        # times faster than picking the channels out first.
        line = apart.reshape(-1)
        largest = np.maximum(line[:-2], line[1:-1])
        np.maximum(largest, line[2:], out=largest)
        self._found[top:end] = largest[::3].reshape(end - top, -1)

    def _answer(self) -> Difference:
        height, width = self._found.shape
        largest = int(self._found.max())
        image = QImage(
            self._lines.data,
            width,
            height,
            self._lines.strides[0],
            QImage.Format.Format_Indexed8,
        ).copy()  # it only borrowed the array
        image.setColorTable(stretched(max(1, largest)))
        total = int(self._found.sum(dtype=np.int64))
        return Difference(image=image, largest=largest, mean=total / self._found.size)


def _strip(image: QImage, top: int, end: int) -> QImage:
    """Return rows *top* to *end* over white, three bytes a pixel."""
    strip = image.copy(0, top, image.width(), end - top)
    if strip.hasAlphaChannel():
        under = QImage(strip.size(), QImage.Format.Format_RGB32)
        under.fill(QColor(Qt.GlobalColor.white))
        painter = QPainter(under)
        painter.drawImage(0, 0, strip)
        painter.end()
        strip = under
    return strip.convertToFormat(QImage.Format.Format_RGB888)


def _pixels(strip: QImage) -> NDArray[np.uint8]:
    """Return a view (rows, W, 3) uint8 of a picture with three bytes a pixel."""
    width, height = strip.width(), strip.height()
    lines = np.frombuffer(strip.constBits(), np.uint8).reshape(height, -1)
    return lines[:, : 3 * width].reshape(height, width, 3)
