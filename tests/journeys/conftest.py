"""The whole studio with real training, small enough to take seconds."""

import dataclasses
import functools

import pytest
from PySide6.QtCore import QThread
from shiboken6 import isValid

from engines.catalogue import ENGINES
from engines.configs import Preset
from engines.samples.catalogue import SAMPLES
from studio.app import build
from studio.session import JobState
from studio.settings import SettingsFile

SMALL = {
    "image_size": 32,
    "steps": 100_000,  # a run of a test ends when it is stopped
    "batch_size": 2,
    "device": "cpu",
    "preview_every_s": 0.2,
    "measure_every_s": 1.0,
    "save_every_s": 0.3,
}
GAN = {"generator_width": 4, "critic_width": 4}
SMALL_ENGINES = {
    "pix2pix": GAN,
    "cyclegan": {**GAN, "residual_blocks": 1, "batch_size": 1},
    "dcgan": {**GAN, "latent_dim": 8},
    "wgan": {**GAN, "latent_dim": 8, "critic_steps": 1},
    "vae": {"width": 4, "latent_dim": 4},
}


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Every preset learns with tiny networks, from 24 pictures of a sample set."""
    entries = {name: _small(entry) for name, entry in ENGINES.items()}
    monkeypatch.setattr("studio.session.engine_entry", entries.__getitem__)
    for sample in SAMPLES.values():
        few = functools.partial(sample.write, count=24)
        monkeypatch.setattr(".".join(sample.function), few)


def _small(entry):
    values = {**SMALL, **SMALL_ENGINES[entry.name]}
    presets = {
        name: Preset(label=preset.label, words=preset.words, values=values)
        for name, preset in entry.presets.items()
    }
    return dataclasses.replace(entry, presets=presets)


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
