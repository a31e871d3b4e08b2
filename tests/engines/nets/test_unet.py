"""Tests for engines.nets.unet."""

import pytest
import torch

from engines.nets.dropout import Dropout
from engines.nets.norm import init_normal
from engines.nets.unet import UNet, unet_levels


def build(levels=8, width=4, norm="batch", dropout=0.5):
    rng = torch.Generator().manual_seed(0)
    return UNet(width=width, levels=levels, norm=norm, dropout=dropout, rng=rng)


@pytest.mark.parametrize(
    ("size", "levels"), [(32, 5), (64, 6), (128, 7), (256, 8), (512, 8)]
)
def test_the_bottleneck_is_one_pixel_up_to_the_papers_eight_levels(size, levels):
    assert unet_levels(size) == levels


@pytest.mark.parametrize("levels", [5, 6, 7, 8])
def test_same_shape_out_and_inside_the_range(levels):
    side = 2**levels
    y = build(levels)(torch.randn(2, 3, side, side))
    assert y.shape == (2, 3, side, side)
    assert y.abs().max() < 1


def test_the_256_pixel_net_has_the_parameters_of_the_paper():
    # Kernels of 4 everywhere: 16 weights a connection. Encoder C64-C128-C256-C512x5,
    # decoder CD512-CD512-CD512-C512-C256-C128-C64-C3 on twice the channels (skips).
    down = [(3, 64), (64, 128), (128, 256), (256, 512), *[(512, 512)] * 4]
    up = [(512, 512), *[(1024, 512)] * 3, (1024, 256), (512, 128), (256, 64), (128, 3)]
    weights = sum(a * b * 16 for a, b in down + up)
    biases = 64 + 512 + 3  # only where no norm follows: first, bottleneck, last
    norms = 2 * sum(b for _, b in down[1:-1]) + 2 * sum(b for _, b in up[:-1])
    total = sum(p.numel() for p in build(width=64).parameters())
    assert total == weights + biases + norms
    assert total == pytest.approx(54.4e6, rel=0.002)  # the published generator's size


def test_three_decoder_layers_drop_out_as_in_the_paper():
    drops = [
        index
        for index, layer in enumerate(build(8).decoder)
        if any(isinstance(part, Dropout) for part in layer)
    ]
    assert drops == [0, 1, 2]


def test_dropout_draws_from_its_own_stream_only():
    rng = torch.Generator().manual_seed(5)
    layer = Dropout(0.5, rng).train()
    state = torch.get_rng_state()
    x = torch.ones(10_000)
    y = layer(x)
    assert torch.equal(torch.get_rng_state(), state)
    assert not torch.equal(layer(x), y)
    rng.manual_seed(5)
    assert torch.equal(layer(x), y)
    assert set(y.unique().tolist()) == {0.0, 2.0}
    # 10,000 fair coins: five standard deviations are 0.05 of the mean 1.
    assert y.mean().item() == pytest.approx(1.0, abs=0.05)


def test_dropout_is_the_identity_in_use():
    layer = Dropout(0.5, torch.Generator()).eval()
    x = torch.randn(50)
    assert torch.equal(layer(x), x)


def test_initialisation_is_the_papers_gaussian_and_repeats():
    nets = [build(6, width=32), build(6, width=32)]
    for net in nets:
        init_normal(net, torch.Generator().manual_seed(1))
    first, second = (net.encoder[2][1].weight for net in nets)
    assert torch.equal(first, second)
    assert first.mean().item() == pytest.approx(0.0, abs=3e-4)
    assert first.std().item() == pytest.approx(0.02, rel=0.01)
    scale = nets[0].encoder[2][2].weight
    assert scale.mean().item() == pytest.approx(1.0, abs=0.02)


def test_a_skip_carries_detail_past_the_bottleneck():
    net = build(5, dropout=0.0).eval()
    x = torch.zeros(1, 3, 32, 32)
    detail = x.clone()
    detail[:, :, ::2] = 1  # gone after one halving
    assert (net(x) - net(detail)).abs().max() > 1e-4
