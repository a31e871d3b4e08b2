"""Tests for engines.latent.interpolation: ends, lengths, pace, and walks."""

import numpy as np
import pytest

from engines.errors import LatentError
from engines.latent.interpolation import lerp, slerp, walk

SHARES = np.linspace(0, 1, 11)


def codes(count, dims, seed=0):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((count, dims)).astype(np.float32)


def unit(vector):
    return vector / np.linalg.norm(vector, axis=-1, keepdims=True)


@pytest.mark.parametrize("dims", [2, 3, 100])
@pytest.mark.parametrize("between", [lerp, slerp])
def test_both_ends_are_met_to_the_bit(dims, between):
    a, b = codes(2, dims)
    way = between(a, b, SHARES)
    assert way.dtype == np.float32
    np.testing.assert_array_equal(way[0], a)
    np.testing.assert_array_equal(way[-1], b)


def test_a_straight_line_is_the_weighted_mean():
    way = lerp(np.float32([0, 4]), np.float32([2, 0]), np.array([0.25, 0.5]))
    np.testing.assert_array_equal(way, [[0.5, 3], [1, 2]])


@pytest.mark.parametrize("dims", [2, 3, 100])
def test_codes_of_one_length_keep_it(dims):
    a, b = 3 * unit(codes(2, dims).astype(np.float64))
    way = slerp(a.astype(np.float32), b.astype(np.float32), SHARES)
    np.testing.assert_allclose(np.linalg.norm(way, axis=1), 3, rtol=1e-6)


def test_lengths_go_in_a_line():
    way = slerp(np.float32([2, 0, 0]), np.float32([0, 0, 5]), SHARES)
    np.testing.assert_allclose(np.linalg.norm(way, axis=1), 2 + 3 * SHARES, rtol=1e-6)


def test_it_is_the_formula_of_the_paper_for_codes_of_one_length():
    a, b = unit(codes(2, 8).astype(np.float64))
    angle = np.arccos(a @ b)
    t = SHARES[:, None]
    expected = (np.sin((1 - t) * angle) * a + np.sin(t * angle) * b) / np.sin(angle)
    np.testing.assert_allclose(
        slerp(a.astype(np.float32), b.astype(np.float32), SHARES), expected, atol=1e-6
    )


def test_a_third_of_a_right_angle_is_thirty_degrees():
    way = slerp(np.float32([1, 0]), np.float32([0, 1]), np.array([1 / 3]))
    np.testing.assert_allclose(way, [[np.sqrt(3) / 2, 0.5]], atol=1e-7)


@pytest.mark.parametrize("stretch", [1.0, 1.0 + 1e-7, 2.5])
def test_codes_in_one_direction_are_joined_straight(stretch):
    a = np.float32([1, 2, 2])
    way = slerp(a, np.float32(a * stretch), SHARES)
    np.testing.assert_allclose(way, lerp(a, np.float32(a * stretch), SHARES), atol=1e-5)


def test_opposite_codes_are_joined_by_half_a_circle():
    a = np.float32([3, 0, 4])
    way = slerp(a, -a, SHARES)
    np.testing.assert_allclose(np.linalg.norm(way, axis=1), 5, rtol=1e-6)
    steps = np.sum(unit(way[1:]) * unit(way[:-1]), axis=1)
    np.testing.assert_allclose(steps, np.cos(np.pi / 10), atol=1e-6)
    np.testing.assert_array_equal(way, slerp(a, -a, SHARES))


def test_nearly_opposite_codes_are_joined_smoothly():
    a = np.float32([1, 0, 0])
    way = slerp(a, np.float32([-1, 1e-5, 0]), SHARES)
    np.testing.assert_allclose(np.linalg.norm(way, axis=1), 1, rtol=1e-5)


def test_the_origin_and_a_single_dimension_are_joined_straight():
    origin, code = np.zeros(3, np.float32), np.float32([1, 2, 3])
    np.testing.assert_array_equal(
        slerp(origin, code, SHARES), lerp(origin, code, SHARES)
    )
    way = slerp(np.float32([-1]), np.float32([2]), np.array([0.5]))
    np.testing.assert_array_equal(way, [[0.5]])


# ----------------------------------------------------------------------------
# Walks.


@pytest.mark.parametrize("way", ["linear", "spherical"])
@pytest.mark.parametrize("easing", ["none", "smooth"])
@pytest.mark.parametrize("frames", [4, 10, 11, 30])
def test_every_pin_is_met_in_its_order(way, easing, frames):
    pins = codes(4, 5)
    found = walk(pins, frames, way, easing=easing)
    assert found.shape == (frames, 5)
    met = [int(np.flatnonzero((found == pin).all(axis=1))[0]) for pin in pins]
    assert met[0] == 0
    assert met[-1] == frames - 1
    assert np.ptp(np.diff(met)) <= 1


def test_a_walk_goes_straight_at_an_even_pace():
    found = walk(np.float32([[0], [4], [0]]), 9)
    np.testing.assert_array_equal(found[:, 0], [0, 1, 2, 3, 4, 3, 2, 1, 0])


def test_it_can_go_along_the_sphere():
    pins = np.float32([[2, 0], [0, 2], [-2, 0]])
    found = walk(pins, 9, "spherical")
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 2, rtol=1e-6)
    np.testing.assert_allclose(found[2], [np.sqrt(2), np.sqrt(2)], atol=1e-6)


def test_easing_slows_down_at_every_pin():
    found = walk(np.float32([[0], [1], [2]]), 9, easing="smooth")[:, 0]
    # 3 t² - 2 t³ at quarters: 5/32, 1/2, 27/32.
    quarter = [0, 5 / 32, 1 / 2, 27 / 32]
    np.testing.assert_allclose(
        found, [*quarter, *(1 + v for v in np.array(quarter)), 2]
    )


def test_ping_pong_goes_back_without_standing_still_at_the_ends():
    found = walk(np.float32([[0], [3]]), 4, ping_pong=True)
    np.testing.assert_array_equal(found[:, 0], [0, 1, 2, 3, 2, 1])


def test_what_cannot_be_walked_is_said():
    with pytest.raises(LatentError, match="at least two pins"):
        walk(codes(1, 3), 10)
    with pytest.raises(LatentError, match="through 5 pins needs at least 5 frames"):
        walk(codes(5, 3), 4)
