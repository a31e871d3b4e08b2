"""Tests for engines.nets.modes: a network in use, and as it was before."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from engines.nets.dropout import Dropout
from engines.nets.modes import has_batch_norm, has_dropout, reach, used
from engines.nets.resnet import ResNet
from engines.nets.unet import UNet


def seeded(seed):
    return torch.Generator().manual_seed(seed)


@pytest.fixture
def network():
    """Batch norm with statistics far from those of any input, and dropout."""
    made = nn.Sequential(nn.BatchNorm2d(3), Dropout(0.5, seeded(7)), nn.Identity())
    made[0].running_mean.fill_(5.0)
    made[0].running_var.fill_(4.0)
    made[2].eval()  # one that somebody left in another mode than the rest
    return made


X = torch.randn(2, 3, 8, 8, generator=seeded(0))


def test_as_it_comes_learnt_statistics_count_and_nothing_is_dropped(network):
    with used(network), torch.no_grad():
        y = network(X)
    torch.testing.assert_close(y, (X - 5) / 2, atol=1e-4, rtol=0)


def test_noise_drops_out_and_its_seed_says_what(network):
    with torch.no_grad():
        with used(network, noise=seeded(1)):
            y = network(X)
        with used(network, noise=seeded(1)):
            again = network(X)
        with used(network, noise=seeded(2)):
            other = network(X)
    assert torch.equal(y, again)
    assert not torch.equal(y, other)
    dropped = y == 0
    assert 0.4 < dropped.float().mean().item() < 0.6
    # What is left is doubled, and norms still go by what they learnt.
    torch.testing.assert_close(y[~dropped], (X - 5)[~dropped], atol=1e-4, rtol=0)


def test_the_statistics_of_the_picture_are_those_of_training(network):
    with used(network, norm="picture"), torch.no_grad():
        y = network(X)
    expected = F.batch_norm(X, None, None, training=True)
    torch.testing.assert_close(y, expected)


@pytest.mark.parametrize("norm", ["learnt", "picture"])
@pytest.mark.parametrize("noisy", [True, False])
def test_afterwards_everything_is_as_it_was(network, norm, noisy):
    modes = [m.training for m in network.modules()]
    buffers = {name: value.clone() for name, value in network.named_buffers()}
    stream = network[1].rng
    state, everyone = stream.get_state(), torch.get_rng_state()

    def use():
        with used(network, noise=seeded(3) if noisy else None, norm=norm):
            network(X)
            raise KeyError

    with pytest.raises(KeyError):
        use()
    assert [m.training for m in network.modules()] == modes
    assert network[0].track_running_stats
    assert network[1].rng is stream
    assert torch.equal(stream.get_state(), state)
    assert torch.equal(torch.get_rng_state(), everyone)
    for name, value in network.named_buffers():
        assert torch.equal(value, buffers[name]), name


def test_a_network_says_what_makes_a_difference():
    unet = UNet(width=4, levels=5, norm="batch", dropout=0.5, rng=seeded(0))
    still = UNet(width=4, levels=5, norm="instance", dropout=0.0, rng=seeded(0))
    assert (has_dropout(unet), has_batch_norm(unet)) == (True, True)
    assert (has_dropout(still), has_batch_norm(still)) == (False, False)


def test_how_far_a_network_looks():
    assert reach(nn.Sequential(nn.Conv2d(3, 3, 7), nn.ReLU(), nn.Conv2d(3, 3, 1))) == 3
    # 3 + (1 + 2) down + 2 blocks of 2 convolutions at a quarter, 4 each, + up + 3.
    assert reach(ResNet(width=4, residual_blocks=2)) == 3 + 3 + 16 + 3 + 3
    # Kernels of 4 look 2 far: 2 (1 + 2 + 4) down, and as far up.
    assert reach(UNet(width=4, levels=3, rng=seeded(0))) == 28


@pytest.mark.parametrize("levels", [1, 2, 3])
def test_no_pixel_depends_on_others_that_are_further_away(levels):
    network = UNet(width=4, levels=levels, norm="batch", rng=seeded(0)).eval()
    x = torch.rand(1, 3, 128, 128, generator=seeded(1)).requires_grad_()
    seen = []
    for place in range(56, 64):  # in every phase of the strides
        (slopes,) = torch.autograd.grad(network(x)[0, 0, 60, place], x)
        columns = slopes.abs().sum((0, 1, 2)).nonzero().flatten()
        seen += [place - columns.min().item(), columns.max().item() - place]
    assert 0.7 * reach(network) <= max(seen) <= reach(network)
