"""Tests for engines.runs.folder."""

import json
import os
from datetime import date

import numpy as np
import pytest
from pydantic import ValidationError
from torch import tensor

from engines.errors import CheckpointError, RunError
from engines.runs.folder import RunFolder, new_run_path

TODAY = date(2026, 11, 21)


@pytest.fixture
def run(tmp_path, info):
    """A run that was just made."""
    return RunFolder.create(tmp_path / "runs" / "first", info)


def rewrite(run, **changes):
    path = run.folder / "run.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def test_a_run_opens_as_it_was_made(run, info):
    assert RunFolder.open(run.folder).info == info
    assert json.loads((run.folder / "run.json").read_text())["created"] == (
        "2026-11-21T13:05:00Z"
    )


def test_an_update_changes_the_file_and_nothing_else(run, info):
    run.update(state="stopped", step=675)
    assert run.info == info.model_copy(update={"state": "stopped", "step": 675})
    assert RunFolder.open(run.folder).info == run.info
    assert os.listdir(run.folder) == ["run.json"]


def test_an_update_that_no_run_can_have_is_refused_and_changes_nothing(run, info):
    with pytest.raises(ValidationError, match="state"):
        run.update(state="asleep")
    assert RunFolder.open(run.folder).info == run.info == info


def test_a_folder_that_holds_something_is_not_used(tmp_path, info):
    (tmp_path / "picture.png").write_bytes(b"precious")
    with pytest.raises(RunError, match=r"is not empty\. Choose a new one for the run"):
        RunFolder.create(tmp_path, info)
    assert os.listdir(tmp_path) == ["picture.png"]


def test_an_empty_folder_is_used(tmp_path, info):
    assert RunFolder.create(tmp_path, info).folder == tmp_path


def test_a_file_in_the_place_of_the_folder_is_told_in_words(tmp_path, info):
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match="cannot be written"):
        RunFolder.create(tmp_path / "file" / "run", info)


def test_a_folder_without_a_run_is_told_in_words(tmp_path):
    with pytest.raises(RunError, match=r"There is no run in .* has no run\.json"):
        RunFolder.open(tmp_path)


def test_a_run_of_a_newer_version_is_told_so(run):
    rewrite(run, format_version=3, engine={"not": "what we know"})
    with pytest.raises(RunError) as refusal:
        RunFolder.open(run.folder)
    assert str(refusal.value) == (
        "This run was made by a newer version (format 3); this one reads format 1. "
        "Update the studio."
    )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"[" * 9999,
        b"\0" * 500,
        b"\xff\xfe",
        b'{"format_version": 1',
        b'{"format_version": 1}',
        b'{"format_version": 0}',
        b'{"format_version": "1"}',
    ],
)
def test_a_damaged_file_is_named(run, content):
    (run.folder / "run.json").write_bytes(content)
    with pytest.raises(RunError, match=r"run.json' is damaged, so this run cannot be"):
        RunFolder.open(run.folder)


@pytest.mark.parametrize("state", ["running", "paused"])
def test_a_writer_that_died_leaves_an_interrupted_run(run, state):
    with run.writing():
        run.update(state=state)
        assert RunFolder.open(run.folder).state == state
    assert RunFolder.open(run.folder).state == "interrupted"
    assert RunFolder.open(run.folder).info.state == state


@pytest.mark.parametrize("state", ["new", "stopped", "completed", "failed"])
def test_a_run_that_is_not_at_work_needs_no_writer(run, state):
    run.update(state=state)
    assert run.state == state


def test_only_one_may_write(run):
    other = RunFolder.open(run.folder)
    with (
        run.writing(),
        pytest.raises(RunError, match="is being written by process"),
        other.writing(),
    ):
        pass
    with other.writing():
        assert sorted(os.listdir(run.folder)) == ["lock", "run.json"]
    assert os.listdir(run.folder) == ["run.json"]


def test_opening_for_writing_clears_what_a_crash_left(run):
    kept = (run.checkpoints, run.milestones)
    for folders in kept:
        (folders.folder / ".tmp-000007").mkdir(parents=True)
    with run.writing():
        assert [os.listdir(folders.folder) for folders in kept] == [[], []]


def save_at(run, step):
    run.checkpoints.save(step, weights={}, training={}, state={}, metadata={})
    run.milestones.save(step, weights={}, metadata={})
    run.previews.save(step, {"now": np.zeros((1, 2, 2, 3), np.uint8)})
    run.events.append("saved", step)


