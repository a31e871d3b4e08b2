"""Tests for studio.widgets.lens_look, by mouse and keys on the stage."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtWidgets import QApplication

from studio.widgets.before_after import BeforeAfter
from studio.widgets.picture import to_image

RED, BLUE = QColor(200, 0, 0), QColor(0, 0, 200)
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def stage(qtbot):
    """The picture at 16..416 x 16..216, a glass of radius 50 in its middle."""
    stage = BeforeAfter()
    qtbot.addWidget(stage)
    stage.resize(432, 232)
    stage.show()
    red, blue = (
        np.full((100, 200, 3), c, np.uint8) for c in ((200, 0, 0), (0, 0, 200))
    )
    stage.set_pictures(to_image(red), to_image(blue))
    stage.set_mode("lens")
    stage.lens.set_radius(50)
    return stage


def colour_at(stage, x, y):
    return stage.grab().toImage().pixelColor(x, y)


def test_the_glass_shows_after_and_around_it_is_before(stage):
    assert colour_at(stage, 216, 116) == BLUE
    assert colour_at(stage, 216 - 46, 116) == BLUE
    assert colour_at(stage, 216 - 54, 116) == RED
    # It is round: the corner of its square is outside.
    assert colour_at(stage, 216 - 44, 116 - 44) == RED
    assert colour_at(stage, 216 - 30, 116 - 30) == BLUE


def test_the_glass_follows_the_pointer_and_stays_in_the_picture(stage, qtbot):
    qtbot.mouseMove(stage, QPoint(100, 80))
    assert stage.lens.centre() == QPointF(100, 80)
    assert colour_at(stage, 100, 80) == BLUE
    assert colour_at(stage, 216, 116) == RED

    qtbot.mouseMove(stage, QPoint(430, 230))
    assert stage.lens.centre() == QPointF(416, 216)


def test_arrow_keys_move_the_glass(stage, qtbot):
    qtbot.keyClick(stage, Qt.Key.Key_Right)
    qtbot.keyClick(stage, Qt.Key.Key_Up, SHIFT)
    assert (stage.lens.centre() - QPointF(224, 52)).manhattanLength() < 0.01

    qtbot.keyClick(stage, Qt.Key.Key_Home)
    assert stage.lens.centre() == QPointF(216, 116)


def test_brackets_and_shift_wheel_change_its_size(stage, qtbot):
    qtbot.keyClicks(stage, "]")
    assert stage.lens.radius() == pytest.approx(57.5)
    qtbot.keyClicks(stage, "[")
    assert stage.lens.radius() == pytest.approx(50)

    for turned in (QPoint(0, 120), QPoint(120, 0)):  # some systems turn it sideways
        QApplication.sendEvent(stage, wheel(stage, turned))
    assert stage.lens.radius() == pytest.approx(50 * 1.15**2)
    assert stage.fits(), "it does not zoom"

    stage.lens.set_radius(5)
    assert stage.lens.radius() == 32
    stage.lens.set_radius(5000)
    assert stage.lens.radius() == 400


def wheel(stage, turned):
    return QWheelEvent(
        QPointF(100, 100),
        stage.mapToGlobal(QPointF(100, 100)),
        QPoint(),
        turned,
        Qt.MouseButton.NoButton,
        SHIFT,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )


def test_enter_and_a_double_click_swap_the_pictures(stage, qtbot):
    qtbot.keyClick(stage, Qt.Key.Key_Return)
    assert colour_at(stage, 216, 116) == RED
    assert colour_at(stage, 30, 200) == BLUE

    qtbot.mouseDClick(stage, Qt.MouseButton.LeftButton, pos=QPoint(216, 116))
    assert colour_at(stage, 216, 116) == BLUE


def test_screen_readers_hear_where_it_is_and_what_it_shows(stage, qtbot):
    qtbot.mouseMove(stage, QPoint(116, 66))

    assert stage.accessibleDescription() == (
        "A glass of 100 pixels, 25 % across and 25 % down, shows After over Before. "
        "Enter swaps them."
    )


def test_a_zoomed_picture_is_panned_under_the_glass(stage, qtbot):
    for _ in range(4):
        stage.zoom_in()
    left = Qt.MouseButton.LeftButton
    before = stage._view.centre.x()

    qtbot.mousePress(stage, left, pos=QPoint(100, 100))
    qtbot.mouseMove(stage, QPoint(130, 100))
    qtbot.mouseRelease(stage, left, pos=QPoint(130, 100))

    assert before - stage._view.centre.x() == pytest.approx(30 / stage.zoom(), abs=0.5)
    assert stage.lens.centre() == QPointF(130, 100)
