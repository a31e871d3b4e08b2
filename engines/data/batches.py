"""Batches as a pure function of the step: a resumed run sees the same pictures.

Pictures are taken epoch by epoch, each in an order of its own, and a batch may reach
over the end of an epoch, so every batch is full. Order and augmentation are drawn
from (seed, epoch) alone; nothing depends on the batches made before.

Shapes: B = batch, N = pictures, L = side of the stored pictures, S = side of a batch,
C = 1 for grey or 3.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engines.configs import EngineConfig
from engines.data.sets import Kind
from engines.data.store import PictureStore

_ASLEEP = 32_767  # numbers that torch works on without waking its threads


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
        labels = self._labels[picks.rows]
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

    rows: Tensor  # (B,) int64
    top: list[int]
    left: list[int]
    mirrored: Tensor  # (B,) bool


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
        positions = np.arange(step * count, (step + 1) * count)
        numbers, places = np.divmod(positions, self._count)
        epochs = [self._epoch(int(number)) for number in np.unique(numbers)]
        parts = [places[numbers == number] for number in np.unique(numbers)]
        rows = [epoch.order[part] for epoch, part in zip(epochs, parts, strict=True)]

        def of_rows(values: Callable[[_Epoch], NDArray[Any]]) -> NDArray[Any]:
            both = zip(epochs, rows, strict=True)
            return np.concatenate([values(epoch)[row] for epoch, row in both])

        mirrored = of_rows(lambda epoch: epoch.mirrored) & mirror
        return _Picks(
            rows=torch.from_numpy(np.concatenate(rows)),
            top=of_rows(lambda epoch: epoch.top).tolist(),
            left=of_rows(lambda epoch: epoch.left).tolist(),
            mirrored=torch.from_numpy(mirrored),
        )

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
        self._pictures = pictures.to(device) if _fits(pictures, device) else pictures

    def assemble(self, picks: _Picks) -> Tensor:
        """The picked windows, (B, C, S, S) float32 in [-1, 1]."""
        size, pictures = self._size, self._pictures
        shape = (len(picks.rows), pictures.shape[1], size, size)
        batch = torch.empty(shape, device=pictures.device)
        are_whole = pictures.shape[-1] == size
        if are_whole and (pictures.device.type != "cpu" or _is_small(pictures)):
            self._take(picks, batch)
        else:
            self._cut(picks, batch)
        for part in _in_parts(batch):
            part.div_(127.5).sub_(1)
        return batch.to(self._device)

    def _take(self, picks: _Picks, batch: Tensor) -> None:
        """Copy whole pictures, many at a time."""
        device = batch.device
        rows, mirrored = picks.rows.to(device), picks.mirrored.to(device)
        turned = mirrored[:, None, None, None] if picks.mirrored.any() else None
        first = 0
        for part in _in_parts(batch):
            here = slice(first, first + len(part))
            whole = self._pictures.index_select(0, rows[here])
            if turned is not None:
                whole = torch.where(turned[here], whole.flip(-1), whole)
            part.copy_(whole)
            first += len(part)

    def _cut(self, picks: _Picks, batch: Tensor) -> None:
        """Copy windows one by one: of large pictures on a CPU the fastest way."""
        size = self._size
        where = (picks.rows.tolist(), picks.top, picks.left, picks.mirrored.tolist())
        for target, row, top, left, turn in zip(batch, *where, strict=True):
            window = self._pictures[row, :, top : top + size, left : left + size]
            target.copy_(window.flip(-1) if turn else window)


def _is_small(pictures: Tensor) -> bool:
    """Whether calling torch for each of them costs more than the work itself."""
    return pictures[0].numel() <= _ASLEEP // 8


def _in_parts(batch: Tensor) -> Sequence[Tensor]:
    """On a CPU, parts so small that torch's threads, slow to wake, are left asleep."""
    if batch.device.type != "cpu":
        return [batch]
    return torch.split(batch, max(1, _ASLEEP // batch[0].numel()))


def _fits(pictures: Tensor, device: torch.device) -> bool:
    """Whether the pictures may live on the device: half of its free memory at most."""
    if device.type != "cuda":
        return device.type != "cpu"
    free, _ = torch.cuda.mem_get_info(device)
    return 2 * pictures.nbytes < free / 2
