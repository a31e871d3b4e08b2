"""A whole run: from a folder of pictures, or a run folder, to an outcome.

The window and the command line both drive `run`, and see nothing of what it does but
its reports. The run folder is written here and by the `Recorder`, nowhere else.
"""

import contextlib
import logging
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from pathlib import Path

import torch

from engines.base import Engine
from engines.configs import EngineConfig
from engines.data.batches import Batches, make_batches
from engines.data.sets import USED_ALL_THE_SAME, PictureSet, Problem
from engines.errors import Cancelled, RunError, StudioError
from engines.runs.folder import RunFolder
from engines.training.allocator import keep_freed_memory
from engines.training.controls import Controls
from engines.training.history import read_history
from engines.training.jobs import NewRun, ResumeRun
from engines.training.loop import Hooks, train
from engines.training.milestone_keeper import MilestoneKeeper
from engines.training.out_of_memory import (
    is_out_of_memory,
    smaller_batch,
    words_for,
)
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
from engines.training.setup import (
    build_engine,
    data_of,
    describe_model,
    describe_run,
    find_pictures,
    resumed_config,
)
from engines.training.threads import Sharing, cores
from engines.training.watcher import Watcher

log = logging.getLogger(__name__)

TOLD_PROBLEMS = 5


def run(job: NewRun | ResumeRun, controls: Controls) -> Iterator[Report]:
    """Do *job* and yield its reports; the last is the one `RunOutcome`.

    Raises nothing of its own: every failure becomes an outcome with a sentence.
    """
    work = _Work(job, controls)
    with contextlib.ExitStack() as held:  # the outcome is written under the lock
        held.callback(controls.end)
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
            outcome = work.failed(failure)
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
        self._batch_size = 0  # until it trains: what comes before needs no batch

    def do(self, held: contextlib.ExitStack) -> Iterator[Report]:
        """The run from beginning to end; what *held* holds is let go at its end."""
        if isinstance(self._job, NewRun):
            yield from self._begin(self._job, held)
        else:
            yield from self._go_on(self._job, held)

    def failed(self, failure: Exception) -> RunOutcome:
        """Say that it ended in what nobody expected, or as memory ran out."""
        if not is_out_of_memory(failure):
            words = f"Something unexpected went wrong: {failure}"
            return self.outcome(RunStatus.FAILED, words)
        outcome = self.outcome(RunStatus.FAILED, words_for(self._batch_size))
        return replace(outcome, smaller_batch=smaller_batch(self._batch_size))

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
        pictures = find_pictures(job.engine, job.data, config, self._controls)
        loaded = yield from self._load(pictures, config)
        engine = build_engine(job.engine, config, len(pictures.classes))
        info = describe_run(job, engine, pictures, loaded, threads)
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
        config = resumed_config(info.engine, info.config, job.changes)
        if config.steps <= checkpoint.step:
            raise RunError(
                f"This run is complete at step {checkpoint.step:,}. To go on, give it "
                f"more steps than that; {config.steps:,} were asked for."
            )
        _use_threads(info.threads)
        engine = build_engine(info.engine, config, len(info.data.classes))
        engine.load_weights(checkpoint.weights)
        engine.load_training_state(checkpoint.training)
        began_s = float(checkpoint.state["elapsed_s"])
        del checkpoint  # as large as the networks and all that trains them

        data = data_of(info.data)
        pictures = find_pictures(info.engine, data, config, self._controls)
        if pictures.fingerprint() != info.data.fingerprint:
            words = (
                f"The pictures in '{pictures.name}' have changed since this run began. "
                "It goes on with what is there now."
            )
            yield Notice(step=self.step, words=words)
        loaded = yield from self._load(pictures, config)
        folder.resume_from(self.step)
        folder.update(
            config=config.model_dump(), steps=config.steps, device=str(engine.compute)
        )
        yield from self._train(folder, engine, pictures, loaded, elapsed_s=began_s)

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
        self._began, self._batch_size = True, config.batch_size
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
        recorder, milestones = Recorder(folder), MilestoneKeeper(folder, engine)
        sharing = Sharing(torch.get_num_threads()) if device.type == "cpu" else None
        with keep_freed_memory():
            for report in reports:
                self.step = report.step
                if isinstance(report, Saved):
                    self._kept_step = report.step
                yield report
                yield from recorder.record(report)
                yield from milestones.record(report)
                if sharing and sharing.look():
                    notice = self._use(sharing.threads)
                    yield notice
                    yield from recorder.record(notice)

    def _use(self, threads: int) -> Notice:
        """Go on with so many threads; from here on, last digits may differ."""
        torch.set_num_threads(threads)
        words = (
            "The processor is free again: training uses all its cores."
            if threads == cores()
            else "Other programs keep the processor busy. Training goes on with "
            f"{threads} of {cores()} cores, which is faster than waiting for them."
        )
        return Notice(step=self.step, words=words)

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
            metadata=describe_model(folder.info.engine, engine.config, step),
        )

    def changed() -> None:
        batches.mirror = engine.config.mirror

    return Hooks(
        preview=watcher.preview, measure=watcher.measure, save=save, changed=changed
    )


def _use_threads(threads: int | None) -> int:
    """Set the CPU threads of this thread's tensor operations; None for every core."""
    threads = threads or cores()
    torch.set_num_threads(threads)
    return threads


def _told(problems: Sequence[Problem]) -> list[str]:
    """The first few problems in words; a thousand sentences tell nobody anything."""
    words = [problem.words for problem in problems[:TOLD_PROBLEMS]]
    rest = problems[TOLD_PROBLEMS:]
    more = sum(problem.kind not in USED_ALL_THE_SAME for problem in rest)
    if more:
        these = "1 more file was" if more == 1 else f"{more:,} more files were"
        words.append(f"{these} left out.")
    return words
