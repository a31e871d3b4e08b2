"""A running average of a network's weights."""

import copy

import torch
from torch import nn


class Ema:
    """Exponential moving average of a network (Karras et al. 2018, section 4).

    Early on the average follows faster, min(decay, (1 + n) / (10 + n)) after n
    updates, so that it does not remember the random start.

    Attributes:
        network: The averaged copy, always in eval mode.
        updates: How often it was updated.
    """

    def __init__(self, network: nn.Module, decay: float) -> None:
        """Start the average at *network*; *decay* in [0, 1)."""
        self.network = copy.deepcopy(network).eval().requires_grad_(False)
        self.decay = decay
        self.updates = 0

    @torch.no_grad()
    def update(self, network: nn.Module) -> None:
        """Move the average towards *network*; buffers are copied as they are."""
        decay = min(self.decay, (1 + self.updates) / (10 + self.updates))
        torch._foreach_lerp_(
            list(self.network.parameters()), list(network.parameters()), 1 - decay
        )
        for mine, theirs in zip(self.network.buffers(), network.buffers(), strict=True):
            mine.copy_(theirs)
        self.updates += 1
