"""Batches as a pure function of the step: a resumed run sees the same pictures.

Pictures are taken epoch by epoch, each in an order of its own, and a batch may reach
over the end of an epoch, so every batch is full. Order and augmentation are drawn
from (seed, epoch) alone; nothing depends on the batches made before.

Shapes: B = batch, N = pictures, L = side of the stored pictures, S = side of a batch,
C = 1 for grey or 3.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol, TypeAlias

import numpy as np
import torch
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from torch import Tensor

from engines.configs import EngineConfig
from engines.data.sets import Kind
from engines.data.store import PictureStore
from engines.pixels import as_floats

_CACHED = 50_000  # numbers that stay in a core's own memory between two operations


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


Batch: TypeAlias = PairBatch | PictureBatch


class Batches(Protocol):
    """Where batches come from.

    Attributes:
        mirror: Whether half of the pictures are mirrored; may be changed at any time.
        pictures_per_step: How many pictures a step learns from.
    """

    mirror: bool
    pictures_per_step: int

    def batch(self, step: int) -> Batch:
        """The batch of step *step*, counted from 0; a pure function of it."""
        ...


def make_batches(
    kind: Kind, store: PictureStore, config: EngineConfig, device: torch.device
) -> Batches:
    """Batches of what an engine learns from, as its settings say.

    Args:
        kind: What the engine's `train_step` takes.
        store: Pictures of side `load_size(config.image_size, config.crop)`.
        config: The settings of the run.
        device: Where batches are wanted.
    """
    if kind == "pairs":
        return PairBatches(store, config, device)
    if kind == "styles":
        return StyleBatches(store, config, device)
    return PictureBatches(store, config, device)


class PairBatches:
    """Inputs with their answers, both cut and mirrored alike."""

    def __init__(
        self, store: PictureStore, config: EngineConfig, device: torch.device
    ) -> None:
        """Take over the pairs of *store*; see `make_batches`."""
        assert store.b is not None, "pairs have answers"
        self.mirror = config.mirror
        self.pictures_per_step = config.pictures_per_step
        self._draws = _Draws(len(store), config, (config.seed,))
        self._a = _Stored(store.a, config, device)
        self._b = _Stored(store.b, config, device)

    def batch(self, step: int) -> PairBatch:
        """The batch of *step*, counted from 0; the same whenever it is asked for."""
        picks = self._draws.picks(step, self.pictures_per_step, mirror=self.mirror)
        return PairBatch(self._a.assemble(picks), self._b.assemble(picks))


class StyleBatches:
    """As many pictures of each of two styles, drawn independently of each other."""

    def __init__(
        self, store: PictureStore, config: EngineConfig, device: torch.device
    ) -> None:
        """Take over the two groups of *store*; see `make_batches`."""
        self.mirror = config.mirror
        self.pictures_per_step = config.pictures_per_step
        groups = [store.group(number) for number in (0, 1)]
        self._draws = [
            _Draws(len(group), config, (config.seed, number))
            for number, group in enumerate(groups)
        ]
        self._stored = [_Stored(group.a, config, device) for group in groups]

    def batch(self, step: int) -> PairBatch:
        """The batch of *step*, counted from 0; the same whenever it is asked for."""
        a, b = (
            stored.assemble(
                draws.picks(step, self.pictures_per_step, mirror=self.mirror)
            )
            for draws, stored in zip(self._draws, self._stored, strict=True)
        )
        return PairBatch(a, b)


class PictureBatches:
    """Pictures with their classes."""

    def __init__(
        self, store: PictureStore, config: EngineConfig, device: torch.device
    ) -> None:
        """Take over the pictures of *store*; see `make_batches`."""
        self.mirror = config.mirror
        self.pictures_per_step = config.pictures_per_step
        self._draws = _Draws(len(store), config, (config.seed,))
        self._stored = _Stored(store.a, config, device)
        self._labels = store.labels
        self._device = device

    def batch(self, step: int) -> PictureBatch:
        """The batch of *step*, counted from 0; the same whenever it is asked for."""
        picks = self._draws.picks(step, self.pictures_per_step, mirror=self.mirror)
        labels = self._labels[torch.from_numpy(picks.rows)]
        return PictureBatch(self._stored.assemble(picks), labels.to(self._device))


# ----------------------------------------------------------------------------
# Which pictures, and how they are varied.


@dataclass(frozen=True, slots=True)
class _Epoch:
    """Draws of one epoch; the offsets belong to the picture, not to its place."""

    order: NDArray[np.int64]  # (N,) permutation
    top: NDArray[np.int64]  # (N,) 0 .. L - S
    left: NDArray[np.int64]  # (N,)
    mirrored: NDArray[np.bool_]  # (N,)


@dataclass(frozen=True, slots=True)
class _Picks:
    """What a batch shows: B pictures, where each is cut, and which are mirrored."""

    rows: NDArray[np.int64]  # (B,)
    top: NDArray[np.int64]  # (B,)
    left: NDArray[np.int64]  # (B,)
    mirrored: NDArray[np.bool_]  # (B,)


class _Draws:
    """An endless row of epochs over N pictures."""

    def __init__(self, count: int, config: EngineConfig, seed: tuple[int, ...]) -> None:
        self._count = count
        size = config.image_size
        self._slack = load_size(size, config.crop) - size
        self._seed = seed
        # A batch rarely touches more than two epochs, and drawing one is cheap.
        self._epoch = lru_cache(maxsize=2)(self._draw)

    def picks(self, step: int, count: int, *, mirror: bool) -> _Picks:
        """What step *step* shows when every step shows *count* pictures."""
        n, first, end = self._count, step * count, (step + 1) * count
        parts = []
        for number in range(first // n, (end - 1) // n + 1):
            epoch = self._epoch(number)
            rows = epoch.order[max(0, first - number * n) : end - number * n]
            drawn = (epoch.top[rows], epoch.left[rows], epoch.mirrored[rows] & mirror)
            parts.append((rows, *drawn))
        return _Picks(*map(np.concatenate, zip(*parts, strict=True)))

    def _draw(self, epoch: int) -> _Epoch:
        rng = np.random.default_rng((self._seed[0], epoch, *self._seed[1:]))
        n = self._count
        return _Epoch(
            order=rng.permutation(n),
            top=rng.integers(0, self._slack + 1, n),
            left=rng.integers(0, self._slack + 1, n),
            mirrored=rng.random(n) < 0.5,
        )


class _Stored:
    """Decoded pictures, on a graphics card if they fit there, and cut to a batch."""

    def __init__(
        self, pictures: Tensor, config: EngineConfig, device: torch.device
    ) -> None:
        """Take over (N, C, L, L) uint8."""
        side = load_size(config.image_size, config.crop)
        if pictures.shape[-2:] != (side, side):
            raise ValueError(f"pictures must be {side} px, are {pictures.shape[-1]} px")
        self._size = config.image_size
        self._device = device
        self._on_card = pictures.to(device) if _fits(pictures, device) else None
        window = (self._size, self._size)
        # (N, C, L - S + 1, L - S + 1, S, S), every window there is: a view.
        self._windows = sliding_window_view(pictures.numpy(), window, axis=(2, 3))

    def assemble(self, picks: _Picks) -> Tensor:
        """The picked windows, (B, C, S, S) float32 in [-1, 1]."""
        if self._on_card is not None:
            return as_floats(_picked(self._on_card, self._size, picks))
        pictures = self._windows[picks.rows, :, picks.top, picks.left]
        for place in picks.mirrored.nonzero()[0]:
            pictures[place] = pictures[place, ..., ::-1]
        if self._device.type == "cpu":
            return _floats(pictures)
        return as_floats(torch.from_numpy(pictures).to(self._device))


def _picked(pictures: Tensor, size: int, picks: _Picks) -> Tensor:
    """Windows of (N, C, L, L) in one indexing, where each call costs a launch.

    Returns:
        (B, C, S, S), channels last.
    """
    numbers = np.stack([picks.rows, picks.top, picks.left, picks.mirrored])
    rows, top, left, mirrored = torch.from_numpy(numbers).to(pictures.device)[..., None]
    line = torch.arange(size, device=pictures.device)
    y = top + line  # (B, S)
    x = left + torch.where(mirrored > 0, size - 1 - line, line)  # (B, S)
    taken = pictures[rows[..., None], :, y[:, :, None], x[:, None, :]]  # (B, S, S, C)
    return taken.permute(0, 3, 1, 2)


def _floats(pictures: NDArray[np.uint8]) -> Tensor:
    """As `as_floats` to the bit, in half the time, and on the calling thread alone.

    Torch would wake its other threads for large pictures: where another program keeps
    a core busy, that takes a hundred times as long as the work itself.
    """
    batch = torch.empty(pictures.shape)
    bytes_, numbers = pictures.reshape(-1), batch.view(-1).numpy()
    for first in range(0, len(numbers), _CACHED):
        part = numbers[first : first + _CACHED]
        taken = bytes_[first : first + _CACHED]
        np.divide(taken, np.float32(127.5), out=part, dtype=np.float32)
        np.subtract(part, np.float32(1), out=part)
    return batch


def _fits(pictures: Tensor, device: torch.device) -> bool:
    """Whether the pictures may live on the device: half of its free memory at most."""
    if device.type != "cuda":
        return device.type != "cpu"
    free, _ = torch.cuda.mem_get_info(device)
    return 2 * pictures.nbytes < free / 2
