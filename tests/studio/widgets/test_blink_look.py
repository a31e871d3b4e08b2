"""Tests for studio.widgets.blink_look; turns are taken by its timer's signal."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from studio.widgets.before_after import BeforeAfter
from studio.widgets.picture import to_image

RED, BLUE = QColor(200, 0, 0), QColor(0, 0, 200)


@pytest.fixture
def stage(qtbot, theme):
    """A stage that shows "after" first, in a window that may move things."""
    theme.set_reduce_motion(False)
    stage = BeforeAfter()
    qtbot.addWidget(stage)
    stage.resize(432, 232)
    stage.show()
    red, blue = (
        np.full((100, 200, 3), c, np.uint8) for c in ((200, 0, 0), (0, 0, 200))
    )
    stage.set_pictures(to_image(red), to_image(blue))
    stage.set_mode("blink")
    yield stage
    theme.set_reduce_motion(True)


def shown(stage):
    return stage.grab().toImage().pixelColor(216, 116)


def test_each_is_shown_for_half_a_second(stage, qtbot):
    assert stage.blink.runs()
    assert stage.blink._timer.interval() == 500
    assert shown(stage) == BLUE

    qtbot.waitSignal(stage.blink._timer.timeout, timeout=5000).wait()
    assert shown(stage) == RED
    qtbot.waitSignal(stage.blink._timer.timeout, timeout=5000).wait()
    assert shown(stage) == BLUE


def test_while_they_take_turns_the_description_stays(stage):
    words = "Before and After take turns. Space stops and steps by hand."
    assert stage.accessibleDescription() == words

    stage.blink._on_turn()

    assert stage.accessibleDescription() == words


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return])
def test_a_key_steps_by_hand(stage, qtbot, key):
    qtbot.keyClick(stage, key)

    assert shown(stage) == RED
    assert not stage.blink.runs()
    assert stage.accessibleDescription() == "Shows Before. Space shows After."

    qtbot.keyClick(stage, key)
    assert shown(stage) == BLUE


def test_p_and_a_double_click_stop_it_and_go_on(stage, qtbot):
    qtbot.keyClick(stage, Qt.Key.Key_P)
    assert not stage.blink.runs()

    qtbot.mouseDClick(stage, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    assert stage.blink.runs()


def test_with_reduced_motion_only_keys_step(stage, qtbot, theme):
    theme.set_reduce_motion(True)
    stage.blink._on_turn()  # the next turn notices
    assert not stage.blink.runs()
    assert shown(stage) == BLUE

    stage.set_mode("slider")
    stage.set_mode("blink")
    assert not stage.blink.runs()

    qtbot.keyClick(stage, Qt.Key.Key_Space)
    assert shown(stage) == RED


def test_nothing_runs_while_nobody_sees_it(stage):
    stage.hide()
    assert not stage.blink.runs()
    stage.show()
    assert stage.blink.runs()

    stage.set_mode("side")
    assert not stage.blink.runs()
    stage.set_mode("blink")
    stage.set_pictures(None, None)
    assert not stage.blink.runs()


def test_on_a_page_that_is_not_shown_it_waits(qtbot, theme):
    theme.set_reduce_motion(False)
    page = QWidget()
    qtbot.addWidget(page)
    stage = BeforeAfter(page)
    picture = to_image(np.zeros((4, 4, 3), np.uint8))
    stage.set_mode("blink")
    stage.set_pictures(picture, picture)
    assert not stage.blink.runs()

    page.show()
    assert stage.blink.runs()

    page.hide()
    stage.set_after(picture)  # a run that goes on behind another page
    assert not stage.blink.runs()


def test_a_newer_translation_does_not_stop_it(stage):
    stage.set_after(to_image(np.full((100, 200, 3), 9, np.uint8)))

    assert stage.blink.runs()
    assert shown(stage) == QColor(9, 9, 9)
