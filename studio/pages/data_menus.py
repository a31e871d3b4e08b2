"""Menus of what can be opened: sample sets, well-known sets, folders, archives."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from engines.data.wellknown_list import WELL_KNOWN
from engines.samples.catalogue import SAMPLES
from studio.icons import icon
from studio.widgets.labels import tooltip


class SampleMenu(QMenu):
    """The sets that are drawn by code.

    Signals:
        chosen: One of them. (its key in `SAMPLES`)
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        """List them."""
        super().__init__(parent)
        self.setTitle(self.tr("Sample sets"))
        self.setToolTipsVisible(True)
        for sample in SAMPLES.values():
            note = f"{sample.count:,} {sample.unit}"
            action = self.addAction(f"{sample.title}\t{note}")
            action.setToolTip(tooltip(sample.words))
            action.setData(sample.name)
        self.triggered.connect(self._on_triggered)

    @Slot(QAction)
    def _on_triggered(self, action: QAction) -> None:
        self.chosen.emit(action.data())


class KnownMenu(QMenu):
    """The sets that are fetched from the internet, and what that costs.

    Signals:
        chosen: One of them. (its key in `WELL_KNOWN`)
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        """List them."""
        super().__init__(parent)
        self.setTitle(self.tr("Well-known sets"))
        self.setToolTipsVisible(True)
        words = self.tr("Fetched from the internet once you choose one, then kept")
        self.addAction(words).setEnabled(False)
        self.addSeparator()
        note = self.tr("{n} pictures, {size} MB")
        for known in WELL_KNOWN.values():
            size = f"{known.megabytes:,.0f}"
            said = note.format(n=f"{known.pictures:,}", size=size)
            action = self.addAction(f"{known.title}\t{said}")
            action.setToolTip(tooltip(known.words))
            action.setData(known.name)
        self.triggered.connect(self._on_triggered)

    @Slot(QAction)
    def _on_triggered(self, action: QAction) -> None:
        self.chosen.emit(action.data())


class ChangeMenu(QMenu):
    """All ways to open other pictures.

    Signals:
        folder_wanted: The user wants to choose a folder.
        archive_wanted: The user wants to choose a zip archive.
    """

    folder_wanted = Signal()
    archive_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """List them."""
        super().__init__(parent)
        self.samples, self.known = SampleMenu(self), KnownMenu(self)
        self.folder_action = self.addAction(
            icon("folder-open"), self.tr("Choose a folder…")
        )
        self.archive_action = self.addAction(
            icon("archive"), self.tr("Choose a zip archive…")
        )
        self.addSeparator()
        self.addMenu(self.samples)
        self.addMenu(self.known)
        self.folder_action.triggered.connect(self.folder_wanted)
        self.archive_action.triggered.connect(self.archive_wanted)
