"""A drawing as a value: pixels, what each tool does to them, undo and redo.

Points are (x, y) in pixels of the drawing, pixel i reaching from i to i + 1.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from math import floor
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

Rgb: TypeAlias = NDArray[np.uint8]  # (H, W, 3)
Colour: TypeAlias = tuple[int, int, int]
Tool: TypeAlias = Literal["brush", "eraser", "line", "ellipse", "rectangle", "fill"]

KEPT_STEPS = 100
KEPT_BYTES = 64_000_000  # of compressed pictures; a drawing of 256 pixels takes 10 KB

_FORMAT = QImage.Format.Format_RGBX8888  # bytes in this order on every machine
_FOUND = b"\2"  # a pixel of a region; 1 is one that may be, 0 one that is not
_HALF_WAY = 127  # a smoothed edge belongs to the colour that it is closer to


@dataclass(frozen=True, slots=True)
class Pen:
    """What a tool draws with.

    Attributes:
        tool: Which one.
        colour: Of the line or area; the eraser has the background's.
        width: Of lines, in pixels of the drawing.
    """

    tool: Tool
    colour: Colour
    width: float


class Drawing:
    """A square picture that is drawn on.

    Attributes:
        size: S, its side in pixels.
        background: What it is cleared to.
        is_smooth: Whether edges blend, as outlines do. Labels must not: the colour
            between two of them would be a third.
        fills_shapes: Whether rectangles and ellipses are areas, not outlines.
    """

    def __init__(
        self,
        size: int,
        background: Colour = (255, 255, 255),
        *,
        is_smooth: bool = True,
        fills_shapes: bool = False,
    ) -> None:
        """Start with a blank picture."""
        self.size = size
        self.background = background
        self.is_smooth = is_smooth
        self.fills_shapes = fills_shapes
        self._image = QImage(size, size, _FORMAT)
        self._image.fill(QColor(*background))
        self._before: QImage | None = None  # while a tool is down
        self._pen = Pen("brush", background, 1)
        self._start = self._last = QPointF()
        self._undo: list[bytes] = []
        self._redo: list[bytes] = []

    @property
    def image(self) -> QImage:
        """The picture as it is; a copy costs nothing until it is drawn on again."""
        return self._image

    def pixels(self) -> Rgb:
        """Copy the picture: (S, S, 3) uint8."""
        return _bytes_of(self._image)[..., :3].copy()

    # ------------------------------------------------------------------------
    # Tools.

    def press(self, pen: Pen, at: QPointF) -> None:
        """Put a tool down: the first dot is there at once."""
        self.release()
        self._before = self._image.copy()
        self._pen, self._start, self._last = pen, at, at
        if pen.tool == "fill":
            self._fill(floor(at.x()), floor(at.y()))
        else:
            self.drag(at)

    def drag(self, to: QPointF) -> None:
        """Move the tool that is down; shapes follow it until it is lifted."""
        if self._before is None or self._pen.tool == "fill":
            return
        is_area = self._pen.tool in ("ellipse", "rectangle")
        if is_area or self._pen.tool == "line":
            self._image = self._before.copy()
        if is_area and self.fills_shapes:
            self._fill_shape(to)
        else:
            self._draw_line(to)
        self._last = to

    def release(self) -> None:
        """Lift the tool: what it drew is one step that can be taken back."""
        if self._before is not None and self._before != self._image:
            self._undo.append(_packed(self._before))
            self._redo.clear()
            self._forget_oldest()
        self._before = None

    def clear(self) -> None:
        """Make it blank again."""
        self.release()
        self._before = self._image.copy()
        self._image.fill(QColor(*self.background))
        self.release()

    def stamp(self, rgb: Rgb) -> None:
        """Put a picture in the place of the drawing.

        Raises:
            ValueError: It is not (S, S, 3).
        """
        if rgb.shape != (self.size, self.size, 3):
            side = self.size
            raise ValueError(f"a stamp is ({side}, {side}, 3), got {rgb.shape}")
        self.release()
        self._before = self._image.copy()
        _bytes_of(self._image, to_write=True)[..., :3] = rgb
        self.release()

    # ------------------------------------------------------------------------
    # Undo and redo.

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._undo)

    @property
    def can_redo(self) -> bool:
        """Whether a step was taken back that nothing has replaced since."""
        return bool(self._redo)

    def undo(self) -> None:
        """Take the last step back, if there is one."""
        self.release()
        self._swap(self._undo, self._redo)

    def redo(self) -> None:
        """Do again what was taken back last, if anything was."""
        self.release()
        self._swap(self._redo, self._undo)

    def _swap(self, source: list[bytes], to: list[bytes]) -> None:
        if source:
            to.append(_packed(self._image))
            self._image = _unpacked(source.pop(), self.size)

    def _forget_oldest(self) -> None:
        while len(self._undo) > KEPT_STEPS or sum(map(len, self._undo)) > KEPT_BYTES:
            del self._undo[0]

    # ------------------------------------------------------------------------
    # Painting.

    def _draw_line(self, to: QPointF) -> None:
        painter = QPainter(self._image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, self.is_smooth)
        painter.setPen(self._line_pen())
        start = self._start if self._pen.tool == "line" else self._last
        if self._pen.tool == "ellipse":
            painter.drawEllipse(QRectF(self._start, to).normalized())
        elif self._pen.tool == "rectangle":
            painter.drawRect(QRectF(self._start, to).normalized())
        elif to == start:  # Qt draws nothing where a line has no length
            painter.drawPoint(to)
        else:
            painter.drawLine(start, to)
        painter.end()

    def _line_pen(self) -> QPen:
        is_eraser = self._pen.tool == "eraser"
        pen = QPen(QColor(*(self.background if is_eraser else self._pen.colour)))
        pen.setWidthF(self._pen.width if self.is_smooth else round(self._pen.width))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        return pen

    def _fill(self, x: int, y: int) -> None:
        if 0 <= x < self.size and 0 <= y < self.size:
            pixels = _bytes_of(self._image, to_write=True)[..., :3]
            near = _HALF_WAY if self.is_smooth else 0
            pixels[region(_alike(pixels, pixels[y, x], near), x, y)] = self._pen.colour

    def _fill_shape(self, to: QPointF) -> None:
        """Fill from pixel to pixel, both of them within; no pixel by half."""
        left, right = sorted((floor(self._start.x()), floor(to.x())))
        top, bottom = sorted((floor(self._start.y()), floor(to.y())))
        x, y = np.arange(self.size), np.arange(self.size)[:, None]
        if self._pen.tool == "rectangle":
            inside = (left <= x) & (x <= right) & (top <= y) & (y <= bottom)
        else:
            across = (2 * x - left - right) / (right - left + 1)
            down = (2 * y - top - bottom) / (bottom - top + 1)
            inside = across**2 + down**2 <= 1
        _bytes_of(self._image, to_write=True)[inside, :3] = self._pen.colour


def _alike(pixels: Rgb, colour: Rgb, near: int) -> NDArray[np.bool_]:
    """Where (H, W, 3) is no further than *near* from a colour (3,), in any channel."""
    alike = np.ones(pixels.shape[:2], np.bool_)
    for channel, value in enumerate(colour.tolist()):
        part = pixels[..., channel]
        alike &= (part >= max(0, value - near)) & (part <= min(255, value + near))
    return alike


def region(alike: NDArray[np.bool_], x: int, y: int) -> NDArray[np.bool_]:
    """Find the connected pixels around one, neighbours being above, below and beside.

    Whole runs of a row are taken at a time, with the fast search of byte strings.

    Args:
        alike: (H, W), the pixels that may belong to it.
        x: Column to start from.
        y: Row to start from.

    Returns:
        (H, W); nothing where (x, y) itself is not alike.
    """
    height, width = alike.shape
    rows = [bytearray(row) for row in alike.astype(np.uint8)]
    waiting = [(x, y)]
    while waiting:
        x, y = waiting.pop()
        row = rows[y]
        if row[x] != 1:
            continue  # not alike, or reached from two sides
        first = row.rfind(0, 0, x) + 1
        end = row.find(0, x)
        end = width if end < 0 else end
        row[first:end] = _FOUND * (end - first)
        for near in (y - 1, y + 1):
            if 0 <= near < height:
                waiting += ((start, near) for start in _runs(rows[near], first, end))
    found: NDArray[np.bool_] = np.frombuffer(b"".join(rows), np.uint8) == _FOUND[0]
    return found.reshape(height, width)


def _runs(row: bytearray, first: int, end: int) -> Iterator[int]:
    """Where runs of ones begin between *first* and *end*."""
    start = row.find(1, first, end)
    while start >= 0:
        yield start
        gap = row.find(0, start, end)
        start = row.find(1, gap, end) if gap >= 0 else -1


def _bytes_of(image: QImage, *, to_write: bool = False) -> NDArray[np.uint8]:
    """The (S, S, 4) bytes of a picture, shared with it."""
    view = image.bits() if to_write else image.constBits()
    return np.frombuffer(view, np.uint8).reshape(image.height(), image.width(), 4)


def _packed(image: QImage) -> bytes:
    return zlib.compress(image.constBits(), 1)


def _unpacked(data: bytes, size: int) -> QImage:
    # QImage only borrows the bytes; the copy outlives them.
    return QImage(zlib.decompress(data), size, size, _FORMAT).copy()
