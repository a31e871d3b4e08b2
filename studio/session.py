"""What is open: pictures, engine, settings, the current run. QtCore only.

Pages ask the session and its library and listen to them; they never talk to each
other. All work is done on six threads: one trains, one translates and decodes, one
translates whole folders, one looks for directions of latent spaces, one reads files,
and one does what takes long with files: looking through folders, auditing, fetching.
"""

import enum
import functools
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from engines.catalogue import EngineEntry, engine_entry, recommended
from engines.configs import EngineConfig
from engines.data.sets import PictureSet
from engines.errors import StudioError
from engines.runs.folder import free_path, new_run_path
from engines.runs.listing import RunSummary
from engines.training.controls import Controls, Newest
from engines.training.jobs import NewRun, ResumeRun, command_line
from engines.training.reports import (
    Losses,
    Paused,
    Report,
    RunOutcome,
    Started,
)
from studio.background import Background
from studio.estimates import Estimates
from studio.estimates import preset as preset_of
from studio.exchange import Exchange
from studio.explorer import Explorer
from studio.exploring import Exploring
from studio.library import Library
from studio.model_jobs import ModelJobs
from studio.open_pictures import OpenPictures
from studio.pace import ESTIMATE, Pace
from studio.settings import SettingsFile
from studio.training_worker import TrainingRun
from studio.translating import Translating

Rgb = NDArray[np.uint8]  # (H, W, 3)

