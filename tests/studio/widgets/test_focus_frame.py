"""Tests for studio.widgets.focus_frame."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from studio.tokens import DARK, LIGHT
from studio.widgets import buttons
from studio.widgets.focus_frame import DRAWS_OWN_FOCUS


@pytest.fixture
def page(qtbot, focus_frame):
    made = QWidget()
    qtbot.addWidget(made)
    column = QVBoxLayout(made)
    made.fields = [QLineEdit(), buttons.primary("Go"), QLineEdit()]
    for field in made.fields:
        column.addWidget(field)
    made.show()
    made.activateWindow()
    made.fields[0].setFocus()
    qtbot.waitUntil(made.fields[0].hasFocus)
    assert not focus_frame.isVisible()
    yield made
    made.setFocus()  # takes the ring away from what is about to go


def test_tab_brings_the_ring_two_pixels_off_the_control(qtbot, page, focus_frame):
    qtbot.keyClick(page.fields[0], Qt.Key.Key_Tab)
    go = page.fields[1]
    assert focus_frame.isVisible()
    assert focus_frame.widget() is go
    assert focus_frame.geometry() == go.geometry().adjusted(-4, -4, 4, 4)
    ring = page.grab().toImage()
    left, middle = go.geometry().left(), go.geometry().center().y()
    assert ring.pixelColor(left - 4, middle).name().upper() == LIGHT.accent_text
    assert ring.pixelColor(left - 1, middle).name().upper() == LIGHT.bg


def test_a_click_takes_it_away(qtbot, page, focus_frame):
    qtbot.keyClick(page.fields[0], Qt.Key.Key_Tab)
    qtbot.mouseClick(page.fields[2], Qt.MouseButton.LeftButton)
    assert page.fields[2].hasFocus()
    assert not focus_frame.isVisible()


def test_it_stays_through_a_change_of_theme(qtbot, page, focus_frame, theme):
    qtbot.keyClick(page.fields[0], Qt.Key.Key_Tab)
    theme.set_mode("dark")
    assert focus_frame.isVisible()
    go = page.fields[1].geometry()
    ring = page.grab().toImage().pixelColor(go.left() - 4, go.center().y())
    assert ring.name().upper() == DARK.accent_text


def test_text_areas_and_pictures_show_it_themselves(qtbot, page, focus_frame):
    page.fields[1].setProperty(DRAWS_OWN_FOCUS, True)
    qtbot.keyClick(page.fields[0], Qt.Key.Key_Tab)
    assert page.fields[1].hasFocus()
    assert not focus_frame.isVisible()

    area = QPlainTextEdit()
    page.layout().addWidget(area)
    area.show()
    page.setTabOrder(page.fields[1], area)
    qtbot.keyClick(page.fields[1], Qt.Key.Key_Tab)
    assert area.hasFocus()
    assert not focus_frame.isVisible()


def test_it_does_not_outlive_its_control(qtbot, page, focus_frame):
    qtbot.keyClick(page.fields[0], Qt.Key.Key_Tab)
    page.fields[1].setParent(None)
    assert not focus_frame.isVisible()


def test_it_outlives_a_dialog_that_had_it(qtbot, page, focus_frame):
    dialog = QDialog(page)
    column = QVBoxLayout(dialog)
    first, second = QLineEdit(), QLineEdit()
    for field in (first, second):
        column.addWidget(field)
    dialog.show()
    dialog.activateWindow()
    first.setFocus()
    qtbot.waitUntil(first.hasFocus)
    qtbot.keyClick(first, Qt.Key.Key_Tab)
    assert focus_frame.window() is dialog

    dialog.close()
    qtbot.waitUntil(lambda: focus_frame.parentWidget() is not dialog)
    with qtbot.waitSignal(dialog.destroyed):
        dialog.deleteLater()
    assert not focus_frame.isVisible()
