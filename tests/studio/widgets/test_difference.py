"""Tests for studio.widgets.difference."""

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage

from studio.widgets import difference
from studio.widgets.difference import Comparison
from studio.widgets.picture import to_image
from studio.widgets.ramp import ramp


def compared(before, after):
    comparison = Comparison(before, after)
    while (found := comparison.advance()) is None:
        pass
    return found


def test_each_pixel_counts_its_most_different_colour():
    before = np.full((2, 3, 3), 100, np.uint8)
    after = before.copy()
    after[0, 1] = (100, 40, 110)  # 0, 60, 10
    after[1, 2] = (255, 100, 100)  # 155, 0, 0

    found = compared(to_image(before), to_image(after))

    assert found.largest == 155
    assert found.mean == pytest.approx((60 + 155) / 6)
    shown = found.image.pixelColor
    assert shown(2, 1).getRgb()[:3] == tuple(ramp()[255])
    assert shown(1, 0).getRgb()[:3] == tuple(ramp()[round(255 * 60 / 155)])
    assert shown(0, 0).getRgb()[:3] == tuple(ramp()[0])


@pytest.mark.parametrize("size", [(1, 1), (5, 7), (33, 10)])
def test_strips_find_what_the_whole_shows(size, monkeypatch):
    monkeypatch.setattr(difference, "STRIP_PIXELS", 20)
    rng = np.random.default_rng(1)
    before, after = rng.integers(0, 256, (2, *size, 3), np.uint8)

    found = compared(to_image(before), to_image(after))

    apart = np.abs(before.astype(int) - after).max(2)
    assert found.largest == apart.max()
    assert found.mean == pytest.approx(apart.mean())
    lit = [
        [found.image.pixelIndex(x, y) for x in range(size[1])] for y in range(size[0])
    ]
    assert lit == apart.tolist()


def test_a_large_picture_takes_several_strips(monkeypatch):
    monkeypatch.setattr(difference, "STRIP_PIXELS", 20)
    picture = to_image(np.zeros((9, 10, 3), np.uint8))
    comparison = Comparison(picture, picture)

    answers = [comparison.advance() for _ in range(5)]  # 2 + 2 + 2 + 2 + 1 rows

    assert answers[:4] == [None] * 4
    assert (answers[4].largest, answers[4].mean) == (0, 0.0)


def test_what_is_transparent_counts_as_white():
    clear = QImage(4, 4, QImage.Format.Format_ARGB32)
    clear.fill(QColor(10, 20, 30, 0))
    white = to_image(np.full((4, 4, 3), 255, np.uint8))

    assert compared(clear, white).largest == 0


def test_another_size_is_brought_to_the_first():
    small = to_image(np.full((4, 4, 3), 60, np.uint8))
    large = to_image(np.full((8, 12, 3), 50, np.uint8))

    found = compared(large, small)

    assert found.image.size() == large.size()
    assert (found.largest, found.mean) == (10, 10.0)
