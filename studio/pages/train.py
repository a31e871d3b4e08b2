"""Train: set a run up, start it, watch it learn, and keep what it learnt."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from engines.configs import EngineConfig, settings_of
from engines.configs.base import ConfigError
from engines.data.images import Rgb
from engines.data.pairs import PairSet
from engines.runs.listing import RunSummary
from engines.training.reports import (
    Losses,
    Preparing,
    Report,
    RunOutcome,
    RunStatus,
    Started,
)
from studio.icons import icon
from studio.pages.train_header import Phase, TrainHeader
from studio.pages.train_setup import TrainSetup
from studio.run_view import RunView
from studio.session import JobState, Session
from studio.widgets import buttons
from studio.widgets.config_form import ConfigForm
from studio.widgets.drop_zone import DropZone
from studio.widgets.message_bar import MessageBar
from studio.widgets.picture import to_image
from studio.widgets.thumbnail_table import THUMBNAIL
from studio.words import duration, time_left

if TYPE_CHECKING:
    from studio.pages.train_watch import TrainWatch

NARROW_PX = 1120  # of the page; the window is 80 wider
ESTIMATE_AFTER_MS = 400  # once a slider has come to rest
COPIED_MS = 2_000


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
        self._problem = ""
        self._seconds_per_step: float | None = None
        self._preset = ""

        self.header = TrainHeader()
        self.form = ConfigForm(settings_of(type(session.config)))
        self._copy = buttons.quiet(self.tr("Copy as command"), "command")
        self._bar = MessageBar("err")
        self._empty = self._make_empty()
        self.setup = TrainSetup(session.entry)
        self.watch: TrainWatch | None = None  # loads the plots: built for a run
        self._stack = QStackedWidget()
        self._estimate_timer = _once(self, ESTIMATE_AFTER_MS)
        self._copied_timer = _once(self, COPIED_MS)
        self._lay_out()

        self._connect_page()
        self._connect_session()
        self._show_config()
        self._show_pairs()

    def _make_empty(self) -> DropZone:
        zone = DropZone(self.tr("No pictures yet"), self._empty_hint())
        self._choose = buttons.primary(self.tr("Choose a folder"), "folder-open")
        self._sample = buttons.secondary(self.tr("Use the sample set"))
        zone.add_button(self._choose)
        zone.add_button(self._sample)
        return zone

    def _empty_hint(self) -> str:
        return self.tr("Drop a folder with pairs of pictures here: before and after.")

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setContentsMargins(8, 0, 8, 8)
        foot.addWidget(self._copy)
        form_column = self.form.layout()
        assert isinstance(form_column, QVBoxLayout)
        form_column.addLayout(foot)

        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.setup)
        right = QVBoxLayout()
        right.setSpacing(12)
        right.addWidget(self._bar)
        right.addWidget(self._stack, 1)
        self._body = QHBoxLayout()
        self._body.setSpacing(24)
        self._body.addWidget(self.form)
        self._body.addLayout(right, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 0, 24, 16)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addLayout(self._body, 1)

    def _connect_page(self) -> None:
        self.header.start_clicked.connect(self._session.start)
        self.header.pause_clicked.connect(self._on_pause_clicked)
        self.header.stop_clicked.connect(self._session.stop)
        self.header.longer_clicked.connect(self._on_longer_clicked)
        self.header.setup_clicked.connect(self._on_setup_clicked)
        self.form.changed.connect(self._on_form_changed)
        self.form.valid_changed.connect(self._on_valid_changed)
        self.form.live_changed.connect(self._session.change_live)
        self.setup.preset_chosen.connect(self._session.use_preset)
        self.setup.preset_chosen.connect(self._on_preset_chosen)
        self.setup.change_clicked.connect(self._on_change_clicked)
        self.setup.thumbnails_wanted.connect(self._on_thumbnails_wanted)
        self._copy.clicked.connect(self._on_copy_clicked)
        self._choose.clicked.connect(self._on_change_clicked)
        self._sample.clicked.connect(self._session.open_sample)
        self._empty.dropped.connect(self._on_dropped)
        self._estimate_timer.timeout.connect(self._session.estimate)
        self._copied_timer.timeout.connect(self._show_copy)

    def _connect_session(self) -> None:
        session = self._session
        session.data_opening.connect(self._on_data_opening)
        session.data_opened.connect(self._on_data_opened)
        session.data_refused.connect(self._on_data_refused)
        session.thumbnail_ready.connect(self._on_thumbnail_ready)
        session.config_changed.connect(self._show_config)
        session.state_changed.connect(self._on_state_changed)
        session.reported.connect(self._on_reported)
        session.finished.connect(self._on_finished)
        session.estimated.connect(self._on_estimated)
        session.runs_listed.connect(self._on_runs_listed)

    # ------------------------------------------------------------------------
    # Which part of the page is shown.

    def phase(self) -> Phase:
        """What the page is about at the moment."""
        if self._session.state is not JobState.IDLE:
            return Phase.RUNNING
        if self._run.outcome is not None:
            return Phase.ENDED
        return Phase.EMPTY if self._session.pairs is None else Phase.SETUP

    def _show_phase(self) -> None:
        phase = self.phase()
        part: QWidget = {Phase.EMPTY: self._empty, Phase.SETUP: self.setup}.get(
            phase, self.watch or self.setup
        )
        self._stack.setCurrentWidget(part)
        self.header.show_phase(phase)
        self._show_head()
        self._show_start()
        self._show_copy()

    def _show_head(self) -> None:
        phase, session = self.phase(), self._session
        if phase in (Phase.RUNNING, Phase.ENDED):
            self.header.show_title(session.run_name)
            self.header.show_progress(self._run.fraction)
            self.header.show_caption(self._progress_words())
            return
        name = session.pairs.name if session.pairs else ""
        title = self.tr("{0} on {1}").format(session.entry.title, name)
        self.header.show_title(title if name else self.tr("Train"))
        self.header.show_caption(session.entry.words)

    def _progress_words(self) -> str:
        run = self._run
        if run.started is None:
            if run.preparing is None:
                return self.tr("Getting ready")
            done, total = run.preparing.done, run.preparing.total
            words = self.tr("Preparing pictures {0} of {1}")
            return words.format(f"{done:,}", f"{total:,}")
        step, steps = f"{run.step:,}", f"{run.started.steps:,}"
        parts = [self.tr("step {0} of {1}").format(step, steps)]
        if run.losses:
            if run.outcome is None:
                parts.append(time_left(run.losses.remaining_s))
            speed = f"{run.losses.pictures_per_s:,.0f}"
            parts.append(self.tr("{0} pictures/s").format(speed))
        return "  ·  ".join([*parts, run.started.device])

    def _show_start(self) -> None:
        """Offer to start, or say why it cannot be."""
        self._bar.show_message("err", self._problem)
        can = self._session.pairs is not None and not self._problem
        self.header.allow_start(can, self._problem)
        self._show_cost()

    def _show_cost(self) -> None:
        config, pace = self._session.config, self._seconds_per_step
        if pace is None:
            self.header.show_hint("")
            return
        words = duration(pace * config.steps)
        self.header.show_hint(self.tr("{0} on this computer").format(words))

    # ------------------------------------------------------------------------
    # Settings.

    def _show_config(self) -> None:
        session = self._session
        values = session.config.model_dump()
        if self.phase() is not Phase.RUNNING:
            if session.preset != self._preset:
                self._preset = session.preset
                baseline = session.preset_config(session.preset).model_dump()
                self.form.set_baseline(baseline)
                self.setup.show_preset(session.preset)
            if self.form.values() != values:
                self.form.set_values(values)
                self._problem = ""
        self._show_length_hint()
        self._show_start()
        self._estimate_soon()

    def _show_length_hint(self) -> None:
        config, pairs = self._session.config, self._session.pairs
        words = self.tr("{0} steps").format(f"{config.steps:,}")
        if pairs and pairs.training:
            times = max(
                1, round(config.steps * config.batch_size / len(pairs.training))
            )
            each = self.tr("{0}: each picture about {1} times.")
            words = each.format(words, f"{times:,}")
        self.form.set_hint("steps", words)

    @Slot(object)
    def _on_form_changed(self, values: dict[str, Any]) -> None:
        if self.phase() is Phase.RUNNING:
            return  # what may change then goes its own way
        try:
            config = self._session.config.changed(**values)
        except ConfigError as error:
            self._problem = str(error)
        else:
            self._problem = next(iter(self.form.problems()), "")
            self._session.set_config(config)
        self._show_start()

    @Slot(bool)
    def _on_valid_changed(self, valid: bool) -> None:
        self._problem = "" if valid else self.form.problems()[0]
        self._show_start()

    @Slot()
    def _on_preset_chosen(self) -> None:
        self._problem = ""
        self._show_config()

    def _estimate_soon(self) -> None:
        if self.isVisible() and self.phase() is Phase.SETUP:
            self._estimate_timer.start()

    @Slot(object)
    def _on_estimated(self, estimate: tuple[str, float]) -> None:
        name, seconds = estimate
        if name != "current":
            self.setup.show_cost(name, duration(seconds))
            return
        self._seconds_per_step = pace = seconds / self._session.config.steps
        self.form.set_words("steps", lambda steps: duration(steps * pace))
        self._show_cost()

    @Slot()
    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self._session.as_command())
        self._copy.setText(self.tr("Copied"))
        self._copy.setIcon(icon("check", "ok"))
        self._copied_timer.start()

    @Slot()
    def _show_copy(self) -> None:
        self._copy.setText(self.tr("Copy as command"))
        self._copy.setIcon(icon("command"))
        self._copy.setEnabled(self._session.pairs is not None and not self._problem)

    # ------------------------------------------------------------------------
    # Pictures.

    def _show_pairs(self) -> None:
        if self._session.pairs:
            self.setup.show_pairs(self._session.pairs)
        self._show_length_hint()
        self._show_phase()

    @Slot(object)
    def _on_data_opening(self, folder: Path) -> None:
        words = self.tr("Looking at '{0}'…").format(folder.name)
        self._empty.set_words(
            words, self.tr("Working out which pictures belong together.")
        )

    @Slot(object)
    def _on_data_opened(self, _pairs: PairSet) -> None:
        self._problem = ""
        if self._session.state is JobState.IDLE:
            self._run = RunView()
        self._show_pairs()
        self._estimate_soon()

    @Slot(str)
    def _on_data_refused(self, sentence: str) -> None:
        self._empty.set_words(self.tr("No pictures yet"), self._empty_hint())
        if self.phase() is Phase.EMPTY:
            self._bar.show_message("err", sentence)

    @Slot()
    def _on_change_clicked(self) -> None:
        self.navigate.emit("data")

    @Slot(list)
    def _on_dropped(self, paths: list[Path]) -> None:
        self._session.open_folder(paths[0])

    @Slot(list)
    def _on_thumbnails_wanted(self, names: list[str]) -> None:
        self._session.request_thumbnails(names, THUMBNAIL)

    @Slot(str, object, object)
    def _on_thumbnail_ready(self, name: str, before: Rgb, after: Rgb) -> None:
        self.setup.show_thumbnail(name, to_image(before), to_image(after))

    # ------------------------------------------------------------------------
    # The run.

    @Slot(object)
    def _on_state_changed(self, state: JobState) -> None:
        if state is JobState.PREPARING:
            self._begin()
        if state is not JobState.IDLE:
            self.header.show_state(state)

    def _begin(self) -> None:
        from studio.pages.train_watch import TrainWatch

        if self.watch is None:
            self.watch = TrainWatch()
            self.watch.translate_clicked.connect(self._on_translate_clicked)
            self._stack.addWidget(self.watch)
        self._run, self._summary = RunView(), None
        config = self._session.run_config
        self.watch.start(self._run, self._session.entry.curves, config)
        self._show_running_form(config)
        self._show_phase()

    def _show_running_form(
        self, config: EngineConfig, started: Started | None = None
    ) -> None:
        facts = []
        if config == self._session.config:
            preset = self._session.entry.presets[self._session.preset]
            facts.append((self.tr("Preset"), preset.label))
        if started:
            count = self.tr("{0} pairs").format(f"{started.training_pictures:,}")
            facts.append((self.tr("Pictures"), count))
        self.form.set_running(True, facts)
        self.form.set_values(config.model_dump())

    @Slot(object)
    def _on_reported(self, report: Report) -> None:
        assert self.watch is not None, "a run begins with its preparation"
        self._run.take(report, watched_step=self.watch.watched_step())
        self.watch.show_report(report)
        if isinstance(report, Started):
            self._show_running_form(self._session.run_config, report)
        if isinstance(report, Preparing | Started | Losses):
            self._show_head()

    @Slot(object)
    def _on_finished(self, outcome: RunOutcome) -> None:
        self.form.set_running(False)
        self.form.set_values(self._session.config.model_dump())
        self._show_config()
        self.header.show_ended(outcome.status)
        self._show_phase()
        self._show_longer()

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
    def _on_translate_clicked(self) -> None:
        assert self._run.outcome is not None, "the offer comes with the outcome"
        self.translate_requested.emit(self._run.outcome.folder)
        self.navigate.emit("translate")

    # ------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give a narrow window's room to the pictures."""
        super().resizeEvent(event)
        narrow = self.width() < NARROW_PX
        self.form.setFixedWidth(240 if narrow else 264)
        self._body.setSpacing(16 if narrow else 24)

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for what is only needed while the page can be seen."""
        super().showEvent(event)
        self.setup.ask_for_thumbnails()
        self._estimate_soon()


def _once(owner: QWidget, after_ms: int) -> QTimer:
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.setInterval(after_ms)
    return timer
