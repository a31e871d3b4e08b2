"""Tests for engines.tiling: tiles that leave no trace."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.errors import Cancelled
from engines.nets.modes import reach
from engines.nets.norm import InstanceNorm2d, init_he
from engines.nets.unet import UNet
from engines.tiling import Line, blended, overlap_for


def test_a_short_side_is_mirrored_at_both_ends_until_a_tile_fits():
    line = Line.of(5, 256, 64, 8)
    assert line.pixels.tolist() == [1, 0, 1, 2, 3, 4, 3, 2]
    assert (line.before, line.tile, line.starts) == (1, 8, (0,))


@pytest.mark.parametrize(
    ("side", "multiple", "shown"),
    [
        (1, 4, [0, 0, 0, 0]),  # nothing to mirror but itself
        (2, 8, [1, 0, 1, 0, 1, 0, 1, 0]),
        (3, 8, [2, 1, 0, 1, 2, 1, 0, 1]),
        (4, 4, [0, 1, 2, 3]),
    ],
)
def test_mirroring_goes_on_where_the_side_is_shorter_than_what_is_missing(
    side, multiple, shown
):
    assert Line.of(side, 256, 64, multiple).pixels.tolist() == shown


def test_tiles_start_at_multiples_and_the_last_ends_with_the_picture():
    line = Line.of(1000, 256, 64, 8)
    assert line.starts == (0, 192, 384, 576, 744)
    # Of 256 pixels it takes two for 300, and two of 184 do; but no less is learnt.
    assert (Line.of(300, 256, 64, 8).tile, Line.of(300, 256, 64, 8).starts) == (
        184,
        (0, 120),
    )
    assert Line.of(300, 256, 64, 8, smallest=200).tile == 200
    # A stride as large as a tile leaves no multiple between: half a tile then.
    assert Line.of(1000, 256, 64, 256).starts == (0, 128, 256, 384, 512, 640, 768)


def test_between_two_tiles_one_fades_into_the_other_and_edges_do_not_count():
    left, right = Line.of(24, 16, 8, 8).shares
    # Of 8 pixels that they share, 2 next to each edge do not count, 4 are between.
    fade = [0, 0, 0.125, 0.375, 0.625, 0.875, 1, 1]
    assert right.tolist() == fade + [1] * 8
    assert left.tolist() == [1] * 8 + fade[::-1]


def test_an_overlap_follows_how_far_the_network_looks():
    assert overlap_for(3, 512) == 64
    assert overlap_for(28, 512) == 112
    assert overlap_for(1020, 2048) == 256
    assert overlap_for(1020, 256) == 128


sides = st.integers(1, 300)


@settings(max_examples=80, deadline=None)
@given(sides, sides, st.integers(8, 20), st.integers(0, 64), st.sampled_from([1, 4, 8]))
def test_tiles_that_change_nothing_give_the_picture_back(
    height, width, eighths, overlap, multiple
):
    tile = 8 * eighths
    rows, columns = (
        Line.of(side, tile, min(overlap, tile // 2), multiple)
        for side in (height, width)
    )
    picture = np.random.default_rng(0).random((height, width, 2), np.float32)

    def make(down, across):
        assert (down.stop - down.start) % multiple == down.start % multiple == 0
        return picture[rows.pixels[down, None], columns.pixels[across]]

    made = np.concatenate([b.copy() for b in blended(rows, columns, make)])
    assert made.shape == picture.shape
    np.testing.assert_allclose(made, picture, atol=1e-6)


def test_only_a_band_is_kept_and_progress_is_told_tile_by_tile():
    rows, columns = Line.of(200, 64, 16, 8), Line.of(100, 64, 16, 8)
    told = []
    bands = blended(
        rows,
        columns,
        lambda *_: np.zeros((64, 64, 3), np.float32),
        progress=lambda *counts: told.append(counts),
    )
    heights = [(len(band), len(told)) for band in bands]
    assert heights == [(48, 2), (48, 4), (40, 6), (64, 8)]
    assert told == [(n, 8) for n in range(1, 9)]


def test_it_can_be_given_up_between_two_tiles():
    line, made = Line.of(200, 64, 16, 8), []

    def make(*_):
        made.append(1)
        return np.zeros((64, 64, 3), np.float32)

    with pytest.raises(Cancelled):
        list(blended(line, line, make, cancelled=lambda: len(made) == 3))
    assert len(made) == 3


# ----------------------------------------------------------------------------
# With networks.


def coarse_picture(height, width, seed=0):
    """Smooth areas of many levels, (H, W, 3) float32 in [-1, 1]."""
    rng = torch.Generator().manual_seed(seed)
    few = torch.rand(1, 3, 8, 11, generator=rng) * 2 - 1
    picture = torch.nn.functional.interpolate(few, size=(height, width), mode="bicubic")
    return picture[0].permute(1, 2, 0).clamp(-1, 1).numpy()


def with_contrast(network, seed=0):
    """Random weights under which pictures come out full of structure."""
    rng = torch.Generator().manual_seed(seed)
    init_he(network, rng, slope=0.0)
    for module in network.modules():
        if isinstance(module, torch.nn.ConvTranspose2d):
            torch.nn.init.kaiming_normal_(module.weight, generator=rng)
        if isinstance(module, torch.nn.BatchNorm2d):  # as if it had learnt
            module.running_mean.normal_(0, 0.3, generator=rng)
            module.running_var.uniform_(0.5, 2, generator=rng)
    return network.eval()


@torch.no_grad()
def translated(network, picture, tile, overlap, multiple):
    rows, columns = (
        Line.of(side, tile, overlap, multiple) for side in picture.shape[:2]
    )

    def make(down, across):
        x = torch.from_numpy(picture[rows.pixels[down, None], columns.pixels[across]])
        return network(x.permute(2, 0, 1)[None])[0].permute(1, 2, 0).numpy()

    bands = [band.copy() for band in blended(rows, columns, make)]
    return np.concatenate(bands), columns


def test_tiles_of_a_network_without_norms_over_space_equal_the_whole():
    rng = torch.Generator()
    network = with_contrast(UNet(width=6, levels=3, norm="batch", rng=rng))
    picture = coarse_picture(300, 390)
    whole, _ = translated(network, picture, 400, 0, 8)
    assert whole.std() > 0.2  # there is something to get wrong

    for tile in (128, 256):
        overlap = overlap_for(reach(network), tile)
        tiled, _ = translated(network, picture, tile, overlap, 8)
        # To the rounding of floats, where 1/255 of the range was promised.
        assert np.abs(tiled - whole).max() < 1e-5
    # Tiles that start between two multiples are seen in another phase.
    shifted, _ = translated(network, picture, 128, 60, 4)
    assert np.abs(shifted - whole).max() > 2 / 255


def jumps(picture):
    """The largest step between each column and the next, (W - 1,)."""
    return np.abs(np.diff(picture, axis=1)).max(axis=(0, 2))


def tile_edges(line):
    """The last column before each tile, and the last one of each."""
    before = [start - 1 for start in line.starts[1:]]
    ends = [start + line.tile - 1 for start in line.starts[:-1]]
    return [place - line.before for place in before + ends]


def toning(seed=0):
    """A network that takes its tones from the statistics of all that it sees."""
    rng = torch.Generator().manual_seed(seed)
    network = torch.nn.Sequential(
        torch.nn.Conv2d(3, 8, 5, padding=2, padding_mode="reflect"),
        InstanceNorm2d(8),
        torch.nn.Tanh(),
        torch.nn.Conv2d(8, 3, 1),
        torch.nn.Tanh(),
    )
    init_he(network, rng, slope=0.0)
    colours = torch.randn(8, 3, 1, 1, generator=rng)
    network[0].weight.data = colours.expand(-1, -1, 5, 5) / 25  # each channel a blur
    return network.eval()


def test_tiles_with_statistics_of_their_own_show_no_seam():
    network = toning()
    picture = coarse_picture(256, 900)
    overlap = overlap_for(reach(network), 256)
    whole, _ = translated(network, picture, 904, 0, 8)
    made, columns = translated(network, picture, 256, overlap, 8)
    assert np.abs(made - whole).max() > 0.2  # tiles do have other tones
    edges = tile_edges(columns)
    steps = jumps(made)
    assert steps[edges].max() <= np.delete(steps, edges).max()
    # In what tiles add to the whole, nothing hides a seam.
    added = jumps(made - whole)
    assert added[edges].max() <= np.delete(added, edges).max()
    assert added.max() < 0.1

    butted, columns = translated(network, picture, 256, 0, 8)
    edges = tile_edges(columns)
    steps = jumps(butted)
    assert steps[edges].max() > 2 * np.delete(steps, edges).max()
