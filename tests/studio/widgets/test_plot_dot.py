"""Tests for studio.widgets.plot_dot."""

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QGraphicsScene

from studio.widgets.plot_dot import PlotDot

NOTHING = np.empty(0)


@pytest.fixture
def dot(qapp):
    dot = PlotDot(diameter=7)
    dot.set_colours(QColor("red"), QColor("white"))
    assert not dot.isVisible()
    return dot


def test_it_stands_on_the_last_point_and_without_one_nowhere(dot):
    dot.place(np.array([1.0, 5.0]), np.array([0.5, 0.25]))
    assert dot.isVisible()
    assert (dot.pos().x(), dot.pos().y()) == (5, 0.25)
    dot.place(NOTHING, NOTHING)
    assert not dot.isVisible()


@pytest.mark.parametrize("zoom", [1, 10])
def test_it_is_as_large_whatever_the_plot_shows(dot, zoom):
    scene = QGraphicsScene()
    scene.addItem(dot)
    dot.place(np.array([20 / zoom]), np.array([20 / zoom]))
    image = QImage(40, 40, QImage.Format.Format_RGB32)
    image.fill(QColor("black"))
    painter = QPainter(image)
    scene.render(painter, QRectF(0, 0, 40, 40), QRectF(0, 0, 40 / zoom, 40 / zoom))
    painter.end()
    red = sum(
        image.pixelColor(x, y).green() < 128 < image.pixelColor(x, y).red()
        for x in range(40)
        for y in range(40)
    )
    assert 30 <= red <= 46  # pi * 3.5^2 = 38
    assert image.pixelColor(20, 20) == QColor("red")
