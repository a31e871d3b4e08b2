"""What is drawn over the pictures of a map: choice, pins, axes, the edge."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPalette, QPen

from studio.fonts import role_font
from studio.tokens import DARK, tokens_of
from studio.widgets.painting import paint_focus_ring, paint_tag, tag_size

RADIUS = 8.0
BADGE = 16.0
_MARGIN = 12.0

# The stage of pictures is dark in both themes, and so are the marks on it light.
_STAGE, _CHOSEN = DARK.stage, DARK.accent_ui
_HALO = QColor(0, 0, 0, 150)


class Pin(NamedTuple):
    """A point of the plane that is pinned, under its number."""

    number: int
    x: float
    y: float


def place_words(value: float) -> str:
    """A place along a direction: "0.8", "−1.2", never "−0.0"."""
    return f"{round(value, 1) + 0.0:.1f}".replace("-", "−")


def paint_edge(
    painter: QPainter, rect: QRectF, palette: QPalette, *, ring: bool = False
) -> None:
    """Round the corners of the map.

    Args:
        painter: Draws.
        rect: The whole widget.
        palette: Has the colour of the page, which the corners get.
        ring: Whether the keyboard is here.
    """
    corners, inner = QPainterPath(), QPainterPath()
    corners.addRect(rect)
    inner.addRoundedRect(rect, RADIUS, RADIUS)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillPath(corners.subtracted(inner), QColor(tokens_of(palette).bg))
    if ring:
        paint_focus_ring(painter, rect, palette, RADIUS - 1)


def paint_marks(
    painter: QPainter,
    pins: Sequence[tuple[QRectF, int]],
    chosen: QRectF | None,
) -> None:
    """Draw the pins with their numbers, and the choice over them."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for square, number in pins:
        _outline(
            painter, square.adjusted(0.75, 0.75, -0.75, -0.75), QColor("white"), 1.5
        )
        paint_badge(painter, square, number)
    if chosen is not None:
        _outline(painter, chosen, QColor(_CHOSEN), 3.0)
    painter.restore()


def paint_axes(painter: QPainter, rect: QRectF, across: str, up: str) -> None:
    """Name the axes in the corners that they point away from."""
    if up:
        _tag(painter, f"↑  {up}", QPointF(_MARGIN, _MARGIN))
    if across:
        words = f"{across}  →"
        bottom = rect.bottom() - _MARGIN - tag_size(words).height()
        _tag(painter, words, QPointF(_MARGIN, bottom))


def _tag(painter: QPainter, words: str, corner: QPointF) -> None:
    paint_tag(painter, words, QRectF(corner, tag_size(words)))


def _outline(painter: QPainter, rect: QRectF, colour: QColor, width: float) -> None:
    """A line with a dark halo, so that it is seen on any picture."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen, pen_width in ((_HALO, width + 2), (colour, width)):
        painter.setPen(QPen(pen, pen_width, j=Qt.PenJoinStyle.MiterJoin))
        painter.drawRect(rect)


def paint_badge(painter: QPainter, square: QRectF, number: int) -> None:
    """Draw the number of a pin in the top right corner of its picture."""
    disc = QRectF(0, 0, BADGE, BADGE)
    disc.moveCenter(square.topRight() + QPointF(-BADGE / 2 - 2, BADGE / 2 + 2))
    painter.setPen(QPen(_HALO, 2))  # on white pictures, too, it is a disc
    painter.setBrush(QColor("white"))
    painter.drawEllipse(disc)
    painter.setFont(role_font("label"))
    painter.setPen(QColor(_STAGE))
    painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, str(number))
