"""How far two pictures are apart, as colours with a scale and in numbers."""

from collections.abc import Iterator

import numpy as np
from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QImage, QPainter

from studio.widgets.difference import STRIP_PIXELS, Comparison, Difference
from studio.widgets.look import Look
from studio.widgets.pair_stage import AFTER, BEFORE, PairStage
from studio.widgets.pyramid import Pyramid
from studio.widgets.ramp import ramp
from studio.widgets.scale_panel import ScalePanel


class DifferenceLook(Look):
    """Compares a megapixel between two events; small pictures are done at once.

    Signals:
        found: The two pictures are compared. (`Difference`)
    """

    found = Signal(object)

    def __init__(self, stage: PairStage) -> None:
        """Compare nothing yet."""
        super().__init__(stage)
        self._compared: tuple[int, int] | None = None
        self._work: Iterator[None] = iter(())
        self._is_done = True
        self._difference: Difference | None = None
        self._picture: Pyramid | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._advance)

    def difference(self) -> Difference | None:
        """Return how far the two are apart, None while they are being compared."""
        return self._difference

    def set_on(self, on: bool) -> None:
        """Compare the pictures while this is the way of looking; else forget them."""
        self._timer.stop()
        if not on:
            self._compared = self._difference = self._picture = None
            self._work = iter(())
            return
        before, after = self._stage.image(BEFORE), self._stage.image(AFTER)
        pair = (before.cacheKey(), after.cacheKey())
        if pair != self._compared:
            self._compared, self._difference = pair, None
            self._work, self._is_done = self._compare(Comparison(before, after)), False
            if self._picture and self._picture.image.size() != before.size():
                self._picture = (
                    None  # else the old one stays until the new one is there
                )
        if not self._is_done:
            self._timer.start()
            self._advance()

    def words(self) -> str:
        """Return the numbers."""
        if self._difference is None:
            return self.tr("Comparing…")
        left, right = self._stage.word(BEFORE), self._stage.word(AFTER)
        text = self.tr("Difference of {0} and {1}: {2}")
        return text.format(left, right, self._numbers(self._difference))

    def paint(self, painter: QPainter) -> None:
        """Draw the differences and their scale."""
        if self._picture is None:
            self._stage.paint_side(painter, AFTER)
        else:
            self._stage.paint_picture(painter, self._picture)
        if self._difference is None:
            self._stage.paint_word(painter, self.tr("Comparing…"))
            return
        left, right = self._stage.word(BEFORE), self._stage.word(AFTER)
        text = self.tr("Difference: {0} and {1}").format(left, right)
        self._stage.paint_word(painter, text)
        self._stage.paint_scale(painter, self._panel(self._difference))

    def _panel(self, found: Difference) -> ScalePanel:
        largest = max(1, found.largest)
        high = self.tr("{0} of 255").format(largest)
        return ScalePanel(self._numbers(found), "0", high, _ramp_line())

    def _numbers(self, found: Difference) -> str:
        if found.largest == 0:
            return self.tr("The two are the same in every pixel.")
        mean = f"{found.mean:.3g}" if found.mean >= 0.01 else self.tr("less than 0.01")
        text = self.tr("On average {0}, at most {1} of 255")
        return text.format(mean, found.largest)

    @Slot()
    def _advance(self) -> None:
        next(self._work, None)

    def _compare(self, comparison: Comparison) -> Iterator[None]:
        """Compare, and make the differences ready to be seen; pauses on the way."""
        while (found := comparison.advance()) is None:
            yield
        picture = Pyramid(found.image)
        if found.image.width() * found.image.height() > STRIP_PIXELS:
            yield from picture.grow()
        self._timer.stop()
        self._is_done = True
        self._difference, self._picture = found, picture
        self.changed.emit()
        self.found.emit(found)


def _ramp_line() -> QImage:
    """The ramp as one line of pixels."""
    line = np.ascontiguousarray(ramp()[None])
    return QImage(
        line.data, line.shape[1], 1, line.strides[0], QImage.Format.Format_RGB888
    ).copy()  # it only borrowed the array
