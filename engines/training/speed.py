"""How long a run will take on this machine: a few steps on random pictures."""

import time
from collections.abc import Callable
from statistics import median

import torch

from engines.catalogue import EngineEntry
from engines.configs import EngineConfig
from engines.data.batches import PairBatch
from engines.errors import Cancelled
from engines.training.device import choose

WARM_UP_STEPS = 2  # the first steps allocate and choose algorithms
MEASURED_STEPS = 3
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
    engine = entry.load()(config, compute)
    side = config.image_size
    rng = torch.Generator().manual_seed(0)
    shape = (2, config.batch_size, 3, side, side)
    a, b = (torch.rand(shape, generator=rng) * 2 - 1).to(compute.device)
    times: list[float] = []
    while len(times) < WARM_UP_STEPS + MEASURED_STEPS:
        if cancelled():
            raise Cancelled
        began = time.perf_counter()
        losses = engine.train_step(PairBatch(a=a, b=b))
        for value in losses.values():
            value.item()  # wait for the device
        times.append(time.perf_counter() - began)
        if len(times) > 1 and sum(times) > ENOUGH_S:
            break
    return median(times[WARM_UP_STEPS:] or times[-1:])
