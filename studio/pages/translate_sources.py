"""The menu of places that pictures to translate can come from."""

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QMenu, QWidget

from studio.session import Session


class SourceMenu(QMenu):
    """Files, a folder, the model's own held-out pictures, and what was brought before.

    Signals:
        files_clicked: The user wants to choose files.
        folder_clicked: The user wants to choose a folder.
        held_out_clicked: The user wants the pictures that the model never saw.
        recent_clicked: The user wants what was brought before. (list of one Path)
    """

    files_clicked = Signal()
    folder_clicked = Signal()
    held_out_clicked = Signal()
    recent_clicked = Signal(list)

    def __init__(self, session: Session, parent: QWidget) -> None:
        """List what *session* remembers."""
        super().__init__(parent)
        self._session = session
        self.setToolTipsVisible(True)
        for words, signal in (
            (self.tr("Pictures…"), self.files_clicked),
            (self.tr("Folder…"), self.folder_clicked),
            (self.tr("Held-out pictures of the model"), self.held_out_clicked),
        ):
            self.addAction(words).triggered.connect(
                lambda _on=False, s=signal: s.emit()
            )
        self.addSection(self.tr("Recent"))
        self._always = len(self.actions())
        self.aboutToShow.connect(self._list_recent)

    @Slot()
    def _list_recent(self) -> None:
        for action in self.actions()[self._always :]:
            self.removeAction(action)
        recent = self._session.settings.value.recent_pictures
        if not recent:
            self.addAction(self.tr("Nothing yet")).setEnabled(False)
        for path in recent:
            action = self.addAction(path.name)
            action.setToolTip(str(path))
            action.triggered.connect(lambda _on=False, p=path: self._on_recent(p))

    def _on_recent(self, path: Path) -> None:
        self.recent_clicked.emit([path])
