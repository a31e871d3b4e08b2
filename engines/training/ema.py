"""A running average of a network's weights."""

import copy

import torch

from engines.training.master import MasterWeights


class Ema:
    """Exponential moving average of a network (Karras et al. 2018, section 4).

    Early on the average follows faster, min(decay, (1 + n) / (10 + n)) after n
    updates, so that it does not remember the random start.

    Attributes:
        network: The averaged copy, always in eval mode and in 32 bits.
        weights: Those of the copy.
        updates: How often it was updated.
    """

    def __init__(self, weights: MasterWeights, decay: float) -> None:
        """Start the average at *weights*; *decay* in [0, 1)."""
        self.network = copy.deepcopy(weights.network).float().eval()
        self.network.requires_grad_(False)
        self.weights = MasterWeights(self.network)
        self.weights.load_state_dict(weights.state_dict())
        self.decay = decay
        self.updates = 0

    @torch.no_grad()
    def update(self, weights: MasterWeights) -> None:
        """Move the average towards *weights*; buffers are copied as they are."""
        decay = min(self.decay, (1 + self.updates) / (10 + self.updates))
        self.weights.row.lerp_(weights.row, 1 - decay)
        both = zip(self.network.buffers(), weights.network.buffers(), strict=True)
        for mine, theirs in both:
            mine.copy_(theirs)
        self.updates += 1
