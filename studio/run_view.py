"""What is known of the run that is watched: its reports, kept in bounded memory.

A page asks it what to paint, so that a page that was hidden can catch up at once.
"""

from collections import deque
from typing import TYPE_CHECKING

from engines.training.reports import (
    History,
    Losses,
    Measures,
    Notice,
    Pictures,
    Preparing,
    Preview,
    Report,
    RunOutcome,
    Saved,
    Started,
)
from studio.widgets.history_strip import MAX_SLOTS, thinned

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_VALUES = 300  # losses of half a minute, at ten reports a second


class RunView:
    """The latest of everything a run reported, and its previews through time.

    Attributes:
        preparing: How many pictures are decoded, until the run has started.
        started: What the run is, once it has started.
        losses: The newest losses.
        saved: Steps with a checkpoint, ascending.
        notices: Sentences that the user should read, not yet dismissed.
        outcome: How it ended, once it has.
        recent: The latest values of each loss, oldest first.
        measured: The values of each measure on held-out pictures, oldest first.
        previews: Preview pictures by step, ascending; thinned as they grow old.
    """

    def __init__(self) -> None:
        self.preparing: Preparing | None = None
        self.started: Started | None = None
        self.losses: Losses | None = None
        self.saved: list[int] = []
        self.notices: list[str] = []
        self.outcome: RunOutcome | None = None
        self.recent: dict[str, deque[float]] = {}
        self.measured: dict[str, deque[float]] = {}
        self.previews: dict[int, Mapping[str, Pictures]] = {}

    def take(self, report: Report, *, watched_step: int = -1) -> None:
        """Remember a report of the run.

        Args:
            report: The report.
            watched_step: A preview that must be kept, as the user looks at it.
        """
        match report:
            case Preparing():
                self.preparing = report
            case Started():
                self.started = report
            case History():
                self._take_history(report)
            case Losses():
                self._take_losses(report)
            case Preview():
                self._take_preview(report, watched_step)
            case Measures():
                _keep(self.measured, report.values)
            case Saved() if report.step not in self.saved:
                self.saved.append(report.step)
            case Notice() if report.words not in self.notices:
                self.notices.append(report.words)
            case RunOutcome():
                self.outcome = report
            case _:
                pass  # what was paused or changed is the session's to tell

    @property
    def step(self) -> int:
        """Steps done, as far as reported."""
        reported = (self.losses, self.outcome, self.started)
        return max((r.step for r in reported if r), default=0)

    @property
    def fraction(self) -> float:
        """How far it is, 0 to 1: of the pictures while they are prepared."""
        if self.started:
            return self.step / max(1, self.started.steps)
        if self.preparing:
            return self.preparing.done / max(1, self.preparing.total)
        return 0.0

    def _take_history(self, report: History) -> None:
        """Take over what stays visible; `recent` is about the present only."""
        for name, points in report.measures.items():
            self.measured[name] = deque(points.values.tolist(), maxlen=MOST_VALUES)
        self.saved = list(report.saved)
        for preview in report.previews:
            self._take_preview(preview, watched_step=-1)

    def _take_losses(self, report: Losses) -> None:
        self.losses = report
        _keep(self.recent, report.values)

    def _take_preview(self, report: Preview, watched_step: int) -> None:
        """Keep as many as the strip shows; six of 512 pixels then take 75 MB."""
        self.previews[report.step] = report.pictures
        kept = thinned(sorted(self.previews), MAX_SLOTS, keep=watched_step)
        self.previews = {step: self.previews[step] for step in kept}


def _keep(kept: "dict[str, deque[float]]", values: "Mapping[str, float]") -> None:
    for name, value in values.items():
        kept.setdefault(name, deque(maxlen=MOST_VALUES)).append(value)
