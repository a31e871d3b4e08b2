"""A run's reports, written into its folder."""

import logging
from collections.abc import Iterator

from engines.errors import RunError
from engines.runs.events import LOSSES, MEASURES, SAVED
from engines.runs.folder import RunFolder
from engines.training.reports import (
    Changed,
    LoopReport,
    Losses,
    Measures,
    Notice,
    Paused,
    Preview,
    Saved,
)

log = logging.getLogger(__name__)


class Recorder:
    """Writes reports into the run folder, and says where it cannot: once, not always.

    Of a long run's losses it keeps one a second: all would be 100 MB a day.
    """

    def __init__(self, folder: RunFolder) -> None:
        self._folder = folder
        self._failing: set[type[LoopReport]] = set()
        self._losses_s = 0.0  # when losses were last written, in seconds of training

    def record(self, report: LoopReport) -> Iterator[Notice]:
        """Write *report* down; yields a sentence where it is the first that fails."""
        if isinstance(report, Losses) and not self._is_due(report):
            return
        kind = type(report)
        try:
            self._write(report)
        except RunError as error:
            if kind not in self._failing:
                log.warning("not recorded: %s", error)
                yield Notice(step=report.step, words=f"{error} Training goes on.")
            self._failing.add(kind)
        else:
            self._failing.discard(kind)

    def _is_due(self, report: Losses) -> bool:
        every_s = min(1.0, report.elapsed_s / 600)  # all of the first minute
        is_due = report.elapsed_s - self._losses_s >= every_s
        if is_due:
            self._losses_s = report.elapsed_s
        return is_due

    def _write(self, report: LoopReport) -> None:
        folder = self._folder
        match report:
            case Losses():
                self._write_losses(report)
            case Measures():
                folder.events.append(MEASURES, report.step, **report.values)
            case Preview():
                folder.previews.save(report.step, report.pictures)
            case Saved():
                self._write_saved(report)
            case Changed():
                folder.update(config={**folder.info.config, **report.values})
                folder.events.append("changed", report.step, **report.values)
            case Paused():
                state = "paused" if report.paused else "running"
                folder.update(state=state, step=report.step)
            case Notice():
                folder.events.append("notice", report.step, words=report.words)

    def _write_losses(self, report: Losses) -> None:
        self._folder.events.append(
            LOSSES,
            report.step,
            **report.values,
            pictures_per_s=round(report.pictures_per_s, 3),
            elapsed_s=round(report.elapsed_s, 3),
        )

    def _write_saved(self, report: Saved) -> None:
        folder = self._folder
        try:  # first of all: on a full disk this makes room for the rest
            folder.checkpoints.prune(folder.info.config["keep_checkpoints"])
        finally:
            folder.events.append(SAVED, report.step)
            folder.update(step=report.step)
