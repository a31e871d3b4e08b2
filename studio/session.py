"""What is open: pictures, engine, settings, the current run. QtCore only.

Pages ask the session and listen to it; they never talk to each other. All work is
done on three threads of its own: one trains, one reads files, one translates.
"""

import enum
import functools
import shutil
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from engines.catalogue import EngineEntry, engine_entry
from engines.configs import EngineConfig, settings_of
from engines.configs.base import ConfigError
from engines.data.images import resize
from engines.data.layouts import understand
from engines.data.pairs import PairSet, Side
from engines.errors import StudioError
from engines.runs.folder import RunInfo, new_run_path
from engines.runs.listing import RunSummary, list_runs
from engines.runs.previews import Previews
from engines.samples.facades import write_facades
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
from studio.settings import SettingsFile
from studio.training_worker import TrainingRun
from studio.translating import (
    SavedTranslations,
    Translating,
    Translation,
    TranslationRequest,
    held_out_inputs,
    pictures_among,
)

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
    """The state of the studio and everything a page may ask for.

    Signals:
        data_opening: A folder is being looked at. (Path)
        data_opened: Its pictures are the current ones now. (PairSet)
        data_looked_at: How far that is. (files looked at, files in all)
        data_refused: It does not hold what is needed. (sentence)
        thumbnail_ready: A pair's small pictures. (name, before Rgb, after Rgb)
        config_changed: The settings of the next run. (EngineConfig)
        state_changed: What the training thread does. (JobState)
        reported: A report of the current run, in order. (Report)
        finished: The current run ended; it is idle again. (RunOutcome)
        estimated: How long a run would take. ((preset or "current", seconds))
        runs_listed: Every run in the runs folder. (tuple of RunSummary)
        run_picture_ready: What a run painted last. (run folder Path, Rgb)
        disk_measured: Bytes that are free where runs are kept. (int)
        translated: A picture is done. (Translation)
        translation_failed: It cannot be. (TranslationRequest, sentence)
        pictures_found: Pictures to translate. (tuple of Side, tuple of sentences)
        saving: Which result is being written. (done, in all)
        saved: Results were written. (SavedTranslations)
        failed: A sentence about something else that went wrong. (str)
    """

    data_opening = Signal(object)
    data_opened = Signal(object)
    data_looked_at = Signal(int, int)
    data_refused = Signal(str)
    thumbnail_ready = Signal(str, object, object)
    config_changed = Signal(object)
    state_changed = Signal(object)
    reported = Signal(object)
    finished = Signal(object)
    estimated = Signal(object)
    runs_listed = Signal(object)
    run_picture_ready = Signal(object, object)
    disk_measured = Signal(object)
    translated = Signal(object)
    translation_failed = Signal(object, str)
    pictures_found = Signal(object, object)
    saving = Signal(int, int)
    saved = Signal(object)
    failed = Signal(str)

    def __init__(self, settings: SettingsFile, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings = settings
        self.entry: EngineEntry = engine_entry("pix2pix")
        self.preset = "quick"
        self.config: EngineConfig = self.preset_config(self.preset)
        self.pairs: PairSet | None = None
        self.sides: tuple[str, str] | None = None
        self.state = JobState.IDLE
        self.started: Started | None = None
        self.run_name = ""
        self.run_config: EngineConfig = self.config
        # Seconds a step, as measured by estimates (inference thread) and by runs
        # (this one): single items are set and read, nothing is ever removed.
        self._speeds: dict[str, float] = {}
        self._direction: Direction = "AtoB"
        self._run: TrainingRun | None = None
        self._files = Background(self)
        self._inference = Background(self)
        self._translating = Translating()

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
        if self.pairs:
            self.pairs = self.pairs.reversed()
            self.data_opened.emit(self.pairs)

    def request_thumbnails(self, names: Sequence[str], side: int) -> None:
        """Ask for small pictures of pairs; a newer call replaces this one.

        Args:
            names: Names of pairs; those of other folders are passed over.
            side: Pixels a side.
        """
        if self.pairs is None:
            return
        wanted = set(names)
        pairs = [pair for pair in self.pairs.pairs if pair.name in wanted]

        def work(task: Task) -> None:
            for pair in pairs:
                if task.cancelled():
                    return
                try:
                    before, after = (
                        resize(s.read(), side, "cut") for s in (pair.a, pair.b)
                    )
                except StudioError:
                    continue  # named among the problems when it is decoded for use
                task.report((pair.name, before, after))

        self._files.submit(
            "thumbnails",
            work,
            done=lambda _none: None,
            failed=self.failed.emit,
            progress=lambda found: self.thumbnail_ready.emit(*found),
        )

    def _open(
        self,
        folder: Path,
        sides: tuple[str, str] | None,
        done: Callable[[PairSet], None],
    ) -> None:
        self.data_opening.emit(folder)
        config = self.config

        def work(task: Task) -> PairSet:
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

    def _open_sample(self, done: Callable[[PairSet], None]) -> None:
        folder = self.settings.samples_folder / "Façades"
        self.data_opening.emit(folder)
        config = self.config

        def work(task: Task) -> PairSet:
            write_facades(folder, cancelled=task.cancelled)
            return understand(
                folder,
                held_out=config.held_out,
                seed=config.seed,
                cancelled=task.cancelled,
            )

        def opened(found: PairSet) -> None:
            self._direction = "AtoB"  # from labels to photos, whatever was open
            done(found)

        self._files.submit("open", work, done=opened, failed=self.data_refused.emit)

    def _opened(self, found: PairSet) -> None:
        """Take over what was *found*, A to B, in the direction that is chosen now."""
        self.sides = (found.a_name, found.b_name) if found.choices else None
        self.pairs = found if self._direction == "AtoB" else found.reversed()
        self._remember(found.folder)
        self.data_opened.emit(self.pairs)

    def _remember(self, folder: Path) -> None:
        recent = [f for f in self.settings.value.recent_folders if f != folder]
        self.remember(recent_folders=(folder, *recent)[:8])

    def remember(self, **values: Any) -> None:
        """Keep some of `Settings` for the next start."""
        self._files.submit(
            f"remember {' '.join(values)}",
            lambda _task: self.settings.change(**values),
            done=lambda _none: self.list_runs() if "runs_folder" in values else None,
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

        def work(task: Task) -> None:
            for name, config in configs.items():
                pace = self._seconds_per_step(config, task.cancelled)
                task.report((name, config.steps * pace))

        self._inference.submit(
            "estimate",
            work,
            done=lambda _none: None,
            failed=self.failed.emit,
            progress=self.estimated.emit,
        )

    def _seconds_per_step(
        self, config: EngineConfig, cancelled: Callable[[], bool]
    ) -> float:
        """Runs on the inference thread."""
        from engines.training.speed import seconds_per_step

        key = self._speed_key(config)
        if key not in self._speeds:
            self._speeds[key] = seconds_per_step(
                self.entry, config, cancelled=cancelled
            )
        return self._speeds[key]

    def _speed_key(self, config: EngineConfig) -> str:
        """The same for settings that take the same time a step."""
        live = {s.name for s in settings_of(type(config)) if s.change == "live"}
        return self.entry.name + config.model_dump_json(exclude={"steps", *live})

    def _keep_pace(self, report: Losses) -> None:
        """Let the pace of the run answer for settings like its own from now on."""
        assert self.started is not None, "a run starts before its first step"
        if report.step - self.started.step >= PACE_FROM:
            seconds = self.run_config.batch_size / report.pictures_per_s
            self._speeds[self._speed_key(self.run_config)] = seconds

    def as_command(self) -> str:
        """The next run as one line for a terminal; needs open pictures."""
        return command_line(self.entry.name, self.config, self._data_choice())

    def _data_choice(self) -> DataChoice:
        assert self.pairs is not None, "a page enables this once pictures are open"
        return DataChoice(
            folder=self.pairs.folder, sides=self.sides, direction=self._direction
        )

    # ------------------------------------------------------------------------
    # The run.

    def try_sample(self) -> None:
        """Open the sample set and train on it with the quick preset."""
        self._open_sample(self._opened_to_try)

    def _opened_to_try(self, found: PairSet) -> None:
        self._opened(found)
        if self.state is JobState.IDLE:
            self.use_preset("quick")
            self.start()

    def start(self, name: str = "") -> None:
        """Train on the open pictures with the present settings."""
        assert self.pairs is not None, "a page enables Start once pictures are open"
        root, slug = self.settings.value.runs_folder, self.pairs.name
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
        self._inference.cancel("estimate")
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
        self.list_runs()

    def _set_state(self, state: JobState) -> None:
        self.state = state
        self.state_changed.emit(state)

    # ------------------------------------------------------------------------
    # Runs and translation.

    def list_runs(self) -> None:
        """Look into the runs folder; `runs_listed` follows."""
        root = self.settings.value.runs_folder
        self._files.submit(
            "runs",
            lambda _task: list_runs(root),
            done=self.runs_listed.emit,
            failed=self.failed.emit,
        )

    def request_run_pictures(self, runs: Sequence[Path], side: int) -> None:
        """Ask for the newest preview of runs; a newer call replaces this one.

        Args:
            runs: Run folders; one without previews is passed over.
            side: Pixels a side.
        """

        def work(task: Task) -> None:
            for run in runs:
                previews = Previews(run / "previews")
                steps = previews.steps()
                if not steps or task.cancelled():
                    continue
                try:
                    picture = previews.load(steps[-1])[0]
                except StudioError:
                    continue  # damaged, or thinned by the run that is training
                task.report((run, resize(picture, side, "cut")))

        self._files.submit(
            "run pictures",
            work,
            done=lambda _none: None,
            failed=self.failed.emit,
            progress=lambda found: self.run_picture_ready.emit(*found),
        )

    def measure_disk(self) -> None:
        """Look how much room is left where runs are kept; `disk_measured` follows."""
        root = self.settings.value.runs_folder

        def work(_task: Task) -> int:
            there = next((f for f in (root, *root.parents) if f.exists()), None)
            return shutil.disk_usage(there).free if there else 0  # a drive is gone

        self._files.submit(
            "disk", work, done=self.disk_measured.emit, failed=self.failed.emit
        )

    def warm_up(self) -> None:
        """Load torch in the background, so that the first start need not wait."""
        self._inference.submit(
            "warm up",
            lambda _task: import_module("engines.training.runner"),
            done=lambda _module: None,
            failed=self.failed.emit,
        )

    def translate(self, request: TranslationRequest) -> None:
        """Translate a picture; `translated` or `translation_failed` follows.

        Requests for the same picture replace each other, others wait their turn.
        While the model's run is training, its newest checkpoint answers.
        """
        self._inference.cancel("estimate")  # a picture should not wait for it
        self._inference.submit(
            f"translate {request.name}",
            lambda _task: self._translating.translate(request),
            done=self.translated.emit,
            failed=lambda words: self.translation_failed.emit(request, words),
        )

    def save_translations(
        self, items: Sequence[Translation | TranslationRequest], folder: Path
    ) -> None:
        """Write results under their pictures' names; `saved` follows.

        Args:
            items: Results, or requests that are translated first.
            folder: Where to; nothing that is there is replaced.
        """

        def work(task: Task) -> SavedTranslations:
            return self._translating.save(
                items, folder, progress=task.report, cancelled=task.cancelled
            )

        self._inference.submit(
            f"save {folder}",
            work,
            done=self.saved.emit,
            failed=lambda words: self.saved.emit(
                SavedTranslations(folder=folder, problems=(words,))
            ),
            progress=lambda counts: self.saving.emit(*counts),
        )

    def find_pictures(self, paths: Sequence[Path]) -> None:
        """Look for pictures to translate; `pictures_found` follows.

        Args:
            paths: Files, taken as they are, and folders, searched to the bottom.
        """

        def work(task: Task) -> tuple[tuple[Side, ...], tuple[str, ...]]:
            return pictures_among(paths, cancelled=task.cancelled)

        self._files.submit(
            f"find {paths}",
            work,
            done=lambda found: self.pictures_found.emit(*found),
            failed=self.failed.emit,
        )

    def find_held_out(self, run: RunInfo) -> None:
        """Look for inputs that a run never learnt from; `pictures_found` follows."""

        def work(task: Task) -> tuple[Side, ...]:
            return held_out_inputs(run, cancelled=task.cancelled)

        self._files.submit(
            "find held out",
            work,
            done=lambda found: self.pictures_found.emit(found, ()),
            failed=lambda words: self.pictures_found.emit((), (words,)),
        )

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
