"""Tests for the Folder tab of Translate: what is read, clicked and left on disk."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from engines.batch import Standing
from engines.options import Options
from studio.model_entry import ModelEntry
from studio.model_jobs import FolderProgress
from studio.pages.translate_folder import FolderTab
from tests.studio.folder_models import LOADING_MS, FakeModel
from tests.studio.pages.seen import click, says, words_on


@pytest.fixture
def model(monkeypatch):
    fake = FakeModel()
    fake.take_the_place_of_all(monkeypatch)
    return fake


@pytest.fixture
def entry(tmp_path):
    """A file of weights called "Painter"."""
    return ModelEntry(path=tmp_path / "painter.pth", name="Painter")


@pytest.fixture
def photos(tmp_path):
    """Four pictures, of which "b.png" is none."""
    folder = tmp_path / "Photos"
    (folder / "deep").mkdir(parents=True)
    for name in ("a.png", "b.png", "c.png", "deep/d.png"):
        Image.new("RGB", (6, 4), (250, 0, 0)).save(folder / name)
    (folder / "b.png").write_text("no picture")
    return folder


@pytest.fixture
def tab(qtbot, session, model, entry):
    """The tab as it is shown first, and its button where the page would have it."""
    tab = FolderTab(session)
    qtbot.addWidget(tab)
    qtbot.addWidget(tab.start_button)
    tab.use_model(entry)
    tab.resize(1100, 600)
    tab.show()
    tab.start_button.show()
    assert not tab.start_button.isEnabled()
    return tab


def choose(qtbot, tab, folder):
    """Take the folder, and wait until it is known what that comes to."""
    with qtbot.waitSignal(tab._jobs.folder_planned):
        tab.use_inputs([folder])


def translate(qtbot, tab):
    with qtbot.waitSignal(tab._jobs.folder_finished, timeout=LOADING_MS):
        click(tab.start_button)


def test_a_folder_is_dropped_and_translated(qtbot, tab, photos, model):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(photos))])
    drop = QDropEvent(
        QPointF(50, 50),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    with qtbot.waitSignal(tab._jobs.folder_planned):
        tab.zone.dropEvent(drop)
    out = photos.parent / "Photos translated"
    assert says(tab, str(out))
    assert says(tab, "4 pictures.")
    assert says(tab, "→ a.png")
    assert not out.exists()

    with qtbot.waitSignals([tab.running_changed] * 2, timeout=LOADING_MS):
        translate(qtbot, tab)
    assert tab.done.message.sentence() == (
        "3 of 4 pictures saved in Photos translated. 1 could not be translated."
    )
    assert says(tab, "1 without a result")
    assert tab.done.failures.toPlainText().startswith("b.png is not a picture")
    assert sorted(p.name for p in out.rglob("*.*")) == ["a.png", "c.png", "d.png"]
    with Image.open(out / "deep" / "d.png") as result:
        assert result.getpixel((0, 0)) == (5, 255, 255)
    assert not tab.start_button.isEnabled()


def test_names_are_shown_as_they_are_typed(qtbot, tab, photos):
    choose(qtbot, tab, photos)
    tab.form.pattern.clear()
    with qtbot.waitSignal(tab._jobs.folder_planned):
        tab.form.pattern.insert("new ")
    with qtbot.waitSignal(tab._jobs.folder_planned):
        click(tab.form.field_buttons["number"])
    assert tab.form.pattern.text() == "new {number}"
    with qtbot.waitSignal(tab._jobs.folder_planned):
        click(tab.form.format.button("webp"))
    targets = [target.text() for _, target in tab.form.names]
    assert targets == ["→ new 1.webp", "→ new 2.webp", "→ new 3.webp"]
    assert tab.start_button.isEnabled()


def test_a_wrong_name_is_refused_beside_the_field(qtbot, tab, photos):
    choose(qtbot, tab, photos)
    tab.form.pattern.setText("{nam}")
    assert "not {nam}." in tab.form.problem.text()
    assert tab.form.problem.isVisible()
    assert tab.form.pattern.property("level") == "err"
    assert not tab.start_button.isEnabled()
    with qtbot.waitSignal(tab._jobs.folder_planned):
        tab.form.pattern.setText("{name}")
    assert not tab.form.problem.isVisible()
    assert tab.form.pattern.property("level") == ""
    assert tab.start_button.isEnabled()


def test_a_step_that_nobody_knows_is_refused(qtbot, tab, photos):
    choose(qtbot, tab, photos)
    with qtbot.waitSignal(tab._jobs.folder_refused):
        tab.form.pattern.setText("{name} {step}")
    assert "These weights tell no step." in tab.form.problem.text()
    assert not tab.start_button.isEnabled()


def test_a_folder_without_pictures_is_refused_and_another_one_taken(
    qtbot, tab, photos, tmp_path, monkeypatch
):
    (tmp_path / "Empty").mkdir()
    with qtbot.waitSignal(tab._jobs.folder_refused):
        tab.use_inputs([tmp_path / "Empty"])
    assert "'Empty' is empty." in tab.form.problem.text()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(photos))
    with qtbot.waitSignal(tab._jobs.folder_planned):
        click(tab.form.inputs_button)
    assert says(tab, "4 pictures.")


def test_results_go_where_the_user_wants(
    qtbot, tab, photos, tmp_path, monkeypatch, model
):
    choose(qtbot, tab, photos)
    elsewhere = str(tmp_path / "Elsewhere")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: elsewhere)
    with qtbot.waitSignal(tab._jobs.folder_planned):
        click(tab.form.out_button)
    translate(qtbot, tab)
    assert (tmp_path / "Elsewhere" / "deep" / "d.png").exists()
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    click(tab.done.open_button)
    assert opened == [QUrl.fromLocalFile(elsewhere)]


def test_the_failures_can_be_copied(qtbot, tab, photos):
    choose(qtbot, tab, photos)
    translate(qtbot, tab)
    click(tab.done.copy_button)
    assert QGuiApplication.clipboard().text() == tab.done.failures.toPlainText() != ""


def test_what_is_there_is_skipped_unless_told_otherwise(qtbot, tab, photos):
    choose(qtbot, tab, photos)
    translate(qtbot, tab)
    choose(qtbot, tab, photos)
    assert says(tab, "4 pictures. Skipped, as there is a result already: 3.")
    translate(qtbot, tab)
    assert "0 of 4 pictures saved" in tab.done.message.sentence()
    assert "3 had a result already." in tab.done.message.sentence()
    choose(qtbot, tab, photos)
    with qtbot.waitSignal(tab._jobs.folder_planned):
        click(tab.form.skip)
    assert says(tab, "→ a-2.png")
    translate(qtbot, tab)
    assert "3 of 4 pictures saved" in tab.done.message.sentence()


def test_cancelling_says_what_is_kept_and_offers_to_go_on(qtbot, tab, photos, model):
    model.wait_at = 2
    choose(qtbot, tab, photos)
    with qtbot.waitSignal(tab._jobs.folder_finished, timeout=LOADING_MS):
        click(tab.start_button)
        assert tab.start_button.text() == "Translating…"
        assert not tab.start_button.isEnabled()
        qtbot.waitUntil(lambda: tab.running.bar.value() > 0, timeout=LOADING_MS)
        click(tab.running.cancel_button)
        assert tab.running.cancel_button.text() == "Stopping…"
    assert tab.done.message.sentence().startswith("Cancelled. 1 of 4 pictures saved")

    with qtbot.waitSignal(tab._jobs.folder_planned):
        click(tab.done.again_button)
    assert says(tab, "there is a result already: 1.")
    translate(qtbot, tab)
    assert "2 of 4 pictures saved" in tab.done.message.sentence()


def test_progress_is_said_in_words_and_pictures(qtbot, tab, photos):
    choose(qtbot, tab, photos)
    tab.running.begin(tab._request())
    tab._stack.setCurrentWidget(tab.running)
    rgb = np.zeros((8, 8, 3), np.uint8)
    tab.running.show_progress(
        FolderProgress(
            standing=Standing(
                done=400, failed=12, total=2000, fraction=0.206, left_s=170
            ),
            name="a.png",
            before=rgb,
            after=rgb,
        )
    )
    assert "412 of 2,000  ·  12 failed  ·  about 3 min left" in words_on(tab)
    assert tab.running.bar.value() == 206
    assert tab.running.pair.before.accessibleName() == "Before, a.png"
    assert tab.running.pair.after.image() is not None


def test_a_model_that_cannot_be_loaded_leaves_the_form(qtbot, tab, photos, entry):
    tab.use_model(ModelEntry(path=entry.path.parent / "gone", name="Gone"))
    choose(qtbot, tab, photos)
    with qtbot.waitSignal(tab._jobs.failed, timeout=LOADING_MS):
        click(tab.start_button)
    assert tab.form.isVisible()
    assert tab.form.problem.text() == "There is no run in 'gone'."


def test_model_options_and_step_are_used(qtbot, tab, photos, entry, model):
    options = Options(scale="full")
    tab.use_model(entry, options, 5)
    choose(qtbot, tab, photos)
    translate(qtbot, tab)
    assert set(model.used) == {options}
    assert model.loaded == [(entry.path, 5)]


def test_without_a_model_the_button_says_what_is_missing(qtbot, tab, photos, entry):
    tab.use_model(None)
    tab.use_inputs([photos])
    assert not tab.start_button.isEnabled()
    assert tab.start_button.toolTip() == "Choose a model first."
    with qtbot.waitSignal(tab._jobs.folder_planned):
        tab.use_model(entry)
    assert tab.start_button.isEnabled()


def test_files_can_be_dropped_as_well(qtbot, tab, photos):
    with qtbot.waitSignal(tab._jobs.folder_planned):
        tab.use_inputs([photos / "a.png", photos / "c.png"])
    assert says(tab, "2 files and folders")
    assert tab.form.out == photos / "Photos translated"
    assert says(tab, "2 pictures.")


def test_everything_is_reached_by_keyboard(qtbot, tab, photos):
    choose(qtbot, tab, photos)
    tab.activateWindow()
    qtbot.waitUntil(tab.isActiveWindow)
    tab.form.pattern.setFocus()
    QTest.keyClick(tab.form.pattern, Qt.Key.Key_Tab)
    assert tab.form.field_buttons["name"].hasFocus()
    named = (tab.form.inputs_button, tab.form.out_button, tab.form.pattern)
    assert all(widget.accessibleName() for widget in named)
