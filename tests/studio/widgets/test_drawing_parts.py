"""Tests for studio.widgets: tool_column, swatches and starter_strip."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from engines.samples.facades import LABELS
from studio.widgets.picture import to_image
from studio.widgets.starter_strip import GAP, TILE, StarterStrip
from studio.widgets.swatches import Swatches
from studio.widgets.tool_column import SIZES, ToolColumn

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def tools(qtbot):
    tools = ToolColumn()
    qtbot.addWidget(tools)
    tools.show()
    assert tools.tool() == "brush"
    assert tools.size_index() == 1
    assert not tools.undo_button.isEnabled()
    return tools


@pytest.fixture
def swatches(qtbot):
    swatches = Swatches()
    qtbot.addWidget(swatches)
    assert swatches.colour() is None
    return swatches


# ----------------------------------------------------------------------------
# Tools.


def test_a_click_takes_a_tool(qtbot, tools):
    with qtbot.waitSignal(tools.tool_changed) as told:
        qtbot.mouseClick(tools.button("fill"), LEFT)
    assert told.args == ["fill"]
    assert tools.tool() == "fill"
    with qtbot.waitSignal(tools.tool_changed):
        tools.take("line")
    assert tools.button("line").isChecked()
    assert not tools.button("fill").isChecked()


def test_lines_become_wider_and_thinner_as_far_as_they_can(qtbot, tools):
    with qtbot.waitSignal(tools.size_changed) as told:
        tools.change_size(1)
    assert told.args == [2]
    with qtbot.assertNotEmitted(tools.size_changed):
        tools.change_size(1)
    tools.change_size(-1)
    tools.change_size(-1)
    assert tools.size_index() == 0
    assert sorted(SIZES) == list(SIZES)


def test_what_cannot_be_undone_cannot_be_clicked(tools):
    tools.set_steps(can_undo=True, can_redo=False)
    assert tools.undo_button.isEnabled()
    assert not tools.redo_button.isEnabled()


def test_every_tool_says_its_name_and_fits_the_smallest_window(tools):
    for tool in ("brush", "eraser", "line", "ellipse", "rectangle", "fill"):
        assert tools.button(tool).accessibleName()
    assert tools.width() == 48
    # A window of 640 less header 64, job bar 40, margin 16, pictures 64 and 12.
    assert tools.minimumSizeHint().height() <= 444


# ----------------------------------------------------------------------------
# Colours.


def test_a_click_chooses_a_colour(qtbot, swatches):
    colours = tuple(label.colour for label in LABELS)
    swatches.set_colours(colours, colours[3])
    swatches.show()
    assert swatches.colours() == colours
    assert swatches.colour() == colours[3]
    with qtbot.waitSignal(swatches.chosen) as told:
        qtbot.mouseClick(swatches.layout().itemAt(5).widget(), LEFT)
    assert told.args == [colours[5]]
    assert swatches.colour() == colours[5]


def test_other_colours_take_the_place_of_the_first(swatches):
    swatches.set_colours([(0, 0, 0), (255, 255, 255), (255, 0, 0)], (0, 0, 0))
    swatches.set_colours([(0, 0, 255), (0, 255, 0)], (0, 255, 0))
    assert swatches.colours() == ((0, 0, 255), (0, 255, 0))
    assert swatches.colour() == (0, 255, 0)


@pytest.mark.parametrize(
    ("colour", "name"),
    [
        ((255, 255, 255), "white"),
        ((0, 0, 0), "black"),
        ((128, 128, 128), "grey"),
        ((60, 60, 60), "dark grey"),
        ((178, 182, 190), "light grey"),
        ((216, 52, 72), "red"),
        ((120, 10, 20), "dark red"),
        ((124, 58, 30), "brown"),
        ((255, 154, 46), "orange"),
        ((255, 226, 84), "yellow"),
        ((92, 190, 48), "green"),
        ((64, 240, 232), "turquoise"),
        ((44, 88, 224), "blue"),
        ((142, 214, 255), "light blue"),
        ((92, 103, 138), "greyish blue"),
        ((140, 104, 255), "light purple"),
        ((255, 132, 190), "light pink"),
    ],
)
def test_colours_are_named_by_their_hue(swatches, colour, name):
    assert swatches.name_of(colour) == name


def test_a_swatch_is_named_and_one_of_them_is_reached_by_tab(swatches):
    swatches.set_colours([(255, 0, 0), (0, 0, 255)], (0, 0, 255))
    red, blue = (swatches.layout().itemAt(i).widget() for i in range(2))
    assert [red.accessibleName(), blue.accessibleName()] == ["red", "blue"]
    assert red.focusPolicy() == Qt.FocusPolicy.NoFocus
    assert blue.focusPolicy() == Qt.FocusPolicy.TabFocus


# ----------------------------------------------------------------------------
# Starters.


@pytest.fixture
def strip(qtbot):
    strip = StarterStrip()
    qtbot.addWidget(strip)
    strip.resize(400, TILE)
    colours = ((200, 30, 40), (30, 60, 200), (20, 160, 60))
    pictures = [np.full((8, 8, 3), colour, np.uint8) for colour in colours]
    strip.set_pictures([(f"{k}.png", to_image(p)) for k, p in enumerate(pictures)])
    strip.show()
    assert strip.count() == 3
    assert strip.taken_index() == -1
    return strip


def test_a_click_takes_a_picture(qtbot, strip):
    spot = strip.visualRect(strip.model().index(1, 0)).center()
    with qtbot.waitSignal(strip.taken) as told:
        qtbot.mouseClick(strip.viewport(), LEFT, pos=spot)
    assert told.args == [1]
    assert strip.taken_index() == 1


def test_enter_takes_the_picture_that_arrows_led_to(qtbot, strip):
    qtbot.keyClick(strip, Qt.Key.Key_Right)
    qtbot.keyClick(strip, Qt.Key.Key_Right)
    at = strip.currentIndex().row()
    with qtbot.waitSignal(strip.taken) as told:
        qtbot.keyClick(strip, Qt.Key.Key_Space)
    assert told.args == [at]


def test_the_picture_that_is_taken_is_marked(strip):
    def seen(x):
        image = strip.grab().toImage()
        return image.pixelColor(round(x * image.devicePixelRatio()), 1)

    assert seen(TILE + GAP + 30).blue() > 150
    before = seen(TILE + GAP + 30)
    strip.mark(1)
    assert seen(TILE + GAP + 30) != before
    strip.mark(-1)
    assert seen(TILE + GAP + 30) == before


def test_other_pictures_are_not_marked(strip):
    strip.mark(2)
    strip.set_pictures([])
    assert strip.count() == 0
    assert strip.taken_index() == -1