PACE_FROM = 20  # steps; the first ones are slow
LIVE_WAIT_S = 2.0  # for a run to come to the end of its step


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
        engine_changed: The engine of the next run. (EngineEntry)
        config_changed: The settings of the next run. (EngineConfig)
        state_changed: What the training thread does. (JobState)
        reported: A report of the current run, in order. (Report)
        finished: The current run ended; it is idle again. (RunOutcome)
        estimated: What a run would take. ((preset or "current", DryRun))
        trial_estimated: How long `try_sample` would take. (engine's name, seconds)
        failed: A sentence about something else that went wrong. (str)

    Attributes:
        data: The pictures that are open.
        library: The runs and pictures on disk, and the use of models.
        exchange: Models in from other programs, and out to them.
        jobs: Long work with a model: whole folders.
        explore: Latent spaces, looked into.
        entry: The engine of the next run.
        run_entry: The engine of the current or latest run.
    """

    engine_changed = Signal(object)
    config_changed = Signal(object)
    state_changed = Signal(object)
    reported = Signal(object)
    finished = Signal(object)
    estimated = Signal(object)
    trial_estimated = Signal(str, float)
    failed = Signal(str)

    def __init__(self, settings: SettingsFile, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings = settings
        self.entry: EngineEntry = engine_entry("pix2pix")
        self.preset = "quick"
        self.config: EngineConfig = self.preset_config(self.preset)
        self.state = JobState.IDLE
        self.started: Started | None = None
        self.run_name = ""
        self.run_entry = self.entry
        self.run_config: EngineConfig = self.config
        self._pace = Pace()
        self._is_warm = False
        self._step = 0
        self._run: TrainingRun | None = None
        self._job: NewRun | ResumeRun | None = None
        self._files = Background(self)
        self._inference = Background(self)
        self._reading = Background(self)
        self._estimates = Estimates(self._inference, self._pace, self)
        self.data = OpenPictures(
            settings, self._reading, self.remember, lambda: self.config, self
        )
        self.library = Library(
            settings,
            self._files,
            self._inference,
            Translating(lambda: self.state is JobState.TRAINING, self._live_weights),
            self,
        )
        self.jobs = ModelJobs(lambda: self.state is JobState.TRAINING, self)
        self.exchange = Exchange(self._reading, self)
        self.explore = Explorer(
            self._inference,
            Exploring(lambda: self.state is JobState.TRAINING, self._live_weights),
            self,
        )
        # First of all listeners: the engine fits before a page shows the pictures.
        self.data.opened.connect(self._on_opened)
        self.data.failed.connect(self.failed)
        self._estimates.failed.connect(self.failed)
        self._estimates.estimated.connect(self.estimated)
        self._estimates.trial_estimated.connect(self.trial_estimated)

    # ------------------------------------------------------------------------
    # Pictures and engine.

    @property
    def pictures(self) -> PictureSet | None:
        """The pictures that are open."""
        return self.data.pictures

    def use_engine(self, name: str) -> None:
        """Train with another engine, starting from its quick preset.

        Where the open pictures are not used as what it learns from, they are looked
        at again, as that.
        """
        if name != self.entry.name:
            self._estimates.cancel(ESTIMATE)  # it is about the engine until now
            self.entry = engine_entry(name)
            self.preset = "quick"
            self.config = self.preset_config(self.preset)
            self.engine_changed.emit(self.entry)
            self.config_changed.emit(self.config)
        if self.pictures and self.pictures.kind != self.entry.data:
            self.data.use_as(self.entry.data)

    @Slot(object)
    def _on_opened(self, pictures: PictureSet) -> None:
        """Take an engine that can learn from what is open."""
        if self.entry.data != pictures.kind:
            self.use_engine(recommended(pictures.kind).name)

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
        return preset_of(self.entry, preset)

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
        """Find out what the present settings and each preset would take here."""
        if self.state is JobState.IDLE:
            self._estimates.estimate(self.entry, self.config)

    def estimate_trials(self) -> None:
        """Measure how long trying each engine takes here, once `warm_up` was called.

        Before that, torch would be loaded while the window is being painted.
        """
        if self._is_warm and self.state is JobState.IDLE:
            self._estimates.estimate_trials()

    def as_command(self) -> str:
        """The next run as one line for a terminal; needs open pictures."""
        return command_line(self.entry.name, self.config, self.data.choice())

    # ------------------------------------------------------------------------
    # The run.

    def try_sample(self, name: str, engine: str) -> None:
        """Open a sample set and train *engine* on it with the quick preset."""

        def start() -> None:
            if self.state is JobState.IDLE:
                self.use_engine(engine)
                self.use_preset("quick")
                self.start()

        self.data.open_sample(name, then=start)

    def start(self, name: str = "") -> None:
        """Train on the open pictures with the present settings."""
        assert self.pictures is not None, "a page enables Start once pictures are open"
        root, slug = self.settings.value.runs_folder, self.pictures.name
        job = NewRun(
            engine=self.entry.name,
            config=self.config,
            data=self.data.choice(),
            folder=new_run_path(root, self.entry.name, slug, date.today()),
            name=name or f"{self.entry.title} on {slug}",
        )
        self._begin(job, job.name, self.entry, self.config)

    def resume_run(self, summary: RunSummary, **changes: Any) -> None:
        """Go on with a run from its newest whole checkpoint.

        Args:
            summary: The run.
            changes: Settings to change, such as steps.
        """
        job = ResumeRun(folder=summary.path, changes=changes)
        if summary.info is None:
            self._begin(job, summary.path.name, self.entry, self.config)
            return
        values = {**summary.info.config, **changes}
        try:
            entry = engine_entry(summary.info.engine)
            config = entry.config.checked(values)
        except StudioError:  # the run itself will say what is wrong with it
            entry, config = self.entry, self.config
        self._begin(job, summary.info.name, entry, config)

    def run_smaller(self, outcome: RunOutcome) -> None:
        """Do the latest run with fewer pictures per step, as its *outcome* offers.

        It goes on from what was kept, or where nothing was, begins again.
        """
        job, smaller = self._job, {"batch_size": outcome.smaller_batch}
        assert job is not None, "an outcome comes from a job"
        config = self.run_config.changed(**smaller)
        if self.config == self.run_config:
            self.set_config(config)
        if outcome.kept_step is not None and outcome.folder:
            job = ResumeRun(folder=outcome.folder, changes=smaller)
        elif isinstance(job, NewRun):
            folder = free_path(job.folder)
            job = replace(job, config=config, folder=folder)
        self._begin(job, self.run_name, self.run_entry, config)

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

    def live_step(self, run: Path) -> int | None:
        """The step at which the run in the folder *run* is; None if not in training."""
        is_it = self.started is not None and self.started.folder == run
        return self._step if is_it and self._run else None

    def _live_weights(self, run: Path) -> "Newest | None":
        """Step and weights of this moment of a run; from any thread."""
        current, started = self._run, self.started
        if current is None or started is None or started.folder != run:
            return None
        return current.controls.newest_weights(LIVE_WAIT_S)

    def _begin(
        self,
        job: NewRun | ResumeRun,
        name: str,
        entry: EngineEntry,
        config: EngineConfig,
    ) -> None:
        assert self.state is JobState.IDLE, "one run at a time"
        self._estimates.cancel()
        self.run_name, self.run_entry, self.run_config = name, entry, config
        self.started, self._job = None, job
        self._run = TrainingRun(functools.partial(_reports, job), self)
        self._run.reported.connect(self._on_reported)
        self._run.finished.connect(self._on_finished)
        self._set_state(JobState.PREPARING)
        self._run.start()

    @Slot(object)
    def _on_reported(self, report: Report) -> None:
        if isinstance(report, Started):
            self.started, self._step = report, report.step
            if self.state is JobState.PREPARING:
                self._set_state(JobState.TRAINING)
        elif isinstance(report, Losses):
            self._step = report.step
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
            seconds = self.run_config.pictures_per_step / report.pictures_per_s
            self._pace.keep(self.run_entry, self.run_config, seconds)

    def _set_state(self, state: JobState) -> None:
        self.state = state
        self.state_changed.emit(state)

    def warm_up(self) -> None:
        """Do what the first start would have to wait for."""
        self._is_warm = True
        self.library.warm_up()
        self.data.warm_up()
        self.estimate_trials()

    def shut_down(self, timeout_ms: int = 20_000) -> bool:
        """Stop all threads, keeping what was learnt; True if all are gone."""
        self.jobs.cancel()
        trained = self._run.shut_down(timeout_ms) if self._run else True
        others = (self.jobs, self.explore, self._files, self._inference, self._reading)
        return all([trained, *(part.shut_down() for part in others)])


def _reports(job: NewRun | ResumeRun, controls: Controls) -> Iterator[Report]:
    """Begin the run, on its own thread: torch is loaded here at the latest."""
    from engines.training.runner import run

    return run(job, controls)
