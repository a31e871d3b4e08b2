"""A run's weights kept along its way, for looking back at, and never at its cost."""

import logging
import time
from collections.abc import Iterator

from engines.base import Engine
from engines.errors import RunError
from engines.runs.folder import RunFolder
from engines.runs.milestones import size_of
from engines.training.reports import LoopReport, Notice, Preview
from engines.training.setup import describe_model

log = logging.getLogger(__name__)

SHARE = 0.01  # of the time of training that writing them may take


class MilestoneKeeper:
    """Saves milestones where the loop shows a preview: there it is between two steps.

    One that fails is told once, and again only after one went well in between.
    """

    def __init__(self, folder: RunFolder, engine: Engine) -> None:
        self._folder = folder
        self._engine = engine
        self._began = time.monotonic()
        self._spent_s = 0.0  # on all of them
        self._cost_s = 0.0  # of the last one; the first may cost what it must
        self._failing = False

    def record(self, report: LoopReport) -> Iterator[Notice]:
        """Keep the weights of a preview's step if one is due; yields what fails."""
        if not (isinstance(report, Preview) and self._is_due(report.step)):
            return
        began = time.monotonic()
        failure = self._try_to_save(report.step)
        self._cost_s = time.monotonic() - began
        self._spent_s += self._cost_s
        if failure and not self._failing:
            yield Notice(step=report.step, words=f"{failure} Training goes on.")
        self._failing = bool(failure)

    def _is_due(self, step: int) -> bool:
        allowed_s = SHARE * (time.monotonic() - self._began)
        return (
            self._spent_s + self._cost_s <= allowed_s
            and self._folder.milestones.wants(step, size_of(self._engine.weights()))
            and step not in self._folder.checkpoints.steps()
        )

    def _try_to_save(self, step: int) -> str:
        """Save the weights of *step*; the sentence of what failed, "" for nothing."""
        weights = self._engine.weights()
        if not all(bool(value.isfinite().all()) for value in weights.values()):
            return ""  # nothing to keep, and the next losses end the run for it
        metadata = describe_model(self._folder.info.engine, self._engine.config, step)
        try:
            self._folder.milestones.save(step, weights=weights, metadata=metadata)
        except RunError as error:
            log.warning("no milestone: %s", error)
            return str(error)
        return ""
