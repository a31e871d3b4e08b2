"""Our convolutions against torch's own, both ways of computing them."""

import pytest
import torch
from torch import nn

from engines.nets import conv

LAYERS = [
    (conv.Conv2d, nn.Conv2d, {"kernel_size": 4, "stride": 2, "padding": 1}),
    (conv.Conv2d, nn.Conv2d, {"kernel_size": 4, "stride": 1, "padding": 1}),
    (conv.Conv2d, nn.Conv2d, {"kernel_size": 7, "bias": False}),
    (conv.ConvTranspose2d, nn.ConvTranspose2d, {"kernel_size": 4, "stride": 2}),
    (
        conv.ConvTranspose2d,
        nn.ConvTranspose2d,
        {"kernel_size": 3, "stride": 2, "padding": 1, "output_padding": 1},
    ),
]


@pytest.fixture
def as_product(monkeypatch):
    """Every layer is computed as a matrix product, however many places there are."""
    monkeypatch.setattr(conv, "WEIGHTS_A_PLACE", 0)


def both(ours, theirs, options):
    torch.manual_seed(0)
    mine, other = ours(5, 6, **options).double(), theirs(5, 6, **options).double()
    other.load_state_dict(mine.state_dict())
    return mine, other


@pytest.mark.parametrize(("ours", "theirs", "options"), LAYERS)
@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
def test_a_product_is_the_same_function_with_the_same_gradients(
    as_product, ours, theirs, options, layout
):
    mine, other = both(ours, theirs, options)
    mine = mine.to(memory_format=layout)
    x = torch.randn(2, 5, 8, 9, dtype=torch.float64).to(memory_format=layout)
    x.requires_grad_()
    y, expected = mine(x), other(x)
    assert y.shape == expected.shape
    torch.testing.assert_close(y, expected, rtol=0, atol=1e-12)
    weight = torch.randn_like(expected)
    found = torch.autograd.grad(y, [x, *mine.parameters()], weight)
    wanted = torch.autograd.grad(expected, [x, *other.parameters()], weight)
    for a, b in zip(found, wanted, strict=True):
        torch.testing.assert_close(a, b, rtol=0, atol=1e-12)


@pytest.mark.parametrize(("ours", "theirs", "options"), LAYERS)
def test_a_penalty_on_slopes_goes_through_a_product(as_product, ours, theirs, options):
    mine, _ = both(ours, theirs, options)
    x = torch.randn(1, 5, 7, 7, dtype=torch.float64, requires_grad=True)
    # Along one random direction, which is no less strict and does not take seconds.
    assert torch.autograd.gradgradcheck(mine, (x,), fast_mode=True)


def test_a_product_is_taken_where_weights_far_outnumber_places(monkeypatch):
    taken = []
    real = conv._Windows.apply
    monkeypatch.setattr(
        conv._Windows, "apply", lambda *args: taken.append(args) or real(*args)
    )
    layer = conv.Conv2d(64, 64, 4, 2, 1)  # 65,536 weights: up to 64 places
    layer(torch.zeros(1, 64, 16, 16))  # 8 × 8 places
    assert len(taken) == 1
    layer(torch.zeros(1, 64, 16, 18))  # 8 × 9
    layer(torch.zeros(2, 64, 16, 16))
    assert len(taken) == 1


def test_a_transposed_product_is_taken_where_weights_far_outnumber_places(monkeypatch):
    taken = []
    real = conv._Overlap.apply
    monkeypatch.setattr(
        conv._Overlap, "apply", lambda *args: taken.append(args) or real(*args)
    )
    layer = conv.ConvTranspose2d(64, 64, 4, 2, 1)
    layer(torch.zeros(4, 64, 4, 4))
    assert len(taken) == 1
    layer(torch.zeros(4, 64, 4, 5))
    assert len(taken) == 1
