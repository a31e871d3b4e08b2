"""Help: what this is made of, what it runs on, and where its files are."""

import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Slot, qVersion
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from studio.session import Session
from studio.settings import APP
from studio.widgets import buttons
from studio.widgets.card import Divider
from studio.widgets.labels import body, caption, title


class AboutDialog(QDialog):
    """Facts one is asked for when something does not work, ready to be copied."""

    def __init__(self, session: Session, log_file: Path, parent: QWidget) -> None:
        """Collect them."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("About the studio"))
        self.setModal(True)
        self._log_file = log_file
        self.facts = self._facts(session)
        self.copy_button = buttons.secondary(self.tr("Copy"), "copy")
        self.log_button = buttons.secondary(self.tr("Open the log"), "file-text")
        self.done_button = buttons.primary(self.tr("Done"))
        self.done_button.setDefault(True)
        self._lay_out()

        self.copy_button.clicked.connect(self._on_copy)
        self.log_button.clicked.connect(self._on_open_log)
        self.done_button.clicked.connect(self.accept)

    def _facts(self, session: Session) -> list[tuple[str, str]]:
        cores = os.cpu_count() or 1
        device = session.started.device if session.started else ""
        return [
            (self.tr("Version"), _version(APP) or self.tr("not installed")),
            ("Python", platform.python_version()),
            ("PyTorch", _version("torch")),
            ("torchvision", self._torchvision()),
            ("Qt", f"{qVersion()} (PySide6 {_version('PySide6-Essentials')})"),
            (self.tr("Computer"), f"{platform.platform()}, {cores} cores"),
            (self.tr("Training on"), device or self.tr("known after the first run")),
            (self.tr("Runs"), f"{session.settings.value.runs_folder}"),
            (self.tr("Settings"), f"{session.settings.folder}"),
            (self.tr("Log"), f"{self._log_file}"),
        ]

    def _torchvision(self) -> str:
        """Its version, and whether it had to be helped, where it was loaded at all."""
        # Looked up, as importing it here would load torch on the window's thread.
        shim = sys.modules.get("engines.interop.torchvision_shim")
        if shim is None or not shim.is_patched():
            return _version("torchvision")
        words = self.tr("{0}, without its compiled part: that is for another PyTorch")
        return words.format(_version("torchvision"))

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        top = Qt.AlignmentFlag.AlignTop
        for row, (name, value) in enumerate(self.facts):
            fact = body(value)
            fact.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(caption(name), row, 0, top)
            grid.addWidget(fact, row, 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.copy_button)
        foot.addWidget(self.log_button)
        foot.addStretch()
        foot.addWidget(self.done_button)

        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(16)
        column.addWidget(title(self.tr("Image-translation studio")))
        column.addWidget(body(self._introduction()))
        column.addLayout(grid)
        column.addWidget(Divider())
        licences = body(self._licences())
        licences.setProperty("role", "caption")
        column.addWidget(licences)
        column.addLayout(foot)
        self.setMinimumWidth(560)

    def _introduction(self) -> str:
        return self.tr(
            "Everything is computed on this computer; no picture and no number "
            "leaves it. Ctrl+1 to Ctrl+4 change the page, Ctrl+O opens a folder, and "
            "Space held down on the Translate page shows the original."
        )

    def _licences(self) -> str:
        return self.tr(
            "MIT licence. Made with PyTorch (BSD), Qt for Python (LGPL), pyqtgraph "
            "(MIT), the Inter typeface (SIL Open Font License 1.1) and Phosphor icons "
            "(MIT) through QtAwesome (MIT)."
        )

    @Slot()
    def _on_copy(self) -> None:
        lines = (f"{name}: {value}" for name, value in self.facts)
        QGuiApplication.clipboard().setText("\n".join(lines))
        self.copy_button.setText(self.tr("Copied"))

    @Slot()
    def _on_open_log(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._log_file)))


def _version(package: str) -> str:
    """The installed version of *package*, read without importing it, or ""."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
