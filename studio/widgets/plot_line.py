"""One curve of a plot: its two lines, its dot and the label at its end."""

import html

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont

from engines.training.reports import Curve
from studio.tokens import LIGHT, Tokens
from studio.widgets.axis_ticks import value_words
from studio.widgets.curve_points import CurvePoints, Floats
from studio.widgets.labels import tooltip
from studio.widgets.plot_dot import PlotDot
from studio.widgets.plot_stroke import PlotStroke

# In pen widths; a curve keeps its dash on every page, so colour is never alone.
DASHES: tuple[tuple[float, ...], ...] = (
    (),
    (7, 4),
    (2, 3),
    (9, 3, 2, 3),
    (1, 2),
)
_LABEL_OFFSET_PX = 6  # from the last point to the box of its label
_RAW_ALPHA = {True: 64, False: 80}  # on white, on dark


class PlotLine:
    """The numbers of one curve and the graphics items that draw them.

    Attributes:
        curve: What it is called and what it means.
        points: Its numbers.
        items: What to add to the plot.
        label: Name and latest value; the plot decides on its height.
    """

    def __init__(self, curve: Curve, number: int, *, exact: bool = False) -> None:
        """Build an empty line.

        Args:
            curve: What it is called and what it means.
            number: From 1, choosing colour and dash; after five they repeat.
            exact: Whether to draw values as they are, not smoothed.
        """
        self.curve = curve
        self.points = CurvePoints(keep=0.0) if exact else CurvePoints()
        self._style = (number - 1) % len(DASHES)
        self._raw = pg.PlotCurveItem(antialias=True)
        self._smooth = PlotStroke()
        self._dot = PlotDot(diameter=7)
        self.label = pg.TextItem(anchor=(0, 0.5))
        self.label.setToolTip(tooltip(curve.words))
        self.label.textItem.document().setDocumentMargin(2)
        # All raw lines behind all smooth ones; labels hide grid lines, never a curve.
        self.items = (self.label, self._raw, self._smooth, self._dot)
        for depth, item in enumerate(self.items):
            item.setZValue(depth)

    @property
    def last_step(self) -> float:
        """The newest step, 0 where there is none."""
        return self.points.last_step

    @property
    def label_room(self) -> float:
        """Pixels that the label takes right of the last point, 0 for no label."""
        if not len(self.points):
            return 0.0
        return _LABEL_OFFSET_PX + float(self.label.boundingRect().width())

    def apply_theme(self, tokens: Tokens, font: QFont) -> None:
        """Take the colours of *tokens* and write the label in *font*."""
        colour = QColor(tokens.plot[self._style])
        faint = QColor(colour)
        faint.setAlpha(_RAW_ALPHA[tokens is LIGHT])
        self._raw.setPen(pg.mkPen(faint, width=1))
        pen = pg.mkPen(colour, width=2)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        # Of two pixels nobody sees the corners: round ones take a sixth longer.
        pen.setJoinStyle(Qt.PenJoinStyle.BevelJoin)
        if DASHES[self._style]:
            pen.setDashPattern(DASHES[self._style])
        self._smooth.setPen(pen)
        self._dot.set_colours(colour, QColor(tokens.surface))
        self.label.textItem.setFont(font)
        self.label.fill = pg.mkBrush(tokens.surface)

    def write_label(self, tokens: Tokens) -> None:
        """Write name and latest value, so that `label_room` is right."""
        self.label.setVisible(bool(len(self.points)))
        if not len(self.points):
            return
        value = value_words(self.points.latest)
        self.label.setHtml(
            f'<span style="font-weight:600; color:{tokens.text}">'
            f"{html.escape(self.curve.label)}</span>&nbsp; "
            f'<span style="color:{tokens.text2}">{value}</span>'
        )

    def draw(self, raw: tuple[Floats, Floats], smooth: tuple[Floats, Floats]) -> None:
        """Draw thinned points, steps and heights in the plot's own coordinates."""
        self._raw.setData(*raw)
        self._smooth.setData(*smooth)
        self._dot.place(*smooth)

    def place_label(self, height: float, px_per_step: float) -> None:
        """Stand the label behind the last point, at *height*."""
        self.label.setPos(self.last_step + _LABEL_OFFSET_PX / px_per_step, height)
