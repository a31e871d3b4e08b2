"""Batches of noise, to try a step on."""

import torch

from engines.catalogue import EngineEntry
from engines.configs import EngineConfig
from engines.data.batches import Batch, PairBatch, PictureBatch

CLASSES = 10  # how many there are changes neither time nor memory much


def random_batch(
    entry: EngineEntry, config: EngineConfig, device: torch.device
) -> Batch:
    """A batch that *entry* learns from, as *config* says: always the same noise."""
    rng = torch.Generator().manual_seed(0)
    count, side = config.pictures_per_step, config.image_size
    shape = (2, count, config.channels, side, side)
    a, b = (torch.rand(shape, generator=rng) * 2 - 1).to(device)
    if entry.data == "single":
        return PictureBatch(x=a, labels=torch.arange(count, device=device) % CLASSES)
    return PairBatch(a=a, b=b)
