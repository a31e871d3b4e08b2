"""A short word at the bottom of the window, gone by itself."""

from PySide6.QtCore import (
    QEasingCurve,
    QEvent,
    QObject,
    QPoint,
    QPropertyAnimation,
    QTimer,
    Signal,
)
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from studio.theme import motion_ms
from studio.widgets import buttons
from studio.widgets.icon_label import IconLabel
from studio.widgets.labels import ElidedLabel

SHOWN_MS = 8_000
_HEIGHT, _WIDTH, _MARGIN = 44, 320, 16


class Toast(QFrame):
    """One frame on top of its parent; a new message takes the place of the old.

    Signals:
        action_clicked: The user took the offer, "Undo" mostly; the toast is gone.
        expired: It went away unanswered: its time was over or another came.
    """

    action_clicked = Signal()
    expired = Signal()

    def __init__(self, parent: QWidget) -> None:
        """Make it, hidden.

        Args:
            parent: What it floats over; it keeps to the bottom centre of it.
        """
        super().__init__(parent)
        self._host = parent
        self.setProperty("kind", "toast")
        self.setFixedHeight(_HEIGHT)
        self._icon = IconLabel("info", "tip_text", pixels=18)
        self._words = ElidedLabel()
        self._action = buttons.link("")

        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 12, 0)
        row.setSpacing(12)
        row.addWidget(self._icon)
        row.addWidget(self._words, 1)
        row.addWidget(self._action)

        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOWN_MS)
        self._slide = QPropertyAnimation(self, b"pos", self)
        self._timer.timeout.connect(self._on_timeout)
        self._action.clicked.connect(self._on_action)
        parent.installEventFilter(self)
        self.hide()

    def show_message(self, words: str, action: str = "", *, icon: str = "info") -> None:
        """Say *words* for eight seconds.

        Args:
            words: What happened.
            action: What the user may do about it, if anything.
            icon: An icon's Phosphor name.
        """
        if self.isVisible():
            self.expired.emit()
        self._icon.show_icon(icon, "tip_text")
        self._words.setText(words)
        self._action.setText(action)
        self._action.setVisible(bool(action))
        self.setAccessibleName(words)
        self._fit()
        self._enter()
        self._timer.start()

    def words(self) -> str:
        """What it says, or said last."""
        return self._words.text()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep to the bottom centre when the parent changes size."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._slide.stop()
            self._fit()
            self.move(self._place())
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        room = self._host.width() - 2 * _MARGIN
        words = self._words.fontMetrics().horizontalAdvance(self._words.text())
        wanted = words + 80 + (self._action.sizeHint().width() + 12)
        self.resize(min(max(_WIDTH, wanted), room), _HEIGHT)

    def _place(self) -> QPoint:
        room = self._host.size()
        return QPoint(
            (room.width() - self.width()) // 2, room.height() - _HEIGHT - _MARGIN
        )

    def _enter(self) -> None:
        """Rise into place from below the edge."""
        self._slide.stop()
        self.raise_()
        self.show()
        place = self._place()
        duration = motion_ms(self, 160)
        if not duration:
            self.move(place)
            return
        self._slide.setDuration(duration)
        self._slide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._slide.setStartValue(place + QPoint(0, _HEIGHT + _MARGIN))
        self._slide.setEndValue(place)
        self._slide.start()

    def _on_timeout(self) -> None:
        if self._is_pointed_at():
            self._timer.start()  # somebody is about to click it: wait on
            return
        self.hide()
        self.expired.emit()

    def _is_pointed_at(self) -> bool:
        # Qt may miss that a widget which was hidden under the pointer was left.
        pointer = self.mapFromGlobal(QCursor.pos())
        return self.underMouse() and self.rect().contains(pointer)

    def _on_action(self) -> None:
        self._timer.stop()
        self.hide()
        self.action_clicked.emit()
