"""What is on disk and what models make of it: runs, pictures, translations.

QtCore only. The session owns the library and lends it the threads that read files and
that translate; every answer is a signal.
"""

import gc
import logging
import shutil
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from engines.data.images import resize
from engines.data.making import read_square
from engines.data.picture_files import Picture
from engines.data.sets import PictureSet, Source
from engines.errors import DeviceError, RunError, StudioError
from engines.runs.folder import RunInfo
from engines.runs.listing import list_runs
from engines.runs.previews import Previews
from engines.training.jobs import Direction
from studio.background import Background, Task
from studio.inputs import Found, held_out_inputs, pictures_among
from studio.pace import ESTIMATE, TRIALS
from studio.settings import SettingsFile
from studio.starters import Starters, find_starters, read_drawing
from studio.translating import (
    Format,
    SavedTranslations,
    Translating,
    Translation,
    TranslationRequest,
)

log = logging.getLogger(__name__)

_Made = TypeVar("_Made")


class Library(QObject):
    """The runs there are, the pictures to translate, and the translations.

    Signals:
        thumbnail_ready: An item's small pictures.
            (name, Rgb, the answer's Rgb or None where it is not a pair)
        case_picture_ready: One that something was found about. (Source, Rgb)
        runs_listed: Every run in the runs folder. (tuple of RunSummary)
        run_picture_ready: What a run painted last. (run folder Path, Rgb)
        disk_measured: Bytes that are free where runs are kept. (int)
        translated: A picture is done. (Translation)
        translation_failed: It cannot be. (TranslationRequest, sentence)
        model_failed: Nor can any other, by its model. (TranslationRequest, sentence)
        translating: A large one is under way. (TranslationRequest, tiles done, in all)
        pictures_found: Pictures to translate. (tuple of Found, tuple of sentences)
        starters_found: What a drawing for a run can start from. (Starters)
        drawing_read: A picture to draw on. (Rgb, square)
        drawing_refused: It cannot be used. (a sentence)
        saving: Which result is being written. (done, in all)
        saved: Results were written. (SavedTranslations)
        warmed_up: What `warm_up` loads is there.
        failed: A sentence about something else that went wrong. (str)
    """

    thumbnail_ready = Signal(str, object, object)
    case_picture_ready = Signal(object, object)
    runs_listed = Signal(object)
    run_picture_ready = Signal(object, object)
    disk_measured = Signal(object)
    translated = Signal(object)
    translation_failed = Signal(object, str)
    model_failed = Signal(object, str)
    translating = Signal(object, int, int)
    pictures_found = Signal(object, object)
    starters_found = Signal(object)
    drawing_read = Signal(object)
    drawing_refused = Signal(str)
    saving = Signal(int, int)
    saved = Signal(object)
    warmed_up = Signal()
    failed = Signal(str)

    def __init__(
        self,
        settings: SettingsFile,
        files: Background,
        inference: Background,
        translating: Translating,
        parent: QObject | None = None,
    ) -> None:
        """Work on threads that the caller shuts down.

        Args:
            settings: Say where runs are kept.
            files: The thread that reads files.
            inference: The only thread that loads and uses models.
            translating: What the inference thread does with models.
            parent: As for every QObject.
        """
        super().__init__(parent)
        self._settings = settings
        self._files = files
        self._inference = inference
        self._translating = translating

    # ------------------------------------------------------------------------
    # Pictures and runs.

    def request_thumbnails(
        self, pictures: PictureSet, names: Sequence[str], side: int
    ) -> None:
        """Ask for small pictures of items; a newer call replaces this one.

        Args:
            pictures: What is open.
            names: Names of items; those of other folders are passed over.
            side: Pixels a side.
        """

        def work(task: Task) -> None:
            wanted = set(names)
            for item in (item for item in pictures.items if item.name in wanted):
                if task.cancelled():
                    return
                try:
                    first, *second = read_square(pictures, item, side)
                except StudioError:
                    continue  # the audit names it
                task.report((item.name, first, second[0] if second else None))

        self._files.submit(
            "thumbnails",
            work,
            done=lambda _none: None,
            failed=self.failed.emit,
            progress=lambda found: self.thumbnail_ready.emit(*found),
        )

    def request_case_pictures(self, sources: Sequence[Source], side: int) -> None:
        """Ask for small pictures of what was found; a newer call replaces this one.

        Args:
            sources: Where they are; one that cannot be opened is passed over.
            side: Pixels a side.
        """

        def work(task: Task) -> None:
            for source in sources:
                if task.cancelled():
                    return
                try:
                    picture = resize(source.read(), side, "cut")
                except StudioError:
                    continue  # that it cannot be opened is what was found
                task.report((source, picture))

        self._files.submit(
            "case pictures",
            work,
            done=lambda _none: None,
            failed=self.failed.emit,
            progress=lambda found: self.case_picture_ready.emit(*found),
        )

    def list_runs(self) -> None:
        """Look into the runs folder; `runs_listed` follows."""
        root = self._settings.value.runs_folder
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
                    picture = next(iter(previews.load(steps[-1]).values()))[0]
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
        root = self._settings.value.runs_folder

        def work(_task: Task) -> int:
            there = next((f for f in (root, *root.parents) if f.exists()), None)
            return shutil.disk_usage(there).free if there else 0  # a drive is gone

        self._files.submit(
            "disk", work, done=self.disk_measured.emit, failed=self.failed.emit
        )

    # ------------------------------------------------------------------------
    # Translation.

    def warm_up(self) -> None:
        """Load plots and torch, so that the first start need not wait."""

        def work(_task: Task) -> None:
            import_module("pyqtgraph")  # makes nothing that belongs to a thread
            import_module("engines.training.warm_up").warm_up()
            # Modules stay: looking through them for garbage would take 200 ms.
            gc.freeze()

        self._inference.submit(
            "warm up",
            work,
            done=lambda _none: self.warmed_up.emit(),
            failed=self.failed.emit,
        )

    def translate(self, request: TranslationRequest) -> None:
        """Translate a picture; `translated`, or why it cannot be, follows.

        Requests wait their turn. While the model's run is training, its weights of
        that moment answer.
        """
        for key in (ESTIMATE, TRIALS):  # a picture should not wait for them
            self._inference.cancel(key)

        def work(task: Task) -> Translation | StudioError:
            try:
                return self._translating.translate(
                    request,
                    progress=lambda done, total: task.report((done, total)),
                    cancelled=task.cancelled,
                )
            except (RunError, DeviceError) as error:
                return error

        def tell(found: Translation | StudioError) -> None:
            if isinstance(found, Translation):
                self.translated.emit(found)
            else:
                self.model_failed.emit(request, str(found))

        self._inference.submit(
            _key(request),
            work,
            done=tell,
            failed=lambda words: self.translation_failed.emit(request, words),
            progress=lambda counts: self.translating.emit(request, *counts),
        )

    def give_up_translation(self, request: TranslationRequest) -> None:
        """Leave a picture as it is; nothing follows of it any more."""
        self._inference.cancel(_key(request))

    def save_translations(
        self,
        items: Sequence[Translation | TranslationRequest],
        folder: Path,
        format_: Format = "same",
    ) -> None:
        """Write results under their pictures' names; `saved` follows.

        Args:
            items: Results, or requests that are translated first.
            folder: Where to; nothing that is there is replaced.
            format_: The files' ending, or "same" as their inputs'.
        """

        def work(task: Task) -> SavedTranslations:
            return self._translating.save(
                items,
                folder,
                format_=format_,
                progress=task.report,
                cancelled=task.cancelled,
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

    def make_ready(
        self, work: Callable[[], _Made], done: Callable[[_Made], None]
    ) -> None:
        """Do what takes long to be shown beside the window; newer work replaces it.

        Args:
            work: Touches no widget.
            done: Gets what it made, on the window's thread.
        """
        self._files.submit(
            "make ready", lambda _task: work(), done=done, failed=self.failed.emit
        )

    def find_pictures(self, paths: Sequence[Path]) -> None:
        """Look for pictures to translate; `pictures_found` follows.

        Args:
            paths: Files, taken as they are, and folders, searched to the bottom.
        """

        def work(task: Task) -> tuple[tuple[Found, ...], tuple[str, ...]]:
            return pictures_among(paths, cancelled=task.cancelled)

        self._files.submit(
            f"find {paths}",
            work,
            done=lambda found: self.pictures_found.emit(*found),
            failed=self.failed.emit,
        )

    def find_held_out(self, run: RunInfo) -> None:
        """Look for inputs that a run never learnt from; `pictures_found` follows."""

        def work(task: Task) -> tuple[Found, ...]:
            return held_out_inputs(run, cancelled=task.cancelled)

        self._files.submit(
            "find held out",
            work,
            done=lambda found: self.pictures_found.emit(found, ()),
            failed=lambda words: self.pictures_found.emit((), (words,)),
        )

    # ------------------------------------------------------------------------
    # Drawings.

    def find_starters(self, run: RunInfo, direction: Direction) -> None:
        """Look at what a run translates from; `starters_found` follows."""

        def work(task: Task) -> Starters:
            return find_starters(run, direction, cancelled=task.cancelled)

        def lost(_words: str) -> None:  # one can draw without them
            self.starters_found.emit(Starters(run=run, direction=direction))

        self._files.submit("starters", work, done=self.starters_found.emit, failed=lost)

    def read_drawing(
        self, source: Path | Picture, run: RunInfo | None, size: int
    ) -> None:
        """Make a picture one to draw on; `drawing_read` or `drawing_refused` follows.

        Args:
            source: A file, or the picture itself.
            run: Whose inputs it is to be like, None where that is not known.
            size: Side of the drawing in pixels.
        """
        self._files.submit(
            "drawing",
            lambda _task: read_drawing(source, run, size),
            done=self.drawing_read.emit,
            failed=self.drawing_refused.emit,
        )


def _key(request: TranslationRequest) -> str:
    return f"translate {id(request)}"  # two may be called the same
