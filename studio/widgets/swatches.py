"""Colours to draw with, in a row, of which one is chosen."""

import colorsys
from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QHBoxLayout,
    QToolButton,
    QWidget,
)

from studio.tokens import tokens_of
from studio.widgets.buttons import keep_one_tab_stop
from studio.widgets.drawing import Colour
from studio.widgets.picture import paint_hairline

SIDE = 32


class Swatches(QWidget):
    """One square of 24 for each colour; the arrow keys move between them.

    Signals:
        chosen: The user chose another colour. (Colour)
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Build an empty row."""
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self.setFixedHeight(SIDE)
        self.setAccessibleName(self.tr("Colours"))
        self._group.buttonClicked.connect(self._on_clicked)

    def colours(self) -> tuple[Colour, ...]:
        """The colours that are offered, in order."""
        return tuple(swatch.colour for swatch in self._swatches())

    def colour(self) -> Colour | None:
        """The one that is chosen, None where there is none."""
        return next((s.colour for s in self._swatches() if s.isChecked()), None)

    def set_colours(self, colours: Sequence[Colour], chosen: Colour) -> None:
        """Offer other colours; nothing is told.

        Args:
            colours: In the order of the row.
            chosen: One of them.
        """
        for button in self._group.buttons():
            self._group.removeButton(button)
            self._row.removeWidget(button)
            button.deleteLater()
        for colour in colours:
            swatch = _Swatch(colour, self.name_of(colour))
            swatch.setChecked(colour == chosen)
            self._group.addButton(swatch)
            self._row.addWidget(swatch)
        keep_one_tab_stop(self._group)

    def name_of(self, colour: Colour) -> str:
        """What a colour is called, in a word or two."""
        hue, lightness, saturation = colorsys.rgb_to_hls(*(v / 255 for v in colour))
        chroma = (max(colour) - min(colour)) / 255
        if lightness > 0.96:
            return self.tr("white")
        if lightness < 0.06:
            return self.tr("black")
        if chroma < 0.08:
            return self._shade(lightness).format(self.tr("grey"))
        if saturation < 0.25:
            words = self.tr("greyish {0}").format(self._hue(hue * 360, lightness))
        else:
            words = self._hue(hue * 360, lightness)
        return self._shade(lightness).format(words)

    def _shade(self, lightness: float) -> str:
        if lightness < 0.3:
            return self.tr("dark {0}")
        return self.tr("light {0}") if lightness > 0.7 else "{0}"

    def _hue(self, degrees: float, lightness: float) -> str:
        if 12 <= degrees < 45 and lightness < 0.42:
            return self.tr("brown")
        for until, word in (
            (12, self.tr("red")),
            (40, self.tr("orange")),
            (68, self.tr("yellow")),
            (160, self.tr("green")),
            (192, self.tr("turquoise")),
            (250, self.tr("blue")),
            (300, self.tr("purple")),
            (345, self.tr("pink")),
        ):
            if degrees < until:
                return word
        return self.tr("red")

    def _swatches(self) -> list["_Swatch"]:
        return [b for b in self._group.buttons() if isinstance(b, _Swatch)]

    def _on_clicked(self, button: QAbstractButton) -> None:
        if isinstance(button, _Swatch):
            self.chosen.emit(button.colour)


class _Swatch(QToolButton):
    def __init__(self, colour: Colour, name: str) -> None:
        super().__init__()
        self.colour = colour
        self.setCheckable(True)
        self.setFixedSize(SIDE, SIDE)
        self.setToolTip(name)
        self.setAccessibleName(name)

    def sizeHint(self) -> QSize:
        return QSize(SIDE, SIDE)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_chosen = self.isChecked()
        inset = 6 if is_chosen else 4
        square = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(*self.colour))
        painter.drawRoundedRect(square, 4, 4)
        paint_hairline(painter, square, self.palette())
        tokens = tokens_of(self.palette())
        if is_chosen or self.underMouse():
            colour = tokens.accent_ui if is_chosen else tokens.line2
            painter.setPen(QPen(QColor(colour), 2 if is_chosen else 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            ring = QRectF(self.rect()).adjusted(3, 3, -3, -3)
            painter.drawRoundedRect(ring, 6, 6)
