"""Tests for engines.nets.norm: what weights are drawn from; instance norm."""

import math

import pytest
import torch
from torch import nn

from engines.nets.norm import InstanceNorm2d, init_he, init_normal


def network():
    return nn.Sequential(nn.Conv2d(32, 64, 4), nn.BatchNorm2d(64), nn.Linear(512, 300))


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def test_normal_draws_as_the_papers_do():
    net = network()
    init_normal(net, seeded())
    for layer, mean in ((net[0], 0.0), (net[1], 1.0), (net[2], 0.0)):
        assert layer.weight.mean().item() == pytest.approx(mean, abs=0.01)
        assert layer.weight.std().item() == pytest.approx(0.02, rel=0.2)
        assert not layer.bias.any()


def test_he_keeps_the_size_of_a_signal():
    net = network()
    init_he(net, seeded())
    # Variance 2 / ((1 + slope²) inputs), 32 x 4 x 4 and 512 of them alike.
    expected = math.sqrt(2 / (1.04 * 512))
    for layer in (net[0], net[2]):
        assert layer.weight.std().item() == pytest.approx(expected, rel=0.02)
        assert not layer.bias.any()
    x = nn.functional.leaky_relu(torch.randn(400, 512, generator=seeded(1)), 0.2)
    scale = net[2](x).std() / x.square().mean().sqrt()
    assert scale.item() == pytest.approx(math.sqrt(2 / 1.04), rel=0.05)


@pytest.mark.parametrize("init", [init_normal, init_he])
def test_the_same_seed_draws_the_same(init):
    one, two, other = network(), network(), network()
    for net, seed in ((one, 0), (two, 0), (other, 1)):
        init(net, seeded(seed))
    assert torch.equal(one[0].weight, two[0].weight)
    assert not torch.equal(one[0].weight, other[0].weight)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("affine", [False, True])
def test_instance_norm_of_channels_last_is_torchs_and_leaves_them_last(count, affine):
    torch.manual_seed(0)
    mine = InstanceNorm2d(4, affine=affine).double()
    other = torch.nn.InstanceNorm2d(4, affine=affine).double()
    if affine:
        torch.nn.init.normal_(mine.weight)
        torch.nn.init.normal_(mine.bias)
        other.load_state_dict(mine.state_dict())
    x = torch.randn(count, 4, 5, 6, dtype=torch.float64)
    last = x.to(memory_format=torch.channels_last).requires_grad_()
    x.requires_grad_()
    y, expected = mine(last), other(x)
    torch.testing.assert_close(y, expected, rtol=0, atol=1e-12)
    assert y.is_contiguous(memory_format=torch.channels_last)
    weight = torch.randn_like(expected)
    (found,) = torch.autograd.grad(y, last, weight)
    (wanted,) = torch.autograd.grad(expected, x, weight)
    torch.testing.assert_close(found, wanted, rtol=0, atol=1e-12)
