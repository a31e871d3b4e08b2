"""Tests for studio.terrain."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from studio.terrain import is_on, place_on
from tests.studio.fake_spaces import FakeDirection, terrain

CODE = np.array([0.8, -1.2, 0.3, 2.0], np.float32)


@pytest.fixture
def known():
    return terrain(Path("run"))


def test_the_plane_goes_through_the_code_at_its_places_along_both(known):
    plane = known.plane_through(CODE, 2, 0)
    assert place_on(plane, CODE) == pytest.approx((0.3, 0.8))
    assert is_on(plane, CODE)
    np.testing.assert_allclose(plane.origin, [0, -1.2, 0, 2.0], atol=1e-6)
    (elsewhere,) = plane.codes_at([-1.0], [0.5])
    np.testing.assert_allclose(elsewhere, [0.5, -1.2, -1.0, 2.0], atol=1e-6)


def test_a_code_beside_the_plane_is_not_on_it(known):
    plane = known.plane_through(CODE, 0, 1)
    beside = CODE + np.array([1, 1, 0.01, 0], np.float32)
    assert not is_on(plane, beside)
    assert place_on(plane, beside) == pytest.approx((1.8, -0.2))


def test_slanting_directions_meet_in_the_code_as_well():
    slanted = np.array([0.6, 0.8, 0, 0], np.float32)
    whole = terrain(Path("run"))
    both = (whole.directions[0], FakeDirection("Slanted", slanted))
    known = replace(whole, directions=both)
    plane = known.plane_through(CODE, 0, 1)
    # 0.8, -1.2 = 1.7 * (1, 0) - 1.5 * (0.6, 0.8)
    assert place_on(plane, CODE) == pytest.approx((1.7, -1.5))
    assert is_on(plane, CODE)


def test_points_are_where_the_data_fall(known):
    np.testing.assert_array_equal(known.points(1, 3), known.codes[:, [1, 3]])


def test_the_reach_is_that_of_the_further_side(known):
    long = FakeDirection("Long", np.eye(4, dtype=np.float32)[0], low=-4.0, high=1.0)
    assert replace(known, directions=(long,)).reach(0) == 4.0
