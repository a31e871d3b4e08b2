"""What runs would take here, found out on the inference thread between pictures."""

from collections.abc import Callable, Iterable
from typing import TypeAlias

from PySide6.QtCore import QObject, Signal, Slot

from engines.catalogue import ENGINES, EngineEntry
from engines.configs import EngineConfig
from engines.training.reports import DryRun
from studio.background import Background, Task
from studio.pace import ESTIMATE, TRIALS, Pace

_Asked: TypeAlias = tuple[str, EngineEntry, EngineConfig]
"""A label for the answer, and the run that is meant."""


class Estimates(QObject):
    """Asks for dry runs, and gives up those that nobody waits for any more.

    Signals:
        estimated: What a run would take. ((preset or "current", DryRun))
        trial_estimated: How long trying an engine would take. (its name, seconds)
        failed: An estimate cannot be made. (a sentence)
    """

    estimated = Signal(object)
    trial_estimated = Signal(str, float)
    failed = Signal(str)

    def __init__(self, inference: Background, pace: Pace, parent: QObject) -> None:
        """Work on the thread *inference*, beginning with what *pace* knows."""
        super().__init__(parent)
        self._inference, self._pace = inference, pace

    def estimate(self, entry: EngineEntry, config: EngineConfig) -> None:
        """Find out what *config* and each preset would take.

        What was measured once, here or by a run, is not measured again: answers then
        come at once.
        """
        presets = [(name, entry, preset(entry, name)) for name in entry.presets]
        asked = [("current", entry, config), *presets]
        self._ask(ESTIMATE, asked, self.estimated.emit)

    def estimate_trials(self) -> None:
        """Measure how long trying each engine takes."""
        asked = [(name, entry, preset(entry)) for name, entry in ENGINES.items()]
        self._ask(TRIALS, asked, self._on_trial_estimated)

    def cancel(self, *keys: str) -> None:
        """Give up what is still to be found out, all of it unless told."""
        for key in keys or (ESTIMATE, TRIALS):
            self._inference.cancel(key)

    @Slot(object)
    def _on_trial_estimated(self, found: tuple[str, DryRun]) -> None:
        name, trial = found
        if trial.seconds_per_step is not None:
            steps = preset(ENGINES[name]).steps
            self.trial_estimated.emit(name, steps * trial.seconds_per_step)

    def _ask(
        self,
        key: str,
        asked: Iterable[_Asked],
        tell: Callable[[tuple[str, DryRun]], None],
    ) -> None:
        """Tell what each of some runs would take: (its label, the dry run)."""

        def work(task: Task) -> None:
            for label, entry, config in asked:
                task.report((label, self._pace.dry_run(entry, config, task.cancelled)))

        self._inference.submit(
            key, work, done=lambda _none: None, failed=self.failed.emit, progress=tell
        )


def preset(entry: EngineEntry, name: str = "quick") -> EngineConfig:
    """The settings that a preset stands for; "quick" is how an engine is tried."""
    return entry.config.checked(entry.presets[name].values)
