"""A row that opens and closes what stands below it."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from studio.fonts import role_font
from studio.icons import draw_icon
from studio.tokens import tokens_of


class Disclosure(QAbstractButton):
    """A caret, a name and a note at the right; `toggled` tells of it.

    A click, Space, or the right and left arrows, as in a tree.
    """

    def __init__(
        self,
        text: str,
        note: str = "",
        *,
        indent: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        """Build it closed.

        Args:
            text: The name.
            note: How much there is ("24 settings").
            indent: Pixels left of the caret.
            parent: The owner.
        """
        super().__init__(parent)
        self._note = note
        self._indent = indent
        self.setText(text)
        self.setCheckable(True)
        self.setAccessibleDescription(note)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """The smallest target, and room for both words."""
        return QSize(200, 32)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Right opens, Left closes, as in a tree."""
        wanted = {Qt.Key.Key_Right: True, Qt.Key.Key_Left: False}.get(
            Qt.Key(event.key())
        )
        if wanted is None:
            super().keyPressEvent(event)
        else:
            self.setChecked(wanted)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the caret and both words."""
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        caret = self.rect().adjusted(self._indent, 0, 0, 0).toRectF()
        caret.setWidth(14)
        name = "caret-down" if self.isChecked() else "caret-right"
        draw_icon(painter, caret, name, tokens.text2)
        painter.setFont(role_font("strong"))
        painter.setPen(QColor(tokens.accent_text if self.underMouse() else tokens.text))
        middle = Qt.AlignmentFlag.AlignVCenter
        words = self.rect().adjusted(self._indent + 20, 0, 0, 0)
        painter.drawText(words, middle, self.text())
        painter.setFont(role_font("caption"))
        painter.setPen(QColor(tokens.text2))
        painter.drawText(self.rect(), middle | Qt.AlignmentFlag.AlignRight, self._note)
