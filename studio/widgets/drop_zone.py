"""The place to drop folders and pictures on."""

from pathlib import Path

from PySide6.QtCore import QMimeData, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from studio.tokens import tokens_of
from studio.widgets.icon_label import IconLabel
from studio.widgets.labels import caption, heading


class DropZone(QWidget):
    """A dashed frame with a headline, a hint and buttons for those who cannot drag.

    Signals:
        dropped: Folders and files were dropped on it. (list[Path], never empty)
    """

    dropped = Signal(list)

    def __init__(
        self,
        headline: str,
        hint: str = "",
        *,
        icon: str = "image",
        compact: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """Make it without buttons; add them with `add_button`.

        Args:
            headline: What to drop.
            hint: What happens then.
            icon: An icon's Phosphor name.
            compact: All in one row, 88 pixels high, instead of below one another.
            parent: The owner.
        """
        super().__init__(parent)
        self.setAcceptDrops(True)
        self.setAccessibleName(headline)
        self._dragging = False
        self._headline = heading(headline)
        self._hint = caption(hint)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)

        centre = Qt.AlignmentFlag.AlignCenter
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addStretch()
        for label in (self._headline, self._hint):
            label.setAlignment(Qt.AlignmentFlag.AlignLeft if compact else centre)
            words.addWidget(label)
        words.addStretch()
        direction = QBoxLayout.Direction
        box = QBoxLayout(direction.LeftToRight if compact else direction.TopToBottom)
        box.setContentsMargins(24, 16, 24, 16)
        box.setSpacing(16 if compact else 12)
        box.addStretch(1)
        box.addWidget(IconLabel(icon, pixels=32), 0, centre)
        box.addLayout(words)
        if compact:
            box.addSpacing(16)
            self.setMinimumHeight(88)
        else:
            self._buttons.setAlignment(centre)
        box.addLayout(self._buttons)
        box.addStretch(1)
        self.setLayout(box)

    def add_button(self, button: QWidget) -> None:
        """Put *button* after the others."""
        self._buttons.addWidget(button)

    def set_words(self, headline: str, hint: str) -> None:
        """Say something else."""
        self._headline.setText(headline)
        self._hint.setText(hint)
        self.setAccessibleName(headline)

    def labels(self) -> tuple[QLabel, QLabel]:
        """Headline and hint."""
        return self._headline, self._hint

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Light up for files of this computer, and only for those."""
        if local_paths(event.mimeData()):
            event.acceptProposedAction()
            self._set_dragging(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Go dark again."""
        super().dragLeaveEvent(event)
        self._set_dragging(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Tell what was dropped."""
        self._set_dragging(False)
        paths = local_paths(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.dropped.emit(paths)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw surface and dashes; the dashes of a style sheet are dots."""
        del event
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(tokens.accent_ui if self._dragging else tokens.line2))
        pen.setWidthF(2.0 if self._dragging else 1.0)
        if not self._dragging:
            pen.setDashPattern([5, 4])
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.setBrush(
            QColor(tokens.accent_soft if self._dragging else tokens.surface)
        )
        inset = pen.widthF() / 2
        rect = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(rect, 8, 8)

    def _set_dragging(self, dragging: bool) -> None:
        self._dragging = dragging
        self.update()


def local_paths(data: QMimeData) -> list[Path]:
    """The files and folders of this computer that a drag carries, in its order."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def holds_pictures(path: Path) -> bool:
    """Whether what was dropped is opened as a whole: a folder, or a zip archive."""
    return path.is_dir() or path.suffix.lower() == ".zip"
