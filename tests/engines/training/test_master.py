"""One row of weights behind a network: what it shows, learns and keeps."""

import pytest
import torch
from torch import nn

from engines.training.ema import Ema
from engines.training.master import MasterWeights


def network():
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(3, 5, 3, bias=False),
        nn.BatchNorm2d(5),
        nn.Flatten(),
        nn.Linear(5 * 4, 2),
    )


def step(net, master, optimizer, seed):
    """One step down the mean square of what *net* makes of noise."""
    rng = torch.Generator().manual_seed(seed)
    x = torch.randn(4, 3, 4, 4, generator=rng)
    net.zero_grad()
    with torch.autocast("cpu", torch.bfloat16, enabled=is_16(net)):
        loss = net(x).float().square().mean()
    loss.backward()
    if master is None:
        optimizer.step()
    else:
        master.step(optimizer)
    return loss.item()


def is_16(net):
    return net[0].weight.dtype == torch.bfloat16


def test_a_row_shows_the_same_weights_with_channels_last():
    plain, net = network(), network()
    master = MasterWeights(net)
    for (name, mine), theirs in zip(
        net.named_parameters(), plain.parameters(), strict=True
    ):
        assert torch.equal(mine, theirs), name
    kernel = net[0].weight
    assert kernel.is_contiguous(memory_format=torch.channels_last)
    master.row.add_(1)
    assert torch.equal(kernel, plain[0].weight + 1)  # a view, not a copy


@pytest.mark.parametrize("kind", [torch.optim.Adam, torch.optim.RMSprop])
def test_a_row_learns_what_torch_learns_parameter_by_parameter(kind):
    plain, net = network(), network()
    master = MasterWeights(net)
    theirs = kind(plain.parameters(), lr=1e-2)
    mine = kind([master.row], lr=1e-2)
    for seed in range(5):
        step(plain, None, theirs, seed)
        step(net, master, mine, seed)
    for a, b in zip(net.parameters(), plain.parameters(), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-5, atol=1e-6)


def test_16_bits_are_copies_of_a_32_bit_row_that_keeps_small_steps():
    net = network()
    master = MasterWeights(net, bf16=True)
    assert net[0].weight.dtype == net[3].weight.dtype == torch.bfloat16
    assert net[3].bias.dtype == net[1].weight.dtype == torch.float32
    before = net[3].weight.detach().clone()
    start = master.row.clone()
    optimizer = torch.optim.SGD([master.row], lr=1.0)
    for _ in range(1000):  # each far below what bfloat16 can tell from 0.2
        net.zero_grad()
        for parameter in net.parameters():
            parameter.grad = torch.full_like(parameter, 1e-5)
        master.step(optimizer)
    moved = start - master.row
    used = moved != 0
    torch.testing.assert_close(
        moved[used], torch.full_like(moved[used], 1e-2), rtol=0.01, atol=0
    )
    torch.testing.assert_close(
        before.float() - net[3].weight.float(),
        torch.full_like(before, 1e-2, dtype=torch.float32),
        rtol=0,
        atol=2e-3,
    )


@pytest.mark.parametrize("bf16", [False, True])
def test_a_state_continues_to_the_bit(bf16):
    one = network()
    master = MasterWeights(one, bf16=bf16)
    adam = torch.optim.Adam([master.row], lr=1e-2, fused=True)
    for seed in range(3):
        step(one, master, adam, seed)
    weights = {name: value.clone() for name, value in master.state_dict().items()}
    memory = {
        name: value.clone() for name, value in master.optimizer_state(adam).items()
    }
    assert all(v.dtype != torch.bfloat16 for v in weights.values())
    assert memory["0.exp_avg"].shape == (5, 3, 3, 3)

    two = network()
    other = MasterWeights(two, bf16=bf16)
    again = torch.optim.Adam([other.row], lr=1e-2, fused=True)
    other.load_state_dict(weights)
    other.load_optimizer(again, memory)
    for seed in (3, 4):
        assert step(one, master, adam, seed) == step(two, other, again, seed)
    assert torch.equal(master.row, other.row)
    assert all(
        torch.equal(a, b) for a, b in zip(one.buffers(), two.buffers(), strict=True)
    )


def test_weights_of_another_network_are_refused():
    master = MasterWeights(network())
    with pytest.raises(RuntimeError, match=r"size mismatch for 3\.weight"):
        master.load_state_dict({**master.state_dict(), "3.weight": torch.zeros(3, 20)})


def test_an_average_of_16_bit_weights_is_kept_in_32():
    net = network()
    master = MasterWeights(net, bf16=True)
    average = Ema(master, decay=0.999)
    start = average.weights.row.clone()
    assert torch.equal(start, master.row)
    master.row.add_(1e-4)  # less than bfloat16 can tell from most weights
    average.update(master)  # the first follows by 9 / 10
    torch.testing.assert_close(
        average.weights.row - start,
        torch.full_like(start, 0.9e-4),
        rtol=1e-2,
        atol=1e-7,
    )
    assert average.network[0].weight.dtype == torch.float32
