"""Phosphor icons and the application mark, in the colours of the theme in force."""

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QMarginsF, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QIcon,
    QIconEngine,
    QPainter,
    QPainterPath,
    QPixmap,
    QRawFont,
)

from studio.tokens import tokens_of

_EM = 256
"""Side of the square that every Phosphor icon is drawn in."""


@cache
def _outline(name: str) -> QPainterPath:
    """The icon's shape in a square of 256, origin at the top left.

    Raises:
        ValueError: Phosphor has no icon of that name.
    """
    font, codes = _phosphor()
    if name not in codes:
        raise ValueError(f"there is no Phosphor icon named {name!r}")
    (glyph,) = font.glyphIndexesForString(chr(int(codes[name], 16)))
    path = font.pathForGlyph(glyph).translated(0, _EM)  # its origin is the baseline
    path.setFillRule(Qt.FillRule.WindingFill)
    return path


@cache
def _phosphor() -> tuple[QRawFont, dict[str, str]]:
    """QtAwesome's copy of the font, and the code of every icon in hexadecimal.

    Both are read from its files: importing QtAwesome loads a dozen other fonts and the
    whole of Qt before the first window is painted.
    """
    package = find_spec("qtawesome")
    assert package is not None, "a dependency of ours"
    assert package.submodule_search_locations, "a package"
    folder = Path(package.submodule_search_locations[0]) / "fonts"
    (font,) = folder.glob("phosphor-*.ttf")
    (charmap,) = folder.glob("phosphor-charmap-*.json")
    return QRawFont(str(font), _EM), json.loads(charmap.read_bytes())


def draw_icon(painter: QPainter, rect: QRectF, name: str, colour: str) -> None:
    """Draw icon *name* in *colour* ("#RRGGBB"), as large as *rect* and centred."""
    side = min(rect.width(), rect.height())
    corner = rect.center() - QPointF(side / 2, side / 2)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(corner)
    painter.scale(side / _EM, side / _EM)
    painter.fillPath(_outline(name), QColor(colour))
    painter.restore()


class _PaintedIcon(QIconEngine):
    """An icon drawn anew at every size, so that it is sharp on every screen."""

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        if pixmap.isNull():  # a button that is squeezed to nothing
            return pixmap
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, pixmap.rect(), mode, state)
        painter.end()
        return pixmap


class _ThemedIcon(_PaintedIcon):
    """Looks its colour up while it paints, so that a new theme needs no new icons."""

    def __init__(self, name: str, token: str, name_on: str, token_on: str) -> None:
        super().__init__()
        self._off = (name, token)
        self._on = (name_on, token_on)

    def clone(self) -> QIconEngine:
        return _ThemedIcon(*self._off, *self._on)

    def paint(
        self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State
    ) -> None:
        name, token = self._on if state == QIcon.State.On else self._off
        if mode == QIcon.Mode.Disabled:
            token = "disabled"
        colour = getattr(tokens_of(QGuiApplication.palette()), token)
        draw_icon(painter, QRectF(rect).marginsRemoved(_room(rect)), name, colour)


def _room(rect: QRect) -> QMarginsF:
    """A sixteenth on each side: an icon of 16 is drawn 14 high, to sit well by text."""
    margin = rect.height() / 16
    return QMarginsF(margin, margin, margin, margin)


class _Mark(_PaintedIcon):
    """The application mark."""

    def clone(self) -> QIconEngine:
        return _Mark()

    def paint(
        self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State
    ) -> None:
        draw_mark(painter, QRectF(rect))


def icon(
    name: str,
    color_token: str = "text2",
    *,
    on: str | None = None,
    token_on: str = "accent_text",
) -> QIcon:
    """A Phosphor icon that follows the theme by itself.

    Args:
        name: Its Phosphor name, "folder-open" or "play-fill".
        color_token: The field of `Tokens` that colours it.
        on: Another icon to show while a button is checked, its fill variant say.
        token_on: The colour while checked.

    Raises:
        ValueError: Phosphor has no icon of that name.
    """
    for each in (name, on or name):
        _outline(each)
    return QIcon(_ThemedIcon(name, color_token, on or name, token_on))


def mark_icon() -> QIcon:
    """The application mark, for the window's title bar and the task bar."""
    return QIcon(_Mark())


def draw_mark(painter: QPainter, rect: QRectF) -> None:
    """Draw the application mark: what went in on the left, what came out on the right.

    Args:
        painter: Left as it was found.
        rect: A square.
    """
    tokens = tokens_of(QGuiApplication.palette())
    side = rect.width()
    tile, disc, rim = QPainterPath(), QPainterPath(), QPainterPath()
    tile.addRoundedRect(rect, 0.23 * side, 0.23 * side)
    disc.addEllipse(rect.center(), 0.28 * side, 0.28 * side)
    rim.addEllipse(rect.center(), 0.21 * side, 0.21 * side)
    left = QRectF(rect.left(), rect.top(), side / 2, side)

    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipRect(left)
    painter.fillPath(tile, QColor(tokens.text))
    painter.fillPath(disc - rim, QColor(tokens.surface))
    painter.setClipRect(left.translated(side / 2, 0))
    painter.fillPath(tile, QColor(tokens.accent))
    painter.fillPath(disc, QColor(tokens.on_accent))
    painter.restore()
