"""The models of the Translate page: runs that can be used there, and the choice."""

from collections.abc import Sequence
from pathlib import Path

from engines.catalogue import translates
from engines.runs.listing import RunSummary


class Models:
    """Which run translates; the choice outlives that the runs are listed again.

    Attributes:
        runs: Those of engines that translate, with a checkpoint, newest first; None
            before they were listed.
        chosen: Folder of the one in use, None where there is none.
        wanted: Folder of one to use as soon as the runs are listed.
    """

    def __init__(self) -> None:
        self.runs: tuple[RunSummary, ...] | None = None
        self.chosen: Path | None = None
        self.wanted: Path | None = None

    def take(self, runs: Sequence[RunSummary]) -> bool:
        """Note what runs there are now; True where another one is in use for it."""
        self.runs = tuple(
            run
            for run in runs
            if run.info and translates(run.info.engine) and run.kept_step is not None
        )
        paths = [run.path for run in self.runs]
        before, wanted, self.wanted = self.chosen, self.wanted, None
        if wanted in paths:
            self.chosen = wanted
        elif before not in paths:
            self.chosen = paths[0] if paths else None
        return self.chosen != before

    def choose(self, path: Path) -> None:
        """Use the run in the folder *path*, one of `runs`."""
        self.chosen = path

    @property
    def summary(self) -> RunSummary | None:
        """What is known of the run in use."""
        return next((r for r in self.runs or () if r.path == self.chosen), None)

    @property
    def newest_step(self) -> int:
        """Step of its newest checkpoint, 0 where there is none."""
        return (self.summary.kept_step or 0) if self.summary else 0
