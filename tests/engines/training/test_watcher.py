"""Tests for engines.training.watcher: which pictures are watched, and how."""

import numpy as np
import pytest
import torch

from engines.training.watcher import (
    as_pictures,
    measured,
    pieces,
    spread,
    variety,
)
from tests.engines.training.watching import store


@pytest.mark.parametrize(
    ("count", "wanted", "places"),
    [
        (12, 6, [1, 3, 5, 7, 9, 11]),
        (100, 3, [16, 50, 83]),
        (3, 6, [0, 1, 2]),
        (1, 6, [0]),
    ],
)
def test_pictures_are_taken_from_all_over_the_set(count, wanted, places):
    assert spread(count, wanted) == places


@pytest.mark.parametrize(("side", "count"), [(64, 256), (256, 16), (512, 8)])
def test_large_pictures_are_measured_by_fewer_from_all_over_the_set(side, count):
    pictures = torch.zeros(1, 1, 1, 1, dtype=torch.uint8).expand(1024, 3, side, side)
    rows = measured(store(pictures))
    gap = 1024 // count
    assert rows == list(range(gap // 2, 1024, gap))


def test_a_set_that_is_small_enough_is_measured_as_it_is():
    assert measured(store(torch.zeros(9, 3, 16, 16))) == list(range(9))


def test_grey_is_shown_in_three_channels_and_the_store_stays_untouched():
    stored = torch.arange(2 * 4, dtype=torch.uint8).reshape(2, 1, 2, 2)
    shown = as_pictures(stored)
    assert shown.shape == (2, 2, 2, 3)
    assert shown[1, 0].tolist() == [[4, 4, 4], [5, 5, 5]]
    shown[:] = 99
    assert stored.flatten().tolist() == list(range(8))


def test_colours_keep_their_places():
    stored = torch.tensor([1, 2, 3], dtype=torch.uint8)[None, :, None, None]
    np.testing.assert_array_equal(as_pictures(stored)[0, 0, 0], [1, 2, 3])


def test_pieces_are_small_and_complete():
    x = torch.arange(40)
    parts = list(pieces(x))
    assert [len(part) for part in parts] == [16, 16, 8]
    assert torch.equal(torch.cat(parts), x)


def test_variety_is_left_out_where_no_two_pictures_can_be_compared():
    two = torch.tensor([-1.0, 1.0])[:, None, None, None].expand(2, 3, 16, 16)
    same = torch.zeros(2, 3, 16, 16)
    assert variety(two, two) == pytest.approx({"diversity": 1.0})
    assert variety(same, two) == pytest.approx({"diversity": 0.0})
    assert variety(two, same) == {}
    assert variety(two[:1], two) == {}
    assert variety(two, two[:1]) == {}
