"""Dropout that draws from a generator of its own."""

import torch
from torch import Tensor, nn


class Dropout(nn.Module):
    """Inverted dropout (Srivastava et al. 2014) on a private random stream.

    `torch.nn.Dropout` draws from the process-wide stream, where a picture that is
    translated on another thread would change what training draws next.
    """

    def __init__(self, p: float, rng: torch.Generator) -> None:
        """Silence a share *p* in [0, 1) of the values, drawn from *rng*."""
        super().__init__()
        self.p = p
        self.rng = rng

    def forward(self, x: Tensor) -> Tensor:
        """Same shape out; the identity in eval mode."""
        if not self.training or self.p == 0:
            return x
        keep = torch.empty_like(x).bernoulli_(1 - self.p, generator=self.rng)
        return x * keep.div_(1 - self.p)
