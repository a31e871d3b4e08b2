"""The bar along the bottom: what runs, how far it is, and what the machine does."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QImage,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QWidget

from studio.icons import icon
from studio.tokens import tokens_of
from studio.widgets import buttons
from studio.widgets.icon_label import IconLabel
from studio.widgets.labels import ElidedLabel, caption, strong


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """What the bar shows of a run."""

    name: str
    fraction: float
    """How far it is, 0 to 1."""
    left: str = ""
    """The time that is left, or what is happening, in words."""
    thumbnail: QImage | None = None
    is_paused: bool = False
    is_stopping: bool = False


class JobBar(QFrame):
    """40 pixels high, always there.

    Signals:
        pause_requested: The user wants the run to wait.
        resume_requested: The user wants it to go on.
        stop_requested: The user wants it to end; its result is kept.
        clicked: The user wants to see the run.
    """

    pause_requested = Signal()
    resume_requested = Signal()
    stop_requested = Signal()
    clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Show that nothing runs."""
        super().__init__(parent)
        self.setProperty("kind", "jobbar")
        self.setFixedHeight(40)
        self._job: Job | None = None
        self._idle_icon = IconLabel("circle", pixels=12)
        self._idle_words = caption(self.tr("Nothing is running"))
        self._thumbnail = _Thumbnail()
        self._name = ElidedLabel(role="strong")
        self._progress = QProgressBar()
        self._progress.setFixedWidth(160)
        self._progress.setRange(0, 1000)
        self._progress.setTextVisible(False)
        self._percent = strong()
        self._left = caption()
        self.pause_button = buttons.tool("pause", self.tr("Pause"))
        self.stop_button = buttons.tool("stop", self.tr("Stop and keep the result"))
        self._machine = caption()

        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(12)
        for widget in (*self._idle_parts(), *self._job_parts()):
            row.addWidget(widget)
        row.addStretch()
        row.addWidget(self._machine)

        self.pause_button.clicked.connect(self._on_pause_clicked)
        self.stop_button.clicked.connect(self.stop_requested)
        self.show_idle()

    def show_job(self, job: Job) -> None:
        """Show *job* as it is now."""
        self._job = job
        percent = int(round(100 * job.fraction, 6))  # 100 only at the very end
        self._thumbnail.show_picture(job.thumbnail)
        self._name.setText(job.name)
        self._progress.setValue(round(1000 * job.fraction))
        self._percent.setText(self.tr("{percent} %").format(percent=percent))
        self._left.setText(job.left)
        self._show_pause(job.is_paused)
        for button in (self.pause_button, self.stop_button):
            button.setEnabled(not job.is_stopping)
        self._show_parts()

    def show_idle(self) -> None:
        """Show that nothing runs."""
        self._job = None
        self._show_parts()

    def set_machine(self, words: str) -> None:
        """Say at the right what the machine does: speed, cores, room on the disk."""
        self._machine.setText(words)

    def words(self) -> str:
        """What the bar says about the run, in one line."""
        if self._job is None:
            return self._idle_words.text()
        parts = (self._name.text(), self._percent.text(), self._left.text())
        return "  ".join(part for part in parts if part)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Lead to the run."""
        is_inside = self.rect().contains(event.position().toPoint())
        is_left = event.button() == Qt.MouseButton.LeftButton
        if is_left and is_inside and self._job is not None:
            self.clicked.emit()

    def _idle_parts(self) -> tuple[QWidget, ...]:
        return self._idle_icon, self._idle_words

    def _job_parts(self) -> tuple[QWidget, ...]:
        return (
            self._thumbnail,
            self._name,
            self._progress,
            self._percent,
            self._left,
            self.pause_button,
            self.stop_button,
        )

    def _show_parts(self) -> None:
        is_running = self._job is not None
        for part in self._idle_parts():
            part.setVisible(not is_running)
        for part in self._job_parts():
            part.setVisible(is_running)
        shape = Qt.CursorShape.PointingHandCursor
        self.setCursor(shape if is_running else Qt.CursorShape.ArrowCursor)
        self.setAccessibleName(self.words())

    def _show_pause(self, is_paused: bool) -> None:
        words = self.tr("Go on") if is_paused else self.tr("Pause")
        if words != self.pause_button.toolTip():
            self.pause_button.setIcon(icon("play" if is_paused else "pause"))
            self.pause_button.setToolTip(words)
            self.pause_button.setAccessibleName(words)

    @Slot()
    def _on_pause_clicked(self) -> None:
        if self._job is not None and self._job.is_paused:
            self.resume_requested.emit()
        else:
            self.pause_requested.emit()


class _Thumbnail(QWidget):
    """The newest preview, 24 pixels, with a hairline."""

    def __init__(self) -> None:
        super().__init__()
        self._picture: QImage | None = None

    def show_picture(self, picture: QImage | None) -> None:
        if picture is not self._picture:
            self._picture = picture
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(24, 24)

    def minimumSizeHint(self) -> QSize:
        return QSize(24, 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        rect = QRectF(0, (self.height() - 24) / 2, 24, 24)
        shape = QPainterPath()
        shape.addRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.fillPath(shape, QColor(tokens.stage))
        if self._picture is not None:
            painter.setClipPath(shape)
            painter.drawImage(rect, self._picture)
            painter.setClipping(False)
        painter.setPen(QPen(QColor(tokens.line), 1))
        painter.drawPath(shape)
