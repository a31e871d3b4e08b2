"""The pictures that a run learnt from, or was measured on, as its space sees them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engines.catalogue import engine_entry
from engines.data.images import Rgb
from engines.runs.folder import RunFolder
from engines.training.controls import Controls
from engines.training.pictures import decode
from engines.training.setup import data_of, find_pictures
from engines.training.watcher import as_pictures, names_at, spread

Part: TypeAlias = Literal["training", "held_out"]


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class RunPictures:
    """Pictures of a run, (N, S, S, 3) uint8.

    Attributes:
        pictures: As they are in training, but neither mirrored nor cut at random.
        labels: (N,) int64, the class of each from 0.
        names: What each is called.
        classes: What the classes are called.
    """

    pictures: Rgb
    labels: NDArray[np.int64]
    names: tuple[str, ...]
    classes: tuple[str, ...]


def load_pictures(
    path: Path,
    part: Part = "training",
    most: int = 10_000,
    *,
    progress: Callable[[int], None] = lambda _done: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> RunPictures:
    """Load pictures of a run; they are decoded once for all runs of a size.

    Args:
        path: The run folder.
        part: Those it learnt from, or those held out to measure on.
        most: No more than these, taken evenly from all.
        progress: Called in the calling thread with how many are decoded, of both parts.
        cancelled: Asked before each picture.

    Raises:
        RunError: There is no run.
        DataError: The pictures are not where they were, or none can be used.
        Cancelled: *cancelled* returned True.
    """
    info = RunFolder.open(path).info
    config = engine_entry(info.engine).config.checked(info.config)
    found = find_pictures(info.engine, data_of(info.data), config, Controls())
    store = getattr(decode(found, config, progress, cancelled), part)
    rows = spread(len(store), most)
    # For random cuts they are kept a little larger: the middle is what all have shown.
    edge = (store.a.shape[-1] - config.image_size) // 2
    middle = slice(edge, edge + config.image_size)
    return RunPictures(
        pictures=as_pictures(store.a[rows][..., middle, middle]),
        labels=store.labels[rows].numpy(),
        names=names_at(store, rows),
        classes=info.data.classes,
    )
