"""Asking for one translation after the other."""

from PySide6.QtCore import QObject, Signal, Slot

from studio.library import Library
from studio.translating import Translation, TranslationRequest


class Asking(QObject):
    """At most one translation is under way, and it can be given up for another one.

    Signals:
        translated: What was asked for. (Translation)
        refused: Its picture cannot be used. (TranslationRequest, sentence)
        failed: Its model cannot be used. (TranslationRequest, sentence)
        progressed: More of it is done, see `share`.

    Attributes:
        request: What is under way, None where nothing is.
        share: How much of it is done, 0 to 1; 0 where it is done in one go.
    """

    translated = Signal(object)
    refused = Signal(object, str)
    failed = Signal(object, str)
    progressed = Signal()

    def __init__(self, library: Library, parent: QObject | None = None) -> None:
        """Ask *library*."""
        super().__init__(parent)
        self._library = library
        self.request: TranslationRequest | None = None
        self.share = 0.0
        library.translated.connect(self._on_translated)
        library.translation_failed.connect(self._on_translation_failed)
        library.model_failed.connect(self._on_model_failed)
        library.translating.connect(self._on_translating)

    def ask(self, request: TranslationRequest) -> None:
        """Begin with *request*; nothing else is under way."""
        self.request, self.share = request, 0.0
        self._library.translate(request)

    def give_up(
        self, unless: TranslationRequest | None = None
    ) -> TranslationRequest | None:
        """Leave what is under way, unless it is this one; nothing follows of it.

        Returns:
            What was given up, None for nothing.
        """
        left = self.request
        if left is None or left is unless:
            return None
        self._library.give_up_translation(left)
        self.request = None
        return left

    @Slot(object)
    def _on_translated(self, found: Translation) -> None:
        if found.request is self.request:
            self.request = None
            self.translated.emit(found)

    @Slot(object, str)
    def _on_translation_failed(self, request: TranslationRequest, words: str) -> None:
        if request is self.request:
            self.request = None
            self.refused.emit(request, words)

    @Slot(object, str)
    def _on_model_failed(self, request: TranslationRequest, words: str) -> None:
        if request is self.request:
            self.request = None
            self.failed.emit(request, words)

    @Slot(object, int, int)
    def _on_translating(
        self, request: TranslationRequest, done: int, total: int
    ) -> None:
        if request is self.request and total > 1:
            self.share = done / total
            self.progressed.emit()
