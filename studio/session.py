"""What is open: pictures, engine, settings, the current run. QtCore only.

Pages ask the session and its library and listen to them; they never talk to each
other. All work is done on three threads: one trains, one reads files, one translates.
"""

import enum
import functools
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from engines.catalogue import EngineEntry, engine_entry
from engines.configs import EngineConfig
from engines.configs.base import ConfigError
from engines.data.layouts import understand
from engines.data.sets import PictureSet
from engines.runs.folder import new_run_path
from engines.runs.listing import RunSummary
from engines.training.controls import Controls
from engines.training.jobs import (
    DataChoice,
    Direction,
    NewRun,
    ResumeRun,
    command_line,
)
from engines.training.reports import Losses, Paused, Report, RunOutcome, Started
from studio.background import Background, Task
from studio.library import Library
from studio.pace import ESTIMATE, Pace
from studio.settings import SettingsFile
from studio.training_worker import TrainingRun

Rgb = NDArray[np.uint8]  # (H, W, 3)

LOOKED_AT_EVERY = 100  # files
PACE_FROM = 20  # steps; the first ones are slow


class JobState(enum.Enum):
    """What the training thread is doing."""

    IDLE = "idle"
    PREPARING = "preparing"
    TRAINING = "training"
    PAUSED = "paused"
    STOPPING = "stopping"


