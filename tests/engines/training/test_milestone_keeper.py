"""Tests for engines.training.milestone_keeper: weights of a whole run, at no cost."""

import errno
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from engines.configs.pix2pix import Pix2PixConfig
from engines.errors import RunError
from engines.runs.folder import RunFolder
from engines.training import milestone_keeper
from engines.training.controls import Controls
from engines.training.jobs import ResumeRun
from engines.training.milestone_keeper import MilestoneKeeper
from engines.training.reports import Notice, Preview, RunStatus, Saved
from engines.training.runner import run
from tests.engines.training.whole_runs import (
    assert_same_to_the_bit,
    finish,
    stop_after,
)


class FakeMilestones:
    """Saving takes one second of a clock that only it and the test move."""

    def __init__(self):
        self.saved, self.now_s, self.fails = [], 0.0, False

    def wants(self, step, size):
        assert size == 12
        return step > 0

    def save(self, step, *, weights, metadata):
        self.now_s += 1
        if self.fails:
            raise RunError("There is no space left.")
        assert weights["w"].tolist() == [1, 2, 3]
        assert metadata["step"] == str(step)
        self.saved.append(step)


@pytest.fixture
def fake(monkeypatch):
    fake = FakeMilestones()
    clock = SimpleNamespace(monotonic=lambda: fake.now_s)
    monkeypatch.setattr(milestone_keeper, "time", clock)
    fake.checkpoints = []
    fake.weights = {"w": torch.tensor([1.0, 2.0, 3.0])}
    folder = SimpleNamespace(
        milestones=fake,
        info=SimpleNamespace(engine="pix2pix"),
        checkpoints=SimpleNamespace(steps=lambda: fake.checkpoints),
    )
    engine = SimpleNamespace(config=Pix2PixConfig(), weights=lambda: fake.weights)
    keeper = MilestoneKeeper(folder, engine)

    def preview(step, at_s):
        fake.now_s = at_s
        return [n.words for n in keeper.record(Preview(step=step, pictures={}))]

    fake.preview = preview
    return fake


def test_the_first_may_cost_what_it_must_and_all_together_a_hundredth(fake):
    for second in range(1000):  # two would have cost 2 % before second 200
        fake.preview(second, second)
    assert fake.saved == [1, 200, 300, 400, 500, 600, 700, 800, 900]


def test_a_step_that_is_kept_as_a_checkpoint_is_not_kept_twice(fake):
    fake.checkpoints.append(5)
    fake.preview(5, 5)
    assert fake.saved == []
    fake.preview(6, 6)
    assert fake.saved == [6]


def test_only_previews_are_kept(fake):
    fake.now_s = 5.0
    report = Saved(step=5, folder=Path())
    assert not list(MilestoneKeeper(fake, None).record(report))


@pytest.mark.parametrize("bad", [float("nan"), float("-inf")])
def test_broken_numbers_are_not_kept(fake, bad):
    fake.weights["w"][1] = bad
    assert fake.preview(5, 5) == []
    assert fake.saved == []


def test_a_failure_is_told_once_until_one_went_well(fake):
    fake.fails = True
    assert fake.preview(1, 1) == ["There is no space left. Training goes on."]
    assert fake.preview(2, 1000) == []
    fake.fails = False
    assert fake.preview(3, 2000) == []
    fake.fails = True
    assert len(fake.preview(4, 3000)) == 1
    assert fake.saved == [3]


# ----------------------------------------------------------------------------
# Whole runs.


@pytest.fixture
def at_any_cost(monkeypatch):
    """A milestone at every preview, as if writing took no time."""
    monkeypatch.setattr(milestone_keeper, "SHARE", 1e9)


def watched(job, while_running=lambda _report: None):
    """Run *job* with a preview after every step; its reports."""
    controls, reports = Controls(), []
    controls.preview_now()
    for report in run(job, controls):
        reports.append(report)
        if isinstance(report, Preview):
            controls.preview_now()
        while_running(report)
    return reports


