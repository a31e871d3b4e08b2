"""Chips: a state as colour, icon and word at once."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.fonts import role_font
from studio.icons import draw_icon
from studio.tokens import Tokens, tokens_of

HEIGHT = 24
_ICON, _GAP, _PADDING = 13, 5, 9


class Chip(QWidget):
    """A pill of 24 pixels. `level` is "active", "ok", "warn", "err" or "plain"."""

    def __init__(
        self,
        level: str = "plain",
        icon: str | None = None,
        words: str = "",
        parent: QWidget | None = None,
    ) -> None:
        """Show one state; see `show_state`."""
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_state(level, icon, words)

    def show_state(self, level: str, icon: str | None, words: str) -> None:
        """Show another state.

        Args:
            level: What colours it.
            icon: The icon's Phosphor name, or none.
            words: The state in words; colour alone never tells it.
        """
        self._level, self._icon, self._words = level, icon, words
        self.setAccessibleName(words)
        self.updateGeometry()
        self.update()

    def words(self) -> str:
        """The state in words."""
        return self._words

    def sizeHint(self) -> QSize:
        """As wide as icon and words need."""
        return QSize(chip_width(self._icon, self._words), HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """It is never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it, vertically centred."""
        del event
        painter = QPainter(self)
        corner = QPointF(0, (self.height() - HEIGHT) / 2)
        tokens = tokens_of(self.palette())
        paint_chip(painter, corner, self._level, self._icon, self._words, tokens)


def chip_width(icon: str | None, words: str) -> int:
    """The width of a chip in pixels, for delegates that lay one out."""
    advance = QFontMetricsF(_font()).horizontalAdvance(words)
    return round(advance + 2 * _PADDING + (_ICON + _GAP if icon else 0) + 0.5)


def paint_chip(
    painter: QPainter,
    corner: QPointF,
    level: str,
    icon: str | None,
    words: str,
    tokens: Tokens,
) -> None:
    """Draw a chip with its top left at *corner*; delegates use it as the widget does.

    Raises:
        KeyError: There is no such level.
    """
    ink, fill = {
        "active": (tokens.accent_text, tokens.accent_soft),
        "ok": (tokens.ok, tokens.ok_soft),
        "warn": (tokens.warn, tokens.warn_soft),
        "err": (tokens.err, tokens.err_soft),
        "plain": (tokens.text2, tokens.hover),
    }[level]
    rect = QRectF(corner.x(), corner.y(), chip_width(icon, words), HEIGHT)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(fill))
    painter.drawRoundedRect(rect, HEIGHT / 2, HEIGHT / 2)

    x = rect.left() + _PADDING
    if icon:
        top = rect.center().y() - _ICON / 2
        draw_icon(painter, QRectF(x, top, _ICON, _ICON), icon, ink)
        x += _ICON + _GAP
    painter.setFont(_font())
    painter.setPen(QColor(ink))
    words_rect = QRectF(x, rect.top(), rect.right() - x, HEIGHT)
    painter.drawText(words_rect, int(Qt.AlignmentFlag.AlignVCenter), words)
    painter.restore()


def _font() -> QFont:
    return role_font("caption", QFont.Weight.Medium)
