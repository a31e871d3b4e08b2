"""Tests for engines.training.runner: whole runs, to the bit and to the word."""

import itertools
import json
import random
import shutil
import threading
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from engines.data.layouts import understand
from engines.errors import Cancelled
from engines.pix2pix import Pix2Pix
from engines.runs.folder import RunFolder
from engines.runs.lock import RunLock
from engines.training import threads
from engines.training.controls import Controls
from engines.training.jobs import DataChoice, ResumeRun
from engines.training.reports import (
    Changed,
    Losses,
    Measures,
    Notice,
    Paused,
    RunStatus,
    Saved,
    Started,
)
from engines.training.runner import run
from engines.translation import load_model, translate_pixels
from tests.engines.training.whole_runs import (
    assert_same_to_the_bit,
    finish,
    stop_after,
    tensors,
)

STEPS = 9  # of 3 pictures, out of 9: an epoch ends at 3 and 6


@pytest.fixture
def unbroken(new_run):
    job = new_run("unbroken", steps=STEPS, ema_decay=0.9)
    assert finish(job)[-1].status is RunStatus.COMPLETED
    return job.folder


def test_a_run_tells_everything_and_leaves_a_whole_folder(new_run):
    job = new_run()
    reports = finish(job)
    started = next(r for r in reports if isinstance(r, Started))
    assert (started.step, started.steps) == (0, 6)
    given, now, target = started.columns
    assert given.pictures.shape == target.pictures.shape == (1, 32, 32, 3)
    assert now.pictures is None
    assert (started.training_pictures, started.held_out_pictures) == (9, 1)
    assert str(reports[-1]) == "Finished after 6 steps."

    folder = RunFolder.open(job.folder)
    assert (folder.info.state, folder.info.step) == ("completed", 6)
    assert folder.info.name == "Negatives"
    assert folder.checkpoints.steps() == (6,)
    assert folder.previews.steps() == (0, 6)
    kinds = {event["kind"] for event in folder.events.read()}
    assert {"losses", "measures", "saved"} <= kinds
    assert not (job.folder / "lock").exists()


@pytest.mark.parametrize("k", random.Random(0).sample(range(1, STEPS), 5))
def test_stop_and_resume_equals_an_unbroken_run_to_the_bit(unbroken, new_run, k):
    job = new_run("broken", steps=STEPS, ema_decay=0.9)
    outcome = stop_after(job, k)
    assert (outcome.status, outcome.step, outcome.kept_step) == (
        RunStatus.STOPPED,
        k,
        k,
    )
    assert str(outcome) == f"Stopped at step {k}. Step {k} is kept."

    outcome = finish(ResumeRun(folder=job.folder))[-1]
    assert (outcome.status, outcome.step) == (RunStatus.COMPLETED, STEPS)
    assert_same_to_the_bit(unbroken, job.folder)


@pytest.mark.parametrize("ema_decay", [0.0, 0.9])
def test_in_16_bits_too_a_resumed_run_equals_an_unbroken_one(new_run, ema_decay):
    # What is kept are the 32-bit weights, not their 16-bit copies.
    settings = {"steps": 5, "precision": "bf16", "ema_decay": ema_decay}
    whole, broken = new_run("whole", **settings), new_run("broken", **settings)
    finish(whole)
    assert stop_after(broken, 2).step == 2
    assert finish(ResumeRun(folder=broken.folder))[-1].step == 5
    assert_same_to_the_bit(whole.folder, broken.folder)
    _step, kept = tensors(whole.folder)
    assert {value.dtype for value in kept.values() if value.is_floating_point()} == {
        torch.float32
    }


