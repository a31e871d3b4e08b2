"""What every test of the window has in common."""

import queue
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engines.training.reports import Column, RunOutcome, RunStatus, Started
from studio.session import JobState, Session
from studio.settings import SettingsFile
from studio.theme import Theme
from studio.widgets.focus_frame import FocusFrame


@pytest.fixture(scope="session")
def session_theme(qapp):
    """The theme, as `studio.app` makes it, once for all tests."""
    return Theme(qapp, "light")


@pytest.fixture(autouse=True)
def theme(session_theme):
    """The theme in force: light, at normal text size, without motion."""
    session_theme.set_mode("light")
    session_theme.set_text_scale(1.0)
    session_theme.set_reduce_motion(True)
    return session_theme


@pytest.fixture(scope="session")
def focus_frame(qapp, session_theme):
    """The one ring of the application."""
    return FocusFrame(qapp)


@pytest.fixture
def settings(tmp_path):
    """Settings that keep everything inside the test's own folder."""
    file = SettingsFile(tmp_path / "settings")
    file.value = file.value.model_copy(update={"runs_folder": tmp_path / "runs"})
    return file


@pytest.fixture
def session(qapp, settings):
    """A session without pictures; no thread of it outlives the test."""
    session = Session(settings)
    yield session
    assert session.shut_down(10_000)


@pytest.fixture
def write_pairs(tmp_path):
    """Writes a folder of pairs: one colour each in outline/, another in colour/."""

    def write(name="Houses", count=20, sides=("outline", "colour")):
        folder = tmp_path / name
        for number, side in enumerate(sides):
            (folder / side).mkdir(parents=True)
            for index in range(count):
                rgb = np.full((8, 8, 3), 40 * number + index, np.uint8)
                Image.fromarray(rgb).save(folder / side / f"house {index:02d}.png")
        return folder

    return write


class FakeRun:
    """Stands in for the engine: reports what the test puts, ends when it is stopped."""

    def __init__(self):
        self.reports = queue.Queue()
        self.job = self.controls = None

    def __call__(self, job, controls):
        self.job, self.controls = job, controls
        step = 0
        while not controls.should_stop():
            try:
                report = self.reports.get(timeout=0.01)
            except queue.Empty:
                continue
            step = getattr(report, "step", step)
            yield report
            if isinstance(report, RunOutcome):
                return
        yield RunOutcome(status=RunStatus.STOPPED, step=step, kept_step=step)

    def put(self, *reports):
        """Let the run report these, in order."""
        for report in reports:
            self.reports.put(report)


@pytest.fixture
def fake_run(monkeypatch):
    """Takes the place of every run that the session begins."""
    run = FakeRun()
    monkeypatch.setattr("studio.session._reports", run)
    return run


@pytest.fixture
def started():
    """The report that a run of 1,000 steps begins with: one grey picture."""
    grey = np.full((1, 8, 8, 3), 128, np.uint8)
    return Started(
        folder=Path("run"),
        step=0,
        steps=1000,
        device="CPU, 2 threads, fp32, channels last",
        columns=(
            Column(
                name="input",
                label="Input",
                captions=("held out, never trained on",),
                pictures=grey,
            ),
            Column(name="now", label="Now", captions=("",)),
            Column(name="target", label="Target", captions=("",), pictures=grey),
        ),
        names=("house 01",),
        training_pictures=18,
        held_out_pictures=2,
    )


@pytest.fixture
def training(qtbot, session, fake_run, started, write_pairs):
    """The session while the fake run trains on Houses."""
    with qtbot.waitSignal(session.data.opened):
        session.data.open(write_pairs())
    session.start()
    fake_run.put(started)
    qtbot.waitUntil(lambda: session.state is JobState.TRAINING)
    return session
