"""Tests for studio.widgets.message_bar and toast."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton, QToolButton, QVBoxLayout, QWidget

from studio.tokens import LIGHT
from studio.widgets.message_bar import MessageBar
from studio.widgets.toast import SHOWN_MS, Toast


@pytest.fixture
def page(qtbot):
    made = QWidget()
    made.resize(600, 300)
    qtbot.addWidget(made)
    QVBoxLayout(made)
    made.show()
    return made


@pytest.fixture
def bar(page):
    made = MessageBar()
    page.layout().addWidget(made)
    page.layout().addStretch()
    assert made.isHidden()
    return made


def fill_of(widget):
    return widget.grab().toImage().pixelColor(4, 20).name().upper()


@pytest.mark.parametrize(
    ("level", "fill"),
    [
        ("info", LIGHT.accent_soft),
        ("ok", LIGHT.ok_soft),
        ("warn", LIGHT.warn_soft),
        ("err", LIGHT.err_soft),
    ],
)
def test_a_sentence_shows_the_bar_in_the_colour_of_its_level(bar, level, fill):
    bar.show_message(level, "3 pictures could not be opened and were left out.")
    assert bar.isVisible()
    assert bar.sentence() == "3 pictures could not be opened and were left out."
    assert fill_of(bar) == fill


def test_levels_can_follow_one_another(bar):
    bar.show_message("ok", "All is well.")
    bar.show_message("err", "Numbers ran away at step 812.")
    assert fill_of(bar) == LIGHT.err_soft
    with pytest.raises(KeyError, match="fatal"):
        bar.show_message("fatal", "x")


def test_the_link_tells(qtbot, bar):
    bar.show_message("warn", "3 pictures were left out.", action="Show")
    (link,) = bar.findChildren(QPushButton)
    assert link.text() == "Show"
    with qtbot.waitSignal(bar.action_clicked):
        qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    bar.show_message("warn", "3 pictures were left out.")
    assert link.isHidden()


def test_closing_hides_it_and_tells(qtbot, bar):
    bar.show_message("info", "The first epoch is slower.", closable=True)
    (close,) = bar.findChildren(QToolButton)
    assert close.toolTip() == "Close this message"
    with qtbot.waitSignal(bar.closed):
        qtbot.mouseClick(close, Qt.MouseButton.LeftButton)
    assert bar.isHidden()
    bar.show_message("info", "Another.")
    assert close.isHidden()


def test_a_long_sentence_wraps_instead_of_being_cut(qtbot, bar, page):
    bar.show_message("info", "Short.")
    qtbot.waitUntil(lambda: bar.height() == 40)
    bar.show_message("info", "A sentence that goes on for quite a while. " * 12)
    qtbot.waitUntil(lambda: bar.height() > 60)
    assert page.width() == 600


def test_a_bar_made_with_a_sentence_opens_no_window(qtbot):
    made = MessageBar("ok", "All is well.")
    qtbot.addWidget(made)
    assert not made.isVisible()


def test_a_toast_stands_at_the_bottom_centre_also_after_a_resize(qtbot, page):
    toast = Toast(page)
    assert toast.isHidden()
    toast.show_message("Facades v2 moved to trash", "Undo", icon="trash")
    assert toast.words() == "Facades v2 moved to trash"
    assert (toast.width(), toast.height()) == (320, 44)
    assert (toast.x(), toast.geometry().bottom()) == ((600 - 320) // 2, 300 - 16 - 1)
    assert fill_of(toast) == LIGHT.tip

    page.resize(800, 400)
    qtbot.waitUntil(lambda: toast.x() == (800 - 320) // 2)
    assert toast.geometry().bottom() == 400 - 16 - 1


def test_undo_is_told_once_and_the_toast_is_gone(qtbot, page):
    toast = Toast(page)
    toast.show_message("Facades v2 moved to trash", "Undo")
    (undo,) = toast.findChildren(QPushButton)
    with qtbot.waitSignal(toast.action_clicked), qtbot.assertNotEmitted(toast.expired):
        qtbot.mouseClick(undo, Qt.MouseButton.LeftButton)
    assert toast.isHidden()


def test_a_toast_goes_by_itself_after_its_time(qtbot, page):
    assert SHOWN_MS == 8_000
    toast = Toast(page)
    qtbot.mouseMove(page, QPoint(1, 1))  # a toast under the pointer would stay
    toast._timer.setInterval(1)
    with qtbot.waitSignal(toast.expired):
        toast.show_message("Saved")
    assert toast.isHidden()


def test_a_second_toast_ends_the_first(qtbot, page):
    toast = Toast(page)
    toast.show_message("One moved to trash", "Undo")
    with qtbot.waitSignal(toast.expired):
        toast.show_message("Two moved to trash", "Undo")
    assert toast.isVisible()
    assert toast.words() == "Two moved to trash"


def test_a_toast_rises_and_arrives_and_is_never_wider_than_the_window(
    qtbot, page, theme
):
    theme.set_reduce_motion(False)
    toast = Toast(page)
    toast.show_message("A very long name of a run " * 8 + "moved to trash", "Undo")
    assert toast.width() == 600 - 32
    qtbot.waitUntil(lambda: toast.geometry().bottom() == 300 - 16 - 1)