def test_watching_and_translating_change_nothing(unbroken, new_run):
    # Previews and measures after every step, saving all the time, and pictures
    # translated with the newest checkpoint between the reports.
    job = new_run(
        "watched",
        steps=STEPS,
        ema_decay=0.9,
        preview_every_s=0.2,
        measure_every_s=1,
        save_every_s=0,
    )
    controls, translated = Controls(), 0
    for report in run(job, controls):
        controls.preview_now()
        if isinstance(report, Saved):
            model = load_model(job.folder, device="cpu")
            columns, _names = RunFolder.open(job.folder).previews.load_fixed()
            translate_pixels(model, columns[0].pictures[0])
            translated += 1
    assert translated >= 3
    assert_same_to_the_bit(unbroken, job.folder)


def test_a_run_gives_way_to_a_program_that_takes_a_core_and_says_so(
    new_run, monkeypatch
):
    ticks = itertools.count()
    # As many seconds of others as have passed: one core, all the time.
    monkeypatch.setattr(threads, "used_by_others", lambda: 10.0 * next(ticks))
    monkeypatch.setattr(threads, "LOOK_EVERY_S", 0.0)
    monkeypatch.setattr("engines.training.runner.cores", lambda: 2)
    before = torch.get_num_threads()
    try:
        reports = finish(replace(new_run(), threads=2))
        assert torch.get_num_threads() == 1
    finally:
        torch.set_num_threads(before)
    notices = [report.words for report in reports if isinstance(report, Notice)]
    assert notices == [
        "Other programs keep the processor busy. Training goes on with 1 of 2 cores, "
        "which is faster than waiting for them."
    ]
    folder = RunFolder.open(reports[-1].folder)
    told = [event["words"] for event in folder.events.read() if "words" in event]
    assert told == notices


def test_another_seed_gives_other_weights(unbroken, new_run):
    job = new_run("other", steps=STEPS, ema_decay=0.9, seed=7)
    finish(job)
    _, one = tensors(unbroken)
    _, two = tensors(job.folder)
    assert any(not torch.equal(v, two[k]) for k, v in one.items())


def test_a_finished_run_can_be_given_more_steps(new_run):
    job = new_run()
    finish(job)
    complete = finish(ResumeRun(folder=job.folder))[-1]
    assert "complete at step 6" in complete.error
    more = finish(ResumeRun(folder=job.folder, changes={"steps": 8}))[-1]
    assert (more.status, more.step) == (RunStatus.COMPLETED, 8)
    assert RunFolder.open(job.folder).info.steps == 8


def test_what_is_fixed_at_creation_stays_fixed(new_run):
    job = new_run()
    finish(job)
    changes = {"image_size": 64, "steps": 8}
    outcome = finish(ResumeRun(folder=job.folder, changes=changes))[-1]
    assert outcome.error.startswith("Picture size cannot change after a run was made.")


def test_a_live_change_is_kept_for_the_resume(new_run):
    job = new_run(steps=4)
    controls = Controls()
    controls.change(learning_rate=1e-3, mirror=False)
    finish(job, controls)
    folder = RunFolder.open(job.folder)
    assert folder.info.config["learning_rate"] == 1e-3
    assert folder.info.config["mirror"] is False


def test_a_damaged_newest_checkpoint_is_passed_over_and_named(new_run):
    job = new_run(steps=4, save_every_s=0)
    finish(job)
    weights = RunFolder.open(job.folder).checkpoints.path(4) / "weights.safetensors"
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.write_bytes(data)
    reports = finish(ResumeRun(folder=job.folder))
    notice = next(r for r in reports if isinstance(r, Notice))
    assert notice.words == "Checkpoint 4 is damaged and was passed over."
    assert reports[-1].status is RunStatus.COMPLETED
    assert RunFolder.open(job.folder).checkpoints.load().step == 4


def test_changed_pictures_are_told_on_resume(new_run, pair_folder):
    job = new_run()
    stop_after(job, 2)
    for side in "AB":
        shutil.copy(pair_folder / side / "0.png", pair_folder / side / "10.png")
    reports = finish(ResumeRun(folder=job.folder))
    notices = [r.words for r in reports if isinstance(r, Notice)]
    assert any("have changed since this run began" in words for words in notices)


