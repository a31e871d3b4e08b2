"""The newest runs as cards, on Home."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from engines.catalogue import translates
from engines.runs.listing import RunSummary
from studio.session import Rgb, Session
from studio.widgets.labels import caption, heading
from studio.widgets.picture import to_image
from studio.widgets.run_card import PICTURE, RunCard
from studio.words import ago

SHOWN = 6
_COLUMNS, _COLUMNS_WIDE = 2, 3
_WIDE = 1400  # pixels of width

_RESUMABLE = ("stopped", "interrupted", "failed", "paused")


class RecentRuns(QWidget):
    """The newest runs as cards in columns.

    Signals:
        run_chosen: The user wants to translate with a run. (Path)
        resumed: A run goes on.
    """

    run_chosen = Signal(object)
    resumed = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        """Wait for the session to list the runs."""
        super().__init__(parent)
        self._session = session
        self._runs: tuple[RunSummary, ...] = ()
        self._can_resume = True
        self.cards: dict[Path, RunCard] = {}
        self._empty = caption(
            self.tr("Nothing trained yet. What you train appears here.")
        )
        self._grid = QGridLayout()
        self._grid.setSpacing(16)

        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(heading(self.tr("Recent")))
        column.addWidget(self._empty)
        column.addLayout(self._grid)

        session.library.runs_listed.connect(self._on_runs_listed)
        session.library.run_picture_ready.connect(self._on_picture_ready)

    def set_can_resume(self, can_resume: bool) -> None:
        """One run at a time: while one is going, no other can go on."""
        self._can_resume = can_resume
        for run in self._runs:
            self._offer_resume(run)

    @Slot(object)
    def _on_runs_listed(self, runs: Sequence[RunSummary]) -> None:
        shown = tuple(runs[:SHOWN])
        if shown != self._runs:
            self._runs = shown
            self._make_cards()
        side = round(PICTURE * self.devicePixelRatioF())
        self._session.library.request_run_pictures([run.path for run in shown], side)

    @Slot(object, object)
    def _on_picture_ready(self, path: Path, picture: Rgb) -> None:
        if path in self.cards:
            self.cards[path].set_picture(to_image(picture))

    def _make_cards(self) -> None:
        for card in self.cards.values():
            self._grid.removeWidget(card)
            card.deleteLater()
        self.cards = {run.path: self._card(run) for run in self._runs}
        for run in self._runs:
            self._offer_resume(run)
        self._empty.setVisible(not self.cards)
        self._arrange()

    def _card(self, run: RunSummary) -> RunCard:
        name = (run.info.name if run.info else "") or run.path.name
        card = RunCard(name, self._caption(run))
        card.set_state(*self._state(run))
        card.set_can_open(run.kept_step is not None)
        card.opened.connect(lambda: self._open(run))
        card.resume_requested.connect(lambda: self._resume(run))
        return card

    def _caption(self, run: RunSummary) -> str:
        when = ago(run.modified, datetime.now(UTC))
        if run.info is None or run.state == "completed":
            return when
        percent = int(100 * run.info.step / run.info.steps)
        return self.tr("{n} % · {when}").format(n=percent, when=when)

    def _state(self, run: RunSummary) -> tuple[str, str, str, str]:
        """Level, icon and words of a run's chip, and what there is to add."""
        if run.info is None:
            return "err", "warning", self.tr("Damaged"), run.problem
        states = {
            "new": ("plain", "circle", self.tr("Not begun")),
            "running": ("active", "play-fill", self.tr("Training")),
            "paused": ("warn", "pause", self.tr("Paused")),
            "stopped": ("plain", "stop", self.tr("Stopped")),
            "completed": ("ok", "check", self.tr("Done")),
            "failed": ("err", "warning-circle", self.tr("Failed")),
            "interrupted": ("warn", "warning", self.tr("Interrupted")),
        }
        hint = "" if _can_translate(run) else self.tr("Opens its folder.")
        return (*states[run.state or "new"], run.info.error or hint)

    def _offer_resume(self, run: RunSummary) -> None:
        is_resumable = run.state in _RESUMABLE and run.kept_step is not None
        if run.info and is_resumable and run.kept_step != run.info.steps:
            hint = self.tr("Goes on from step {n}.").format(n=f"{run.kept_step:,}")
            if not self._can_resume:
                hint = self.tr("Another run is going.")
            self.cards[run.path].offer_resume(self._can_resume, hint)

    def _open(self, run: RunSummary) -> None:
        if _can_translate(run):
            self.run_chosen.emit(run.path)
        else:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(run.path)))

    def _resume(self, run: RunSummary) -> None:
        self._session.resume_run(run)
        self.resumed.emit()

    def _arrange(self) -> None:
        columns = _COLUMNS_WIDE if self.width() >= _WIDE else _COLUMNS
        for place, card in enumerate(self.cards.values()):
            self._grid.addWidget(card, *divmod(place, columns))
        for column in range(_COLUMNS_WIDE):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use more columns in a wide window."""
        super().resizeEvent(event)
        self._arrange()


def _can_translate(run: RunSummary) -> bool:
    return run.info is not None and translates(run.info.engine)
