"""How long a run will take on this machine: a few steps on random pictures."""

import time
from collections.abc import Callable
from statistics import median

import torch

from engines.catalogue import EngineEntry
from engines.configs import EngineConfig
from engines.data.batches import Batch, PairBatch, PictureBatch
from engines.errors import Cancelled
from engines.training.device import choose

WARM_UP_STEPS = 2  # the first steps allocate and choose algorithms
MEASURED_STEPS = 3
CLASSES = 10  # how many there are hardly changes the time
ENOUGH_S = 2.0  # so long a step needs neither warming up nor a mean


def seconds_per_step(
    entry: EngineEntry,
    config: EngineConfig,
    *,
    cancelled: Callable[[], bool] = lambda: False,
) -> float:
    """Time a training step of a scratch engine.

    Raises:
        DeviceError: The device that the settings ask for is not there.
        Cancelled: *cancelled* said so, before the next step.
    """
    compute = choose(config.device, config.precision)
    engine = entry.load()(config, compute, class_count=CLASSES)
    batch = _random_batch(entry, config, compute.device)
    times: list[float] = []
    while len(times) < WARM_UP_STEPS + MEASURED_STEPS:
        if cancelled():
            raise Cancelled
        began = time.perf_counter()
        losses = engine.train_step(batch)
        for value in losses.values():
            value.item()  # wait for the device
        times.append(time.perf_counter() - began)
        if len(times) > 1 and sum(times) > ENOUGH_S:
            break
    return median(times[WARM_UP_STEPS:] or times[-1:])


def _random_batch(
    entry: EngineEntry, config: EngineConfig, device: torch.device
) -> Batch:
    rng = torch.Generator().manual_seed(0)
    count, side = config.pictures_per_step, config.image_size
    shape = (2, count, config.channels, side, side)
    a, b = (torch.rand(shape, generator=rng) * 2 - 1).to(device)
    if entry.data == "single":
        return PictureBatch(x=a, labels=torch.arange(count, device=device) % CLASSES)
    return PairBatch(a=a, b=b)
