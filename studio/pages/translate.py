"""The Translate page: pictures in, translated pictures out, before beside after."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from engines.catalogue import recommended
from engines.data.picture_files import Picture
from engines.runs.listing import RunSummary
from engines.samples.catalogue import sample_for
from engines.training.reports import Report, Saved
from studio.inputs import Found
from studio.pages.draw import DrawTab
from studio.pages.incoming import Incoming
from studio.pages.translate_empty import TranslateEmpty
from studio.pages.translate_exchange import WEIGHTS, ModelExchange
from studio.pages.translate_films import Film
from studio.pages.translate_folder import FolderTab
from studio.pages.translate_message import TranslateMessage
from studio.pages.translate_models import ModelBox, Models
from studio.pages.translate_pictures import PicturesTab
from studio.pages.translate_saving import Saving
from studio.pages.translate_sources import SourceMenu
from studio.session import JobState, Session
from studio.translating import Translation
from studio.widgets import buttons
from studio.widgets.drop_zone import DropZone
from studio.widgets.page_header import PageHeader
from studio.widgets.segmented import Segmented

_RECENT = 8  # files and folders that the menu lists
_MODEL_WIDTH = 200  # pixels of the list of models in the header


class TranslatePage(QWidget):
    """Three ways to use a model: on pictures, on a drawing, on a whole folder.

    Signals:
        navigate: The user goes to another page. (its name)
    """

    navigate = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        """Show what *session* has to translate with; runs appear once listed."""
        super().__init__(parent)
        self._session = session
        self.models = Models(self)
        self.header = PageHeader(self.tr("Translate"))
        self.tabs = Segmented(
            [
                ("pictures", self.tr("Pictures"), "image"),
                ("draw", self.tr("Draw"), "pencil-simple"),
                ("folder", self.tr("Folder"), "folders"),
            ],
            name=self.tr("What is translated"),
        )
        self.model_box = ModelBox(self.models)
        self.open_button = buttons.secondary(self.tr("Open"), "folder-open")
        self._sources = SourceMenu(session, self.open_button)
        self.paste_button = buttons.secondary(self.tr("Paste"), "clipboard")
        self.save_all_button = buttons.primary(self.tr("Save all"), "download-simple")
        self.copy_button = buttons.secondary(self.tr("Copy"), "copy")
        self.save_button = buttons.primary(self.tr("Save picture"), "download-simple")
        self.message = TranslateMessage()
        self.empty = TranslateEmpty()
        self.pictures = PicturesTab(session, self.models)
        self.draw = DrawTab(session)
        self.folder = FolderTab(session)
        self._stack = QStackedWidget()
        self._lay_out()
        self.incoming = Incoming(self)
        self.saving = Saving(session, self.save_all_button, self)
        self.exchange = ModelExchange(session, self.models, self.pictures, self)

        self._connect()
        self._update()

    # What others may ask for.

    @Slot(list)
    def add_files(self, paths: Sequence[Path]) -> None:
        """Add files, and the pictures in folders."""
        self._session.library.find_pictures(tuple(paths))
        known = self._session.settings.value.recent_pictures
        recent = dict.fromkeys((*paths[:_RECENT], *known))
        self._session.remember(recent_pictures=tuple(recent)[:_RECENT])

    @Slot(object)
    def use_run(self, path: Path) -> None:
        """Translate with the newest weights of the run in the folder *path*."""
        self.models.wanted = path
        self._session.library.list_runs()

    @Slot()
    def open_pictures(self) -> None:
        """Let the user choose pictures, and add them."""
        self.incoming.choose()

    @Slot()
    def save_all(self) -> None:
        """Let the user choose a folder, and save every result there."""
        self._save([film for film in self.pictures.films if not film.refused])

    @Slot()
    def save_chosen(self) -> None:
        """Let the user choose a folder, and save the picture on the stage there."""
        film = self.pictures.chosen()
        self._save([film] if film and not film.refused else [])

    @Slot()
    def save_drawing(self) -> None:
        """Let the user choose a folder, and save what became of the drawing there."""
        found = self.draw.translation()
        if found is not None:
            self.saving.save([found], "same")

    @Slot()
    def _on_save_key(self) -> None:
        if self.tabs.value() == "draw":
            self.save_drawing()
        elif self.tabs.value() == "pictures":
            self.save_chosen()

    # Layout and connections.

    def _lay_out(self) -> None:
        self.header.add_tabs(self.tabs, self.model_box)
        self._buttons = {
            "pictures": (self.open_button, self.paste_button, self.save_all_button),
            "draw": (self.copy_button, self.save_button),
            "folder": (self.folder.start_button,),
        }
        for button in (one for some in self._buttons.values() for one in some):
            self.header.add_button(button)
        self.open_button.setMenu(self._sources)
        for part in (self.empty, self.pictures, self.draw, self.folder):
            self._stack.addWidget(part)
        notes = QHBoxLayout()
        notes.setContentsMargins(24, 0, 24, 0)
        notes.addWidget(self.message)

        below = QVBoxLayout()
        below.setSpacing(12)  # only where there is a message
        below.addLayout(notes)
        below.addWidget(self._stack, 1)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(self.header)
        page.addLayout(below, 1)
        self.model_box.setMinimumWidth(_MODEL_WIDTH)
        # The page itself takes what is dropped, wherever that is.
        taking: list[QWidget] = [*self.findChildren(DropZone)]
        for widget in (*taking, *self.findChildren(QLineEdit)):
            widget.setAcceptDrops(False)

    def _connect(self) -> None:
        session, pictures = self._session, self.pictures
        self.tabs.changed.connect(self._update)
        self._sources.files_clicked.connect(self.open_pictures)
        self._sources.folder_clicked.connect(self._on_folder_wanted)
        self._sources.held_out_clicked.connect(self._on_held_out)
        self._sources.recent_clicked.connect(self.add_files)
        self.paste_button.clicked.connect(self.incoming.paste)
        self.copy_button.clicked.connect(self.draw.copy_picture)
        self.save_button.clicked.connect(self.save_drawing)
        self.draw.kept.connect(self._on_drawing_kept)
        self.draw.result_changed.connect(self._update)
        self.save_all_button.clicked.connect(self.save_all)
        pictures.view.save_clicked.connect(self.save_chosen)
        pictures.view.strip.add_requested.connect(self._on_more_wanted)
        pictures.changed.connect(self._on_pictures_changed)
        pictures.refused.connect(self._on_refused)
        pictures.failed.connect(self.message.tell_failed)
        pictures.failed.connect(session.library.list_runs)  # it may be gone
        self.message.remove_clicked.connect(pictures.remove_refused)
        self.message.retry_clicked.connect(self._on_try_again)
        self.incoming.files.connect(self._on_files)
        self.incoming.picture.connect(self._on_picture)
        self.incoming.nothing_to_paste.connect(self.message.tell_nothing_to_paste)
        self.incoming.only_a_link.connect(self.message.tell_only_a_link)
        self.saving.problems_found.connect(self.message.tell_not_saved)
        self.exchange.refused.connect(self.message.tell_refused_weights)
        self.empty.try_clicked.connect(self._on_try)
        self.empty.watch_clicked.connect(lambda: self.navigate.emit("train"))
        self.empty.open_clicked.connect(self.open_pictures)
        self.empty.held_out_clicked.connect(self._on_held_out)
        self.empty.weights_clicked.connect(self.exchange.choose_weights)
        self.models.changed.connect(self.message.clear)
        self.models.updated.connect(self._on_models_updated)
        pictures.panel.changed.connect(self._on_used_otherwise)
        session.library.pictures_found.connect(self._on_pictures_found)
        session.library.runs_listed.connect(self._on_runs_listed)
        session.reported.connect(self._on_reported)
        session.state_changed.connect(self._update)
        shortcut = QShortcut(QKeySequence.StandardKey.Save, self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self._on_save_key)

    # Pictures come.

    @Slot(list)
    def _on_files(self, paths: Sequence[Path]) -> None:
        """What is dropped goes to the tab that is in front."""
        weights = [path for path in paths if path.suffix.lower() in WEIGHTS]
        for path in weights:
            self.exchange.open_weights(path)
        paths = [path for path in paths if path not in weights]
        if not paths:
            return
        if self.tabs.value() == "folder":
            self.folder.use_inputs(paths)
        elif self.tabs.value() == "draw" and len(paths) == 1:
            self.draw.start_from(paths[0])
        else:
            self._show_tab("pictures")
            self.add_files(paths)

    @Slot(object, object)
    def _on_pictures_found(
        self, found: Sequence[Found], problems: Sequence[str]
    ) -> None:
        if problems:
            self.message.tell_not_found(problems)
        self.pictures.add(found)

    @Slot(object, str)
    def _on_picture(self, picture: Picture, name: str) -> None:
        if self.tabs.value() == "draw":
            self.draw.start_from(picture)
        else:
            self._show_tab("pictures")
            self.pictures.add([Found(picture, name)])

    @Slot(object)
    def _on_drawing_kept(self, found: Translation) -> None:
        self.pictures.add([Found(found.request.source, self.tr("Drawing.png"))])
        self.message.tell_drawing_kept()

    @Slot()
    def _on_more_wanted(self) -> None:
        below = self.open_button.rect().bottomLeft()
        self._sources.popup(self.open_button.mapToGlobal(below))

    @Slot()
    def _on_folder_wanted(self) -> None:
        if folder := self.incoming.choose_folder():
            self.add_files([folder])

    # Models.

    @Slot(object)
    def _on_runs_listed(self, runs: Sequence[RunSummary]) -> None:
        wanted, before = self.models.wanted, self.models.chosen
        self.models.take(runs)
        chosen = self.models.chosen
        now = chosen.path if chosen else None
        if wanted is None and before and now != before.path:
            self.message.tell_gone(before.name, chosen.name if chosen else "")
        if wanted is not None and (chosen is None or wanted != chosen.path):
            self.message.tell_unsaved_run(wanted.name)

    @Slot()
    def _on_models_updated(self) -> None:
        self._tell_tabs()
        self._update()

    @Slot()
    def _on_used_otherwise(self) -> None:
        self.message.clear()
        self._tell_tabs()

    def _tell_tabs(self) -> None:
        use, entry = self.pictures.panel.use, self.models.chosen
        for tab in (self.draw, self.folder):
            tab.use_model(entry, use.options(), use.step())

    @Slot(object)
    def _on_reported(self, report: Report) -> None:
        if isinstance(report, Saved) and self.isVisible():
            self._session.library.list_runs()  # its newest weights can be used now

    # Showing.

    @Slot()
    def _update(self) -> None:
        """Show the tab that is chosen, or what is missing for it."""
        tab, has_model = self.tabs.value(), self.models.chosen is not None
        has_films = len(self.pictures.films) > 0
        is_empty = not has_model or (tab == "pictures" and not has_films)
        front = {"pictures": self.pictures, "draw": self.draw, "folder": self.folder}
        self._stack.setCurrentWidget(self.empty if is_empty else front[tab])
        for name, some in self._buttons.items():
            for button in some:
                button.setVisible(name == tab and not is_empty)
        has_drawing = self.draw.translation() is not None
        self.copy_button.setEnabled(has_drawing)
        self.save_button.setEnabled(has_drawing)
        is_in_panel = tab == "pictures" and not is_empty
        self.model_box.setVisible(has_model and not is_in_panel)
        self.tabs.setVisible(has_model)
        self.incoming.say(self._drop_words())
        self._ask_for_what_is_missing()

    def _drop_words(self) -> str:
        """What becomes of what is dropped now."""
        entry, tab = self.models.chosen, self.tabs.value()
        if entry is None:
            return self.tr("Drop pictures for later, or the weights of a model")
        if tab == "draw":
            return self.tr("Drop to draw on it")
        if tab == "folder":
            return self.tr("Drop to translate all of it")
        return self.tr("Drop to translate with {0}").format(entry.name)

    def _show_tab(self, name: str) -> None:
        self.tabs.set_value(name)
        self._update()

    def _ask_for_what_is_missing(self) -> None:
        entry = self.models.chosen
        if entry is None and self.models.entries is not None:
            is_busy = self._session.state is not JobState.IDLE
            self.empty.ask_for_model(
                is_training=is_busy and self._session.run_entry.translates,
                is_busy=is_busy,
                waiting=len(self.pictures.films),
            )
        else:
            words = entry.direction_words() if entry else ""
            self.empty.ask_for_pictures(words)
            self.empty.held_out_button.setEnabled(bool(entry and entry.run))

    @Slot()
    def _on_pictures_changed(self) -> None:
        if not self.pictures.films.refused:
            self.message.forget_refused()
        self._update()

    @Slot(str)
    def _on_refused(self, words: str) -> None:
        self.message.tell_refused(words, len(self.pictures.films.refused) - 1)

    @Slot()
    def _on_try_again(self) -> None:
        self.message.clear()
        self.pictures.start_over()

    def _save(self, films: Sequence[Film]) -> None:
        if self.models.chosen is not None:
            items = [self.pictures.to_save(film) for film in films]
            self.saving.save(items, self.pictures.panel.file_format())

    # The empty page's offers.

    @Slot()
    def _on_try(self) -> None:
        entry = self._session.entry
        entry = entry if entry.translates else recommended("pairs")
        self._session.try_sample(sample_for(entry.name).name, entry.name)
        self.navigate.emit("train")

    @Slot()
    def _on_held_out(self) -> None:
        entry = self.models.chosen
        if entry and entry.run and entry.run.info:
            self._session.library.find_held_out(entry.run.info)

    # Qt overrides.

    def showEvent(self, event: QShowEvent) -> None:
        """Look for runs: others may have been made meanwhile."""
        super().showEvent(event)
        self._session.library.list_runs()
