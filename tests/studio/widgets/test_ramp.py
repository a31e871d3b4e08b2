"""Tests for studio.widgets.ramp."""

import numpy as np
from PySide6.QtGui import QColor

from studio.widgets.ramp import ramp, stretched


def test_lightness_rises_evenly_all_the_way():
    """By CIE L*, which the ramp is not made from."""
    value = ramp() / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    y = linear @ [0.2126, 0.7152, 0.0722]
    lightness = np.where(y > 0.008856, 116 * np.cbrt(y) - 16, 903.3 * y)
    steps = np.diff(lightness[::16])

    assert (steps > 0).all()
    assert lightness[0] < 5
    assert lightness[-1] > 90
    assert steps.max() < 2 * steps.mean()


def test_the_colours_stay_inside_what_a_screen_shows():
    inner = ramp()[8:].astype(int)

    assert inner.min() > 0
    assert inner.max() < 255


def test_the_ramp_is_stretched_to_the_largest_number():
    table = [QColor.fromRgba(colour).getRgb() for colour in stretched(100)]

    assert len(table) == 256
    assert table[0] == (*ramp()[0].tolist(), 255)
    assert table[100] == (*ramp()[255].tolist(), 255)
    assert table[50] == (*ramp()[128].tolist(), 255)
