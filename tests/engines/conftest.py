"""Tiny picture folders and settings for runs that take a second."""

import numpy as np
import pytest
from PIL import Image

from engines.configs.pix2pix import Pix2PixConfig
from engines.training.jobs import DataChoice, NewRun


@pytest.fixture
def pair_folder(tmp_path):
    """Ten pairs of 40×36 pixels in subfolders A and B; B is the negative of A."""
    folder = tmp_path / "pairs"
    rng = np.random.default_rng(0)
    for side in "AB":
        (folder / side).mkdir(parents=True)
    for k in range(10):
        coarse = rng.integers(0, 256, (5, 5, 3), dtype=np.uint8)
        a = Image.fromarray(coarse).resize((40, 36), Image.Resampling.BILINEAR)
        a.save(folder / "A" / f"{k}.png")
        Image.fromarray(255 - np.asarray(a)).save(folder / "B" / f"{k}.png")
    return folder


@pytest.fixture
def tiny_config():
    """A network of a few thousand weights, for a handful of steps."""
    return Pix2PixConfig(
        image_size=32,
        steps=6,
        batch_size=3,
        generator_width=4,
        critic_width=4,
        device="cpu",
    )


@pytest.fixture
def new_run(pair_folder, tiny_config, tmp_path):
    """Make a `NewRun` on the ten pairs, with changed settings."""

    def make(name="run", **values):
        return NewRun(
            engine="pix2pix",
            config=tiny_config.changed(**values),
            data=DataChoice(folder=pair_folder),
            folder=tmp_path / "runs" / name,
            name="Negatives",
            threads=1,
        )

    return make
