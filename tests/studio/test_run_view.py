from pathlib import Path

import numpy as np
import pytest

from engines.training.reports import (
    Column,
    History,
    Losses,
    Measures,
    Notice,
    Points,
    Preparing,
    Preview,
    RunOutcome,
    RunStatus,
    Saved,
    Started,
)
from studio.run_view import MOST_VALUES, RunView


@pytest.fixture
def run():
    run = RunView()
    assert (run.step, run.fraction) == (0, 0.0)
    return run


def losses(step, value=1.0):
    return Losses(
        step=step,
        values={"l1": value},
        pictures_per_s=1,
        elapsed_s=1,
        remaining_s=1,
    )


def started(step=0, steps=1000):
    pictures = np.zeros((1, 2, 2, 3), np.uint8)
    return Started(
        folder=Path("run"),
        step=step,
        steps=steps,
        device="CPU",
        columns=(
            Column(name="input", label="Input", captions=("",), pictures=pictures),
            Column(name="now", label="Now", captions=("",)),
            Column(name="target", label="Target", captions=("",), pictures=pictures),
        ),
        names=("a",),
        training_pictures=1,
        held_out_pictures=1,
    )


def preview(step):
    return Preview(
        step=step, pictures={"now": np.full((1, 2, 2, 3), step % 256, np.uint8)}
    )


def test_progress_is_of_pictures_first_and_then_of_steps(run):
    run.take(Preparing(done=5, total=20))
    assert run.fraction == 0.25
    run.take(started(step=200))
    assert (run.step, run.fraction) == (200, 0.2)
    run.take(losses(580))
    assert (run.step, run.fraction) == (580, 0.58)
    run.take(RunOutcome(status=RunStatus.STOPPED, step=590))
    assert (run.step, run.fraction) == (590, 0.59)


def test_previews_are_thinned_and_the_looked_at_one_is_kept(run):
    for step in range(0, 1000, 10):
        run.take(preview(step), watched_step=130)
    assert len(run.previews) == 16
    assert {0, 130, 990} <= set(run.previews)
    assert list(run.previews) == sorted(run.previews)
    assert run.previews[130]["now"][0, 0, 0, 0] == 130
    holes = np.diff(list(run.previews))
    assert holes.max() <= 4 * 10 * 100 / 16  # spread, not only the newest


def test_only_recent_losses_are_kept(run):
    for step in range(MOST_VALUES + 5):
        run.take(losses(step, value=float(step)))
    assert len(run.recent["l1"]) == MOST_VALUES
    assert run.recent["l1"][0] == 5.0
    assert run.losses.step == MOST_VALUES + 4


def test_nothing_is_said_twice(run):
    for _ in range(2):
        run.take(Notice(step=1, words="Mind."))
        run.take(Saved(step=7, folder=Path("run")))
    assert run.notices == ["Mind."]
    assert run.saved == [7]


def test_measures_are_kept_from_the_first_on(run):
    for step, ssim in ((10, 0.2), (20, 0.4)):
        run.take(Measures(step=step, values={"ssim": ssim, "psnr": 9.0}))
    assert {n: list(v) for n, v in run.measured.items()} == {
        "ssim": [0.2, 0.4],
        "psnr": [9.0, 9.0],
    }


def test_the_past_of_a_resumed_run_stays_visible(run):
    points = Points(steps=np.array([10, 20]), values=np.array([0.5, 0.25]))
    run.take(started(step=20))
    run.take(
        History(
            losses={"l1": points},
            measures={"ssim": points},
            previews=tuple(preview(step) for step in range(0, 21)),
            saved=(10, 20),
        )
    )
    assert len(run.previews) == 16
    assert {0, 20} <= set(run.previews)
    run.take(preview(25))
    assert list(run.previews)[-1] == 25
    run.take(Saved(step=30, folder=Path("run")))
    assert run.saved == [10, 20, 30]
    # A verdict is about the present, and no time left is known before it is measured.
    assert run.recent == {}
    assert run.losses is None
    run.take(Measures(step=30, values={"ssim": 0.75}))
    assert list(run.measured["ssim"]) == [0.5, 0.25, 0.75]
