"""A picture in the window: from an array to pixels on the screen, and a captioned view.

Pictures small enough to count their pixels are shown at whole multiples without
smoothing, so that what is judged is what the network made.
"""

from math import floor

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QEasingCurve,
    QPointF,
    QRectF,
    QSize,
    QSizeF,
    Qt,
    QVariantAnimation,
)
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFontMetricsF,
    QImage,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.fonts import role_font
from studio.theme import motion_ms
from studio.tokens import DARK, tokens_of
from studio.widgets.painting import paint_empty

PICTURE_RADIUS = 4.0
CHECKER_PX = 8
FILL_FROM = 1.2
CAPTION_HEIGHT = 24
PARTS = "  ·  "  # between the parts of a hint
FADE_MS = 120

_CENTRE = Qt.AlignmentFlag.AlignCenter


def to_image(rgb: NDArray[np.uint8]) -> QImage:
    """Copy an array into a picture that owns its pixels.

    Args:
        rgb: uint8 in [0, 255], shape (H, W, 3), or (H, W, 4) with alpha not
            premultiplied; any memory layout.

    Raises:
        ValueError: The array has another type or shape, or no pixel.
    """
    if rgb.dtype != np.uint8 or rgb.ndim != 3 or rgb.shape[2] not in (3, 4):
        raise ValueError(
            f"a picture is uint8 of shape (H, W, 3), got {rgb.dtype} {rgb.shape}"
        )
    if rgb.size == 0:
        raise ValueError(f"a picture has at least one pixel, got shape {rgb.shape}")
    height, width, channels = rgb.shape
    alpha, opaque = QImage.Format.Format_RGBA8888, QImage.Format.Format_RGB888
    data = np.ascontiguousarray(rgb)
    # QImage only borrows the buffer; the copy outlives the array.
    return QImage(
        data.data, width, height, channels * width, alpha if channels == 4 else opaque
    ).copy()


def fitted(image: QSize, room: QSizeF, *, fill: bool = False) -> QSizeF:
    """Return the size at which a picture is shown in *room*, both in device pixels.

    Args:
        image: Size of the picture.
        room: Where it has to fit.
        fill: For thumbnails: where 1:1 would leave a sixth of the room or more empty
            and two times does not fit, fill the room instead.

    Returns:
        The largest whole multiple that fits, or the picture reduced until it does.
    """
    ratio = min(room.width() / image.width(), room.height() / image.height())
    if ratio >= 2 or (ratio >= 1 and not (fill and ratio > FILL_FROM)):
        return QSizeF(image * floor(ratio))
    return QSizeF(
        max(1, floor(image.width() * ratio)), max(1, floor(image.height() * ratio))
    )


def paint_picture(
    painter: QPainter,
    image: QImage,
    rect: QRectF,
    palette: QPalette,
    *,
    align: Qt.AlignmentFlag = _CENTRE,
    fill: bool = False,
) -> None:
    """Draw *image* as large as it goes into *rect*, by the rule of `fitted`.

    Sizes and edges are whole device pixels at every screen scale. Transparency stands
    over a checkerboard; a hairline inside the edge keeps white pictures in shape.
    """
    to_device = painter.deviceTransform()
    room = to_device.mapRect(rect)
    size = fitted(image.size(), room.size(), fill=fill)
    device = QRectF(_corner(room, size, align), size)
    target = to_device.inverted()[0].mapRect(device)

    if size.width() < 2 * image.width() and size.width() != image.width():
        image = image.scaled(
            size.toSize(),
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
    painter.save()
    _clip_round(painter, target, PICTURE_RADIUS)
    if image.hasAlphaChannel():
        paint_checkerboard(painter, target, palette)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.drawImage(target, image)
    painter.restore()
    paint_hairline(painter, target, palette)


def paint_cover(
    painter: QPainter, image: QImage, rect: QRectF, palette: QPalette
) -> None:
    """Fill *rect* with the middle of *image*; what overhangs is cut off."""
    room = painter.deviceTransform().mapRect(rect).size().toSize()
    # Whole multiples would leave gaps in a strip of equal tiles: this one fills freely.
    modes = Qt.TransformationMode
    enlarged = min(room.width() / image.width(), room.height() / image.height()) >= 2
    filled = image.scaled(
        room,
        Qt.AspectRatioMode.KeepAspectRatioByExpanding,
        modes.FastTransformation if enlarged else modes.SmoothTransformation,
    )
    source = QRectF(QPointF(0, 0), QSizeF(room))
    source.moveCenter(QRectF(filled.rect()).center())
    painter.save()
    _clip_round(painter, rect, PICTURE_RADIUS)
    if image.hasAlphaChannel():
        paint_checkerboard(painter, rect, palette)
    painter.drawImage(rect, filled, source)
    painter.restore()
    paint_hairline(painter, rect, palette)


def paint_checkerboard(painter: QPainter, rect: QRectF, palette: QPalette) -> None:
    """Fill *rect* with the squares that mean transparent."""
    tokens = tokens_of(palette)
    tile = QPixmap(2 * CHECKER_PX, 2 * CHECKER_PX)
    tile.fill(QColor(tokens.check1))
    squares = QPainter(tile)
    for x, y in ((CHECKER_PX, 0), (0, CHECKER_PX)):
        squares.fillRect(x, y, CHECKER_PX, CHECKER_PX, QColor(tokens.check2))
    squares.end()
    painter.setBrushOrigin(rect.topLeft())
    painter.fillRect(rect, QBrush(tile))


def paint_hairline(
    painter: QPainter, rect: QRectF, palette: QPalette, radius: float = PICTURE_RADIUS
) -> None:
    """Draw the 1 px line just inside the edge of a picture."""
    dark = tokens_of(palette) is DARK
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(255, 255, 255, 31) if dark else QColor(0, 0, 0, 28), 1))
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    painter.restore()


