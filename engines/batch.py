"""Translate a whole plan of pictures, one at a time, and tell how far it is.

One picture is in memory at a time. A bad file is reported and the others go on; only
what would fail every other one as well ends the batch: a full disk, a folder that is
gone. Finished results stay whatever happens.
"""

import contextlib
import errno
import logging
import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import torch

from engines.batch_plan import Job, Plan, free_path, is_result
from engines.data.picture_files import Picture, read_picture, write_picture
from engines.errors import Cancelled, PictureError, RunError, StudioError
from engines.options import Options
from engines.runs.atomic import make_folder
from engines.training.out_of_memory import is_out_of_memory
from engines.training.threads import Sharing, cores, free_cores
from engines.translation import Model, translate_picture

State: TypeAlias = Literal["done", "skipped", "failed"]

# What is left is not told before: the first picture loads what the others find loaded.
_TELL_AFTER_S = 2.0
_NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
_FULL_BYTES = 500_000

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """How far a batch is.

    Attributes:
        done: Pictures translated and saved.
        skipped: Pictures whose results were there.
        failed: Pictures that could not be translated or saved.
        total: Pictures of the batch.
        fraction: Of the work, 0 to 1; never falls. Skipped pictures are no work.
        elapsed_s: Seconds since the batch began.
        left_s: Seconds it will still take, by those so far; None while unknown.
    """

    done: int = 0
    skipped: int = 0
    failed: int = 0
    total: int
    fraction: float = 0.0
    elapsed_s: float = 0.0
    left_s: float | None = None

    @property
    def finished(self) -> int:
        """Pictures that need nothing more."""
        return self.done + self.skipped + self.failed


@dataclass(frozen=True, kw_only=True, slots=True)
class BatchReport:
    """What became of one picture.

    Attributes:
        source: The original.
        state: "done", "skipped" or "failed".
        written: The result, where there is one.
        problem: Why there is none, as a clause without a subject ("is cut off").
        standing: How far the batch is now.
    """

    source: Path
    state: State
    written: Path | None = None
    problem: str = ""
    standing: Standing


