"""A whole run: from a folder of pictures, or a run folder, to an outcome.

The window and the command line both drive `run`, and see nothing of what it does but
its reports. The run folder is written here and by the `Recorder`, nowhere else.
"""

import contextlib
import logging
import os
from collections.abc import Generator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import python_version
from typing import Any

import torch

from engines.base import Engine
from engines.catalogue import engine_entry
from engines.configs import EngineConfig, settings_of
from engines.data.batches import Batches, make_batches
from engines.data.layouts import understand
from engines.data.sets import KIND_WORDS, USED_ALL_THE_SAME, PictureSet, Problem
from engines.errors import Cancelled, DataError, RunError, StudioError
from engines.runs.folder import DataInfo, RunFolder, RunInfo, Versions
from engines.training.controls import Controls
from engines.training.device import choose
from engines.training.history import read_history
from engines.training.jobs import DataChoice, NewRun, ResumeRun
from engines.training.loop import Hooks, train
from engines.training.pictures import Loaded, decode, watch
from engines.training.recorder import Recorder
from engines.training.reports import (
    Notice,
    Preparing,
    Report,
    RunOutcome,
    RunStatus,
    Saved,
    Started,
)
from engines.training.watcher import Watcher

log = logging.getLogger(__name__)

TOLD_PROBLEMS = 5


def run(job: NewRun | ResumeRun, controls: Controls) -> Iterator[Report]:
    """Do *job* and yield its reports; the last is the one `RunOutcome`.

    Raises nothing of its own: every failure becomes an outcome with a sentence.
    """
    work = _Work(job, controls)
    with contextlib.ExitStack() as held:  # the outcome is written under the lock
        try:
            yield from work.do(held)
            stopped = work.step < work.steps
            status = RunStatus.STOPPED if stopped else RunStatus.COMPLETED
            outcome = work.outcome(status)
        except Cancelled:
            outcome = work.outcome(RunStatus.STOPPED)
        except StudioError as failure:
            outcome = work.outcome(RunStatus.FAILED, str(failure))
        except Exception as failure:
            log.exception("run failed at step %d", work.step)
            outcome = work.outcome(RunStatus.FAILED, _unexpected(failure))
    yield outcome


