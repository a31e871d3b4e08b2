"""Tests for studio.widgets.pair_stage, seen on the stage that people use."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage

from studio.tokens import LIGHT
from studio.widgets.before_after import BeforeAfter
from studio.widgets.picture import to_image

RED, GREEN, BLUE = QColor(200, 0, 0), QColor(0, 200, 0), QColor(0, 0, 200)
MODES = ("slider", "side", "lens", "blink", "difference")
KEYS = ["Left", "Right", "Up", "Down", "Home", "End", "Return", "Space", "P", "0", "1"]


def plain(colour):
    image = QImage(200, 100, QImage.Format.Format_RGB32)
    image.fill(colour)
    return image


@pytest.fixture
def stage(qtbot):
    stage = BeforeAfter()
    qtbot.addWidget(stage)
    stage.resize(432, 232)
    stage.show()
    stage.set_pictures(plain(RED), plain(BLUE))
    return stage


def colour_at(stage, x, y=180):
    return stage.grab().toImage().pixelColor(x, y)


def test_the_two_are_called_what_they_are(stage):
    stage.set_pictures(plain(RED), plain(BLUE), words=("Truth", "Model"))
    assert stage.accessibleDescription() == "50 % of the picture shows Truth."

    stage.set_after(plain(GREEN))
    stage.set_mode("side")
    assert stage.accessibleDescription() == "Truth on the left, Model on the right."

    stage.set_pictures(plain(RED), plain(BLUE))
    assert stage.accessibleDescription() == "Before on the left, After on the right."


@pytest.mark.parametrize("mode", ["slider", "side", "lens", "difference"])
def test_space_shows_the_input_where_two_results_are_compared(stage, qtbot, mode):
    stage.set_original(plain(GREEN))
    stage.set_mode(mode)
    assert GREEN not in (colour_at(stage, 100, 140), colour_at(stage, 300, 140))

    qtbot.keyPress(stage, Qt.Key.Key_Space)
    assert colour_at(stage, 100, 140) == GREEN
    assert colour_at(stage, 300, 140) == GREEN

    qtbot.keyRelease(stage, Qt.Key.Key_Space)
    assert GREEN not in (colour_at(stage, 100, 140), colour_at(stage, 300, 140))

    stage.set_original(None)
    qtbot.keyPress(stage, Qt.Key.Key_Space)
    assert colour_at(stage, 100, 140) == RED


@pytest.mark.parametrize("mode", MODES)
def test_zoom_and_pan_stay_when_the_mode_changes(stage, qtbot, mode):
    stage.actual_size()
    for _ in range(5):
        stage.zoom_in()
    qtbot.keyClick(stage, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    zoom, centre = stage.zoom(), stage._view.centre
    assert centre.x() < 100, "what was left of the middle came into sight"

    stage.set_mode(mode)

    assert stage.zoom() == pytest.approx(zoom)
    assert stage._view.centre == centre


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_takes_every_key_and_the_mouse(stage, qtbot, mode):
    for pictures in ((plain(RED), plain(BLUE)), (plain(RED), None), (None, None)):
        stage.set_mode(mode)
        stage.set_pictures(*pictures)
        for key in [
            "Left",
            "Right",
            "Up",
            "Down",
            "Home",
            "End",
            "Return",
            "Space",
            "P",
            "Plus",
            "0",
            "1",
            "Delete",
        ]:
            qtbot.keyClick(stage, getattr(Qt.Key, f"Key_{key}"))
        qtbot.mouseClick(stage, Qt.MouseButton.LeftButton, pos=QPoint(60, 60))
        qtbot.mouseMove(stage, QPoint(90, 90))
        stage.grab()
        assert stage.accessibleDescription()


def test_a_picture_alone_is_said_to_be_alone(stage):
    stage.set_pictures(plain(RED), None)

    assert stage.accessibleDescription() == "Before alone."


def test_an_unknown_mode_is_refused(stage):
    with pytest.raises(ValueError, match=r"one of slider, side, .*, got 'wipe'"):
        stage.set_mode("wipe")


def test_the_overlay_lies_over_after_only_and_not_over_the_original(stage, qtbot):
    stage.set_overlay(np.array([[1.0, 1.0], [0.0, 0.0]]))
    mixed = 0.6 * np.array([214, 0, 147]) + 0.4 * np.array([0, 0, 200])

    found = colour_at(stage, 300, 100).getRgb()[:3]
    assert found == pytest.approx(mixed, abs=2)
    assert colour_at(stage, 260, 130) == BLUE, "nothing is nothing"
    assert colour_at(stage, 100, 100) == RED

    assert stage.accessibleDescription().endswith(
        "What the critic believes: on average 50 % from painted to real."
    )

    qtbot.keyPress(stage, Qt.Key.Key_Space)
    assert colour_at(stage, 300, 100) == RED
    qtbot.keyRelease(stage, Qt.Key.Key_Space)

    stage.set_overlay(None)
    assert colour_at(stage, 300, 100) == BLUE
    assert "critic" not in stage.accessibleDescription()


def test_transparency_stands_over_a_checkerboard(stage):
    clear = to_image(np.zeros((100, 200, 4), np.uint8))
    stage.set_pictures(clear, clear)
    stage.set_mode("side")

    shown = stage.grab().toImage()
    colours = {shown.pixelColor(100 + x, 140).name().upper() for x in range(0, 32, 4)}

    assert colours == {LIGHT.check1.upper(), LIGHT.check2.upper()}


def test_what_was_reduced_is_kept_with_the_picture(stage):
    before = plain(RED)
    stage.set_pictures(before, plain(BLUE))
    kept = stage._pair[0]

    stage.set_pictures(before, plain(GREEN))

    assert stage._pair[0] is kept
