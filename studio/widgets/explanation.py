"""A panel that explains terms, opened by the button beside them."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from studio.widgets.labels import body, caption, strong

_WIDTH = 344
_MOST_HEIGHT = 560


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that is explained.

    Attributes:
        name: What it is called ("Critic 0.63").
        words: What it means.
        note: What to compare it with, may be "".
    """

    name: str
    words: str
    note: str = ""


class Explanation(QFrame):
    """Terms one below the other; Escape or a click elsewhere closes it."""

    def __init__(self, title: str, terms: Sequence[Term], parent: QWidget) -> None:
        """Build it closed; it belongs to *parent* and goes when it is closed."""
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("kind", "popover")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(title)
        said = [" ".join((f"{t.name}.", t.words, t.note)).strip() for t in terms]
        self.setAccessibleDescription(" ".join(said))

        self._words = QWidget()
        self._words.setProperty("kind", "scrolled")
        self._column = QVBoxLayout(self._words)
        self._column.setContentsMargins(16, 12, 16, 12)
        self._column.setSpacing(12)
        for term in terms:
            self._column.addLayout(_paragraph(term))
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidget(self._words)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)  # the border has its own
        outer.addWidget(self._scroll)

    def words(self) -> str:
        """All that it says, in the order in which it is read."""
        return self.accessibleDescription()

    def open_at(self, button: QWidget) -> None:
        """Open above or below *button*, where there is more room; take the focus."""
        height = self._column.heightForWidth(_WIDTH - 2) + 2
        size = QSize(_WIDTH, min(height, _MOST_HEIGHT))
        corner = button.mapToGlobal(QPoint(button.width(), 0))
        place = QRect(corner - QPoint(size.width(), size.height() + 4), size)
        screen = button.screen().availableGeometry()
        if place.top() < screen.top():
            place.moveTop(corner.y() + button.height() + 4)
        place.moveLeft(max(place.left(), screen.left()))
        self.setGeometry(place)
        self.show()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes, the arrows scroll."""
        bar = self._scroll.verticalScrollBar()
        strides = {Qt.Key.Key_Down: 40, Qt.Key.Key_Up: -40}
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            self.close()
        elif key in strides:
            bar.setValue(bar.value() + strides[key])
        else:
            super().keyPressEvent(event)


def _paragraph(term: Term) -> QVBoxLayout:
    lines: list[QLabel] = [strong(term.name), body(term.words)]
    if term.note:
        note = caption(term.note)
        note.setWordWrap(True)
        lines.append(note)
    column = QVBoxLayout()
    column.setSpacing(4)
    for line in lines:
        column.addWidget(line)
    return column
