"""Which model the Translate page uses: the choice that its tabs share."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from engines.runs.listing import RunSummary
from studio.model_entry import ModelEntry, entry_of
from studio.widgets.elided_box import ElidedBox


class Models(QObject):
    """The models there are, and the one in use; it outlives that they are listed anew.

    Signals:
        changed: Another model is in use.
        updated: What is known of the models has changed, such as newer weights.

    Attributes:
        entries: Runs that translate, newest first, then files of weights; None
            before runs were listed.
        chosen: The one in use, None where there is none.
        wanted: Folder of a run to use as soon as runs are listed.
    """

    changed = Signal()
    updated = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        """Know of no model yet."""
        super().__init__(parent)
        self.entries: tuple[ModelEntry, ...] | None = None
        self.chosen: ModelEntry | None = None
        self.wanted: Path | None = None
        self._files: tuple[ModelEntry, ...] = ()

    def take(self, runs: Sequence[RunSummary]) -> None:
        """Note what runs there are now."""
        of_runs = tuple(entry for run in runs if (entry := entry_of(run)))
        wanted, self.wanted = self.wanted, None
        self._set((*of_runs, *self._files), wanted)

    def add_file(self, file: ModelEntry) -> None:
        """Use a file of weights; it stays on the list."""
        others = tuple(known for known in self._files if known.path != file.path)
        self._files = (file, *others)
        runs = tuple(entry for entry in self.entries or () if entry.run)
        self._set((*runs, *self._files), file.path)

    def choose(self, path: Path) -> None:
        """Use the model at *path*, one of `entries`."""
        self._set(self.entries or (), path)

    def _set(self, entries: tuple[ModelEntry, ...], wanted: Path | None) -> None:
        by_path = {entry.path: entry for entry in entries}
        before = self.chosen.path if self.chosen else None
        path = wanted if wanted in by_path else before
        self.entries = entries
        self.chosen = by_path.get(path) if path else None
        if self.chosen is None and entries:
            self.chosen = entries[0]
        self.updated.emit()
        if (self.chosen.path if self.chosen else None) != before:
            self.changed.emit()


class ModelBox(ElidedBox):
    """The list of models, of which one is chosen."""

    def __init__(self, models: Models, parent: QWidget | None = None) -> None:
        """Show *models* and what becomes of them."""
        super().__init__(parent)
        self._models = models
        self._paths: list[Path] = []
        self.setAccessibleName(self.tr("Model"))
        self.activated.connect(self._on_activated)
        models.updated.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        entries, chosen = self._models.entries or (), self._models.chosen
        paths = [entry.path for entry in entries]
        with QSignalBlocker(self):
            if paths != self._paths:
                self.clear()
                self.addItems([""] * len(paths))
            for row, entry in enumerate(entries):  # in place: the list may be unfolded
                self.setItemText(row, self._name(entry))
                self.setItemData(row, str(entry.path), Qt.ItemDataRole.ToolTipRole)
            self.setCurrentIndex(paths.index(chosen.path) if chosen else -1)
        self._paths = paths
        self.setToolTip(self.currentText())

    def _name(self, entry: ModelEntry) -> str:
        words = self.tr("{0} (training now)") if entry.is_training else "{0}"
        return words.format(entry.name)

    @Slot(int)
    def _on_activated(self, row: int) -> None:
        self._models.choose(self._paths[row])
