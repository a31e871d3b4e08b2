"""Two pictures that take turns in one place, so that what differs moves."""

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QKeyEvent, QPainter

from studio.theme import motion_ms
from studio.widgets.look import Look
from studio.widgets.pair_stage import AFTER, BEFORE, PairStage

TURN_MS = 500  # two turns a second: 1 Hz, well below what may provoke seizures

_STEP_KEYS = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class BlinkLook(Look):
    """Each is shown for half a second, unless motion is to be reduced.

    Space or Enter ends that and shows the other one; P, or a double click, goes on.
    """

    def __init__(self, stage: PairStage) -> None:
        """Begin with the right picture, at rest."""
        super().__init__(stage)
        self._side = AFTER
        self._is_on = False
        self._by_hand = False
        self._timer = QTimer(self)
        self._timer.setInterval(TURN_MS)
        self._timer.timeout.connect(self._on_turn)

    def side(self) -> int:
        """Return which picture is shown, the left (0) or the right one (1)."""
        return self._side

    def runs(self) -> bool:
        """Tell whether the pictures take turns by themselves."""
        return self._timer.isActive()

    def set_on(self, on: bool) -> None:
        """Take turns while this is the way of looking, from the right picture on."""
        if on and not self._is_on:
            self._side, self._by_hand = AFTER, False
        self._is_on = on
        self._start_or_stop()

    def step(self) -> None:
        """Show the other picture, and from now on only at a key."""
        self._by_hand = True
        self._start_or_stop()
        self._flip()

    def words(self) -> str:
        """Return what is seen; while they take turns, that and not which it is."""
        words = [self._stage.word(BEFORE), self._stage.word(AFTER)]
        if self.runs():
            text = self.tr("{0} and {1} take turns. Space stops and steps by hand.")
            return text.format(*words)
        shown, other = words[self._side], words[1 - self._side]
        return self.tr("Shows {0}. Space shows {1}.").format(shown, other)

    def paint(self, painter: QPainter) -> None:
        """Draw the one whose turn it is; each tag keeps its corner."""
        align = Qt.AlignmentFlag
        corner = align.AlignLeft if self._side == BEFORE else align.AlignRight
        self._stage.paint_side(painter, self._side)
        self._stage.paint_word(painter, self._stage.word(self._side), align=corner)

    def double_click(self) -> None:
        """Stop taking turns, or go on."""
        self._by_hand = not self._by_hand
        self._start_or_stop()
        self.changed.emit()

    def key(self, event: QKeyEvent) -> bool:
        """Step, stop or go on."""
        if event.key() in _STEP_KEYS:
            if not event.isAutoRepeat():
                self.step()
        elif event.key() == Qt.Key.Key_P:
            self.double_click()
        else:
            return False
        return True

    def _start_or_stop(self) -> None:
        moves = motion_ms(self._stage, TURN_MS) > 0
        if self._is_on and not self._by_hand and moves:
            if not self.runs():
                self._timer.start()
        else:
            self._timer.stop()

    @Slot()
    def _on_turn(self) -> None:
        self._start_or_stop()  # motion may have been reduced meanwhile
        if self.runs():
            self._flip()
        else:
            self.changed.emit()

    def _flip(self) -> None:
        self._side = 1 - self._side
        self.changed.emit()
