"""Tests for studio.widgets.drop_zone."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from studio.tokens import LIGHT
from studio.widgets import buttons
from studio.widgets.drop_zone import DropZone


@pytest.fixture
def zone(qtbot):
    made = DropZone("Drop a folder here", "I will work out what is in it.")
    qtbot.addWidget(made)
    made.resize(400, 160)
    made.show()
    return made


def files(*names):
    data = QMimeData()
    data.setUrls([QUrl(name) for name in names])
    return data


def enter(zone, data):
    event = QDragEnterEvent(
        zone.rect().center(),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    event.ignore()
    QApplication.sendEvent(zone, event)
    return event.isAccepted()


def drop(zone, data):
    event = QDropEvent(
        QPointF(zone.rect().center()),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(zone, event)


def fill_of(zone):
    return zone.grab().toImage().pixelColor(8, 80).name().upper()


def test_files_of_this_computer_are_told_in_order(qtbot, zone):
    data = files("file:///pictures/a%20b", "https://example.org/x.png", "file:///c.png")
    assert enter(zone, data)
    with qtbot.waitSignal(zone.dropped) as told:
        drop(zone, data)
    assert told.args == [[Path("/pictures/a b"), Path("/c.png")]]


def test_what_is_no_file_is_refused(qtbot, zone):
    text = QMimeData()
    text.setText("hello")
    assert not enter(zone, text)
    assert not enter(zone, files("https://example.org/x.png"))
    with qtbot.assertNotEmitted(zone.dropped):
        drop(zone, text)


def test_it_lights_up_while_something_is_over_it(zone):
    data = files("file:///c.png")
    assert fill_of(zone) == LIGHT.surface
    enter(zone, data)
    assert fill_of(zone) == LIGHT.accent_soft
    QApplication.sendEvent(zone, QDragLeaveEvent())
    assert fill_of(zone) == LIGHT.surface


def test_the_edge_is_dashed(zone):
    picture = zone.grab().toImage()
    edge = [picture.pixelColor(x, 0).name().upper() for x in range(40, 360)]
    # Dashes of 5 with gaps of 4: five ninths of the edge is line.
    share = edge.count(LIGHT.line2) / len(edge)
    assert share == pytest.approx(5 / 9, abs=0.15)


def test_buttons_stand_in_it_for_those_who_cannot_drag(qtbot, zone):
    button = buttons.primary("Choose a folder")
    zone.add_button(button)
    qtbot.waitUntil(lambda: zone.rect().contains(button.geometry()))
    with qtbot.waitSignal(button.clicked):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_words_change_and_the_compact_one_is_a_row(qtbot, zone):
    zone.set_words("Drop pictures", "Any size.")
    headline, hint = zone.labels()
    assert (headline.text(), hint.text()) == ("Drop pictures", "Any size.")
    assert zone.accessibleName() == "Drop pictures"

    row = DropZone("Drop a folder", "Any.", compact=True)
    qtbot.addWidget(row)
    button = buttons.primary("Choose")
    row.add_button(button)
    row.resize(600, 88)
    row.show()
    assert row.minimumHeight() == 88
    assert button.x() > row.labels()[0].geometry().right()
