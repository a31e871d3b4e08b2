"""Tests for studio.widgets.pin_strip: four tiles of 48 in a row, 8 apart."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage

from studio.widgets.pin_strip import PinStrip

LEFT, CTRL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier
COLOURS = [QColor(200, 0, 0), QColor(0, 160, 0), QColor(0, 0, 200)]


@pytest.fixture
def strip(qtbot):
    """Three pins that are moved and removed as the strip asks."""
    strip = PinStrip()
    qtbot.addWidget(strip)
    strip.resize(224, 48)
    strip.show()
    assert (strip.count(), strip.current()) == (0, 0)
    pins = list(COLOURS)

    def show():
        strip.set_pins([plain(colour) for colour in pins])

    def move(here, there):
        pins.insert(there, pins.pop(here))
        show()

    def remove(index):
        del pins[index]
        show()

    strip.moved.connect(move)
    strip.remove_requested.connect(remove)
    show()
    return strip


def plain(colour):
    image = QImage(48, 48, QImage.Format.Format_RGB32)
    image.fill(colour)
    return image


def order(strip):
    image = strip.grab().toImage()
    seen = [
        image.pixelColor(strip.tile(n).center()).rgb() for n in range(strip.count())
    ]
    return [[c.rgb() for c in COLOURS].index(rgb) for rgb in seen]


def press(qtbot, strip, *keys, modifier=Qt.KeyboardModifier.NoModifier):
    for key in keys:
        qtbot.keyClick(strip, key, modifier)


def test_a_click_takes_a_pin(qtbot, strip):
    assert order(strip) == [0, 1, 2]
    with qtbot.waitSignal(strip.taken) as taken:
        qtbot.mouseClick(strip, LEFT, pos=strip.tile(1).center())
    assert taken.args == [1]
    assert strip.accessibleName() == "Pin 2 of 3"


def test_the_last_tile_adds(qtbot, strip):
    with qtbot.waitSignal(strip.add_requested), qtbot.assertNotEmitted(strip.taken):
        qtbot.mouseClick(strip, LEFT, pos=strip.tile(3).center())
    assert strip.accessibleName() == "Pin what is chosen"


def test_dragging_moves_a_pin(qtbot, strip):
    with qtbot.assertNotEmitted(strip.taken):
        qtbot.mousePress(strip, LEFT, pos=strip.tile(0).center())
        qtbot.mouseMove(strip, strip.tile(1).center())
        qtbot.mouseMove(strip, strip.tile(2).center())
        qtbot.mouseRelease(strip, LEFT, pos=strip.tile(2).center())
    assert order(strip) == [1, 2, 0]


def test_a_pin_is_not_dragged_behind_the_tile_that_adds(qtbot, strip):
    qtbot.mousePress(strip, LEFT, pos=strip.tile(0).center())
    qtbot.mouseMove(strip, strip.tile(3).center())
    qtbot.mouseRelease(strip, LEFT, pos=strip.tile(3).center())
    assert order(strip) == [0, 1, 2]


def test_keys_go_along_take_move_and_remove(qtbot, strip):
    keys = Qt.Key
    press(qtbot, strip, keys.Key_Right)
    with qtbot.waitSignal(strip.taken) as taken:
        press(qtbot, strip, keys.Key_Return)
    assert taken.args == [1]
    press(qtbot, strip, keys.Key_Left, modifier=CTRL)
    assert (order(strip), strip.current()) == ([1, 0, 2], 0)
    press(qtbot, strip, keys.Key_Left, modifier=CTRL)  # it is the first already
    assert order(strip) == [1, 0, 2]
    press(qtbot, strip, keys.Key_Delete)
    assert order(strip) == [0, 2]
    press(qtbot, strip, keys.Key_End, keys.Key_Delete)  # what adds stays
    assert order(strip) == [0, 2]
    with qtbot.waitSignal(strip.add_requested):
        press(qtbot, strip, keys.Key_Space)


def test_more_pins_take_more_rows(strip):
    strip.set_pins([plain(COLOURS[0])] * 4)
    assert strip.height() == 48 + 8 + 48
    assert strip.tile(4).topLeft() == QPoint(0, 56)


def test_a_pin_without_its_picture_is_a_place(strip):
    strip.set_pins([None])
    middle = strip.grab().toImage().pixelColor(strip.tile(0).center())
    assert middle.rgb() not in [colour.rgb() for colour in COLOURS]
