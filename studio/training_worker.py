"""The thread that trains: drives a run's report iterator for the window.

The worker fills a mailbox and the window's thread empties it on a timer, so that a
fast run cannot flood the window with events.
"""

import logging
from collections import deque
from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

from engines.training.controls import Controls
from engines.training.reports import Report, RunOutcome, RunStatus

log = logging.getLogger(__name__)

MakeReports = Callable[[Controls], Iterator[Report]]

DRAIN_EVERY_MS = 33


class _Worker(QObject):
    """Iterates the reports on the thread it lives in."""

    done = Signal()

    def __init__(self, make_reports: MakeReports, controls: Controls) -> None:
        # No parent: a QObject with a parent cannot be moved to another thread.
        super().__init__()
        self._make_reports = make_reports
        self._controls = controls
        self.mailbox: deque[Report] = deque()

    @Slot()
    def run(self) -> None:
        """Do the run; the last report is its outcome."""
        step = 0
        try:
            for report in self._make_reports(self._controls):
                step = getattr(report, "step", step)
                self.mailbox.append(report)
        except Exception as error:  # such as a torch that cannot be loaded
            log.exception("the training thread failed")
            words = f"Something unexpected went wrong: {error}."
            self.mailbox.append(
                RunOutcome(status=RunStatus.FAILED, step=step, error=words)
            )
        finally:
            self.done.emit()


class TrainingRun(QObject):
    """Owns the thread and its worker; lives in the window's thread.

    Signals:
        reported: A report, in order. (Report)
        finished: The thread is gone; the last report was the outcome. (RunOutcome)
    """

    reported = Signal(object)
    finished = Signal(object)

    def __init__(
        self, make_reports: MakeReports, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.controls = Controls()
        self._outcome: RunOutcome | None = None
        self._thread = QThread(self)
        self._worker = _Worker(make_reports, self.controls)
        self._worker.moveToThread(self._thread)
        self._drain_timer = QTimer(self)
        self._drain_timer.setInterval(DRAIN_EVERY_MS)

        self._thread.started.connect(self._worker.run)
        self._worker.done.connect(self._on_done)
        self._thread.finished.connect(self._on_thread_finished)
        self._drain_timer.timeout.connect(self._drain)

    def start(self) -> None:
        """Start training; returns at once."""
        self._drain_timer.start()
        self._thread.start()

    def shut_down(self, timeout_ms: int = 10_000) -> bool:
        """Stop and wait for the thread; True if it is gone. For closing only."""
        self.controls.stop()
        self._thread.quit()
        return self._thread.wait(timeout_ms)

    @Slot()
    def _drain(self) -> None:
        mailbox = self._worker.mailbox
        while mailbox:
            report = mailbox.popleft()
            if isinstance(report, RunOutcome):
                self._outcome = report
            self.reported.emit(report)

    @Slot()
    def _on_done(self) -> None:
        self._thread.quit()

    @Slot()
    def _on_thread_finished(self) -> None:
        self._drain_timer.stop()
        self._drain()
        assert self._outcome is not None, "every run ends in an outcome"
        self.finished.emit(self._outcome)
