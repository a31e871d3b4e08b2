"""Tests for studio.starters."""

from datetime import UTC, datetime

import numpy as np
import pytest
from PIL import Image

from engines.configs.pix2pix import Pix2PixConfig
from engines.data.images import resize
from engines.data.picture_files import Picture
from engines.errors import Cancelled, DataError, PictureError
from engines.runs.folder import DataInfo, RunInfo, Versions
from engines.samples.facades import LABELS, draw_pair
from studio.starters import STARTERS, find_starters, read_drawing


def never():
    return False


@pytest.fixture
def make_run(tmp_path):
    """A run on forty façades of 64 pixels, four of them held out."""
    folder = tmp_path / "façades"
    for side in ("labels", "photos"):
        (folder / side).mkdir(parents=True)
    for seed in range(40):
        sides = zip(("labels", "photos"), draw_pair(seed, 64), strict=True)
        for side, rgb in sides:
            Image.fromarray(rgb).save(folder / side / f"{seed:02d}.png")

    def make(use="pairs", size=64):
        config = Pix2PixConfig(image_size=size, held_out=0.1)
        data = DataInfo(
            folder=str(folder),
            name="façades",
            kind="folders",
            use=use,
            fingerprint="",
            training_pictures=36,
            held_out_pictures=4,
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


def test_inputs_that_were_held_out_and_their_labels_are_found(make_run):
    run = make_run()
    found = find_starters(run, "AtoB", cancelled=never)
    assert found.run is run
    assert len(found.pictures) == 4
    for name, rgb in found.pictures:
        assert np.array_equal(rgb, draw_pair(int(name), 64)[0])
    # Labels that no held-out picture has are in those that were learnt from.
    assert set(found.colours) == {label.colour for label in LABELS}
    assert found.background == LABELS[0].colour
    assert not found.is_smooth


def test_labels_are_counted_before_they_blend(make_run):
    found = find_starters(make_run(size=32), "AtoB", cancelled=never)
    assert {rgb.shape for _, rgb in found.pictures} == {(32, 32, 3)}
    assert set(found.colours) == {label.colour for label in LABELS}


def test_photographs_have_no_labels(make_run):
    styles = make_run("styles")
    photos = find_starters(styles, "BtoA", cancelled=never)
    assert photos.colours == ()
    assert photos.is_smooth
    labels = find_starters(styles, "AtoB", cancelled=never)
    assert len(labels.colours) > 10


def test_outlines_that_were_made_are_ink_on_paper(make_run):
    found = find_starters(make_run("edges"), "AtoB", cancelled=never)
    assert found.colours == ((255, 255, 255), (0, 0, 0))
    assert found.background == (255, 255, 255)
    assert found.is_smooth


def test_no_more_pictures_are_offered_than_are_looked_at(make_run):
    run = make_run()
    run = run.model_copy(update={"config": {**run.config, "held_out": 0.8}})
    assert len(find_starters(run, "AtoB", cancelled=never).pictures) == STARTERS


def test_looking_can_be_given_up(make_run):
    with pytest.raises(Cancelled):
        find_starters(make_run(), "AtoB", cancelled=lambda: True)


def test_pictures_that_are_gone_are_an_error(make_run, tmp_path):
    run = make_run()
    (tmp_path / "façades").rename(tmp_path / "elsewhere")
    with pytest.raises(DataError, match="There is no folder"):
        find_starters(run, "AtoB", cancelled=never)


def test_a_drawing_is_read_as_the_run_reads_its_inputs(make_run, tmp_path):
    rgb = np.random.default_rng(0).integers(0, 256, (40, 60, 3), np.uint8)
    Image.fromarray(rgb).save(tmp_path / "wide.png")
    run = make_run()
    read = read_drawing(tmp_path / "wide.png", run, 64)
    assert np.array_equal(read, resize(rgb, 64, "cut"))
    stretching = run.model_copy(update={"config": {**run.config, "shape": "stretch"}})
    read = read_drawing(Picture(pixels=rgb), stretching, 64)
    assert np.array_equal(read, resize(rgb, 64, "stretch"))


def test_what_is_no_picture_cannot_be_drawn_on(tmp_path):
    (tmp_path / "notes.png").write_text("no picture")
    with pytest.raises(PictureError, match=r"notes\.png is not a picture"):
        read_drawing(tmp_path / "notes.png", None, 64)
