"""Tests for engines.training.history: what a resumed run tells of its past."""

import numpy as np
import pytest

from engines.runs.events import LOSSES, MEASURES
from engines.runs.folder import DataInfo, RunFolder, RunInfo, Versions
from engines.training.controls import Controls
from engines.training.history import read_history
from engines.training.jobs import ResumeRun
from engines.training.reports import History, Losses, Measures, Preview, Saved, Started
from engines.training.runner import run

GREY = np.full((2, 8, 8, 3), 128, np.uint8)


@pytest.fixture
def folder(tmp_path):
    """A Pix2Pix run of which nothing is known yet."""
    info = RunInfo(
        engine="pix2pix",
        config={},
        data=DataInfo(
            folder="pairs",
            name="Pairs",
            kind="two folders",
            a_name="A",
            b_name="B",
            fingerprint="",
            training_pictures=9,
            held_out_pictures=1,
        ),
        versions=Versions(studio="1", torch="2", python="3"),
        seed=1,
        threads=1,
        created="2026-11-21T10:00:00Z",
        steps=10_000,
    )
    folder = RunFolder.create(tmp_path / "run", info)
    yield folder
    folder.events.close()


def reports_until(job, steps):
    """Every report of *job*, stopped after exactly *steps* steps."""
    controls, reports = Controls(), []
    controls.preview_now()
    for report in run(job, controls):
        reports.append(report)
        if isinstance(report, Preview):  # with one asked for, one after every step
            controls.preview_now()
            if report.step == steps:
                controls.stop()
    return reports


def of(kind, reports):
    return [r for r in reports if isinstance(r, kind)]


def as_lists(points):
    return points.steps.tolist(), points.values.tolist()


def test_a_resumed_run_tells_what_it_reported_and_nothing_superseded(new_run):
    job = new_run(steps=9)
    before = reports_until(job, 5)
    assert of(History, before) == []
    # As a crash two steps after the checkpoint leaves them.
    folder = RunFolder.open(job.folder)
    folder.events.append(LOSSES, 7, l1=99.0, generator=99.0)
    folder.events.append(MEASURES, 7, l1=99.0)
    folder.events.close()
    folder.previews.save(7, of(Preview, before)[0].pictures)

    after = list(run(ResumeRun(folder=job.folder), Controls()))
    places = [i for i, r in enumerate(after) if isinstance(r, History)]
    assert len(places) == 1
    assert isinstance(after[places[0] - 1], Started)
    history = after[places[0]]

    losses = of(Losses, before)
    assert set(history.losses) == set(losses[0].values)
    for name, points in history.losses.items():
        expected = [r.step for r in losses], [r.values[name] for r in losses]
        assert as_lists(points) == expected
    measured = {r.step: r.values["ssim"] for r in of(Measures, before)}
    assert as_lists(history.measures["ssim"]) == ([*measured], [*measured.values()])
    assert history.saved == tuple(r.step for r in of(Saved, before)) == (5,)
    painted = {r.step: r.pictures for r in of(Preview, before)}
    assert [p.step for p in history.previews] == list(painted) == [0, 1, 2, 3, 4, 5]
    for preview in history.previews:
        assert preview.pictures.keys() == {"now"}
        np.testing.assert_array_equal(
            preview.pictures["now"], painted[preview.step]["now"]
        )


def test_of_a_long_past_every_value_is_told(folder):
    lines = [
        f'{{"kind":"losses","step":{step},"time":"","l1":{1 / step},"elapsed_s":9}}\n'
        for step in range(1, 10_001)
    ]
    folder.events.path.write_text("".join(lines))
    losses = read_history(folder).losses
    assert set(losses) == {"l1"}  # how long it took is no loss
    steps, values = as_lists(losses["l1"])
    assert steps == list(range(1, 10_001))
    assert values == [1 / step for step in steps]


def test_previews_are_spread_over_the_run_and_a_damaged_one_is_passed_over(folder):
    for step in range(64):
        folder.previews.save(step, {"now": GREY + np.uint8(step)})
    folder.previews.path(63).write_bytes(b"no picture")
    previews = read_history(folder).previews
    # Of 16 places 63 / 15 = 4.2 steps apart the last one is damaged.
    assert [p.step for p in previews] == [
        *(0, 4, 8, 13, 17, 21, 25, 29, 34, 38, 42, 46, 50, 55, 59),
    ]
    assert previews[3].pictures["now"][0, 0, 0, 0] == 128 + 13


def test_what_was_measured_twice_at_a_step_counts_once(folder):
    for ssim in (0.25, 0.75):  # resumed and stopped again before the next step
        folder.events.append(MEASURES, 5, ssim=ssim)
    assert as_lists(read_history(folder).measures["ssim"]) == ([5], [0.75])


def test_a_run_of_which_nothing_was_recorded_has_an_empty_past(folder):
    history = read_history(folder)
    assert history == History(losses={}, measures={}, previews=(), saved=())
