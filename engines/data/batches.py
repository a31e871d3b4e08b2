"""Batches as a pure function of the step: a resumed run sees the same pictures.

Pairs are taken epoch by epoch, each in an order of its own, and a batch may reach
over the end of an epoch, so every batch is full. Order and augmentation are drawn
from (seed, epoch) alone; nothing depends on the batches made before.

Shapes: B = batch, N = pairs, L = side of the stored pictures, S = side of a batch.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engines.data.store import PairStore


def load_size(image_size: int, crop: bool) -> int:
    """Side to store pictures at: 286 for random crops of 256 (Isola et al., app. 6.2).

    Args:
        image_size: Side of the pictures in a batch.
        crop: Whether they are random crops.
    """
    return round(image_size * 286 / 256) if crop else image_size


@dataclass(frozen=True, slots=True)
class PairBatch:
    """Two sides, *a* and *b*, each (B, 3, S, S) float32 in [-1, 1].

    Of pairs, inputs and their answers; of two styles, pictures of each that have
    nothing to do with one another.
    """

    a: Tensor
    b: Tensor


@dataclass(frozen=True, slots=True)
class PictureBatch:
    """Pictures *x*, (B, C, S, S) float32 in [-1, 1], C = 1 for grey or 3.

    Attributes:
        x: The pictures.
        labels: The class of each, (B,) int64 from 0, on the pictures' device.
    """

    x: Tensor
    labels: Tensor


@dataclass(frozen=True, slots=True)
class _Epoch:
    """Draws of one epoch; the offsets belong to the pair, not to its place."""

    order: NDArray[np.int64]  # (N,) permutation
    top: NDArray[np.int64]  # (N,) 0 .. L - S
    left: NDArray[np.int64]  # (N,)
    mirrored: NDArray[np.bool_]  # (N,)


@dataclass(frozen=True, slots=True)
class _Pick:
    row: int
    top: int
    left: int
    mirrored: bool


class PairBatches:
    """Assembles shuffled, augmented batches on the device.

    Attributes:
        mirror: Whether half of the pairs are mirrored; may be changed at any time.
        batch_size: B.
    """

    def __init__(
        self,
        store: PairStore,
        *,
        batch_size: int,
        image_size: int,
        seed: int,
        crop: bool,
        mirror: bool,
        device: torch.device,
    ) -> None:
        """Take over the pictures, on a graphics card if they fit there.

        Args:
            store: Pictures of side `load_size(image_size, crop)`.
            batch_size: B.
            image_size: S.
            seed: Another seed gives another order and augmentation.
            crop: Take a random S × S window instead of all.
            mirror: Mirror half of the pairs left to right.
            device: Where batches are wanted.
        """
        side = load_size(image_size, crop)
        if store.a.shape[-2:] != (side, side):
            raise ValueError(f"pictures must be {side} px, are {store.a.shape[-1]} px")
        self.mirror = mirror
        self.device = device
        self.batch_size = batch_size
        self._size = image_size
        self._seed = seed
        self._slack = side - image_size
        self._a, self._b = store.a, store.b
        if _fits(store, device):
            self._a, self._b = store.a.to(device), store.b.to(device)
        # A batch rarely touches more than two epochs, and drawing one is cheap.
        self._epoch = lru_cache(maxsize=2)(self._draw)

    def batch(self, step: int) -> PairBatch:
        """The batch of *step*, counted from 0; the same whenever it is asked for."""
        first = step * self.batch_size
        picks = [self._pick(first + place) for place in range(self.batch_size)]
        return PairBatch(self._assemble(self._a, picks), self._assemble(self._b, picks))

    def _pick(self, position: int) -> _Pick:
        """What stands at *position* of the endless row of epochs."""
        number, place = divmod(position, len(self._a))
        epoch = self._epoch(number)
        row = int(epoch.order[place])
        return _Pick(
            row=row,
            top=int(epoch.top[row]),
            left=int(epoch.left[row]),
            mirrored=self.mirror and bool(epoch.mirrored[row]),
        )

    def _assemble(self, pictures: Tensor, picks: list[_Pick]) -> Tensor:
        size = self._size
        batch = torch.empty(len(picks), 3, size, size, device=pictures.device)
        # Slices one by one: on a CPU about 30 times faster than one fancy index.
        for target, pick in zip(batch, picks, strict=True):
            rows = slice(pick.top, pick.top + size)
            columns = slice(pick.left, pick.left + size)
            window = pictures[pick.row, :, rows, columns]
            target.copy_(window.flip(-1) if pick.mirrored else window)
        # Again one by one on a CPU: waking torch's threads costs more than this work.
        for part in batch if batch.device.type == "cpu" else [batch]:
            part.div_(127.5).sub_(1)
        return batch.to(self.device)

    def _draw(self, epoch: int) -> _Epoch:
        rng = np.random.default_rng((self._seed, epoch))
        n = len(self._a)
        return _Epoch(
            order=rng.permutation(n),
            top=rng.integers(0, self._slack + 1, n),
            left=rng.integers(0, self._slack + 1, n),
            mirrored=rng.random(n) < 0.5,
        )


def _fits(store: PairStore, device: torch.device) -> bool:
    """Whether the pictures may live on the device: half of its free memory at most."""
    if device.type != "cuda":
        return device.type != "cpu"
    free, _ = torch.cuda.mem_get_info(device)
    return store.a.nbytes + store.b.nbytes < free / 2
