"""A pool of pictures painted earlier (Shrivastava et al. 2017, section 2.3).

A discriminator that is shown them as well as the newest remembers what it learnt,
and the two networks do not chase each other in circles.
"""

import torch
from torch import Tensor


class ImagePool:
    """Up to *capacity* painted pictures.

    Attributes:
        pictures: Those in the pool, each (C, H, W).
    """

    def __init__(self, capacity: int, rng: torch.Generator) -> None:
        """Start empty.

        Args:
            capacity: 50 in Zhu et al. 2017, section 4; 0 hands everything on.
            rng: What chance is drawn from; on the CPU, so that no GPU is waited for.
        """
        self.capacity = capacity
        self.pictures: list[Tensor] = []
        self._rng = rng

    def swap(self, fakes: Tensor) -> Tensor:
        """Put new pictures in, and get as many new or old ones.

        While there is room, a picture is kept and returned as well. After that it is
        returned by half of the time; else it takes the place of one that is.

        Args:
            fakes: (B, C, H, W), detached.

        Returns:
            (B, C, H, W).
        """
        return torch.stack([self._swap_one(fake) for fake in fakes])

    def _swap_one(self, fake: Tensor) -> Tensor:
        if len(self.pictures) < self.capacity:
            self.pictures.append(fake.clone())
            return fake
        if self.capacity == 0 or torch.rand((), generator=self._rng) < 0.5:
            return fake
        place = int(torch.randint(self.capacity, (), generator=self._rng))
        old, self.pictures[place] = self.pictures[place], fake.clone()
        return old

    def state(self) -> Tensor:
        """The pictures, (N, C, H, W); of an empty pool, (0,)."""
        return torch.stack(self.pictures) if self.pictures else torch.empty(0)

    def load_state(self, state: Tensor, device: torch.device) -> None:
        """Put `state()` back, on *device*."""
        self.pictures = [picture.to(device, copy=True) for picture in state]
