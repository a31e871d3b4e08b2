"""Tests for engines.training.loop: what it reports, obeys and refuses."""

from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from engines.configs.pix2pix import Pix2PixConfig
from engines.errors import NonFiniteLossError, RunError
from engines.training.controls import Controls
from engines.training.loop import Hooks, train
from engines.training.reports import (
    Changed,
    Losses,
    Measures,
    Notice,
    Paused,
    Preview,
    Saved,
)


class FakeEngine:
    """Its loss is the number of the step; it may go wrong at one."""

    def __init__(self, steps=5, bad_step=None, **values):
        self.config = Pix2PixConfig(steps=steps, **values)
        self.done = 0
        self.progress = []
        self.bad_step = bad_step

    def train_step(self, batch):
        self.done += 1
        assert batch == self.done - 1
        value = float("nan") if self.done == self.bad_step else float(self.done)
        return {"g": torch.tensor(value), "d": torch.tensor(1.0)}

    def set_progress(self, fraction):
        self.progress.append(fraction)

    def weights(self):
        return {"w": torch.zeros(1)}


class Recorder:
    """Hooks that remember; saving may be made to fail."""

    def __init__(self):
        self.saves = []
        self.fail = 0
        self.changes = 0

    def hooks(self):
        return Hooks(
            preview=lambda: {"now": np.zeros((1, 2, 2, 3), np.uint8)},
            measure=lambda: {"ssim": 0.5},
            save=self.save,
            changed=self.note_change,
        )

    def save(self, step, _elapsed_s):
        if self.fail:
            self.fail -= 1
            raise RunError("There is no space left.")
        self.saves.append(step)
        return Path(f"{step:06d}")

    def note_change(self):
        self.changes += 1


BATCHES = SimpleNamespace(batch=lambda step: step, pictures_per_step=4)


def loop(engine, recorder, controls=None, **options):
    return train(engine, BATCHES, controls or Controls(), recorder.hooks(), **options)


def test_it_runs_every_step_once_and_ends_with_a_checkpoint_preview_and_measures():
    engine, recorder = FakeEngine(steps=5), Recorder()
    reports = list(loop(engine, recorder))
    assert engine.done == 5
    assert engine.progress == [0.0, 0.2, 0.4, 0.6, 0.8]
    assert recorder.saves == [5]
    assert next(type(r) for r in reports) is Preview
    assert [type(r) for r in reports][-3:] == [Saved, Preview, Measures]
    assert all(r.step == 5 for r in reports[-3:])


def test_losses_are_means_and_count_every_step_once(monkeypatch):
    monkeypatch.setattr("engines.training.loop.REPORT_EVERY_S", 1e9)
    engine = FakeEngine(steps=4)
    (losses,) = [r for r in loop(engine, Recorder()) if isinstance(r, Losses)]
    assert losses.values == {"g": 2.5, "d": 1.0}
    assert losses.step == 4
    assert losses.remaining_s == 0


def test_stop_ends_after_the_present_step_and_keeps_it():
    engine, recorder, controls = FakeEngine(steps=1000), Recorder(), Controls()
    reports = loop(engine, recorder, controls)
    controls.preview_now()
    for _preview in reports:  # one after every step
        if engine.done == 3:
            break
        controls.preview_now()
    controls.stop()
    rest = list(reports)
    assert engine.done == 3
    assert recorder.saves == [3]
    assert isinstance(rest[-1], Measures)


def test_a_paused_run_waits_saves_and_goes_on_or_stops():
    engine, recorder, controls = FakeEngine(steps=50), Recorder(), Controls()
    controls.pause()
    reports = loop(engine, recorder, controls)
    kinds = []
    for report in reports:
        kinds.append(type(report))
        if isinstance(report, Paused) and report.paused:
            assert engine.done == 0
            assert recorder.saves == [0]
            controls.stop()
    assert engine.done == 0
    assert kinds.count(Paused) == 1


def test_a_live_change_is_in_force_from_the_next_step_and_reported():
    engine, recorder, controls = FakeEngine(steps=2), Recorder(), Controls()
    controls.change(learning_rate=1e-3)
    reports = list(loop(engine, recorder, controls))
    (change,) = [r for r in reports if isinstance(r, Changed)]
    assert (change.step, change.values) == (0, {"learning_rate": 1e-3})
    assert engine.config.learning_rate == 1e-3
    assert recorder.changes == 1


