"""Tests for studio.widgets.slider and wheel_guard."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QComboBox,
    QScrollArea,
    QSlider,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from studio.tokens import LIGHT
from studio.widgets.slider import LabeledSlider
from studio.widgets.wheel_guard import guard_wheel


@pytest.fixture
def make(qtbot):
    def build(*args, **kwargs):
        made = LabeledSlider(*args, **kwargs)
        qtbot.addWidget(made)
        made.resize(
            214, 48
        )  # 200 pixels for the knob's centre, half a knob at each end
        made.show()
        return made

    return build


def turn_wheel(widget, notches):
    """As a mouse does it: sent to the window, which passes it down and up again."""
    window = widget.window()
    at = widget.mapTo(window, widget.rect().center())
    QTest.wheelEvent(window.windowHandle(), QPointF(at), QPoint(0, 120 * notches))


def test_dragging_tells_on_the_way_and_at_the_end(qtbot, make):
    slider = make("Closeness", 0, 100, integer=True)
    changing, changed = [], []
    slider.changing.connect(changing.append)
    slider.changed.connect(changed.append)

    left = Qt.MouseButton.LeftButton
    qtbot.mousePress(slider.slider, left, pos=QPoint(7 + 50, 11))
    qtbot.mouseMove(slider.slider, QPoint(7 + 120, 11))
    assert (changing, changed) == ([25, 60], [])
    qtbot.mouseRelease(slider.slider, left, pos=QPoint(7 + 120, 11))
    assert (changing, changed) == ([25, 60], [60])
    assert slider.value() == 60


def test_keys_change_by_steps_and_tell(qtbot, make):
    slider = make("Batch", 1, 64, integer=True)
    with qtbot.waitSignal(slider.changed) as told:
        qtbot.keyClick(slider.slider, Qt.Key.Key_Right)
    assert told.args == [2]
    qtbot.keyClick(slider.slider, Qt.Key.Key_PageUp)
    assert slider.value() == 2 + 6
    qtbot.keyClick(slider.slider, Qt.Key.Key_End)
    assert slider.value() == 64


def test_a_logarithmic_one_has_equal_factors_at_equal_distances(make):
    slider = make("Learning rate", 1e-5, 1e-1, logarithmic=True)
    slider.set_value(1e-3)
    assert slider.slider.value() == 500
    slider.slider.setValue(250)
    assert slider.value() == pytest.approx(1e-4, rel=1e-9)
    slider.slider.setValue(0)
    assert slider.value() == 1e-5
    slider.slider.setValue(1000)
    assert slider.value() == 1e-1


def test_a_value_that_is_set_is_kept_to_the_digit_and_told_to_nobody(qtbot, make):
    slider = make("Learning rate", 1e-5, 1e-1, logarithmic=True)
    with (
        qtbot.assertNotEmitted(slider.changed),
        qtbot.assertNotEmitted(slider.changing),
    ):
        slider.set_value(2e-4)
    assert slider.value() == 2e-4
    slider.set_value(7)
    assert slider.value() == 1e-1


def test_whole_numbers_stay_whole_on_a_logarithmic_scale(make):
    slider = make("Steps", 100, 10_000, logarithmic=True, integer=True)
    slider.slider.setValue(333)
    # 100 * 100 ** 0.333 = 463.4
    assert slider.value() == 463
    assert isinstance(slider.value(), int)


def test_the_value_stands_in_words(make):
    slider = make("Length", 1, 30, integer=True, words=lambda v: f"about {v:.0f} min")
    slider.set_value(5)
    assert slider.slider.toolTip() == "about 5 min"
    slider.set_words(lambda v: f"{v:.0f} minutes")
    assert slider.slider.toolTip() == "5 minutes"


def test_a_centred_one_fills_from_zero_and_returns_there(qtbot, make):
    slider = make("Direction 1", -2, 2, centred=True)
    assert slider.value() == 0
    slider.set_value(1.0)
    row = slider.slider.grab().toImage()
    assert row.pixelColor(7 + 50, 11).name().upper() == LIGHT.track
    assert row.pixelColor(7 + 125, 11).name().upper() == LIGHT.accent_ui

    with qtbot.waitSignal(slider.changed) as told:
        qtbot.mouseDClick(slider.slider, Qt.MouseButton.LeftButton)
    assert told.args == [0.0]
    assert slider.slider.value() == 500


def test_impossible_ranges_are_refused(make):
    with pytest.raises(ValueError, match="minimum must be below maximum, got 3, 3"):
        make("x", 3, 3)
    with pytest.raises(ValueError, match="logarithmic range must be over 0, got 0"):
        make("x", 0, 3, logarithmic=True)


@pytest.fixture
def scrolled(qtbot):
    """Put fields at the top of a long page; returns the scroll area."""

    def build(*fields):
        page = QWidget()
        column = QVBoxLayout(page)
        for field in fields:
            column.addWidget(field)
        column.addSpacing(1000)
        area = QScrollArea()
        qtbot.addWidget(area)
        area.setWidget(page)
        area.resize(300, 200)
        with qtbot.waitExposed(area):
            area.show()
        area.activateWindow()
        return area

    return build


def test_the_wheel_turns_it_only_while_focused(qtbot, scrolled):
    slider = LabeledSlider("Batch", 1, 64, integer=True)
    area = scrolled(slider)
    bar = area.verticalScrollBar()
    slider.set_value(32)
    slider.slider.clearFocus()
    turn_wheel(slider.slider, -1)
    qtbot.waitUntil(lambda: bar.value() > 0)
    assert slider.value() == 32

    bar.setValue(0)
    slider.slider.setFocus()
    qtbot.waitUntil(slider.slider.hasFocus)
    turn_wheel(slider.slider, -1)
    qtbot.waitUntil(lambda: slider.value() < 32)
    assert bar.value() == 0


@pytest.mark.parametrize("kind", [QSpinBox, QComboBox, QSlider])
def test_over_a_guarded_field_the_wheel_scrolls_the_page(qtbot, scrolled, kind):
    field = kind()
    if kind is QComboBox:
        field.addItems([str(number) for number in range(10)])
    now = field.currentIndex if kind is QComboBox else field.value
    change = field.setCurrentIndex if kind is QComboBox else field.setValue
    area = scrolled(field)
    bar = area.verticalScrollBar()
    for _ in range(2):  # a second call does no harm
        guard_wheel(area)
    change(5)

    field.clearFocus()
    turn_wheel(field, -1)
    qtbot.waitUntil(lambda: bar.value() > 0)
    assert now() == 5

    bar.setValue(0)
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    turn_wheel(field, -1)
    qtbot.waitUntil(lambda: now() != 5)


def test_other_ends_keep_the_value_or_take_it_along(qtbot):
    slider = LabeledSlider("Step", 0, 3, integer=True)
    qtbot.addWidget(slider)
    slider.set_value(2)
    with qtbot.assertNotEmitted(slider.changed):
        slider.set_range(0, 9)
    assert slider.value() == 2
    assert (slider.slider.value(), slider.slider.maximum()) == (2, 9)
    slider.set_range(0, 1)
    assert slider.value() == 1
    with pytest.raises(ValueError, match="minimum must be below maximum, got 1, 1"):
        slider.set_range(1, 1)