def _clip_round(painter: QPainter, rect: QRectF, radius: float) -> None:
    path = QPainterPath()
    path.addRoundedRect(rect, radius, radius)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipPath(path, Qt.ClipOperation.IntersectClip)


def _corner(room: QRectF, size: QSizeF, align: Qt.AlignmentFlag) -> QPointF:
    spare = room.size() - size
    x, y = spare.width() / 2, spare.height() / 2
    if align & Qt.AlignmentFlag.AlignLeft:
        x = 0
    if align & Qt.AlignmentFlag.AlignTop:
        y = 0
    return QPointF(round(room.left() + x), round(room.top() + y))


class PictureView(QWidget):
    """One picture under its caption, or a sentence until there is one."""

    def __init__(
        self, caption: str = "", hint: str = "", parent: QWidget | None = None
    ) -> None:
        """Build an empty view; without a *caption* the picture takes all the room."""
        super().__init__(parent)
        self._caption, self._hint = caption, hint
        self._placeholder = ""
        self._image: QImage | None = None
        self._previous: QImage | None = None

        self._fade = QVariantAnimation(self)
        self._fade.setStartValue(0.0)
        self._fade.setEndValue(1.0)
        self._fade.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._fade.valueChanged.connect(self.update)
        self._fade.finished.connect(self._on_fade_finished)

        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._describe()

    def image(self) -> QImage | None:
        """Return the picture that is shown, or None."""
        return self._image

    def set_caption(self, caption: str, hint: str = "") -> None:
        """Say what the picture is, and in quieter words what to know about it.

        Where the hint has parts (see `PARTS`) and not all fit, the last one is left
        out before anything is cut.
        """
        self._caption, self._hint = caption, hint
        self._describe()
        self.updateGeometry()
        self.update()

    def set_placeholder(self, sentence: str) -> None:
        """Say what will appear here; shown while there is no picture."""
        self._placeholder = sentence
        self._describe()
        self.update()

    def set_image(self, image: QImage | None, *, fade: bool = False) -> None:
        """Show another picture, or with None the placeholder.

        Args:
            image: The new picture.
            fade: Cross-fade from the old one, unless the system asks for less motion.
                Leave it off while the reader scrubs through a history.
        """
        self._fade.stop()
        duration = motion_ms(self, FADE_MS) if self.isVisible() else 0
        fades = fade and duration > 0 and None not in (image, self._image)
        self._previous = self._image if fades else None
        self._image = image
        if fades:
            self._fade.setDuration(duration)
            self._fade.start()
        self._describe()
        self.update()

    def _on_fade_finished(self) -> None:
        self._previous = None
        self.update()

    def _describe(self) -> None:
        name = ", ".join(part for part in (self._caption, self._hint) if part)
        self.setAccessibleName(name or self.tr("Picture"))
        self.setAccessibleDescription("" if self._image else self._placeholder)
        self.setToolTip(name)  # the caption may be elided

    def _caption_height(self) -> int:
        if not self._caption:
            return 0
        return max(CAPTION_HEIGHT, self.fontMetrics().height() + 6)

    def _paint_caption(self, painter: QPainter) -> None:
        tokens = tokens_of(self.palette())
        # Baselines are shared, so the two sizes of text stand on one line.
        baseline = self._caption_height() - 10
        x = 0.0
        for text, role, ink in (
            (self._caption, "strong", tokens.text),
            (self._hint, "caption", tokens.text2),
        ):
            painter.setFont(role_font(role))
            metrics = QFontMetricsF(painter.font())
            painter.setPen(QColor(ink))
            room = max(0.0, self.width() - x)
            if metrics.horizontalAdvance(text) > room:  # first without the last part
                text = text.rpartition(PARTS)[0] or text
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QPointF(x, baseline), shown)
            x += metrics.horizontalAdvance(shown) + 9

    def _paint_place(self, painter: QPainter, rect: QRectF) -> None:
        tokens = tokens_of(self.palette())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.stage))
        painter.drawRoundedRect(rect, PICTURE_RADIUS, PICTURE_RADIUS)
        if self._placeholder:
            paint_empty(painter, rect, self.palette(), "", self._placeholder)

    # Qt overrides

    def sizeHint(self) -> QSize:
        """Return the size of a 256 px picture and its caption."""
        return QSize(256, 256 + self._caption_height())

    def minimumSizeHint(self) -> QSize:
        """Return the smallest size at which a picture can be judged."""
        side = 128 if self._caption else 48
        return QSize(side, side + self._caption_height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the caption and the picture, both from the left edge."""
        painter = QPainter(self)
        if self._caption:
            self._paint_caption(painter)
        rect = QRectF(self.rect()).adjusted(0, self._caption_height(), 0, 0)
        if self._image is None:
            self._paint_place(painter, rect)
            return
        align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
        if self._previous is not None:
            paint_picture(painter, self._previous, rect, self.palette(), align=align)
            painter.setOpacity(float(self._fade.currentValue()))
        paint_picture(painter, self._image, rect, self.palette(), align=align)
