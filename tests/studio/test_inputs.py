"""Tests for studio.inputs."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engines.configs.pix2pix import Pix2PixConfig
from engines.data.layouts import understand
from engines.data.making import read_square
from engines.data.sets import Source
from engines.errors import Cancelled
from engines.runs.folder import DataInfo, RunInfo, Versions
from studio.inputs import held_out_inputs, pictures_among


def never():
    return False


def test_files_are_taken_as_they_are_and_folders_searched(tmp_path):
    folder = tmp_path / "folder"
    (folder / "deeper").mkdir(parents=True)
    for path in (folder / "b.png", folder / "deeper" / "a.png"):
        Image.new("RGB", (2, 2)).save(path)
    (folder / "notes.txt").write_text("no picture")
    (tmp_path / "bare").mkdir()

    found, problems = pictures_among(
        [tmp_path / "list.txt", folder, tmp_path / "bare"], cancelled=never
    )

    files = [tmp_path / "list.txt", folder / "b.png", folder / "deeper" / "a.png"]
    assert [(one.source, one.name) for one in found] == [
        (Source(path), path.name) for path in files
    ]
    assert {one.answer for one in found} == {None}
    assert len(problems) == 1
    assert problems[0].startswith("'bare' is empty.")


@pytest.fixture
def make_run(tmp_path):
    """A run of ten pictures in a/ and ten others in b/, half of them held out."""
    folder = tmp_path / "pictures"
    rng = np.random.default_rng(0)
    for side in "ab":
        (folder / side).mkdir(parents=True)
        for number in range(10):
            rgb = rng.integers(0, 256, (40, 48, 3), np.uint8)
            Image.fromarray(rgb).save(folder / side / f"{side}{number}.png")

    def make(use, left_out=()):
        config = Pix2PixConfig(image_size=32, held_out=0.5, shape="stretch")
        data = DataInfo(
            folder=str(folder),
            name="pictures",
            kind="folders",
            use=use,
            left_out=left_out,
            fingerprint="",
            training_pictures=10,
            held_out_pictures=10,
        )
        return RunInfo(
            engine="pix2pix",
            config=config.model_dump(),
            data=data,
            versions=Versions(studio="", torch="", python=""),
            seed=config.seed,
            threads=1,
            created=datetime(2026, 11, 21, tzinfo=UTC),
            steps=10,
        )

    return make


def again(run):
    folder = Path(run.data.folder)
    return understand(folder, use=run.data.use, held_out=0.5, seed=run.seed)


def test_made_inputs_are_made_again_at_the_size_of_the_run(make_run):
    run = make_run("fill")
    found = held_out_inputs(run, cancelled=never)
    pictures = again(run)
    assert len(found) == 10
    for one, item in zip(found, pictures.held_out, strict=True):
        made, answer = read_square(pictures, item, 32, "stretch")
        assert np.array_equal(one.source.pixels, made)
        assert np.array_equal(one.answer.pixels, answer)
        assert one.name == f"{item.a.path.stem}.png"


def test_the_answers_of_pairs_come_along(make_run, tmp_path):
    for number in range(10):
        b = tmp_path / "pictures" / "b" / f"b{number}.png"
        b.rename(b.with_name(f"a{number}.png"))
    found = held_out_inputs(make_run("pairs"), cancelled=never)
    assert len(found) == 5
    for one in found:
        assert one.source.path.parent.name == "a"
        assert one.answer.path == one.source.path.parents[1] / "b" / one.name


def test_a_damaged_picture_is_passed_over_when_inputs_are_made(make_run):
    run = make_run("edges")
    victim = again(run).held_out[3].a.path
    victim.write_bytes(b"")
    names = [one.name for one in held_out_inputs(run, cancelled=never)]
    assert len(names) == 9
    assert victim.name not in names


def test_making_inputs_can_be_given_up(make_run):
    with pytest.raises(Cancelled):
        held_out_inputs(make_run("denoise"), cancelled=lambda: True)


def test_held_out_inputs_of_two_styles_are_files_of_the_first(make_run):
    run = make_run("styles")
    found = held_out_inputs(run, cancelled=never)
    assert len(found) == 5
    assert {one.source.path.parent.name for one in found} == {"a"}
    assert [one.name for one in found] == [one.source.path.name for one in found]
    assert {one.answer for one in found} == {None}


def test_what_was_left_out_of_a_run_is_no_input(make_run):
    first, *_ = held_out_inputs(make_run("styles"), cancelled=never)
    item = next(i for i in again(make_run("styles")).items if i.a == first.source)
    found = held_out_inputs(make_run("styles", (item.name,)), cancelled=never)
    assert found
    assert first.source not in [one.source for one in found]
