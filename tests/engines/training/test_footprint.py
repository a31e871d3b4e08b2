"""Tests for engines.training.footprint: bytes, against what is counted by hand."""

import numpy as np
import pytest
import torch

from engines.catalogue import ENGINES
from engines.errors import Cancelled
from engines.training.device import Compute
from engines.training.footprint import Footprint, LaidOut, _alive, footprint

CPU = Compute(device=torch.device("cpu"), bf16=False)
KB = 1024


def test_what_is_alive_is_counted_to_the_byte():
    with LaidOut() as layout:
        weights = torch.zeros(256, 128, requires_grad=True)  # 128 kB
        x = torch.zeros(256, 256)  # 256 kB
        hidden = x @ weights  # 128 kB
        _view = hidden.t()
        hidden.sigmoid().sum().backward()
        of_graph = layout.alive[-1]
        del x, hidden, _view
        torch.zeros(1)
    # Weights and their gradient; x, hidden. The sigmoid, which its own gradient needs,
    # is gone with the graph.
    assert of_graph == pytest.approx((128 + 128 + 256 + 128) * KB, abs=64)
    assert layout.alive[-1] == pytest.approx((128 + 128) * KB, abs=64)
    assert max(layout.alive) >= of_graph + 128 * KB  # the sigmoid, its gradient


def test_large_tensors_are_not_computed_and_small_ones_are():
    small, large = torch.ones(10), torch.ones(200, 200)
    with LaidOut():
        doubled, in_place = small * 2, large.mul_(2)
        turned = torch.zeros(200, 100).t_()
    assert doubled.tolist() == [2.0] * 10
    assert in_place is large
    assert turned.shape == (100, 200)
    assert torch.equal(large, torch.ones(200, 200))


@pytest.fixture(params=ENGINES)
def entry(request):
    return ENGINES[request.param]


@pytest.mark.parametrize("bf16", [False, True])
def test_more_pictures_take_what_the_lines_say(entry, bf16):
    values = {**entry.presets["quick"].values, "batch_size": 7}
    config = entry.config.checked(values)
    compute = Compute(device=torch.device("cpu"), bf16=bf16)
    found = footprint(entry, config, bf16=bf16)
    # A convolution may be done in another way from some number of pictures on.
    for size, unsure in ((7, 0.001), (12, 0.15)):
        alive = _alive(entry, config.changed(batch_size=size), compute, bool)
        assert found.peak(size) == pytest.approx(max(alive), rel=unsure)


def test_where_memory_is_not_promised_few_pictures_are_laid_out(monkeypatch):
    entry, tried = ENGINES["vae"], []

    def alive(_entry, config, *_rest):
        tried.append(config.batch_size)
        if config.batch_size > 8:
            raise RuntimeError("DefaultCPUAllocator: not enough memory")
        return [100.0, 10 + 50 * config.batch_size]

    monkeypatch.setattr("engines.training.footprint._alive", alive)
    found = footprint(entry, entry.config(batch_size=64), bf16=False)
    assert found.peak(64) == 10 + 50 * 64
    assert tried == [16, 2, 3]


def test_a_generator_keeps_its_state():
    entry = ENGINES["pix2pix"]  # with dropout, its average copied at the beginning
    config = entry.config.checked(entry.presets["normal"].values)
    found = footprint(entry, config, bf16=False)
    assert found.peak(16) > found.peak(8) > 2e8


def test_adam_keeps_weights_gradients_and_two_moments():
    with LaidOut() as layout:
        network = torch.nn.Linear(512, 256, bias=False)  # 512 kB
        adam = torch.optim.Adam(network.parameters())
        for _ in range(2):
            adam.zero_grad()
            network(torch.zeros(64, 512)).sum().backward()
            adam.step()
    assert layout.alive[-1] == pytest.approx(4 * 512 * KB, abs=64)


def test_the_largest_batch_is_the_last_that_is_within_the_limit():
    # Optimisers need 100 whatever the batch, the backward pass 10 and 50 a picture.
    found = Footprint(fixed=np.array([100.0, 10.0]), each=np.array([0.0, 50.0]))
    assert [found.peak(size) for size in (1, 2, 3)] == [100, 110, 160]
    assert found.largest_batch(160, 256) == 3
    assert found.largest_batch(159, 256) == 2
    assert found.largest_batch(99, 256) == 0
    assert found.largest_batch(10_000, 16) == 16


def test_it_can_be_given_up_at_once():
    entry, asked = ENGINES["cyclegan"], []

    def cancelled():
        asked.append(1)
        return len(asked) > 100

    with pytest.raises(Cancelled):
        footprint(entry, entry.config(), bf16=False, cancelled=cancelled)
    assert len(asked) == 101
