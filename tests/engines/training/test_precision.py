"""Precision chosen by what the processor is good at, and its words."""

import pytest
import torch

from engines.training import device
from engines.training.device import choose, is_bf16_fast


@pytest.fixture
def processor(monkeypatch):
    """A processor of which a test says how fast and how right it multiplies bf16."""
    is_bf16_fast.cache_clear()
    rough = {"seconds": 1e-3, "error": 0.0}

    def timed_product(a, b):
        exact = a.float() @ b.float()
        if a.dtype == torch.float32:
            return exact, 1e-3
        return (exact * (1 + rough["error"])).bfloat16(), rough["seconds"]

    monkeypatch.setattr(device, "_timed_product", timed_product)
    yield rough
    is_bf16_fast.cache_clear()


def test_a_cpu_that_is_made_for_16_bits_is_given_them(processor):
    processor["seconds"] = 0.2e-3
    assert choose("cpu", "auto").bf16
    assert ", bf16, channels last" in str(choose("cpu", "auto"))
    assert not choose("cpu", "fp32").bf16


@pytest.mark.parametrize(
    "seconds", [0.7e-3, 1.5e-3, 1.0]
)  # half as fast again; imitated
def test_any_other_cpu_computes_in_32(processor, seconds):
    processor["seconds"] = seconds
    assert not choose("cpu", "auto").bf16
    assert ", fp32, channels last" in str(choose("cpu", "auto"))
    assert choose("cpu", "bf16").bf16  # asked for by name


def test_16_bits_that_come_out_wrong_are_not_used(processor):
    processor.update(seconds=0.2e-3, error=0.05)
    assert not choose("cpu", "auto").bf16


def test_this_processor_is_tried_once_and_rounds_as_it_should(monkeypatch):
    is_bf16_fast.cache_clear()
    products = []
    real = device._timed_product

    def seen(a, b):
        products.append(real(a, b))
        return products[-1]

    monkeypatch.setattr(device, "_timed_product", seen)
    assert is_bf16_fast() == is_bf16_fast()
    tried = len(products)
    is_bf16_fast()
    assert len(products) == tried >= 2
    exact, rough = products[0][0], products[1][0]
    assert rough.dtype == torch.bfloat16
    error = (rough.float() - exact).norm() / exact.norm()
    assert 5e-4 < error < 0.01
    is_bf16_fast.cache_clear()
