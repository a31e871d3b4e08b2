"""A picture before and after, under a bar that is dragged, or side by side."""

from typing import Literal

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from studio.tokens import tokens_of
from studio.widgets.focus_frame import DRAWS_OWN_FOCUS
from studio.widgets.painting import (
    came_by_keyboard,
    paint_empty,
    paint_focus_ring,
    paint_tag,
    tag_size,
)
from studio.widgets.zoom_stage import MARGIN, ZoomStage

Mode = Literal["slider", "side"]

KNOB_RADIUS = 20.0
TAG_MARGIN = 12.0


class BeforeAfter(ZoomStage):
    """The stage on which a translation is compared with what went in.

    In slider mode the bar is dragged from anywhere, or moved by the arrow keys (1 %,
    with Shift 10 %), Home and End; a double click centres it. While Space is held the
    original is shown. The wheel zooms about the pointer. A zoomed picture is panned by
    dragging it beside the bar, or with the middle button anywhere.

    Signals:
        position_changed: Part of the seen picture that shows "before", 0 to 1.
    """

    position_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Build an empty stage in slider mode, the bar in the middle."""
        super().__init__(parent)
        self._before: QImage | None = None
        self._after: QImage | None = None
        self._mode: Mode = "slider"
        self._position = 0.5
        self._busy = ""
        self._empty = (self.tr("No picture yet"), "")
        self._original_held = False
        self._dragging: Literal["bar", "picture"] | None = None
        self._drag_from = QPointF()
        self._focus_shown = False

        self.setProperty(DRAWS_OWN_FOCUS, True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Before and after"))
        self._describe()

    def set_pictures(self, before: QImage | None, after: QImage | None) -> None:
        """Show a picture and its translation; the bar stays where it is.

        Args:
            before: What went in; None empties the stage.
            after: What came out, drawn at the size of *before*; None while there is
                no translation yet.
        """
        self._before, self._after = before, after
        self._set_picture_size(None if before is None else before.size())
        self._arrange()
        self.update()

    def set_after(self, after: QImage) -> None:
        """Show a newer translation of the same picture and end the busy state."""
        self._busy = ""
        self.set_pictures(self._before, after)

    def set_busy(self, busy: bool) -> None:
        """Say that the translation is being redone; what is there stays visible."""
        self._busy = self.tr("Translating…") if busy else ""
        self._describe()
        self.update()

    def set_empty_text(self, headline: str, sentence: str) -> None:
        """Choose the words of the stage without a picture."""
        self._empty = (headline, sentence)
        self._describe()
        self.update()

    def mode(self) -> Mode:
        """Return how the two pictures are shown."""
        return self._mode

    def set_mode(self, mode: Mode) -> None:
        """Show one picture under a bar ("slider") or both ("side"), equally zoomed."""
        self._mode = mode
        self._arrange()
        self.update()

    def position(self) -> float:
        """Return the part of the seen picture that shows "before", 0 to 1."""
        return self._position

    def set_position(self, position: float) -> None:
        """Move the bar; values outside 0 to 1 stop at the edge."""
        position = min(max(position, 0.0), 1.0)
        if position == self._position:
            return
        self._position = position
        self._describe()
        self.update()
        self.position_changed.emit(position)

    def show_original(self, held: bool) -> None:
        """Show what went in alone, as while Space is held, or both again."""
        self._original_held = held
        self.update()

    def _arrange(self) -> None:
        side_by_side = self._mode == "side" and self._after is not None
        self._set_pane_count(2 if side_by_side else 1)
        self._describe()

    def _describe(self) -> None:
        if self._before is None:
            words = " ".join(text for text in self._empty if text)
        elif self._mode == "slider":
            percent = round(100 * self._position)
            words = self.tr("{0} % of the picture shows before.").format(percent)
        else:
            words = self.tr("Before on the left, after on the right.")
        self.setAccessibleDescription(f"{words} {self._busy}".strip())

    def _bar_x(self) -> float:
        seen = self._seen(self._panes()[0])
        x = seen.left() + self._position * seen.width()
        ratio = self.devicePixelRatioF()
        return round(x * ratio) / ratio

    def _bar_is_shown(self) -> bool:
        has_both = self._before is not None and self._after is not None
        return has_both and self._mode == "slider" and not self._original_held

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the stage, the pictures, the bar and the words on them."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens_of(self.palette()).stage))
        painter.drawRoundedRect(self.rect(), 8, 8)
        if self._before is None:
            rect = QRectF(self.rect())
            paint_empty(painter, rect, self.palette(), *self._empty)
        else:
            self._paint_pictures(painter)
        if self._busy:
            self._paint_busy(painter)
        if self._focus_shown and self.hasFocus():
            rect = QRectF(self.rect())
            paint_focus_ring(painter, rect, self.palette(), radius=8)

    def _paint_pictures(self, painter: QPainter) -> None:
        before, after = self.tr("Before"), self.tr("After")
        if self._bar_is_shown():
            self._paint_split(painter, before, after)
            return
        self._paint_side(painter, self._before, 0, before)
        if len(self._panes()) == 2:
            if self._original_held:
                self._paint_side(painter, self._before, 1, before)
            else:
                self._paint_side(painter, self._after, 1, after)

    def _paint_split(self, painter: QPainter, before: str, after: str) -> None:
        seen, x = self._seen(self._panes()[0]), self._bar_x()
        left = QRectF(seen.left(), seen.top(), x - seen.left(), seen.height())
        right = QRectF(x, seen.top(), seen.right() - x, seen.height())
        # Each half keeps its tag: the bar covers word and picture together.
        painter.save()
        painter.setClipRect(left)
        self._paint_side(painter, self._before, 0, before)
        painter.setClipRect(right)
        self._paint_side(painter, self._after, 1, after)
        painter.restore()
        _paint_bar(painter, x, seen)

    def _paint_side(
        self, painter: QPainter, image: QImage | None, side: int, word: str
    ) -> None:
        """Draw one picture with its tag, at the left for side 0, the right for 1."""
        if image is None:
            return
        self._paint_in_pane(painter, image, side)
        panes = self._panes()
        seen = self._seen(panes[min(side, len(panes) - 1)])
        rect = QRectF(seen.topLeft(), tag_size(word))
        rect.translate(TAG_MARGIN, TAG_MARGIN)
        if side == 1 and len(panes) == 1:
            rect.moveRight(seen.right() - TAG_MARGIN)
        paint_tag(painter, word, rect)

    def _paint_busy(self, painter: QPainter) -> None:
        rect = QRectF(QPointF(0, 0), tag_size(self._busy))
        rect.moveCenter(QPointF(self.width() / 2, 0))
        rect.moveBottom(self.height() - MARGIN - TAG_MARGIN)
        paint_tag(painter, self._busy, rect)

    # Input

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the bar, or of a zoomed picture."""
        if self._before is None:
            return
        self._drag_from = event.position()
        left = event.button() == Qt.MouseButton.LeftButton
        near_bar = abs(event.position().x() - self._bar_x()) <= KNOB_RADIUS
        if event.button() == Qt.MouseButton.MiddleButton or (
            left and self._can_pan() and not (self._bar_is_shown() and near_bar)
        ):
            self._dragging = "picture"
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif left and self._bar_is_shown():
            self._dragging = "bar"
            self._drag_bar(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move what was taken hold of; show what could be."""
        if self._dragging == "bar":
            self._drag_bar(event.position())
        elif self._dragging == "picture":
            self._pan(event.position() - self._drag_from)
            self._drag_from = event.position()
        else:
            self._show_cursor(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self._dragging = None
        self._show_cursor(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Centre the bar."""
        if event.button() == Qt.MouseButton.LeftButton and self._bar_is_shown():
            self.set_position(0.5)

    def _drag_bar(self, point: QPointF) -> None:
        seen = self._seen(self._panes()[0])
        self.set_position((point.x() - seen.left()) / max(1.0, seen.width()))

    def _show_cursor(self, point: QPointF) -> None:
        shapes = Qt.CursorShape
        if self._bar_is_shown() and abs(point.x() - self._bar_x()) <= KNOB_RADIUS:
            self.setCursor(shapes.SplitHCursor)
        else:
            can_pan = self._can_pan()
            self.setCursor(shapes.OpenHandCursor if can_pan else shapes.ArrowCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the bar, zoom, or show the original."""
        self._focus_shown = True
        if event.matches(QKeySequence.StandardKey.ZoomIn) or event.text() == "+":
            self.zoom_in()
        elif event.matches(QKeySequence.StandardKey.ZoomOut) or event.text() == "-":
            self.zoom_out()
        elif event.text() == "0":
            self.fit()
        elif event.text() == "1":
            self.actual_size()
        elif event.key() == Qt.Key.Key_Space:
            self.show_original(True)
        elif self._bar_is_shown() and self._move_bar_by_key(event):
            pass
        else:
            super().keyPressEvent(event)
        self.update()

    def _move_bar_by_key(self, event: QKeyEvent) -> bool:
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

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Show the translation again when Space is let go."""
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self.show_original(False)
            return
        super().keyReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus if a key brought it."""
        self._focus_shown = came_by_keyboard(event)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Let go of the original: the release of Space goes elsewhere now."""
        self.show_original(False)
        super().focusOutEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Translate the description again when the language changes."""
        if event.type() == QEvent.Type.LanguageChange:
            self._describe()
        super().changeEvent(event)

    def sizeHint(self) -> QSize:
        """Return a stage for a photo."""
        return QSize(640, 480)

    def minimumSizeHint(self) -> QSize:
        """Return the smallest stage on which two halves can be told apart."""
        return QSize(240, 180)


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
