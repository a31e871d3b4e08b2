"""The head of the Train page: what is trained, how far it is, and the buttons."""

import enum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QProgressBar,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from engines.training.reports import RunStatus
from studio.icons import icon
from studio.run_view import RunView
from studio.session import JobState
from studio.widgets import buttons
from studio.widgets.chip import Chip
from studio.widgets.labels import ElidedLabel, caption, strong
from studio.words import time_left

HEIGHT = 64


class Phase(enum.Enum):
    """What the page is about at the moment."""

    EMPTY = "empty"
    SETUP = "setup"
    RUNNING = "running"
    ENDED = "ended"


class TrainHeader(QWidget):
    """Title, progress and the one primary button of the page.

    Signals:
        start_clicked: Train with the settings as they are.
        pause_clicked: Let the run wait, or go on.
        stop_clicked: End the run and keep what was learnt.
        longer_clicked: Go on with the run that ended.
        setup_clicked: Leave the run that ended, to set up another.
    """

    start_clicked = Signal()
    pause_clicked = Signal()
    stop_clicked = Signal()
    longer_clicked = Signal()
    setup_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Build the head of a page on which nothing is set up yet."""
        super().__init__(parent)
        self.setMinimumHeight(HEIGHT)  # large letters take more
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._title = ElidedLabel(role="title")
        self._chip = Chip("active", "play-fill", self.tr("Training"))
        self._caption = ElidedLabel(role="caption")
        self._progress = QProgressBar()
        self._progress.setFixedWidth(180)
        self._progress.setRange(0, 1000)
        self._progress.setTextVisible(False)
        self._percent = strong()
        self._hint = caption()
        self.start = buttons.primary(self.tr("Start training"), "play-fill")
        self.again = buttons.primary(self.tr("Train again"), "play-fill")
        self.stop = buttons.primary(self.tr("Stop and keep"), "stop-fill")
        self.pause = buttons.secondary(self.tr("Pause"), "pause")
        self.longer = buttons.secondary(self.tr("Go on for longer"), "fast-forward")
        self.setup = buttons.quiet(self.tr("Other settings"), "arrow-left")
        self._lay_out()

        self.start.clicked.connect(self.start_clicked)
        self.again.clicked.connect(self.start_clicked)
        self.stop.clicked.connect(self.stop_clicked)
        self.pause.clicked.connect(self.pause_clicked)
        self.longer.clicked.connect(self.longer_clicked)
        self.setup.clicked.connect(self.setup_clicked)
        self.show_phase(Phase.SETUP)

    def _lay_out(self) -> None:
        name = QHBoxLayout()
        name.setSpacing(11)
        name.addWidget(self._title)
        name.addWidget(self._chip)
        name.addStretch(1)
        progress = QHBoxLayout()
        progress.setSpacing(8)
        progress.addWidget(self._progress, 0, Qt.AlignmentFlag.AlignVCenter)
        progress.addWidget(self._percent)
        progress.addWidget(self._caption, 1)
        column = QVBoxLayout()
        column.setContentsMargins(0, 10, 0, 8)
        column.setSpacing(0)
        column.addLayout(name)
        column.addLayout(progress)

        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addLayout(column, 1)
        row.addWidget(self._hint)
        row.addSpacing(2)
        for button in self._buttons():
            row.addWidget(button)

    def _buttons(self) -> tuple[QWidget, ...]:
        return self.setup, self.longer, self.pause, self.start, self.again, self.stop

    # What it shows.

    def show_title(self, words: str) -> None:
        """Name what is, or will be, trained."""
        self._title.setText(words)

    def show_caption(self, words: str) -> None:
        """Say more about it in the line below."""
        self._caption.setText(words)

    def show_hint(self, words: str) -> None:
        """Say something beside the buttons: how long it takes, why it cannot start."""
        self._hint.setText(words)

    def show_run(self, run: RunView) -> None:
        """Show how far a run is, how long it still takes, and on what."""
        # Or it would paint at once what the layouts are about to move.
        self._progress.setUpdatesEnabled(False)
        self._progress.setValue(round(1000 * run.fraction))
        self._progress.setUpdatesEnabled(True)
        percent = int(round(100 * run.fraction, 6))  # 100 only at the very end
        self._percent.setText(self.tr("{0} %").format(percent))
        self.show_caption(self._progress_words(run))

    def _progress_words(self, run: RunView) -> str:
        if run.started is None:
            if run.outcome:
                return ""
            if run.preparing is None:
                return self.tr("Getting ready")
            done, total = run.preparing.done, run.preparing.total
            words = self.tr("Preparing pictures {0} of {1}")
            return words.format(f"{done:,}", f"{total:,}")
        step, steps = f"{run.step:,}", f"{run.started.steps:,}"
        parts = [self.tr("step {0} of {1}").format(step, steps)]
        if run.losses:
            if run.outcome is None:
                parts.append(time_left(run.losses.remaining_s))
            speed = f"{run.losses.pictures_per_s:,.0f}"
            parts.append(self.tr("{0} pictures/s").format(speed))
        return "  ·  ".join([*parts, run.started.device])

    def show_phase(self, phase: Phase) -> None:
        """Show the buttons that the page has a use for."""
        running = phase is Phase.RUNNING
        shown = {
            Phase.EMPTY: (),
            Phase.SETUP: (self.start,),
            Phase.RUNNING: (self.pause, self.stop),
            Phase.ENDED: (self.setup, self.longer, self.again),
        }[phase]
        for button in self._buttons():
            button.setVisible(button in shown)
        for part in (self._progress, self._percent):
            part.setVisible(running)
        self._chip.setVisible(running or phase is Phase.ENDED)
        self._hint.setVisible(phase is Phase.SETUP)

    def show_state(self, state: JobState) -> None:
        """Show what the run does, at once and before it answers; not for IDLE."""
        level, name, words = {
            JobState.PREPARING: ("active", "image", self.tr("Preparing")),
            JobState.TRAINING: ("active", "play-fill", self.tr("Training")),
            JobState.PAUSED: ("warn", "pause", self.tr("Paused")),
            JobState.STOPPING: ("plain", "stop", self.tr("Stopping…")),
        }[state]
        self._chip.show_state(level, name, words)
        stopping = state is JobState.STOPPING
        paused = state is JobState.PAUSED
        if stopping:
            self.stop.setMinimumWidth(self.stop.width())  # a word does not move it
        self.stop.setText(
            self.tr("Stopping…") if stopping else self.tr("Stop and keep")
        )
        self.stop.setEnabled(not stopping)
        self.pause.setEnabled(state in (JobState.TRAINING, JobState.PAUSED))
        self.pause.setText(self.tr("Resume") if paused else self.tr("Pause"))
        self.pause.setIcon(icon("play" if paused else "pause"))

    def show_ended(self, status: RunStatus) -> None:
        """Show how the run ended."""
        level, name, words = {
            RunStatus.COMPLETED: ("ok", "check", self.tr("Done")),
            RunStatus.STOPPED: ("plain", "stop", self.tr("Stopped, kept")),
            RunStatus.FAILED: ("err", "warning-circle", self.tr("Failed")),
        }[status]
        self._chip.show_state(level, name, words)

    def allow_start(self, can: bool, why_not: str = "") -> None:
        """Let a run be started, or say in its tooltip why it cannot be."""
        for button in (self.start, self.again):
            button.setEnabled(can)
            button.setToolTip(why_not)

    def word_again(self, words: str, tooltip: str) -> None:
        """Say what starting afresh would train, once a run has ended."""
        self.again.setText(words)
        self.again.setToolTip(self.again.toolTip() or tooltip)

    def allow_longer(self, can: bool, words: str, tooltip: str) -> None:
        """Let the run that ended go on, in words that fit how it ended."""
        self.longer.setText(words)
        self.longer.setToolTip(tooltip)
        self.longer.setEnabled(can)
