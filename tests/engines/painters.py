"""Networks with random weights whose pictures have something to see in them."""

from pathlib import Path

import numpy as np
from PIL import Image

from engines.configs.pix2pix import Pix2PixConfig
from engines.pix2pix import Pix2Pix
from engines.training.device import choose
from engines.translation import Model

LOUDER = 6.0  # than the weights that training begins with, which paint all but grey


def painter(**values):
    """A Pix2Pix for 32 pixels, with changed settings, as a model."""
    small = {"image_size": 32, "generator_width": 8, "critic_width": 8, **values}
    return as_model(Pix2Pix(Pix2PixConfig(**small), choose("cpu", "fp32")))


def as_model(engine, louder=LOUDER):
    """An *engine* as if it were loaded, all of its weights so many times larger."""
    for master in engine.masters.values():
        master.row.mul_(louder)
        master.publish()
    return Model(
        path=Path("run"),
        name="random",
        step=3,
        translator=engine,
        image_size=engine.config.image_size,
        shape=engine.config.shape,
    )


def smooth(height, width, seed=0):
    """Soft areas of colour, (H, W, 3) uint8."""
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(0, 256, (5, 7, 3), dtype=np.uint8))
    return np.asarray(coarse.resize((width, height), Image.Resampling.BICUBIC))
