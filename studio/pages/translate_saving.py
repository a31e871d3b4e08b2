"""Saving on the Translate page: into which folder, how far it is, what came of it."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget

from studio.session import Session
from studio.translating import (
    Format,
    SavedTranslations,
    Translation,
    TranslationRequest,
)
from studio.widgets.toast import Toast


class Saving(QObject):
    """Asks for a folder, has results written there, and tells on button and toast.

    Signals:
        problems_found: Some could not be saved. (tuple of sentences)
    """

    problems_found = Signal(object)

    def __init__(self, session: Session, button: QPushButton, page: QWidget) -> None:
        """Watch *session*.

        Args:
            session: Writes the files.
            button: Says how far it is, and waits meanwhile.
            page: The toast floats over it.
        """
        super().__init__(page)
        self._session = session
        self._button = button
        self._page = page
        self._words = button.text()
        self._folder = Path()
        self.toast = Toast(page)
        self.toast.action_clicked.connect(self._open_folder)
        session.library.saving.connect(self._on_saving)
        session.library.saved.connect(self._on_saved)

    def save(
        self, items: Sequence[Translation | TranslationRequest], format_: Format
    ) -> None:
        """Let the user choose a folder and save there, unless it is busy saving."""
        if not items or not self._button.isEnabled():
            return
        start = str(self._folder) if self._folder != Path() else ""
        folder = QFileDialog.getExistingDirectory(
            self._page, self.tr("Save into which folder?"), start
        )
        if folder:
            self._folder = Path(folder)
            self._button.setEnabled(False)
            self._session.library.save_translations(items, self._folder, format_)

    @Slot(int, int)
    def _on_saving(self, done: int, total: int) -> None:
        self._button.setText(self.tr("Saving {0} of {1}…").format(done + 1, total))

    @Slot(object)
    def _on_saved(self, result: SavedTranslations) -> None:
        self._button.setText(self._words)
        self._button.setEnabled(True)
        if result.problems:
            self.problems_found.emit(result.problems)
        count = len(result.written)
        if count:
            many = self.tr("{0} pictures").format(f"{count:,}")
            what = result.written[0].name if count == 1 else many
            where = result.folder.name or str(result.folder)
            words = self.tr("{0} saved in {1}").format(what, where)
            self.toast.show_message(words, self.tr("Open folder"), icon="check-circle")

    @Slot()
    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))
