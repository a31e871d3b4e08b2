"""Tests for studio.widgets.toggle."""

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtWidgets import QWidget

from studio.tokens import LIGHT
from studio.widgets.toggle import Toggle


@pytest.fixture
def toggle(qtbot):
    page = QWidget()
    qtbot.addWidget(page)
    made = Toggle("Mirror at random", page)
    made.setGeometry(100, 100, 200, 32)  # away from the pointer, which lights it up
    page.show()
    assert not made.isChecked()
    made.page = page  # or it would be collected
    return made


def ink_at(widget, x):
    return widget.grab().toImage().pixelColor(x, 16).name().upper()


def test_a_click_on_switch_or_words_turns_it(qtbot, toggle):
    with qtbot.waitSignal(toggle.toggled) as told:
        qtbot.mouseClick(toggle, Qt.MouseButton.LeftButton, pos=QPoint(18, 16))
    assert told.args == [True]
    with qtbot.waitSignal(toggle.toggled) as told:
        qtbot.mouseClick(toggle, Qt.MouseButton.LeftButton, pos=QPoint(80, 16))
    assert told.args == [False]


def test_space_turns_it(qtbot, toggle):
    toggle.setFocus()
    qtbot.keyClick(toggle, Qt.Key.Key_Space)
    assert toggle.isChecked()


def test_the_knob_is_left_when_off_and_right_when_on(toggle):
    assert ink_at(toggle, 10) == LIGHT.line2
    assert ink_at(toggle, 26) == LIGHT.field
    toggle.setChecked(True)
    assert ink_at(toggle, 10) == LIGHT.accent
    assert ink_at(toggle, 26) == LIGHT.on_accent


def test_the_knob_travels_and_arrives(qtbot, toggle, theme):
    theme.set_reduce_motion(False)
    toggle.setChecked(True)
    qtbot.waitUntil(lambda: ink_at(toggle, 26) == LIGHT.on_accent, timeout=2_000)


def test_a_disabled_one_ignores_clicks(qtbot, toggle):
    toggle.setEnabled(False)
    qtbot.mouseClick(toggle, Qt.MouseButton.LeftButton, pos=QPoint(18, 16))
    assert not toggle.isChecked()
    assert ink_at(toggle, 10) == LIGHT.disabled


def test_it_is_as_wide_as_its_words(qtbot, toggle):
    bare = Toggle()
    qtbot.addWidget(bare)
    assert bare.sizeHint() == QSize(36, 32)
    assert toggle.sizeHint().width() == 36 + 8 + toggle.fontMetrics().horizontalAdvance(
        "Mirror at random"
    )
