"""A picture at half its size, each pixel the rounded mean of four."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

STRIP_ROWS = 32  # even; what is worked on stays in the processor's cache

_OTHER_BYTES = np.uint32(0x00FF00FF)


def drawable(image: QImage) -> QImage:
    """Return *image* in the four bytes a pixel that the painter reads fastest."""
    return image.convertToFormat(_format(image))


def halved(image: QImage) -> QImage:
    """Return *image* at half its size; odd sides are rounded up.

    Qt's own smooth scaling rounds down, which darkens a little with each halving.
    """
    half = blank_half(image)
    for _strip in halving(image, half):
        pass
    return half


def blank_half(image: QImage) -> QImage:
    """Return room for *image* at half its size."""
    return QImage((image.width() + 1) // 2, (image.height() + 1) // 2, _format(image))


def halving(image: QImage, half: QImage) -> Iterator[None]:
    """Halve *image* into *half* strip by strip, for who has other things to do too."""
    into = _words(half)
    for top in range(0, image.height(), STRIP_ROWS):
        rows = min(STRIP_ROWS, image.height() - top)
        strip = drawable(image.copy(0, top, image.width(), rows))
        words = _words(strip)
        height, width = words.shape
        if height % 2 or width % 2:
            words = np.pad(words, ((0, height % 2), (0, width % 2)), mode="edge")
        eight = np.uint32(8)
        # Two of the four bytes at a time: each has 16 bits of room for a sum of four.
        into[top // 2 : top // 2 + len(words) // 2] = _mean(words & _OTHER_BYTES) | (
            _mean((words >> eight) & _OTHER_BYTES) << eight
        )
        yield


def _mean(words: NDArray[np.uint32]) -> NDArray[np.uint32]:
    rows = words[::2] + words[1::2]
    total = rows[:, ::2] + rows[:, 1::2] + np.uint32(0x00020002)  # rounds
    mean: NDArray[np.uint32] = (total >> np.uint32(2)) & _OTHER_BYTES
    return mean


def _words(image: QImage) -> NDArray[np.uint32]:
    """Return a view (H, W) of a picture of four bytes a pixel, which must live on."""
    words = np.frombuffer(image.bits(), np.uint32)
    return words.reshape(image.height(), image.width())


def _format(image: QImage) -> QImage.Format:
    formats = QImage.Format
    if image.hasAlphaChannel():
        return formats.Format_ARGB32_Premultiplied
    return formats.Format_RGB32
