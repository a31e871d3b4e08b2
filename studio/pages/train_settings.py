"""The settings of the next run, or of the run that is on, beside the Train page."""

from typing import Any

from PySide6.QtCore import QSignalBlocker, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engines.configs import ConfigError, EngineConfig, settings_of
from engines.training.reports import DryRun, Started
from studio.icons import icon
from studio.pages.train_engine import EngineChoice
from studio.session import JobState, Session
from studio.widgets import buttons
from studio.widgets.config_form import ConfigForm
from studio.widgets.setting_words import setting_words
from studio.words import duration, memory, step_time

COPIED_MS = 2_000


class TrainSettings(QWidget):
    """The form, kept in step with the session, and the command that does the same.

    Signals:
        problem_changed: The settings can be used, or no more. (a sentence, or "")
        cost_changed: What the present settings take is known better.
    """

    problem_changed = Signal(str)
    cost_changed = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        """Show the settings of *session*."""
        super().__init__(parent)
        self._session = session
        self._problem = ""
        self._preset = ""
        self._dry_run: DryRun | None = None
        self._config_type = type(session.config)
        self.engine = EngineChoice()
        self.form = ConfigForm(settings_of(self._config_type))
        self.copy_button = buttons.quiet(self.tr("Copy as command"), "command")
        self._copied_timer = QTimer(self)
        self._copied_timer.setSingleShot(True)
        self._copied_timer.setInterval(COPIED_MS)
        self._lay_out()

        self.engine.chosen.connect(session.use_engine)
        self.form.changed.connect(self._on_form_changed)
        self.form.valid_changed.connect(self._on_valid_changed)
        self.form.live_changed.connect(session.change_live)
        self.copy_button.clicked.connect(self._on_copy_clicked)
        self._copied_timer.timeout.connect(self._show_copy)
        session.engine_changed.connect(self._on_engine_changed)
        session.config_changed.connect(self.show_config)
        session.data.opened.connect(self._on_data_opened)
        session.estimated.connect(self._on_estimated)
        self._show_engines()
        self.show_config()

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setContentsMargins(8, 0, 8, 8)
        foot.addWidget(self.copy_button)
        inside = self.form.layout()
        assert isinstance(inside, QVBoxLayout), "the command stands at the form's foot"
        self.form.set_first(self.engine)
        inside.addLayout(foot)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.form)

    def problem(self) -> str:
        """Why no run can use the settings, a sentence; empty where one can."""
        return self._problem

    def cost(self) -> str:
        """What the next run takes; empty until it is known.

        For example "about 2 min  ·  0.13 s a step  ·  1.1 of 17 GB memory".
        """
        if self._dry_run is None:
            return ""
        parts, pace = [memory(self._dry_run.memory, self._dry_run.free)], self._pace()
        if pace is not None:
            time = duration(pace * self._session.config.steps)
            parts = [time, step_time(pace), *parts]
        return "  ·  ".join(parts)

    # What it shows.

    @Slot()
    def show_config(self) -> None:
        """Show the settings of the next run, unless another one is on."""
        session = self._session
        if session.state is not JobState.IDLE:
            return
        is_new = self._show_settings_of(session.config)
        if is_new or session.preset != self._preset:
            self._preset = session.preset
            baseline = session.preset_config(session.preset).model_dump()
            self.form.set_baseline(baseline)
        values = session.config.model_dump()
        if self.form.values() != values:  # or what is being typed would be rewritten
            self.form.set_values(values)
            self._set_problem("")
        self._show_pace()
        self._show_copy()

    @Slot()
    def show_run(self) -> None:
        """Show the settings of the run, if one is on; what is live can be changed."""
        if self._session.state is JobState.IDLE:
            return
        session, config = self._session, self._session.run_config
        facts = [(self.tr("Engine"), session.run_entry.title)]
        if config == session.config:
            preset = session.entry.presets[session.preset]
            facts.append((self.tr("Preset"), preset.label))
        if session.started:
            words = self._count_words(session.started)
            facts.append((self.tr("Pictures"), words))
        self.engine.hide()
        if self._show_settings_of(config):
            self.form.set_baseline(config.model_dump())
        self.form.set_running(True, facts)
        self.form.set_values(config.model_dump())

    def end_run(self) -> None:
        """Go back to the settings of the next run."""
        self.form.set_running(False)
        self._show_engines()
        self._preset = ""
        self.show_config()

    def _count_words(self, started: Started) -> str:
        count = f"{started.training_pictures:,}"
        pairs = self._session.run_entry.data == "pairs"
        words = self.tr("{0} pairs") if pairs else self.tr("{0} pictures")
        return words.format(count)

    def _show_settings_of(self, config: EngineConfig) -> bool:
        """Make the form anew where it shows another engine's; True where it did."""
        if type(config) is self._config_type:
            return False
        self._config_type = type(config)
        with QSignalBlocker(self.form):  # its defaults are nobody's choice
            self.form.set_settings(settings_of(self._config_type))
        self._set_problem("")
        return True

    def _show_engines(self) -> None:
        self.engine.show_engines(self._session.entry, self._session.pictures)
        is_idle = self._session.state is JobState.IDLE
        self.engine.setVisible(is_idle and self.engine.can_choose())

    def _pace(self) -> float | None:
        """Seconds a step, once they are known."""
        return self._dry_run.seconds_per_step if self._dry_run else None

    def _show_pace(self) -> None:
        """Say the length as time, once it is known how long a step takes."""
        pace = self._pace()
        length = next(s for s in settings_of(self._config_type) if s.name == "steps")

        def words(steps: int) -> str:
            if pace is None:
                return setting_words(length, steps)
            return duration(steps * pace)

        self.form.set_words("steps", words)
        self._show_length_hint()

    def _show_length_hint(self) -> None:
        """Say the steps, where the slider says the time, and what they come to."""
        config, pictures = self._session.config, self._session.pictures
        timed = self._pace() is not None
        steps = f"{config.steps:,}"
        if not pictures or not pictures.training:
            words = self.tr("{0} steps.").format(steps) if timed else ""
        else:
            # Of two styles, a step takes as many of each.
            different = len(pictures.training) / (2 if pictures.kind == "styles" else 1)
            times = round(config.steps * config.pictures_per_step / different)
            often = self.tr("{0} times").format(f"{times:,}")
            each = self.tr("{0} steps: each picture {1}.")
            each = each if timed else self.tr("Each picture {1}.")
            words = each.format(steps, often if times > 1 else self.tr("about once"))
        self.form.set_hint("steps", words)

    @Slot()
    def _show_copy(self) -> None:
        self.copy_button.setText(self.tr("Copy as command"))
        self.copy_button.setIcon(icon("command"))
        can = self._session.pictures is not None and not self._problem
        self.copy_button.setEnabled(can)

    # What happens.

    def _set_problem(self, sentence: str) -> None:
        if sentence != self._problem:
            self._problem = sentence
            self._show_copy()
            self.problem_changed.emit(sentence)

    @Slot(object)
    def _on_form_changed(self, values: dict[str, Any]) -> None:
        if self._session.state is not JobState.IDLE:
            return  # what may change then goes straight to the run
        try:
            config = self._session.config.changed(**values)
        except ConfigError as error:
            self._set_problem(str(error))
        else:
            self._set_problem(next(iter(self.form.problems()), ""))
            self._session.set_config(config)

    @Slot(bool)
    def _on_valid_changed(self, valid: bool) -> None:
        if valid:
            self._set_problem("")
            self._on_form_changed(self.form.values())
        elif self._session.state is JobState.IDLE:
            self._set_problem(self.form.problems()[0])

    @Slot()
    def _on_engine_changed(self) -> None:
        self._dry_run = None
        self.cost_changed.emit()
        self._show_engines()

    @Slot()
    def _on_data_opened(self) -> None:
        self._show_engines()
        self._show_length_hint()
        self._show_copy()

    @Slot(object)
    def _on_estimated(self, estimate: tuple[str, DryRun]) -> None:
        name, dry_run = estimate
        if name == "current":
            self._dry_run = dry_run
            self._show_pace()
            self.cost_changed.emit()

    @Slot()
    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self._session.as_command())
        self.copy_button.setText(self.tr("Copied"))
        self.copy_button.setIcon(icon("check", "ok"))
        self._copied_timer.start()
