"""Tests for engines.translation: any size in, exactly that size out."""

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.data.images import free_name
from engines.errors import RunError
from engines.runs.folder import RunFolder
from engines.training.controls import Controls
from engines.training.runner import run
from engines.translation import (
    Model,
    Options,
    load_model,
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


def test_a_model_that_knows_both_ways_is_asked_for_one(model):
    before = picture(24, 16)
    assert model.directions == ("AtoB", "BtoA")
    there = translate_pixels(model, before, Options(scale="full"))
    back = translate_pixels(model, before, Options(scale="full", direction="BtoA"))
    assert np.abs(there.astype(int) - (255 - before.astype(int))).max() <= 1
    np.testing.assert_array_equal(back, before)


def test_a_very_long_picture_stays_within_memory(model):
    translate_pixels(model, picture(2, 4000))
    assert model.translator.seen == [(8, 256)]


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
