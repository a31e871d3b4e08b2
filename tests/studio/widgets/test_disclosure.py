"""Tests for studio.widgets.disclosure."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible

from studio.widgets.disclosure import Disclosure


@pytest.fixture
def row(qtbot):
    widget = Disclosure("Advanced", "24 settings")
    qtbot.addWidget(widget)
    widget.resize(240, 32)
    assert not widget.isChecked()
    return widget


def test_a_click_anywhere_opens_and_closes(qtbot, row):
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton, pos=row.rect().center())
    assert row.isChecked()
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton, pos=row.rect().bottomLeft())
    assert not row.isChecked()


def test_keys_open_and_close_as_in_a_tree(qtbot, row):
    for key, is_open in (
        (Qt.Key.Key_Right, True),
        (Qt.Key.Key_Right, True),
        (Qt.Key.Key_Left, False),
        (Qt.Key.Key_Space, True),
    ):
        qtbot.keyClick(row, key)
        assert row.isChecked() is is_open


def test_the_caret_turns(row):
    closed = row.grab().toImage()
    row.setChecked(True)
    assert row.grab().toImage() != closed


def test_a_screen_reader_hears_name_and_note(row):
    interface = QAccessible.queryAccessibleInterface(row)
    assert interface.text(QAccessible.Text.Name) == "Advanced"
    assert interface.text(QAccessible.Text.Description) == "24 settings"
