"""The Train page during and after a run: pictures, history, verdict and plots."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, QTimer, Signal, Slot
from PySide6.QtGui import QImage, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engines.training.health import verdict
from engines.training.reports import (
    Curve,
    History,
    Losses,
    Measures,
    Preview,
    Report,
    RunOutcome,
    RunStatus,
    Saved,
)
from studio.pages.train_plots import TrainPlots
from studio.run_view import RunView
from studio.widgets.history_strip import LIVE, HistoryStrip
from studio.widgets.message_bar import MessageBar
from studio.widgets.picture import CAPTION_HEIGHT, PARTS, PictureView, to_image
from studio.widgets.picture_column import TILE, PictureColumn

if TYPE_CHECKING:
    from engines.catalogue import EngineEntry
    from engines.configs import EngineConfig

JUDGE_EVERY_MS = 1000  # a verdict that changes more often cannot be read
LEAST_SIDE = 128  # of a large picture, pixels; in less it cannot be judged
PLOTS_HEIGHT = 216  # left to the plots before pictures grow
LEAST_PLOTS_HEIGHT = 160
MOST_COLUMNS = 3
ROUND_SIDE = 16
CAPTIONED_WIDTH = 192  # a small picture still leaves its caption room
MEASURES_WIDTH = 240  # with so much room beside the pictures, their plot goes there
GAP = 8
BAR_HEIGHT = 40


class TrainWatch(QWidget):
    """What a run learns, as it learns it; catches up when it is shown again.

    Signals:
        offer_clicked: The user wants what was offered for what was learnt.
    """

    offer_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Build it without a run."""
        super().__init__(parent)
        self._run = RunView()
        self._curves: tuple[Curve, ...] = ()
        self._measures: tuple[Curve, ...] = ()
        self._offer = ""
        self._thumbs: dict[int, QImage] = {}
        self._explained = False

        self._views = tuple(PictureView("") for _ in range(MOST_COLUMNS))
        self._watched = PictureColumn(self.tr("Watched"))
        self._strip = HistoryStrip()
        self._notice = MessageBar("warn", closable=True)
        self._verdict = MessageBar("info")
        self._plots = TrainPlots()
        self._views[1].set_placeholder(self.tr("Your first result appears here."))
        self._judge_timer = QTimer(self)
        self._judge_timer.setSingleShot(True)
        self._judge_timer.setInterval(JUDGE_EVERY_MS)
        self._judge_timer.timeout.connect(self._judge)
        self._lay_out()

        self._watched.chosen.connect(self._on_watched_chosen)
        self._strip.step_chosen.connect(self._on_step_chosen)
        self._notice.closed.connect(self._on_notice_closed)
        self._verdict.action_clicked.connect(self._on_verdict_action)

    def _lay_out(self) -> None:
        self._hero = QHBoxLayout()
        self._hero.setSpacing(GAP)
        for view in self._views:
            self._hero.addWidget(view)
        self._hero.addStretch(1)
        self._hero.addWidget(self._watched)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._hero)
        column.addSpacing(12)
        column.addWidget(self._strip)
        column.addSpacing(GAP)
        sentences = QVBoxLayout()
        sentences.setSpacing(GAP)
        sentences.addWidget(self._notice)
        sentences.addWidget(self._verdict)
        column.addLayout(sentences)
        column.addSpacing(12)
        column.addWidget(self._plots, 1)
        self._fit_pictures()

    # The run.

    def start(
        self,
        run: RunView,
        entry: "EngineEntry",
        config: "EngineConfig",
        offer: str,
    ) -> None:
        """Watch another run from its beginning.

        Args:
            run: What is known of it; kept up to date by whoever calls `show_report`.
            entry: Its engine.
            config: Its settings.
            offer: What can be done with what was learnt, once it has ended.
        """
        self._run, self._offer = run, offer
        self._curves, self._measures = entry.curves(config), entry.measures(config)
        self._thumbs = {}
        self._explained = False
        self._strip.clear()
        self._plots.start(entry, config)
        self._watched.set_pictures([], [])
        self._verdict.show_message("info", self.tr("The first picture is on its way."))
        self._show_all()

    def watched_step(self) -> int:
        """The step of the history that is looked at, -1 for the newest."""
        return self._strip.chosen_step()

    def show_report(self, report: Report) -> None:
        """Show what is new; numbers are kept while hidden, nothing is painted."""
        match report:
            case History():
                self._show_past(report)
            case Losses():
                self._plots.add_losses(report)
                self._judge_soon()
            case Measures():
                self._plots.add_measures(report)
            case Saved():
                self._plots.show_saved(self._run.saved)
            case RunOutcome():
                self._show_outcome(report)
            case _ if self.isVisible():
                self._show_pictures(fade=isinstance(report, Preview))
                self._show_notice()
            case _:
                pass

    def _show_past(self, history: History) -> None:
        self._plots.show_history(history)
        self._plots.show_saved(self._run.saved)
        if self.isVisible():
            self._show_pictures(fade=False)

    # Pictures.

    def _show_all(self) -> None:
        self._show_pictures(fade=False)
        self._show_notice()

    def _show_pictures(self, *, fade: bool) -> None:
        run, place = self._run, self._watched.chosen_place()
        started = run.started
        if started is None:
            for view in self._views:
                view.set_caption("")
                view.set_image(None)
            self._strip.set_previews([])
            return
        self._fit_pictures()
        place = place if place < len(started.names) else 0
        self._show_history(place)
        self._show_columns(place, fade=fade)
        self._watched.setVisible(len(started.names) > 1)
        if run.previews:
            newest = run.previews[max(run.previews)][self._main()]
            self._watched.set_pictures([to_image(p) for p in newest], started.names)

    def _main(self) -> str:
        """The first column that changes: its pictures stand in the history."""
        assert self._run.started is not None
        return next(c.name for c in self._run.started.columns if c.pictures is None)

    def _show_history(self, place: int) -> None:
        for step in [s for s in self._thumbs if s not in self._run.previews]:
            del self._thumbs[step]
        for step, pictures in self._run.previews.items():
            if step not in self._thumbs:
                self._thumbs[step] = to_image(pictures[self._main()][place])
        self._strip.set_previews(self._thumbs.items())

    def _show_columns(self, place: int, *, fade: bool) -> None:
        """Show every column: as it is now, or at the step that is looked at."""
        assert self._run.started is not None
        chosen, previews = self._strip.chosen_step(), self._run.previews
        step = max(previews, default=0) if chosen == LIVE else chosen
        now = previews.get(step, {})
        columns = self._run.started.columns
        for number, view in enumerate(self._views):
            view.setVisible(number < len(columns))
        for view, column in zip(self._views, columns, strict=False):
            caption = column.captions[place]
            if column.pictures is not None:
                view.set_image(to_image(column.pictures[place]))
            elif column.name in now:
                picture = to_image(now[column.name][place])
                view.set_image(picture, fade=fade and chosen == LIVE)
                if column.name == self._main():  # once: captions may be long
                    said = self.tr("step {0}").format(f"{step:,}")
                    caption = PARTS.join(filter(None, (caption, said)))
            else:
                view.set_image(None)
            view.set_caption(column.label, caption)

    @Slot(int)
    def _on_watched_chosen(self, _place: int) -> None:
        self._thumbs = {}
        self._show_pictures(fade=False)

    @Slot(int)
    def _on_step_chosen(self, step: int) -> None:
        self._plots.show_cursor(None if step == LIVE else step)
        self._show_pictures(fade=False)

    # Sentences.

    def _judge_soon(self) -> None:
        if not self._judge_timer.isActive() and self.isVisible():
            self._judge_timer.start()

    def _judge(self) -> None:
        started = self._run.started
        if self._run.outcome or not started or not self._run.losses:
            return
        run = self._run
        found = verdict(
            {name: list(values) for name, values in run.recent.items()},
            {name: list(values) for name, values in run.measured.items()},
            curves=self._curves,
            measured=self._measures,
            step=run.step,
            steps=started.steps,
        )
        words = f"{found.words} {found.why}" if self._explained else found.words
        action = self.tr("Less") if self._explained else self.tr("Why?")
        self._verdict.show_message(found.level, words, action=action)

    def _show_outcome(self, outcome: RunOutcome) -> None:
        level = {
            RunStatus.COMPLETED: "ok",
            RunStatus.STOPPED: "ok",
            RunStatus.FAILED: "err",
        }[outcome.status]
        usable = outcome.folder is not None and outcome.kept_step is not None
        action = self._offer if usable else ""
        if outcome.smaller_batch:
            go_on = self.tr("Go on with {0} per step")
            again = self.tr("Start again with {0} per step")
            action = (go_on if usable else again).format(outcome.smaller_batch)
        self._verdict.show_message(level, str(outcome), action=action)

    def _show_notice(self) -> None:
        notices = self._run.notices
        self._notice.show_message("warn", notices[0] if notices else "", closable=True)
        self._fit_pictures()

    @Slot()
    def _on_notice_closed(self) -> None:
        del self._run.notices[:1]
        self._show_notice()

    @Slot()
    def _on_verdict_action(self) -> None:
        if self._run.outcome:
            self.offer_clicked.emit()
        else:
            self._explained = not self._explained
            self._judge()

    # Room.

    def _fit_pictures(self) -> None:
        """Give pictures what the plots can spare, in sides that pixels divide."""
        columns, pixels, watched = self._shape()
        plots = PLOTS_HEIGHT if watched else LEAST_PLOTS_HEIGHT
        beside = TILE + GAP if watched else 0
        room_across = (self.width() - beside - columns * GAP) // columns
        room = min(room_across, self.height() - self._rest_height() - plots)
        side = picture_side(pixels, room)
        width = min(max(side, CAPTIONED_WIDTH), max(room_across, side))
        for view in self._views:
            view.setFixedSize(width, side + CAPTION_HEIGHT)
        self._watched.setFixedHeight(side + CAPTION_HEIGHT)
        free = self.width() - columns * (width + GAP) - beside
        self._place_measures(free, side + CAPTION_HEIGHT)

    def _place_measures(self, free: int, height: int) -> None:
        """Plot them beside the pictures where enough is *free*, else below."""
        measures, hero = self._plots.measures, self._hero
        is_beside = hero.indexOf(measures) >= 0
        if free < MEASURES_WIDTH:
            if is_beside:
                self._plots.take_measures()
            return
        if not is_beside:
            hero.addWidget(measures, 1_000)  # all that the stretch would take
        measures.setFixedHeight(height)

    def _shape(self) -> tuple[int, int, bool]:
        """How many columns, how many pixels a side, whether there are others."""
        started = self._run.started
        if started is None:
            return MOST_COLUMNS, LEAST_SIDE, True
        known = [c.pictures for c in started.columns if c.pictures is not None]
        pixels = known[0].shape[1] if known else LEAST_SIDE
        return len(started.columns), pixels, len(started.names) > 1

    def _rest_height(self) -> int:
        """What stands above, between and below pictures and plots."""
        bars = 2 if self._run.notices else 1
        sentences = bars * (BAR_HEIGHT + GAP)
        return CAPTION_HEIGHT + 12 + self._strip.sizeHint().height() + sentences + 12

    def minimumSizeHint(self) -> QSize:
        """Room for the smallest pictures; those of now must not hold the window."""
        height = self._rest_height() + LEAST_SIDE + LEAST_PLOTS_HEIGHT
        return QSize(3 * LEAST_SIDE + TILE + 4 * GAP, height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the size of the pictures."""
        super().resizeEvent(event)
        self._fit_pictures()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what came while it was hidden."""
        super().showEvent(event)
        self._show_all()
        self._judge()


def picture_side(pixels: int, room: int) -> int:
    """The side of a picture on the screen: whole multiples of its own where it fits.

    Args:
        pixels: Of a side of the picture.
        room: What there is; less than a picture can be judged at is not used.
    """
    room = max(room, LEAST_SIDE)
    if pixels <= room:
        return room // pixels * pixels
    return room // ROUND_SIDE * ROUND_SIDE  # not another one with every pixel of room