def test_resuming_from_an_older_step_forgets_what_came_after(run):
    with run.writing():
        for step in (10, 20, 30):
            save_at(run, step)
        run.resume_from(20)
        assert run.checkpoints.steps() == run.previews.steps() == (10, 20)
        assert run.milestones.steps() == (10, 20)
        assert [event["step"] for event in run.events.history(["saved"])] == [10, 20]


def test_resuming_from_a_damaged_step_forgets_nothing(run):
    with run.writing():
        for step in (10, 20, 30):
            save_at(run, step)
        (run.checkpoints.path(20) / "state.json").unlink()
        with pytest.raises(CheckpointError, match="Step 30 is whole"):
            run.resume_from(20)
        assert run.checkpoints.steps() == run.previews.steps() == (10, 20, 30)
        assert run.milestones.steps() == (10, 20, 30)
        assert run.events.read(["resumed"]) == []


@pytest.fixture
def weights_of(run):
    """Keep weights as checkpoint and as milestone, in which they have other values."""

    def keep(checkpoints, milestones):
        for step in checkpoints:
            run.checkpoints.save(
                step, weights={"w": tensor(1.0)}, training={}, state={}, metadata={}
            )
        for step in milestones:
            run.milestones.save(step, weights={"w": tensor(2.0)}, metadata={})
        return lambda step=None: float(run.load_weights(step).weights["w"])

    return keep


def damage(folder):
    path = folder / "weights.safetensors"
    path.write_bytes(path.read_bytes()[:-1])


def test_weights_are_found_in_checkpoints_and_in_milestones(run, weights_of):
    load = weights_of(checkpoints=(20, 40), milestones=(10, 20, 30))
    assert run.weight_steps() == (10, 20, 30, 40)
    assert [load(step) for step in (10, 30, 40)] == [2, 2, 1]
    assert run.load_weights().step == 40
    with pytest.raises(CheckpointError, match=r"no checkpoint '000050'\. Step 40 is"):
        load(50)


def test_damaged_weights_are_refused_unless_kept_twice(run, weights_of):
    load = weights_of(checkpoints=(20, 40), milestones=(10, 20))
    for step in (10, 20):
        damage(run.milestones.path(step))
    with pytest.raises(CheckpointError, match="kept of step 10 are damaged: weights"):
        load(10)
    assert load(20) == 1
    damage(run.checkpoints.path(20))
    with pytest.raises(CheckpointError, match="Checkpoint 20 is damaged"):
        load(20)


def test_the_newest_whole_weights_are_loaded_and_the_damaged_told(run, weights_of):
    load = weights_of(checkpoints=(20, 40), milestones=(10, 50))
    for folder in (run.milestones.path(50), run.checkpoints.path(40)):
        damage(folder)
    assert (run.load_weights().step, run.load_weights().skipped) == (20, (50, 40))
    damage(run.checkpoints.path(20))
    assert load() == 2  # as nobody can resume from it, but use it
    damage(run.milestones.path(10))
    with pytest.raises(CheckpointError, match="Every checkpoint of this run is"):
        load()


def test_without_weights_the_words_say_so(run):
    assert run.weight_steps() == ()
    with pytest.raises(CheckpointError, match="has no checkpoint yet"):
        run.load_weights()


def test_a_new_path_says_day_engine_and_data_and_is_never_taken(tmp_path):
    expected = "2026-11-21-pix2pix-emoji"
    for name in (expected, f"{expected}-2", f"{expected}-3"):
        path = new_run_path(tmp_path, "pix2pix", "Emoji", TODAY)
        assert path == tmp_path / name
        path.mkdir()


@pytest.mark.parametrize(
    ("data_name", "end"),
    [
        ("openmoji_color (v2)", "openmoji-color-v2"),
        ("../..\\C:*?", "c"),
        ("写真", "写真"),
        ("...", "data"),
        ("", "data"),
        ("x" * 300, "x" * 40),
    ],
)
def test_any_name_of_data_makes_a_plain_folder_name(tmp_path, data_name, end):
    path = new_run_path(tmp_path, "pix2pix", data_name, TODAY)
    assert path == tmp_path / f"2026-11-21-pix2pix-{end}"