def test_a_loss_that_is_not_finite_names_its_step_and_keeps_nothing_after_it(
    monkeypatch,
):
    monkeypatch.setattr("engines.training.loop.REPORT_EVERY_S", 1e9)
    recorder = Recorder()
    with pytest.raises(NonFiniteLossError, match=r"at step 3 \(g is not finite\)"):
        list(loop(FakeEngine(steps=5, bad_step=3), recorder))
    assert recorder.saves == []


def test_no_checkpoint_is_written_over_a_bad_step():
    recorder = Recorder()
    with pytest.raises(NonFiniteLossError):
        list(loop(FakeEngine(steps=5, bad_step=4, save_every_s=0), recorder))
    assert recorder.saves == [1, 2, 3]


def test_weights_that_are_not_finite_are_never_kept():
    engine, recorder = FakeEngine(steps=1), Recorder()
    engine.weights = lambda: {"w": torch.tensor([float("inf")])}
    with pytest.raises(NonFiniteLossError, match="w is not finite"):
        list(loop(engine, recorder))
    assert recorder.saves == []


def test_a_full_disk_is_told_and_the_run_goes_on():
    engine, recorder = FakeEngine(steps=3, save_every_s=0), Recorder()
    recorder.fail = 1
    reports = list(loop(engine, recorder))
    (notice,) = [r for r in reports if isinstance(r, Notice)]
    assert notice.words.startswith("There is no space left. Training goes on")
    assert recorder.saves == [2, 3]
    assert engine.done == 3


def test_a_full_disk_at_the_very_end_is_an_error():
    recorder = Recorder()
    recorder.fail = 1
    with pytest.raises(RunError, match="no space left"):
        list(loop(FakeEngine(steps=2), recorder))


def test_a_step_is_saved_once():
    engine, recorder, controls = FakeEngine(steps=1), Recorder(), Controls()
    controls.save_now()
    reports = list(loop(engine, recorder, controls))
    assert Counter(type(r) for r in reports)[Saved] == 1
    assert recorder.saves == [1]


def test_a_resumed_run_goes_on_with_the_next_batch():
    engine = FakeEngine(steps=5)
    engine.done = 3
    reports = list(loop(engine, Recorder(), start=3, elapsed_s=60))
    assert engine.done == 5
    assert engine.progress == [0.6, 0.8]
    assert next(r.elapsed_s for r in reports if isinstance(r, Losses)) >= 60


def test_a_live_change_that_no_run_can_use_is_told_and_nothing_changes():
    engine = FakeEngine(steps=2, adversary="none")
    controls = Controls()
    controls.change(l1_weight=0)
    reports = list(loop(engine, Recorder(), controls))
    (notice,) = [r for r in reports if isinstance(r, Notice)]
    assert notice.words == (
        "Without a critic, Closeness to target (l1_weight) must be above 0. "
        "Training goes on with what it was."
    )
    assert not [r for r in reports if isinstance(r, Changed)]
    assert engine.config.l1_weight == 100
    assert engine.done == 2


def test_a_disk_that_stays_full_is_told_once_and_again_to_who_asks():
    engine, recorder = FakeEngine(steps=9, save_every_s=0), Recorder()
    recorder.fail = 8
    controls, told = Controls(), []
    for report in loop(engine, recorder, controls):
        if isinstance(report, Notice):
            told.append(report.step)
        if isinstance(report, Losses) and report.step == 4:
            controls.save_now()
    assert told[0] == 1
    assert len(told) == 2
    assert recorder.saves == [9]


def test_pausing_after_stop_does_not_hold_the_run_up():
    engine, recorder, controls = FakeEngine(steps=50), Recorder(), Controls()
    controls.stop()
    controls.pause()
    reports = list(loop(engine, recorder, controls))
    assert engine.done == 0
    assert not [r for r in reports if isinstance(r, Paused)]


def test_a_clock_that_stands_still_for_a_step_does_no_harm(monkeypatch):
    still = SimpleNamespace(monotonic=lambda: 5.0)
    monkeypatch.setattr("engines.training.loop.time", still)
    engine, recorder = FakeEngine(steps=1), Recorder()
    (losses,) = [r for r in loop(engine, recorder) if isinstance(r, Losses)]
    assert losses.pictures_per_s > 0
    assert recorder.saves == [1]
