"""Tests for engines.training.controls: the newest weights, handed to who asks."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch

from engines.runs.folder import RunFolder
from engines.training.controls import Controls
from engines.training.reports import Paused, RunStatus, Saved, Started
from engines.training.runner import run
from tests.engines.training.whole_runs import assert_same_to_the_bit, finish

LONG_S = 60  # never waited for


@pytest.fixture
def askers():
    """Threads that ask."""
    with ThreadPoolExecutor(3) as pool:
        yield pool


class Asked(Controls):
    """Controls of a run that is asked for its weights whenever it could give them."""

    def __init__(self, askers):
        super().__init__()
        self.askers = askers
        self.answers = []

    def hand_out(self, newest):
        answer = self.askers.submit(self.newest_weights, LONG_S)
        while not answer.done():
            super().hand_out(newest)
        self.answers.append(answer.result())


def refuse():
    raise AssertionError("copied for nobody")


def test_nothing_is_copied_while_nobody_asks():
    Controls().hand_out(refuse)


def test_who_gives_up_gets_nothing_and_nothing_is_copied_for_them():
    controls = Controls()
    assert controls.newest_weights(timeout_s=0.01) is None
    controls.hand_out(refuse)


def test_each_request_costs_at_most_one_copy(askers):
    controls, copies = Controls(), []

    def newest():
        copies.append({"w": torch.zeros(1)})
        return len(copies), copies[-1]

    asked = [askers.submit(controls.newest_weights, LONG_S) for _ in range(3)]
    while not all(answer.done() for answer in asked):
        controls.hand_out(newest)
    answers = [answer.result() for answer in asked]
    assert 1 <= len(copies) <= 3
    assert all(weights is copies[count - 1] for count, weights in answers)


def test_nobody_waits_for_a_run_that_has_ended(askers):
    controls = Controls()
    began = time.monotonic()
    asked = [askers.submit(controls.newest_weights, LONG_S) for _ in range(3)]
    controls.end()
    assert [answer.result(LONG_S / 4) for answer in asked] == [None] * 3
    assert controls.newest_weights(LONG_S) is None
    assert time.monotonic() - began < LONG_S / 2


# ----------------------------------------------------------------------------
# Whole runs.


def test_the_newest_weights_are_those_of_the_step_and_change_no_more(new_run, askers):
    job = new_run(steps=5, ema_decay=0.9, save_every_s=0, keep_checkpoints=9)
    controls = Asked(askers)
    finish(job, controls)
    assert [step for step, _ in controls.answers] == [0, 1, 2, 3, 4, 5]
    checkpoints = RunFolder.open(job.folder).checkpoints
    for step, weights in controls.answers[1:]:
        saved = checkpoints.load_weights(step).weights
        assert weights.keys() == saved.keys()
        for name, value in saved.items():
            assert torch.equal(weights[name], value), (step, name)


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_asking_after_every_step_changes_nothing(new_run, askers, precision):
    settings = {"steps": 6, "ema_decay": 0.9, "precision": precision}
    alone, asked = new_run("alone", **settings), new_run("asked", **settings)
    finish(alone)
    finish(asked, Asked(askers))
    assert_same_to_the_bit(alone.folder, asked.folder)


def test_a_paused_run_hands_them_out_too(new_run, askers):
    controls, asked = Controls(), []

    def ask():
        newest = controls.newest_weights(LONG_S)
        controls.stop()
        return newest

    controls.pause()
    for report in run(new_run(), controls):
        if isinstance(report, Paused) and report.paused:
            asked.append(askers.submit(ask))
    step, weights = asked[0].result()
    assert (step, report.status) == (0, RunStatus.STOPPED)
    assert all(value.isfinite().all() for value in weights.values())


@pytest.mark.parametrize("last_word", [Started, Saved])
def test_who_waits_when_a_run_ends_is_let_go(new_run, askers, last_word):
    controls = Controls()
    reports = run(new_run(), controls)
    next(report for report in reports if isinstance(report, last_word))
    asked = askers.submit(controls.newest_weights, LONG_S)
    reports.close()
    assert asked.result(LONG_S / 4) is None


def test_a_run_that_never_begins_lets_go_as_well(new_run, askers):
    job, controls = new_run(), Controls()
    job.folder.mkdir(parents=True)
    (job.folder / "thesis.txt").write_text("mine")
    asked = askers.submit(controls.newest_weights, LONG_S)
    assert finish(job, controls)[-1].status is RunStatus.FAILED
    assert asked.result(LONG_S / 4) is None
