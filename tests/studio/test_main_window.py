import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QFileDialog

from studio.main_window import MainWindow
from studio.session import JobState

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(qtbot, session, theme):
    window = MainWindow(session, theme, Path("studio.log"))
    qtbot.addWidget(window)
    with qtbot.waitSignal(window.first_painted):
        window.show()
    assert window.page() == "home"
    assert not window.message.isVisible()
    return window


def click(widget):
    QTest.mouseClick(widget, LEFT)


def drop(widget, *paths):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    place, action = QPointF(5, 5), Qt.DropAction.CopyAction
    event = QDropEvent(place, action, data, LEFT, Qt.KeyboardModifier.NoModifier)
    widget.dropEvent(event)
    return event.isAccepted()


def test_the_rail_and_the_keyboard_change_the_page(window):
    click(window.rail.button("train"))
    assert window.train.isVisible()
    for key, page in (
        (Qt.Key.Key_2, window.data),
        (Qt.Key.Key_4, window.translate),
        (Qt.Key.Key_3, window.train),
        (Qt.Key.Key_1, window.home),
    ):
        QTest.keyClick(window, key, CTRL)
        assert page.isVisible()
    assert window.page() == "home"


def test_a_folder_dropped_anywhere_is_opened(qtbot, window, session, write_pairs):
    folder = write_pairs()
    with qtbot.waitSignal(session.data.opened):
        assert drop(window, folder)
    assert window.page() == "data"
    assert window.data.header.words()[0] == "Houses"


def test_an_archive_dropped_anywhere_is_opened(
    qtbot, window, session, write_pairs, tmp_path
):
    archive = Path(shutil.make_archive(tmp_path / "Packed", "zip", write_pairs()))
    with qtbot.waitSignal(session.data.opened):
        assert drop(window, archive)
    assert window.page() == "data"
    assert window.data.header.words()[0] == "Packed"


def test_pictures_dropped_anywhere_are_translated(window, write_pairs, monkeypatch):
    added = []
    monkeypatch.setattr(window.translate, "add_files", added.extend)
    picture = write_pairs() / "outline" / "house 01.png"
    assert drop(window, picture)
    assert (window.page(), added) == ("translate", [picture])


def test_the_open_key_opens_a_folder(qtbot, window, session, write_pairs, monkeypatch):
    folder = write_pairs()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    with qtbot.waitSignal(session.data.opened):
        QTest.keyClick(window, Qt.Key.Key_O, CTRL)
    assert window.page() == "data"


def test_from_folder_to_training_in_three_clicks(
    qtbot, window, session, fake_run, write_pairs, monkeypatch
):
    folder = write_pairs()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    with qtbot.waitSignal(session.data.opened):
        click(window.home.choose_button)
    click(window.data.use_button)
    assert window.page() == "train"
    click(window.train.header.start)
    assert session.state is JobState.PREPARING
    assert window.job_bar.words().startswith("Pix2Pix on Houses")


def test_an_error_is_said_above_the_page_and_can_be_closed(window, session):
    for source in (session, session.library):
        source.failed.emit("The disk is full.")
        assert window.message.isVisible()
        assert window.message.sentence() == "The disk is full."
        click(window.message._close)
        assert not window._message_area.isVisible()


def test_help_and_settings_open_from_the_rail(window):
    for button, title in (
        (window.rail.help_button, "About the studio"),
        (window.rail.settings_button, "Settings"),
    ):
        click(button)
        (dialog,) = [d for d in window.findChildren(QDialog) if d.isVisible()]
        assert dialog.windowTitle() == title
        click(dialog.done_button)


def test_the_end_of_a_run_is_told_on_other_pages(qtbot, window, training, fake_run):
    with qtbot.waitSignal(training.finished):
        training.stop()
    assert window.toast.isVisible()
    assert window.toast.words().startswith("Pix2Pix on Houses: Stopped at step 0.")
    click(window.toast._action)
    assert window.page() == "train"


def test_without_a_run_the_window_closes_at_once(window):
    assert window.close()


def test_closing_during_a_run_asks_saves_and_closes(qtbot, window, training):
    assert not window.close()
    asked = window._closing
    assert asked.words().startswith("Pix2Pix on Houses is still training.")
    with qtbot.waitSignal(training.finished):
        click(asked.stop_button)
        assert window.isVisible()
        assert "Saving…" in asked.words()
    assert not window.isVisible()


def test_a_run_that_is_kept_going_is_asked_about_again(window, training):
    window.close()
    click(window._closing.keep_button)
    assert training.state is JobState.TRAINING
    assert window.isVisible()
    window.close()
    assert window._closing.isVisible()


def test_it_fits_the_smallest_screen(window):
    window.resize(1024, 640)
    assert (window.width(), window.height()) == (1024, 640)
