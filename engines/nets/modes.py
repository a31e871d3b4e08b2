"""Networks as they are used: still, unless noise or other statistics are asked for."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn

from engines.nets.dropout import Dropout
from engines.options import NormUse


@contextmanager
def used(
    network: nn.Module,
    *,
    noise: torch.Generator | None = None,
    norm: NormUse = "learnt",
) -> Iterator[nn.Module]:
    """Let *network* stand as it is used, and afterwards as it stood before.

    No weight, no buffer and no random stream of the network changes.

    Args:
        network: For one thread at a time.
        noise: What dropout draws from, on the network's device; None: no dropout.
        norm: Statistics of batch norm: "learnt" in training, or the "picture"'s own,
            as they are in training.
    """
    modules = list(network.modules())
    trained = [module.training for module in modules]
    streams = [(m, m.rng) for m in modules if isinstance(m, Dropout)]
    tracked = [
        (m, m.track_running_stats) for m in modules if isinstance(m, nn.BatchNorm2d)
    ]
    network.eval()
    if noise is not None:
        for dropout, _ in streams:
            dropout.training, dropout.rng = True, noise
    if norm == "picture":
        for layer, _ in tracked:
            # One that tracks nothing normalises by what it sees and updates nothing.
            layer.training, layer.track_running_stats = True, False
    try:
        yield network
    finally:
        for module, training in zip(modules, trained, strict=True):
            module.training = training
        for dropout, rng in streams:
            dropout.rng = rng
        for layer, tracks in tracked:
            layer.track_running_stats = tracks


def has_dropout(network: nn.Module) -> bool:
    """Whether noise makes a difference to what comes out of *network*."""
    return any(isinstance(m, Dropout) and m.p > 0 for m in network.modules())


def has_batch_norm(network: nn.Module) -> bool:
    """Whether it makes a difference where norms take their statistics from."""
    return any(isinstance(m, nn.BatchNorm2d) for m in network.modules())


def reach(network: nn.Module) -> int:
    """How far, in pixels, what comes out looks at most at what goes in.

    Counted over the convolutions in the order in which they stand, for a network that
    ends at the scale it began with. Norms over a whole picture look further.
    """
    pixels, scale = 0.0, 1.0
    for layer in network.modules():
        if isinstance(layer, nn.ConvTranspose2d):
            scale /= layer.stride[0]
            pixels += scale * (layer.kernel_size[0] // 2)
        elif isinstance(layer, nn.Conv2d):
            pixels += scale * (layer.kernel_size[0] // 2)
            scale *= layer.stride[0]
    return round(pixels)
