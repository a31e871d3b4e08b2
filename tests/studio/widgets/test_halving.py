"""Tests for studio.widgets.halving."""

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage

from studio.widgets.halving import STRIP_ROWS, halved
from studio.widgets.picture import to_image


def pixels(image, channels=3):
    image = image.convertToFormat(
        QImage.Format.Format_RGB888 if channels == 3 else QImage.Format.Format_RGBA8888
    )
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    shape = (image.height(), image.width(), channels)
    return lines[:, : channels * image.width()].reshape(shape).copy()


@pytest.mark.parametrize("height", [2, STRIP_ROWS, STRIP_ROWS + 2, 3 * STRIP_ROWS])
def test_each_pixel_is_the_rounded_mean_of_four(height):
    picture = np.random.default_rng(0).integers(0, 256, (height, 30, 3), np.uint8)

    half = pixels(halved(to_image(picture)))

    means = picture.reshape(height // 2, 2, 15, 2, 3).mean((1, 3))
    assert np.array_equal(half, np.floor(means + 0.5))


@pytest.mark.parametrize(("height", "width"), [(7, 5), (1, 4), (4, 1), (1, 1), (65, 3)])
def test_odd_sides_are_rounded_up_and_keep_their_brightness(height, width):
    half = halved(to_image(np.full((height, width, 3), 91, np.uint8)))

    assert (half.height(), half.width()) == ((height + 1) // 2, (width + 1) // 2)
    assert (pixels(half) == 91).all()


def test_clear_pixels_do_not_colour_their_neighbours():
    image = QImage(2, 2, QImage.Format.Format_ARGB32)
    image.fill(QColor(0, 255, 0, 0))
    image.setPixelColor(0, 0, QColor(200, 40, 0, 255))

    red, green, blue, alpha = pixels(halved(image), 4)[0, 0]

    assert alpha == 64
    assert (red, green, blue) == pytest.approx((200, 40, 0), abs=3)
