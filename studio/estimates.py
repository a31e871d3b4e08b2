"""What runs would take here, found out on the inference thread between pictures."""

from collections.abc import Callable, Iterable
from typing import TypeAlias

from engines.catalogue import EngineEntry
from engines.configs import EngineConfig
from engines.training.reports import DryRun
from studio.background import Background, Task
from studio.pace import ESTIMATE, TRIALS, Pace

Asked: TypeAlias = tuple[str, EngineEntry, EngineConfig]
"""A label for the answer, and the run that is meant."""


class Estimates:
    """Asks for dry runs, and gives up those that nobody waits for any more."""

    def __init__(
        self, inference: Background, pace: Pace, failed: Callable[[str], None]
    ) -> None:
        """Work on the thread *inference* with what *pace* knows.

        Args:
            inference: Pictures and runs on it do not wait for estimates.
            pace: What is known already.
            failed: Gets the sentence where an estimate cannot be made.
        """
        self._inference, self._pace, self._failed = inference, pace, failed

    def ask(
        self,
        key: str,
        asked: Iterable[Asked],
        tell: Callable[[tuple[str, DryRun]], None],
    ) -> None:
        """Tell what each of some runs would take: (its label, the dry run).

        Args:
            key: `ESTIMATE` or `TRIALS`; a newer one of the same key replaces this one.
            asked: The runs.
            tell: Gets each answer as it is found.
        """

        def work(task: Task) -> None:
            for label, entry, config in asked:
                task.report((label, self._pace.dry_run(entry, config, task.cancelled)))

        self._inference.submit(
            key, work, done=lambda _none: None, failed=self._failed, progress=tell
        )

    def cancel(self) -> None:
        """Give up what is still to be found out."""
        for key in (ESTIMATE, TRIALS):
            self._inference.cancel(key)
