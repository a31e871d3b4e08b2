"""A thick line that is quick to paint."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

_PIECE = 16  # points


class PlotStroke(pg.PlotCurveItem):  # type: ignore[misc]  # pyqtgraph has no types
    """A curve painted in short pieces, each with its part of the dashes.

    Qt fills the outline of a thick smooth-edged line as one shape, which takes about
    the square of its corners: 220 ms for 850 jagged points, 22 ms in these pieces.
    """

    def paint(
        self,
        painter: QPainter,
        _option: QStyleOptionGraphicsItem,
        _widget: QWidget | None = None,
    ) -> None:
        """Draw piece by piece; each goes on into the next, so that no joint shows."""
        xs, ys = self.getData()
        if xs is None or len(xs) < 2:
            return
        pen = QPen(self.opts["pen"])
        view = painter.deviceTransform()
        px = np.hypot(np.diff(xs) * view.m11(), np.diff(ys) * view.m22())
        phases = np.append(0.0, np.cumsum(px)) / pen.widthF()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for start in range(0, len(xs) - 1, _PIECE):
            piece = slice(start, start + _PIECE + 2)
            pen.setDashOffset(float(phases[start]))
            painter.setPen(pen)
            painter.drawPolyline(pg.functions.arrayToQPolygonF(xs[piece], ys[piece]))
