"""The pictures one has brought, one of them on the stage, translated one by one."""

import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio.inputs import Found
from studio.pages.translate_asking import Asking
from studio.pages.translate_compare import Comparison, is_like
from studio.pages.translate_films import Film, Films
from studio.pages.translate_models import Models
from studio.pages.translate_panel import TranslatePanel
from studio.pages.translate_prints import Prints
from studio.pages.translate_stage import TranslateStage
from studio.session import Session
from studio.translating import Shown, Translation, TranslationRequest
from studio.widgets.picture import to_image

_PANEL, _PANEL_NARROW = 264, 232
_NARROW = 1100  # pixels of page width
LIVE_MS = 1_000
LIVE_SHARE = 20
"""A model in training redoes the picture on the stage so rarely that it costs at most
one part in so many of the time."""

_STEPS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Down: 1,
}


class PicturesTab(QWidget):
    """Any number of pictures, and the panel of the model that translates them.

    One picture is translated at a time: the one on the stage first, then what it is
    compared with, then those that have had no result. Newer weights of the model redo
    the one on the stage, and the others once they are looked at or saved.

    Signals:
        changed: Pictures came, went, were translated or were refused.
        refused: A picture cannot be used. (sentence)
        failed: The model in use cannot be used, or one to compare with. (sentence)
    """

    changed = Signal()
    refused = Signal(str)
    failed = Signal(str)

    def __init__(
        self, session: Session, models: Models, parent: QWidget | None = None
    ) -> None:
        """Translate with the chosen one of *models*."""
        super().__init__(parent)
        self._session, self._models = session, models
        self.films = Films()
        self.view = TranslateStage()
        self.panel = TranslatePanel(models)
        self._asking = Asking(session.library, self)
        self._prints = Prints(session.library, self)
        self._problem = ""  # of the model in use
        # What the picture on the stage is compared with: the request, its answer.
        self._compare: TranslationRequest | None = None
        self._compared: Translation | None = None
        self._shown: tuple[object, ...] = ()
        self._live = QTimer(self)
        self._live.setInterval(LIVE_MS)
        self._live_last = 0.0

        row = QHBoxLayout(self)
        row.setContentsMargins(24, 0, 24, 16)
        row.setSpacing(24)
        row.addWidget(self.view, 1)
        row.addWidget(self.panel)
        self._connect()

    def _connect(self) -> None:
        asking, strip = self._asking, self.view.strip
        strip.chosen.connect(self._on_chosen)
        strip.remove_requested.connect(self.remove)
        self.panel.changed.connect(self.start_over)
        self.panel.looked_at_differently.connect(self.update_all)
        self._models.changed.connect(self.start_over)
        self._models.updated.connect(self._on_models_updated)
        asking.translated.connect(self._on_translated)
        asking.refused.connect(self._on_picture_refused)
        asking.failed.connect(self._on_model_failed)
        asking.progressed.connect(self._show_busy)
        self._prints.made.connect(self.update_all)
        self._live.timeout.connect(self._on_live)
        self._live.start()
        shortcut = QShortcut(QKeySequence.StandardKey.Copy, self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.copy)

    # ------------------------------------------------------------------------
    # Pictures come and go.

    def add(self, found: Sequence[Found]) -> None:
        """Append pictures and look at the first of them."""
        if not found:
            return
        first = len(self.films)
        for one in found:
            self.view.strip.add(self.films.add(one).name)
        self.view.strip.set_chosen(first)
        self.update_all()
        self.view.strip.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(int)
    def remove(self, index: int) -> None:
        """Take a picture out."""
        if self._asking.request is self.films[index].request:
            self._asking.give_up()
        self.films.remove(index)
        with QSignalBlocker(self.view.strip):
            self.view.strip.remove(index)
        if self.films:
            self.view.strip.set_chosen(min(index, len(self.films) - 1))
        self.update_all()

    @Slot()
    def remove_refused(self) -> None:
        """Take out what cannot be used."""
        for index in reversed(range(len(self.films))):
            if self.films[index].refused:
                self.remove(index)

    @Slot()
    def copy(self) -> None:
        """Put the result on the stage into the clipboard."""
        film = self.chosen()
        if film and film.translation:
            QGuiApplication.clipboard().setImage(to_image(film.translation.after))

    def chosen(self) -> Film | None:
        """The picture on the stage."""
        index = self.view.strip.chosen_index()
        return self.films[index] if index >= 0 else None

    @Slot(int)
    def _on_chosen(self, _index: int) -> None:
        film = self.chosen()
        if film and not film.refused and not self._is_current(film):
            # What is under way may take minutes, and is asked for again later.
            left = self._asking.give_up(unless=film.request)
            self._compare = None if left is self._compare else self._compare
        self.update_all()

    # ------------------------------------------------------------------------
    # Translating.

    @Slot()
    def start_over(self) -> None:
        """Translate everything again; what is on the stage stays until then."""
        self._asking.give_up()
        self._problem = ""
        self.films.forget()
        self._compare = self._compared = None
        for index in range(len(self.films)):
            self.view.strip.set_state(index, "waiting")
        self.update_all()

    @Slot()
    def _on_models_updated(self) -> None:
        newest = self._models.chosen.newest_step if self._models.chosen else None
        step = max(newest or 0, self._live_step() or 0)
        if step != self.films.newest_step:  # these may be whole
            self._problem = ""
        self.films.newest_step = step
        self.update_all()

    @Slot()
    def _on_live(self) -> None:
        """Redo the picture on the stage where its model has learnt on."""
        step, film = self._live_step(), self.chosen()
        if step is None or film is None or not self.isVisible():
            return
        took = film.translation.seconds if film.translation else 0.0
        if time.monotonic() - self._live_last >= LIVE_SHARE * took:
            self._live_last = time.monotonic()
            self.films.newest_step = step
            self.update_all()

    def _live_step(self) -> int | None:
        """The step at which the chosen model is now, where it is in training here."""
        entry = self._models.chosen
        return self._session.live_step(entry.path) if entry else None

    def request(self, film: Film) -> TranslationRequest:
        """Ask for *film* as the panel says."""
        assert self._models.chosen is not None
        is_chosen = film is self.chosen()
        return TranslationRequest(
            model=self._models.chosen.path,
            source=film.source,
            answer=film.answer,
            name=film.name,
            options=self.panel.use.options(),
            step=self.panel.use.step(),
            wants_back=is_chosen and self.panel.wants_back(),
            wants_belief=is_chosen and self.panel.wants_belief(),
        )

    def to_save(self, film: Film) -> Translation | TranslationRequest:
        """The result of *film*, or the request for one that is not up to date."""
        found = film.translation
        if found is not None and (
            self.films.is_current(film) or self.panel.use.step() is not None
        ):
            return found
        return self.request(film)

    def _ask_next(self) -> None:
        is_busy = self._asking.request is not None
        if self._models.chosen is None or is_busy or self._problem:
            return
        chosen = self.chosen()
        if chosen and not chosen.refused and not self._is_current(chosen):
            self._ask(chosen)
        elif chosen and (compare := self._wanted_comparison(chosen)):
            self._compare = compare
            self._asking.ask(compare)
        elif waiting := self.films.next_waiting():
            self._ask(waiting)

    def _ask(self, film: Film) -> None:
        film.request = self.request(film)
        film.asked_step = self.films.newest_step
        self._asking.ask(film.request)

    def _is_current(self, film: Film) -> bool:
        """Whether no newer weights, and nothing else of the result, is wanted."""
        found = film.translation
        return (
            found is not None
            and (self.films.is_current(film) or self.panel.use.step() is not None)
            and found.request.wants_back >= self.panel.wants_back()
            and found.request.wants_belief >= self.panel.wants_belief()
        )

    def _wanted_comparison(self, film: Film) -> TranslationRequest | None:
        """What is still to be asked, to compare the result of *film*."""
        found, comparison = film.translation, self._comparison(film)
        if found is None or comparison is None or comparison.kind == "answer":
            return None
        wanted = comparison.request(found.request)
        return None if is_like(self._compare, wanted) else wanted

    def _comparison(self, film: Film) -> Comparison | None:
        return self.panel.compare.comparison(has_answer=film.answer is not None)

    @Slot(object)
    def _on_translated(self, found: Translation) -> None:
        if found.request is self._compare:
            self._compared = found
        index = self.films.index_of(found.request)
        if index is not None:
            self.films.keep(self.films[index], found)
            self.view.strip.set_thumbnail(index, to_image(found.thumbnail))
            self.view.strip.set_state(index, "done")
        self.update_all()

    @Slot(object, str)
    def _on_picture_refused(self, request: TranslationRequest, words: str) -> None:
        index = self.films.index_of(request)
        if index is not None:
            self.films[index].refused = words
            self.view.strip.set_state(index, "refused", words)
            self.refused.emit(words)
        self.update_all()

    @Slot(object, str)
    def _on_model_failed(self, request: TranslationRequest, words: str) -> None:
        if request is not self._compare:  # without that one, the rest goes on
            self._problem = words
        self.failed.emit(words)
        self.update_all()

    # ------------------------------------------------------------------------
    # Showing.

    @Slot()
    def update_all(self) -> None:
        """Show where everything stands, and go on translating."""
        self._ask_next()
        self._show_chosen()
        self.view.show_counts(self.films.done, len(self.films.refused))
        self.changed.emit()

    def _show_chosen(self) -> None:
        film, stage = self.chosen(), self.view.stage
        if film is not None:
            self.films.use(film)
        refused = film.refused if film else ""
        found = film.translation if film else None
        if film is not None and found is not None:
            self._show_result(film, found)
        elif film is None or refused or self._problem:
            self._shown = ()
            stage.set_pictures(None, None)
            stage.set_third(None)
            of_picture = self.tr("This picture cannot be used")
            headline = of_picture if refused else self.tr("This model cannot be used")
            stage.set_empty_text(headline, refused or self._problem)
        elif not self._shown:
            stage.set_empty_text(film.name, "")
        self._show_busy()
        self.panel.show_translation(found)
        self.view.save_button.setEnabled(film is not None and not refused)

    @Slot()
    def _show_busy(self) -> None:
        """Say on the stage that a picture which belongs there is awaited."""
        film, asked = self.chosen(), self._asking.request
        if film is None or film.refused or asked is None:
            self.view.stage.set_busy(False)
            return
        is_asked = asked in (film.request, self._compare)
        share = self._asking.share if is_asked else 0.0
        self.view.stage.set_busy(is_asked or not self._is_current(film), share)

    def _show_result(self, film: Film, found: Translation) -> None:
        comparison = self._comparison(film)
        left, words = found.before, (self.tr("Before"), self.tr("After"))
        is_answer = comparison is not None and comparison.kind == "answer"
        self.panel.compare.say_there_is_no_answer(film.answer is None)
        if comparison is not None and is_answer and found.answer is not None:
            left, words = found.answer, (comparison.name, self.tr("Result"))
        elif comparison is not None and self._compared and not is_answer:
            of_this = comparison.request(found.request)
            if is_like(self._compared.request, of_this):
                left, words = self._compared.after, (comparison.name, self._name(found))
        belief = found.belief if self.panel.wants_belief() else None
        key = (id(found), id(left), words, id(belief), self.panel.wants_back())
        if key != self._shown:
            self._show_pictures(found, left, words, belief, key)

    def _show_pictures(
        self,
        found: Translation,
        left: Shown,
        words: tuple[str, str],
        belief: NDArray[np.float32] | None,
        key: tuple[object, ...],
    ) -> None:
        back = found.back if self.panel.wants_back() else None
        backs = () if back is None else (back,)
        prints = self._prints.get((found.before, left, found.after, *backs))
        if prints is None:
            return  # until they are made, what is there stays
        self._shown = key
        self.view.show_prints(prints, words, belief)
        self.panel.back.show_picture(prints[3] if backs else None)

    def _name(self, found: Translation) -> str:
        """What the result is called beside another."""
        if found.step is None or self._models.chosen is None:
            return self.tr("Result")
        if self._compare is not None and self._compare.model != found.request.model:
            return self._models.chosen.name
        return self.tr("Step {0}").format(f"{found.step:,}")

    # Qt overrides.

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step through the pictures and remove them, wherever the focus is."""
        chosen = self.view.strip.chosen_index()
        step = _STEPS.get(Qt.Key(event.key()), 0)
        if chosen >= 0 and step and 0 <= chosen + step < len(self.films):
            self.view.strip.set_chosen(chosen + step)
            self._on_chosen(chosen + step)
        elif chosen >= 0 and event.matches(QKeySequence.StandardKey.Delete):
            self.remove(chosen)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the panel less room in a narrow window."""
        super().resizeEvent(event)
        is_narrow = self.width() < _NARROW
        self.panel.setFixedWidth(_PANEL_NARROW if is_narrow else _PANEL)
