"""Tests for studio.session: what it learns from a run."""

from dataclasses import replace

import pytest

from engines.catalogue import ENGINES
from engines.training.jobs import ResumeRun
from engines.training.reports import Losses, RunOutcome, RunStatus
from tests.studio.dry_runs import dry_run


@pytest.fixture
def measured(monkeypatch):
    """Settings whose pace was measured by trying them; a step takes 9 s."""
    tried = []

    def try_it(_entry, config, *, seconds, cancelled):
        assert not cancelled()
        tried.append(config)
        return dry_run(9.0 if seconds is None else seconds)

    monkeypatch.setattr("engines.training.dry_run.dry_run", try_it)
    return tried


def losses(step):
    return Losses(
        step=step, values={"l1": 0.5}, pictures_per_s=40, elapsed_s=1, remaining_s=1
    )


def finish(qtbot, session, fake_run, step):
    with qtbot.waitSignal(session.finished):
        fake_run.put(losses(step))
        fake_run.put(RunOutcome(status=RunStatus.COMPLETED, step=step))


def estimate(qtbot, session):
    """Seconds a step, by preset."""
    return {
        name: found.seconds_per_step for name, found in dry_runs(qtbot, session).items()
    }


def dry_runs(qtbot, session):
    found = {}
    session.estimated.connect(lambda estimate: found.update([estimate]))
    session.estimate()
    qtbot.waitUntil(lambda: len(found) == 1 + len(session.entry.presets))
    return found


def test_a_run_tells_how_long_another_like_it_takes(
    qtbot, training, fake_run, measured
):
    finish(qtbot, training, fake_run, 30)
    training.set_config(training.config.changed(steps=100, learning_rate=1e-4))
    found = estimate(qtbot, training)
    # 8 pictures a step at 40 a second: 0.2 s a step, whatever the learning rate.
    assert found["current"] == found["quick"] == pytest.approx(0.2)
    assert found["normal"] == found["best"] == 9.0
    # Memory is asked for once; the time of the first was known.
    assert [c.steps for c in measured] == [100, 8_000, 80_000]


def test_the_first_slow_steps_of_a_run_tell_nothing(
    qtbot, training, fake_run, measured
):
    finish(qtbot, training, fake_run, 19)
    assert estimate(qtbot, training)["current"] == 9.0


def test_a_run_corrects_what_was_tried_before(qtbot, training, fake_run, measured):
    training._pace.dry_run(training.entry, training.config, lambda: False)
    finish(qtbot, training, fake_run, 30)
    assert estimate(qtbot, training)["current"] == pytest.approx(0.2)


def test_what_did_not_fit_is_tried_again(qtbot, session, monkeypatch):
    answers = [dry_run(None, largest_batch=4, fits=False), dry_run(9.0)]
    monkeypatch.setattr(
        "engines.training.dry_run.dry_run", lambda *_asked, **_how: answers.pop(0)
    )

    def ask():
        return session._pace.dry_run(session.entry, session.config, lambda: False)

    assert [ask().fits, ask().fits, ask().fits] == [False, True, True]


def fail_for_memory(qtbot, session, fake_run, **ending):
    with qtbot.waitSignal(session.finished) as finished:
        fake_run.put(
            RunOutcome(status=RunStatus.FAILED, step=7, smaller_batch=4, **ending)
        )
    return finished.args[0]


def test_a_run_that_kept_something_goes_on_smaller(qtbot, training, fake_run):
    folder = fake_run.job.folder
    outcome = fail_for_memory(qtbot, training, fake_run, folder=folder, kept_step=5)
    training.run_smaller(outcome)
    qtbot.waitUntil(lambda: isinstance(fake_run.job, ResumeRun))
    assert fake_run.job == ResumeRun(folder=folder, changes={"batch_size": 4})
    assert training.run_config.batch_size == training.config.batch_size == 4


def test_a_run_that_kept_nothing_begins_again_smaller(qtbot, training, fake_run):
    first = fake_run.job
    first.folder.mkdir(parents=True)  # as far as it got
    outcome = fail_for_memory(qtbot, training, fake_run, folder=first.folder)
    training.run_smaller(outcome)
    qtbot.waitUntil(lambda: fake_run.job is not first)
    assert fake_run.job == replace(
        first,
        config=first.config.changed(batch_size=4),
        folder=first.folder.with_name(f"{first.folder.name}-2"),
    )


def test_how_long_trying_takes_is_measured_once_the_window_is_there(
    qtbot, session, measured, monkeypatch
):
    monkeypatch.setattr(session.library, "warm_up", lambda: None)
    monkeypatch.setattr(session.data, "warm_up", lambda: None)
    found = {}
    session.trial_estimated.connect(lambda name, s: found.update({name: s}))
    session.estimate_trials()
    assert not session._inference._unanswered  # torch would delay the first paint
    session.warm_up()
    qtbot.waitUntil(lambda: len(found) == len(ENGINES))
    quick = {
        name: entry.config.checked(entry.presets["quick"].values)
        for name, entry in ENGINES.items()
    }
    assert measured == list(quick.values())
    assert found == {name: 9.0 * config.steps for name, config in quick.items()}


def test_a_run_does_not_wait_for_estimates(qtbot, training, measured):
    with qtbot.waitSignal(training.finished):
        training.stop()
    training._is_warm = True
    training.estimate_trials()
    training.start()
    assert not training._inference._unanswered
    training.estimate_trials()
    assert not training._inference._unanswered


def test_what_is_measured_for_one_engine_is_not_told_of_the_next(
    qtbot, session, measured
):
    told = []
    session.estimated.connect(told.append)
    session.estimate()
    session.use_engine("vae")
    found = estimate(qtbot, session)
    assert set(measured[-3:]) <= {
        session.preset_config(p) for p in session.entry.presets
    }
    assert len(told) == len(found)


def test_a_direction_chosen_while_a_folder_is_looked_at_holds(
    qtbot, session, write_pairs
):
    with qtbot.waitSignal(session.data.opened):
        session.data.open(write_pairs(), sides=("outline", "colour"))
        session.data.set_direction("BtoA")
    assert (session.pictures.a_name, session.pictures.b_name) == ("colour", "outline")
    choice = session.data.choice()
    assert (choice.sides, choice.direction) == (("outline", "colour"), "BtoA")


def test_a_sample_that_is_given_up_leaves_pictures_and_direction(
    qtbot, session, write_pairs
):
    session.data.set_direction("BtoA")
    with qtbot.waitSignal(session.data.opened):
        session.data.open(write_pairs(), sides=("outline", "colour"))
    session.data.open_sample("facades")
    session.data.cancel()
    assert session.pictures.a_name == "colour"
    assert session.data.direction == "BtoA"
