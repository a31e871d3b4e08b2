"""Home: try it on the sample set, drop something, or go on with a run."""

from PySide6.QtCore import QEvent, QSize, QTimer, Signal, Slot
from PySide6.QtGui import QImage, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QStyle,
    QVBoxLayout,
    QWidget,
)

from engines.catalogue import EngineEntry
from studio.pages.recent_runs import RecentRuns
from studio.resources import RESOURCES
from studio.session import JobState, Session
from studio.widgets import buttons
from studio.widgets.card import Card
from studio.widgets.drop_zone import DropZone
from studio.widgets.labels import body, caption, display
from studio.widgets.page_header import PageHeader
from studio.widgets.split_picture import SplitPicture
from studio.words import duration

_MARGIN = 24
_SCROLL_BAR = QStyle.PixelMetric.PM_ScrollBarExtent


class HomePage(QWidget):
    """The first page.

    Signals:
        navigate: The user goes to another page. (its name)
        folder_wanted: The user wants to choose a folder of pictures.
        picture_wanted: The user wants to choose pictures to translate.
        run_chosen: The user wants to use a run. (Path of its folder)
        dropped: Folders and files were dropped. (list[Path])
    """

    navigate = Signal(str)
    folder_wanted = Signal()
    picture_wanted = Signal()
    run_chosen = Signal(object)
    dropped = Signal(list)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        """Show what *session* offers; runs appear once they are listed."""
        super().__init__(parent)
        self._session = session
        self._length = self.tr("usually about a minute")
        self.example = _Example(session.entry)
        self.drop_zone = DropZone(
            self.tr("Drop a folder or pictures anywhere"),
            self._hint(),
            icon="folder-open",
            compact=True,
        )
        self.choose_button = buttons.primary(self.tr("Choose a folder"), "folder-open")
        self.translate_button = buttons.secondary(
            self.tr("Translate a picture"), "image"
        )
        self.recent = RecentRuns(session)

        self._lay_out()

        self.example.try_button.clicked.connect(self._on_try)
        self.drop_zone.dropped.connect(self.dropped)
        self.choose_button.clicked.connect(self.folder_wanted)
        self.translate_button.clicked.connect(self.picture_wanted)
        self.recent.run_chosen.connect(self.run_chosen)
        self.recent.resumed.connect(self._on_resumed)
        session.state_changed.connect(self._on_state_changed)
        session.estimated.connect(self._on_estimated)

        self._on_state_changed(session.state)

    def _lay_out(self) -> None:
        self.drop_zone.add_button(self.choose_button)
        self.drop_zone.add_button(self.translate_button)
        inside = QWidget()
        inside.setProperty("kind", "scrolled")
        column = QVBoxLayout(inside)
        column.setContentsMargins(_MARGIN, 8, _MARGIN, 16)
        column.setSpacing(24)
        column.addWidget(self.example, 1)
        column.addWidget(self.drop_zone)
        column.addWidget(self.recent)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(inside)

        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(PageHeader(self.tr("Teach a computer to redraw pictures")))
        page.addWidget(scroll, 1)

    @Slot()
    def _on_try(self) -> None:
        self._session.try_sample("facades", "pix2pix")
        self.navigate.emit("train")

    @Slot()
    def _on_resumed(self) -> None:
        self.navigate.emit("train")

    @Slot(object)
    def _on_state_changed(self, state: JobState) -> None:
        is_idle = state is JobState.IDLE
        self.example.try_button.setEnabled(is_idle)
        self._show_length()
        self.recent.set_can_resume(is_idle)

    @Slot(object)
    def _on_estimated(self, estimate: tuple[str, float]) -> None:
        preset, seconds = estimate
        if preset == "quick":
            self._length = duration(seconds)
            self._show_length()

    def _show_length(self) -> None:
        """How long trying takes, or why it cannot be tried now."""
        is_idle = self._session.state is JobState.IDLE
        why = self.tr("Possible once the present run has ended.")
        self.example.length.setText(self._length if is_idle else why)

    def _hint(self) -> str:
        return self.tr("I will work out what is in it. Nothing leaves this computer.")

    def _fit_drop_zone(self) -> None:
        """Say less beside the buttons where large letters leave no room for more."""
        headline = self.drop_zone.accessibleName()
        self.drop_zone.set_words(headline, self._hint())
        layout = self.drop_zone.layout()
        assert layout is not None, "its words stand in one"
        layout.activate()  # what it measured before is old
        room = self.width() - 2 * _MARGIN - self.style().pixelMetric(_SCROLL_BAR)
        if self.drop_zone.minimumSizeHint().width() > room:
            self.drop_zone.set_words(headline, self.tr("Nothing leaves this computer."))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the drop zone as wide as the page."""
        super().resizeEvent(event)
        self._fit_drop_zone()

    def changeEvent(self, event: QEvent) -> None:
        """Fit again when letters become larger."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            QTimer.singleShot(0, self, self._fit_drop_zone)

    def showEvent(self, event: QShowEvent) -> None:
        """Look for runs: others may have been made meanwhile."""
        super().showEvent(event)
        QTimer.singleShot(0, self, self._fit_drop_zone)  # its fonts are known by then
        self._session.library.list_runs()


class _Example(Card):
    """What the engine does, shown by a pair of the sample set, and a button to try."""

    def __init__(self, entry: EngineEntry) -> None:
        super().__init__()
        self.try_button = buttons.secondary(self.tr("Try it"), "play")
        self.try_button.setAccessibleDescription(entry.task)
        self.length = caption()
        picture = SplitPicture(
            QImage.fromData(_resource("outline_to_picture.png")),
            self.tr("Left an outline of a house front, right its picture"),
        )
        room = QSizePolicy.Policy.Expanding
        picture.setSizePolicy(room, room)

        go = QHBoxLayout()
        go.setSpacing(12)
        go.addWidget(self.try_button)
        go.addWidget(self.length)
        go.addStretch()
        words = QVBoxLayout()
        words.setContentsMargins(32, 16, 32, 16)
        words.setSpacing(8)
        words.addStretch()
        words.addWidget(display(entry.task))
        words.addWidget(caption(entry.title))
        words.addWidget(body(entry.words))
        words.addWidget(body(self._story()))
        words.addSpacing(8)
        words.addLayout(go)
        words.addStretch()

        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(picture, 1)
        row.addLayout(words, 1)
        self.column.setContentsMargins(1, 1, 1, 1)
        self.column.addLayout(row)
        self.setMinimumHeight(208)
        self.setSizePolicy(room, room)

    def _story(self) -> str:
        return self.tr(
            "Try it on 400 house fronts that this program draws itself: it starts from "
            "noise, and you watch the picture come."
        )

    def sizeHint(self) -> QSize:
        """As high as fits above the rest at 1280 × 800."""
        return QSize(1152, 320)


def _resource(name: str) -> bytes:
    return (RESOURCES / "home" / name).read_bytes()
