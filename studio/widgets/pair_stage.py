"""The stage with two pictures of one size on it, and what is drawn over them."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget

from studio.widgets.overlay import Overlay
from studio.widgets.painting import paint_tag, tag_size
from studio.widgets.pyramid import Pyramid
from studio.widgets.scale_panel import ScalePanel
from studio.widgets.zoom_stage import MARGIN, ZoomStage, scaled

TAG_MARGIN = 12.0
BEFORE, AFTER, THIRD = 0, 1, 2

_LEFT, _RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight


class PairStage(ZoomStage):
    """Holds the pictures and draws them; how both are looked at is a `Look`.

    Signals:
        pictures_changed: Other pictures, words or another overlay are to be shown.
    """

    pictures_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Build a stage without pictures."""
        super().__init__(parent)
        self._pair: list[Pyramid | None] = [None, None]
        self._original: Pyramid | None = None
        self._third: Pyramid | None = None
        self._third_word = ""
        self._words: tuple[str, str] | None = None
        self._overlay: Overlay | None = None
        self._original_held = False

    def set_pictures(
        self,
        before: QImage | Pyramid | None,
        after: QImage | Pyramid | None,
        *,
        words: tuple[str, str] | None = None,
    ) -> None:
        """Show two pictures; how they are looked at stays.

        Args:
            before: What stands left, what went in say; None empties the stage. Of a
                large picture a `Pyramid` is faster.
            after: What stands right, drawn at the size of *before*; None while there
                is nothing to compare with yet.
            words: What the two are called; "Before" and "After" unless told.
        """
        self._words = words
        self._pair = [
            _pyramid(picture, old)
            for picture, old in zip((before, after), self._pair, strict=True)
        ]
        left = self._pair[BEFORE]
        self._set_picture_size(None if left is None else left.image.size())
        self.pictures_changed.emit()
        self.update()

    def set_original(self, original: QImage | Pyramid | None) -> None:
        """Choose what is shown while Space is held; with None the left picture."""
        self._original = _pyramid(original, self._original)
        self.update()

    def set_third(self, third: QImage | Pyramid | None, word: str = "") -> None:
        """Choose what stands right of both where they stand side by side, if anything.

        Args:
            third: A picture of their size, such as the result translated back.
            word: What it is called.
        """
        self._third = _pyramid(third, self._third)
        self._third_word = word
        self.pictures_changed.emit()
        self.update()

    def third(self) -> Pyramid | None:
        """Return what stands right of both side by side."""
        return self._third

    def set_overlay(
        self,
        field: NDArray[np.floating] | None,
        words: tuple[str, str, str] | None = None,
    ) -> None:
        """Lay numbers over the right picture, or with None nothing.

        Args:
            field: (P, Q), one number in [0, 1] a patch, top row first.
            words: What the numbers are, what 0 means, what 1 means; those of a critic
                that tells real from painted unless told.

        Raises:
            ValueError: The field is no plane of numbers in [0, 1].
        """
        if words is None:
            title = self.tr("What the critic believes")
            words = (title, self.tr("painted"), self.tr("real"))
        self._overlay = None if field is None else Overlay(field, words)
        self.pictures_changed.emit()
        self.update()

    def overlay(self) -> Overlay | None:
        """Return what lies over the right picture."""
        return self._overlay

    def show_original(self, held: bool) -> None:
        """Show what went in alone, as while Space is held, or both again."""
        self._original_held = held
        self.update()

    # For the looks

    def has_both(self) -> bool:
        """Tell whether there are two pictures to compare."""
        return None not in self._pair

    def image(self, side: int) -> QImage:
        """Return the left picture (0) or the right one (1), which must be there."""
        picture = self._pair[side]
        assert picture is not None
        return picture.image

    def word(self, side: int) -> str:
        """Return what the left picture (0), right one (1) or third (2) is called."""
        words = self._words or (self.tr("Before"), self.tr("After"))
        return (*words, self._third_word)[side]

    def seen(self, pane: int = 0) -> QRectF:
        """Return the part of a pane that its picture covers, in widget pixels."""
        panes = self._panes()
        return self._seen(panes[min(pane, len(panes) - 1)])

    def can_pan(self) -> bool:
        """Tell whether a part of the picture is out of sight."""
        return self._can_pan()

    def paint_side(self, painter: QPainter, side: int, pane: int = 0) -> None:
        """Draw the left (0) or right (1) picture, with its overlay and without tag."""
        picture = self._pair[side]
        if picture is None:
            return
        self._paint_in_pane(painter, picture, pane)
        if side == AFTER and self._overlay is not None:
            panes = self._panes()
            place = self._place(panes[min(pane, len(panes) - 1)])
            painter.save()
            painter.setClipRect(self.seen(pane), Qt.ClipOperation.IntersectClip)
            self._overlay.paint(painter, scaled(place, 1 / self.devicePixelRatioF()))
            painter.restore()

    def paint_picture(self, painter: QPainter, picture: Pyramid, pane: int = 0) -> None:
        """Draw a picture of the look's own where the two lie."""
        self._paint_in_pane(painter, picture, pane)

    def paint_original(self, painter: QPainter, pane: int = 0) -> None:
        """Draw what went in, with its tag."""
        if self._original is None:
            self.paint_side(painter, BEFORE, pane)
            self.paint_word(painter, self.word(BEFORE), pane)
        else:
            self._paint_in_pane(painter, self._original, pane)
            self.paint_word(painter, self.tr("Input"), pane)

    def paint_word(
        self,
        painter: QPainter,
        word: str,
        pane: int = 0,
        align: Qt.AlignmentFlag = _LEFT,
    ) -> None:
        """Draw a tag in the upper left or right corner of the picture."""
        seen = self.seen(pane)
        rect = QRectF(seen.topLeft(), tag_size(word)).translated(TAG_MARGIN, TAG_MARGIN)
        if align == _RIGHT:
            rect.moveRight(seen.right() - TAG_MARGIN)
        paint_tag(painter, word, rect)

    def paint_scale(
        self, painter: QPainter, panel: ScalePanel, align: Qt.AlignmentFlag = _LEFT
    ) -> None:
        """Draw what the colours mean in a lower corner: of the picture if it fits."""
        is_right = align == _RIGHT
        inset = TAG_MARGIN
        room = self.seen(len(self._panes()) - 1 if is_right else 0)
        if panel.size(self.width()).width() > room.width() - 2 * inset:
            room, inset = QRectF(self.rect()), MARGIN + TAG_MARGIN
        room = room.adjusted(inset, inset, -inset, -inset)
        rect = QRectF(QPointF(0, 0), panel.size(room.width()))
        rect.moveBottomLeft(room.bottomLeft())
        if is_right:
            rect.moveBottomRight(room.bottomRight())
        panel.paint(painter, rect)


def _pyramid(picture: QImage | Pyramid | None, old: Pyramid | None) -> Pyramid | None:
    """Keep what was reduced already if the picture is the same."""
    if picture is None or isinstance(picture, Pyramid):
        return picture
    is_same = old is not None and old.image.cacheKey() == picture.cacheKey()
    return old if is_same else Pyramid(picture)
