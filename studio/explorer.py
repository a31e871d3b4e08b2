"""A latent space for the window: what is asked for, and the newest answer. QtCore only.

Pictures are made on the inference thread, one piece at a time, so that a newer wish
never waits for more than the piece that is under way. Directions are looked for on a
thread of its own, with another copy of the model: that may take seconds.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from engines.latent.plane import Plane
from studio.background import Background, Task
from studio.exploring import Exploring, Pictures
from studio.pace import ESTIMATE, TRIALS
from studio.terrain import Code, Terrain

PIECE_S = 0.03
"""Seconds of one piece of a map: what a slider may have to wait for."""
BATCH, MOST = 16, 256
"""Pictures that cost as much as few of them do, and of one piece at most."""
RENEW_MS = 3000
"""How often a run in training is looked at anew."""


_SURVEY = "survey"


class Spot(Protocol):
    """A place of a plane."""

    @property
    def x(self) -> float:
        """To the right."""
        ...

    @property
    def y(self) -> float:
        """Upwards."""
        ...


@dataclass(frozen=True, eq=False, slots=True)
class Slice:
    """A plane of one run's space, of which pictures are wanted.

    Attributes:
        run: The run folder.
        plane: Where its points lie in latent space.
        label: The class of the pictures, None where there are none.
    """

    run: Path
    plane: Plane
    label: int | None = None


class Explorer(QObject):
    """Looks into one latent space at a time.

    Signals:
        opened: What is known of the space; a second time, once it was surveyed.
            (Terrain)
        refused: It cannot be looked at. (run folder Path, sentence)
        drawn: A code that the prior drew. (run folder Path, seed, Code)
        tiles_decoded: Some of the pictures that were wanted.
            (Slice, list of Spot, their pictures (N, S, S, 3))
        tiles_done: There are all that were wanted. (how many, seconds they took)
        picture_decoded: One picture. (Code, Rgb)
        pins_decoded: Those of several codes. (tuple of Code, their pictures)
        renewed: The run has learnt on; pictures are others now. (its step)
        saved: A picture was written with its code. (Path)
        failed: A sentence about something else that went wrong. (str)
    """

    opened = Signal(object)
    refused = Signal(object, str)
    drawn = Signal(object, int, object)
    tiles_decoded = Signal(object, object, object)
    tiles_done = Signal(int, float)
    picture_decoded = Signal(object, object)
    pins_decoded = Signal(object, object)
    renewed = Signal(int)
    saved = Signal(object)
    failed = Signal(str)

    def __init__(
        self,
        inference: Background,
        exploring: Exploring,
        parent: QObject | None = None,
    ) -> None:
        """Look into spaces.

        Args:
            inference: The only thread that uses what *exploring* loads; the caller
                shuts it down.
            exploring: What the inference thread does with latent spaces.
            parent: As for every QObject.
        """
        super().__init__(parent)
        self._inference = inference
        self._surveying = Background(self)
        self._exploring = exploring
        self._run: Path | None = None
        self._known: dict[Path, Terrain] = {}
        self._tiles = _Tiles()
        self._waiting: tuple[Code, int | None] | None = None
        self._is_showing = False
        self._renewal = QTimer(self)
        self._renewal.setInterval(RENEW_MS)
        self._renewal.timeout.connect(self._renew)

    # ------------------------------------------------------------------------
    # The space.

    def open(self, run: Path) -> None:
        """Look into the space of a run; `opened` or `refused` follows."""
        self._run = run
        self._tiles = _Tiles()
        self._waiting = None

        def done(found: Terrain) -> None:
            known = self._known.get(run)
            if known is not None and known.step == found.step:
                self.opened.emit(known)
                return
            self.opened.emit(found)
            self._surveying.submit(
                _SURVEY,
                lambda task: _survey(run, task.cancelled),
                done=self._on_surveyed,
                failed=self.failed.emit,
            )

        self._surveying.cancel(_SURVEY)
        self._submit("open", lambda _t: self._exploring.open(run), done, self._refuse)

    def hurry(self) -> None:
        """Let no guess of how long runs take be made before pictures."""
        for key in (ESTIMATE, TRIALS):
            self._inference.cancel(key)

    def _on_surveyed(self, found: Terrain) -> None:
        self._known[found.run] = found
        if found.run == self._run:
            self.opened.emit(found)

    def _refuse(self, words: str) -> None:
        self.refused.emit(self._run, words)

    def draw(self, seed: int) -> None:
        """Let the prior draw a code; `drawn` follows."""
        run = self._run
        if run is not None:
            self._submit(
                "draw",
                lambda _task: self._exploring.draw(run, seed),
                lambda code: self.drawn.emit(run, seed, code),
                self.failed.emit,
            )

    def follow(self, is_on: bool) -> None:
        """Look again and again whether the run has learnt on, or no more."""
        if is_on and not self._renewal.isActive():
            self._renewal.start()
        elif not is_on and self._renewal.isActive():
            self._renewal.stop()
            self._renew()  # for the last time: it may have come to its end

    @Slot()
    def _renew(self) -> None:
        run = self._run
        if run is not None:
            self._submit(
                "renew",
                lambda _task: self._exploring.renew(run),
                lambda step: self.renewed.emit(step) if step is not None else None,
                self.failed.emit,
            )

    # ------------------------------------------------------------------------
    # Pictures.

    def want(self, of: Slice, spots: Sequence[Spot]) -> None:
        """Make pictures of a plane, the first of *spots* first.

        What was wanted before is not made any more; `tiles_decoded` follows, piece by
        piece.
        """
        self._tiles.want(of, spots)
        self._go_on()

    def _go_on(self) -> None:
        tiles = self._tiles
        piece = tiles.next_piece()
        if not piece:
            return
        of = tiles.of
        assert of is not None, "pieces are of something"

        def done(found: Pictures) -> None:
            tiles.take(found)
            if tiles is self._tiles:
                self._go_on()  # first, so that the model works while these are painted
                if of is tiles.of:
                    self.tiles_decoded.emit(of, piece, found.pictures)
                    if tiles.is_done():
                        self.tiles_done.emit(*tiles.total())

        def failed(words: str) -> None:
            tiles.give_up()
            if tiles is self._tiles:
                self.failed.emit(words)

        x, y = np.array([(spot.x, spot.y) for spot in piece]).T
        self._submit(
            "tiles",
            lambda _t: self._exploring.decode(
                of.run, of.plane.codes_at(x, y), of.label
            ),
            done,
            failed,
        )

    def show(self, code: Code, label: int | None = None) -> None:
        """Make one picture; the newest wish of those that wait is answered."""
        self._waiting = (code, label)
        if not self._is_showing:
            self._show_waiting()

    def _show_waiting(self) -> None:
        run, waiting = self._run, self._waiting
        self._waiting = None
        self._is_showing = run is not None and waiting is not None
        if run is None or waiting is None:
            return
        code, label = waiting

        def done(found: Pictures) -> None:
            self._show_waiting()
            if run == self._run:
                self.picture_decoded.emit(code, found.pictures[0])

        def failed(words: str) -> None:
            self._is_showing = False
            self.failed.emit(words)

        self._submit(
            "show",
            lambda _t: self._exploring.decode(run, code[None], label),
            done,
            failed,
        )

    def show_pins(self, codes: Sequence[Code], label: int | None = None) -> None:
        """Make a few pictures together; a newer call replaces this one."""
        run, wanted = self._run, tuple(codes)
        if run is not None and wanted:
            self._submit(
                "pins",
                lambda _t: self._exploring.decode(run, np.stack(wanted), label),
                lambda found: self.pins_decoded.emit(wanted, found.pictures),
                self.failed.emit,
            )

    def save(self, code: Code, path: Path, label: int | None = None) -> None:
        """Write a picture as PNG with its code inside; `saved` follows."""
        run = self._run
        if run is not None:
            self._submit(
                f"save {path}",
                lambda _task: self._exploring.save(run, code, path, label),
                self.saved.emit,
                self.failed.emit,
            )

    def shut_down(self, timeout_ms: int = 10_000) -> bool:
        """End the thread that surveys; True if it is gone."""
        self._renewal.stop()
        return self._surveying.shut_down(timeout_ms)

    def _submit(
        self,
        what: str,
        work: Callable[[Task], Any],
        done: Callable[[Any], None],
        failed: Callable[[str], None],
    ) -> None:
        self._inference.submit(f"explore {what}", work, done=done, failed=failed)


def _survey(run: Path, cancelled: Callable[[], bool]) -> Terrain:
    """Find the directions of a space, on a thread that loads torch for it."""
    from studio.surveying import survey

    return survey(run, cancelled=cancelled)


def piece_size(each_s: float) -> int:
    """How many pictures to make in a piece where one takes *each_s* seconds.

    Whole batches, unless even one of them would take several times too long.
    """
    fitting = int(PIECE_S / each_s) if each_s > PIECE_S / MOST else MOST
    if fitting < BATCH // 4:
        return max(1, fitting)
    return max(BATCH, fitting // BATCH * BATCH)


class _Tiles:
    """What is wanted of a plane, what is being made, and how much at a time."""

    def __init__(self) -> None:
        self.of: Slice | None = None
        self._wanted: list[Spot] = []
        self._piece: list[Spot] = []
        self._size = BATCH
        self._made, self._seconds = 0, 0.0

    def want(self, of: Slice, spots: Sequence[Spot]) -> None:
        under_way = set(self._piece) if of is self.of else set()
        self.of = of
        self._wanted = [spot for spot in spots if spot not in under_way]

    def next_piece(self) -> list[Spot]:
        """What to make now; nothing while a piece is under way."""
        if self._piece or not self._wanted:
            return []
        self._piece = self._wanted[: self._size]
        del self._wanted[: self._size]
        return self._piece

    def take(self, found: Pictures) -> None:
        """The piece is made: the next one takes about as long as one should."""
        self._made += len(self._piece)
        self._seconds += found.seconds
        self._size = piece_size(found.seconds / len(self._piece))
        self._piece = []

    def give_up(self) -> None:
        self._piece, self._wanted = [], []

    def is_done(self) -> bool:
        return not (self._piece or self._wanted)

    def total(self) -> tuple[int, float]:
        """How many were made since the last time, and how long that took."""
        total = self._made, self._seconds
        self._made, self._seconds = 0, 0.0
        return total
