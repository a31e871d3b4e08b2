"""A stage for one square picture, shown at the largest whole multiple that fits."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.tokens import tokens_of
from studio.widgets.painting import paint_empty
from studio.widgets.picture import fitted, paint_hairline

MARGIN = 12


class SquareStage(QWidget):
    """Two of the same size show their pictures at the same places, pixel by pixel."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Build a stage without a picture."""
        super().__init__(parent)
        self._image: QImage | None = None
        self._sentence = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def image(self) -> QImage | None:
        """Return the picture that is shown, or None."""
        return self._image

    def set_image(self, image: QImage | None) -> None:
        """Show another picture, or with None none."""
        self._image = image
        self.update()

    def set_sentence(self, sentence: str) -> None:
        """Say what will appear here; shown while there is no picture."""
        self._sentence = sentence
        self.setAccessibleDescription(sentence)
        self.update()

    def place(self) -> QRectF:
        """Return where the picture lies, in pixels of the widget; empty without one."""
        if self._image is None:
            return QRectF()
        ratio = self.devicePixelRatioF()
        room = QRectF(self.rect()).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        size = fitted(self._image.size(), room.size() * ratio)
        # In whole device pixels, like every edge of a picture.
        left = round((self.width() * ratio - size.width()) / 2)
        top = round((self.height() * ratio - size.height()) / 2)
        return QRectF(
            left / ratio, top / ratio, size.width() / ratio, size.height() / ratio
        )

    # Qt overrides

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the stage and the picture."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens_of(self.palette()).stage))
        painter.drawRoundedRect(self.rect(), 8, 8)
        if self._image is None:
            rect = QRectF(self.rect())
            if self._sentence:
                paint_empty(painter, rect, self.palette(), "", self._sentence)
            return
        place = self.place()
        is_reduced = place.width() < self._image.width()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, is_reduced)
        painter.drawImage(place, self._image)
        paint_hairline(painter, place, self.palette(), radius=0)

    def sizeHint(self) -> QSize:
        """Return a stage for a picture of 256 pixels."""
        return QSize(256 + 2 * MARGIN, 256 + 2 * MARGIN)

    def minimumSizeHint(self) -> QSize:
        """Return the smallest stage on which one can draw."""
        return QSize(128 + 2 * MARGIN, 128 + 2 * MARGIN)
