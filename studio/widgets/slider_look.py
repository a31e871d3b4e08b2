"""Two pictures in one place, with a bar between them that is dragged."""

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPainterPath, QPen

from studio.widgets.look import Look
from studio.widgets.pair_stage import AFTER, BEFORE, PairStage

KNOB_RADIUS = 20.0


class SliderLook(Look):
    """The left picture left of the bar, the right one right of it.

    Signals:
        position_changed: Part of the seen picture that shows the left one, 0 to 1.
    """

    position_changed = Signal(float)

    def __init__(self, stage: PairStage) -> None:
        """Put the bar in the middle."""
        super().__init__(stage)
        self._position = 0.5

    def position(self) -> float:
        """Return the part of the seen picture that shows the left one, 0 to 1."""
        return self._position

    def set_position(self, position: float) -> None:
        """Move the bar; values outside 0 to 1 stop at the edge."""
        position = min(max(position, 0.0), 1.0)
        if position != self._position:
            self._position = position
            self.changed.emit()
            self.position_changed.emit(position)

    def words(self) -> str:
        """Return where the bar is."""
        percent, word = round(100 * self._position), self._stage.word(BEFORE)
        return self.tr("{0} % of the picture shows {1}.").format(percent, word)

    def paint(self, painter: QPainter) -> None:
        """Draw both halves, each with its tag, and the bar."""
        seen, x = self._stage.seen(), self._bar_x()
        left = QRectF(seen.left(), seen.top(), x - seen.left(), seen.height())
        right = QRectF(x, seen.top(), seen.right() - x, seen.height())
        aligned = Qt.AlignmentFlag
        # Each half keeps its tag: the bar covers word and picture together.
        painter.save()
        for side, half, align in (
            (BEFORE, left, aligned.AlignLeft),
            (AFTER, right, aligned.AlignRight),
        ):
            painter.setClipRect(half)
            self._stage.paint_side(painter, side)
            self._stage.paint_word(painter, self._stage.word(side), align=align)
        painter.restore()
        _paint_bar(painter, x, seen)

    def grabs(self, point: QPointF) -> bool:
        """Anywhere; beside the bar a zoomed picture is panned instead."""
        return not self._stage.can_pan() or self._is_near(point)

    def drag(self, point: QPointF) -> None:
        """Move the bar under the pointer."""
        seen = self._stage.seen()
        self.set_position((point.x() - seen.left()) / max(1.0, seen.width()))

    def double_click(self) -> None:
        """Centre the bar."""
        self.set_position(0.5)

    def cursor(self, point: QPointF) -> Qt.CursorShape | None:
        """Return arrows to both sides near the bar."""
        return Qt.CursorShape.SplitHCursor if self._is_near(point) else None

    def key(self, event: QKeyEvent) -> bool:
        """Move the bar by 1 %, with Shift 10 %, or to an end."""
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        step = 0.1 if shift else 0.01
        targets = {
            Qt.Key.Key_Left: self._position - step,
            Qt.Key.Key_Right: self._position + step,
            Qt.Key.Key_Home: 0.0,
            Qt.Key.Key_End: 1.0,
        }
        key = Qt.Key(event.key())
        if key in targets:
            self.set_position(round(targets[key], 4))
        return key in targets

    def _is_near(self, point: QPointF) -> bool:
        return abs(point.x() - self._bar_x()) <= KNOB_RADIUS

    def _bar_x(self) -> float:
        seen = self._stage.seen()
        x = seen.left() + self._position * seen.width()
        ratio = self._stage.devicePixelRatioF()
        return round(x * ratio) / ratio


def _paint_bar(painter: QPainter, x: float, seen: QRectF) -> None:
    """Draw the white bar with its dark halo and the round knob with two chevrons."""
    halo = QColor(0, 0, 0, 70)
    bar = QRectF(x - 1, seen.top(), 2, seen.height())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(halo)
    painter.drawRect(bar.adjusted(-1, 0, 1, 0))
    painter.setBrush(QColor(Qt.GlobalColor.white))
    painter.drawRect(bar)

    centre = QPointF(x, seen.center().y())
    painter.setBrush(halo)
    painter.drawEllipse(centre, KNOB_RADIUS + 1, KNOB_RADIUS + 1)
    painter.setBrush(QColor(Qt.GlobalColor.white))
    painter.drawEllipse(centre, KNOB_RADIUS, KNOB_RADIUS)

    pen = QPen(QColor(20, 22, 25), 2)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for sign in (-1, 1):
        chevron = QPainterPath(centre + QPointF(sign * 5, -5))
        chevron.lineTo(centre + QPointF(sign * 10, 0))
        chevron.lineTo(centre + QPointF(sign * 5, 5))
        painter.drawPath(chevron)