def test_a_milestone_holds_the_weights_of_its_step(new_run, at_any_cost):
    job = new_run(steps=5, ema_decay=0.9, save_every_s=0, keep_checkpoints=9)
    watched(job)
    folder = RunFolder.open(job.folder)
    assert folder.milestones.steps() == (1, 2, 3, 4, 5)
    for step in folder.milestones.steps():
        ours = folder.milestones.load_weights(step)
        theirs = folder.checkpoints.load_weights(step)
        assert (ours.step, ours.metadata) == (step, theirs.metadata)
        assert ours.weights.keys() == theirs.weights.keys()
        for name, value in theirs.weights.items():
            assert torch.equal(ours.weights[name], value), name


def test_keeping_them_changes_nothing(new_run, monkeypatch):
    plain, kept = new_run("plain", steps=6), new_run("kept", steps=6)
    monkeypatch.setattr(milestone_keeper, "SHARE", -1)
    finish(plain)
    monkeypatch.setattr(milestone_keeper, "SHARE", 1e9)
    watched(kept)
    assert RunFolder.open(plain.folder).milestones.steps() == ()
    assert RunFolder.open(kept.folder).milestones.steps() == (1, 2, 3, 4, 5, 6)
    assert_same_to_the_bit(plain.folder, kept.folder)


def test_a_resume_forgets_those_after_its_step(new_run, at_any_cost):
    job = new_run(steps=9)
    stop_after(job, 3)
    folder = RunFolder.open(job.folder)
    # As a run leaves it that is killed two steps after its newest checkpoint.
    weights = folder.checkpoints.load_weights(3).weights
    for step in (4, 5):
        folder.milestones.save(step, weights=weights, metadata={})
    (folder.milestones.folder / ".tmp-000006").mkdir()
    seen = []
    watched(
        ResumeRun(folder=job.folder, changes={"steps": 6}),
        lambda _report: seen.append(folder.milestones.steps()),
    )
    assert (1, 2, 3) in seen
    assert folder.milestones.steps() == (1, 2, 3, 4, 5, 6)
    assert not list(folder.milestones.folder.glob(".*"))
    four = folder.milestones.load_weights(4).weights
    assert any(not torch.equal(four[name], weights[name]) for name in weights)


def test_a_full_disk_is_told_once_and_costs_nothing_else(
    new_run, at_any_cost, monkeypatch
):
    real_open = Path.open

    def path_open(self, mode="r", *args, **kwargs):
        if mode != "rb" and "/milestones/" in self.as_posix():
            raise OSError(errno.ENOSPC, "No space left on device")
        return real_open(self, mode, *args, **kwargs)

    monkeypatch.setattr(Path, "open", path_open)
    job = new_run(steps=5)
    reports = watched(job)
    notices = [r.words for r in reports if isinstance(r, Notice)]
    assert len(notices) == 1
    assert notices[0].startswith("There is no space left on the disk holding")
    assert notices[0].endswith("Training goes on.")
    assert (reports[-1].status, reports[-1].kept_step) == (RunStatus.COMPLETED, 5)
    folder = RunFolder.open(job.folder)
    assert folder.milestones.steps() == ()
    assert folder.previews.steps() == (0, 1, 2, 3, 4, 5)
    assert folder.events.read(["losses"])[-1]["step"] == reports[-1].step


def test_a_preview_of_a_saved_step_writes_nothing(new_run, at_any_cost):
    job = new_run(steps=5)
    assert stop_after(job, 3).kept_step == 3  # its last preview follows the checkpoint
    shutil.rmtree(job.folder / "milestones")
    finish(ResumeRun(folder=job.folder))  # its first preview is of step 3 as well
    folder = RunFolder.open(job.folder)
    assert folder.checkpoints.steps() == (3, 5)
    assert not {3, 5} & set(folder.milestones.steps())
