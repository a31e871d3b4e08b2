"""A value that curves are compared with: a thin dashed line with its meaning."""

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont

from studio.tokens import Tokens
from studio.widgets.axis_ticks import plain_words


class PlotReference:
    """A dashed line across the plot; its words stand at the left, above it.

    Attributes:
        value: Where it stands on the value axis.
        items: What to add to the plot.
    """

    def __init__(self, value: float, words: str) -> None:
        """Build a line at *value* that means *words* ("guessing")."""
        self.value = value
        self._line = pg.InfiniteLine(angle=0)
        self._label = pg.TextItem(f"{words} {plain_words(value)}", anchor=(0, 1))
        self._label.textItem.document().setDocumentMargin(1)
        self.items = (self._line, self._label)
        for item in self.items:
            item.setZValue(-0.5)  # over the grid, behind every curve

    def apply_theme(self, tokens: Tokens, font: QFont) -> None:
        """Take the colours of *tokens* and write the words in *font*."""
        pen = pg.mkPen(tokens.text3, width=1)
        pen.setDashPattern((4, 4))
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        self._line.setPen(pen)
        self._label.setColor(tokens.text2)
        self._label.textItem.setFont(font)

    def place(self, height: float | None) -> None:
        """Stand at *height*, or nowhere where the axis has no such place."""
        for item in self.items:
            item.setVisible(height is not None)
        if height is not None:
            self._line.setPos(height)
            self._label.setPos(0, height)
