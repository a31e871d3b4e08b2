"""What can be known of a model before it is loaded, so without torch."""

from dataclasses import dataclass
from pathlib import Path

from engines.catalogue import engine_entry
from engines.errors import StudioError
from engines.runs.listing import RunSummary
from engines.training.jobs import Direction

AT_WORK = ("running", "paused")


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelEntry:
    """A run that translates, or a file of weights from elsewhere.

    Attributes:
        path: The run folder, or the file.
        name: What it is called.
        sides: What it makes of what ("sketch", "photo"); empty where unknown.
        directions: The ways it can translate.
        image_size: Side of the pictures that it learnt from, in pixels.
        steps: The steps whose weights are kept, in order; none for a file.
        is_training: Whether it is learning at the moment.
        is_noisy: Whether it has dropout, which may be kept on in use.
        has_batch_norm: Whether statistics were learnt that a picture's own could
            stand in for.
        has_critic: Whether a critic of patches was kept beside it.
        words: What was recognised in a file, a sentence.
        run: The run, None for a file.
    """

    path: Path
    name: str
    sides: tuple[str, str] = ("", "")
    directions: tuple[Direction, ...] = ("AtoB",)
    image_size: int = 256
    steps: tuple[int, ...] = ()
    is_training: bool = False
    is_noisy: bool = False
    has_batch_norm: bool = False
    has_critic: bool = False
    words: str = ""
    run: RunSummary | None = None

    @property
    def newest_step(self) -> int | None:
        """The newest step whose weights are kept; None for a file."""
        return self.steps[-1] if self.steps else None

    def direction_words(self, direction: Direction = "AtoB") -> str:
        """What becomes what: "sketch → photo"; "" where it is not known."""
        a, b = self.sides if direction == "AtoB" else self.sides[::-1]
        return f"{a} → {b}" if a or b else ""


def entry_of(run: RunSummary) -> ModelEntry | None:
    """Describe a run; None where it cannot translate, or has kept nothing yet."""
    if run.info is None or not run.weight_steps:
        return None
    try:
        engine = engine_entry(run.info.engine)
        config = engine.config.checked(run.info.config)
    except StudioError:  # of another version of this program
        return None
    if not engine.translates:
        return None
    return ModelEntry(
        path=run.path,
        name=run.info.name or run.path.name,
        sides=(run.info.data.a_name, run.info.data.b_name),
        directions=("AtoB", "BtoA") if engine.data == "styles" else ("AtoB",),
        image_size=config.image_size,
        steps=run.weight_steps,
        is_training=run.state in AT_WORK,
        is_noisy=getattr(config, "dropout", 0) > 0,
        has_batch_norm=getattr(config, "norm", "") == "batch",
        has_critic=getattr(config, "adversary", "none") != "none",
        run=run,
    )