def test_one_run_has_one_writer(new_run):
    job = new_run(steps=50)
    reports = run(job, Controls())
    next(r for r in reports if isinstance(r, Started))
    second = finish(ResumeRun(folder=job.folder))[-1]
    assert second.status is RunStatus.FAILED
    assert "is being written by" in second.error
    reports.close()
    assert not (job.folder / "lock").exists()


def test_broken_pictures_among_good_ones_are_named_and_left_out(new_run, pair_folder):
    broken = pair_folder / "A" / "5.png"
    broken.write_bytes(broken.read_bytes()[:200])  # the header is whole
    reports = finish(new_run())
    notices = [r.words for r in reports if isinstance(r, Notice)]
    assert any(words.startswith("5.png is cut off") for words in notices)
    started = next(r for r in reports if isinstance(r, Started))
    assert started.training_pictures + started.held_out_pictures == 9


def test_a_folder_that_is_gone_gets_a_sentence_and_leaves_no_run(new_run, pair_folder):
    shutil.rmtree(pair_folder)
    job = new_run()
    outcome = finish(job)[-1]
    assert outcome.status is RunStatus.FAILED
    assert "pairs" in outcome.error
    assert not job.folder.exists()


def test_a_folder_that_is_not_empty_is_not_written_into(new_run):
    job = new_run()
    job.folder.mkdir(parents=True)
    (job.folder / "thesis.txt").write_text("mine")
    outcome = finish(job)[-1]
    assert "is not empty" in outcome.error
    assert [p.name for p in job.folder.iterdir()] == ["thesis.txt"]


def test_numbers_that_run_away_end_the_run_and_keep_the_last_good_step(
    new_run, monkeypatch
):
    real_step = Pix2Pix.train_step
    calls = []

    def step(self, batch):
        calls.append(1)
        losses = dict(real_step(self, batch))
        if len(calls) == 4:
            losses["l1"] = losses["l1"] * float("nan")
        return losses

    monkeypatch.setattr(Pix2Pix, "train_step", step)
    job = new_run(save_every_s=0)
    outcome = finish(job)[-1]
    assert outcome.status is RunStatus.FAILED
    assert outcome.error.startswith("The numbers ran away at step 4 (l1 is not finite)")
    assert outcome.kept_step == 3
    assert RunFolder.open(job.folder).info.state == "failed"


def test_a_run_of_a_newer_version_is_refused_in_words(new_run):
    job = new_run()
    finish(job)
    path = job.folder / "run.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "format_version": 9}))
    outcome = finish(ResumeRun(folder=job.folder))[-1]
    assert "made by a newer version (format 9)" in outcome.error


def test_stop_while_pictures_are_prepared_leaves_nothing(new_run):
    controls = Controls()
    controls.stop()
    job = new_run()
    outcome = finish(job, controls)[-1]
    assert outcome.status is RunStatus.STOPPED
    assert not job.folder.exists()


def test_measures_are_means_over_all_held_out_pictures(new_run, pair_folder):
    job = new_run(held_out=0.5, steps=1)
    measures = next(r for r in finish(job) if isinstance(r, Measures))
    model = load_model(job.folder, device="cpu")
    from engines.data.store import load_store
    from engines.pixels import as_floats

    pictures = understand(pair_folder, held_out=0.5, seed=42)
    held_out = load_store(pictures, pictures.held_out, 32)
    assert len(held_out) == 5
    made = model.translator.translate(as_floats(held_out.a))
    by_hand = (made - as_floats(held_out.b)).abs().mean().item()
    assert measures.values["l1"] == pytest.approx(by_hand, abs=1e-5)


def test_losses_in_the_events_are_those_that_were_reported(new_run):
    job = new_run()
    reported = [r for r in finish(job) if isinstance(r, Losses)]
    events = RunFolder.open(job.folder).events.read(["losses"])
    assert [e["step"] for e in events] == [r.step for r in reported]
    assert events[-1]["l1"] == pytest.approx(reported[-1].values["l1"])


