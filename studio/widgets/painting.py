"""What several painted widgets draw alike: tags, rings, empty places."""

from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QPainter,
    QPalette,
    QPen,
)

from studio.fonts import role_font
from studio.icons import draw_icon
from studio.tokens import tokens_of

TAG_HEIGHT = 22.0

_KEYBOARD_REASONS = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


def came_by_keyboard(event: QFocusEvent) -> bool:
    """Tell whether the focus arrived by a key, so that it has to be shown."""
    return event.reason() in _KEYBOARD_REASONS


def paint_focus_ring(
    painter: QPainter, rect: QRectF, palette: QPalette, radius: float = 6.0
) -> None:
    """Draw the 2 px keyboard focus ring just inside *rect*."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(tokens_of(palette).accent_text), 2.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius, radius)
    painter.restore()


def paint_dashed(
    painter: QPainter, rect: QRectF, colour: str, radius: float = 4.0, width: float = 1
) -> None:
    """Draw a dashed outline: a place where a picture will be, or could be added."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(QColor(colour), width)
    pen.setDashPattern([5 / width, 4 / width])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    inset = width / 2
    painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), radius, radius)
    painter.restore()


def tag_size(text: str) -> QSizeF:
    """Return the size of the tag that `paint_tag` draws for *text*."""
    metrics = QFontMetricsF(_tag_font())
    height = max(TAG_HEIGHT, metrics.height() + 4)
    return QSizeF(metrics.horizontalAdvance(text) + 16, height)


def paint_tag(
    painter: QPainter,
    text: str,
    rect: QRectF,
    *,
    fill: QColor | None = None,
    ink: QColor | None = None,
) -> None:
    """Draw a word on a picture: dark and readable over anything, unless told colours.

    Args:
        painter: Draws.
        text: The word.
        rect: Where, of the size that `tag_size` gives.
        fill: Background; by default #141619 at 85 %.
        ink: Text; by default white.
    """
    if fill is None:
        fill = QColor(20, 22, 25, 217)  # the same in both themes: it lies on pictures
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    painter.drawRoundedRect(rect, 4, 4)
    painter.setFont(_tag_font())
    painter.setPen(QColor(Qt.GlobalColor.white) if ink is None else ink)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()


def paint_empty(
    painter: QPainter,
    rect: QRectF,
    palette: QPalette,
    headline: str,
    sentence: str,
) -> None:
    """Draw what stands in the middle of a stage without a picture.

    Icon, headline and sentence are centred as one block; either text may be empty.
    """
    tokens = tokens_of(palette)
    strong, caption = role_font("strong"), role_font("caption")
    wrap = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
    inner = rect.adjusted(16, 0, -16, 0)
    heights = [
        QFontMetricsF(font).boundingRect(inner, wrap, text).height() if text else 0.0
        for font, text in ((strong, headline), (caption, sentence))
    ]
    y = rect.center().y() - (28 + 8 + sum(heights) + 6) / 2

    icon = QRectF(rect.center().x() - 14, y, 28, 28)
    draw_icon(painter, icon, "image", tokens.text3)
    y += 28 + 8
    lines = ((headline, strong, tokens.text), (sentence, caption, tokens.text2))
    for (text, font, ink), height in zip(lines, heights, strict=True):
        painter.setFont(font)
        painter.setPen(QColor(ink))
        painter.drawText(QRectF(inner.left(), y, inner.width(), height), wrap, text)
        y += height + (6 if text else 0)


def _tag_font() -> QFont:
    return role_font("caption", QFont.Weight.Medium)
