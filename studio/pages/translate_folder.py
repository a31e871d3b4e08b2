"""Folder: every picture of a folder through a model, while everything else goes on."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from engines.batch_plan import NamePattern
from engines.configs import ConfigError
from engines.options import Options
from studio.model_entry import ModelEntry
from studio.model_jobs import FolderPlan, FolderRequest, FolderSummary
from studio.pages.folder_form import FolderForm
from studio.pages.folder_progress import FolderDone, FolderRunning
from studio.session import Session
from studio.translating import AS_IT_COMES
from studio.widgets import buttons
from studio.widgets.drop_zone import DropZone


class FolderTab(QWidget):
    """Everything below the header of Translate for whole folders.

    The page places `start_button` in its header, and shows it while this tab is.

    Signals:
        running_changed: It has begun, or ended. (bool)
    """

    running_changed = Signal(bool)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        """Ask for a folder; what `use_model` is given translates it."""
        super().__init__(parent)
        self._jobs = session.jobs
        self._model: ModelEntry | None = None
        self._options: Options = AS_IT_COMES
        self._step: int | None = None
        self._is_planned = False

        self.start_button = buttons.primary(self.tr("Translate folder"), "play")
        self.choose_button = buttons.secondary(
            self.tr("Choose a folder"), "folder-open"
        )
        self.zone = DropZone(
            self.tr("Drop a folder here"),
            self.tr(
                "Every picture in it is translated, also in folders inside. The "
                "originals stay as they are."
            ),
            icon="folder-open",
        )
        self.zone.labels()[1].setWordWrap(True)
        self.zone.add_button(self.choose_button)
        self.form = FolderForm()
        self.running = FolderRunning()
        self.done = FolderDone()
        self._stack = QStackedWidget()
        self._lay_out()
        self._connect()
        self._update()

    # What others may ask for.

    def use_model(
        self,
        model: ModelEntry | None,
        options: Options = AS_IT_COMES,
        step: int | None = None,
    ) -> None:
        """Translate with another model, or otherwise.

        Args:
            model: What translates, None where there is nothing.
            options: How it is used.
            step: The training step of the weights, None for the newest.
        """
        self._model, self._options, self._step = model, options, step
        self._plan()

    @Slot(list)
    def use_inputs(self, paths: Sequence[Path]) -> None:
        """Ask how *paths*, folders and files, are to be translated."""
        if self._jobs.is_busy or not paths:
            return
        self.form.set_inputs(paths)
        self._stack.setCurrentWidget(self.form)
        self._update()

    @Slot()
    def choose(self) -> None:
        """Let the user choose a folder."""
        start = self.form.inputs[0].parent if self.form.inputs else ""
        folder = QFileDialog.getExistingDirectory(
            self, self.tr("Translate which folder?"), str(start)
        )
        if folder:
            self.use_inputs([Path(folder)])

    @Slot()
    def start(self) -> None:
        """Begin, where the form has all it takes."""
        request = self._request()
        if request is not None and self._is_planned and not self._jobs.is_busy:
            self.running.begin(request)
            self._stack.setCurrentWidget(self.running)
            self._jobs.translate_folder(request)
            self._update()
            self.running_changed.emit(True)

    # Layout and connections.

    def _lay_out(self) -> None:
        empty = QWidget()
        around = QVBoxLayout(empty)
        around.setContentsMargins(24, 0, 24, 16)
        around.addWidget(self.zone)
        for part in (empty, self.form, self.running, self.done):
            self._stack.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)

    def _connect(self) -> None:
        self.start_button.clicked.connect(self.start)
        self.choose_button.clicked.connect(self.choose)
        self.zone.dropped.connect(self.use_inputs)
        self.form.changed.connect(self._plan)
        self.form.inputs_wanted.connect(self.choose)
        self.running.cancel_clicked.connect(self._jobs.cancel)
        self.done.again_clicked.connect(self._on_again)
        self.done.other_clicked.connect(self.choose)
        jobs = self._jobs
        jobs.folder_planned.connect(self._on_planned)
        jobs.folder_refused.connect(self._on_refused)
        jobs.folder_progressed.connect(self.running.show_progress)
        jobs.folder_finished.connect(self._on_finished)
        jobs.failed.connect(self._on_failed)

    # The form.

    def _request(self) -> FolderRequest | None:
        if self._model is None or not self.form.inputs:
            return None
        return FolderRequest(
            model=self._model.path,
            name=self._model.name,
            step=self._step,
            inputs=self.form.inputs,
            out=self.form.out,
            pattern=self.form.pattern.text(),
            format=self.form.file_format(),
            existing=self.form.existing(),
            options=self._options,
        )

    @Slot()
    def _plan(self) -> None:
        """Find out what is wanted comes to; the newest question is answered."""
        self._is_planned = False
        request = self._request()
        if request is not None and not self._jobs.is_busy:
            try:
                NamePattern(request.pattern)
            except ConfigError as error:
                self.form.show_problem(str(error), of_names=True)
            else:
                self._jobs.preview_folder(request)
        self._update()

    @Slot(object)
    def _on_planned(self, plan: FolderPlan) -> None:
        if not self._jobs.is_busy and plan.request == self._request():
            self._is_planned = True
            self.form.show_plan(plan)
            self._update()

    @Slot(str)
    def _on_refused(self, words: str) -> None:
        self.form.show_problem(words)

    def _update(self) -> None:
        """Offer to start where that is possible, and say what is missing where not."""
        button = self.start_button
        is_busy = self._jobs.is_busy
        button.setEnabled(
            self._stack.currentWidget() is self.form
            and self._is_planned
            and not is_busy
        )
        button.setText(
            self.tr("Translating…") if is_busy else self.tr("Translate folder")
        )
        button.setToolTip("")
        if self._model is None:
            button.setToolTip(self.tr("Choose a model first."))
        elif not self.form.inputs:
            button.setToolTip(self.tr("Choose a folder first."))

    # What becomes of it.

    @Slot(object)
    def _on_finished(self, summary: FolderSummary) -> None:
        self.done.show_summary(summary, self.running.pair)
        self._stack.setCurrentWidget(self.done)
        self._end()

    @Slot(str)
    def _on_failed(self, words: str) -> None:
        self._stack.setCurrentWidget(self.form)
        self._end()
        self.form.show_problem(words)

    def _end(self) -> None:
        self._is_planned = False
        self._update()
        self.running_changed.emit(False)

    @Slot()
    def _on_again(self) -> None:
        """Show the form once more; what is done is skipped there, as is its wont."""
        self.form.skip.setChecked(True)
        self._stack.setCurrentWidget(self.form)
        self._plan()
