"""Translate: pictures in, what a model makes of them, and into a folder with it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, cast

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from engines.catalogue import recommended
from engines.runs.listing import RunSummary
from engines.samples.catalogue import sample_for
from engines.training.reports import Report, Saved
from studio.pages.incoming import Incoming
from studio.pages.translate_empty import TranslateEmpty
from studio.pages.translate_films import Film, Films
from studio.pages.translate_models import Models
from studio.pages.translate_panel import TranslatePanel
from studio.pages.translate_saving import Saving
from studio.pages.translate_stage import TranslateStage
from studio.session import JobState, Rgb, Session
from studio.translating import Found, Translation, TranslationRequest
from studio.widgets import buttons
from studio.widgets.message_bar import MessageBar
from studio.widgets.page_header import PageHeader
from studio.widgets.picture import to_image

_PANEL, _PANEL_NARROW = 264, 232
_NARROW = 1100  # pixels of page width

_STEPS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Down: 1,
}


class TranslatePage(QWidget):
    """Any number of pictures, one of them on the stage, and the model in use.

    One picture is translated at a time: the one on the stage first, then those that
    have had no result. A newer checkpoint of the model redoes the one on the stage,
    and the others once they are looked at or saved.

    Signals:
        navigate: The user goes to another page. (its name)
    """

    navigate = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        """Show what *session* has to translate with; runs appear once listed."""
        super().__init__(parent)
        self._session = session
        self._films = Films()
        self._models = Models()
        self._asked: TranslationRequest | None = None
        self._shown: Translation | None = None

        self.header = PageHeader(self.tr("Translate"))
        self.open_button = buttons.secondary(self.tr("Open"), "folder-open")
        self.paste_button = buttons.secondary(self.tr("Paste"), "clipboard")
        self.save_all_button = buttons.primary(self.tr("Save all"), "download-simple")
        self.message = MessageBar()
        self.empty = TranslateEmpty()
        self.view = TranslateStage()
        self.panel = TranslatePanel()
        self._stack = QStackedWidget()
        self._lay_out()
        self.incoming = Incoming(self)
        self.saving = Saving(session, self.save_all_button, self)

        self._connect()
        self._update()

    # What others may ask for.

    @Slot(list)
    def add_files(self, paths: Sequence[Path]) -> None:
        """Add files, and the pictures in folders."""
        self._session.library.find_pictures(tuple(paths))

    @Slot(object)
    def use_run(self, path: Path) -> None:
        """Translate with the newest weights of the run in the folder *path*."""
        self._models.wanted = path
        self._session.library.list_runs()

    @Slot()
    def open_pictures(self) -> None:
        """Let the user choose pictures, and add them."""
        self.incoming.choose()

    @Slot()
    def save_all(self) -> None:
        """Let the user choose a folder, and save every result there."""
        self._save([film for film in self._films if not film.refused])

    @Slot()
    def save_chosen(self) -> None:
        """Let the user choose a folder, and save the picture on the stage there."""
        film = self._chosen()
        self._save([film] if film and not film.refused else [])

    # Layout and connections.

    def _lay_out(self) -> None:
        for button in (self.open_button, self.paste_button, self.save_all_button):
            self.header.add_button(button)
        content = QWidget()
        row = QHBoxLayout(content)
        row.setContentsMargins(24, 0, 24, 16)
        row.setSpacing(24)
        row.addWidget(self.view, 1)
        row.addWidget(self.panel)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(content)
        notes = QHBoxLayout()
        notes.setContentsMargins(24, 0, 24, 12)
        notes.addWidget(self.message)

        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(self.header)
        page.addLayout(notes)
        page.addWidget(self._stack, 1)

    def _connect(self) -> None:
        session, strip = self._session, self.view.strip
        self.open_button.clicked.connect(self.open_pictures)
        self.paste_button.clicked.connect(self.incoming.paste)
        self.save_all_button.clicked.connect(self.save_all)
        self.view.save_clicked.connect(self.save_chosen)
        self.message.action_clicked.connect(self._remove_refused)
        self.incoming.files.connect(self.add_files)
        self.incoming.picture.connect(self._on_picture)
        self.incoming.nothing_to_paste.connect(self._on_nothing_to_paste)
        self.saving.problems_found.connect(self._on_not_saved)
        self.empty.try_clicked.connect(self._on_try)
        self.empty.watch_clicked.connect(lambda: self.navigate.emit("train"))
        self.empty.open_clicked.connect(self.open_pictures)
        self.empty.held_out_clicked.connect(self._on_held_out)
        self.empty.dropped.connect(self.add_files)
        strip.chosen.connect(self._on_chosen)
        strip.add_requested.connect(self.open_pictures)
        strip.remove_requested.connect(self._remove)
        self.panel.run_chosen.connect(self._on_run_chosen)
        self.panel.scale_changed.connect(self._start_over)
        session.library.pictures_found.connect(self._on_pictures_found)
        session.library.translated.connect(self._on_translated)
        session.library.translation_failed.connect(self._on_translation_failed)
        session.library.runs_listed.connect(self._on_runs_listed)
        session.reported.connect(self._on_reported)
        session.state_changed.connect(self._update)
        shortcut = QShortcut(QKeySequence.StandardKey.Save, self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.save_chosen)

    # Pictures come and go.

    @Slot(object, object)
    def _on_pictures_found(
        self, found: Sequence[Found], problems: Sequence[str]
    ) -> None:
        if problems:
            self.message.show_message("warn", " ".join(problems[:3]), closable=True)
        self._add(found)

    @Slot(object, str)
    def _on_picture(self, picture: Rgb, name: str) -> None:
        self._add([(picture, name)])

    @Slot()
    def _on_nothing_to_paste(self) -> None:
        words = self.tr(
            "There is no picture to paste. Copy one, or files of pictures, first."
        )
        self.message.show_message("info", words, closable=True)

    def _add(self, sources: Sequence[Found]) -> None:
        if not sources:
            return
        first = len(self._films)
        for source, name in sources:
            self.view.strip.add(self._films.add(source, name).name)
        self.view.strip.set_chosen(first)
        self._update()
        self.view.strip.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(int)
    def _remove(self, index: int) -> None:
        self._films.remove(index)
        with QSignalBlocker(self.view.strip):
            self.view.strip.remove(index)
        if self._films:
            self.view.strip.set_chosen(min(index, len(self._films) - 1))
        if not self._films.refused:
            self.message.clear()
        self._update()

    @Slot()
    def _remove_refused(self) -> None:
        for index in reversed(range(len(self._films))):
            if self._films[index].refused:
                self._remove(index)

    @Slot(int)
    def _on_chosen(self, _index: int) -> None:
        self._update()

    def _chosen(self) -> Film | None:
        index = self.view.strip.chosen_index()
        return self._films[index] if index >= 0 else None

    # The model.

    @Slot(object)
    def _on_runs_listed(self, runs: Sequence[RunSummary]) -> None:
        wanted = self._models.wanted
        if self._models.take(runs):
            self._start_over()
        if wanted is not None and wanted != self._models.chosen:
            words = self.tr("{0} has not saved anything yet to translate with.")
            self.message.show_message("warn", words.format(wanted.name), closable=True)
        self._films.newest_step = self._models.newest_step
        self.panel.show_runs(self._models.runs or (), self._models.chosen)
        self._update()

    @Slot(object)
    def _on_run_chosen(self, path: Path) -> None:
        self._models.choose(path)
        self._films.newest_step = self._models.newest_step
        self._start_over()

    @Slot(object)
    def _on_reported(self, report: Report) -> None:
        if isinstance(report, Saved) and self.isVisible():
            self._session.library.list_runs()  # its newest weights can be used now

    @Slot()
    def _start_over(self) -> None:
        """Translate everything again; what is on the stage stays until then."""
        self._films.forget()
        self._asked = None
        for index in range(len(self._films)):
            self.view.strip.set_state(index, "waiting")
        self.message.clear()
        self._update()

    # Translating.

    def _ask_next(self) -> None:
        if self._models.chosen is None or self._asked is not None:
            return
        film = self._films.next_wanted(self._chosen())
        if film is not None:
            film.request = self._asked = self._request(film)
            film.asked_step = self._films.newest_step
            self._session.library.translate(film.request)

    def _request(self, film: Film) -> TranslationRequest:
        assert self._models.chosen is not None
        return TranslationRequest(
            run=self._models.chosen,
            source=film.source,
            name=film.name,
            scale=cast("Literal['learnt', 'full']", self.panel.scale.value()),
        )

    @Slot(object)
    def _on_translated(self, found: Translation) -> None:
        index = self._answered(found.request)
        if index is not None:
            self._films.keep(self._films[index], found)
            self.view.strip.set_thumbnail(index, to_image(found.thumbnail))
            self.view.strip.set_state(index, "done")
        self._update()

    @Slot(object, str)
    def _on_translation_failed(self, request: TranslationRequest, words: str) -> None:
        index = self._answered(request)
        if index is not None:
            self._films[index].refused = words
            self.view.strip.set_state(index, "refused", words)
            self._tell_refused(words)
        self._update()

    def _answered(self, request: TranslationRequest) -> int | None:
        """Note that *request* is answered; the index of its picture if still wanted."""
        if request is self._asked:
            self._asked = None
        return self._films.index_of(request)

    def _tell_refused(self, newest: str) -> None:
        others = len(self._films.refused) - 1
        if others:
            words = self.tr("{0} Not used either: {1} more, marked below.")
            newest = words.format(newest, f"{others:,}")
        self.message.show_message("warn", newest, action=self.tr("Remove"))

    # Showing.

    @Slot()
    def _update(self) -> None:
        """Show where everything stands, and go on translating."""
        has_films, has_model = len(self._films) > 0, self._models.chosen is not None
        self._stack.setCurrentIndex(1 if has_films and has_model else 0)
        for button in (self.open_button, self.paste_button, self.save_all_button):
            button.setVisible(has_films and has_model)
        if not has_model and self._models.runs is not None:
            is_busy = self._session.state is not JobState.IDLE
            self.empty.ask_for_model(
                is_training=is_busy and self._session.run_entry.translates,
                is_busy=is_busy,
                waiting=len(self._films),
            )
        else:
            self.empty.ask_for_pictures(self.panel.direction.text())
            self.empty.held_out_button.setEnabled(has_model)
        self._ask_next()
        self._show_chosen()
        self.view.show_counts(self._films.done, len(self._films.refused))

    def _show_chosen(self) -> None:
        film, stage = self._chosen(), self.view.stage
        if film is not None:
            self._films.use(film)
        refused = film.refused if film else ""
        found = film.translation if film else None
        if film is None or refused:
            self._shown = None
            stage.set_pictures(None, None)
            stage.set_empty_text(self.tr("This picture cannot be used"), refused)
        elif found is not None and found is not self._shown:
            self._shown = found
            stage.set_pictures(to_image(found.before), to_image(found.after))
        elif self._shown is None:
            stage.set_empty_text(film.name, "")
        is_current = film is not None and self._films.is_current(film)
        stage.set_busy(film is not None and not refused and not is_current)
        self.panel.show_translation(found)
        self.view.save_button.setEnabled(film is not None and not refused)

    def _save(self, films: Sequence[Film]) -> None:
        if self._models.chosen is not None:
            items = [
                film.translation
                if film.translation and self._films.is_current(film)
                else self._request(film)
                for film in films
            ]
            self.saving.save(items)

    @Slot(object)
    def _on_not_saved(self, problems: Sequence[str]) -> None:
        self.message.show_message("err", " ".join(problems[:3]), closable=True)

    # The empty page's offers.

    @Slot()
    def _on_try(self) -> None:
        entry = self._session.entry
        entry = entry if entry.translates else recommended("pairs")
        self._session.try_sample(sample_for(entry.name).name, entry.name)
        self.navigate.emit("train")

    @Slot()
    def _on_held_out(self) -> None:
        summary = self._models.summary
        if summary and summary.info:
            self._session.library.find_held_out(summary.info)

    # Qt overrides.

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step through the pictures and remove them, wherever the focus is."""
        chosen = self.view.strip.chosen_index()
        step = _STEPS.get(Qt.Key(event.key()), 0)
        if chosen >= 0 and step and 0 <= chosen + step < len(self._films):
            self.view.strip.set_chosen(chosen + step)
            self._update()
        elif chosen >= 0 and event.matches(QKeySequence.StandardKey.Delete):
            self._remove(chosen)
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Look for runs: others may have been made meanwhile."""
        super().showEvent(event)
        self._session.library.list_runs()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the panel less room in a narrow window."""
        super().resizeEvent(event)
        is_narrow = self.width() < _NARROW
        self.panel.setFixedWidth(_PANEL_NARROW if is_narrow else _PANEL)
