"""The Data page while no pictures are open: none yet, being looked at, or refused."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from engines.data.wellknown_list import WELL_KNOWN
from studio.pages.data_menus import KnownMenu, SampleMenu
from studio.widgets import buttons
from studio.widgets.drop_zone import DropZone
from studio.widgets.labels import caption, heading
from studio.widgets.message_bar import MessageBar


class Opening(QStackedWidget):
    """A drop zone with its buttons, or how far a folder is looked at.

    Signals:
        dropped: Folders and files were dropped. (list[Path])
        folder_wanted: The user wants to choose a folder.
        archive_wanted: The user wants to choose a zip archive.
        sample_wanted: The user wants a sample set. (its name)
        known_wanted: The user wants a well-known set. (its name)
        back_wanted: The user goes back to the pictures that are open.
        cancelled: The user no longer waits.
    """

    dropped = Signal(list)
    folder_wanted = Signal()
    archive_wanted = Signal()
    sample_wanted = Signal(str)
    known_wanted = Signal(str)
    back_wanted = Signal()
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Show the drop zone."""
        super().__init__(parent)
        self.message = MessageBar()
        self.message.setSizePolicy(
            self.message.sizePolicy().horizontalPolicy(),
            self.message.sizePolicy().Policy.Maximum,
        )
        self.zone = DropZone(
            self.tr("Drop a folder or a zip archive here"),
            self.tr(
                "I will work out what is in it: matching pairs, two styles, or "
                "pictures of one kind."
            ),
            icon="folder-open",
        )
        self.choose_button = buttons.primary(self.tr("Choose a folder"), "folder-open")
        self.archive_button = buttons.secondary(self.tr("Choose an archive"))
        self.sample_button = buttons.secondary(self.tr("Sample sets"))
        self.known_button = buttons.secondary(self.tr("Well-known sets"))
        self.samples, self.known = SampleMenu(self), KnownMenu(self)
        self.sample_button.setMenu(self.samples)
        self.known_button.setMenu(self.known)
        for button in (
            self.choose_button,
            self.archive_button,
            self.sample_button,
            self.known_button,
        ):
            self.zone.add_button(button)
        self._what = ""
        self._words = heading()
        self._counts = caption()
        self._progress = QProgressBar()
        self.cancel_button = buttons.secondary(self.tr("Cancel"))
        self.addWidget(self._zone_page())
        self.addWidget(self._progress_page())

        self.zone.dropped.connect(self.dropped)
        self.choose_button.clicked.connect(self.folder_wanted)
        self.archive_button.clicked.connect(self.archive_wanted)
        self.samples.chosen.connect(self.sample_wanted)
        self.known.chosen.connect(self.known_wanted)
        self.message.action_clicked.connect(self.back_wanted)
        self.cancel_button.clicked.connect(self.cancelled)

    def show_empty(self) -> None:
        """Say what to do."""
        self.message.clear()
        self.setCurrentIndex(0)

    def show_refused(self, sentence: str, back_to: str) -> None:
        """Say why a folder cannot be used.

        Args:
            sentence: What is wrong, and what to do.
            back_to: What the pictures that are still open are called, or "".
        """
        action = self.tr("Back to {0}").format(back_to) if back_to else ""
        self.message.show_message("err", sentence, action=action)
        self.setCurrentIndex(0)

    def show_looking(self, folder: Path) -> None:
        """Say which folder is being looked at."""
        known = WELL_KNOWN.get(folder.name)
        self._what = known.title if known else folder.name
        self._say_looking()
        self._counts.setText(self.tr("Finding pictures…"))
        self._progress.setRange(0, 1)
        self._progress.setValue(0)
        self.setCurrentIndex(1)

    def show_progress(self, done: int, total: int) -> None:
        """Say how many files were looked at."""
        self._say_looking()
        words = self.tr("{done} of {total} files")
        self._counts.setText(words.format(done=f"{done:,}", total=f"{total:,}"))
        self._progress.setRange(0, total)
        self._progress.setValue(done)

    def show_fetched(self, done: int, total: int) -> None:
        """Say how many bytes have come from the internet."""
        self._words.setText(self.tr("Fetching {0}").format(self._what))
        words = self.tr("{done} of {total} MB")
        come, in_all = (f"{count / 1_000_000:,.0f}" for count in (done, total))
        self._counts.setText(words.format(done=come, total=in_all))
        self._progress.setRange(0, 1000)  # bytes may be more than Qt counts
        self._progress.setValue(round(1000 * done / max(1, total)))

    def _say_looking(self) -> None:
        self._words.setText(self.tr("Looking into {0}").format(self._what))

    def _zone_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(24, 0, 24, 16)
        column.setSpacing(16)
        column.addWidget(self.message)
        column.addWidget(self.zone, 1)
        return page

    def _progress_page(self) -> QWidget:
        page = QWidget()
        self._progress.setFixedWidth(320)
        self._progress.setTextVisible(False)
        self._progress.setAccessibleName(self.tr("Files looked at"))
        centre = Qt.AlignmentFlag.AlignHCenter
        column = QVBoxLayout(page)
        column.setSpacing(12)
        column.addStretch()
        for part in (self._words, self._progress, self._counts, self.cancel_button):
            column.addWidget(part, 0, centre)
        column.addStretch()
        return page
