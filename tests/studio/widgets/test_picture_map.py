"""Tests for studio.widgets.picture_map."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from studio.tokens import DARK
from studio.widgets.map_marks import Pin
from studio.widgets.map_view import Cell
from studio.widgets.picture_map import PictureMap

LEFT = Qt.MouseButton.LeftButton
SIDE = 16  # of the pictures; four times that is a cell


def colour_of(cell):
    """Every point of the plane has a colour of its own."""
    return (128 + round(30 * cell.x)) % 256, (128 + round(30 * cell.y)) % 256, 60


def pictures_of(cells):
    return np.stack(
        [np.full((SIDE, SIDE, 3), colour_of(cell), np.uint8) for cell in cells]
    )


class Maker:
    """Makes the pictures that a map wants, when the test says so."""

    def __init__(self, plane):
        self.plane, self.wanted = plane, []
        plane.tiles_wanted.connect(self.want)

    def want(self, cells):
        self.wanted = cells

    def make(self, count=None):
        cells, self.wanted = self.wanted[:count], self.wanted[count or 10**6 :]
        if cells:
            self.plane.set_tiles(cells, pictures_of(cells))


@pytest.fixture
def plane(qtbot):
    """A map of 640 × 384 of cells of 64 pixels, 0.5 apart, without pictures."""
    plane = PictureMap()
    qtbot.addWidget(plane)
    plane.resize(640, 384)
    plane.show()
    plane.start(SIDE, 2.5)
    assert plane.view.cell_px == 64
    assert plane.view.reach == 2.5
    assert plane.chosen_point() is None
    return plane


@pytest.fixture
def maker(plane):
    maker = Maker(plane)
    plane.home()
    return maker


@pytest.fixture
def full(plane, maker):
    """The same with all of its pictures."""
    maker.make()
    return plane


def seen(plane):
    return plane.grab().toImage()


def colour_at(plane, x, y):
    return seen(plane).pixelColor(x, y).getRgb()[:3]


def spot(plane, cell):
    return plane.square(cell).center().toPoint()


def wheel(plane, notches, at):
    event = QWheelEvent(
        QPointF(at),
        QPointF(plane.mapToGlobal(at)),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(plane, event)


def drag(qtbot, plane, start, by):
    qtbot.mousePress(plane, LEFT, pos=start)
    qtbot.mouseMove(plane, start + by / 2)
    qtbot.mouseMove(plane, start + by)
    qtbot.mouseRelease(plane, LEFT, pos=start + by)


def assert_all_right(plane):
    """Every cell that is seen shows its own picture, drawn at its place."""
    image = seen(plane)
    for cell in plane.view.cells():
        at = spot(plane, cell)
        if image.rect().adjusted(8, 8, -8, -8).contains(at):
            assert image.pixelColor(at).getRgb()[:3] == colour_of(cell), cell


# ----------------------------------------------------------------------------
# Pictures.


def test_without_pictures_it_is_dark(plane):
    assert seen(plane).pixelColor(300, 200).name().upper() == DARK.stage


def test_each_picture_stands_at_its_place(full):
    assert_all_right(full)


def test_cells_touch(full):
    row = [seen(full).pixelColor(x, 200).getRgb()[:3] for x in range(20, 620)]
    assert len(set(row)) == 11  # as many colours as cells, and no black between


def test_coarse_pictures_stand_in_for_the_finer_ones_until_these_come(plane, maker):
    coarse = len({cell.named() for cell in plane.view.cells(up=2, margin=1)})
    maker.make(coarse)
    image = seen(plane)
    for x in range(10, 640, 60):
        for y in range(10, 384, 60):
            assert image.pixelColor(x, y).name().upper() != DARK.stage
    # The cell right of the middle one is covered by it, which is enlarged.
    assert colour_at(plane, 320 + 64, 192) == colour_of(Cell(-1, 0, 0))
    maker.make()
    assert colour_at(plane, 320 + 64, 192) == colour_of(Cell(-1, 1, 0))


def test_what_is_nearest_to_the_middle_is_asked_for_first(plane, maker):
    assert maker.wanted[0] == Cell(5, 0, 0)
    assert maker.wanted[1].named() in {
        Cell(1, a, u).named() for a, u in ((1, 0), (-1, 0), (0, 1), (0, -1))
    }


def test_a_small_pan_needs_nothing_new_and_a_larger_one_only_what_is_new(
    qtbot, full, maker
):
    drag(qtbot, full, QPoint(300, 200), QPoint(40, 20))
    assert_all_right(full)
    drag(qtbot, full, QPoint(300, 200), QPoint(-200, 0))
    assert 0 < len(maker.wanted) < 60
    maker.make()
    assert_all_right(full)


def test_the_same_place_is_not_asked_for_twice(qtbot, full, maker):
    drag(qtbot, full, QPoint(300, 200), QPoint(-200, 0))
    maker.make()
    drag(qtbot, full, QPoint(300, 200), QPoint(200, 0))
    assert maker.wanted == []


def test_another_plane_shows_nothing_of_the_last_one(full, maker):
    full.replace_plane()
    assert seen(full).pixelColor(320, 192).name().upper() == DARK.stage
    assert len(maker.wanted) > 60


def test_pictures_that_are_made_anew_replace_the_old_ones_as_they_come(full, maker):
    full.renew()
    assert_all_right(full)  # still the old ones
    cells = maker.wanted
    full.set_tiles(cells, 255 - pictures_of(cells))
    r, g, b = colour_of(Cell(-1, 0, 0))
    assert colour_at(full, 320, 192) == (255 - r, 255 - g, 255 - b)


def test_large_pictures_are_kept_no_larger_than_they_are_shown(plane):
    plane.start(256, 2.5)
    plane.set_tiles([Cell(-1, 1, 1)], np.zeros((1, 256, 256, 3), np.uint8))
    assert plane.tiles.size_bytes == 96 * 96 * 4


# ----------------------------------------------------------------------------
# By mouse.


def test_the_wheel_zooms_about_the_pointer(full, maker):
    at = QPoint(500, 100)
    before = full.view.point(500, 100)
    wheel(full, 4, at)
    assert full.view.reach == pytest.approx(1.25)
    assert full.view.point(500, 100) == pytest.approx(before)
    maker.make()
    assert_all_right(full)
    wheel(full, -8, at)
    assert full.view.reach == pytest.approx(5)


def test_a_click_chooses(qtbot, full):
    with qtbot.waitSignal(full.chosen) as chosen:
        qtbot.mouseClick(full, LEFT, pos=QPoint(320 + 128, 192 - 64))
    assert chosen.args == [1.0, 0.5]
    outline = seen(full).pixelColor(320 + 128, 192 - 64 - 32)
    assert outline.name().upper() == DARK.accent_ui


def test_a_drag_chooses_nothing(qtbot, full):
    with qtbot.assertNotEmitted(full.chosen):
        drag(qtbot, full, QPoint(300, 200), QPoint(60, 0))


def test_a_double_click_pins(qtbot, full):
    with qtbot.waitSignal(full.pin_requested) as pinned:
        qtbot.mouseDClick(full, LEFT, pos=QPoint(320 - 64, 192))
    assert pinned.args == [-0.5, 0.0]


def test_pins_are_outlined_in_white(full):
    full.set_pins([Pin(1, 1.0, 0.0)])
    left = int(full.square(Cell(-1, 2, 0)).left())
    assert colour_at(full, left, 200) == (255, 255, 255)


# ----------------------------------------------------------------------------
# By keyboard.


def press(qtbot, plane, *keys, modifier=Qt.KeyboardModifier.NoModifier):
    for key in keys:
        qtbot.keyClick(plane, key, modifier)


def test_arrows_step_the_choice_from_the_middle(qtbot, full):
    keys = Qt.Key
    press(qtbot, full, keys.Key_Right, keys.Key_Right, keys.Key_Up, keys.Key_Left)
    assert full.chosen_point() == (0.0, 0.5)  # the first key chose the middle
    press(qtbot, full, keys.Key_Down, keys.Key_Down)
    assert full.chosen_point() == (0.0, -0.5)


def test_the_view_follows_the_choice(qtbot, full):
    press(qtbot, full, *[Qt.Key.Key_Right] * 7)
    assert full.chosen_point() == (3.0, 0.0)
    left, _, right, _ = full.view.square(Cell(-1, 6, 0))
    assert (left, right) == pytest.approx((640 - 64, 640))


def test_enter_and_space_pin_what_is_chosen(qtbot, full):
    with qtbot.assertNotEmitted(full.pin_requested):
        press(qtbot, full, Qt.Key.Key_Return)
    full.choose(0.5, 1.0)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Space):
        with qtbot.waitSignal(full.pin_requested) as pinned:
            press(qtbot, full, key)
        assert pinned.args == [0.5, 1.0]


def test_plus_and_minus_zoom_and_home_returns(qtbot, full):
    press(qtbot, full, Qt.Key.Key_Plus)
    assert full.view.reach == pytest.approx(2.5 / 2**0.25)
    press(qtbot, full, Qt.Key.Key_Minus, Qt.Key.Key_Minus)
    assert full.view.reach == pytest.approx(2.5 * 2**0.25)
    press(qtbot, full, Qt.Key.Key_Up, modifier=Qt.KeyboardModifier.ControlModifier)
    assert full.view.y > 0
    press(qtbot, full, Qt.Key.Key_Home)
    assert (full.view.x, full.view.y, full.view.reach) == (0, 0, 2.5)


# ----------------------------------------------------------------------------
# Words.


def test_the_chosen_cell_has_a_name(qtbot, full):
    assert full.accessibleName() == "Map of pictures, none chosen"
    full.set_axes("1 thin to bold", "2 lean")
    assert full.accessibleDescription() == (
        "To the right: 1 thin to bold. Upwards: 2 lean."
    )
    full.choose(-0.5, 0.5)
    # 384 are six rows about the middle of one: the third of seven, two cut in half.
    assert full.accessibleName() == "row 3, column 5, −0.5 across, 0.5 up"
    full.set_pins([Pin(2, -0.5, 0.5)])
    assert full.accessibleName().endswith(", 0.5 up, pinned as 2")
    full.pan(QPointF(64, 0))
    assert full.accessibleName().startswith("row 3, column 6")


def test_a_resized_map_keeps_its_middle(full):
    full.resize(512, 320)
    assert (full.view.x, full.view.y, full.view.cell_px) == (0, 0, 64)
    full.pan(QPointF(-64, 0))
    full.resize(640, 384)
    assert full.view.x == 0.5
