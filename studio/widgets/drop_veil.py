"""A veil over a page while files are dragged across it."""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from studio.fonts import role_font
from studio.tokens import tokens_of

_AROUND = 24, 16  # pixels beside and above the words


class DropVeil(QWidget):
    """Covers its parent, says what a drop does, and lets the drag through."""

    def __init__(self, words: str, parent: QWidget) -> None:
        """Make it, hidden.

        Args:
            words: See `set_words`.
            parent: What it covers, from edge to edge.
        """
        super().__init__(parent)
        self._words = ""
        self.set_words(words)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        parent.installEventFilter(self)
        self.hide()

    def words(self) -> str:
        """What it says."""
        return self._words

    def set_words(self, words: str) -> None:
        """Say what happens to what is dropped."""
        self._words = words
        self.setAccessibleName(words)
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep to the size of the parent."""
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.resize(watched.size())
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the tone and the outline of a drop zone that files are over."""
        del event
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tone = QColor(tokens.accent_soft)
        tone.setAlphaF(0.9)
        painter.setBrush(tone)
        painter.setPen(QPen(QColor(tokens.accent_ui), 2))
        rect = QRectF(self.rect()).adjusted(5, 5, -5, -5)
        painter.drawRoundedRect(rect, 8, 8)
        self._paint_words(painter, rect)

    def _paint_words(self, painter: QPainter, rect: QRectF) -> None:
        """Write on a plate, as there may be words below."""
        tokens, centre = tokens_of(self.palette()), Qt.AlignmentFlag.AlignCenter
        painter.setFont(role_font("heading"))
        beside, above = _AROUND
        plate = painter.boundingRect(rect, centre, self._words)
        plate.adjust(-beside, -above, beside, above)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.surface))
        painter.drawRoundedRect(plate, 8, 8)
        painter.setPen(QColor(tokens.text))
        painter.drawText(rect, centre, self._words)
