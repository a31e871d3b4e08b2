"""Tests for studio.widgets.before_after, driven by mouse and keys."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication

from studio.tokens import LIGHT
from studio.widgets.before_after import BeforeAfter

RED, BLUE = QColor(200, 0, 0), QColor(0, 0, 200)
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def stage(qtbot):
    """A stage of 432 x 232: the picture, 200 x 100, is fitted at 2 to 16..416."""
    stage = BeforeAfter()
    qtbot.addWidget(stage)
    stage.resize(432, 232)
    stage.show()
    stage.set_pictures(plain(RED), plain(BLUE))
    assert stage.position() == 0.5
    assert stage.zoom() == 2.0
    assert stage.fits()
    return stage


def plain(colour, width=200, height=100):
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(colour)
    return image


def colour_at(stage, x, y=180):
    return stage.grab().toImage().pixelColor(x, y)


def press(stage, qtbot, key, modifier=Qt.KeyboardModifier.NoModifier):
    qtbot.keyClick(stage, key, modifier)


def wheel(stage, point, notches):
    event = QWheelEvent(
        QPointF(point),
        stage.mapToGlobal(QPointF(point)),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(stage, event)


def test_before_is_left_of_the_bar_and_after_right(stage):
    assert colour_at(stage, 200) == RED
    assert colour_at(stage, 232) == BLUE
    assert colour_at(stage, 216) == QColor(Qt.GlobalColor.white)
    assert colour_at(stage, 5) == QColor(LIGHT.stage)


def test_the_bar_is_dragged_from_anywhere(stage, qtbot):
    with qtbot.waitSignal(stage.position_changed) as moved:
        qtbot.mousePress(stage, LEFT, pos=QPoint(116, 50))
    assert moved.args == [pytest.approx(0.25)]

    qtbot.mouseMove(stage, QPoint(316, 50))
    qtbot.mouseRelease(stage, LEFT, pos=QPoint(316, 50))

    assert stage.position() == pytest.approx(0.75)
    assert colour_at(stage, 300) == RED


def test_the_bar_stops_at_the_edges(stage, qtbot):
    qtbot.mouseClick(stage, LEFT, pos=QPoint(2, 50))
    assert stage.position() == 0.0

    qtbot.mouseClick(stage, LEFT, pos=QPoint(430, 50))
    assert stage.position() == 1.0


def test_a_double_click_centres_the_bar(stage, qtbot):
    stage.set_position(0.9)

    qtbot.mouseDClick(stage, LEFT, pos=QPoint(100, 50))

    assert stage.position() == 0.5


def test_arrows_move_one_percent_and_ten_with_shift(stage, qtbot):
    press(stage, qtbot, Qt.Key.Key_Right)
    assert stage.position() == pytest.approx(0.51)

    press(stage, qtbot, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert stage.position() == pytest.approx(0.41)


def test_home_and_end_show_one_picture_whole(stage, qtbot):
    press(stage, qtbot, Qt.Key.Key_Home)
    assert (stage.position(), colour_at(stage, 60)) == (0.0, BLUE)

    press(stage, qtbot, Qt.Key.Key_End)
    assert (stage.position(), colour_at(stage, 380)) == (1.0, RED)


def test_space_held_shows_the_original(stage, qtbot):
    qtbot.keyPress(stage, Qt.Key.Key_Space)
    assert colour_at(stage, 300) == RED

    qtbot.keyRelease(stage, Qt.Key.Key_Space)
    assert colour_at(stage, 300) == BLUE


def test_space_is_let_go_when_the_focus_leaves(stage, qtbot):
    stage.activateWindow()
    stage.setFocus()
    qtbot.keyPress(stage, Qt.Key.Key_Space)

    stage.clearFocus()

    assert colour_at(stage, 300) == BLUE


def test_the_bar_stays_where_it_is_when_a_new_picture_comes(stage):
    stage.set_position(0.25)

    stage.set_pictures(plain(BLUE, 64, 64), plain(RED, 64, 64))

    assert stage.position() == 0.25


def test_zoom_stays_for_a_new_translation_but_not_for_another_size(stage):
    stage.zoom_in()
    stage.set_after(plain(RED))
    assert stage.zoom() == pytest.approx(2.5)

    stage.set_pictures(plain(BLUE, 64, 64), None)
    assert stage.fits()


def test_zoom_methods_and_their_signal(stage, qtbot):
    with qtbot.waitSignal(stage.zoom_changed) as zoomed:
        stage.actual_size()
    assert zoomed.args == [1.0]

    stage.zoom_in()
    assert stage.zoom() == pytest.approx(1.25)
    stage.zoom_out()
    stage.zoom_out()
    assert stage.zoom() == pytest.approx(1.0)  # no smaller than the actual size

    stage.fit()
    assert stage.zoom() == 2.0


def test_keys_zoom(stage, qtbot):
    press(stage, qtbot, Qt.Key.Key_Plus)
    assert stage.zoom() == pytest.approx(2.5)
    press(stage, qtbot, Qt.Key.Key_Minus)
    assert stage.zoom() == pytest.approx(2.0)
    press(stage, qtbot, Qt.Key.Key_1)
    assert stage.zoom() == 1.0
    press(stage, qtbot, Qt.Key.Key_0)
    assert stage.fits()


def test_the_wheel_zooms_about_the_pointer(stage):
    before = plain(RED)
    before.setPixelColor(50, 50, QColor(0, 255, 0))
    stage.set_pictures(before, plain(BLUE))
    point = QPoint(16 + 2 * 50 + 1, 16 + 2 * 50 + 1)  # the middle of that pixel

    wheel(stage, point, 5)

    assert stage.zoom() == pytest.approx(2 * 1.25**5)
    assert colour_at(stage, point.x(), point.y()) == QColor(0, 255, 0)


def test_a_third_picture_stands_right_of_both_side_by_side_alone(stage):
    green = QColor(0, 150, 0)
    stage.set_third(plain(green), "And back again")
    assert colour_at(stage, 400) == BLUE, "the bar shows two"
    stage.set_mode("side")  # three panes of 128: the fit is 0.64
    assert stage.zoom() == pytest.approx(0.64)
    assert [colour_at(stage, x, 140) for x in (80, 216, 352)] == [RED, BLUE, green]
    words = "Before on the left, After in the middle, And back again on the right."
    assert stage.accessibleDescription() == words
    stage.set_third(None)
    assert [colour_at(stage, x, 140) for x in (114, 318)] == [RED, BLUE]


def test_a_zoomed_picture_is_panned_beside_the_bar(stage, qtbot):
    before = plain(RED)
    before.setPixelColor(100, 60, QColor(0, 255, 0))
    stage.set_pictures(before, plain(BLUE))
    stage.set_position(1.0)
    for _ in range(4):
        stage.zoom_in()
    found = green_column(stage)

    qtbot.mousePress(stage, LEFT, pos=QPoint(100, 50))
    qtbot.mouseMove(stage, QPoint(130, 50))
    qtbot.mouseRelease(stage, LEFT, pos=QPoint(130, 50))

    assert green_column(stage) - found == pytest.approx(30, abs=1)
    assert stage.position() == 1.0


def test_a_zoomed_picture_still_has_its_bar_to_drag(stage, qtbot):
    stage.zoom_in()

    qtbot.mousePress(stage, LEFT, pos=QPoint(218, 50))
    qtbot.mouseMove(stage, QPoint(116, 50))
    qtbot.mouseRelease(stage, LEFT, pos=QPoint(116, 50))

    assert stage.position() == pytest.approx(0.25)


def green_column(stage):
    shown = stage.grab().toImage()
    columns = [
        x
        for x in range(shown.width())
        for y in range(0, shown.height(), 2)
        if shown.pixelColor(x, y) == QColor(0, 255, 0)
    ]
    return min(columns)


def test_side_by_side_shows_both_at_one_zoom(stage):
    stage.set_mode("side")  # two panes of 196: the fit is 0.98

    assert stage.zoom() == pytest.approx(196 / 200)
    assert colour_at(stage, 100, 140) == RED
    assert colour_at(stage, 300, 140) == BLUE

    stage.actual_size()
    assert colour_at(stage, 100, 140) == RED
    assert colour_at(stage, 300, 140) == BLUE


def test_without_a_translation_the_picture_is_shown_alone(stage):
    stage.set_pictures(plain(RED), None)

    assert colour_at(stage, 300) == RED
    assert colour_at(stage, 216, 100) == RED  # no bar, no knob


def test_while_busy_the_old_translation_stays(stage):
    stage.set_busy(True)
    assert "Translating…" in stage.accessibleDescription()
    assert colour_at(stage, 300, 100) == BLUE

    stage.set_after(plain(RED))

    assert "Translating…" not in stage.accessibleDescription()
    assert colour_at(stage, 300, 100) == RED


def test_an_empty_stage_says_what_to_do_and_takes_no_harm(stage, qtbot):
    stage.set_pictures(None, None)
    stage.set_empty_text("Drop a picture here", "Or paste one.")

    qtbot.mouseClick(stage, LEFT, pos=QPoint(50, 50))
    qtbot.mouseMove(stage, QPoint(80, 50))
    wheel(stage, QPoint(50, 50), 1)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Plus, Qt.Key.Key_1, Qt.Key.Key_Space):
        press(stage, qtbot, key)

    assert stage.accessibleDescription() == "Drop a picture here Or paste one."
    assert stage.zoom() == 0.0
    assert stage.position() == 0.5
    assert colour_at(stage, 50, 50) == QColor(LIGHT.stage)


def test_screen_readers_hear_where_the_bar_is(stage):
    stage.set_position(0.42)

    assert stage.accessibleDescription() == "42 % of the picture shows Before."


def test_the_fit_follows_the_stage(stage, qtbot):
    with qtbot.waitSignal(stage.zoom_changed) as zoomed:
        stage.resize(632, 332)

    assert zoomed.args == [3.0]
