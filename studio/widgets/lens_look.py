"""A round glass over one picture, through which the other is seen."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPainterPath, QPen, QWheelEvent

from studio.widgets.look import Look
from studio.widgets.painting import paint_tag, tag_size
from studio.widgets.pair_stage import AFTER, BEFORE, PairStage

SMALLEST, LARGEST = 32.0, 400.0  # radius in widget pixels
GROWTH = 1.15
STEP, BIG_STEP = 8.0, 64.0  # widget pixels an arrow key moves the glass


class LensLook(Look):
    """The glass follows the pointer; it shows the right picture, or swapped the left.

    Arrow keys move it 8 pixels, with Shift 64, Home brings it to the middle. Shift and
    the wheel, or [ and ], change its size; Enter or a double click swaps the pictures.
    """

    def __init__(self, stage: PairStage) -> None:
        """Put the glass in the middle."""
        super().__init__(stage)
        self._at = QPointF(0.5, 0.5)
        self._radius = 96.0
        self._under, self._inside = BEFORE, AFTER

    def centre(self) -> QPointF:
        """Return where the glass is, in widget pixels."""
        seen = self._stage.seen()
        size = seen.size()
        at = QPointF(self._at.x() * size.width(), self._at.y() * size.height())
        return seen.topLeft() + at

    def radius(self) -> float:
        """Return half the width of the glass, in widget pixels."""
        return self._radius

    def set_radius(self, radius: float) -> None:
        """Make the glass larger or smaller, between 32 and 400."""
        self._radius = min(max(radius, SMALLEST), LARGEST)
        self.changed.emit()

    def words(self) -> str:
        """Return where the glass is, how wide, and what it shows."""
        text = self.tr(
            "A glass of {0} pixels, {1} % across and {2} % down, "
            "shows {3} over {4}. Enter swaps them."
        )
        across, down = round(100 * self._at.x()), round(100 * self._at.y())
        inside, under = self._stage.word(self._inside), self._stage.word(self._under)
        return text.format(round(2 * self._radius), across, down, inside, under)

    def paint(self, painter: QPainter) -> None:
        """Draw one picture, the other inside the glass, and its rim."""
        centre, radius = self.centre(), self._radius
        self._stage.paint_side(painter, self._under)
        self._stage.paint_word(painter, self._stage.word(self._under))
        glass = QPainterPath()
        glass.addEllipse(centre, radius, radius)
        painter.save()
        painter.setClipPath(glass)
        self._stage.paint_side(painter, self._inside)
        painter.restore()
        painter.save()
        painter.setClipRect(self._stage.seen())
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((QColor(0, 0, 0, 70), 4), (Qt.GlobalColor.white, 2)):
            painter.setPen(QPen(QColor(colour), width))
            painter.drawEllipse(centre, radius, radius)
        painter.restore()
        self._paint_tag(painter, centre)

    def hover(self, point: QPointF) -> None:
        """Bring the glass under the pointer."""
        seen = self._stage.seen()
        self._at = QPointF(
            _part(point.x() - seen.left(), seen.width()),
            _part(point.y() - seen.top(), seen.height()),
        )
        self.changed.emit()

    def double_click(self) -> None:
        """Swap what is inside the glass and what is around it."""
        self._under, self._inside = self._inside, self._under
        self.changed.emit()

    def key(self, event: QKeyEvent) -> bool:
        """Move the glass, change its size, or swap the pictures."""
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        step = BIG_STEP if shift else STEP
        moves = {
            Qt.Key.Key_Left: QPointF(-step, 0),
            Qt.Key.Key_Right: QPointF(step, 0),
            Qt.Key.Key_Up: QPointF(0, -step),
            Qt.Key.Key_Down: QPointF(0, step),
        }
        key = Qt.Key(event.key())
        if key in moves:
            self.hover(self.centre() + moves[key])
        elif key == Qt.Key.Key_Home:
            self.hover(self._stage.seen().center())
        elif event.text() in ("[", "]"):
            grows = event.text() == "]"
            self.set_radius(self._radius * (GROWTH if grows else 1 / GROWTH))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.double_click()
        else:
            return False
        return True

    def wheel(self, event: QWheelEvent) -> bool:
        """Change the size of the glass while Shift is held."""
        if not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            return False
        turned = event.angleDelta()  # with Shift some systems report it as sideways
        self.set_radius(self._radius * GROWTH ** ((turned.y() or turned.x()) / 120))
        return True

    def _paint_tag(self, painter: QPainter, centre: QPointF) -> None:
        """Draw what the glass shows on its lower rim, inside the picture."""
        word, seen = self._stage.word(self._inside), self._stage.seen()
        tag = QRectF(QPointF(0, 0), tag_size(word))
        tag.moveCenter(centre + QPointF(0, self._radius))
        tag.moveLeft(max(seen.left(), min(tag.left(), seen.right() - tag.width())))
        tag.moveTop(max(seen.top(), min(tag.top(), seen.bottom() - tag.height())))
        paint_tag(painter, word, tag)


def _part(distance: float, length: float) -> float:
    return min(max(distance / max(1.0, length), 0.0), 1.0)
