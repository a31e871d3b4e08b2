"""Tests for engines.translation: any size in, exactly that size out."""

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engines.data.picture_files import Picture
from engines.errors import Cancelled, PictureError
from engines.training.device import Compute
from engines.translation import Model, Options, translate_picture, translate_pixels
from tests.engines.painters import painter, smooth


class Negative:
    """It negates, on the way back it does nothing, and it counts on multiples of 8."""

    multiple = 8
    directions = ("AtoB", "BtoA")

    compute = Compute(device=torch.device("cpu"), bf16=False)

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


# ----------------------------------------------------------------------------
# Every depth, and what else is in a file.


def test_16_bits_keep_every_level(model):
    before = np.arange(96 * 96, dtype=np.uint16).reshape(96, 96, 1) * 7
    before = np.repeat(before, 3, axis=2)
    after = translate_pixels(model, before, Options(scale="full"))
    assert after.dtype == np.uint16
    np.testing.assert_array_equal(after, 65535 - before)


@pytest.mark.parametrize("size", [(100, 150), (20, 9), (32, 32)])
def test_16_bits_are_brought_to_size_like_8(model, size):
    rgb = 64 + smooth(*size) // 2  # so that no filter overshoots black or white
    small = translate_pixels(model, rgb).astype(int)
    large = translate_pixels(model, rgb.astype(np.uint16) * 257).astype(int)
    # One is rounded to bytes on the way, up to half of one each time.
    assert np.abs(large - small * 257).max() <= 2 * 257


def test_alpha_exif_and_profile_stay_and_the_network_sees_white_behind(model):
    rgb, alpha = picture(20, 30), picture(20, 30, 1)[..., 0]
    before = Picture(pixels=rgb, alpha=alpha, exif=b"Exif and more", icc=b"profile")
    after = translate_picture(model, before, Options(scale="full"))
    assert after.alpha is alpha
    assert (after.exif, after.icc) == (before.exif, before.icc)
    over_white = 255 - (255.0 - rgb) * alpha[..., None] / 255
    assert np.abs(after.pixels - (255 - over_white)).max() <= 1

    deep = Picture(
        pixels=rgb.astype(np.uint16) * 257, alpha=alpha.astype(np.uint16) * 257
    )
    after = translate_picture(model, deep, Options(scale="full"))
    assert np.abs(after.pixels / 257 - (255 - over_white)).max() <= 0.01


# ----------------------------------------------------------------------------
# Tiles.


class Small(Negative):
    """One that runs out of memory above a number of pixels."""

    def __init__(self, most, words="DefaultCPUAllocator: can't allocate memory"):
        super().__init__()
        self.most, self.words = most, words

    def translate(self, x, direction="AtoB", **options):
        made = super().translate(x, direction, **options)
        if x[0, 0].numel() > self.most:
            raise RuntimeError(self.words)
        return made


def test_where_memory_runs_out_tiles_are_halved(model):
    model.translator = Small(100 * 100)
    before, told = picture(300, 300), []
    after = translate_pixels(
        model,
        before,
        Options(scale="full", tile=256),
        progress=lambda *counts: told.append(counts),
    )
    assert np.abs(after.astype(int) - (255 - before.astype(int))).max() <= 1
    tried = list(dict.fromkeys(model.translator.seen))
    assert tried == [(184, 184), (128, 128), (64, 64)]  # two of 184 cover 300
    _, total = told[-1]
    assert told == [(n, total) for n in range(1, total + 1)]


def test_where_memory_does_not_do_for_the_training_size_it_says_so(model):
    model.translator = Small(31 * 32)
    with pytest.raises(PictureError, match="The picture needs more memory than is"):
        translate_pixels(model, picture(300, 300), Options(scale="full"))
    assert model.translator.seen[-1] == (32, 32)


def test_other_failures_are_told_as_they_are(model):
    model.translator = Small(0, "sizes do not match")
    with pytest.raises(RuntimeError, match="sizes do not match"):
        translate_pixels(model, picture(300, 300))
    assert len(model.translator.seen) == 1


def test_it_can_be_given_up_between_two_tiles(model):
    with pytest.raises(Cancelled):
        translate_pixels(
            model,
            picture(300, 300),
            Options(scale="full", tile=128),
            cancelled=lambda: len(model.translator.seen) == 2,
        )
    assert len(model.translator.seen) == 2


# ----------------------------------------------------------------------------
# With a network.

TINY = painter(levels=3, generator_width=4, norm="batch")


@settings(max_examples=40, deadline=None)
@given(
    st.one_of(
        st.tuples(st.integers(1, 70), st.integers(1, 70)),
        st.tuples(st.integers(1, 1200), st.integers(1, 40)),
    ),
    st.booleans(),
    st.sampled_from([np.uint8, np.uint16]),
    st.booleans(),
    st.sampled_from(["learnt", "full"]),
    st.sampled_from([None, 32, 100]),
)
@example((900, 1200), False, np.uint8, True, "full", None)
@example((1200, 900), False, np.uint16, False, "full", 512)
@example((1, 1), True, np.uint16, True, "full", None)
def test_size_depth_and_alpha_are_those_of_the_input(
    size, turned, dtype, has_alpha, scale, tile
):
    size = size[::-1] if turned else size
    rng = np.random.default_rng(0)
    top = np.iinfo(dtype).max
    pixels = rng.integers(0, top, (*size, 3), dtype, endpoint=True)
    alpha = rng.integers(0, top, size, dtype, endpoint=True) if has_alpha else None
    before = Picture(pixels=pixels, alpha=alpha)
    kept = pixels.copy(), None if alpha is None else alpha.copy()

    after = translate_picture(TINY, before, Options(scale=scale, tile=tile))

    assert (after.size, after.depth) == (before.size, before.depth)
    assert (after.alpha is None) == (alpha is None)
    np.testing.assert_array_equal(pixels, kept[0])  # the input is left alone
    if alpha is not None:
        np.testing.assert_array_equal(after.alpha, kept[1])
