"""The Translate page while there is nothing to translate, or nothing to do it with."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.widgets import buttons
from studio.widgets.drop_zone import DropZone


class TranslateEmpty(QWidget):
    """A drop zone that says what is missing and offers it.

    Signals:
        try_clicked: The user wants a model from a sample set.
        watch_clicked: The user wants to watch the run that is training.
        open_clicked: The user wants to choose pictures.
        held_out_clicked: The user wants the pictures that the model never saw.
        weights_clicked: The user has a model of another program.
    """

    try_clicked = Signal()
    watch_clicked = Signal()
    open_clicked = Signal()
    held_out_clicked = Signal()
    weights_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Ask for pictures."""
        super().__init__(parent)
        self.zone = DropZone("", icon="image")
        self.zone.labels()[1].setWordWrap(True)
        self.try_button = buttons.primary(self.tr("Try it"), "play")
        self.watch_button = buttons.primary(self.tr("Watch it learn"), "chart-line")
        self.open_button = buttons.primary(self.tr("Open pictures"), "folder-open")
        self.held_out_button = buttons.secondary(self.tr("Use held-out pictures"))
        self.held_out_button.setToolTip(
            self.tr("Inputs from the model's own data that it never learnt from")
        )
        self.weights_button = buttons.quiet(self.tr("Open a model"))
        self.weights_button.setToolTip(
            self.tr("Use a generator that another program trained, a .pth file")
        )
        for button, signal in (
            (self.try_button, self.try_clicked),
            (self.watch_button, self.watch_clicked),
            (self.open_button, self.open_clicked),
            (self.held_out_button, self.held_out_clicked),
            (self.weights_button, self.weights_clicked),
        ):
            self.zone.add_button(button)
            button.clicked.connect(signal)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 0, 24, 16)
        column.addWidget(self.zone)
        self.ask_for_pictures("")

    def ask_for_pictures(self, direction: str) -> None:
        """Say that pictures can be dropped.

        Args:
            direction: What the model makes of what ("sketch → photo"), "" if unknown.
        """
        hint = self.tr(
            "Files or whole folders, of any size; or paste one. Nothing leaves this "
            "computer."
        )
        if direction:
            hint = self.tr("The model translates {0}.").format(direction) + "\n" + hint
        self._show(self.tr("Drop pictures here"), hint)
        self._offer(self.open_button, self.held_out_button, self.weights_button)

    def ask_for_model(self, *, is_training: bool, is_busy: bool, waiting: int) -> None:
        """Say that nothing has been learnt yet.

        Args:
            is_training: Whether a run is about to save a first model for this page.
            is_busy: Whether any run is going; no other can be begun then.
            waiting: How many pictures are there already.
        """
        if is_training:
            headline = self.tr("The first model is on its way")
            hint = self.tr("It can be used here once the run has saved a checkpoint.")
        else:
            headline = self.tr("Train a model first")
            hint = self.tr(
                "A model learns from pairs of pictures, or from pictures in two styles."
            )
            hint += "\n" + self._try_words(is_busy)
        if waiting:
            words = self.tr("Pictures that wait for it: {0}.").format(f"{waiting:,}")
            hint = f"{hint}\n{words}"
        self._show(headline, hint)
        self.try_button.setEnabled(not is_busy)
        first = self.watch_button if is_training else self.try_button
        self._offer(first, self.weights_button)

    def _try_words(self, is_busy: bool) -> str:
        if is_busy:
            return self.tr("Possible once the present run has ended.")
        return self.tr("Try it on a sample set: that takes a few minutes.")

    def _show(self, headline: str, hint: str) -> None:
        self.zone.set_words(headline, hint)

    def _offer(self, *offered: QWidget) -> None:
        for button in (
            self.try_button,
            self.watch_button,
            self.open_button,
            self.held_out_button,
            self.weights_button,
        ):
            button.setVisible(button in offered)
