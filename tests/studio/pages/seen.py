"""What a user can read on a page and click."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel


def click(button):
    assert button.isVisible()
    assert button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def words_on(widget):
    return [w.text() for w in widget.findChildren(QLabel) if w.isVisible() and w.text()]


def says(widget, part):
    return any(part in words for words in words_on(widget))
