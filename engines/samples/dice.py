"""Seeded chance for the sample sets."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

_T = TypeVar("_T")


class Dice:
    """Seeded chance. Numbers are drawn in blocks, as NumPy is slow at single ones."""

    def __init__(self, seed: int, stream: int) -> None:
        self._generator = np.random.Generator(np.random.PCG64([seed, stream]))
        self._ready: list[float] = []

    def share(self) -> float:
        """A number in [0, 1)."""
        if not self._ready:
            self._ready = self._generator.random(256).tolist()
        return self._ready.pop()

    def between(self, low: float, high: float) -> float:
        """A number in [low, high)."""
        return low + (high - low) * self.share()

    def whole(self, low: int, high: int) -> int:
        """A whole number from *low* to *high*, both included."""
        return low + int(self.share() * (high - low + 1))

    def chance(self, share: float) -> bool:
        """True in *share* of all cases."""
        return self.share() < share

    def pick(self, values: Sequence[_T]) -> _T:
        """One of *values*."""
        return values[self.whole(0, len(values) - 1)]

    def table(self, rows: int, columns: int) -> NDArray[np.float32]:
        """Numbers in [0, 1), (rows, columns)."""
        return self._generator.random((rows, columns), dtype=np.float32)
