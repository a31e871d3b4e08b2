"""Tests for studio.widgets.overlay."""

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from studio.widgets.overlay import Overlay

WORDS = ("What the critic believes", "painted", "real")


def test_patches_are_blocks_and_the_more_opaque_the_larger():
    overlay = Overlay(np.array([[0.0, 0.5], [1.0, 0.25]]), WORDS)
    image = QImage(80, 60, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.black)
    painter = QPainter(image)
    overlay.paint(painter, QRectF(0, 0, 80, 60))
    painter.end()

    red = [[image.pixelColor(x, y).red() for x in (1, 39, 40, 79)] for y in (0, 59)]
    full = 0.6 * 214
    assert red[0] == pytest.approx([0, 0, full / 2, full / 2], abs=2)
    assert red[1] == pytest.approx([full, full, full / 4, full / 4], abs=2)
    assert overlay.mean == pytest.approx(0.4375)


@pytest.mark.parametrize(
    "field", [np.zeros(4), np.zeros((0, 2)), np.array([[1.2]]), np.array([[np.nan]])]
)
def test_what_is_no_plane_of_parts_is_refused(field):
    with pytest.raises(ValueError, match=r"plane of numbers in \[0, 1\]"):
        Overlay(field, WORDS)
