"""Which pictures are nearly the same: a fingerprint that survives resizing and saving.

A picture is compared by the difference hash, 64 bits that say where brightness rises
from left to right in a 9 × 8 miniature (N. Krawetz, "Kind of Like That", 2013), and
where those agree, by a 16 × 16 miniature in colour: plain drawings have few edges to
tell them apart by.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engines.data.images import Rgb
from engines.errors import Cancelled

_SIDE = 16  # of the miniature in colour
MOST_BITS = 6  # of 64 that may differ
MOST_DIFFERENCE = 6.0  # of the miniatures, mean of 0..255
_MOST_ANYWHERE = 40.0  # at any place of them: another skin tone is another picture


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is kept of a picture to compare it by.

    Attributes:
        bits: The difference hash.
        miniature: (16, 16, 3) uint8.
    """

    bits: int
    miniature: NDArray[np.uint8]

    @property
    def is_grey(self) -> bool:
        """Whether no place of it has a colour."""
        spread = self.miniature.max(-1).astype(int) - self.miniature.min(-1)
        return bool(spread.max() <= 4)


def sketch(rgb: Rgb) -> Sketch:
    """Reduce a picture (H, W, 3) uint8 to what it is compared by."""
    image = Image.fromarray(rgb)
    # In two steps: the hash of the miniature is that of the picture, and faster.
    middle = image.resize((72, 64), Image.Resampling.BOX)
    grey = np.asarray(middle.convert("L").resize((9, 8), Image.Resampling.BOX), int)
    rises = grey[:, 1:] > grey[:, :-1]  # (8, 8)
    bits = int.from_bytes(np.packbits(rises).tobytes(), "big")
    miniature = np.asarray(middle.resize((_SIDE, _SIDE), Image.Resampling.BOX))
    return Sketch(bits, miniature)


def nearly_same(
    first: Sequence[Sequence[Sketch]],
    second: Sequence[Sequence[Sketch]],
    *,
    cancelled: Callable[[], bool] | None = None,
) -> Iterator[tuple[int, int]]:
    """Find what is in both: a row of *first* and the row of *second* most like it.

    Args:
        first: For each item the sketches of its pictures; of a pair, both must agree.
        second: The same number of sketches for each.
        cancelled: Asked before each item of *first*.

    Raises:
        Cancelled: *cancelled* returned True.
    """
    if not first or not second:
        return
    bits = np.array([[s.bits for s in item] for item in second], np.uint64)  # (N, P)
    miniatures = np.stack([_miniature(item) for item in second])  # (N, D)
    for row, item in enumerate(first):
        if cancelled and cancelled():
            raise Cancelled
        own = np.array([s.bits for s in item], np.uint64)
        differing = np.bitwise_count(bits ^ own).max(axis=1)
        candidates = np.flatnonzero(differing <= MOST_BITS)
        apart = miniatures[candidates].astype(np.int16) - _miniature(item)
        distance = np.abs(apart).mean(axis=1)
        same = distance <= MOST_DIFFERENCE
        same &= np.abs(apart).max(axis=1, initial=0) <= _MOST_ANYWHERE
        if same.any():
            best = np.where(same, distance, np.inf).argmin()
            yield row, int(candidates[best])


def _miniature(item: Sequence[Sketch]) -> NDArray[np.uint8]:
    return np.concatenate([sketch.miniature.ravel() for sketch in item])
