"""Tests for engines.runs.folder."""

import json
import os
from datetime import date

import numpy as np
import pytest
from pydantic import ValidationError

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
    run.checkpoints.folder.mkdir()
    (run.checkpoints.folder / ".tmp-000007").mkdir()
    with run.writing():
        assert os.listdir(run.checkpoints.folder) == []


def save_at(run, step):
    run.checkpoints.save(step, weights={}, training={}, state={}, metadata={})
    run.previews.save(step, {"now": np.zeros((1, 2, 2, 3), np.uint8)})
    run.events.append("saved", step)


def test_resuming_from_an_older_step_forgets_what_came_after(run):
    with run.writing():
        for step in (10, 20, 30):
            save_at(run, step)
        run.resume_from(20)
        assert run.checkpoints.steps() == run.previews.steps() == (10, 20)
        assert [event["step"] for event in run.events.history(["saved"])] == [10, 20]


def test_resuming_from_a_damaged_step_forgets_nothing(run):
    with run.writing():
        for step in (10, 20, 30):
            save_at(run, step)
        (run.checkpoints.path(20) / "state.json").unlink()
        with pytest.raises(CheckpointError, match="Step 30 is whole"):
            run.resume_from(20)
        assert run.checkpoints.steps() == run.previews.steps() == (10, 20, 30)
        assert run.events.read(["resumed"]) == []


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
