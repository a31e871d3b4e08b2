"""The question that is asked when the window is closed while a run is going."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from studio.widgets import buttons
from studio.widgets.labels import body, heading


class ClosingDialog(QDialog):
    """Stop and keep, or keep training. Escape keeps training.

    Signals:
        stop_chosen: The run shall end, be kept, and the window close then.
    """

    stop_chosen = Signal()

    def __init__(self, run_name: str, parent: QWidget) -> None:
        """Ask about the run *run_name*; show it with `open`."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Close the studio"))
        self.setModal(True)
        self._saving = False
        self._headline = heading(
            self.tr("{name} is still training.").format(name=run_name)
        )
        self._headline.setWordWrap(True)
        self._words = body(
            self.tr("What it has learnt is kept, and it can go on from there later.")
        )
        self.keep_button = buttons.secondary(self.tr("Keep training"))
        self.stop_button = buttons.primary(self.tr("Stop and keep, then close"))
        self.stop_button.setDefault(True)

        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch()
        row.addWidget(self.keep_button)
        row.addWidget(self.stop_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        column.addWidget(self._headline)
        column.addWidget(self._words)
        column.addSpacing(12)
        column.addLayout(row)
        self.setMinimumWidth(420)

        self.keep_button.clicked.connect(self.reject)
        self.stop_button.clicked.connect(self._on_stop)

    def words(self) -> str:
        """Headline and sentence."""
        return f"{self._headline.text()} {self._words.text()}"

    def reject(self) -> None:
        """Go on training; too late once the run is being saved."""
        if not self._saving:
            super().reject()

    @Slot()
    def _on_stop(self) -> None:
        self._saving = True
        self._words.setText(self.tr("Saving… The window closes by itself."))
        for button in (self.keep_button, self.stop_button):
            button.setEnabled(False)
        self.stop_chosen.emit()
