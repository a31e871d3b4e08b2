"""Tests for studio.training_worker: every run ends in exactly one outcome."""

import threading

from engines.training.reports import Notice, Preparing, RunOutcome, RunStatus
from studio.training_worker import TrainingRun


def follow(qtbot, make_reports):
    """Do a run to its end; its reports and what `finished` said."""
    run, reports, outcomes = TrainingRun(make_reports), [], []
    run.reported.connect(reports.append)
    run.finished.connect(outcomes.append)
    with qtbot.waitSignal(run.finished):
        run.start()
    assert run.shut_down(5_000)
    return reports, outcomes


def test_reports_arrive_in_order_and_the_outcome_is_the_last(qtbot):
    told = [
        Preparing(done=1, total=2),
        Notice(step=3, words="Hm."),
        RunOutcome(status=RunStatus.COMPLETED, step=4),
    ]
    reports, outcomes = follow(qtbot, lambda _controls: iter(told))
    assert reports == told
    assert outcomes == told[-1:]


def test_a_run_that_cannot_even_begin_ends_in_an_outcome(qtbot, caplog):
    def make_reports(_controls):
        raise OSError("torch_cpu.dll could not be loaded")

    reports, outcomes = follow(qtbot, make_reports)
    assert reports == outcomes
    assert outcomes[0].status is RunStatus.FAILED
    assert outcomes[0].error == (
        "Something unexpected went wrong: torch_cpu.dll could not be loaded."
    )
    assert "the training thread failed" in caplog.text


def test_a_run_that_breaks_off_says_at_which_step(qtbot):
    def make_reports(_controls):
        yield Notice(step=7, words="Hm.")
        raise KeyError("x")

    _, (outcome,) = follow(qtbot, make_reports)
    assert (outcome.status, outcome.step) == (RunStatus.FAILED, 7)


def test_the_newest_weights_are_had_from_another_thread(qtbot):
    newest = (7, {"w": "a tensor"})

    def make_reports(controls):
        while not controls.should_stop():
            controls.hand_out(lambda: newest)
            yield Preparing(done=0, total=1)
        yield RunOutcome(status=RunStatus.STOPPED, step=7)

    run = TrainingRun(make_reports)
    run.start()
    assert run.controls.newest_weights(timeout_s=5) is newest
    assert run.shut_down(5_000)


def test_closing_stops_the_run_and_waits_for_it(qtbot):
    began = threading.Event()

    def make_reports(controls):
        began.set()
        while not controls.should_stop():
            controls.wait_while_paused(0.01)
            yield Preparing(done=0, total=1)
        yield RunOutcome(status=RunStatus.STOPPED, step=0)

    run = TrainingRun(make_reports)
    run.start()
    assert began.wait(5)
    assert run.shut_down(5_000)
