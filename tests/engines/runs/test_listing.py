"""Tests for engines.runs.listing."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from engines.errors import RunError
from engines.runs.folder import RunFolder
from engines.runs.listing import list_runs


@pytest.fixture
def make_run(tmp_path, info):
    """Make a run by name, created some hours after the first."""

    def make(name, hours=0, **changes):
        created = info.created + timedelta(hours=hours)
        changed = info.model_copy(update={"created": created, **changes})
        return RunFolder.create(tmp_path / name, changed)

    return make


def test_the_newest_comes_first(tmp_path, make_run):
    for name, hours in (("b", 1), ("c", 3), ("a", 2)):
        make_run(name, hours)
    assert [run.path.name for run in list_runs(tmp_path)] == ["c", "a", "b"]


def test_no_folder_is_no_runs_and_a_file_is_told_in_words(tmp_path):
    assert list_runs(tmp_path / "nowhere") == ()
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match="file' cannot be read"):
        list_runs(tmp_path / "file")


def test_what_is_no_run_is_left_out(tmp_path, make_run):
    make_run("run")
    (tmp_path / "pictures").mkdir()
    (tmp_path / "run.json").write_text("{}")
    assert [run.path.name for run in list_runs(tmp_path)] == ["run"]


def test_a_new_run_has_nothing_to_show_yet(tmp_path, make_run, info):
    make_run("run")
    (summary,) = list_runs(tmp_path)
    assert (summary.info, summary.state, summary.problem) == (info, "new", "")
    assert (summary.thumbnail, summary.best) == (None, {})
    assert (summary.kept_step, summary.weight_steps) == (None, ())
    assert summary.elapsed_s == 0
    assert summary.size_bytes == (tmp_path / "run" / "run.json").stat().st_size
    assert abs(summary.modified - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_run_shows_its_newest_preview_and_its_measures(tmp_path, make_run):
    run = make_run("run")
    with run.writing():
        for step, l1, ssim in ((10, 0.3, 0.5), (20, 0.2, 0.7), (30, 0.25, 0.6)):
            run.events.append("losses", step, l1=0.01, elapsed_s=step / 2)
            run.events.append("measures", step, l1=l1, ssim=ssim)
            run.previews.save(step, {"now": np.zeros((2, 4, 4, 3), np.uint8)})
        run.events.append("measures", 40, l1=0.0, ssim=1.0)
        run.events.append("resumed", 30)
    (summary,) = list_runs(tmp_path)
    assert summary.thumbnail.name == "000030.png"
    assert summary.best == {"l1": 0.2, "ssim": 0.7}
    assert summary.elapsed_s == 15


@pytest.mark.parametrize(
    ("engine", "best"),
    [
        ("vae", {"elbo": 90.0, "swd": 20.0}),  # what it costs: lower is better
        ("wgan", {"swd": 20.0}),
        ("of another version", {}),
    ],
)
def test_the_best_of_a_measure_is_what_its_engine_says(
    tmp_path, make_run, engine, best
):
    run = make_run("run", engine=engine)
    with run.writing():
        for step, elbo, swd, nearest in ((1, 100.0, 20.0, 0.9), (2, 90.0, 30.0, 0.5)):
            values = {"elbo": elbo, "swd": swd, "nearest": nearest}
            run.events.append("measures", step, **values)
    (summary,) = list_runs(tmp_path)
    assert summary.best == best


def test_a_run_says_at_which_steps_its_weights_are_kept(tmp_path, make_run):
    run = make_run("run")
    run.checkpoints.save(30, weights={}, training={}, state={}, metadata={})
    for step in (10, 30, 40):
        run.milestones.save(step, weights={}, metadata={})
    (summary,) = list_runs(tmp_path)
    assert (summary.kept_step, summary.weight_steps) == (30, (10, 30, 40))


def test_a_run_that_cannot_be_opened_is_listed_with_the_reason(tmp_path, make_run):
    run = make_run("broken", hours=-10_000)
    (run.folder / "run.json").write_text("{")
    make_run("good")
    (tmp_path / "lost" / "checkpoints").mkdir(parents=True)
    found = {run.path.name: run for run in list_runs(tmp_path)}
    assert found.keys() == {"broken", "good", "lost"}
    assert "is damaged, so this run cannot be opened" in found["broken"].problem
    assert "There is no run in" in found["lost"].problem
    assert (found["broken"].info, found["broken"].state) == (None, None)
    assert found["good"].problem == ""


def test_a_run_whose_writer_died_is_interrupted(tmp_path, make_run):
    run = make_run("run")
    with run.writing():
        run.update(state="running")
        assert list_runs(tmp_path)[0].state == "running"
    assert list_runs(tmp_path)[0].state == "interrupted"


def test_listing_loads_no_torch(tmp_path, make_run):
    make_run("run")
    script = (
        "import sys; from pathlib import Path; from engines.runs.listing import *; "
        "assert len(list_runs(Path(sys.argv[1]))) == 1; "
        "assert not {'torch', 'PySide6'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=True)


def test_a_folder_that_may_not_be_looked_into_is_passed_over(
    tmp_path, make_run, monkeypatch
):
    make_run("run")
    (tmp_path / "lost+found").mkdir()
    real_exists = Path.exists

    def exists(self):
        if "lost+found" in self.parts:  # what the system answers all but root
            raise PermissionError(13, "Permission denied")
        return real_exists(self)

    monkeypatch.setattr(Path, "exists", exists)
    assert [run.path.name for run in list_runs(tmp_path)] == ["run"]


def test_a_run_whose_events_cannot_be_read_is_listed_all_the_same(tmp_path, make_run):
    run = make_run("run")
    run.events.path.mkdir()  # reading it fails for root as well
    (summary,) = list_runs(tmp_path)
    assert (summary.path, summary.best) == (run.folder, {})
