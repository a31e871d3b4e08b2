"""Train: set a run up, start it, watch it learn, and keep what it learnt."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from engines.catalogue import EngineEntry
from engines.data.images import Rgb
from engines.data.sets import KIND_WORDS, PictureSet
from engines.runs.listing import RunSummary
from engines.samples.catalogue import sample_for
from engines.training.reports import (
    DryRun,
    Losses,
    Preparing,
    Report,
    RunOutcome,
    RunStatus,
    Started,
)
from studio.pages.train_header import Phase, TrainHeader
from studio.pages.train_memory import MemoryBar
from studio.pages.train_settings import TrainSettings
from studio.pages.train_setup import TrainSetup
from studio.run_view import RunView
from studio.session import JobState, Session
from studio.widgets import buttons
from studio.widgets.drop_zone import DropZone
from studio.widgets.message_bar import MessageBar
from studio.widgets.picture import to_image
from studio.widgets.thumbnail_table import THUMBNAIL

if TYPE_CHECKING:
    from studio.pages.train_watch import TrainWatch

NARROW_PX = 1120  # of the page; the window is 80 wider
ESTIMATE_AFTER_MS = 400  # once a slider has come to rest
AFTER_PAINT_MS = 20  # form and plots in one turn of the window would stall it


class TrainPage(QWidget):
    """The settings at the left; at the right what to make of them, then the run.

    Signals:
        navigate: The user wants to go to another page. (str, its name)
        translate_requested: The user wants to use a run. (Path, its folder)
    """

    navigate = Signal(str)
    translate_requested = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        """Show what *session* has open."""
        super().__init__(parent)
        self._session = session
        self._run = RunView()
        self._summary: RunSummary | None = None

        self.header = TrainHeader()
        self.settings = TrainSettings(session)
        self._bar = MessageBar("err")
        self._empty = self._make_empty()
        self.setup = TrainSetup(session.entry, MemoryBar(session))
        self.watch: TrainWatch | None = (
            None  # loads the plots: not before `warm_up` has
        )
        self._stack = QStackedWidget()
        self._estimate_timer = QTimer(self)
        self._estimate_timer.setSingleShot(True)
        self._estimate_timer.setInterval(ESTIMATE_AFTER_MS)
        self._lay_out()
        self._connect_page()
        self._connect_session()
        self._show_preset()
        self._show_pictures()

    def _make_empty(self) -> DropZone:
        zone = DropZone(self.tr("No pictures yet"), self._empty_hint())
        zone.labels()[1].setWordWrap(True)
        self._choose = buttons.primary(self.tr("Choose a folder"), "folder-open")
        self._sample = buttons.secondary(self.tr("Use a sample set"))
        zone.add_button(self._choose)
        zone.add_button(self._sample)
        return zone

    def _empty_hint(self) -> str:
        return self.tr(
            "Drop a folder or an archive here: pairs of pictures, pictures in two "
            "styles, or pictures of one kind."
        )

    def _lay_out(self) -> None:
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.setup)
        right = QVBoxLayout()
        right.setSpacing(12)
        right.addWidget(self._bar)
        right.addWidget(self._stack, 1)
        self._body = QHBoxLayout()
        self._body.setSpacing(24)
        self._body.addWidget(self.settings)
        self._body.addLayout(right, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 0, 24, 16)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addLayout(self._body, 1)
        self._fit_form()

    def _connect_page(self) -> None:
        self.header.start_clicked.connect(self._session.start)
        self.header.pause_clicked.connect(self._on_pause_clicked)
        self.header.stop_clicked.connect(self._session.stop)
        self.header.longer_clicked.connect(self._on_longer_clicked)
        self.header.setup_clicked.connect(self._on_setup_clicked)
        self.settings.problem_changed.connect(self._show_start)
        self.settings.cost_changed.connect(self._show_cost)
        self.setup.preset_chosen.connect(self._on_preset_chosen)
        self.setup.change_clicked.connect(self._on_change_clicked)
        self.setup.thumbnails_wanted.connect(self._on_thumbnails_wanted)
        self._choose.clicked.connect(self._on_change_clicked)
        self._sample.clicked.connect(self._on_sample_clicked)
        self._empty.dropped.connect(self._on_dropped)
        self._estimate_timer.timeout.connect(self._session.estimate)

    def _connect_session(self) -> None:
        session = self._session
        session.data.opening.connect(self._on_data_opening)
        session.data.opened.connect(self._on_data_opened)
        session.data.refused.connect(self._on_data_refused)
        session.library.thumbnail_ready.connect(self._on_thumbnail_ready)
        session.engine_changed.connect(self._on_engine_changed)
        session.config_changed.connect(self._on_config_changed)
        session.state_changed.connect(self._on_state_changed)
        session.reported.connect(self._on_reported)
        session.finished.connect(self._on_finished)
        session.estimated.connect(self._on_estimated)
        session.library.runs_listed.connect(self._on_runs_listed)
        session.library.warmed_up.connect(self._make_watch)

    # ------------------------------------------------------------------------
    # Which part of the page is shown.

    def phase(self) -> Phase:
        """What the page is about at the moment."""
        if self._running():
            return Phase.RUNNING
        if self._run.outcome is not None:
            return Phase.ENDED
        return Phase.EMPTY if self._session.pictures is None else Phase.SETUP

    def _running(self) -> bool:
        return self._session.state is not JobState.IDLE

    def _show_phase(self) -> None:
        phase = self.phase()
        part: QWidget = {Phase.EMPTY: self._empty, Phase.SETUP: self.setup}.get(
            phase, self.watch or self.setup
        )
        self._stack.setCurrentWidget(part)
        self.header.show_phase(phase)
        self._show_head()
        self._show_start()

    def _show_head(self) -> None:
        phase, session = self.phase(), self._session
        if phase in (Phase.RUNNING, Phase.ENDED):
            self.header.show_title(session.run_name)
            self.header.show_run(self._run)
            return
        name = session.pictures.name if session.pictures else ""
        title = self.tr("{0} on {1}").format(session.entry.title, name)
        self.header.show_title(title if name else self.tr("Train"))
        self.header.show_caption(session.entry.words)

    @Slot()
    def _show_start(self) -> None:
        """Offer to start, or say why it cannot be."""
        problem, session = self.settings.problem(), self._session
        self._bar.show_message("err", "" if self._running() else problem)
        # Of another kind they are just being looked at again, or were refused.
        fit = bool(session.pictures and session.pictures.kind == session.entry.data)
        wanted = self.tr("{0} learns from {1}. Open such first.").format(
            session.entry.title, KIND_WORDS[session.entry.data]
        )
        self.header.allow_start(fit and not problem, problem or ("" if fit else wanted))
        self._word_again()
        self._show_cost()

    def _word_again(self) -> None:
        """Say what starting afresh trains: perhaps not what the run was about."""
        session = self._session
        name = session.pictures.name if session.pictures else ""
        engine = session.entry.title
        same = session.run_entry is session.entry
        words = self.tr("Train again") if same else self.tr("Train {0}").format(engine)
        tooltip = self.tr("From the beginning, as set at the left: {0} on {1}.")
        self.header.word_again(words, tooltip.format(engine, name))

    @Slot()
    def _show_cost(self) -> None:
        self.header.show_hint(self.settings.cost())

    def _show_preset(self) -> None:
        self.setup.show_preset(self._session.preset)

    @Slot(str)
    def _on_preset_chosen(self, preset: str) -> None:
        self._session.use_preset(preset)
        self.settings.show_config()  # a preset may change no value but what is usual

    @Slot(object)
    def _on_engine_changed(self, entry: EngineEntry) -> None:
        self.setup.show_engine(entry)
        self._show_head()

    @Slot()
    def _on_config_changed(self) -> None:
        self._show_preset()
        self._show_start()
        self._estimate_soon()

    def _estimate_soon(self) -> None:
        if self.isVisible() and self.phase() in (Phase.SETUP, Phase.ENDED):
            self._estimate_timer.start()

    @Slot(object)
    def _on_estimated(self, estimate: tuple[str, DryRun]) -> None:
        name, dry_run = estimate
        if name != "current":
            config = self._session.preset_config(name)
            self.setup.show_cost(name, config.steps, dry_run)

    # ------------------------------------------------------------------------
    # Pictures.

    def _show_pictures(self) -> None:
        if self._session.pictures:
            self.setup.show_pictures(self._session.pictures)
        self._show_phase()

    @Slot(object)
    def _on_data_opening(self, folder: Path) -> None:
        words = self.tr("Looking at '{0}'…").format(folder.name)
        self._empty.set_words(words, self.tr("Working out what it holds."))

    @Slot(object)
    def _on_data_opened(self, _pictures: PictureSet) -> None:
        if self._session.state is JobState.IDLE:
            self._run = RunView()
        self._show_pictures()
        self._estimate_soon()

    @Slot(str)
    def _on_data_refused(self, sentence: str) -> None:
        self._empty.set_words(self.tr("No pictures yet"), self._empty_hint())
        if self.phase() is Phase.EMPTY:
            self._bar.show_message("err", sentence)

    @Slot()
    def _on_sample_clicked(self) -> None:
        self._session.data.open_sample(sample_for(self._session.entry.name).name)

    @Slot()
    def _on_change_clicked(self) -> None:
        self.navigate.emit("data")

    @Slot(list)
    def _on_dropped(self, paths: list[Path]) -> None:
        self._session.data.open(paths[0])

    @Slot(list)
    def _on_thumbnails_wanted(self, names: list[str]) -> None:
        if pictures := self._session.pictures:
            self._session.library.request_thumbnails(pictures, names, THUMBNAIL)

    @Slot(str, object, object)
    def _on_thumbnail_ready(self, name: str, first: Rgb, second: Rgb | None) -> None:
        pictures = [first] if second is None else [first, second]
        self.setup.show_thumbnail(name, [to_image(picture) for picture in pictures])

    # ------------------------------------------------------------------------
    # The run.

    @Slot(object)
    def _on_state_changed(self, state: JobState) -> None:
        if state is JobState.PREPARING:
            self._begin()
        if state is not JobState.IDLE:
            self.header.show_state(state)

    @Slot()
    def _make_watch(self) -> "TrainWatch":
        """Build it, once: ahead of the first run, which then need not wait for it."""
        from studio.pages.train_watch import TrainWatch

        if self.watch is None:
            self.watch = TrainWatch()
            self.watch.offer_clicked.connect(self._on_offer_clicked)
            self._stack.addWidget(self.watch)
        return self.watch

    def _begin(self) -> None:
        watch = self._make_watch()
        self._run, self._summary = RunView(), None
        session = self._session
        use, look = self.tr("Translate pictures with it"), self.tr("Open its folder")
        offer = use if session.run_entry.translates else look
        watch.start(self._run, session.run_entry, session.run_config, offer)
        QTimer.singleShot(AFTER_PAINT_MS, self.settings, self.settings.show_run)
        self._show_phase()

    @Slot(object)
    def _on_reported(self, report: Report) -> None:
        assert self.watch is not None, "a run begins with its preparation"
        self._run.take(report, watched_step=self.watch.watched_step())
        self.watch.show_report(report)
        if isinstance(report, Started):
            self.settings.show_run()
        if isinstance(report, Preparing | Started | Losses):
            self._show_head()

    @Slot(object)
    def _on_finished(self, outcome: RunOutcome) -> None:
        self.settings.end_run()
        self.header.show_ended(outcome.status)
        self._show_phase()
        self._show_longer()
        self._estimate_soon()

    @Slot(object)
    def _on_runs_listed(self, runs: tuple[RunSummary, ...]) -> None:
        if self._run.outcome:
            folder = self._run.outcome.folder
            self._summary = next((r for r in runs if r.path == folder), None)
            self._show_longer()

    def _show_longer(self) -> None:
        outcome = self._run.outcome
        kept = outcome is not None and outcome.kept_step is not None
        more = self._more_steps()
        words = self.tr("Go on for longer") if more else self.tr("Go on")
        why = self.tr("Trains on to step {0}.").format(f"{more:,}") if more else ""
        self.header.allow_longer(kept and self._summary is not None, words, why)

    def _more_steps(self) -> int:
        """Where a run that is complete goes on to: twice as far. 0 for no other."""
        outcome, started = self._run.outcome, self._run.started
        if outcome is None or outcome.status is not RunStatus.COMPLETED:
            return 0
        return 2 * (started.steps if started else outcome.step)

    @Slot()
    def _on_longer_clicked(self) -> None:
        assert self._summary is not None, "the button waits for the run to be listed"
        more = self._more_steps()
        self._session.resume_run(self._summary, **({"steps": more} if more else {}))

    @Slot()
    def _on_pause_clicked(self) -> None:
        if self._session.state is JobState.PAUSED:
            self._session.resume()
        else:
            self._session.pause()

    @Slot()
    def _on_setup_clicked(self) -> None:
        self._run = RunView()
        self._show_phase()
        self._estimate_soon()

    @Slot()
    def _on_offer_clicked(self) -> None:
        outcome = self._run.outcome
        assert outcome is not None, "the offer comes with the outcome"
        folder = outcome.folder
        if outcome.smaller_batch:
            self._session.run_smaller(outcome)
        elif self._session.run_entry.translates:
            self.translate_requested.emit(folder)
        else:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give a narrow window's room to the pictures."""
        super().resizeEvent(event)
        self._fit_form()

    def _fit_form(self) -> None:
        narrow = self.width() < NARROW_PX
        self.settings.setFixedWidth(240 if narrow else 264)
        self._body.setSpacing(16 if narrow else 24)

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for what is only needed while the page can be seen."""
        super().showEvent(event)
        self._estimate_soon()
