"""How long a step takes on this machine: a few are tried on random pictures."""

import time
from collections.abc import Callable
from statistics import median

from engines.base import Engine
from engines.catalogue import EngineEntry
from engines.configs import EngineConfig
from engines.data.batches import Batch
from engines.errors import Cancelled
from engines.training.device import choose
from engines.training.random_batch import CLASSES, random_batch

MEASURED_STEPS = 3
ENOUGH_S = 2.0  # so long a step needs no mean
LONG_S = 10.0  # the first step allocates and chooses algorithms, but not that long
FEW = 2  # pictures per step to begin with; one alone may be a special case


def seconds_per_step(
    entry: EngineEntry,
    config: EngineConfig,
    *,
    cancelled: Callable[[], bool] = lambda: False,
) -> float:
    """Time a training step of a scratch engine.

    Where a step takes longer than `ENOUGH_S`, one with fewer pictures is timed: by
    then the time is in proportion to them.

    Raises:
        DeviceError: The device that the settings ask for is not there.
        Cancelled: *cancelled* said so, before the next layer of a network.
    """
    compute = choose(config.device, config.precision)
    engine = entry.load()(config, compute, class_count=CLASSES)
    _make_cancellable(engine, cancelled)

    def tried(size: int, steps: int) -> list[float]:
        """Seconds of some steps with *size* pictures; of fewer where they take long."""
        sized, times = config.changed(batch_size=size), list[float]()
        batch = random_batch(entry, sized, compute.device)
        while len(times) < steps and sum(times[1:]) <= ENOUGH_S:
            times.append(_timed(engine, batch))
        return times

    size = min(FEW, config.batch_size)
    (seconds,) = tried(size, 1)
    if seconds <= LONG_S:
        (seconds,) = tried(size, 1)
    if seconds <= ENOUGH_S:
        size = min(config.batch_size, int(size * ENOUGH_S / seconds))
        seconds = median(tried(size, 1 + MEASURED_STEPS)[1:])
    return seconds * config.batch_size / size


def _make_cancellable(engine: Engine, cancelled: Callable[[], bool]) -> None:
    """Let a step be given up at every layer: a whole one may take a minute."""

    def ask(*_: object) -> None:
        if cancelled():
            raise Cancelled

    for network in engine.networks.values():
        for layer in network.modules():
            layer.register_forward_pre_hook(ask)


def _timed(engine: Engine, batch: Batch) -> float:
    """Seconds that one step takes, to its very end."""
    began = time.perf_counter()
    losses = engine.train_step(batch)
    for value in losses.values():
        value.item()  # wait for the device
    return time.perf_counter() - began
