"""Tests for engines.pixels: there and back again."""

import numpy as np
import pytest
import torch

from engines.pixels import as_pixels, to_float, to_pictures

CPU = torch.device("cpu")


@pytest.mark.parametrize(("dtype", "top"), [(np.uint8, 255), (np.uint16, 65535)])
def test_every_level_survives_and_the_ends_are_black_and_white(dtype, top):
    levels = np.arange(top + 1, dtype=dtype)
    picture = np.stack([levels, levels[::-1], levels], axis=1)[None, None]
    floats = to_float(picture, CPU)
    assert floats.shape == (1, 3, 1, top + 1)
    assert floats.dtype == torch.float32
    assert floats[0, 0, 0, [0, -1]].tolist() == [-1, 1]
    back = as_pixels(floats.permute(0, 2, 3, 1).numpy(), np.dtype(dtype))
    assert back.dtype == dtype
    np.testing.assert_array_equal(back, picture)


def test_what_is_beyond_is_clipped_and_what_is_between_rounded():
    floats = np.array([-1.5, -0.9, 0, 0.9, 1.5], np.float32)
    # 12.75, 127.5 and 242.25: up, to the even one, down.
    assert as_pixels(floats, np.dtype(np.uint8)).tolist() == [0, 13, 128, 242, 255]


def test_both_ways_back_are_the_same_function():
    floats = torch.rand((2, 3, 40, 50), generator=torch.Generator().manual_seed(0))
    made = floats * 2.4 - 1.2
    np.testing.assert_array_equal(
        as_pixels(made.permute(0, 2, 3, 1).numpy(), np.dtype(np.uint8)),
        to_pictures(made),
    )
