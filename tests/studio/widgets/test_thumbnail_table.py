"""Tests for studio.widgets.thumbnail_table."""

import pytest
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QColor, QHelpEvent, QImage
from PySide6.QtWidgets import QToolTip

from studio.widgets.thumbnail_table import PictureRows, Thumbnail

RED, BLUE = QColor(200, 0, 0), QColor(0, 0, 200)


@pytest.fixture
def rows(qtbot):
    rows = PictureRows()
    qtbot.addWidget(rows)
    rows.set_labels("From", "To")
    rows.resize(rows.sizeHint())
    rows.show()
    assert rows.columns() == 11
    return rows


def plain(colour, name="plain"):
    image = QImage(64, 64, QImage.Format.Format_RGB32)
    image.fill(colour)
    return Thumbnail(name, image)


def colours(rows, x):
    shown = rows.grab().toImage()
    return shown.pixelColor(x, 32), shown.pixelColor(x, 68 + 32)


def test_the_rows_are_filled_from_the_left(rows):
    rows.set_pictures([plain(RED), plain(BLUE)], [plain(BLUE)])
    last = rows.width() - 32  # the middle of column 11

    assert colours(rows, last - 10 * 72) == (RED, BLUE)
    upper, lower = colours(rows, last - 9 * 72)
    assert upper == BLUE
    assert lower not in (RED, BLUE)
    assert RED not in colours(rows, last)


def test_a_picture_is_never_cut(rows):
    rows.set_pictures([plain(RED)] * 11, [plain(BLUE)] * 11)

    rows.resize(rows.width() - 1, rows.height())

    assert rows.columns() == 10
    assert RED not in colours(rows, rows.width() - 30)


def test_how_many_fit_is_told_once(rows, qtbot):
    with qtbot.waitSignal(rows.columns_changed) as fitting:
        rows.resize(rows.width() - 72, rows.height())
    assert fitting.args == [10]

    with qtbot.assertNotEmitted(rows.columns_changed):
        rows.resize(rows.width() + 10, rows.height())


def test_longer_labels_take_room_from_the_pictures_but_not_much(rows, qtbot):
    with qtbot.waitSignal(rows.columns_changed) as fitting:
        rows.set_labels("From the drawing of the outline", "To the coloured picture")

    assert 9 <= fitting.args[0] <= 10


def test_without_labels_the_pictures_begin_at_the_edge(rows):
    rows.set_labels("", "")
    rows.set_pictures([plain(RED)], [plain(BLUE)])
    assert colours(rows, 2) == (RED, BLUE)


def test_screen_readers_hear_what_is_where(rows):
    assert rows.accessibleDescription() == ""
    rows.set_pictures([plain(RED, "tiger"), plain(RED, "whale")], [plain(BLUE, "car")])
    assert rows.accessibleDescription() == "From: tiger, whale. To: car"
    rows.set_labels("", "")
    assert rows.accessibleDescription() == "tiger, whale. car"


def test_the_tooltip_names_the_picture_under_the_pointer(rows, monkeypatch):
    told = []
    monkeypatch.setattr(
        QToolTip, "showText", lambda _at, words, _on: told.append(words)
    )
    rows.set_labels("", "")
    rows.set_pictures([plain(RED, "tiger"), plain(RED, "whale")], [plain(BLUE, "car")])
    for place in (QPoint(80, 10), QPoint(10, 90), QPoint(68, 10), QPoint(80, 90)):
        rows.event(QHelpEvent(QEvent.Type.ToolTip, place, place))
    assert told == ["whale", "car", "", ""]  # then a gap, and an empty place
