"""The runs in a folder, at a glance and without loading torch."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from engines.catalogue import engine_entry
from engines.errors import RunError, StudioError
from engines.runs.events import LOSSES, MEASURES, Event, EventLog, numbers
from engines.runs.folder import INFO, RunFolder, RunInfo, SeenState
from engines.runs.previews import Previews


@dataclass(frozen=True, kw_only=True, slots=True)
class RunSummary:
    """One row of the table of runs.

    Attributes:
        path: The run folder.
        info: What run.json says, None where it cannot be read.
        state: What the run is doing, None where it cannot be known.
        problem: Why it cannot be opened, a sentence; empty where it can.
        thumbnail: Its newest preview, a PNG with pictures side by side, or None.
        modified: When anything in it last changed.
        size_bytes: What it takes on the disk.
        elapsed_s: Seconds of training, pauses left out.
        kept_step: Step of the newest checkpoint, verified or not, None without one.
        weight_steps: The steps whose weights are kept, verified or not, in order.
        best: The best value so far of each measure that has a better end.
    """

    path: Path
    info: RunInfo | None
    state: SeenState | None
    problem: str
    thumbnail: Path | None
    modified: datetime
    size_bytes: int
    elapsed_s: float = 0.0
    kept_step: int | None = None
    weight_steps: tuple[int, ...] = ()
    best: Mapping[str, float] = field(default_factory=dict)

    @property
    def created(self) -> datetime:
        """When it was made, or last changed where that cannot be read."""
        return self.info.created if self.info else self.modified


def list_runs(root: Path) -> tuple[RunSummary, ...]:
    """Every run in *root*, newest first; one that cannot be opened says why.

    A folder counts as a run where it has a run.json or checkpoints.

    Raises:
        RunError: *root* cannot be read. One that does not exist has no runs.
    """
    try:
        folders = [Path(entry) for entry in os.scandir(root) if entry.is_dir()]
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise RunError(f"'{root}' cannot be read ({error.strerror}).") from error
    found = (summarise(folder) for folder in folders if _is_run(folder))
    return tuple(sorted(found, key=lambda run: run.created, reverse=True))


def summarise(folder: Path) -> RunSummary:
    """Describe one run; what cannot be read is left empty and said."""
    modified, size_bytes = _modified_and_size(folder)
    run, problem = _open(folder)
    measures = run.events.history([MEASURES]) if run else []
    return RunSummary(
        path=folder,
        info=run.info if run else None,
        state=run.state if run else None,
        problem=problem,
        thumbnail=_thumbnail(Previews(folder / "previews")),
        modified=modified,
        size_bytes=size_bytes,
        elapsed_s=_elapsed_s(run.events) if run else 0.0,
        kept_step=max(run.checkpoints.steps(), default=None) if run else None,
        weight_steps=run.weight_steps() if run else (),
        best=_best(measures, _better(run.info)) if run else {},
    )


def _is_run(folder: Path) -> bool:
    try:
        return (folder / INFO).exists() or (folder / "checkpoints").is_dir()
    except OSError:  # lost+found, or somebody else's folder
        return False


def _open(folder: Path) -> tuple[RunFolder | None, str]:
    try:
        return RunFolder.open(folder), ""
    except RunError as error:
        return None, str(error)


def _thumbnail(previews: Previews) -> Path | None:
    steps = previews.steps()
    return previews.path(steps[-1]) if steps else None


def _elapsed_s(events: EventLog) -> float:
    last = events.last(LOSSES)
    return numbers(last).get("elapsed_s", 0.0) if last else 0.0


def _better(info: RunInfo) -> dict[str, Callable[[float, float], float]]:
    """How to choose between two values, for each measure of which one is better."""
    try:
        entry = engine_entry(info.engine)
        measures = entry.measures(entry.config.checked(info.config))
    except StudioError:  # of another version: nothing is known of its measures
        return {}
    ways = {"higher": max, "lower": min}
    return {curve.name: ways[curve.better] for curve in measures if curve.better}


def _best(
    measures: Iterable[Event], better: Mapping[str, Callable[[float, float], float]]
) -> dict[str, float]:
    best: dict[str, float] = {}
    for event in measures:
        for name, value in numbers(event).items():
            if name in better:
                best[name] = better[name](best.get(name, value), value)
    return best


def _modified_and_size(folder: Path) -> tuple[datetime, int]:
    """Newest change and total bytes; files that vanish meanwhile do not count."""
    newest, size = 0.0, 0
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                stat = os.lstat(os.path.join(parent, name))
            except FileNotFoundError:
                continue
            newest, size = max(newest, stat.st_mtime), size + stat.st_size
    return datetime.fromtimestamp(newest, UTC), size
