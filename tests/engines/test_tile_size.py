"""Tests for engines.tile_size: as large as the memory allows, and then smaller."""

from types import SimpleNamespace

import pytest
import torch
from torch import nn

from engines import tile_size
from engines.tile_size import falling_sides, halves, memory_line
from engines.training.device import Compute

CPU = Compute(device=torch.device("cpu"), bf16=False)


def test_halves_go_down_to_the_training_size_and_skip_what_changes_nothing():
    assert list(halves(2048, 8, least=256, pixels=10_000_000)) == [2048, 1024, 512, 256]
    # 700 x 700 is whole in 2048 and in 1024 alike.
    assert list(halves(2048, 8, least=256, pixels=490_000)) == [2048, 512, 256]
    assert list(halves(64, 8, least=256, pixels=10_000)) == [64]
    assert list(halves(1000, 8, least=100, pixels=10**7)) == [1000, 496, 248, 120]


def layer():
    return nn.Conv2d(3, 8, 3, padding=1)


def test_memory_is_laid_out_in_bytes_a_pixel():
    at_no_pixel, a_pixel = memory_line(layer(), CPU)
    # An input of 3 floats and an output of 8 are there at once.
    assert a_pixel == pytest.approx(4 * (3 + 8), rel=0.01)
    assert abs(at_no_pixel) < 100_000


def translator(multiple=8):
    return SimpleNamespace(
        compute=CPU, multiple=multiple, generator_for=lambda _direction: layer()
    )


def sides(free, pixels=10**8, image_size=64, multiple=8, monkeypatch=None):
    monkeypatch.setattr(tile_size, "free_memory", lambda: free)
    found = falling_sides(
        translator(multiple), "AtoB", image_size=image_size, pixels=pixels
    )
    return list(found)


@pytest.mark.parametrize(
    ("free", "first"),
    [
        (10**12, 2048),
        # A quarter of this is just enough for 44 bytes of 1024 x 1024 pixels.
        (4 * 44 * 1024**2 * 1.02, 1024),
        (4 * 44 * 1024**2 * 0.98, 512),
        (1, 256),
        (None, 256),
    ],
)
def test_the_first_side_takes_a_quarter_of_the_free_memory(free, first, monkeypatch):
    assert sides(free, monkeypatch=monkeypatch)[0] == first


def test_no_side_is_below_the_training_size(monkeypatch):
    assert sides(10**12, image_size=512, monkeypatch=monkeypatch) == [2048, 1024, 512]
    assert sides(1, image_size=512, monkeypatch=monkeypatch) == [512]
    # Weights that were learnt at a size that is no multiple of theirs.
    found = sides(1, image_size=300, multiple=256, monkeypatch=monkeypatch)
    assert found == [512]


def test_for_a_small_picture_nobody_looks_at_the_memory(monkeypatch):
    def refuse(*_):
        raise AssertionError("not asked for")

    monkeypatch.setattr(tile_size, "memory_line", refuse)
    found = falling_sides(translator(), "AtoB", image_size=64, pixels=256 * 256)
    assert list(found) == [256, 128, 64]
