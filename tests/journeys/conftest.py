"""The whole studio with real training, small enough to take seconds."""

import dataclasses
import functools

import pytest
from PySide6.QtCore import QThread
from shiboken6 import isValid

from engines.catalogue import engine_entry
from engines.configs.base import Preset
from engines.samples.facades import write_facades
from studio.app import build
from studio.session import JobState
from studio.settings import SettingsFile

SMALL = {
    "image_size": 32,
    "steps": 100_000,  # a run of a test ends when it is stopped
    "batch_size": 2,
    "generator_width": 4,
    "critic_width": 4,
    "device": "cpu",
    "preview_every_s": 0.2,
    "save_every_s": 0.3,
}


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Every preset learns with a tiny network, from 24 house fronts."""
    entry = engine_entry("pix2pix")
    presets = {
        name: Preset(label=preset.label, words=preset.words, values=SMALL)
        for name, preset in entry.presets.items()
    }
    small_entry = dataclasses.replace(entry, presets=presets)
    monkeypatch.setattr("studio.session.engine_entry", lambda _name: small_entry)
    few = functools.partial(write_facades, count=24)
    monkeypatch.setattr("engines.samples.facades.write_facades", few)


@pytest.fixture
def start_studio(qapp, qtbot, tmp_path):
    """Opens the studio as `studio.app.run` does; all of it is gone after the test."""
    started = []

    def start():
        settings = SettingsFile(tmp_path / "settings")
        settings.change(theme="light", runs_folder=tmp_path / "runs")
        studio = build(qapp, settings, tmp_path / "studio.log")
        unhandled = []
        studio.hooks.caught.connect(unhandled.append)
        with qtbot.waitSignal(studio.window.first_painted):
            studio.window.show()
        started.append((studio, unhandled))
        return studio

    yield start
    for studio, unhandled in started:
        _end(qtbot, studio)
        assert not unhandled


@pytest.fixture
def studio(start_studio):
    """The studio as a new user finds it, on Home."""
    studio = start_studio()
    assert studio.window.page() == "home"
    return studio


def _end(qtbot, studio):
    session, window = studio.session, studio.window
    threads = session.findChildren(QThread)
    if session.state is not JobState.IDLE:
        with qtbot.waitSignal(session.finished, timeout=20_000):
            session.stop()
    window.close()
    assert studio.close(), "a thread did not end"
    assert len(threads) >= 2
    # Qt ends the process over a thread that is deleted while it runs.
    assert all(not isValid(thread) or thread.isFinished() for thread in threads)
    window.deleteLater()
