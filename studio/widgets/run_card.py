"""A card for one run: its last picture, its name, when it was and how it ended."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from studio.widgets import buttons
from studio.widgets.card import Card
from studio.widgets.chip import Chip
from studio.widgets.labels import ElidedLabel
from studio.widgets.picture import PictureView

PICTURE = 56
_OPEN_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class RunCard(Card):
    """80 pixels high; a click or Enter opens the run.

    Signals:
        opened: The user wants to use the run.
        resume_requested: The user wants it to go on.
    """

    opened = Signal()
    resume_requested = Signal()

    def __init__(self, name: str, when: str, parent: QWidget | None = None) -> None:
        """Show name and time alone; see `set_state`, `set_picture`, `offer_resume`."""
        super().__init__(parent)
        self.setAccessibleName(f"{name}, {when}")
        self.setFixedHeight(80)
        self._can_open = True
        self._picture = PictureView()
        self._picture.setFixedSize(PICTURE, PICTURE)
        self._picture.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._chip = Chip()
        self.resume_button = buttons.secondary(self.tr("Resume"))
        self.resume_button.hide()

        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch()
        words.addWidget(ElidedLabel(name, "strong"))
        words.addWidget(ElidedLabel(when, "caption"))
        words.addStretch()
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._picture)
        row.addLayout(words, 1)
        row.addWidget(self._chip)
        row.addWidget(self.resume_button)
        self.column.setContentsMargins(12, 11, 12, 11)
        self.column.addLayout(row)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

        self.resume_button.clicked.connect(self.resume_requested)
        self.set_can_open(True)

    def set_state(self, level: str, icon: str, words: str, hint: str = "") -> None:
        """Say how the run stands; *hint* says more, where there is more to say."""
        self._chip.show_state(level, icon, words)
        self.setToolTip(hint)
        self.setAccessibleDescription(f"{words}. {hint}" if hint else words)

    def set_picture(self, picture: QImage) -> None:
        """Show the run's newest preview."""
        self._picture.set_image(picture)

    def set_can_open(self, can_open: bool) -> None:
        """Let it be clicked, or not where there is nothing to open."""
        self._can_open = can_open
        strong, none = Qt.FocusPolicy.StrongFocus, Qt.FocusPolicy.NoFocus
        self.setFocusPolicy(strong if can_open else none)
        shape = Qt.CursorShape
        self.setCursor(shape.PointingHandCursor if can_open else shape.ArrowCursor)

    def offer_resume(self, enabled: bool, hint: str) -> None:
        """Offer to go on; *hint* says what happens, or why it cannot be now."""
        self.resume_button.setVisible(True)
        self.resume_button.setEnabled(enabled)
        self.resume_button.setToolTip(hint)

    def state_words(self) -> str:
        """The word on the chip."""
        return self._chip.words()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open it."""
        is_inside = self.rect().contains(event.position().toPoint())
        if self._can_open and is_inside and event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open it by Enter or Space."""
        if self._can_open and event.key() in _OPEN_KEYS:
            self.opened.emit()
            return
        super().keyPressEvent(event)
