"""Tests for engines.translation with networks: the same everywhere, as asked for."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from engines.configs.cyclegan import CycleGANConfig
from engines.cyclegan import CycleGAN
from engines.data.images import resize
from engines.data.sets import PictureSet
from engines.pixels import to_float, to_pictures
from engines.training.device import choose
from engines.training.watch_pairs import PairWatcher
from engines.training.watch_styles import StyleWatcher
from engines.translation import Options, translate_pixels
from tests.engines.painters import as_model, painter, smooth
from tests.engines.training.watching import store

SQUARE, WIDE = (50, 50), (40, 70)
SEASONS = PictureSet(
    folder=Path(), layout="folders", use="styles", groups=("a", "b"), items=()
)


def as_learnt(files, shape):
    """Pictures as a run keeps them to look at, (N, 3, 32, 32) uint8."""
    squares = np.stack([resize(rgb, 32, shape) for rgb in files])
    return torch.from_numpy(squares.transpose(0, 3, 1, 2).copy())


def enlarged(rgb, size):
    return np.asarray(Image.fromarray(rgb).resize(size[::-1], Image.Resampling.LANCZOS))


@pytest.mark.parametrize("norm", ["instance", "batch"])
@pytest.mark.parametrize(
    ("shape", "size"), [("cut", (32, 32)), ("cut", SQUARE), ("stretch", WIDE)]
)
def test_a_picture_gives_to_the_bit_what_the_preview_of_pairs_shows(shape, size, norm):
    model, rgb = painter(shape=shape, norm=norm), smooth(*size)
    held_out = as_learnt([rgb], shape)
    watcher = PairWatcher(model.translator, store(held_out, held_out))
    (shown,) = watcher.preview()["now"]
    assert shown.std() > 20
    made = translate_pixels(model, rgb)
    np.testing.assert_array_equal(made, enlarged(shown, size))


@pytest.mark.parametrize("generator", ["resnet", "unet"])
@pytest.mark.parametrize(("shape", "size"), [("cut", SQUARE), ("stretch", WIDE)])
def test_a_picture_gives_to_the_bit_what_the_preview_of_styles_shows(
    shape, size, generator
):
    config = CycleGANConfig(
        image_size=32,
        shape=shape,
        generator=generator,
        generator_width=4,
        critic_width=4,
        residual_blocks=1,
    )
    model = as_model(CycleGAN(config, choose("cpu", "fp32")))
    files = [smooth(*size, seed) for seed in range(2)]
    held_out = store(as_learnt(files, shape), labels=[0, 1])
    preview = StyleWatcher(model.translator, SEASONS, held_out).preview()["translated"]
    assert preview.std() > 20
    for rgb, shown, way in zip(files, preview, ("AtoB", "BtoA"), strict=True):
        made = translate_pixels(model, rgb, Options(direction=way))
        np.testing.assert_array_equal(made, enlarged(shown, size))


def test_a_preview_of_several_pictures_differs_by_no_more_than_rounding():
    # Of several at once, sums are added up in another order.
    model = painter(norm="batch")
    files = [smooth(32, 32, seed) for seed in range(6)]
    held_out = as_learnt(files, "cut")
    preview = PairWatcher(model.translator, store(held_out, held_out)).preview()["now"]
    made = np.stack([translate_pixels(model, rgb) for rgb in files])
    different = np.abs(made.astype(int) - preview)
    assert different.max() <= 1
    assert (different > 0).mean() < 0.001


def test_tiles_of_a_painter_equal_the_whole():
    model = painter(levels=3, norm="batch")
    rgb = smooth(210, 330)
    whole, tiled = (
        translate_pixels(model, rgb, Options(scale="full", tile=tile))
        for tile in (512, 128)
    )
    assert whole.std() > 20
    assert np.abs(whole.astype(int) - tiled).max() <= 1


# ----------------------------------------------------------------------------
# Noise and norms.


def test_noise_is_its_seed_s_alone_and_leaves_training_untouched():
    model = painter(dropout=0.5, levels=5)
    engine, rgb = model.translator, smooth(40, 30)
    assert model.can_be_noisy
    before, everyone = engine.rng.get_state(), torch.get_rng_state()
    still, one, again, two = (
        translate_pixels(model, rgb, Options(noise_seed=seed))
        for seed in (None, 1, 1, 2)
    )
    np.testing.assert_array_equal(one, again)
    assert (one != still).any()
    assert (one != two).any()
    assert torch.equal(engine.rng.get_state(), before)
    assert torch.equal(torch.get_rng_state(), everyone)
    assert engine.generator.training
    assert not painter(dropout=0.0, levels=5).can_be_noisy


def test_each_tile_has_noise_of_its_own_and_always_the_same():
    model, rgb = painter(dropout=0.5, levels=5), smooth(64, 64)
    noisy = Options(scale="full", noise_seed=1, tile=64)
    twice = np.concatenate([rgb, rgb], axis=1)
    made, again = (translate_pixels(model, twice, noisy) for _ in range(2))
    np.testing.assert_array_equal(made, again)
    alone = translate_pixels(model, rgb, noisy)
    # Up to the overlap the first tile is the same; the last one sees the same, too.
    np.testing.assert_array_equal(made[:, :16], alone[:, :16])
    assert (made[:, -16:] != alone[:, -16:]).any()
    still = Options(scale="full", tile=64)
    both = [translate_pixels(model, shown, still) for shown in (twice, rgb)]
    np.testing.assert_array_equal(both[0][:, -16:], both[1][:, -16:])


def test_the_picture_s_own_statistics_can_stand_in_for_those_of_training():
    model = painter(norm="batch", dropout=0.0)
    engine, rgb = model.translator, smooth(32, 32)
    assert model.has_batch_norm
    buffers = {n: b.clone() for n, b in engine.generator.named_buffers()}
    learnt, own, later = (
        translate_pixels(model, rgb, Options(norm=norm))
        for norm in ("learnt", "picture", "learnt")
    )
    for name, buffer in engine.generator.named_buffers():
        assert torch.equal(buffer, buffers[name]), name
    np.testing.assert_array_equal(learnt, later)
    assert (own != learnt).any()
    with torch.no_grad():
        made = engine.generator(to_float(rgb[None].copy(), torch.device("cpu")))
    np.testing.assert_array_equal(own, to_pictures(made)[0])  # as a step sees it
    assert not painter(norm="instance").has_batch_norm


def test_newer_weights_take_the_place_of_those_loaded():
    model, newer = painter(), painter(seed=7)
    rgb = smooth(32, 32)
    before = translate_pixels(model, rgb)
    model.refresh(newer.translator.weights(), step=9)
    assert model.step == 9
    after = translate_pixels(model, rgb)
    assert (after != before).any()
    np.testing.assert_array_equal(after, translate_pixels(newer, rgb))
