"""Tests for engines.interop.torchvision_shim."""

import pytest
import torch

from engines.interop import torchvision_shim


def test_the_python_parts_of_torchvision_work():
    torchvision_shim.load_torchvision()
    from torchvision.transforms import v2

    mirrored = v2.functional.horizontal_flip(torch.tensor([[[1.0, 2.0]]]))
    assert mirrored.tolist() == [[[2.0, 1.0]]]


def test_another_failure_is_not_hidden(monkeypatch):
    def fail(_name):
        raise RuntimeError("something else is wrong")

    monkeypatch.setattr(torchvision_shim.importlib, "import_module", fail)
    with pytest.raises(RuntimeError, match="something else"):
        torchvision_shim.load_torchvision()
