"""A strip of small pictures through time, with a playhead to scrub."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.fonts import role_font
from studio.tokens import tokens_of
from studio.widgets.focus_frame import DRAWS_OWN_FOCUS
from studio.widgets.painting import (
    came_by_keyboard,
    paint_dashed,
    paint_focus_ring,
    paint_tag,
    tag_size,
)
from studio.widgets.picture import paint_cover

LIVE = -1
MAX_SLOTS = 16
THUMB_HEIGHT = 46.0
GAP = 4.0
RING = 4.0  # room for the focus ring around the playhead's tag
MIN_SLOT_WIDTH = 40.0
MAX_SLOT_WIDTH = 64.0


class HistoryStrip(QWidget):
    """Up to 16 previews of a run, oldest first; the newest one is "now".

    When there are more, the one whose loss leaves the smallest hole goes. Clicking,
    dragging, the arrow keys, Home and End choose a step; End returns to "now", which
    then follows the run.

    Signals:
        step_chosen: The chosen step, or -1 for the newest one, whatever comes.
    """

    step_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Build an empty strip that follows the run."""
        super().__init__(parent)
        self._previews: dict[int, QImage | None] = {}
        self._chosen = LIVE
        self._focus_shown = False

        self.setProperty(DRAWS_OWN_FOCUS, True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("History"))
        self._describe()

    def steps(self) -> list[int]:
        """Return the steps that are kept, ascending."""
        return list(self._previews)

    def chosen_step(self) -> int:
        """Return the chosen step, or -1 when the strip follows the run."""
        return self._chosen

    def set_previews(self, previews: Iterable[tuple[int, QImage | None]]) -> None:
        """Replace all previews.

        Args:
            previews: (step, picture) in any order; the picture is None where it is
                missing, which is drawn dashed. A chosen step stays chosen if it is
                still among them.
        """
        self._previews = {}
        for step, image in sorted(previews, key=lambda preview: preview[0]):
            self._keep(step, image)
        if self._chosen not in self._previews:
            self._chosen = LIVE
        self._describe()
        self.update()

    def add_preview(self, step: int, image: QImage | None) -> None:
        """Add the newest preview, or fill in one that was missing.

        Raises:
            ValueError: The step is older than the newest one and not in the strip.
        """
        if self._previews and step not in self._previews and step < self._newest():
            raise ValueError(f"step {step} is older than step {self._newest()}")
        self._keep(step, image)
        self._describe()
        self.update()

    def clear(self) -> None:
        """Forget all previews and follow the next run."""
        self.set_previews([])

    def choose(self, step: int) -> None:
        """Move the playhead; the newest step, and -1, mean to follow the run.

        Raises:
            ValueError: The strip has no such step.
        """
        if step != LIVE and step not in self._previews:
            raise ValueError(f"the history has no step {step}")
        if self._previews and step == self._newest():
            step = LIVE
        if step == self._chosen:
            return
        self._chosen = step
        self._describe()
        self.update()
        self.step_chosen.emit(step)

    def _newest(self) -> int:
        return next(reversed(self._previews))

    def _keep(self, step: int, image: QImage | None) -> None:
        self._previews[step] = image
        if len(self._previews) > MAX_SLOTS:
            shown = thinned(self.steps(), MAX_SLOTS, keep=self._chosen)
            self._previews = {step: self._previews[step] for step in shown}

    def _playhead(self) -> int:
        return self._newest() if self._chosen == LIVE else self._chosen

    def _playhead_words(self) -> str:
        if self._chosen == LIVE:
            return self.tr("now · {0}").format(self._newest())
        return self.tr("step {0}").format(self._chosen)

    def _describe(self) -> None:
        words = self._playhead_words() if self._previews else self.tr("No preview yet")
        self.setAccessibleDescription(words)

    # Geometry

    def _slots(self) -> dict[int, QRectF]:
        """Return the tile of every step that fits, ascending."""
        room = min(self._slot_count(), len(self._previews))
        steps = thinned(self.steps(), room, keep=self._chosen)
        return {step: self._tile(i) for i, step in enumerate(steps)}

    def _slot_count(self) -> int:
        fitting = int((self.width() + GAP) // (MIN_SLOT_WIDTH + GAP))
        return min(MAX_SLOTS, max(4, fitting))

    def _tile(self, index: int) -> QRectF:
        pitch = min((self.width() + GAP) / self._slot_count(), MAX_SLOT_WIDTH + GAP)
        left, right = round(index * pitch), round((index + 1) * pitch - GAP)
        return QRectF(left, 0, right - left, THUMB_HEIGHT)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the tiles, the step numbers below them and the playhead."""
        painter = QPainter(self)
        line = tokens_of(self.palette()).track
        slots = self._slots()
        for index in range(len(slots), self._slot_count()):
            paint_dashed(painter, self._tile(index), line)
        for step, tile in slots.items():
            self._paint_tile(painter, step, tile)
        if slots:
            tag = self._paint_playhead_tag(painter, slots[self._playhead()])
            self._paint_steps(painter, slots, tag)
            if self._focus_shown and self.hasFocus():
                around = tag.adjusted(-RING, -RING, RING, RING)
                paint_focus_ring(painter, around, self.palette())

    def _paint_tile(self, painter: QPainter, step: int, tile: QRectF) -> None:
        tokens = tokens_of(self.palette())
        image = self._previews[step]
        chosen = step == self._playhead()
        inner = tile.adjusted(3, 3, -3, -3) if chosen else tile
        if image is None:
            paint_dashed(painter, inner, tokens.line2)
        else:
            paint_cover(painter, image, inner, self.palette())
        if chosen:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(tokens.accent_ui), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(tile.adjusted(1, 1, -1, -1), 5, 5)

    def _paint_playhead_tag(self, painter: QPainter, tile: QRectF) -> QRectF:
        tokens = tokens_of(self.palette())
        words = self._playhead_words()
        rect = QRectF(QPointF(0, 0), tag_size(words))
        rect.moveTop(tile.bottom() + GAP)
        rect.moveLeft(round(tile.center().x() - rect.width() / 2))
        rightmost = self.width() - RING - rect.width()
        rect.moveLeft(max(RING, min(rect.left(), rightmost)))
        fill, ink = QColor(tokens.accent), QColor(tokens.on_accent)
        paint_tag(painter, words, rect, fill=fill, ink=ink)
        return rect

    def _paint_steps(
        self, painter: QPainter, slots: dict[int, QRectF], tag: QRectF
    ) -> None:
        """Number as many tiles as leaves every number readable and the tag clear."""
        painter.setFont(role_font("label", QFont.Weight.Normal))
        painter.setPen(QColor(tokens_of(self.palette()).text2))
        metrics = QFontMetricsF(painter.font())
        free_from = 0.0
        for step, tile in slots.items():
            width = metrics.horizontalAdvance(str(step))
            rect = QRectF(QPointF(tile.left(), tag.top()), QSizeF(width, tag.height()))
            near_tag = rect.right() + 12 > tag.left() and rect.left() - 12 < tag.right()
            if rect.left() < free_from or near_tag or rect.right() > self.width():
                continue
            painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, str(step))
            free_from = rect.right() + 48

    # Input

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the step under the pointer."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._choose_at(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Scrub."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._choose_at(event.position())

    def _choose_at(self, point: QPointF) -> None:
        slots = self._slots()
        if slots:
            self.choose(
                min(slots, key=lambda step: abs(slots[step].center().x() - point.x()))
            )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step through the tiles."""
        self._focus_shown = True
        self.update()
        steps = list(self._slots())
        if not steps:
            super().keyPressEvent(event)
            return
        index, last = steps.index(self._playhead()), len(steps) - 1
        target = {
            Qt.Key.Key_Left: index - 1,
            Qt.Key.Key_Right: index + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }.get(Qt.Key(event.key()))
        if target is None:
            super().keyPressEvent(event)
        else:
            self.choose(steps[min(max(target, 0), last)])

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus if a key brought it."""
        self._focus_shown = came_by_keyboard(event)
        super().focusInEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Translate the description again when the language changes."""
        if event.type() == QEvent.Type.LanguageChange:
            self._describe()
        super().changeEvent(event)

    def sizeHint(self) -> QSize:
        """Return 16 tiles over a row of step numbers."""
        below = tag_size("0").height()
        return QSize(860, round(THUMB_HEIGHT + GAP + below + RING))

    def minimumSizeHint(self) -> QSize:
        """Return the width of four tiles."""
        return QSize(round(4 * (MIN_SLOT_WIDTH + GAP)), self.sizeHint().height())


def thinned(steps: list[int], count: int, *, keep: int) -> list[int]:
    """Return at most *count* of the ascending *steps*, spread as evenly as they allow.

    One by one the step goes that leaves the smallest hole; never the first, the last,
    nor the step *keep*. Fewer than three steps are all needed.
    """
    steps = list(steps)
    while len(steps) > max(count, 3):
        inner = [i for i in range(1, len(steps) - 1) if steps[i] != keep]
        del steps[min(inner, key=lambda i: steps[i + 1] - steps[i - 1])]
    return steps
