"""Tests for engines.training.warm_up, in a process that has not loaded torch."""

import subprocess
import sys

SCRIPT = """
import sys
from engines.training.warm_up import warm_up

assert "torch" not in sys.modules
warm_up()
before = set(sys.modules)

import torch
from engines.configs.pix2pix import Pix2PixConfig
from engines.data.batches import PairBatch
from engines.training.setup import build_engine

config = Pix2PixConfig(image_size=64, batch_size=1, critic_width=32)
engine = build_engine("pix2pix", config)
a, b = torch.rand(2, 1, 3, 64, 64)
engine.train_step(PairBatch(a=2 * a - 1, b=2 * b - 1))
print(len(set(sys.modules) - before), "torch._dynamo" in before)
"""


def test_a_first_run_imports_next_to_nothing_after_it():
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], check=True, capture_output=True, text=True
    )
    new, has_compiler = done.stdout.split()
    assert int(new) <= 3  # eight hundred without it
    assert has_compiler == "True"
