"""Tests for engines.nets.resnet."""

import pytest
import torch

from engines.nets.norm import init_normal
from engines.nets.resnet import MULTIPLE, ResNet


def conv(c_in, c_out, kernel):
    return c_in * c_out * kernel**2 + c_out


@pytest.mark.parametrize(("blocks", "millions"), [(9, 11.378), (6, 7.838)])
def test_it_has_the_parameters_of_the_paper(blocks, millions):
    by_hand = (
        conv(3, 64, 7)
        + conv(64, 128, 3)
        + conv(128, 256, 3)
        + blocks * 2 * conv(256, 256, 3)
        + conv(256, 128, 3)
        + conv(128, 64, 3)
        + conv(64, 3, 7)
    )
    found = sum(p.numel() for p in ResNet(residual_blocks=blocks).parameters())
    assert found == by_hand
    assert found / 1e6 == pytest.approx(millions, abs=5e-4)


@pytest.mark.parametrize(
    ("height", "width"), [(64, 64), (MULTIPLE, 3 * MULTIPLE), (MULTIPLE, MULTIPLE)]
)
def test_any_multiple_comes_out_at_its_own_size_and_range(height, width):
    network = ResNet(width=4, residual_blocks=2)
    y = network(torch.rand(2, 3, height, width) * 2 - 1)
    assert y.shape == (2, 3, height, width)
    assert y.abs().max() <= 1


def bare(**sizes):
    """A network in 64 bits of convolutions alone: no norm, no pixel silenced."""
    network = ResNet(**sizes).double()
    for module in network.modules():
        if isinstance(module, torch.nn.InstanceNorm2d | torch.nn.ReLU):
            module.forward = lambda x: x
    return network


def test_one_pixel_is_made_of_a_patch_as_large_as_counted_by_hand():
    network = bare(width=2, residual_blocks=1)
    x = torch.randn(1, 3, 96, 96, dtype=torch.float64, requires_grad=True)
    network(x)[0, 0, 48, 48].backward()
    seen = (x.grad.abs().sum(dim=(0, 1)) > 0).nonzero()
    span = (seen.max(dim=0).values - seen.min(dim=0).values + 1).tolist()
    # Back from pixel 48: 7 wide (45..51); of stride 2, output i is made of inputs
    # ceil((i-1)/2) to floor((i+1)/2): 22..26, then 11..13; two kernels of 3: 9..15;
    # stride 2 down: 2*9-1..2*15+1 = 17..31, then 33..63; 7 wide: 30..66.
    assert span == [37, 37]
    assert seen.min().item() == 30


def test_without_what_the_residual_blocks_add_they_change_nothing():
    one, three = ResNet(width=4, residual_blocks=1), ResNet(width=4, residual_blocks=3)
    for network in (one, three):
        init_normal(network, torch.Generator().manual_seed(0))
    ends = list(one.layers)[:10] + list(one.layers)[11:]
    three_ends = list(three.layers)[:10] + list(three.layers)[13:]
    for mine, theirs in zip(three_ends, ends, strict=True):
        mine.load_state_dict(theirs.state_dict())
    # A norm divides away any scale, so only a zero weight silences a block.
    for network in (one, three):
        for name, parameter in network.named_parameters():
            if ".layers." in name:
                torch.nn.init.zeros_(parameter)
    x = torch.rand(1, 3, 16, 16)
    assert torch.equal(one(x), three(x))


def test_edges_are_mirrored_so_that_a_flat_picture_gets_no_frame():
    # With zeros around it, a picture of one colour would get a frame.
    down = bare(width=4, residual_blocks=1).layers[:2]
    with torch.no_grad():
        flat = down(torch.full((1, 3, 16, 16), 0.5, dtype=torch.float64))
    assert flat.std(dim=(2, 3)).max().item() == pytest.approx(0, abs=1e-12)
    assert flat.abs().max() > 1e-3


def test_the_initialisation_is_that_of_the_paper():
    network = ResNet(width=16, residual_blocks=2)
    init_normal(network, torch.Generator().manual_seed(1))
    weights = torch.cat(
        [p.flatten() for n, p in network.named_parameters() if n.endswith("weight")]
    )
    assert weights.std().item() == pytest.approx(0.02, rel=0.02)
    assert weights.mean().item() == pytest.approx(0, abs=2e-4)
    assert all(not p.any() for n, p in network.named_parameters() if n.endswith("bias"))
