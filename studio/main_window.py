"""The window: the rail, the pages, the job bar, and what is dropped anywhere."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeySequence,
    QPaintEvent,
    QShortcut,
)
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from engines.training.reports import RunOutcome
from studio.about import AboutDialog
from studio.closing import ClosingDialog
from studio.job_watch import JobWatch
from studio.pages.home import HomePage
from studio.preferences import PreferencesDialog
from studio.session import JobState, Session
from studio.theme import Theme
from studio.widgets.drop_zone import holds_pictures, local_paths
from studio.widgets.job_bar import JobBar
from studio.widgets.message_bar import MessageBar
from studio.widgets.rail import Rail, RailItem
from studio.widgets.toast import Toast
from studio.widgets.wheel_guard import guard_wheel

if TYPE_CHECKING:
    from studio.pages.data import DataPage
    from studio.pages.explore import ExplorePage
    from studio.pages.train import TrainPage
    from studio.pages.translate import TranslatePage

_Page = TypeVar("_Page", bound=QWidget)

PAGES = ("home", "data", "train", "translate", "explore")
SIZE, SMALLEST = (1280, 800), (1024, 640)


class MainWindow(QWidget):
    """Everything there is to see.

    Home is there at once. The other pages are made when they are first asked for, or
    once Home is on the screen: a third of the time until then would go into them.

    Signals:
        first_painted: The window is on the screen; what takes long may begin.
    """

    first_painted = Signal()

    def __init__(self, session: Session, theme: Theme, log_file: Path) -> None:
        """Build it with Home in front; show it with `show`."""
        super().__init__()
        self._session, self._theme, self._log_file = session, theme, log_file
        self._is_painted = False
        self._closing: ClosingDialog | None = None
        self.setWindowTitle(self.tr("Image-translation studio"))
        self.setAcceptDrops(True)
        self.resize(*SIZE)
        self.setMinimumSize(*SMALLEST)

        self.rail = Rail(self._rail_items())
        self.message = MessageBar()
        self._message_area = QWidget()
        self.job_bar = JobBar()
        self._job_watch = JobWatch(session, self.job_bar, self)
        self._stack = QStackedWidget()
        self.home = self._added(HomePage(session))

        self._lay_out()
        self.toast = Toast(self)
        self._connect_parts()
        self._connect_session()
        self._add_shortcuts()
        session.library.list_runs()

    # ------------------------------------------------------------------------
    # The pages.

    @cached_property
    def data(self) -> "DataPage":
        """What is learnt from."""
        from studio.pages.data import DataPage

        return self._added(DataPage(self._session))

    @cached_property
    def train(self) -> "TrainPage":
        """Learning."""
        from studio.pages.train import TrainPage

        page = self._added(TrainPage(self._session))
        page.translate_requested.connect(self._on_run_chosen)
        return page

    @cached_property
    def translate(self) -> "TranslatePage":
        """What a model makes of pictures."""
        from studio.pages.translate import TranslatePage

        return self._added(TranslatePage(self._session))

    @cached_property
    def explore(self) -> "ExplorePage":
        """The space that a model invents pictures from."""
        from studio.pages.explore import ExplorePage

        return self._added(ExplorePage(self._session))

    def _added(self, page: _Page) -> _Page:
        self._stack.addWidget(page)
        page.navigate.connect(self.show_page)  # type: ignore[attr-defined]
        guard_wheel(page)
        return page

    # ------------------------------------------------------------------------
    # Where one is.

    def page(self) -> str:
        """The page that is shown."""
        return self.rail.value()

    @Slot(str)
    def show_page(self, name: str) -> None:
        """Go to the page *name*, one of `PAGES`.

        Raises:
            KeyError: There is no such page.
        """
        if name not in PAGES:
            raise KeyError(name)
        self._stack.setCurrentWidget(getattr(self, name))
        self.rail.choose(name)

    @Slot(list)
    def open_dropped(self, paths: list[Path]) -> None:
        """Open what was dropped: a folder, or archive, or pictures to translate."""
        folders = [path for path in paths if holds_pictures(path)]
        if folders:
            self.show_page("data")
            self.data.open_folder(folders[0])
        elif paths:
            self.show_page("translate")
            self.translate.add_files(paths)

    @Slot()
    def choose_folder(self) -> None:
        """Ask for a folder of pictures and go to them."""
        self.show_page("data")
        self.data.choose_folder()

    @Slot(str)
    def show_error(self, sentence: str) -> None:
        """Say what went wrong, above the page; the user closes it."""
        self.message.show_message("err", sentence, closable=True)
        self._message_area.show()

    # ------------------------------------------------------------------------
    # How it is put together.

    def _rail_items(self) -> list[RailItem]:
        return [
            RailItem("home", self.tr("Home"), "house", "house-fill"),
            RailItem("data", self.tr("Data"), "folder-open", "folder-open-fill"),
            RailItem("train", self.tr("Train"), "chart-line", "chart-line"),
            RailItem("translate", self.tr("Translate"), "swap", "swap-fill"),
            RailItem("explore", self.tr("Explore"), "compass", "compass-fill"),
        ]

    def _lay_out(self) -> None:
        messages = QVBoxLayout(self._message_area)
        messages.setContentsMargins(24, 12, 24, 0)
        messages.addWidget(self.message)
        self._message_area.hide()
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self._message_area)
        right.addWidget(self._stack, 1)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addLayout(right, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row, 1)
        column.addWidget(self.job_bar)

    def _connect_parts(self) -> None:
        self.rail.chosen.connect(self.show_page)
        self.message.closed.connect(self._message_area.hide)
        self.rail.help_requested.connect(self._on_help)
        self.rail.settings_requested.connect(self._on_settings)
        self.job_bar.clicked.connect(self._on_job_clicked)
        self.home.folder_wanted.connect(self.choose_folder)
        self.home.picture_wanted.connect(self._on_picture_wanted)
        self.home.run_chosen.connect(self._on_run_chosen)
        self.home.dropped.connect(self.open_dropped)

    def _connect_session(self) -> None:
        self._session.failed.connect(self.show_error)
        self._session.library.failed.connect(self.show_error)
        self._session.finished.connect(self._on_finished)
        self.toast.action_clicked.connect(self._on_job_clicked)

    def _add_shortcuts(self) -> None:
        for number, name in enumerate(PAGES, start=1):
            shortcut = QShortcut(QKeySequence(f"Ctrl+{number}"), self)
            shortcut.activated.connect(lambda name=name: self.show_page(name))
        standard = QKeySequence.StandardKey
        QShortcut(standard.Open, self).activated.connect(self._on_open)
        QShortcut(QKeySequence("Ctrl+Q"), self).activated.connect(self.close)
        QShortcut(standard.Preferences, self).activated.connect(self._on_settings)
        QShortcut(standard.HelpContents, self).activated.connect(self._on_help)

    # ------------------------------------------------------------------------
    # What happens.

    @Slot()
    def _on_open(self) -> None:
        if self.page() == "translate":
            self.translate.open_pictures()
        else:
            self.choose_folder()

    @Slot()
    def _on_picture_wanted(self) -> None:
        self.show_page("translate")
        self.translate.open_pictures()

    @Slot(object)
    def _on_run_chosen(self, run: Path) -> None:
        self.show_page("translate")
        self.translate.use_run(run)

    @Slot()
    def _on_job_clicked(self) -> None:
        self.show_page("train")

    @Slot()
    def _on_help(self) -> None:
        AboutDialog(self._session, self._log_file, self).open()

    @Slot()
    def _on_settings(self) -> None:
        PreferencesDialog(self._session, self._theme, self).open()

    @Slot(object)
    def _on_finished(self, outcome: RunOutcome) -> None:
        if self._closing is not None:
            self.close()
        elif self.page() != "train":
            words = f"{self._session.run_name}: {outcome}"
            self.toast.show_message(words, self.tr("Show"), icon="flag")

    def _ask_to_close(self) -> None:
        if self._closing is None:
            self._closing = ClosingDialog(self._session.run_name, self)
            self._closing.stop_chosen.connect(self._session.stop)
            self._closing.rejected.connect(self._on_closing_rejected)
            self._closing.open()

    @Slot()
    def _on_closing_rejected(self) -> None:
        self._closing = None

    # ------------------------------------------------------------------------
    # Qt overrides.

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell when the window is first on the screen."""
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            QTimer.singleShot(0, self._finish)

    @Slot()
    def _finish(self) -> None:
        """Make what the first look did not need, before the user can ask for it."""
        self.first_painted.emit()
        for name in PAGES:
            getattr(self, name)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close, but ask first where a run is going."""
        if self._session.state is JobState.IDLE:
            event.accept()
        else:
            event.ignore()
            self._ask_to_close()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and folders of this computer, anywhere."""
        if local_paths(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open them."""
        paths = local_paths(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.open_dropped(paths)
