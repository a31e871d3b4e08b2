"""The settings of the window: theme, size of text, where runs are kept."""

from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from studio.fonts import TEXT_SCALES
from studio.session import Session
from studio.theme import Mode, Theme
from studio.widgets import buttons
from studio.widgets.labels import ElidedLabel, caption, title
from studio.widgets.segmented import Segmented


class PreferencesDialog(QDialog):
    """Everything takes effect at once and is remembered."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget) -> None:
        """Show the settings as they are."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Settings"))
        self.setModal(True)
        self._session, self._theme = session, theme
        self.mode = Segmented(
            [
                ("system", self.tr("As the system")),
                ("light", self.tr("Light")),
                ("dark", self.tr("Dark")),
            ],
            name=self.tr("Theme"),
        )
        self.mode.set_value(theme.mode)
        self.text_size = Segmented(
            [(f"{scale}", f"{scale:.0%}".replace("%", " %")) for scale in TEXT_SCALES],
            name=self.tr("Text size"),
        )
        if theme.text_scale in TEXT_SCALES:
            self.text_size.set_value(f"{theme.text_scale}")
        runs_folder = session.settings.value.runs_folder
        self.folder = ElidedLabel(f"{runs_folder}", mode=Qt.TextElideMode.ElideMiddle)
        self.folder_button = buttons.secondary(self.tr("Change"), "folder-open")
        self.done_button = buttons.primary(self.tr("Done"))
        self.done_button.setDefault(True)
        self._lay_out()

        self.mode.changed.connect(self._on_mode_changed)
        self.text_size.changed.connect(self._on_text_size_changed)
        self.folder_button.clicked.connect(self._on_choose_folder)
        self.done_button.clicked.connect(self.accept)

    def _lay_out(self) -> None:
        folder = QHBoxLayout()
        folder.setSpacing(12)
        folder.addWidget(self.folder, 1)
        folder.addWidget(self.folder_button)
        foot = QHBoxLayout()
        foot.addStretch()
        foot.addWidget(self.done_button)

        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(4)
        column.addWidget(title(self.tr("Settings")))
        for words, part in (
            (self.tr("Theme"), self.mode),
            (self.tr("Text size"), self.text_size),
        ):
            column.addSpacing(12)
            column.addWidget(caption(words))
            column.addWidget(part)
        column.addSpacing(12)
        column.addWidget(caption(self.tr("New runs are kept in")))
        column.addLayout(folder)
        column.addSpacing(20)
        column.addLayout(foot)
        self.setMinimumWidth(480)

    @Slot(str)
    def _on_mode_changed(self, mode: Mode) -> None:
        self._theme.set_mode(mode)
        self._session.remember(theme=mode)

    @Slot(str)
    def _on_text_size_changed(self, scale: str) -> None:
        self._theme.set_text_scale(float(scale))
        self._session.remember(text_scale=float(scale))

    @Slot()
    def _on_choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(
            self, self.tr("Where to keep runs"), self.folder.text()
        )
        if chosen:
            self.folder.setText(str(Path(chosen)))
            self._session.remember(runs_folder=Path(chosen))
