"""Tests for engines.samples.leaves."""

import colorsys

import numpy as np
import pytest
from PIL import Image

from engines.samples.dice import Dice
from engines.samples.leaf_shapes import SHAPES
from engines.samples.leaves import draw_leaf

SEEDS = range(120)


@pytest.fixture(scope="module")
def leaves():
    return np.stack([draw_leaf(seed, 32) for seed in SEEDS]).astype(float)


def masks(leaves):
    """Where the leaf is: far from the paper, which is bright."""
    return leaves.min(axis=-1) < 175


def test_a_leaf_lies_in_the_middle_of_bright_paper(leaves):
    mask = masks(leaves)
    assert 0.08 < mask.mean(axis=(1, 2)).min() < mask.mean(axis=(1, 2)).max() < 0.6
    corners = leaves[:, [0, 0, -1, -1], [0, -1, 0, -1]]
    assert corners.min() > 195
    rows = np.array([np.argwhere(m).mean(axis=0) for m in mask])
    assert np.abs(rows - 15.5).max() < 6


def test_leaves_have_all_colours_of_the_rainbow(leaves):
    hues = []
    for leaf, mask in zip(leaves, masks(leaves), strict=True):
        hues.append(colorsys.rgb_to_hsv(*(leaf[mask].mean(axis=0) / 255))[0])
    assert (np.histogram(hues, bins=6, range=(0, 1))[0] >= 8).sum() >= 5


def test_leaves_have_many_shapes(leaves):
    """Pixels of the outline differ from leaf to leaf, those of the middle hardly."""
    share = masks(leaves).mean(axis=0)
    assert share[14:18, 14:18].min() > 0.7
    assert ((share > 0.1) & (share < 0.9)).mean() > 0.25


@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_is_symmetric_stays_in_its_box_and_varies(name):
    widths = []
    for seed in range(50):
        shape = SHAPES[name](Dice(seed, 4))
        left, right = np.array(shape.left), np.array(shape.right)
        np.testing.assert_allclose(left * (-1, 1), right)
        assert np.abs(np.concatenate([left, right])).max() <= 0.6
        widths.append(right[:, 0].max())
        (foot, top, _) = shape.veins[-1]
        assert foot == (0.0, 0.5)
        assert -0.5 < top[1] < 0
    assert max(widths) > 1.1 * min(widths)


def test_a_seed_draws_the_same_leaf_at_every_size():
    large = np.asarray(Image.fromarray(draw_leaf(5, 256)).reduce(4)).astype(int)
    assert np.abs(large - draw_leaf(5, 64)).mean() < 4