def translate_batch(
    model: Model,
    plan: Plan,
    options: Options = Options(),  # noqa: B008 - frozen
    *,
    cancelled: Callable[[], bool] = lambda: False,
    progress: Callable[[Standing], None] = lambda _standing: None,
    show: Callable[[Path, Picture, Picture], None] = lambda *_shown: None,
    threads: Callable[[], int] = cores,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[BatchReport]:
    """Translate the pictures of *plan*; yields a report for each, in order.

    Args:
        model: What translates.
        plan: Which pictures, and where the results go.
        options: How the model is used.
        cancelled: Asked between pictures and between the tiles of a large one; the
            batch then ends without a report of the picture that is under way.
        progress: Gets how far it is between the tiles of a large picture.
        show: Gets each original, its picture and the result, once that is saved.
        threads: How many to compute with at most, asked before each picture and tile;
            fewer are used while other programs keep cores busy.
        clock: Seconds that never run backwards.

    Raises:
        RunError: The folder of the results cannot be made; or the disk is full, or a
            folder is gone, so that no other picture would go better.
    """
    make_folder(plan.out)
    count = _Count(plan, clock)
    share = _Share(threads)

    def translate(job: Job, target: Path) -> None:
        share.take()
        before = read_picture(job.source)
        after = translate_picture(
            model, before, options, cancelled=cancelled, progress=within
        )
        _write(target, after, plan)
        show(job.source, before, after)

    def within(done: int, total: int) -> None:
        progress(count.standing(within=done / total))
        share.take()

    for job in plan.jobs:
        if cancelled():
            return
        target = _target(job, plan)
        try:
            if target:
                translate(job, target)
        except Cancelled:
            return
        except (StudioError, MemoryError, RuntimeError) as error:
            _end_if_hopeless(plan, error)
            yield count.report(job, "failed", problem=_reason(error))
        else:
            state: State = "done" if target else "skipped"
            yield count.report(job, state, written=target or job.target)


class _Share:
    """The cores to compute with, which other programs may need as well."""

    def __init__(self, most: Callable[[], int]) -> None:
        self._most = most
        self._sharing = Sharing(cores())
        self._sharing.threads = free_cores()

    def take(self) -> None:
        """Use as many as there are now."""
        self._sharing.look()
        torch.set_num_threads(min(self._most(), self._sharing.threads))


class _Count:
    """Counts pictures and says how far that is."""

    def __init__(self, plan: Plan, clock: Callable[[], float]) -> None:
        self._counts: dict[State, int] = {"done": 0, "skipped": 0, "failed": 0}
        self._total = len(plan.jobs)
        self._work = self._total - plan.there  # pictures that take time
        self._worked = 0
        self._fraction = 0.0
        self._clock, self._began = clock, clock()

    def report(
        self, job: Job, state: State, *, written: Path | None = None, problem: str = ""
    ) -> BatchReport:
        """Count a picture, and tell what became of it."""
        self._counts[state] += 1
        self._worked += not job.is_there
        return BatchReport(
            source=job.source,
            state=state,
            written=written,
            problem=problem,
            standing=self.standing(),
        )

    def standing(self, within: float = 0.0) -> Standing:
        """How far it is, with a part of the next picture done, 0 to 1."""
        worked = self._worked + within
        # Tiles are counted anew where memory ran out and they become smaller.
        self._fraction = max(self._fraction, worked / self._work if self._work else 1)
        elapsed = self._clock() - self._began
        is_known = elapsed >= _TELL_AFTER_S and worked > 0
        return Standing(
            **self._counts,
            total=self._total,
            fraction=self._fraction,
            elapsed_s=elapsed,
            left_s=elapsed / worked * (self._work - worked) if is_known else None,
        )


# ----------------------------------------------------------------------------
# Files and folders.


def _target(job: Job, plan: Plan) -> Path | None:
    """Where the result goes, None where it is there: files may have come meanwhile."""
    if job.is_there or (plan.existing == "skip" and is_result(job.target)):
        return None
    return free_path(job.target)


def _write(target: Path, picture: Picture, plan: Plan) -> None:
    if plan.out.is_dir():  # else it is gone, and not to be made anew
        with contextlib.suppress(OSError):  # writing will say why
            target.parent.mkdir(parents=True, exist_ok=True)
    write_picture(target, picture)


def _end_if_hopeless(plan: Plan, error: Exception) -> None:
    """Raise RunError where every other picture would fail like this one."""
    gone = next((f for f in (plan.out, *plan.folders) if not f.is_dir()), None)
    if gone:
        problem = f"The folder '{gone}' is not there any more."
    elif _is_full(plan.out, error.__cause__):
        problem = f"The disk that holds '{plan.out}' is full. Free some space."
    elif not os.access(plan.out, os.W_OK):
        problem = f"The folder '{plan.out}' may no longer be written to."
    else:
        return
    raise RunError(
        f"{problem} Results saved before are kept: skip them when you go on."
    ) from error


def _is_full(folder: Path, cause: BaseException | None) -> bool:
    is_told = isinstance(cause, OSError) and cause.errno in _NO_SPACE
    # Some encoders of Pillow do not tell what the system said.
    return is_told or shutil.disk_usage(folder).free < _FULL_BYTES


def _reason(error: Exception) -> str:
    cause = error.__cause__
    if isinstance(cause, OSError) and cause.errno == errno.ENAMETOOLONG:
        return "gets a name that is too long to be saved; shorten the name pattern"
    if isinstance(error, PictureError):
        return error.reason
    if is_out_of_memory(error):
        return "needs more memory than is free"
    log.warning("a picture could not be translated", exc_info=error)
    return f"could not be translated: {error}".rstrip(".")
