"""Keeps the job bar in step with the run and with the machine."""

import os
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from engines.training.reports import Losses, Preparing, Preview, Report, Started
from studio.session import JobState, Session
from studio.widgets.job_bar import Job, JobBar
from studio.widgets.picture import to_image
from studio.words import disk_room, time_left

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

LOOK_AT_DISK_EVERY_MS = 30_000


class JobWatch(QObject):
    """Shows the run in *bar*, and passes on what is clicked there."""

    def __init__(
        self, session: Session, bar: JobBar, parent: QObject | None = None
    ) -> None:
        """Begin with what *session* does now."""
        super().__init__(parent)
        self._session = session
        self._bar = bar
        self._forget()
        self._disk = ""
        self._disk_timer = QTimer(self)
        self._disk_timer.setInterval(LOOK_AT_DISK_EVERY_MS)

        bar.pause_requested.connect(session.pause)
        bar.resume_requested.connect(session.resume)
        bar.stop_requested.connect(session.stop)
        session.state_changed.connect(self._on_state_changed)
        session.reported.connect(self._on_reported)
        session.library.disk_measured.connect(self._on_disk_measured)
        self._disk_timer.timeout.connect(session.library.measure_disk)

        self._disk_timer.start()
        session.library.measure_disk()
        self._show()

    def _forget(self) -> None:
        self._fraction = 0.0
        self._left = ""
        self._speed = ""
        self._picture: QImage | None = None
        self._steps = 1

    @Slot(object)
    def _on_state_changed(self, state: JobState) -> None:
        if state in (JobState.IDLE, JobState.PREPARING):
            self._forget()
        self._show()

    @Slot(object)
    def _on_reported(self, report: Report) -> None:
        match report:
            case Preparing():
                words = self.tr("Preparing pictures {done} of {total}")
                self._left = words.format(
                    done=f"{report.done:,}", total=f"{report.total:,}"
                )
            case Started():
                self._steps = report.steps
                self._fraction = report.step / report.steps
                self._left = ""
            case Losses():
                self._fraction = report.step / self._steps
                self._left = time_left(report.remaining_s)
                speed = self.tr("{n} pictures/s")
                self._speed = speed.format(n=f"{report.pictures_per_s:,.0f}")
            case Preview():
                self._picture = to_image(next(iter(report.pictures.values()))[0])
            case _:
                return
        self._show()

    @Slot(object)
    def _on_disk_measured(self, free_bytes: int) -> None:
        self._disk = disk_room(free_bytes)
        self._show_machine()

    def _show(self) -> None:
        state = self._session.state
        if state is JobState.IDLE:
            self._bar.show_idle()
        else:
            self._bar.show_job(
                Job(
                    name=self._session.run_name,
                    fraction=min(self._fraction, 1.0),
                    left=self._words(state),
                    thumbnail=self._picture,
                    is_paused=state is JobState.PAUSED,
                    is_stopping=state is JobState.STOPPING,
                )
            )
        self._show_machine()

    def _words(self, state: JobState) -> str:
        if state is JobState.STOPPING:
            return self.tr("Stopping…")
        if state is JobState.PAUSED:
            return self.tr("Paused")
        if state is JobState.PREPARING and not self._left:
            return self.tr("Getting ready…")
        return self._left

    def _show_machine(self) -> None:
        count = os.cpu_count() or 1
        cores = self.tr("1 core") if count == 1 else self.tr("{n} cores")
        parts = (self._speed, cores.format(n=count), self._disk)
        self._bar.set_machine("  ·  ".join(part for part in parts if part))
