"""Tests for engines.latent.plane: places to codes and back."""

import numpy as np

from engines.latent.plane import Plane


def test_a_code_is_the_origin_and_steps_along_both_axes():
    plane = Plane(
        origin=np.float32([1, 2, 3]),
        across=np.float32([1, 0, 0]),
        up=np.float32([0, 0.5, 0]),
    )
    codes = plane.codes_at([0, 10], [0, -2])
    assert codes.dtype == np.float32
    np.testing.assert_array_equal(codes, [[1, 2, 3], [11, 1, 3]])


def slanting():
    rng = np.random.default_rng(0)
    origin, across, up = rng.standard_normal((3, 40)).astype(np.float32)
    return Plane(origin=origin, across=across, up=up)


def test_places_come_back_from_their_codes():
    plane, rng = slanting(), np.random.default_rng(1)
    x, y = rng.uniform(-9, 9, (2, 50))
    again = plane.places_of(plane.codes_at(x, y))
    np.testing.assert_allclose(again, (x, y), atol=1e-4)


def test_a_code_beside_the_plane_is_over_its_nearest_point():
    plane = slanting()
    rng = np.random.default_rng(2)
    code = rng.standard_normal((1, 40)).astype(np.float32)
    x, y = plane.places_of(code)
    missing = (code - plane.codes_at(x, y))[0]
    np.testing.assert_allclose(
        [missing @ plane.across, missing @ plane.up], 0, atol=1e-4
    )


def test_a_place_gives_the_same_code_whatever_is_asked_beside_it():
    plane, rng = slanting(), np.random.default_rng(1)
    x, y = rng.uniform(-1e3, 1e3, (2, 64))
    alone = np.concatenate(
        [plane.codes_at([a], [b]) for a, b in zip(x, y, strict=True)]
    )
    np.testing.assert_array_equal(plane.codes_at(x, y), alone)


def test_a_plane_can_be_centred_anywhere():
    plane = slanting()
    code = np.arange(40, dtype=np.float32)
    moved = plane.centred_at(code)
    np.testing.assert_array_equal(moved.codes_at([0], [0])[0], code)
    step = moved.codes_at([1], [0])[0] - code
    np.testing.assert_allclose(step, plane.across, atol=1e-5)
