"""Which latent spaces there are: the runs that make pictures of codes."""

from collections.abc import Sequence

from PySide6.QtCore import QObject

from engines.catalogue import ENGINES, engine_entry
from engines.errors import StudioError
from engines.runs.listing import RunSummary
from studio.model_entry import AT_WORK, ModelEntry
from studio.pages.translate_models import Models


class Spaces(Models):
    """The runs with a latent space, and the one that is looked into.

    Attributes:
        others: What the engines of the other runs are called.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        """Know of none yet."""
        super().__init__(parent)
        self.others: tuple[str, ...] = ()

    def take(self, runs: Sequence[RunSummary]) -> None:
        """Note what runs there are now."""
        engines = {run.info.engine for run in runs if run.info}
        self.others = tuple(
            entry.title
            for name, entry in ENGINES.items()
            if entry.translates and name in engines
        )
        found = tuple(space for run in runs if (space := space_of(run)))
        wanted, self.wanted = self.wanted, None
        self._set(found, wanted)


def space_of(run: RunSummary) -> ModelEntry | None:
    """Describe a run; None where it has no latent space, or has kept nothing yet."""
    if run.info is None or not run.weight_steps:
        return None
    try:
        engine = engine_entry(run.info.engine)
        config = engine.config.checked(run.info.config)
    except StudioError:  # of another version of this program
        return None
    if engine.translates:
        return None
    return ModelEntry(
        path=run.path,
        name=run.info.name or run.path.name,
        image_size=config.image_size,
        steps=run.weight_steps,
        is_training=run.state in AT_WORK,
        run=run,
    )
