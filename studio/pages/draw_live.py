"""A drawing translated while it is drawn: the newest one wins."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from engines.data.images import Rgb
from engines.data.picture_files import Picture
from engines.options import Options
from studio.library import Library
from studio.translating import AS_IT_COMES, Translation, TranslationRequest

_NAME = "drawing.png"


class LiveTranslation(QObject):
    """At most one translation is under way; then the drawing as it is by then follows.

    So it is as fast as the model is, and never behind by more than one picture.

    Signals:
        translated: The drawing of a moment ago. (Translation)
        failed: It cannot be translated. (a sentence)
    """

    translated = Signal(object)
    failed = Signal(str)

    def __init__(
        self, library: Library, read: Callable[[], Rgb], parent: QObject | None = None
    ) -> None:
        """Translate with *library* what *read* returns."""
        super().__init__(parent)
        self._library = library
        self._read = read
        self._model: Path | None = None
        self._options: Options = AS_IT_COMES
        self._step: int | None = None
        self._asked: TranslationRequest | None = None
        self._is_newer = False  # the drawing, than what was asked for last
        self.is_on = False
        library.translated.connect(self._on_translated)
        library.translation_failed.connect(self._on_failed)
        library.model_failed.connect(self._on_failed)

    def use(self, model: Path | None, options: Options, step: int | None) -> None:
        """Translate in another way, see `TranslationRequest`, or with newer weights."""
        self._model, self._options, self._step = model, options, step
        if self._asked is not None:  # its answer is not of interest any more
            self._library.give_up_translation(self._asked)
            self._asked = None
        self.ask()

    def switch(self, is_on: bool) -> None:
        """Begin to follow the drawing, or leave it."""
        self.is_on = is_on
        self.ask()

    @Slot()
    def ask(self) -> None:
        """Note that the drawing is another one."""
        self._is_newer = True
        self._go_on()

    def _go_on(self) -> None:
        if self.is_on and self._is_newer and self._asked is None and self._model:
            self._is_newer = False
            self._asked = TranslationRequest(
                model=self._model,
                source=Picture(pixels=self._read()),
                name=_NAME,
                options=self._options,
                step=self._step,
            )
            self._library.translate(self._asked)

    @Slot(object)
    def _on_translated(self, found: Translation) -> None:
        if found.request is self._asked:
            self._asked = None
            self._go_on()  # first, so that the model works while this one is painted
            self.translated.emit(found)

    @Slot(object, str)
    def _on_failed(self, request: TranslationRequest, words: str) -> None:
        if request is self._asked:
            self._asked = None
            self.failed.emit(words)
            self._go_on()
