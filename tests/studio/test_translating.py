"""Tests for studio.translating."""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from PIL import Image

from engines.configs.pix2pix import Pix2PixConfig
from engines.data.images import decode, thumbnail
from engines.data.layouts import understand
from engines.data.making import read_square
from engines.data.sets import Source
from engines.errors import Cancelled, PictureError
from engines.runs.folder import DataInfo, RunInfo, Versions
from engines.training.threads import cores
from studio.translating import (
    Translating,
    Translation,
    TranslationRequest,
    held_out_inputs,
    pictures_among,
)


def never():
    return False


def result(tmp_path, name, value):
    picture = np.full((4, 6, 3), value, np.uint8)
    request = TranslationRequest(run=tmp_path, source=picture, name=name)
    return Translation(
        request=request,
        before=picture,
        after=picture,
        thumbnail=picture,
        step=1,
        seconds=0.0,
    )


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
    assert found == tuple((Source(path), path.name) for path in files)
    assert len(problems) == 1
    assert problems[0].startswith("'bare' is empty.")


def test_saving_tells_how_far_it_is_and_adds_numbers(tmp_path):
    told = []
    items = [result(tmp_path, "a.gif", 10), result(tmp_path, "a.png", 20)]

    saved = Translating().save(
        items, tmp_path / "out", progress=told.append, cancelled=never
    )

    assert saved.written == (tmp_path / "out/a.png", tmp_path / "out/a-2.png")
    assert saved.problems == ()
    assert told == [(0, 2), (1, 2)]
    assert (decode(saved.written[1]) == 20).all()


def test_saving_names_what_fails_and_goes_on(tmp_path, monkeypatch):
    def refuse(_self, request):
        raise PictureError(None, "is cut off")

    monkeypatch.setattr(Translating, "translate", refuse)
    good = result(tmp_path, "a.png", 10)

    saved = Translating().save(
        [good.request, good], tmp_path, progress=lambda _counts: None, cancelled=never
    )

    assert saved.problems == ("The picture is cut off.",)
    assert saved.written == (tmp_path / "a.png",)


def test_saving_stops_between_two_pictures(tmp_path):
    told = []
    items = [result(tmp_path, f"{k}.png", k) for k in range(3)]
    saved = Translating().save(
        items, tmp_path, progress=told.append, cancelled=lambda: len(told) == 1
    )
    assert saved.written == (tmp_path / "0.png",)


@pytest.mark.parametrize("shape", [(400, 100, 3), (100, 400, 3), (3, 2, 3)])
def test_a_thumbnail_has_exactly_its_size(shape):
    assert thumbnail(np.zeros(shape, np.uint8), 184, 120).shape == (120, 184, 3)


def test_a_thumbnail_shows_the_middle():
    picture = np.zeros((100, 400, 3), np.uint8)
    picture[:, 150:250] = 200  # just the square in the middle
    small = thumbnail(picture, 50, 50)
    assert (small[:, 2:-2] == 200).all()
    assert (small[:, [0, -1]] > 150).all()  # the filter reaches over the edge


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
    for (rgb, name), item in zip(found, pictures.held_out, strict=True):
        assert np.array_equal(rgb, read_square(pictures, item, 32, "stretch")[0])
        assert name == f"{item.a.path.stem}.png"


def test_a_damaged_picture_is_passed_over_when_inputs_are_made(make_run):
    run = make_run("edges")
    victim = again(run).held_out[3].a.path
    victim.write_bytes(b"")
    names = [name for _, name in held_out_inputs(run, cancelled=never)]
    assert len(names) == 9
    assert victim.name not in names


def test_making_inputs_can_be_given_up(make_run):
    with pytest.raises(Cancelled):
        held_out_inputs(make_run("denoise"), cancelled=lambda: True)


def test_held_out_inputs_of_two_styles_are_files_of_the_first(make_run):
    run = make_run("styles")
    found = held_out_inputs(run, cancelled=never)
    assert len(found) == 5
    assert {source.path.parent.name for source, _ in found} == {"a"}
    assert [name for _, name in found] == [source.path.name for source, _ in found]


def test_what_was_left_out_of_a_run_is_no_input(make_run):
    first, *_ = held_out_inputs(make_run("styles"), cancelled=never)
    item = next(i for i in again(make_run("styles")).items if i.a == first[0])
    found = held_out_inputs(make_run("styles", (item.name,)), cancelled=never)
    assert found
    assert first not in found


@pytest.mark.parametrize(("trains", "threads"), [(True, 1), (False, cores())])
def test_beside_a_run_one_thread_translates(tmp_path, monkeypatch, trains, threads):
    item = result(tmp_path, "a.png", 10)
    used = []
    monkeypatch.setattr(
        Translating, "_newest", lambda _self, _run: SimpleNamespace(step=3)
    )

    def translate(_model, picture, _options):
        used.append(torch.get_num_threads())
        return picture

    monkeypatch.setattr("engines.translation.translate_pixels", translate)
    before = torch.get_num_threads()
    try:
        made = Translating(lambda: trains).translate(item.request)
    finally:
        torch.set_num_threads(before)
    assert used == [threads]
    assert made.step == 3
