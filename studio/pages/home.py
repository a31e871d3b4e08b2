"""Home: try an engine on a sample set, drop something, or go on with a run."""

from PySide6.QtCore import QEvent, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QScrollArea,
    QStyle,
    QVBoxLayout,
    QWidget,
)

from engines.samples.catalogue import sample_for
from studio.pages.home_cards import HomeCards
from studio.pages.recent_runs import RecentRuns
from studio.session import JobState, Session
from studio.widgets import buttons
from studio.widgets.drop_zone import DropZone
from studio.widgets.page_header import PageHeader
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
        self.cards = HomeCards()
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

        self.cards.try_clicked.connect(self._on_try)
        self.drop_zone.dropped.connect(self.dropped)
        self.choose_button.clicked.connect(self.folder_wanted)
        self.translate_button.clicked.connect(self.picture_wanted)
        self.recent.run_chosen.connect(self.run_chosen)
        self.recent.resumed.connect(self._on_resumed)
        session.state_changed.connect(self._on_state_changed)
        session.trial_estimated.connect(self._on_trial_estimated)

        self._on_state_changed(session.state)

    def _lay_out(self) -> None:
        self.drop_zone.add_button(self.choose_button)
        self.drop_zone.add_button(self.translate_button)
        inside = QWidget()
        inside.setProperty("kind", "scrolled")
        column = QVBoxLayout(inside)
        column.setContentsMargins(_MARGIN, 8, _MARGIN, 16)
        column.setSpacing(24)
        column.addWidget(self.cards)
        column.addWidget(self.drop_zone)
        column.addWidget(self.recent)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(inside)

        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(PageHeader(self.tr("Teach a computer to make pictures")))
        page.addWidget(scroll, 1)

    @Slot(str)
    def _on_try(self, engine: str) -> None:
        self._session.try_sample(sample_for(engine).name, engine)
        self.navigate.emit("train")

    @Slot()
    def _on_resumed(self) -> None:
        self.navigate.emit("train")

    @Slot(object)
    def _on_state_changed(self, state: JobState) -> None:
        is_idle = state is JobState.IDLE
        self.cards.allow(is_idle)
        self.recent.set_can_resume(is_idle)

    @Slot(str, float)
    def _on_trial_estimated(self, engine: str, seconds: float) -> None:
        if engine in self.cards.cards:
            self.cards.cards[engine].show_length(duration(seconds))

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
        self._session.estimate_trials()
