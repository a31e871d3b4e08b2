"""Tests for studio.widgets.film_strip."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication

from studio.widgets.film_strip import FilmStrip

LEFT = Qt.MouseButton.LeftButton
GREEN = QColor(0, 160, 0)


@pytest.fixture
def strip(qtbot):
    """Three pictures and the tile that adds, 100 pixels apart."""
    strip = FilmStrip()
    qtbot.addWidget(strip)
    strip.resize(450, 60)
    strip.show()
    for name in ("parrots", "lighthouse", "mill"):
        strip.set_state(strip.add(name, plain(GREEN)), "done")
    assert strip.count() == 3
    assert strip.chosen_index() == -1
    return strip


def plain(colour):
    image = QImage(92, 60, QImage.Format.Format_RGB32)
    image.fill(colour)
    return image


def click(strip, qtbot, row):
    qtbot.mouseClick(strip.viewport(), LEFT, pos=QPoint(100 * row + 46, 30))


def colour_at(strip, x, y=30):
    return strip.grab().toImage().pixelColor(x, y)


def test_a_click_chooses_a_picture(strip, qtbot):
    with qtbot.waitSignal(strip.chosen) as chosen:
        click(strip, qtbot, 1)

    assert chosen.args == [1]
    assert strip.chosen_index() == 1


def test_arrows_move_the_choice(strip, qtbot):
    click(strip, qtbot, 0)
    heard = []
    strip.chosen.connect(heard.append)

    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Home):
        qtbot.keyClick(strip, key)

    assert heard == [1, 2, 0]


def test_the_last_tile_adds_and_is_no_choice(strip, qtbot):
    with (
        qtbot.waitSignal(strip.add_requested),
        qtbot.assertNotEmitted(strip.chosen),
    ):
        click(strip, qtbot, 3)

    assert strip.chosen_index() == -1


def test_enter_on_the_last_tile_adds(strip, qtbot):
    strip.set_chosen(0)
    qtbot.keyClick(strip, Qt.Key.Key_End)

    with qtbot.waitSignal(strip.add_requested):
        qtbot.keyClick(strip, Qt.Key.Key_Return)


def test_space_on_the_last_tile_adds(strip, qtbot):
    strip.set_chosen(0)
    qtbot.keyClick(strip, Qt.Key.Key_End)

    with qtbot.waitSignal(strip.add_requested):
        qtbot.keyClick(strip, Qt.Key.Key_Space)


def test_delete_asks_to_remove_the_chosen_one(strip, qtbot):
    click(strip, qtbot, 2)

    with qtbot.waitSignal(strip.remove_requested) as asked:
        qtbot.keyClick(strip, Qt.Key.Key_Delete)

    assert asked.args == [2]
    assert strip.count() == 3  # asking is not doing


def test_nothing_chosen_is_nothing_to_remove(strip, qtbot):
    asked = []
    strip.remove_requested.connect(asked.append)
    qtbot.keyClick(strip, Qt.Key.Key_Delete)
    assert asked == []


def test_removing_shifts_the_others(strip, qtbot):
    strip.set_chosen(2)

    strip.remove(0)

    assert strip.count() == 2
    assert strip.chosen_index() == 1
    assert strip.model().data(strip.currentIndex()) == "mill"


def test_choosing_by_program_is_silent(strip, qtbot):
    with qtbot.assertNotEmitted(strip.chosen):
        strip.set_chosen(1)

    assert strip.chosen_index() == 1


def test_a_finished_picture_is_shown_plain_and_others_veiled(strip):
    assert colour_at(strip, 10) == GREEN

    strip.set_state(0, "waiting")
    assert colour_at(strip, 10) != GREEN

    strip.set_state(0, "done")
    assert colour_at(strip, 10) == GREEN


def test_the_state_is_said_in_words(strip):
    strip.set_state(0, "refused", "The file is larger than 100 megapixels.")
    strip.set_state(1, "waiting")

    role = Qt.ItemDataRole.AccessibleTextRole
    words = [strip.model().index(row, 0).data(role) for row in range(4)]
    assert words == [
        "parrots: The file is larger than 100 megapixels.",
        "lighthouse: waiting",
        "mill",
        "Add pictures",
    ]


def test_a_new_thumbnail_is_shown(strip):
    strip.set_thumbnail(0, plain(QColor(200, 0, 0)))

    assert colour_at(strip, 10) == QColor(200, 0, 0)


def test_the_wheel_scrolls_sideways(strip):
    strip.resize(250, 60)
    strip.grab()  # lays the tiles out
    point = QPointF(20, 20)
    event = QWheelEvent(
        point,
        strip.mapToGlobal(point),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )

    QApplication.sendEvent(strip.viewport(), event)

    assert strip.horizontalScrollBar().value() == 120


def test_the_chosen_picture_stays_in_view_when_there_is_less_room(strip):
    for number in range(10):
        strip.add(f"more {number}")
    strip.set_chosen(3)  # its right edge is at 392
    strip.grab()
    assert strip.horizontalScrollBar().value() == 0
    strip.resize(350, 60)
    strip.grab()
    seen = strip.visualRect(strip.model().index(3, 0))
    assert seen.left() >= 0
    assert seen.left() + 92 <= 350


def test_clearing_leaves_the_tile_that_adds(strip, qtbot):
    strip.clear()

    assert strip.count() == 0
    with qtbot.waitSignal(strip.add_requested):
        click(strip, qtbot, 0)
