"""Tests for studio.widgets.difference_look on the stage."""

import numpy as np
import pytest
from PySide6.QtGui import QColor

from studio.widgets import difference
from studio.widgets.before_after import BeforeAfter
from studio.widgets.picture import to_image
from studio.widgets.ramp import ramp


def plain(value, size=(100, 200)):
    return to_image(np.full((*size, 3), value, np.uint8))


@pytest.fixture
def stage(qtbot):
    """50 against 50, but for a column of 90 in every ten: at most 40, on average 4."""
    stage = BeforeAfter()
    qtbot.addWidget(stage)
    stage.resize(432, 232)
    stage.show()
    after = np.full((100, 200, 3), 50, np.uint8)
    after[:, ::10, 1] = 90
    stage.set_pictures(plain(50), to_image(after), words=("Step 400", "Step 800"))
    return stage


def test_the_numbers_are_told_and_the_colours_reach_to_the_largest(stage, qtbot):
    with qtbot.waitSignal(stage.difference_found) as found:
        stage.set_mode("difference")

    assert (found.args[0].largest, found.args[0].mean) == (40, 4.0)
    assert stage.accessibleDescription() == (
        "Difference of Step 400 and Step 800: On average 4, at most 40 of 255"
    )
    shown = stage.grab().toImage().pixelColor
    y = 100  # below the tag and above the scale; a pixel is 2 x 2 from 16, 16
    assert shown(16 + 2 * 150, y).getRgb()[:3] == tuple(ramp()[255])
    assert shown(16 + 2 * 155, y).getRgb()[:3] == tuple(ramp()[0])


def test_equal_pictures_are_said_to_be_equal(stage):
    stage.set_pictures(plain(7), plain(7))
    stage.set_mode("difference")

    assert "The two are the same in every pixel." in stage.accessibleDescription()


def test_a_tiny_mean_is_not_written_as_nothing(stage):
    after = np.full((100, 200, 3), 7, np.uint8)
    after[0, 0, 0] = 8
    stage.set_pictures(plain(7), to_image(after))
    stage.set_mode("difference")

    words = stage.accessibleDescription()
    assert "On average less than 0.01, at most 1 of 255" in words


def test_large_pictures_are_compared_between_events(stage, qtbot, monkeypatch):
    monkeypatch.setattr(difference, "STRIP_PIXELS", 2000)  # ten strips
    with qtbot.waitSignal(stage.difference_found):
        stage.set_mode("difference")
        assert stage.accessibleDescription() == "Comparing…"

    assert stage.difference.difference().largest == 40


def test_the_newest_pictures_win(stage, qtbot, monkeypatch):
    monkeypatch.setattr(difference, "STRIP_PIXELS", 2000)
    answers = []
    stage.difference_found.connect(answers.append)
    stage.set_mode("difference")

    with qtbot.waitSignal(stage.difference_found):
        stage.set_after(plain(57))

    assert [answer.largest for answer in answers] == [7]


def test_the_same_pictures_are_not_compared_again(stage, qtbot):
    stage.set_mode("difference")
    found = stage.difference.difference()

    stage.set_original(plain(1))
    stage.set_overlay(np.zeros((2, 2)))

    assert stage.difference.difference() is found


def test_leaving_the_mode_lets_go_of_the_map(stage):
    stage.set_mode("difference")
    stage.set_mode("slider")

    assert stage.difference.difference() is None
    assert stage.grab().toImage().pixelColor(60, 180) == QColor(50, 50, 50)