class Session(QObject):
    """The state of the studio: what is open, how to learn from it, the run.

    Signals:
        data_opening: A folder is being looked at. (Path)
        data_opened: Its pictures are the current ones now. (PictureSet)
        data_looked_at: How far that is. (files looked at, files in all)
        data_refused: It does not hold what is needed. (sentence)
        config_changed: The settings of the next run. (EngineConfig)
        state_changed: What the training thread does. (JobState)
        reported: A report of the current run, in order. (Report)
        finished: The current run ended; it is idle again. (RunOutcome)
        estimated: How long a run would take. ((preset or "current", seconds))
        failed: A sentence about something else that went wrong. (str)

    Attributes:
        library: The runs and pictures on disk, and the use of models.
    """

    data_opening = Signal(object)
    data_opened = Signal(object)
    data_looked_at = Signal(int, int)
    data_refused = Signal(str)
    config_changed = Signal(object)
    state_changed = Signal(object)
    reported = Signal(object)
    finished = Signal(object)
    estimated = Signal(object)
    failed = Signal(str)

    def __init__(self, settings: SettingsFile, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings = settings
        self.entry: EngineEntry = engine_entry("pix2pix")
        self.preset = "quick"
        self.config: EngineConfig = self.preset_config(self.preset)
        self.pictures: PictureSet | None = None
        self.sides: tuple[str, str] | None = None
        self.state = JobState.IDLE
        self.started: Started | None = None
        self.run_name = ""
        self.run_config: EngineConfig = self.config
        self._pace = Pace()
        self._direction: Direction = "AtoB"
        self._run: TrainingRun | None = None
        self._files = Background(self)
        self._inference = Background(self)
        self.library = Library(settings, self._files, self._inference, self)

    # ------------------------------------------------------------------------
    # Pictures.

    @property
    def direction(self) -> Direction:
        """Which side is learnt from which."""
        return self._direction

    def open_folder(self, folder: Path, sides: tuple[str, str] | None = None) -> None:
        """Work out what *folder* holds; `data_opened` or `data_refused` follows."""
        self._open(folder, sides, self._opened)

    def cancel_opening(self) -> None:
        """Give up looking at a folder; what was open stays so."""
        self._files.cancel("open")

    def open_sample(self) -> None:
        """Open the façades drawn by code, writing them first where need be."""
        self._open_sample(self._opened)

    def set_direction(self, direction: Direction) -> None:
        """Turn the pairs round."""
        if direction == self._direction:
            return
        self._direction = direction
        if self.pictures:
            self.pictures = self.pictures.reversed()
            self.data_opened.emit(self.pictures)

    def _open(
        self,
        folder: Path,
        sides: tuple[str, str] | None,
        done: Callable[[PictureSet], None],
    ) -> None:
        self.data_opening.emit(folder)
        self._files.cancel("sample")  # what is asked for comes first
        config = self.config

        def work(task: Task) -> PictureSet:
            return understand(
                folder,
                sides=sides,
                held_out=config.held_out,
                seed=config.seed,
                progress=_every(LOOKED_AT_EVERY, task.report),
                cancelled=task.cancelled,
            )

        self._files.submit(
            "open",
            work,
            done=done,
            failed=self.data_refused.emit,
            progress=lambda counts: self.data_looked_at.emit(*counts),
        )

    def _open_sample(self, done: Callable[[PictureSet], None]) -> None:
        self.data_opening.emit(self.library.sample_folder)
        config = self.config

        def work(task: Task) -> PictureSet:
            return understand(
                self.library.draw_sample(task),
                held_out=config.held_out,
                seed=config.seed,
                cancelled=task.cancelled,
            )

        def opened(found: PictureSet) -> None:
            self._direction = "AtoB"  # from labels to photos, whatever was open
            done(found)

        self._files.submit("open", work, done=opened, failed=self.data_refused.emit)

    def _opened(self, found: PictureSet) -> None:
        """Take over what was *found*, A to B, in the direction that is chosen now."""
        self.sides = (found.a_name, found.b_name) if found.choices else None
        self.pictures = found if self._direction == "AtoB" else found.reversed()
        self._remember(found.folder)
        self.data_opened.emit(self.pictures)

    def _remember(self, folder: Path) -> None:
        recent = [f for f in self.settings.value.recent_folders if f != folder]
        self.remember(recent_folders=(folder, *recent)[:8])

    def remember(self, **values: Any) -> None:
        """Keep some of `Settings` for the next start."""

        def done(_none: None) -> None:
            if "runs_folder" in values:
                self.library.list_runs()

        self._files.submit(
            f"remember {' '.join(values)}",
            lambda _task: self.settings.change(**values),
            done=done,
            failed=self.failed.emit,
        )

    # ------------------------------------------------------------------------
    # Settings of the next run.

    def preset_config(self, preset: str) -> EngineConfig:
        """The settings that a preset stands for."""
        return self.entry.config.checked(self.entry.presets[preset].values)

    def use_preset(self, preset: str) -> None:
        """Start again from a preset."""
        self.preset = preset
        self.set_config(self.preset_config(preset))

    def set_config(self, config: EngineConfig) -> None:
        """Replace the settings of the next run."""
        if config != self.config:
            self.config = config
            self.config_changed.emit(config)

    def estimate(self) -> None:
        """Measure how long the present settings and each preset would take here.

        What was measured once, here or by a run, is not measured again: answers
        then come at once.
        """
        if self.state is not JobState.IDLE:
            return
        presets = {name: self.preset_config(name) for name in self.entry.presets}
        configs = {"current": self.config, **presets}
        entry = self.entry

        def work(task: Task) -> None:
            for name, config in configs.items():
                pace = self._pace.seconds_per_step(entry, config, task.cancelled)
                task.report((name, config.steps * pace))

        self._inference.submit(
            ESTIMATE,
            work,
            done=lambda _none: None,
            failed=self.failed.emit,
            progress=self.estimated.emit,
        )

    def as_command(self) -> str:
        """The next run as one line for a terminal; needs open pictures."""
        return command_line(self.entry.name, self.config, self._data_choice())

    def _data_choice(self) -> DataChoice:
        assert self.pictures is not None, "a page enables this once pictures are open"
        return DataChoice(
            folder=self.pictures.folder, sides=self.sides, direction=self._direction
        )

    # ------------------------------------------------------------------------
    # The run.

    def try_sample(self) -> None:
        """Open the sample set and train on it with the quick preset."""
        self._open_sample(self._opened_to_try)

    def _opened_to_try(self, found: PictureSet) -> None:
        self._opened(found)
        if self.state is JobState.IDLE:
            self.use_preset("quick")
            self.start()

    def start(self, name: str = "") -> None:
        """Train on the open pictures with the present settings."""
        assert self.pictures is not None, "a page enables Start once pictures are open"
        root, slug = self.settings.value.runs_folder, self.pictures.name
        job = NewRun(
            engine=self.entry.name,
            config=self.config,
            data=self._data_choice(),
            folder=new_run_path(root, self.entry.name, slug, date.today()),
            name=name or f"{self.entry.title} on {slug}",
        )
        self._begin(job, job.name, self.config)

    def resume_run(self, summary: RunSummary, **changes: Any) -> None:
        """Go on with a run from its newest whole checkpoint.

        Args:
            summary: The run.
            changes: Settings to change, such as steps.
        """
        job = ResumeRun(folder=summary.path, changes=changes)
        if summary.info is None:
            self._begin(job, summary.path.name, self.config)
            return
        values = {**summary.info.config, **changes}
        try:
            config = self.entry.config.checked(values)
        except ConfigError:  # the run itself will say what is wrong with them
            config = self.config
        self._begin(job, summary.info.name, config)

    def pause(self) -> None:
        """Wait after the present step."""
        if self._run and self.state is JobState.TRAINING:
            self._run.controls.pause()

    def resume(self) -> None:
        """Go on after a pause."""
        if self._run and self.state is JobState.PAUSED:
            self._run.controls.resume()

    def stop(self) -> None:
        """End after the present step and keep what was learnt."""
        if self._run and self.state is not JobState.STOPPING:
            self._run.controls.stop()
            self._set_state(JobState.STOPPING)

    def save_now(self) -> None:
        """Write a checkpoint after the present step."""
        if self._run:
            self._run.controls.save_now()

    def change_live(self, name: str, value: Any) -> None:
        """Change a live setting of the run that is training."""
        if self._run:
            self._run.controls.change(**{name: value})

    def _begin(self, job: NewRun | ResumeRun, name: str, config: EngineConfig) -> None:
        assert self.state is JobState.IDLE, "one run at a time"
        self._inference.cancel(ESTIMATE)
        self.run_name, self.run_config, self.started = name, config, None
        self._run = TrainingRun(functools.partial(_reports, job), self)
        self._run.reported.connect(self._on_reported)
        self._run.finished.connect(self._on_finished)
        self._set_state(JobState.PREPARING)
        self._run.start()

    @Slot(object)
    def _on_reported(self, report: Report) -> None:
        if isinstance(report, Started):
            self.started = report
            if self.state is JobState.PREPARING:
                self._set_state(JobState.TRAINING)
        elif isinstance(report, Losses):
            self._keep_pace(report)
        elif isinstance(report, Paused) and self.state is not JobState.STOPPING:
            self._set_state(JobState.PAUSED if report.paused else JobState.TRAINING)
        self.reported.emit(report)

    @Slot(object)
    def _on_finished(self, outcome: RunOutcome) -> None:
        assert self._run is not None
        self._run.deleteLater()
        self._run = None
        self._set_state(JobState.IDLE)
        self.finished.emit(outcome)
        self.library.list_runs()

    def _keep_pace(self, report: Losses) -> None:
        """Let the pace of the run answer for settings like its own from now on."""
        assert self.started is not None, "a run starts before its first step"
        if report.step - self.started.step >= PACE_FROM:
            seconds = self.run_config.batch_size / report.pictures_per_s
            self._pace.keep(self.entry, self.run_config, seconds)

    def _set_state(self, state: JobState) -> None:
        self.state = state
        self.state_changed.emit(state)

    def shut_down(self, timeout_ms: int = 20_000) -> bool:
        """Stop all three threads, keeping what was learnt; True if all are gone."""
        trained = self._run.shut_down(timeout_ms) if self._run else True
        return all([trained, self._files.shut_down(), self._inference.shut_down()])


def _every(
    count: int, report: Callable[[tuple[int, int]], None]
) -> Callable[[int, int], None]:
    """Progress that is told once in *count*, so that it does not flood the window."""

    def progress(done: int, total: int) -> None:
        if done % count == 0 or done == total:
            report((done, total))

    return progress


def _reports(job: NewRun | ResumeRun, controls: Controls) -> Iterator[Report]:
    """Begin the run, on its own thread: torch is loaded here at the latest."""
    from engines.training.runner import run

    return run(job, controls)
