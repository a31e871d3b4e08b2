"""Draw: a drawing on the left, and what a model makes of it while one draws."""

from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QSize, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engines.data.images import Rgb, resize
from engines.data.picture_files import Picture
from engines.options import Options
from studio.model_entry import ModelEntry
from studio.pages.draw_live import LiveTranslation
from studio.pages.draw_view import DrawView
from studio.session import Session
from studio.starters import Starters
from studio.translating import AS_IT_COMES, Translation
from studio.widgets.drawing import Drawing
from studio.widgets.picture import PARTS, to_image

_BLANK_SIZE = 256  # without a model
_TELL_EVERY_MS = 500


class DrawTab(QWidget):
    """Everything below the header of Translate while one draws.

    Signals:
        kept: Drawing and result are to be kept as a pair. (Translation)
        result_changed: There is another result, or none any more.
    """

    kept = Signal(object)
    result_changed = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        """Show a blank drawing; what `use_model` is given translates it."""
        super().__init__(parent)
        self._library = session.library
        self._model: ModelEntry | None = None
        self._options = AS_IT_COMES
        self._starters = Starters()
        self._translation: Translation | None = None
        self._is_own = False  # the user has drawn something that must not be lost
        self._told = QElapsedTimer()  # since the speed was

        self.view = DrawView(Drawing(_BLANK_SIZE))
        self._live = LiveTranslation(self._library, self._pixels, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)

        self._connect()
        self.use_model(None)

    # What others may ask for.

    def use_model(
        self,
        model: ModelEntry | None,
        options: Options = AS_IT_COMES,
        step: int | None = None,
    ) -> None:
        """Translate with another model, otherwise, or again with newer weights.

        Args:
            model: What translates, None where there is nothing.
            options: How it is used; its direction decides what can be started from.
            step: The training step of the weights, None for the newest.
        """
        before = self._model and (self._model.path, self._options.direction)
        self._model, self._options = model, options
        if model is None or (model.path, options.direction) != before:
            self._forget_result()
            self._begin(Starters())
            if model and model.run and model.run.info:
                self._library.find_starters(model.run.info, options.direction)
        name = model.name if model else self.tr("Result")
        self.view.model_name.setText(name)
        self._live.use(model.path if model else None, options, step)

    def translation(self) -> Translation | None:
        """The result that is shown, to save it; None before there is one."""
        return self._translation

    @Slot()
    def copy_picture(self) -> None:
        """Put the result on the clipboard, if there is one."""
        image = self.view.result.image()
        if image is not None:
            QGuiApplication.clipboard().setImage(image)

    @Slot(object)
    def start_from(self, source: Path | Picture) -> None:
        """Draw on a picture that was dropped, pasted or chosen.

        Args:
            source: A file, or the picture; it is made as large as the model's inputs.
        """
        run = self._model.run.info if self._model and self._model.run else None
        self._library.read_drawing(source, run, self.view.canvas.drawing.size)

    def _connect(self) -> None:
        self.view.canvas.changed.connect(self._on_drawn)
        self.view.strip.taken.connect(self._on_taken)
        self.view.keep_button.clicked.connect(self._on_keep)
        self._live.translated.connect(self._on_translated)
        self._live.failed.connect(self._on_failed)
        self._library.starters_found.connect(self._on_starters_found)
        self._library.drawing_read.connect(self._on_drawing_read)
        self._library.drawing_refused.connect(self._on_drawing_refused)

    # The model, and what is known of its inputs.

    @Slot(object)
    def _on_starters_found(self, found: Starters) -> None:
        info = self._model.run.info if self._model and self._model.run else None
        if found.run == info and found.direction == self._options.direction:
            self._begin(found)

    def _begin(self, starters: Starters) -> None:
        """Offer what belongs to a model; what the user drew is kept."""
        view = self.view
        drawn, was_own = self._pixels(), self._is_own
        size = self._model.image_size if self._model else _BLANK_SIZE
        colours = starters.colours or ()
        self._starters = starters
        drawing = Drawing(
            size,
            starters.background,
            is_smooth=starters.is_smooth,
            fills_shapes=len(colours) > 2,
        )
        view.offer_colours(colours, drawing.background, self._advice())
        view.strip.set_pictures([(n, to_image(rgb)) for n, rgb in starters.pictures])
        words = self.tr("the model sees {0} × {0}").format(size)
        view.seen_size.setText(words if self._model else "")
        view.show_drawing(drawing)
        if was_own:
            view.canvas.stamp(resize(drawn, size))
        elif starters.pictures:
            self._on_taken(0)
        self._is_own = was_own

    def _advice(self) -> str:
        if self._starters.colours != ():
            return ""
        return self.tr(
            "This model learnt from photographs; drawings will look odd to it."
        )

    # Drawing.

    def _pixels(self) -> Rgb:
        return self.view.canvas.drawing.pixels()

    @Slot()
    def _on_drawn(self) -> None:
        self._is_own = True
        self.view.strip.mark(-1)
        self._live.ask()

    @Slot(int)
    def _on_taken(self, index: int) -> None:
        self.view.canvas.stamp(self._starters.pictures[index][1])
        self.view.strip.mark(index)
        self._is_own = False

    @Slot(object)
    def _on_drawing_read(self, rgb: Rgb) -> None:
        self.view.message.clear()
        if len(rgb) == self.view.canvas.drawing.size:  # else another model came
            self.view.canvas.stamp(rgb)

    @Slot(str)
    def _on_drawing_refused(self, words: str) -> None:
        self.view.message.show_message("warn", words, closable=True)

    # The result.

    @Slot(object)
    def _on_translated(self, found: Translation) -> None:
        self._translation = found
        self.view.result.set_image(to_image(found.after))
        self._tell_speed(found.seconds)
        self.view.keep_button.setEnabled(True)
        self.result_changed.emit()

    def _tell_speed(self, seconds: float) -> None:
        """Say what a picture takes, not more often than can be read."""
        if not self._told.isValid() or self._told.elapsed() > _TELL_EVERY_MS:
            self._told.start()
            words = self.tr("{0} ms").format(f"{1000 * seconds:,.0f}")
            self.view.speed.setText(PARTS.join((self.tr("live"), words)))

    @Slot(str)
    def _on_failed(self, words: str) -> None:
        if self._translation is None:  # where the first one was to be
            self.view.result.set_sentence(words)
        else:
            self.view.message.show_message("warn", words, closable=True)

    def _forget_result(self) -> None:
        self._translation = None
        self.view.result.set_image(None)
        self.view.result.set_sentence(
            self.tr("The first result is on its way.")
            if self._model
            else self.tr("Train a model first: it then paints what you draw here.")
        )
        self.view.speed.clear()
        self._told.invalidate()
        self.view.keep_button.setEnabled(False)
        self.view.message.clear()
        self.result_changed.emit()

    @Slot()
    def _on_keep(self) -> None:
        if self._translation is not None:
            self.kept.emit(self._translation)

    # Qt overrides.

    def showEvent(self, event: QShowEvent) -> None:
        """Follow the drawing while it is seen."""
        super().showEvent(event)
        self._live.switch(is_on=True)
        self.view.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def hideEvent(self, event: QHideEvent) -> None:
        """Leave the model to others while it is not."""
        super().hideEvent(event)
        self._live.switch(is_on=False)

    def minimumSizeHint(self) -> QSize:
        """Return what is left of the smallest window."""
        return QSize(720, 420)
