"""The pictures that are open: looked for, understood, audited. QtCore only."""

import logging
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from engines.data.layouts import understand
from engines.data.sets import PictureSet, Use
from engines.samples.catalogue import SAMPLES
from engines.training.jobs import DataChoice, Direction
from studio.background import Background, Task

if TYPE_CHECKING:
    from engines.configs import EngineConfig
    from studio.settings import SettingsFile

log = logging.getLogger(__name__)

LOOKED_AT_EVERY = 100  # files
FETCHED_EVERY = 1_000_000  # bytes
REMEMBERED_FOLDERS = 8


class OpenPictures(QObject):
    """A folder, an archive or a sample set, and what its pictures are used as.

    Signals:
        opening: It is being looked at. (Path)
        looked_at: How far that is. (files looked at, files in all)
        fetched: How much of a well-known set has come. (bytes, bytes in all)
        opened: Its pictures are the current ones now. (PictureSet)
        refused: It does not hold what is needed. (sentence)
        audit_progressed: How many of the current pictures were audited. (done, in all)
        audited: What the audit of the current pictures found. (tuple of Problem)
        failed: The audit itself went wrong; the pictures stay open. (sentence)

    Attributes:
        pictures: The current ones, None where nothing is open.
        direction: Which side of pairs is learnt from which.
    """

    opening = Signal(object)
    looked_at = Signal(int, int)
    fetched = Signal(object, object)  # may be more than 2 GB
    opened = Signal(object)
    refused = Signal(str)
    audit_progressed = Signal(int, int)
    audited = Signal(object)
    failed = Signal(str)

    def __init__(
        self,
        settings: "SettingsFile",
        reading: Background,
        remember: Callable[..., None],
        config: "Callable[[], EngineConfig]",
        parent: QObject | None = None,
    ) -> None:
        """Work on a thread that the caller shuts down.

        Args:
            settings: Say what was left out of which folder.
            reading: The thread for what takes long: looking, fetching, auditing.
            remember: Keeps some of the settings.
            config: Says how many pictures are held out.
            parent: As for every QObject.
        """
        super().__init__(parent)
        self.pictures: PictureSet | None = None
        self.direction: Direction = "AtoB"
        self._settings = settings
        self._reading = reading
        self._remember = remember
        self._config = config
        self._sides: tuple[str, str] | None = None
        self._left_out: set[str] = set()

    # ------------------------------------------------------------------------
    # Opening.

    def open(
        self,
        folder: Path,
        *,
        use: Use | None = None,
        sides: tuple[str, str] | None = None,
    ) -> None:
        """Work out what *folder*, or archive, holds; `opened` or `refused` follows.

        Args:
            folder: What the user dropped.
            use: What its pictures are used as, None for what fits best.
            sides: The two subfolders to pair, or the two styles.
        """
        self.opening.emit(folder)
        self._find(lambda _task: folder, use, sides, self._take)

    def open_sample(self, name: str, then: Callable[[], None] = lambda: None) -> None:
        """Open a sample set drawn by code, drawing it first where need be.

        Args:
            name: Its key in `engines.samples.catalogue.SAMPLES`.
            then: Called once it is open.
        """
        folder = self.sample_folder(name)

        def opened(found: PictureSet) -> None:
            self.direction = "AtoB"  # from labels to photos, whatever was open
            self._take(found)
            then()

        self.opening.emit(folder)
        kind = SAMPLES[name].kind
        self._find(lambda task: self.draw_sample(name, task), kind, None, opened)

    def open_known(self, name: str) -> None:
        """Fetch a well-known set unless it is there, and open it.

        Args:
            name: Its key in `engines.data.wellknown_list.WELL_KNOWN`.
        """
        folder = self._settings.known_folder / name

        def bring(task: Task) -> Path:
            # Here, as it loads torchvision, and with it torch.
            from engines.interop.wellknown import fetch

            progress = _every(FETCHED_EVERY, lambda n: task.report(("fetched", *n)))
            return fetch(name, folder, progress=progress, cancelled=task.cancelled)

        self.opening.emit(folder)
        self._find(bring, None, None, self._take)

    def use_as(self, use: Use, sides: tuple[str, str] | None = None) -> None:
        """Use the open pictures as something else, or two other groups of them."""
        assert self.pictures is not None, "a page enables this once pictures are open"
        self.open(self.pictures.folder, use=use, sides=sides)

    def set_direction(self, direction: Direction) -> None:
        """Turn the pairs round."""
        if direction == self.direction:
            return
        self.direction = direction
        if self.pictures and self.pictures.use == "pairs":
            self.pictures = self.pictures.reversed()
            self.opened.emit(self.pictures)

    def leave_out(self, names: Iterable[str]) -> None:
        """Do without some pictures of the open folder, now and the next time."""
        self._leave_out(self._left_out | set(names))

    def take_back(self, names: Iterable[str]) -> None:
        """Use pictures again that were left out."""
        self._leave_out(self._left_out - set(names))

    def warm_up(self) -> None:
        """Draw the sample sets while nobody waits for them.

        What goes wrong is told when one is opened.
        """

        def work(task: Task) -> None:
            for name in SAMPLES:
                self.draw_sample(name, task)

        self._reading.submit(
            "warm up", work, done=lambda _none: None, failed=log.warning
        )

    def cancel(self) -> None:
        """Give up looking at a folder; what was open stays so."""
        self._reading.cancel("open")
        self._go_back()

    def choice(self) -> DataChoice:
        """The open pictures, as a run wants them; something must be open."""
        assert self.pictures is not None, "a page enables this once pictures are open"
        return DataChoice(
            folder=self.pictures.folder,
            use=self.pictures.use,
            sides=self._sides,
            direction=self.direction,
            left_out=self.pictures.left_out,
        )

    def sample_folder(self, name: str) -> Path:
        """Where a sample set is, or will be."""
        return self._settings.samples_folder / SAMPLES[name].title

    def draw_sample(self, name: str, task: Task) -> Path:
        """Write a sample set where it is not yet, and return its folder.

        Runs on a working thread.

        Raises:
            DataError: It cannot be written.
            Cancelled: *task* was.
        """
        # The drawing code is loaded here: it would delay the first paint.
        return SAMPLES[name].write(self.sample_folder(name), cancelled=task.cancelled)

    # ------------------------------------------------------------------------
    # How.

    def _find(
        self,
        bring: Callable[[Task], Path],
        use: Use | None,
        sides: tuple[str, str] | None,
        done: Callable[[PictureSet], None],
        left_out: set[str] | None = None,
    ) -> None:
        """Look at the folder that *bring* returns, on the reading thread."""
        for less_urgent in ("audit", "warm up"):
            self._reading.cancel(less_urgent)
        config, kept = self._config(), self._settings.value.left_out

        def work(task: Task) -> PictureSet:
            folder = bring(task)
            out = kept.get(str(folder), ()) if left_out is None else left_out
            return understand(
                folder,
                use=use,
                sides=sides,
                held_out=config.held_out,
                seed=config.seed,
                left_out=sorted(out),
                progress=_every(LOOKED_AT_EVERY, lambda n: task.report(("looked", *n))),
                cancelled=task.cancelled,
            )

        def finish(found: PictureSet) -> None:
            self._sides = sides
            done(found)

        self._reading.submit(
            "open",
            work,
            done=finish,
            failed=self._on_refused,
            progress=self._on_progress,
        )

    def _on_progress(self, told: tuple[str, int, int]) -> None:
        what, done, total = told
        (self.fetched if what == "fetched" else self.looked_at).emit(done, total)

    def _take(self, found: PictureSet) -> None:
        """Take over what was *found*, A to B, in the direction that is chosen now."""
        if found.choices and found.kind != "single":
            self._sides = (found.a_name, found.b_name)
        turned = self.direction == "BtoA" and found.use == "pairs"
        self.pictures = found.reversed() if turned else found
        self._left_out = set(found.left_out)
        recent = [f for f in self._settings.value.recent_folders if f != found.folder]
        recent = [found.folder, *recent][:REMEMBERED_FOLDERS]
        self._remember(recent_folders=tuple(recent))
        self.opened.emit(self.pictures)
        self._audit(self.pictures)

    def _audit(self, pictures: PictureSet) -> None:
        def work(task: Task) -> Any:
            from engines.data.audit import audit

            progress = _every(LOOKED_AT_EVERY, task.report)
            return audit(pictures, progress=progress, cancelled=task.cancelled)

        self._reading.submit(
            "audit",
            work,
            done=self.audited.emit,
            failed=self.failed.emit,
            progress=lambda counts: self.audit_progressed.emit(*counts),
        )

    def _leave_out(self, names: set[str]) -> None:
        """Look at the folder anew: what is held out follows from what remains."""
        assert self.pictures is not None, "a page enables this once pictures are open"
        self._left_out = names  # another name may follow before this is done
        folder = self.pictures.folder

        def done(found: PictureSet) -> None:
            # Only now: a folder without enough pictures could not be opened again.
            kept = {**self._settings.value.left_out, str(folder): found.left_out}
            self._remember(left_out={f: out for f, out in kept.items() if out})
            self._take(found)

        self._find(lambda _task: folder, self.pictures.use, self._sides, done, names)

    def _on_refused(self, sentence: str) -> None:
        self.refused.emit(sentence)
        self._go_back()

    def _go_back(self) -> None:
        """What was open stays so, and its audit, given up for another, goes on."""
        if self.pictures is not None:
            self._left_out = set(self.pictures.left_out)
            self._audit(self.pictures)


def _every(
    count: int, report: Callable[[tuple[int, int]], None]
) -> Callable[[int, int], None]:
    """Progress that is told once in *count*, so that it does not flood the window."""
    told = 0

    def progress(done: int, total: int) -> None:
        nonlocal told
        if done - told >= count or done == total:
            told = done
            report((done, total))

    return progress
