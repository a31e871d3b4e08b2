"""The dialog that writes a model for another program."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from engines.interop.destinations import DESTINATIONS
from studio.exchange import Exported, Target
from studio.widgets import buttons
from studio.widgets.labels import body, caption, heading
from studio.widgets.message_bar import MessageBar

_ENDINGS: Mapping[str, str] = MappingProxyType(dict.fromkeys(DESTINATIONS, ".onnx"))


class ExportDialog(QDialog):
    """Where is it to be used? Then a file, then what was found when it was read back.

    Signals:
        wanted: The user chose where to. (target, Path)
    """

    wanted = Signal(str, object)

    def __init__(self, name: str, parent: QWidget) -> None:
        """Offer every destination for the model called *name*."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Use elsewhere"))
        self.setModal(True)
        self._name = name
        self._targets: dict[Target, QRadioButton] = {}
        self._group = QButtonGroup(self)
        self.message = MessageBar()
        self.close_button = buttons.secondary(self.tr("Close"))
        self.export_button = buttons.primary(self.tr("Write file"), "export")
        self.export_button.setDefault(True)
        self._column = QVBoxLayout(self)
        self._lay_out(name)
        self.close_button.clicked.connect(self.reject)
        self.export_button.clicked.connect(self._on_export)

    def target(self) -> Target:
        """The destination that is chosen."""
        return next(name for name, b in self._targets.items() if b.isChecked())

    def choose(self, target: Target) -> None:
        """Choose a destination."""
        self._targets[target].setChecked(True)

    @Slot(object)
    def show_exported(self, done: Exported) -> None:
        """Say what was written, and how near it is to the model."""
        self._set_busy(False)
        names = self.tr(" and ").join(file.name for file in done.files)
        words = self.tr("{0} written, {1} MB.")
        words = words.format(names, f"{done.size_bytes / 1e6:.1f}")
        if done.largest_difference is not None:
            checked = self.tr(
                "Read back and compared on {0} pictures: the largest difference is "
                "{1} of 255 steps. Operators of ONNX version {2}."
            )
            difference = f"{done.largest_difference:.2g}"
            words += " " + checked.format(done.compared, difference, done.opset)
        self._say("ok", words)

    @Slot(str)
    def show_failed(self, words: str) -> None:
        """Say why nothing was written."""
        self._set_busy(False)
        self._say("err", words)

    def _lay_out(self, name: str) -> None:
        column = self._column
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(4)
        title = heading(self.tr("Use “{0}” elsewhere").format(name))
        title.setWordWrap(True)
        column.addWidget(title)
        column.addWidget(body(self.tr("Where is it to be used?")))
        column.addSpacing(8)
        for aim in DESTINATIONS.values():
            self._offer(column, aim.name, aim.label, aim.words)
        self._offer(
            column,
            "published",
            self.tr("The published CycleGAN and pix2pix scripts"),
            self.tr("Weights as PyTorch saves them, under the names of those scripts."),
        )
        self.choose("general")
        column.addSpacing(8)
        column.addWidget(self.message)
        column.addSpacing(12)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch()
        row.addWidget(self.close_button)
        row.addWidget(self.export_button)
        column.addLayout(row)
        self.setMinimumWidth(480)
        self.message.clear()

    def _offer(self, column: QVBoxLayout, name: Target, label: str, words: str) -> None:
        button = QRadioButton(label)
        button.setAccessibleDescription(words)
        self._targets[name] = button
        self._group.addButton(button)
        explained = caption(words)
        explained.setWordWrap(True)
        explained.setContentsMargins(24, 0, 0, 8)
        column.addWidget(button)
        column.addWidget(explained)

    @Slot()
    def _on_export(self) -> None:
        target = self.target()
        path = self._ask_where(target)
        if path is not None:
            self._set_busy(True)
            words = self.tr("Writing and reading back… this takes some seconds.")
            self._say("info", words)
            self.wanted.emit(target, path)

    def _ask_where(self, target: Target) -> Path | None:
        title = self.tr("Where to?")
        ending = _ENDINGS.get(target)
        if ending is None:
            chosen = QFileDialog.getExistingDirectory(self, title)
        else:
            kinds = self.tr("ONNX ({0})").format(f"*{ending}")
            chosen, _ = QFileDialog.getSaveFileName(
                self, title, f"{self._name}{ending}", kinds
            )
        if not chosen:
            return None
        is_named = ending is None or chosen.endswith(ending)
        return Path(chosen if is_named else f"{chosen}{ending}")

    def _say(self, level: str, words: str) -> None:
        """Show a message, and make room for all of it."""
        self.message.show_message(level, words)
        self.message.updateGeometry()  # not first when the event loop is idle
        needed = self._column.totalHeightForWidth(self.width())
        self.resize(self.width(), max(self.height(), needed))

    def _set_busy(self, is_busy: bool) -> None:
        self.export_button.setEnabled(not is_busy)
        self.close_button.setText(self.tr("Hide") if is_busy else self.tr("Close"))
