"""Tests for studio.widgets.pyramid."""

import numpy as np
import pytest
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from studio.widgets.picture import to_image
from studio.widgets.pyramid import Pyramid


def drawn(picture, place, pane, clip=None):
    """What is painted in a window of the pane's size."""
    image = QImage(pane.size().toSize(), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.green)
    painter = QPainter(image)
    if clip is not None:
        painter.setClipRect(clip)
    picture.paint(painter, place, pane, 1.0)
    painter.end()
    return image


def rgb(image):
    """(H, W, 3) of what was drawn."""
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    shape = (image.height(), image.width(), 3)
    return lines[:, : 3 * image.width()].reshape(shape).copy()


@pytest.fixture
def noise():
    return np.random.default_rng(0).integers(0, 256, (60, 90, 3), np.uint8)


def test_at_its_own_size_every_pixel_is_exact(noise):
    pane = QRectF(0, 0, 40, 30)

    found = rgb(drawn(Pyramid(to_image(noise)), QRectF(-20, -10, 90, 60), pane))

    assert np.array_equal(found, noise[10:40, 20:60])


def test_enlarged_pixels_are_squares_wherever_it_is_panned(noise):
    pane = QRectF(0, 0, 40, 30)
    place = QRectF(-123, -77, 90 * 5, 60 * 5)

    found = rgb(drawn(Pyramid(to_image(noise)), place, pane))

    rows, columns = (np.arange(30) + 77) // 5, (np.arange(40) + 123) // 5
    assert np.array_equal(found, noise[rows][:, columns])


def test_a_fitted_picture_shows_the_means_of_what_it_stands_for(noise):
    pane = QRectF(0, 0, 30, 20)
    blocks = np.kron(noise[:20, :30], np.ones((6, 6, 1), np.uint8))  # 180 x 120

    found = rgb(drawn(Pyramid(to_image(blocks)), pane, pane))

    assert np.abs(found.astype(int) - noise[:20, :30]).max() <= 2


def test_levels_are_no_smaller_than_asked_and_made_once(noise):
    picture = Pyramid(to_image(noise))

    assert picture._level(QSize(46, 20)).size() == QSize(90, 60)
    assert picture._level(QSize(45, 30)).size() == QSize(45, 30)
    assert picture._level(QSize(1, 1)).size() == QSize(1, 1)
    made = list(picture._levels)
    picture._level(QSize(12, 8))
    assert [level.cacheKey() for level in made] == [
        level.cacheKey() for level in picture._levels
    ]


def test_what_is_clipped_is_not_touched(noise):
    pane = QRectF(0, 0, 40, 30)
    place = QRectF(0, 0, 90, 60)

    image = drawn(Pyramid(to_image(noise)), place, pane, clip=QRectF(10, 5, 8, 6))

    green = rgb(image) == (0, 255, 0)
    inside = np.zeros((30, 40), bool)
    inside[5:11, 10:18] = True
    assert np.array_equal(~green.all(2), inside)


def test_what_is_reduced_keeps_its_transparency():
    clear = QImage(64, 64, QImage.Format.Format_ARGB32)
    clear.fill(QColor(255, 0, 0, 128))

    image = drawn(Pyramid(clear), QRectF(0, 0, 16, 16), QRectF(0, 0, 16, 16))

    colour = image.pixelColor(8, 8)
    assert colour.red() == pytest.approx(128, abs=1)
    assert colour.green() == pytest.approx(127, abs=1)


def test_levels_made_strip_by_strip_are_the_same(noise):
    image = to_image(noise)
    at_once, little_by_little = Pyramid(image), Pyramid(image)
    at_once.make_all()
    pauses = sum(1 for _ in little_by_little.grow())
    assert pauses > 5
    for side in (1, 2, 5, 9, 17, 34, 36):
        size = QSize(side, side)
        assert little_by_little.at_least(size) == at_once.at_least(size)
    assert at_once.at_least(QSize(20, 20)).size() == QSize(45, 30)