def test_data_may_be_turned_round(new_run, pair_folder):
    from dataclasses import replace

    job = replace(new_run(), data=DataChoice(folder=pair_folder, direction="BtoA"))
    started = next(r for r in finish(job) if isinstance(r, Started))
    straight = next(r for r in finish(new_run("straight")) if isinstance(r, Started))
    assert (started.columns[0].pictures == straight.columns[2].pictures).all()
    assert RunFolder.open(job.folder).info.data.direction == "BtoA"


def test_a_change_during_a_pause_is_kept_for_the_resume(new_run):
    # The checkpoint of the paused step was written before the change.
    job, controls = new_run(), Controls()
    controls.pause()
    for report in run(job, controls):
        if isinstance(report, Paused):
            controls.change(learning_rate=1e-3)
        if isinstance(report, Changed):
            controls.stop()
    assert report.status is RunStatus.STOPPED
    finish(ResumeRun(folder=job.folder))
    assert RunFolder.open(job.folder).info.config["learning_rate"] == 1e-3


def test_more_steps_are_not_forgotten_where_the_resume_dies_early(new_run):
    job = new_run(steps=2)
    finish(job)
    reports = run(ResumeRun(folder=job.folder, changes={"steps": 4}), Controls())
    next(r for r in reports if isinstance(r, Started))
    reports.close()  # as if the process had died
    assert RunFolder.open(job.folder).state == "interrupted"
    again = finish(ResumeRun(folder=job.folder))[-1]
    assert (again.status, again.step) == (RunStatus.COMPLETED, 4)


def test_a_refused_resume_leaves_the_run_as_it_was(new_run, pair_folder):
    job = new_run(steps=2)
    finish(job)
    assert finish(ResumeRun(folder=job.folder))[-1].status is RunStatus.FAILED
    assert RunFolder.open(job.folder).info.state == "completed"
    shutil.rmtree(pair_folder)
    gone = finish(ResumeRun(folder=job.folder, changes={"steps": 4}))[-1]
    assert gone.status is RunStatus.FAILED
    assert RunFolder.open(job.folder).info.state == "completed"


def test_the_outcome_is_written_before_another_process_may_write(new_run, monkeypatch):
    real_release, states = RunLock.release, []

    def release(self):
        states.append(json.loads((job.folder / "run.json").read_text())["state"])
        real_release(self)

    monkeypatch.setattr(RunLock, "release", release)
    job = new_run(steps=1)
    finish(job)
    assert states == ["completed"]


def test_a_lock_that_cannot_be_removed_does_not_spoil_the_run(new_run, monkeypatch):
    job = new_run(steps=1)
    real_unlink = Path.unlink

    def unlink(self, missing_ok=False):
        if self.name == "lock":
            raise PermissionError(13, "Permission denied")
        real_unlink(self, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", unlink)
    assert finish(job)[-1].status is RunStatus.COMPLETED


def test_held_out_pictures_that_are_all_broken_are_named_as_such(new_run, pair_folder):
    held_out = understand(pair_folder, held_out=0.1, seed=42).held_out
    path = held_out[0].a.path
    path.write_bytes(path.read_bytes()[:200])
    outcome = finish(new_run())[-1]
    assert f"{path.name} is cut off. These were held out to measure" in outcome.error


def test_closing_the_reports_early_gives_up_decoding(new_run, monkeypatch):
    asked = threading.Event()

    def slow_decode(_pairs, _config, _progress, cancelled):
        asked.set()
        while not cancelled():
            threading.Event().wait(0.01)
        raise Cancelled

    monkeypatch.setattr("engines.training.runner.decode", slow_decode)
    reports = run(new_run(), Controls())
    next(reports)
    assert asked.is_set()
    reports.close()  # returns, and the decoding thread is gone
