"""A way of looking at two pictures, and the simplest: one beside the other."""

from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QWheelEvent

from studio.widgets.pair_stage import AFTER, BEFORE, THIRD, PairStage


class Look(QObject):
    """What one way of looking draws, and what it does with mouse and keys.

    It is drawn, and asked about mouse and keys, only while there are two pictures and
    the original is not held.

    Signals:
        changed: What is drawn or said is another now.
    """

    changed = Signal()

    def __init__(self, stage: PairStage) -> None:
        """Belong to *stage*."""
        super().__init__(stage)
        self._stage = stage

    @property
    def panes(self) -> int:
        """How many pictures stand beside each other."""
        return 1

    def set_on(self, on: bool) -> None:
        """Begin or end: this way is the one in use and there are two pictures."""

    def words(self) -> str:
        """Return what is seen, for screen readers."""
        raise NotImplementedError

    def paint(self, painter: QPainter) -> None:
        """Draw the pictures and what belongs to this way of looking."""
        raise NotImplementedError

    def grabs(self, point: QPointF) -> bool:
        """Tell whether a press at *point* takes hold of something to `drag`."""
        return False

    def drag(self, point: QPointF) -> None:
        """Follow the pointer with what was taken hold of."""

    def hover(self, point: QPointF) -> None:
        """Follow the pointer, whether or not a button is down."""

    def double_click(self) -> None:
        """Answer a double click on the stage."""

    def cursor(self, point: QPointF) -> Qt.CursorShape | None:
        """Return the pointer's shape where it means something here."""
        return None

    def key(self, event: QKeyEvent) -> bool:
        """Answer a key; False where it means nothing here."""
        return False

    def wheel(self, event: QWheelEvent) -> bool:
        """Answer the wheel; False where it shall zoom."""
        return False


class SideLook(Look):
    """Both beside each other, or all three, zoomed and panned as one."""

    @property
    def panes(self) -> int:
        """Two, or three."""
        return 2 if self._stage.third() is None else 3

    def words(self) -> str:
        """Return what stands where."""
        names = [self._stage.word(side) for side in range(self.panes)]
        if len(names) == 2:
            return self.tr("{0} on the left, {1} on the right.").format(*names)
        words = self.tr("{0} on the left, {1} in the middle, {2} on the right.")
        return words.format(*names)

    def paint(self, painter: QPainter) -> None:
        """Draw each in its pane."""
        for side in (BEFORE, AFTER):
            self._stage.paint_side(painter, side, side)
            self._stage.paint_word(painter, self._stage.word(side), side)
        third = self._stage.third()
        if third is not None:
            self._stage.paint_picture(painter, third, THIRD)
            self._stage.paint_word(painter, self._stage.word(THIRD), THIRD)