class _Work:
    """One run while it is done.

    Attributes:
        step: Steps done.
        steps: Steps at which it is complete.
    """

    def __init__(self, job: NewRun | ResumeRun, controls: Controls) -> None:
        self.step = 0
        self.steps = 1
        self._job = job
        self._controls = controls
        self._folder: RunFolder | None = None
        self._began = False
        self._kept_step: int | None = None

    def do(self, held: contextlib.ExitStack) -> Iterator[Report]:
        """The run from beginning to end; what *held* holds is let go at its end."""
        if isinstance(self._job, NewRun):
            yield from self._begin(self._job, held)
        else:
            yield from self._go_on(self._job, held)

    def outcome(self, status: RunStatus, error: str = "") -> RunOutcome:
        """Say how it ended, and write that into run.json as far as it can be.

        A resume that is refused, or given up before its first step, leaves run.json
        as it was: what was trained before is neither failed nor stopped by it.
        """
        folder = self._folder
        if folder and self._began:
            try:
                folder.update(state=status.value, step=self.step, error=error)
            except RunError as failure:
                log.warning("the outcome could not be written: %s", failure)
        return RunOutcome(
            status=status,
            step=self.step,
            folder=folder.folder if folder else None,
            kept_step=self._kept_step,
            error=error,
        )

    def _begin(self, job: NewRun, held: contextlib.ExitStack) -> Iterator[Report]:
        config = job.config
        threads = _use_threads(job.threads)
        pictures = _understand(job.engine, job.data, config, self._controls)
        loaded = yield from self._load(pictures, config)
        engine = build_engine(job.engine, config, len(pictures.classes))
        info = RunInfo(
            name=job.name,
            engine=job.engine,
            config=config.model_dump(),
            data=_describe(pictures, job.data, loaded),
            versions=_versions(),
            seed=config.seed,
            threads=threads,
            device=str(engine.compute),
            created=datetime.now(UTC),
            steps=config.steps,
        )
        folder = RunFolder.create(job.folder, info)
        held.enter_context(folder.writing())
        self._folder = folder
        yield from self._train(folder, engine, pictures, loaded, elapsed_s=0.0)

    def _go_on(self, job: ResumeRun, held: contextlib.ExitStack) -> Iterator[Report]:
        folder = RunFolder.open(job.folder)
        held.enter_context(folder.writing())
        checkpoint = folder.checkpoints.load()
        self._folder = folder
        self.step = self._kept_step = checkpoint.step
        for skipped in checkpoint.skipped:
            words = f"Checkpoint {skipped} is damaged and was passed over."
            yield Notice(step=self.step, words=words)

        info = folder.info
        config = _resumed_config(info.engine, info.config, job.changes)
        if config.steps <= checkpoint.step:
            raise RunError(
                f"This run is complete at step {checkpoint.step:,}. To go on, give it "
                f"more steps than that; {config.steps:,} were asked for."
            )
        _use_threads(info.threads)
        engine = build_engine(info.engine, config, len(info.data.classes))
        engine.load_weights(checkpoint.weights)
        engine.load_training_state(checkpoint.training)

        data = data_of(info.data)
        pictures = _understand(info.engine, data, config, self._controls)
        if pictures.fingerprint() != info.data.fingerprint:
            words = (
                f"The pictures in '{pictures.name}' have changed since this run began. "
                "It goes on with what is there now."
            )
            yield Notice(step=self.step, words=words)
        loaded = yield from self._load(pictures, config)
        folder.resume_from(checkpoint.step)
        folder.update(
            config=config.model_dump(), steps=config.steps, device=str(engine.compute)
        )
        elapsed_s = float(checkpoint.state["elapsed_s"])
        yield from self._train(folder, engine, pictures, loaded, elapsed_s=elapsed_s)

    def _load(
        self, pictures: PictureSet, config: EngineConfig
    ) -> Generator[Report, None, Loaded]:
        """Decode all pictures on another thread, reporting how far it is."""
        done = 0

        def progress(now: int) -> None:
            nonlocal done
            done = now

        with ThreadPoolExecutor(1, thread_name_prefix="load") as pool:
            future = pool.submit(
                decode, pictures, config, progress, self._controls.should_stop
            )
            try:
                while not wait([future], timeout=0.1).done:
                    yield Preparing(done=done, total=len(pictures.items))
            except GeneratorExit:  # nobody waits for it any more
                self._controls.stop()
                raise
        loaded = future.result()
        for words in _told(loaded.problems + pictures.problems):
            yield Notice(step=self.step, words=words)
        return loaded

    def _train(
        self,
        folder: RunFolder,
        engine: Engine,
        pictures: PictureSet,
        loaded: Loaded,
        *,
        elapsed_s: float,
    ) -> Iterator[Report]:
        self.steps = engine.config.steps
        watcher = watch(engine, pictures, loaded)
        config, device = engine.config, engine.compute.device
        batches = make_batches(pictures.kind, loaded.training, config, device)
        folder.previews.save_fixed(watcher.columns, watcher.names)
        folder.update(state="running", step=self.step, error="")
        self._began = True
        yield self._started(folder, engine, loaded, watcher)
        if self.step:
            yield read_history(folder)
        reports = train(
            engine,
            batches,
            self._controls,
            _hooks(folder, engine, batches, watcher),
            start=self.step,
            elapsed_s=elapsed_s,
        )
        recorder = Recorder(folder)
        for report in reports:
            self.step = report.step
            if isinstance(report, Saved):
                self._kept_step = report.step
            yield report
            yield from recorder.record(report)

    def _started(
        self, folder: RunFolder, engine: Engine, loaded: Loaded, watcher: Watcher
    ) -> Started:
        return Started(
            folder=folder.folder,
            step=self.step,
            steps=self.steps,
            device=str(engine.compute),
            columns=watcher.columns,
            names=watcher.names,
            training_pictures=len(loaded.training),
            held_out_pictures=len(loaded.held_out),
        )


# ----------------------------------------------------------------------------
# Small steps.


def _hooks(
    folder: RunFolder, engine: Engine, batches: Batches, watcher: Watcher
) -> Hooks:
    """What the loop asks of its surroundings."""

    def save(step: int, seconds: float) -> Path:
        return folder.checkpoints.save(
            step,
            weights=engine.weights(),
            training=engine.training_state(),
            state={"elapsed_s": seconds},
            metadata={
                "engine": folder.info.engine,
                "config": engine.config.model_dump_json(),
                "step": str(step),
            },
        )

    def changed() -> None:
        batches.mirror = engine.config.mirror

    return Hooks(
        preview=watcher.preview, measure=watcher.measure, save=save, changed=changed
    )


