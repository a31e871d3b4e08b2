"""Tests for engines.latent.inversion: pictures that were made are found again."""

import math

import numpy as np
import pytest

from engines.errors import Cancelled
from engines.latent.inversion import invert


def psnr(one, other):
    error = np.square((one.astype(float) - other) / 255).mean()
    return 10 * math.log10(1 / max(error, 1e-10))


def test_pictures_that_a_trained_decoder_made_are_found_again(vae, monkeypatch):
    monkeypatch.setattr(type(vae), "can_encode", False)  # by the search alone
    codes = vae.draw(10, seed=99)
    pictures = vae.decode(codes)
    found = [invert(vae, picture, steps=100) for picture in pictures]
    reached = [psnr(f.picture, p) for f, p in zip(found, pictures, strict=True)]
    assert np.sum(np.array(reached) >= 30) >= 9, reached
    for inversion, value in zip(found, reached, strict=True):
        assert inversion.psnr == pytest.approx(value, abs=0.01)


def test_what_is_told_of_the_result_is_so(vae, digit_pictures):
    picture = digit_pictures[0][0]
    found = invert(vae, picture, steps=20)
    made = vae.decode(found.code[None])[0].astype(int)
    assert np.abs(made - found.picture).max() <= 1
    np.testing.assert_array_equal(found.wanted, picture)
    difference = (found.picture.astype(float) - picture) / 255
    assert found.error == pytest.approx(np.sqrt(np.square(difference).mean()))
    assert found.psnr == pytest.approx(-20 * math.log10(found.error))
    assert found.label is None


def test_the_search_improves_on_the_encoder(vae, digit_pictures):
    pictures = digit_pictures[0][::80]
    encoded = vae.decode(vae.encode(pictures)[0])
    gains = [
        invert(vae, picture, steps=60, restarts=1).psnr - psnr(before, picture)
        for picture, before in zip(pictures, encoded, strict=True)
    ]
    assert min(gains) > 0
    assert np.mean(gains) > 0.5


def test_it_repeats_to_the_bit_and_another_seed_searches_elsewhere(gan):
    picture = gan.decode(gan.draw(1, seed=3), np.array([4]))[0]
    one, again, other = (
        invert(gan, picture, steps=10, label=4, seed=seed) for seed in (0, 0, 1)
    )
    np.testing.assert_array_equal(one.code, again.code)
    assert (one.code != other.code).any()


def test_codes_stay_in_the_cube_that_they_are_drawn_from(gan):
    white = np.full((28, 28, 3), 255, np.uint8)  # far from all that it makes
    found = invert(gan, white, steps=60, label=0)
    assert np.abs(found.code).max() == 1


def test_codes_stay_where_those_of_a_gaussian_are(painted):
    matrix = np.zeros((784, 2))
    matrix[:, 0] = 1.0
    space = painted(matrix)
    grey = np.full((28, 28, 3), 191, np.uint8)  # 0.498 in [-1, 1]
    found = invert(space, grey, steps=200)
    # The second number is free, and its most likely value is 0.
    assert found.code == pytest.approx([0.498, 0], abs=0.02)
    assert found.error < 0.005


def test_every_class_is_searched_unless_one_is_given(gan):
    code = gan.draw(1, seed=3)
    picture = gan.decode(code, np.array([7]))[0]
    given = invert(gan, picture, steps=60, label=7)
    assert given.label == 7
    anywhere = invert(gan, picture, steps=60)
    assert anywhere.error <= given.error * 1.5
    far = invert(gan, picture, steps=60, label=2)
    assert far.label == 2


def test_a_picture_of_any_size_and_colour_is_searched(vae, digit_pictures):
    large = digit_pictures[0][5].repeat(4, axis=0).repeat(4, axis=1)
    large[..., 0] //= 2  # tinted
    found = invert(vae, large, steps=5)
    assert found.picture.shape == found.wanted.shape == (28, 28, 3)
    assert (found.wanted == found.wanted[..., :1]).all()


def test_it_tells_how_far_it_is_and_can_be_stopped(vae):
    told, picture = [], np.zeros((28, 28, 3), np.uint8)
    invert(vae, picture, steps=3, progress=lambda *n: told.append(n))
    assert told == [(1, 3), (2, 3), (3, 3)]
    with pytest.raises(Cancelled):
        invert(vae, picture, cancelled=lambda: True)


def test_the_search_leaves_the_weights_alone(vae):
    before = {name: value.clone() for name, value in vae.engine.weights().items()}
    invert(vae, np.zeros((28, 28, 3), np.uint8), steps=3)
    for name, value in vae.engine.weights().items():
        assert value.equal(before[name])
    assert all(p.grad is None for p in vae.engine.networks["vae"].parameters())
