"""Tests for studio.widgets.segmented."""

import pytest
from PySide6.QtCore import Qt

from studio.tokens import LIGHT
from studio.widgets.segmented import Segmented


@pytest.fixture
def view(qtbot):
    made = Segmented(
        [("slider", "Slider"), ("side", "Side by side"), ("lens", "Lens", "eye")],
        name="View",
    )
    qtbot.addWidget(made)
    made.show()
    assert made.value() == "slider"
    return made


def test_a_click_chooses_and_tells_once(qtbot, view):
    with qtbot.waitSignal(view.changed) as told:
        qtbot.mouseClick(view.button("lens"), Qt.MouseButton.LeftButton)
    assert told.args == ["lens"]
    assert view.value() == "lens"
    assert not view.button("slider").isChecked()

    with qtbot.assertNotEmitted(view.changed):
        qtbot.mouseClick(view.button("lens"), Qt.MouseButton.LeftButton)


def test_arrow_keys_move_the_choice(qtbot, view):
    view.button("slider").setFocus()
    seen = []
    view.changed.connect(seen.append)
    qtbot.keyClick(view.button("slider"), Qt.Key.Key_Right)
    qtbot.keyClick(view.button("side"), Qt.Key.Key_Right)
    qtbot.keyClick(view.button("lens"), Qt.Key.Key_Left)
    assert seen == ["side", "lens", "side"]


def test_tab_stops_at_the_chosen_part_only(view):
    view.set_value("side")
    tab = Qt.FocusPolicy.TabFocus
    stops = [
        v for v in ("slider", "side", "lens") if view.button(v).focusPolicy() & tab
    ]
    assert stops == ["side"]


def test_setting_a_value_tells_nobody(qtbot, view):
    with qtbot.assertNotEmitted(view.changed):
        view.set_value("side")
    assert view.value() == "side"
    with pytest.raises(KeyError):
        view.set_value("wipe")


def test_parts_do_not_move_when_another_is_chosen(view):
    before = [view.button(v).geometry() for v in ("slider", "side", "lens")]
    view.set_value("side")
    assert [view.button(v).geometry() for v in ("slider", "side", "lens")] == before
    assert view.height() == 32
    assert view.button("side").height() == 26


def test_the_chosen_part_stands_out(view):
    picture = view.grab().toImage()
    chosen = view.button("slider").geometry()
    other = view.button("side").geometry()
    at = chosen.left() + 4, chosen.center().y()
    assert picture.pixelColor(*at).name().upper() == LIGHT.seg_on
    at = other.left() + 4, other.center().y()
    assert picture.pixelColor(*at).name().upper() == LIGHT.hover


def test_words_can_be_shortened(view):
    wide = view.sizeHint().width()
    view.set_words("side", "Side")
    assert view.button("side").text() == "Side"
    assert view.sizeHint().width() < wide
