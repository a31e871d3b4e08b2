"""Tests for engines.training.recorder: what a run does where it cannot write."""

import errno
from pathlib import Path
from types import SimpleNamespace

import pytest

from engines.errors import RunError
from engines.runs.folder import RunFolder
from engines.training.controls import Controls
from engines.training.jobs import ResumeRun
from engines.training.recorder import Recorder
from engines.training.reports import Losses, Notice, RunStatus, Saved, Started
from engines.training.runner import run


@pytest.fixture
def full_disk(monkeypatch):
    """Parts of paths that, from when they are in it, meet a full disk."""
    names = set()
    real_open = Path.open

    def refuse(path):
        if any(name in path.as_posix() for name in names):
            raise OSError(errno.ENOSPC, "No space left on device")

    def path_open(self, mode="r", *args, **kwargs):
        if mode != "rb":
            refuse(self)
        return real_open(self, mode, *args, **kwargs)

    monkeypatch.setattr(Path, "open", path_open)
    return names


def run_until_full(job, names, full_disk):
    """Run *job* with the disk full from its start; its notices and its outcome."""
    controls, notices = Controls(), []
    for report in run(job, controls):
        if isinstance(report, Started):
            full_disk |= names
        if isinstance(report, Notice):
            notices.append(report.words)
        if isinstance(report, Losses):
            controls.preview_now()
    return notices, report


def test_a_full_disk_is_told_once_of_each_kind_and_the_run_goes_on(
    new_run, full_disk, monkeypatch
):
    monkeypatch.setattr("engines.training.loop.REPORT_EVERY_S", 0.0)
    job = new_run(steps=12)
    names = {"/events.jsonl", "/previews/"}
    notices, outcome = run_until_full(job, names, full_disk)
    assert outcome.status is RunStatus.COMPLETED
    assert RunFolder.open(job.folder).checkpoints.steps() == (12,)
    assert all(words.endswith("resume. Training goes on.") for words in notices)
    about_previews = [words for words in notices if "previews" in words]
    about_events = [words for words in notices if "events.jsonl" in words]
    assert len(about_previews) == 1
    assert 1 <= len(about_events) <= 3  # losses, measures, checkpoints


def test_checkpoints_that_cannot_be_written_are_told_once(new_run, full_disk):
    job = new_run(steps=12, save_every_s=0)
    notices, outcome = run_until_full(job, {"/checkpoints/"}, full_disk)
    assert len(notices) == 1
    assert "saving is tried again" in notices[0]
    assert (outcome.status, outcome.step) == (RunStatus.FAILED, 12)
    assert outcome.error.startswith("There is no space left on the disk")
    assert outcome.kept_step is None
    info = RunFolder.open(job.folder).info
    assert (info.state, info.error) == ("failed", outcome.error)


def test_a_last_checkpoint_that_cannot_be_written_names_the_one_that_is_kept(
    new_run, full_disk
):
    job, controls = new_run(steps=12), Controls()
    controls.save_now()
    for report in run(job, controls):
        if isinstance(report, Saved):
            full_disk.add("/checkpoints/")
    assert report.status is RunStatus.FAILED
    assert str(report).endswith("then save again or resume. Step 1 is kept.")
    full_disk.clear()
    *_, resumed = run(ResumeRun(folder=job.folder), Controls())
    assert resumed.status is RunStatus.COMPLETED


def test_a_live_change_survives_a_full_disk(new_run, full_disk):
    job, controls = new_run(), Controls()
    for report in run(job, controls):
        if isinstance(report, Started):
            full_disk.add("run.json")
            controls.change(mirror=False)
    assert report.status is RunStatus.COMPLETED


def test_an_old_checkpoint_that_cannot_be_removed_does_not_undo_the_new_one(
    new_run, monkeypatch
):
    def prune(_self, _keep):
        raise RunError("'000001' is in use.")

    monkeypatch.setattr("engines.runs.checkpoints.Checkpoints.prune", prune)
    job = new_run(steps=3, save_every_s=0)
    reports = list(run(job, Controls()))
    assert [r.step for r in reports if isinstance(r, Saved)] == [1, 2, 3]
    assert (reports[-1].status, reports[-1].kept_step) == (RunStatus.COMPLETED, 3)
    notices = [r.words for r in reports if isinstance(r, Notice)]
    assert notices == ["'000001' is in use. Training goes on."]


def test_a_long_runs_losses_are_written_once_a_second():
    written = []
    folder = SimpleNamespace(
        events=SimpleNamespace(
            append=lambda _kind, step, **_values: written.append(step)
        )
    )
    recorder = Recorder(folder)
    for tenth in range(36_000, 36_100):  # ten seconds, after an hour
        losses = Losses(
            step=tenth,
            values={},
            pictures_per_s=1,
            elapsed_s=tenth / 10,
            remaining_s=0,
        )
        assert list(recorder.record(losses)) == []
    assert len(written) == 10
