"""What training would take on this machine, found out before it begins."""

import math
from collections.abc import Callable

import torch

from engines.catalogue import EngineEntry
from engines.configs import EngineConfig, settings_of
from engines.free_memory import free_memory
from engines.training.device import choose
from engines.training.footprint import footprint
from engines.training.reports import DryRun
from engines.training.speed import seconds_per_step
from engines.training.threads import free_cores

# What torch sets aside beside all tensors; 155 to 214 MB were measured on a processor.
ASIDE = 200_000_000
SHARE = 0.9  # of what is free: other programs want some soon


def dry_run(
    entry: EngineEntry,
    config: EngineConfig,
    *,
    seconds: float | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> DryRun:
    """Find out what training takes; steps are only tried where they fit.

    Args:
        entry: The engine.
        config: Its settings.
        seconds: How long a step takes, where it is known.
        cancelled: Asked again and again.

    Raises:
        DeviceError: The device that the settings ask for is not there.
        Cancelled: *cancelled* said so.
    """
    compute = choose(config.device, config.precision)
    needed = footprint(entry, config, bf16=compute.bf16, cancelled=cancelled)
    free = free_on(compute.device)
    limit = math.inf if free is None else SHARE * free - ASIDE
    largest = needed.largest_batch(limit, _most_pictures(config))
    fits = needed.peak(config.batch_size) <= limit
    if fits and seconds is None:
        torch.set_num_threads(free_cores())  # as a run does, before long
        seconds = seconds_per_step(entry, config, cancelled=cancelled)
    return DryRun(
        seconds_per_step=seconds,
        memory=ASIDE + needed.peak(config.batch_size),
        free=free,
        largest_batch=largest,
        fits=fits,
    )


def free_on(device: torch.device) -> int | None:
    """Bytes that a run on *device* can have now; None where nobody says."""
    if device.type != "cuda":
        return free_memory()  # Apple graphics share it with the processor
    free, _all = torch.cuda.mem_get_info(device)
    kept = torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
    return free + kept


def _most_pictures(config: EngineConfig) -> int:
    setting = next(s for s in settings_of(type(config)) if s.name == "batch_size")
    assert setting.high is not None, "it has bounds"
    return int(setting.high)
