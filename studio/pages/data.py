"""Data: what a folder holds, what it can be used for, and what does not fit."""

from pathlib import Path

from PySide6.QtCore import QEvent, QSignalBlocker, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from engines.data.sets import USED_ALL_THE_SAME, PictureSet, Problem
from studio.pages.data_menus import ChangeMenu
from studio.pages.data_opening import Opening
from studio.pages.data_panel import DataPanel
from studio.session import Rgb, Session
from studio.widgets import buttons
from studio.widgets.drop_zone import holds_pictures
from studio.widgets.page_header import PageHeader
from studio.widgets.picture import to_image
from studio.widgets.picture_grid import THUMBNAIL, PictureGrid
from studio.widgets.picture_model import Card
from studio.widgets.segmented import Segmented

_PANEL, _PANEL_NARROW = 312, 264
_NARROW = 1100  # pixels of page width


class DataPage(QWidget):
    """The pictures that are open, or the place to drop some.

    Signals:
        navigate: The user goes to another page. (its name)
    """

    navigate = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        """Show what *session* has open."""
        super().__init__(parent)
        self._session = session
        self._folder: Path | None = None
        self._unusable: dict[Path, str] = {}  # files, and why
        self._counts = (0, 0)  # of all items, and of those held out
        self.header = PageHeader(self.tr("Data"))
        self.change_button = buttons.secondary(
            self.tr("Change pictures"), "folder-open"
        )
        self.change_menu = ChangeMenu(self)
        self.change_button.setMenu(self.change_menu)
        self.use_button = buttons.primary(self.tr("Use for training"), "arrow-right")
        self.opening = Opening()
        self.part = Segmented(
            [
                ("all", self.tr("All")),
                ("training", self.tr("Learn from")),
                ("held out", self.tr("Held out")),
            ],
            name=self.tr("Which pictures to show"),
        )
        self.group = QComboBox()
        self.find_field = QLineEdit()
        self.grid = PictureGrid()
        self.panel = DataPanel(session)
        self._stack = QStackedWidget()

        self._lay_out()
        self._connect()
        self._show_current()

    def open_folder(self, folder: Path) -> None:
        """Look into *folder*."""
        self._session.data.open(folder)

    @Slot()
    def choose_folder(self) -> None:
        """Let the user choose a folder, and look into it."""
        recent = self._session.settings.value.recent_folders
        start = str(recent[0].parent) if recent else ""
        folder = QFileDialog.getExistingDirectory(
            self, self.tr("Choose a folder of pictures"), start
        )
        if folder:
            self.open_folder(Path(folder))

    @Slot()
    def choose_archive(self) -> None:
        """Let the user choose a zip archive, and look into it."""
        recent = self._session.settings.value.recent_folders
        start = str(recent[0].parent) if recent else ""
        archive, _filter = QFileDialog.getOpenFileName(
            self,
            self.tr("Choose a zip archive of pictures"),
            start,
            self.tr("Zip archives (*.zip)"),
        )
        if archive:
            self.open_folder(Path(archive))

    def _lay_out(self) -> None:
        self.header.add_button(self.change_button)
        self.header.add_button(self.use_button)
        self.group.setAccessibleName(self.tr("Which style or class to show"))
        self.group.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.group.setMinimumContentsLength(8)
        self.find_field.setPlaceholderText(self.tr("Find a name"))
        self.find_field.setAccessibleName(self.tr("Find a name"))
        self.find_field.setClearButtonEnabled(True)
        self.find_field.setMinimumWidth(104)
        self.find_field.setMaximumWidth(176)

        bar = QHBoxLayout()
        bar.setContentsMargins(0, 0, 24, 0)  # as far as the cards go
        bar.setSpacing(8)
        bar.addWidget(self.part)
        bar.addWidget(self.group)
        bar.addStretch()
        bar.addWidget(self.find_field, 1)
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addLayout(bar)
        left.addWidget(self.grid, 1)
        content = QWidget()
        row = QHBoxLayout(content)
        row.setContentsMargins(24, 0, 24, 0)
        row.setSpacing(12)
        row.addLayout(left, 1)
        row.addWidget(self.panel)
        self._stack.addWidget(self.opening)
        self._stack.addWidget(content)

        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(self.header)
        page.addWidget(self._stack, 1)

    def _connect(self) -> None:
        session = self._session
        data = session.data
        self.change_menu.folder_wanted.connect(self.choose_folder)
        self.change_menu.archive_wanted.connect(self.choose_archive)
        self.change_menu.samples.chosen.connect(self._on_sample_wanted)
        self.change_menu.known.chosen.connect(data.open_known)
        self.use_button.clicked.connect(self._on_use)
        self.part.changed.connect(self.grid.set_part)
        self.group.currentIndexChanged.connect(self._on_group_chosen)
        self.find_field.textChanged.connect(self.grid.set_filter)
        self.grid.thumbnails_wanted.connect(self._on_thumbnails_wanted)
        self.opening.dropped.connect(self._on_dropped)
        self.opening.folder_wanted.connect(self.choose_folder)
        self.opening.archive_wanted.connect(self.choose_archive)
        self.opening.sample_wanted.connect(self._on_sample_wanted)
        self.opening.known_wanted.connect(data.open_known)
        self.opening.back_wanted.connect(self._show_current)
        self.opening.cancelled.connect(self._on_cancelled)
        data.opening.connect(self._on_opening)
        data.looked_at.connect(self.opening.show_progress)
        data.fetched.connect(self.opening.show_fetched)
        data.opened.connect(self._on_opened)
        data.audited.connect(self._on_audited)
        data.refused.connect(self._on_refused)
        session.library.thumbnail_ready.connect(self._on_thumbnail_ready)

    @Slot()
    def _show_current(self) -> None:
        if self._session.pictures is None:
            self.opening.show_empty()
            self._show_opening()
        else:
            self._on_opened(self._session.pictures)

    def _show_opening(self) -> None:
        self.header.set_words(self.tr("Data"))
        self._show_content(False)

    def _show_content(self, shown: bool) -> None:
        self._stack.setCurrentIndex(1 if shown else 0)
        for button in (self.change_button, self.use_button):
            button.setVisible(shown)

    def _show_groups(self, pictures: PictureSet) -> None:
        """Offer to show one style, or class, alone."""
        groups = () if pictures.kind == "pairs" else pictures.groups
        with QSignalBlocker(self.group):
            self.group.clear()
            self.group.addItem(self._all_words(pictures))
            self.group.addItems(list(groups))
        self.grid.set_group(None)
        self.group.setVisible(len(groups) > 1)

    def _all_words(self, pictures: PictureSet) -> str:
        if pictures.kind == "styles":
            return self.tr("Both styles")
        return self.tr("All classes")

    @Slot(int)
    def _on_group_chosen(self, place: int) -> None:
        self.grid.set_group(place - 1 if place > 0 else None)

    def _show_counts(self) -> None:
        # A narrow window has no room for counts beside the choice of a class.
        is_short = self.width() < _NARROW and not self.group.isHidden()
        in_all, held_out = self._counts
        for value, words, count in (
            ("all", self.tr("All"), in_all),
            ("training", self.tr("Learn from"), in_all - held_out),
            ("held out", self.tr("Held out"), held_out),
        ):
            self.part.set_words(value, words if is_short else f"{words}  {count:,}")
            self.part.button(value).setToolTip(f"{count:,}" if is_short else "")

    @Slot(object)
    def _on_opening(self, folder: Path) -> None:
        self.opening.show_looking(folder)
        self._show_opening()

    @Slot(object)
    def _on_opened(self, pictures: PictureSet) -> None:
        if pictures.folder != self._folder:
            self._folder = pictures.folder
            self._unusable = {}
            self.find_field.clear()
        self.header.set_words(pictures.name, pictures.words)
        self._show_groups(pictures)
        self._counts = len(pictures.items), len(pictures.held_out)
        self._show_counts()
        cards = (Card(i.name, i.name, i.held_out, "", i.group) for i in pictures.items)
        self.grid.set_cards(cards, pictures=2 if pictures.kind == "pairs" else 1)
        self._mark_unusable()
        self.panel.show_pictures(pictures)
        self._fit_panel()
        self._show_content(True)

    @Slot(object)
    def _on_audited(self, problems: tuple[Problem, ...]) -> None:
        """Mark what cannot be used, as only decoding could tell."""
        self._unusable = {
            problem.path: problem.words
            for problem in problems
            if problem.path and problem.kind not in USED_ALL_THE_SAME
        }
        self._mark_unusable()

    def _mark_unusable(self) -> None:
        pictures, unusable = self._session.pictures, self._unusable
        if pictures and unusable:
            marked = {
                item.name: unusable[source.path]
                for item in pictures.items
                for source in item.sources
                if source.path in unusable
            }
            self.grid.mark_left_out(marked)

    @Slot(str)
    def _on_refused(self, sentence: str) -> None:
        pictures = self._session.pictures
        self.opening.show_refused(sentence, pictures.name if pictures else "")
        self._show_opening()

    @Slot()
    def _on_cancelled(self) -> None:
        self._session.data.cancel()
        self._show_current()

    @Slot(list)
    def _on_dropped(self, paths: list[Path]) -> None:
        # A picture stands for the folder it lies in: that is where its pair is.
        first = paths[0]
        self.open_folder(first if holds_pictures(first) else first.parent)

    @Slot(str)
    def _on_sample_wanted(self, name: str) -> None:
        self._session.data.open_sample(name)

    @Slot()
    def _on_use(self) -> None:
        self.navigate.emit("train")

    @Slot(list)
    def _on_thumbnails_wanted(self, names: list[str]) -> None:
        pictures = self._session.pictures
        side = round(THUMBNAIL * self.devicePixelRatioF())
        if pictures:
            self._session.library.request_thumbnails(pictures, names, side)

    @Slot(str, object, object)
    def _on_thumbnail_ready(self, name: str, first: Rgb, second: Rgb | None) -> None:
        if self.isVisible():  # another page asks for other sizes
            images = [to_image(rgb) for rgb in (first, second) if rgb is not None]
            self.grid.set_thumbnail(name, *images)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the panel less room in a narrow window, and the counts none."""
        super().resizeEvent(event)
        self._fit_panel()
        self._show_counts()

    def changeEvent(self, event: QEvent) -> None:
        """Fit again when letters become larger."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            QTimer.singleShot(0, self, self._fit_panel)

    def _fit_panel(self) -> None:
        wanted = _PANEL_NARROW if self.width() < _NARROW else _PANEL
        self.panel.setFixedWidth(max(wanted, self.panel.needed_width()))
