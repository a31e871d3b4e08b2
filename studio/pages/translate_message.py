"""What the Translate page has to say, one sentence at a time."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from studio.widgets.message_bar import MessageBar

_TOLD = 3  # problems that are told at once


class TranslateMessage(MessageBar):
    """The message bar below the header, and the words that belong on it.

    Signals:
        remove_clicked: Pictures that cannot be used are to go.
        retry_clicked: The model is to be tried once more.
    """

    remove_clicked = Signal()
    retry_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Say nothing."""
        super().__init__(parent=parent)
        self._tells_refused = False
        self.action_clicked.connect(self._on_action)

    def show_message(
        self, level: str, sentence: str, *, action: str = "", closable: bool = False
    ) -> None:
        """Say something; see `MessageBar`."""
        self._tells_refused = False
        super().show_message(level, sentence, action=action, closable=closable)

    def tell_refused(self, words: str, others: int) -> None:
        """Say that a picture cannot be used, and how many others cannot."""
        if others > 0:
            more = self.tr("{0} Not used either: {1} more, marked below.")
            words = more.format(words, f"{others:,}")
        self.show_message("warn", words, action=self.tr("Remove"))
        self._tells_refused = True

    def forget_refused(self) -> None:
        """Say nothing of pictures any more: those are gone."""
        if self._tells_refused:
            self.clear()

    @Slot(str)
    def tell_failed(self, words: str) -> None:
        """Say that a model cannot be used."""
        self.show_message("err", words, action=self.tr("Try again"))

    @Slot(str)
    def tell_refused_weights(self, words: str) -> None:
        """Say that a file of weights cannot be used."""
        self.show_message("err", words, closable=True)

    @Slot(object)
    def tell_not_saved(self, problems: Sequence[str]) -> None:
        """Say that results are not on disk."""
        self.show_message("err", " ".join(problems[:_TOLD]), closable=True)

    def tell_not_found(self, problems: Sequence[str]) -> None:
        """Say that there are no pictures where they were looked for."""
        self.show_message("warn", " ".join(problems[:_TOLD]), closable=True)

    def tell_unsaved_run(self, name: str) -> None:
        """Say that a run cannot be used yet."""
        words = self.tr("{0} has not saved anything yet to translate with.")
        self.show_message("warn", words.format(name), closable=True)

    def tell_gone(self, name: str, now: str) -> None:
        """Say that a model is gone, and which one (none: "") is used instead."""
        words = self.tr("{0} is not there any more.").format(name)
        if now:
            words += " " + self.tr("{0} translates now.").format(now)
        self.show_message("warn", words, closable=True)

    @Slot()
    def tell_nothing_to_paste(self) -> None:
        """Say that the clipboard holds nothing of use."""
        words = self.tr(
            "There is no picture to paste. Copy one, or files of pictures, first."
        )
        self.show_message("info", words, closable=True)

    @Slot()
    def tell_only_a_link(self) -> None:
        """Say that a browser gave an address and no picture."""
        words = self.tr(
            "That is the address of a picture, not the picture. Copy the picture there "
            "and paste it here, or save it and drop the file."
        )
        self.show_message("info", words, closable=True)

    def tell_drawing_kept(self) -> None:
        """Say where a drawing is now."""
        words = self.tr("The drawing is among your pictures now.")
        self.show_message("ok", words, closable=True)

    @Slot()
    def _on_action(self) -> None:
        signal = self.remove_clicked if self._tells_refused else self.retry_clicked
        signal.emit()
