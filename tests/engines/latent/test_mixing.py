"""Tests for engines.latent.mixing: arithmetic with codes."""

import numpy as np
import pytest

from engines.errors import LatentError
from engines.latent.mixing import combine, mean, truncate


def test_what_one_has_and_another_lacks_is_given_to_a_third():
    a, b, c = np.float32([[5, 1], [2, 1], [0, 10]])
    np.testing.assert_array_equal(combine(a, b, c), [3, 10])


def test_the_middle_of_codes():
    codes = np.float32([[0, 1], [4, 1], [2, 4]])
    found = mean(codes)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, [2, 2])
    with pytest.raises(LatentError, match="at least one picture"):
        mean(codes[:0])


def test_codes_are_drawn_towards_the_middle_or_another_centre():
    codes = np.float32([[2, -4]])
    np.testing.assert_array_equal(truncate(codes, 0.5), [[1, -2]])
    np.testing.assert_array_equal(truncate(codes, 1.0), codes)
    centre = np.float32([1, 1])
    np.testing.assert_array_equal(truncate(codes, 0.0, centre), [[1, 1]])
    np.testing.assert_array_equal(truncate(codes, 2.0, centre), [[3, -9]])
    assert truncate(codes, 0.3).dtype == np.float32
