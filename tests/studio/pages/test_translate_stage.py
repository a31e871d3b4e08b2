"""Tests for studio.pages.translate_stage: the tools around the stage."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from studio.pages.translate_stage import TranslateStage
from studio.widgets.picture import to_image


@pytest.fixture
def view(qtbot):
    """Three pictures in the strip, the first on the stage."""
    view = TranslateStage()
    qtbot.addWidget(view)
    view.resize(864, 690)
    view.show()
    for name in ("a.png", "b.png", "c.png"):
        view.strip.set_state(view.strip.add(name), "done")
    view.strip.set_chosen(0)
    before, after = (np.full((100, 200, 3), value, np.uint8) for value in (40, 200))
    view.stage.set_pictures(to_image(before), to_image(after))
    return view


@pytest.mark.parametrize("mode", ["slider", "side", "lens", "blink", "difference"])
def test_every_way_of_looking_is_a_click_away(qtbot, view, mode):
    view.mode.button(mode).click()

    assert view.stage.mode() == mode
    assert view.mode.button(mode).toolTip()


@pytest.mark.parametrize("scale", [1.0, 1.3])
def test_in_the_narrowest_window_every_word_is_whole(qtbot, view, theme, scale):
    theme.set_text_scale(scale)
    view.resize(640, 500)  # what a window of 1024 leaves beside rail and panel

    for value in ("slider", "side", "lens", "blink", "difference"):
        button = view.mode.button(value)
        assert button.text()
        assert button.width() >= button.minimumSizeHint().width()
    assert view.save_button.geometry().right() <= view.width()


def test_space_on_the_strip_does_what_it_does_on_the_stage(qtbot, view):
    qtbot.keyPress(view.strip, Qt.Key.Key_Space)
    assert view.stage._original_held
    qtbot.keyRelease(view.strip, Qt.Key.Key_Space)
    assert not view.stage._original_held

    view.stage.set_mode("blink")
    qtbot.keyClick(view.strip, Qt.Key.Key_Space)
    assert view.stage.blink.side() == 0
    assert not view.stage._original_held


def test_buttons_fit_and_show_the_actual_size(qtbot, view):
    view.actual_size.click()
    assert view.stage.zoom() == 1.0

    view.fit.click()
    assert view.stage.fits()
