"""What a run is judged by, again and again: previews and measures.

There is one watcher for each kind of data. It always looks at the same held-out
pictures, or the same points of the latent space, and draws from streams of its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from engines import metrics
from engines.data.store import PictureStore
from engines.training.reports import Column, Pictures

PREVIEW_PICTURES = 6
# More take time and hardly move the mean: 256 of 64 px, 16 of 256 px. They are
# measured once more after Stop, so that on a CPU they must not take a minute.
MEASURED_PIXELS = 256 * 64**2
LEAST_MEASURED = 8
MEASURE_BATCH = 16


class Watcher(Protocol):
    """Looks at an engine without any effect on it.

    Attributes:
        columns: What every preview shows.
        names: What the K pictures of a column are called.
    """

    columns: tuple[Column, ...]
    names: tuple[str, ...]

    def preview(self) -> Mapping[str, Pictures]:
        """The columns that change, as the engine makes them now, (K, S, S, 3)."""
        ...

    def measure(self) -> Mapping[str, float]:
        """How good it is now, by the names of the catalogue."""
        ...


def spread(count: int, wanted: int) -> list[int]:
    """Up to *wanted* of *count* places, evenly: neighbours in name are often alike."""
    k = min(wanted, count)
    return [(2 * i + 1) * count // (2 * k) for i in range(k)]


def measured(store: PictureStore) -> list[int]:
    """The rows that are measured: of all classes, where these stand one by one."""
    most = max(LEAST_MEASURED, MEASURED_PIXELS // store.a.shape[-1] ** 2)
    return spread(len(store), most)


def as_pictures(pictures: Tensor) -> Pictures:
    """(K, C, S, S) uint8 to (K, S, S, 3), a copy; grey becomes RGB."""
    rgb = pictures.expand(-1, 3, -1, -1).permute(0, 2, 3, 1)
    return np.ascontiguousarray(rgb.cpu().numpy())


def names_at(store: PictureStore, rows: Sequence[int]) -> tuple[str, ...]:
    """What the items in these *rows* are called."""
    return tuple(store.names[row] for row in rows)


def pieces(x: Tensor) -> Iterator[Tensor]:
    """A few pictures at a time: an engine need not take them all at once."""
    return (x[n : n + MEASURE_BATCH] for n in range(0, len(x), MEASURE_BATCH))


def variety(made: Tensor, real: Tensor) -> dict[str, float]:
    """`metrics.diversity` by its name; {} where no two pictures can be compared."""
    points = metrics.thumbnails(real)
    if len(made) < 2 or bool((points == points[0]).all()):
        return {}
    return {"diversity": metrics.diversity(made, real)}


def mean(values: Sequence[Tensor]) -> float:
    """Of values a picture, given piece by piece."""
    return torch.cat(list(values)).double().mean().item()
