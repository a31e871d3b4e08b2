"""Tests for engines.translation: any size in, exactly that size out."""

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from engines.data.images import free_name, picture_size
from engines.errors import RunError
from engines.runs.folder import RunFolder
from engines.training.controls import Controls
from engines.training.runner import run
from engines.translation import (
    Model,
    Options,
    load_model,
    translate_files,
    translate_pixels,
)


class Negative:
    """It negates, on the way back it does nothing, and it counts on multiples of 8."""

    multiple = 8
    directions = ("AtoB", "BtoA")

    class compute:  # noqa: N801 - stands for an attribute
        device = torch.device("cpu")

    def __init__(self):
        self.seen = []

    def generator_for(self, direction):
        return torch.nn.Identity()

    def translate(self, x, direction="AtoB", *, noise=None, norm="learnt"):
        assert direction in self.directions
        assert x.shape[2] % 8 == x.shape[3] % 8 == 0
        assert x.min() >= -1
        assert x.max() <= 1
        self.seen.append(tuple(x.shape[2:]))
        return -x if direction == "AtoB" else x


def negative(shape="cut"):
    return Model(
        path=Path("run"),
        name="Negative",
        step=7,
        translator=Negative(),
        image_size=32,
        shape=shape,
    )


@pytest.fixture
def model():
    return negative()


def picture(height, width, seed=0):
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, (height, width, 3), dtype=np.uint8)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 120), st.integers(1, 90), st.sampled_from(["learnt", "full"]))
def test_every_size_comes_back_exactly(height, width, scale):
    result = translate_pixels(negative(), picture(height, width), Options(scale=scale))
    assert result.shape == (height, width, 3)
    assert result.dtype == np.uint8


@pytest.mark.parametrize("size", [(1, 1), (33, 70), (64, 8), (5, 200)])
def test_at_full_size_every_pixel_is_its_own(model, size):
    before = picture(*size)
    after = translate_pixels(model, before, Options(scale="full"))
    # Negation of [-1, 1] is 255 - v, to the rounding of a half.
    assert np.abs(after.astype(int) - (255 - before.astype(int))).max() <= 1


def test_at_learnt_size_the_network_sees_what_it_saw_in_training(model):
    translate_pixels(model, picture(100, 150))
    assert model.translator.seen == [(32, 48)]  # the short side is the training side


def test_a_network_that_learnt_stretched_pictures_sees_them_stretched():
    model = negative("stretch")
    translate_pixels(model, picture(100, 150))
    assert model.translator.seen == [(32, 32)]


def test_a_picture_of_the_training_size_is_not_resampled(model):
    before = picture(32, 32)
    after = translate_pixels(model, before)
    assert np.abs(after.astype(int) - (255 - before.astype(int))).max() <= 1


def test_a_model_that_knows_both_ways_is_asked_for_one(model, tmp_path):
    before = picture(24, 16)
    assert model.directions == ("AtoB", "BtoA")
    there = translate_pixels(model, before, Options(scale="full"))
    back = translate_pixels(model, before, Options(scale="full", direction="BtoA"))
    assert np.abs(there.astype(int) - (255 - before.astype(int))).max() <= 1
    np.testing.assert_array_equal(back, before)

    source = tmp_path / "a.png"
    Image.fromarray(before).save(source)
    (result,) = translate_files(
        model, [source], tmp_path / "out", Options(scale="full", direction="BtoA")
    )
    np.testing.assert_array_equal(np.asarray(Image.open(result.written)), before)


def test_a_very_long_picture_stays_within_memory(model):
    translate_pixels(model, picture(2, 4000))
    assert model.translator.seen == [(8, 256)]


def test_files_keep_their_names_and_sizes_and_bad_ones_are_named(model, tmp_path):
    (tmp_path / "in").mkdir()
    sizes = {"wide.png": (70, 20), "tall.jpg": (9, 41), "odd.bmp": (33, 33)}
    for name, size in sizes.items():
        Image.fromarray(picture(size[1], size[0])).save(tmp_path / "in" / name)
    (tmp_path / "in" / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nno more")
    files = sorted((tmp_path / "in").iterdir())

    results = list(translate_files(model, files, tmp_path / "out"))
    assert [r.source for r in results] == files
    (refused,) = [r for r in results if r.error]
    assert refused.error.startswith("broken.png ")
    sizes = {r.written.name: picture_size(r.written) for r in results if r.written}
    assert sizes == {
        "wide.png": (70, 20),
        "tall.jpg": (9, 41),
        "odd.png": (33, 33),  # this format is read and not written
    }


def test_nothing_is_ever_overwritten(model, tmp_path):
    source = tmp_path / "cat.png"
    Image.fromarray(picture(20, 20)).save(source)
    before = source.read_bytes()
    for expected in ("cat-2.png", "cat-3.png"):
        (result,) = translate_files(model, [source], tmp_path)
        assert result.written == tmp_path / expected
    assert source.read_bytes() == before


def test_a_cancelled_batch_keeps_what_is_done(model, tmp_path):
    files = []
    for k in range(4):
        files.append(tmp_path / f"{k}.png")
        Image.fromarray(picture(8, 8, k)).save(files[-1])
    done = []
    for result in translate_files(
        model, files, tmp_path / "out", cancelled=lambda: len(done) == 2
    ):
        done.append(result.written.name)
    assert done == ["0.png", "1.png"]
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == done


def test_a_free_name_keeps_the_stem(tmp_path):
    assert free_name(tmp_path, "a.b.JPG") == tmp_path / "a.b.jpg"
    assert free_name(tmp_path, "scan.gif") == tmp_path / "scan.png"


# ----------------------------------------------------------------------------
# With a trained run.


@pytest.fixture
def trained(new_run):
    job = new_run(save_every_s=0, steps=4)
    list(run(job, Controls()))
    return job.folder


def test_the_page_shows_what_the_preview_showed(trained):
    folder = RunFolder.open(trained)
    columns, _names = folder.previews.load_fixed()
    model = load_model(trained, device="cpu")
    after = translate_pixels(model, columns[0].pictures[0])
    preview = folder.previews.load(4)["now"][0]
    # The same numbers but for batching: at most the last bit of rounding.
    assert np.abs(after.astype(int) - preview.astype(int)).max() <= 1
    assert model.step == 4


def test_an_older_step_can_be_chosen(trained):
    old, new = (load_model(trained, step=s, device="cpu") for s in (2, None))
    assert (old.step, new.step) == (2, 4)
    x = picture(32, 32)
    assert (translate_pixels(old, x) != translate_pixels(new, x)).any()


def test_a_folder_that_is_no_run_is_refused_in_words(tmp_path):
    with pytest.raises(RunError, match="There is no run in"):
        load_model(tmp_path)


def test_an_output_folder_that_cannot_be_made_is_a_sentence(model, tmp_path):
    (tmp_path / "out").write_text("a file")
    with pytest.raises(RunError, match="cannot be made"):
        list(translate_files(model, [], tmp_path / "out"))
