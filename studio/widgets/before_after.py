"""A picture before and after: under a bar, side by side, in a lens, and more."""

from typing import Literal, get_args

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHideEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from studio.tokens import tokens_of
from studio.widgets.blink_look import BlinkLook
from studio.widgets.difference_look import DifferenceLook
from studio.widgets.focus_frame import DRAWS_OWN_FOCUS
from studio.widgets.lens_look import LensLook
from studio.widgets.look import Look, SideLook
from studio.widgets.painting import (
    came_by_keyboard,
    paint_empty,
    paint_focus_ring,
    paint_tag,
    tag_size,
)
from studio.widgets.pair_stage import BEFORE, TAG_MARGIN, PairStage
from studio.widgets.slider_look import SliderLook
from studio.widgets.zoom_stage import MARGIN

Mode = Literal["slider", "side", "lens", "blink", "difference"]


class BeforeAfter(PairStage):
    """The stage on which a translation is compared with what went in.

    Modes: "slider" (a bar between the two), "side" (beside each other), "lens" (one
    through a round glass over the other), "blink" (in turns), "difference" (|Δ| with
    a scale); see the classes named ...Look for their mouse and keys. In all of them
    the wheel, + and - zoom, 0 fits, 1 is the actual size, a zoomed picture is panned by
    dragging it or with Ctrl and the arrow keys, and the original is shown while Space
    is held (in "blink" Space shows the other picture).

    Signals:
        position_changed: Part of the seen picture that shows "before", 0 to 1.
        difference_found: The two are compared in mode "difference". (`Difference`)
    """

    position_changed = Signal(float)
    difference_found = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Build an empty stage in slider mode, the bar in the middle."""
        super().__init__(parent)
        self._mode: Mode = "slider"
        self._busy = ""
        self._empty = (self.tr("No picture yet"), "")
        self._dragging: Literal["handle", "picture"] | None = None
        self._drag_from = QPointF()
        self._focus_shown = False

        self.slider, self.lens = SliderLook(self), LensLook(self)
        self.blink, self.difference = BlinkLook(self), DifferenceLook(self)
        self._looks: dict[Mode, Look] = {
            "slider": self.slider,
            "side": SideLook(self),
            "lens": self.lens,
            "blink": self.blink,
            "difference": self.difference,
        }
        for look in self._looks.values():
            look.changed.connect(self._on_look_changed)
        self.slider.position_changed.connect(self.position_changed)
        self.difference.found.connect(self.difference_found)
        self.pictures_changed.connect(self._arrange)

        self.setProperty(DRAWS_OWN_FOCUS, True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Before and after"))
        self._describe()

    def set_after(self, after: QImage) -> None:
        """Show a newer translation of the same picture and end the busy state."""
        self._busy = ""
        before = self.image(BEFORE) if self._pair[BEFORE] else None
        self.set_pictures(before, after, words=self._words)

    def set_busy(self, busy: bool, share: float = 0.0) -> None:
        """Say that the translation is being redone; what is there stays visible.

        Args:
            busy: Whether it is.
            share: How much of it is done, 0 to 1; 0 where that is not known.
        """
        words = self.tr("Translating…")
        if share > 0:
            words = self.tr("Translating… {0} %").format(int(100 * share))
        self._busy = words if busy else ""
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
        """Look at the two pictures in another way, at the same zoom.

        Raises:
            ValueError: There is no such mode.
        """
        if mode not in self._looks:
            names = ", ".join(get_args(Mode))
            raise ValueError(f"mode must be one of {names}, got {mode!r}")
        self._mode = mode
        self._arrange()
        self.update()

    def position(self) -> float:
        """Return the part of the seen picture that shows "before", 0 to 1."""
        return self.slider.position()

    def set_position(self, position: float) -> None:
        """Move the bar of the slider; values outside 0 to 1 stop at the edge."""
        self.slider.set_position(position)

    def press_space(self, held: bool) -> None:
        """Do what Space does: the original while held; in "blink" the other one."""
        if held and self._mode == "blink" and self.has_both():
            self.blink.step()
        else:
            self.show_original(held)

    @Slot()
    def _arrange(self) -> None:
        """Give the way of looking in use its panes, and end the others."""
        self._set_pane_count(self._looks[self._mode].panes if self.has_both() else 1)
        for mode, look in self._looks.items():
            is_used = mode == self._mode and self.has_both()
            look.set_on(is_used and self.isVisible())
        self._describe()

    @Slot()
    def _on_look_changed(self) -> None:
        self._describe()
        self.update()

    def _look(self) -> Look | None:
        """The way of looking in use, if there is anything to look at with it."""
        can_look = self.has_both() and not self._original_held
        return self._looks[self._mode] if can_look else None

    def _describe(self) -> None:
        if self._pair[BEFORE] is None:
            words = " ".join(text for text in self._empty if text)
        elif self.has_both():
            words = self._looks[self._mode].words()
        else:
            words = self.tr("{0} alone.").format(self.word(BEFORE))
        words = f"{words} {self._overlay_words()} {self._busy}"
        words = " ".join(words.split())
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)

    def _overlay_words(self) -> str:
        overlay = self.overlay()
        if overlay is None or not self.has_both():
            return ""
        title, low, high = overlay.words
        text = self.tr("{0}: on average {1} % from {2} to {3}.")
        return text.format(title, round(100 * overlay.mean), low, high)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the stage, the pictures and the words on them."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens_of(self.palette()).stage))
        painter.drawRoundedRect(self.rect(), 8, 8)
        if self._pair[BEFORE] is None:
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
        look = self._look()
        if look is not None:
            look.paint(painter)
            overlay = self.overlay()
            if overlay is not None and self._mode != "difference":
                self.paint_scale(painter, overlay.panel, Qt.AlignmentFlag.AlignRight)
        elif self._original_held:
            for pane in range(len(self._panes())):
                self.paint_original(painter, pane)
        else:
            self.paint_side(painter, BEFORE)
            self.paint_word(painter, self.word(BEFORE))

    def _paint_busy(self, painter: QPainter) -> None:
        rect = QRectF(QPointF(0, 0), tag_size(self._busy))
        rect.moveCenter(QPointF(self.width() / 2, 0))
        rect.moveBottom(self.height() - MARGIN - TAG_MARGIN)
        paint_tag(painter, self._busy, rect)

    # Input

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of what the way of looking has to drag, or of a zoomed picture."""
        if self._pair[BEFORE] is None:
            return
        self._drag_from = event.position()
        left = event.button() == Qt.MouseButton.LeftButton
        look = self._look()
        grabs = left and look is not None and look.grabs(event.position())
        if look is not None and grabs:
            self._dragging = "handle"
            look.drag(event.position())
        elif event.button() == Qt.MouseButton.MiddleButton or (
            left and self._can_pan()
        ):
            self._dragging = "picture"
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move what was taken hold of; show what could be."""
        look = self._look()
        if self._dragging == "handle" and look is not None:
            look.drag(event.position())
        elif self._dragging == "picture":
            self._pan(event.position() - self._drag_from)
            self._drag_from = event.position()
        else:
            self._show_cursor(event.position())
        if look is not None:
            look.hover(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self._dragging = None
        self._show_cursor(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Centre the bar, swap the pictures of the lens, stop or go on blinking."""
        look = self._look()
        if event.button() == Qt.MouseButton.LeftButton and look is not None:
            look.double_click()

    def _show_cursor(self, point: QPointF) -> None:
        look = self._look()
        shape = None if look is None else look.cursor(point)
        shapes = Qt.CursorShape
        hand = shapes.OpenHandCursor if self._can_pan() else shapes.ArrowCursor
        self.setCursor(hand if shape is None else shape)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the pointer, unless the way of looking wants the wheel."""
        look = self._look()
        if look is not None and look.wheel(event):
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Zoom, pan, show the original, or do what the way of looking has keys for."""
        self._focus_shown = True
        look = self._look()
        if self._view_key(event) or (look is not None and look.key(event)):
            pass
        elif event.key() == Qt.Key.Key_Space:
            self.show_original(True)
        else:
            super().keyPressEvent(event)
        self.update()

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

    def showEvent(self, event: QShowEvent) -> None:
        """Go on with what rests while nobody sees it."""
        super().showEvent(event)
        self._arrange()

    def hideEvent(self, event: QHideEvent) -> None:
        """Let what takes turns or is compared rest."""
        super().hideEvent(event)
        self._looks[self._mode].set_on(False)

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
