"""The pictures of a run, decoded: to learn from, and held out."""

from collections.abc import Callable
from dataclasses import dataclass

from engines.base import Engine
from engines.configs import EngineConfig
from engines.data.batches import load_size
from engines.data.sets import PictureSet, Problem
from engines.data.store import PictureStore, load_store
from engines.errors import DataError
from engines.training.watch_pairs import PairWatcher
from engines.training.watch_samples import SampleWatcher
from engines.training.watch_styles import StyleWatcher
from engines.training.watcher import Watcher


@dataclass(frozen=True, slots=True)
class Loaded:
    """Decoded pictures: to learn from, and held out."""

    training: PictureStore
    held_out: PictureStore

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Of both, each told once."""
        both = self.training.problems + self.held_out.problems
        return tuple(dict.fromkeys(both))


def decode(
    pictures: PictureSet,
    config: EngineConfig,
    progress: Callable[[int], None],
    cancelled: Callable[[], bool],
) -> Loaded:
    """Decode the pictures to learn from, then those held out, or find them decoded.

    Args:
        pictures: All of them.
        config: Says at what size, in which shape and colours.
        progress: Called in the calling thread with how many of all are done.
        cancelled: Asked before each item.

    Raises:
        DataError: Of one of the two, nothing can be used.
        Cancelled: *cancelled* returned True.
    """
    size, before = config.image_size, len(pictures.training)
    training = load_store(
        pictures,
        pictures.training,
        load_size(size, config.crop),
        config.shape,
        channels=config.channels,
        progress=lambda done, _total: progress(done),
        cancelled=cancelled,
    )
    try:
        held_out = load_store(
            pictures,
            pictures.held_out,
            size,
            config.shape,
            channels=config.channels,
            progress=lambda done, _total: progress(before + done),
            cancelled=cancelled,
        )
    except DataError as error:
        raise DataError(
            f"{error} These were held out to measure on: replace them, or hold out "
            "more pictures."
        ) from None
    return Loaded(training, held_out)


def watch(engine: Engine, pictures: PictureSet, loaded: Loaded) -> Watcher:
    """The watcher that fits what the engine learns from."""
    if pictures.kind == "pairs":
        return PairWatcher(engine, loaded.held_out)
    if pictures.kind == "styles":
        return StyleWatcher(engine, pictures, loaded.held_out)
    return SampleWatcher(engine, loaded.held_out, loaded.training)
