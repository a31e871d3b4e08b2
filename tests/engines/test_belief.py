"""Tests for engines.belief: where in a picture the critic looks, and what it says."""

import numpy as np
import pytest
import torch

from engines.belief import believed
from engines.configs.pix2pix import Pix2PixConfig
from engines.data.batches import PairBatch
from engines.errors import Cancelled
from engines.options import Options
from engines.pix2pix import Pix2Pix
from engines.training.device import choose
from engines.translation import translate_pixels
from tests.engines.painters import as_model, painter, smooth


class ByBrightness:
    """A critic of patches of 8 pixels: the mean of what it is shown is its belief."""

    patch = (8, 4)

    def __init__(self):
        self.shown = []

    def believes(self, x, y):
        self.shown.append((x, y))
        return torch.nn.functional.avg_pool2d(y.mean(1, keepdim=True) / 2 + 0.5, 8, 4)


@pytest.fixture
def model():
    found = painter()
    found.critic = ByBrightness()
    return found


def test_each_patch_is_believed_where_its_middle_is(model):
    after = np.zeros((32, 32, 3), np.uint8)
    after[:, 16:] = 255
    belief = believed(model, after, after)
    assert belief.shape == (32, 32)
    assert belief.dtype == np.float32
    # Patches start at 0, 4, ..., 24: their middles are at 3.5, 7.5, ..., 27.5. The one
    # in the middle, at 15.5, is half bright; those beside it are all of one level.
    np.testing.assert_allclose(belief[:, :12], 0, atol=1e-6)
    np.testing.assert_allclose(belief[:, 20:], 1, atol=1e-6)
    fade = (np.arange(12, 20) - 11.5) / 8
    np.testing.assert_allclose(belief[:, 12:20], np.tile(fade, (32, 1)), atol=1e-6)


def test_the_critic_sees_input_and_output_at_the_size_it_learnt(model):
    before, after = smooth(50, 90), 255 - smooth(50, 90)
    belief = believed(model, before, after)
    assert belief.shape == (50, 90)
    ((x, y),) = model.critic.shown
    assert x.shape == y.shape == (1, 3, 32, 60)  # of 57.6 x 32, to multiples of 4
    assert (x + y).abs().max() < 0.1  # they are negatives of each other


@pytest.mark.parametrize("size", [(1, 1), (5, 40), (33, 7)])
def test_a_small_picture_is_shown_as_large_as_the_critic_needs(size):
    model = with_critic(painter(patch="70"))
    rgb = smooth(*size)
    belief = believed(model, rgb, rgb, Options(scale="full"))
    assert belief.shape == size
    assert 0 <= belief.min() <= belief.max() <= 1


def with_critic(model):
    model.critic = model.translator
    return model


def test_a_large_picture_is_judged_in_tiles_like_the_whole(monkeypatch):
    model = with_critic(painter(patch="16", norm="instance", adversary="unconditional"))
    model.translator.discriminator[3] = torch.nn.Identity()  # nothing over all of it
    before, after = smooth(90, 300), smooth(90, 300, 1)
    full = Options(scale="full")
    whole = believed(model, before, after, full)
    assert whole.std() > 0.01
    monkeypatch.setattr("engines.belief.TILE", 128)
    told = []
    tiled = believed(
        model, before, after, full, cancelled=lambda: told.append(1) is not None
    )
    np.testing.assert_allclose(tiled, whole, atol=1 / 255)
    assert len(told) == 4
    with pytest.raises(Cancelled):
        believed(model, before, after, cancelled=lambda: True)


def test_a_critic_that_learnt_believes_the_real_answer_and_not_what_was_painted():
    config = Pix2PixConfig(
        image_size=32,
        generator_width=4,
        critic_width=8,
        patch="16",
        gan_loss="least_squares",
        learning_rate=2e-3,
    )
    engine = Pix2Pix(config, choose("cpu", "fp32"))
    engine.optimizers["generator"].param_groups[0]["lr"] = 0.0  # paints grey for ever
    for step in range(40):
        pictures = [smooth(32, 32, 10 * step + k) for k in range(4)]
        x = torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2) / 127.5 - 1
        engine.train_step(PairBatch(a=x, b=-x))
    model = with_critic(as_model(engine, louder=1))
    before = smooth(32, 32, 9999)
    real = 255 - before
    painted = translate_pixels(model, before)
    assert believed(model, before, real).mean() > 0.7
    assert believed(model, before, painted).mean() < 0.2
