"""The pictures of a run, decoded: to learn from, and held out."""

from collections.abc import Callable
from dataclasses import dataclass

from engines.configs import EngineConfig
from engines.data.batches import load_size
from engines.data.pairs import PairSet, Problem
from engines.data.store import PairStore, load_store
from engines.errors import DataError


@dataclass(frozen=True, slots=True)
class Loaded:
    """Decoded pictures: to learn from, and held out."""

    training: PairStore
    held_out: PairStore

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Of both."""
        return self.training.problems + self.held_out.problems


def decode(
    pairs: PairSet,
    config: EngineConfig,
    progress: Callable[[int], None],
    cancelled: Callable[[], bool],
) -> Loaded:
    """Decode the pictures to learn from, then those held out.

    Raises:
        DataError: Of one of the two, nothing can be used.
        Cancelled: *cancelled* returned True.
    """
    size, before = config.image_size, len(pairs.training)
    training = load_store(
        pairs.training,
        load_size(size, config.crop),
        config.shape,
        progress=lambda done, _total: progress(done),
        cancelled=cancelled,
    )
    try:
        held_out = load_store(
            pairs.held_out,
            size,
            config.shape,
            progress=lambda done, _total: progress(before + done),
            cancelled=cancelled,
        )
    except DataError as error:
        raise DataError(
            f"{error} These were held out to measure on: replace them, or hold out "
            "more pictures."
        ) from None
    return Loaded(training, held_out)
