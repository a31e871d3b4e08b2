"""Tests for studio.widgets.little_map: 128 × 108, so 46 pixels reach to its edge."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from studio.widgets.little_map import LittleMap

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def little(qtbot):
    little = LittleMap()
    qtbot.addWidget(little)
    little.set_points(np.empty((0, 2), np.float32), 2.0)
    little.set_seen(-1.5, 0, 0.2, 0.2)
    little.show()
    return little


def light(little, x, y):
    return little.grab().toImage().pixelColor(x, y).lightness()


def test_points_stand_where_the_data_are(little):
    dark = light(little, 64 + 23, 54 - 23)
    little.set_points(np.array([[1, 1]], np.float32), 2.0)
    assert light(little, 64 + 23, 54 - 23) > dark + 30
    assert light(little, 64 + 23, 54 + 23) == dark  # up is up


def test_all_points_are_seen_even_beyond_the_reach(little):
    little.set_points(np.array([[0, -8]], np.float32), 2.0)
    assert light(little, 64, 54 + 46) > light(little, 50, 54) + 30


def test_what_the_large_map_shows_is_framed(little):
    little.set_seen(1.0, 0.0, 1.0, 2.0)
    for x, y in ((64 + 23 - 11, 54), (64 + 23 + 12, 54), (64 + 23, 54 - 23)):
        assert light(little, x, y) > light(little, 64 + 23, 54) + 40
    assert little.accessibleDescription() == "1.0 across, 0.0 up"


def test_a_click_goes_there(qtbot, little):
    with qtbot.waitSignal(little.went) as went:
        qtbot.mouseClick(little, LEFT, pos=QPoint(64 + 23, 54 + 46))
    assert went.args == pytest.approx([1.0, -2.0], abs=0.05)
