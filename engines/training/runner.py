"""A whole run: from a folder of pictures, or a run folder, to an outcome.

The window and the command line both drive `run`, and see nothing of what it does but
its reports. The run folder is written here and nowhere else.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor

from engines import metrics
from engines.base import Engine, Translator
from engines.catalogue import engine_entry
from engines.configs import EngineConfig
from engines.data.batches import PairBatches, load_size
from engines.data.layouts import PairSet, understand
from engines.data.store import PairStore, load_store
from engines.errors import Cancelled, DataError, RunError, StudioError
from engines.runs.checkpoints import Checkpoint
from engines.runs.folder import DataInfo, RunFolder, RunInfo, now_utc
from engines.pixels import to_float, to_pictures
from engines.training import reports
from engines.training.controls import Controls
from engines.training.device import choose
from engines.training.jobs import DataChoice, NewRun, ResumeRun
from engines.training.loop import Hooks, train
from engines.training.reports import Report, RunOutcome, RunStatus

log = logging.getLogger(__name__)

PREVIEW_PICTURES = 6
MEASURED_PICTURES = 256  # more take time and hardly move the mean
MEASURE_BATCH = 16


def run(job: NewRun | ResumeRun, controls: Controls) -> Iterator[Report]:
    """Do *job* and yield its reports; the last is the one `RunOutcome`.

    Raises nothing of its own: every failure becomes an outcome with a sentence.
    """
    work = _Work(job, controls)
    try:
        yield from work.do()
        stopped = controls.should_stop() and work.step < work.steps
        status = RunStatus.STOPPED if stopped else RunStatus.COMPLETED
        error = ""
    except Cancelled:
        status, error = RunStatus.STOPPED, ""
    except StudioError as failure:
        status, error = RunStatus.FAILED, str(failure)
    except Exception as failure:  # noqa: BLE001 - a run ends in exactly one outcome
        log.exception("run failed at step %d", work.step)
        status, error = RunStatus.FAILED, _unexpected(failure)
    finally:
        work.close()
    yield work.end(status, error)


class _Work:
    """One run while it is done: its data, its engine and its folder."""

    def __init__(self, job: NewRun | ResumeRun, controls: Controls) -> None:
        self.job = job
        self.controls = controls
        self.step = 0
        self.steps = 1
        self.folder: RunFolder | None = None
        self.kept_step: int | None = None

    # ------------------------------------------------------------------------
    # The run from beginning to end.

    def do(self) -> Iterator[Report]:
        if isinstance(self.job, NewRun):
            yield from self._new(self.job)
        else:
            yield from self._resume(self.job)

    def _new(self, job: NewRun) -> Iterator[Report]:
        _use_threads(job.threads or torch.get_num_threads())
        config = job.config
        engine = engine_entry(job.engine).load()(
            config, choose(config.device, config.precision)
        )
        pairs = _understand(job.data, config)
        training, held_out = yield from self._load(pairs, config)

        info = _describe(job, engine, pairs, training, held_out)
        self.folder = RunFolder.create(job.folder, info)
        self.folder.lock.acquire()
        yield from self._train(engine, training, held_out, start=0, elapsed_s=0.0)

    def _resume(self, job: ResumeRun) -> Iterator[Report]:
        folder = RunFolder.open(job.folder)
        folder.lock.acquire()
        self.folder = folder
        info = folder.info
        checkpoint = folder.checkpoints.load()
        self.step = self.kept_step = checkpoint.step
        for words in checkpoint.skipped:
            yield reports.Notice(step=checkpoint.step, words=words)

        _use_threads(info.threads)
        config = _resumed_config(info, checkpoint, job.changes)
        engine = engine_entry(info.engine).load()(
            config, choose(config.device, config.precision)
        )
        engine.load_weights(checkpoint.weights)
        engine.load_training_state(checkpoint.training)

        data = DataChoice(
            folder=Path(info.data.folder),
            sides=info.data.sides,
            direction=info.data.direction,
        )
        pairs = _understand(data, config)
        if pairs.fingerprint() != info.data.fingerprint:
            words = (
                f"The pictures in '{pairs.folder.name}' have changed since this run "
                "began. It goes on with what is there now."
            )
            yield reports.Notice(step=checkpoint.step, words=words)
        training, held_out = yield from self._load(pairs, config)
        folder.events.append("resumed", checkpoint.step)
        folder.update(config=config.model_dump(), steps=config.steps)
        yield from self._train(
            engine,
            training,
            held_out,
            start=checkpoint.step,
            elapsed_s=float(checkpoint.state["elapsed_s"]),
        )

    def _load(self, pairs: PairSet, config: EngineConfig) -> "Iterator[Report]": ...
