"""Long work with a model, on a thread of its own: single pictures need not wait for it.

QtCore only; torch is loaded on the thread.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QObject, Signal, Slot

from engines.batch_plan import Existing, Format, Plan, plan
from engines.data.picture_files import Picture
from engines.errors import Cancelled, RunError
from engines.options import Options
from engines.runs.folder import RunFolder
from engines.training.threads import cores
from studio.background import Background, Task

if TYPE_CHECKING:
    from engines.batch import Standing
    from engines.model import Model

Rgb: TypeAlias = NDArray[np.uint8]  # (H, W, 3)

NAMES_SHOWN = 3
TELL_EVERY_S = 0.1
SHOW_EVERY_S = 0.2
SHOWN_SIDE = 512  # pixels, of a picture that is shown on the way

_FOLDER, _PREVIEW = "folder", "folder preview"


@dataclass(frozen=True, kw_only=True, slots=True)
class FolderRequest:
    """Pictures to translate into a folder, see `engines.batch_plan.plan`.

    Attributes:
        model: Run folder, or file of weights.
        name: What the model is called.
        step: The training step of its weights, None for the newest.
        inputs: Folders and files.
        out: Where the results go.
        pattern: What they are called.
        format: Their ending.
        existing: What is done about results that are there.
        options: How the model is used.
    """

    model: Path
    name: str
    step: int | None = None
    inputs: tuple[Path, ...]
    out: Path
    pattern: str = "{name}"
    format: Format = "same"
    existing: Existing = "skip"
    options: Options = Options()  # noqa: RUF009 - frozen


@dataclass(frozen=True, kw_only=True, slots=True)
class FolderPlan:
    """What a request comes to.

    Attributes:
        request: What was asked for.
        total: How many pictures there are.
        there: How many results are there already.
        names: Of the first few, the input and its result, each below its folder.
    """

    request: FolderRequest
    total: int
    there: int
    names: tuple[tuple[str, str], ...]


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class FolderProgress:
    """How far it is, and now and then a picture that was done.

    Attributes:
        standing: Counts, fraction and time left.
        name: What the picture is called.
        before: (H, W, 3), at most `SHOWN_SIDE` pixels a side.
        after: The same of the result.
    """

    standing: "Standing"
    name: str = ""
    before: Rgb | None = None
    after: Rgb | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class FolderSummary:
    """What became of a request.

    Attributes:
        request: What was asked for.
        done: Pictures translated and saved.
        skipped: Pictures whose results were there.
        failures: Each picture without a result, and why, as a clause.
        total: Pictures there are; 0 where they were not counted yet.
        cancelled: Whether the user ended it.
        problem: The sentence of what ended it otherwise.
    """

    request: FolderRequest
    done: int = 0
    skipped: int = 0
    failures: tuple[tuple[Path, str], ...] = ()
    total: int = 0
    cancelled: bool = False
    problem: str = ""


class ModelJobs(QObject):
    """Does one long job with a model at a time.

    Signals:
        folder_planned: What the request last previewed or begun comes to. (FolderPlan)
        folder_refused: Why the request last previewed cannot be done. (str)
        folder_progressed: How far it is; ten times a second at most. (FolderProgress)
        folder_finished: It is over. (FolderSummary)
        failed: It could not begin: a sentence. (str)

    Attributes:
        is_busy: Whether a job is going.
    """

    folder_planned = Signal(object)
    folder_refused = Signal(str)
    folder_progressed = Signal(object)
    folder_finished = Signal(object)
    failed = Signal(str)

    def __init__(
        self, is_training: Callable[[], bool], parent: QObject | None = None
    ) -> None:
        """Start the thread.

        Args:
            is_training: Whether a run keeps the processor busy now; from any thread.
            parent: As for every QObject.
        """
        super().__init__(parent)
        self.is_busy = False
        self._is_training = is_training
        self._stop = threading.Event()
        self._background = Background(self)

    def preview_folder(self, request: FolderRequest) -> None:
        """Plan without beginning; `folder_planned` or `folder_refused` follows.

        A newer call replaces this one.
        """
        self._background.submit(
            _PREVIEW,
            lambda task: _summed_up(request, _planned(request, task.cancelled)),
            done=self.folder_planned.emit,
            failed=self.folder_refused.emit,
        )

    def translate_folder(self, request: FolderRequest) -> None:
        """Begin; `folder_finished` or `failed` follows, whatever happens."""
        assert not self.is_busy, "one job at a time"
        self._background.cancel(_PREVIEW)
        self._stop.clear()
        self.is_busy = True
        self._background.submit(
            _FOLDER,
            lambda task: _Folder(request, task, self._stop, self._is_training).work(),
            done=self._on_done,
            failed=self._on_failed,
            progress=self._on_progress,
        )

    def cancel(self) -> None:
        """Ask the job to end and keep what is done; safe from any thread."""
        self._stop.set()

    def shut_down(self, timeout_ms: int = 10_000) -> bool:
        """Cancel, and wait for the thread; True if it is gone."""
        self.cancel()
        return self._background.shut_down(timeout_ms)

    @Slot(object)
    def _on_progress(self, news: FolderPlan | FolderProgress) -> None:
        if isinstance(news, FolderPlan):
            self.folder_planned.emit(news)
        else:
            self.folder_progressed.emit(news)

    @Slot(object)
    def _on_done(self, summary: FolderSummary) -> None:
        self.is_busy = False
        self.folder_finished.emit(summary)

    @Slot(str)
    def _on_failed(self, words: str) -> None:
        self.is_busy = False
        self.failed.emit(words)


class _Folder:
    """One request, on the thread that does it."""

    def __init__(
        self,
        request: FolderRequest,
        task: Task,
        stop: threading.Event,
        is_training: Callable[[], bool],
    ) -> None:
        self._request, self._task = request, task
        self._stop, self._is_training = stop, is_training
        self._told_at = self._shown_at = float("-inf")
        self._shown: tuple[str, Rgb, Rgb] | None = None

    def work(self) -> FolderSummary:
        """Load the model, plan, translate."""
        try:
            from engines.translation import load_model

            request = self._request
            model = load_model(request.model, step=request.step)
            request = replace(request, step=model.step)
            made = _planned(request, self._cancelled)
            self._task.report(_summed_up(request, made))
        except Cancelled:
            return FolderSummary(request=self._request, cancelled=True)
        return self._translate(model, made)

    def _translate(self, model: "Model", made: Plan) -> FolderSummary:
        from engines.batch import translate_batch

        failures: list[tuple[Path, str]] = []
        last: Standing | None = None
        problem = ""
        try:
            for report in translate_batch(
                model,
                made,
                self._request.options,
                cancelled=self._cancelled,
                progress=self._tell,
                show=self._show,
                threads=self._threads,
            ):
                last = report.standing
                if report.problem:
                    failures.append((report.source, report.problem))
                self._tell(last)
        except RunError as error:
            problem = str(error)
        return FolderSummary(
            request=self._request,
            done=last.done if last else 0,
            skipped=last.skipped if last else 0,
            failures=tuple(failures),
            total=len(made.jobs),
            cancelled=not problem and (not last or last.finished < last.total),
            problem=problem,
        )

    def _cancelled(self) -> bool:
        return self._stop.is_set() or self._task.cancelled()

    def _threads(self) -> int:
        """All cores, but one beside a run that trains: threads wait for each other."""
        return 1 if self._is_training() else cores()

    def _show(self, source: Path, before: Picture, after: Picture) -> None:
        now = time.monotonic()
        if now - self._shown_at >= SHOW_EVERY_S:
            self._shown_at = now
            self._shown = source.name, _small(before), _small(after)

    def _tell(self, standing: "Standing") -> None:
        now = time.monotonic()
        if now - self._told_at < TELL_EVERY_S:
            return
        self._told_at = now
        name, before, after = self._shown or ("", None, None)
        self._shown = None
        self._task.report(
            FolderProgress(standing=standing, name=name, before=before, after=after)
        )


def _planned(request: FolderRequest, cancelled: Callable[[], bool]) -> Plan:
    step = request.step
    if step is None and request.model.is_dir():
        step = max(RunFolder.open(request.model).weight_steps(), default=None)
    return plan(
        request.inputs,
        request.out,
        pattern=request.pattern,
        format=request.format,
        existing=request.existing,
        model=request.name,
        step=step,
        cancelled=cancelled,
    )


def _summed_up(request: FolderRequest, made: Plan) -> FolderPlan:
    def below(path: Path, folders: tuple[Path, ...]) -> str:
        inside = next((f for f in folders if path.is_relative_to(f)), path.parent)
        return path.relative_to(inside).as_posix()

    names = tuple(
        (below(job.source, made.folders), below(job.target, (made.out,)))
        for job in made.jobs[:NAMES_SHOWN]
    )
    return FolderPlan(
        request=request, total=len(made.jobs), there=made.there, names=names
    )


def _small(picture: Picture) -> Rgb:
    """The picture over white, at most `SHOWN_SIDE` pixels a side."""
    every = max(1, min(picture.size) // (2 * SHOWN_SIDE))  # a large one costs time
    alpha = None if picture.alpha is None else picture.alpha[::every, ::every]
    fewer = Picture(pixels=picture.pixels[::every, ::every], alpha=alpha)
    image = Image.fromarray(fewer.rgb())
    image.thumbnail((SHOWN_SIDE, SHOWN_SIDE))
    return np.array(image)