def _use_threads(threads: int | None) -> int:
    """Set the CPU threads of this thread's tensor operations; None for every core."""
    threads = threads or os.cpu_count() or 1
    torch.set_num_threads(threads)
    return threads


def _understand(
    engine: str, data: DataChoice, config: EngineConfig, controls: Controls
) -> PictureSet:
    """Find the pictures again, as what the engine learns from.

    Raises:
        DataError: The folder does not hold that.
    """
    entry = engine_entry(engine)
    pictures = understand(
        data.folder,
        use=data.use or entry.data,
        sides=data.sides,
        held_out=config.held_out,
        seed=config.seed,
        direction=data.direction,
        left_out=data.left_out,
        cancelled=controls.should_stop,
    )
    if pictures.kind != entry.data:
        raise DataError(
            f"{entry.title} learns from {KIND_WORDS[entry.data]}, and "
            f"'{pictures.name}' was opened as {KIND_WORDS[pictures.kind]}. Open it "
            "another way, or choose another engine."
        )
    return pictures


def build_engine(name: str, config: EngineConfig, class_count: int = 0) -> Engine:
    """Make the engine *name* on the device that its settings ask for.

    Raises:
        DeviceError: The device is not there.
    """
    compute = choose(config.device, config.precision)
    return engine_entry(name).load()(config, compute, class_count=class_count)


def _resumed_config(
    engine: str, saved: Mapping[str, Any], changes: Mapping[str, Any]
) -> EngineConfig:
    """The config of the run with what the user changes now.

    Raises:
        ConfigError: A change is out of range.
        RunError: A setting is fixed once the run is made.
    """
    config_type = engine_entry(engine).config
    fixed = {
        s.name: s.label for s in settings_of(config_type) if s.change == "creation"
    }
    wrong = [fixed[name] for name in changes if name in fixed]
    if wrong:
        raise RunError(
            f"{', '.join(wrong)} cannot change after a run was made. Leave it out, or "
            "start a new run."
        )
    return config_type.checked({**saved, **changes})


def _describe(pictures: PictureSet, data: DataChoice, loaded: Loaded) -> DataInfo:
    return DataInfo(
        folder=str(data.folder.resolve()),
        name=pictures.name,
        kind=pictures.layout,
        use=pictures.use,
        words=pictures.words,
        a_name=pictures.a_name,
        b_name=pictures.b_name,
        classes=pictures.classes,
        left_out=data.left_out,
        sides=data.sides,
        direction=data.direction,
        fingerprint=pictures.fingerprint(),
        training_pictures=len(loaded.training),
        held_out_pictures=len(loaded.held_out),
    )


def _told(problems: Sequence[Problem]) -> list[str]:
    """The first few problems in words; a thousand sentences tell nobody anything."""
    words = [problem.words for problem in problems[:TOLD_PROBLEMS]]
    rest = problems[TOLD_PROBLEMS:]
    more = sum(problem.kind not in USED_ALL_THE_SAME for problem in rest)
    if more:
        these = "1 more file was" if more == 1 else f"{more:,} more files were"
        words.append(f"{these} left out.")
    return words


def data_of(info: DataInfo) -> DataChoice:
    """The pictures that a run was made with, to be looked for again."""
    return DataChoice(
        folder=Path(info.folder),
        use=info.use,
        sides=info.sides,
        direction=info.direction,
        left_out=info.left_out,
    )


def _versions() -> Versions:
    try:
        studio = version("image-translation-studio")
    except PackageNotFoundError:  # run from the source tree
        studio = "source"
    return Versions(studio=studio, torch=torch.__version__, python=python_version())


def _unexpected(failure: Exception) -> str:
    if isinstance(failure, MemoryError | torch.OutOfMemoryError) or (
        "can't allocate memory" in str(failure)
    ):
        return (
            "There is not enough memory for these settings. Choose a smaller picture "
            "size, fewer pictures per step or a narrower network."
        )
    return f"Something unexpected went wrong: {failure}"
