"""Help, settings, and the question before closing."""

import platform
import sys
import types
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QWidget

from studio.about import AboutDialog
from studio.closing import ClosingDialog
from studio.preferences import PreferencesDialog
from studio.settings import SettingsFile


@pytest.fixture
def window(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return window


def click(button):
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_help_lists_versions_and_folders_and_copies_them(qapp, session, window):
    about = AboutDialog(session, Path("logs") / "studio.log", window)
    about.open()
    facts = dict(about.facts)
    assert facts["Python"] == platform.python_version()
    assert facts["PyTorch"].startswith("2.13.0")
    assert facts["torchvision"].startswith("0.28.0")
    assert facts["Qt"].startswith("6.11.3 (PySide6 6.11.3)")
    assert facts["Runs"] == str(session.settings.value.runs_folder)
    assert facts["Log"] == str(Path("logs") / "studio.log")
    click(about.copy_button)
    lines = qapp.clipboard().text().splitlines()
    assert f"Python: {platform.python_version()}" in lines
    assert about.copy_button.text() == "Copied"
    click(about.done_button)
    assert not about.isVisible()


def test_help_knows_the_device_once_something_ran(session, started, window):
    unknown = dict(AboutDialog(session, Path("log"), window).facts)
    assert unknown["Training on"] == "known after the first run"
    session.started = started
    known = dict(AboutDialog(session, Path("log"), window).facts)
    assert known["Training on"] == "CPU, 2 threads, fp32, channels last"


def test_theme_and_text_size_take_effect_and_are_remembered(
    qtbot, session, settings, theme, window
):
    dialog = PreferencesDialog(session, theme, window)
    dialog.open()
    assert (dialog.mode.value(), dialog.text_size.value()) == ("light", "1.0")
    click(dialog.mode.button("dark"))
    assert theme.mode == "dark"
    click(dialog.text_size.button("1.15"))
    assert theme.text_scale == 1.15
    # The value is there before the file is; each write leaves a whole one.
    qtbot.waitUntil(lambda: SettingsFile(settings.folder).value.text_scale == 1.15)
    assert SettingsFile(settings.folder).value.theme == "dark"


def test_another_runs_folder_is_listed_at_once(
    qtbot, session, settings, theme, window, tmp_path, monkeypatch
):
    other = tmp_path / "other runs"
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(other))
    dialog = PreferencesDialog(session, theme, window)
    dialog.open()
    with qtbot.waitSignal(session.library.runs_listed):
        click(dialog.folder_button)
    assert dialog.folder.text() == str(other)
    assert settings.value.runs_folder == other


def test_closing_can_be_thought_better_of(qtbot, window):
    dialog = ClosingDialog("Pix2Pix on Houses", window)
    dialog.open()
    assert dialog.words().startswith("Pix2Pix on Houses is still training.")
    with qtbot.waitSignal(dialog.rejected), qtbot.assertNotEmitted(dialog.stop_chosen):
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_closing_waits_for_the_result_to_be_saved(qtbot, window):
    dialog = ClosingDialog("Pix2Pix on Houses", window)
    dialog.open()
    with qtbot.waitSignal(dialog.stop_chosen):
        QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert "Saving…" in dialog.words()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)  # too late
    assert dialog.isVisible()
    assert not dialog.keep_button.isEnabled()


def test_a_torchvision_that_was_helped_is_told(session, window, monkeypatch):
    shim = types.SimpleNamespace(is_patched=lambda: True)
    monkeypatch.setitem(sys.modules, "engines.interop.torchvision_shim", shim)
    facts = dict(AboutDialog(session, Path("log"), window).facts)
    assert facts["torchvision"].endswith(
        "without its compiled part: that is for another PyTorch"
    )
