import os

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engines.training.reports import Losses, Paused, Preparing, Preview
from studio.job_watch import JobWatch
from studio.session import JobState
from studio.widgets.job_bar import JobBar


@pytest.fixture
def bar(qtbot, session):
    bar = JobBar()
    qtbot.addWidget(bar)
    JobWatch(session, bar, bar)
    bar.show()
    assert bar.words() == "Nothing is running"
    return bar


def losses(step, remaining_s=125.0):
    return Losses(
        step=step,
        values={"l1": 0.5},
        pictures_per_s=1312.4,
        elapsed_s=10.0,
        remaining_s=remaining_s,
    )


def click(button):
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_it_says_what_runs_how_far_and_how_long(qtbot, bar, training, fake_run):
    fake_run.put(losses(580))
    qtbot.waitUntil(lambda: bar.words() == "Pix2Pix on Houses  58 %  about 2 min left")
    machine = bar._machine.text()
    assert machine.startswith(f"1,312 pictures/s  ·  {os.cpu_count()} core")


def test_preparing_says_how_many_pictures_are_read(qtbot, bar, training, fake_run):
    fake_run.put(Preparing(done=300, total=1311))
    words = "Preparing pictures 300 of 1,311"
    qtbot.waitUntil(lambda: bar.words().endswith(words))


def test_the_newest_preview_is_its_picture(qtbot, bar, training, fake_run):
    pictures = np.full((2, 8, 8, 3), (9, 80, 200), np.uint8)
    fake_run.put(Preview(step=10, pictures={"now": pictures}))
    qtbot.waitUntil(lambda: bar._thumbnail._picture is not None)
    assert bar._thumbnail._picture.pixelColor(4, 4).getRgb()[:3] == (9, 80, 200)


def test_pause_and_go_on_reach_the_run(qtbot, bar, training, fake_run):
    click(bar.pause_button)
    assert fake_run.controls.is_paused()
    fake_run.put(Paused(step=10, paused=True))
    qtbot.waitUntil(lambda: training.state is JobState.PAUSED)
    assert bar.words().endswith("Paused")
    click(bar.pause_button)
    assert not fake_run.controls.is_paused()
    fake_run.put(Paused(step=10, paused=False))
    qtbot.waitUntil(lambda: training.state is JobState.TRAINING)


def test_stop_is_shown_at_once_and_ends_idle(qtbot, bar, training, fake_run):
    with qtbot.waitSignal(training.finished):
        click(bar.stop_button)
        assert bar.words().endswith("Stopping…")
        assert not bar.stop_button.isEnabled()
    assert bar.words() == "Nothing is running"
    assert "pictures/s" not in bar._machine.text()


def test_the_room_on_the_disk_is_measured(qtbot, bar):
    qtbot.waitUntil(lambda: bar._machine.text().endswith("GB free"))
