"""A folder while it is translated, and what became of it."""

from pathlib import Path

from PySide6.QtCore import QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication, QImage
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPlainTextEdit,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from studio.model_jobs import FolderProgress, FolderRequest, FolderSummary
from studio.widgets import buttons
from studio.widgets.card import Card
from studio.widgets.labels import ElidedLabel, caption, strong
from studio.widgets.message_bar import MessageBar
from studio.widgets.picture import PARTS, PictureView, to_image
from studio.words import time_left

_FULL = 1000  # of the bar


class Pair(QWidget):
    """A picture before and after."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Show none."""
        super().__init__(parent)
        self.before = PictureView(self.tr("Before"))
        self.after = PictureView(self.tr("After"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(24)
        row.addWidget(self.before)
        row.addWidget(self.after)

    def show_pair(
        self, before: QImage | None, after: QImage | None, name: str = ""
    ) -> None:
        """Show others, or with None no picture."""
        self.before.set_caption(self.tr("Before"), name)
        self.before.set_image(before)
        self.after.set_image(after)


class FolderRunning(QWidget):
    """One bar, the picture that was done last, and a way out.

    Signals:
        cancel_clicked: The user wants it to end; what is done is kept.
    """

    cancel_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Show that nothing is done yet."""
        super().__init__(parent)
        self.title = ElidedLabel(role="heading")
        self.words = caption()
        self.bar = QProgressBar()
        self.bar.setRange(0, _FULL)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("How far it is"))
        self.cancel_button = buttons.secondary(self.tr("Cancel"), "x")
        self.pair = Pair()

        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self.title)
        words.addWidget(self.words)
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addLayout(words, 1)
        head.addWidget(self.cancel_button)
        card = Card()
        card.column.addLayout(head)
        card.column.addWidget(self.bar)
        card.column.addSpacing(4)
        card.column.addWidget(self.pair, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 0, 24, 16)
        column.addWidget(card)
        self.cancel_button.clicked.connect(self._on_cancel_clicked)

    def begin(self, request: FolderRequest) -> None:
        """Show that *request* is about to begin."""
        name = request.out.name or str(request.out)
        self.title.setText(self.tr("Translating into {0}").format(name))
        self.words.setText(self.tr("Loading the model and counting the pictures…"))
        self.bar.setValue(0)
        self.cancel_button.setEnabled(True)
        self.cancel_button.setText(self.tr("Cancel"))
        self.pair.show_pair(None, None)

    def show_progress(self, news: FolderProgress) -> None:
        """Show how far it is."""
        now = news.standing
        self.bar.setValue(int(_FULL * now.fraction))
        parts = [self.tr("{0} of {1}").format(f"{now.finished:,}", f"{now.total:,}")]
        if now.failed:
            parts.append(self.tr("{0} failed").format(f"{now.failed:,}"))
        if now.left_s is not None:
            parts.append(time_left(now.left_s))
        self.words.setText(PARTS.join(parts))
        if news.before is not None and news.after is not None:
            before, after = to_image(news.before), to_image(news.after)
            self.pair.show_pair(before, after, news.name)

    @Slot()
    def _on_cancel_clicked(self) -> None:
        self.cancel_button.setEnabled(False)
        self.cancel_button.setText(self.tr("Stopping…"))
        self.cancel_clicked.emit()


class FolderDone(QWidget):
    """What was saved, what was not and why.

    Signals:
        again_clicked: The user wants to go on with the same pictures.
        other_clicked: The user wants to translate other ones.
    """

    again_clicked = Signal()
    other_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Show nothing yet."""
        super().__init__(parent)
        self._out = Path()
        self.message = MessageBar(parent=self)
        self.failed = strong()
        self.failures = QPlainTextEdit()
        self.failures.setReadOnly(True)
        self.failures.setAccessibleName(self.tr("Pictures without a result, and why"))
        self.copy_button = buttons.link(self.tr("Copy the list"), "copy")
        self.open_button = buttons.secondary(self.tr("Open folder"), "folder-open")
        self.again_button = buttons.secondary(self.tr("Go on"))
        self.other_button = buttons.secondary(self.tr("Another folder"))

        head = QHBoxLayout()
        head.addWidget(self.failed, 1)
        head.addWidget(self.copy_button)
        self.pair = Pair()
        self._card = Card()
        self._card.column.addLayout(head)
        self._card.column.addWidget(self.failures)
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.open_button, self.again_button, self.other_button):
            row.addWidget(button)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 0, 24, 16)
        column.setSpacing(16)
        column.addWidget(self.message)
        column.addLayout(row)
        column.addWidget(self._card, 1)
        column.addWidget(self.pair, 1)
        column.addStretch(0)

        self.open_button.clicked.connect(self._on_open_clicked)
        self.copy_button.clicked.connect(self._on_copy_clicked)
        self.again_button.clicked.connect(self.again_clicked)
        self.other_button.clicked.connect(self.other_clicked)

    def show_summary(self, summary: FolderSummary, last: Pair) -> None:
        """Say what became of it.

        Args:
            summary: That.
            last: What was shown on the way; it stays where nothing failed.
        """
        self._out = summary.request.out
        is_bad = bool(summary.problem or summary.failures)
        fine = "info" if summary.cancelled else "ok"
        level = "err" if summary.problem else "warn" if is_bad else fine
        self.message.show_message(level, self._sentences(summary))
        count = f"{len(summary.failures):,}"
        self.failed.setText(self.tr("{0} without a result").format(count))
        lines = (f"{_shown(p, summary)} {why}." for p, why in summary.failures)
        self.failures.setPlainText("\n".join(lines))
        self._card.setVisible(bool(summary.failures))
        before, after = last.before.image(), last.after.image()
        self.pair.setVisible(not summary.failures and before is not None)
        self.pair.show_pair(before, after)
        self.open_button.setVisible(self._out.is_dir())
        self.again_button.setVisible(summary.cancelled or bool(summary.problem))

    def _sentences(self, summary: FolderSummary) -> str:
        saved = self.tr("{0} of {1} pictures saved in {2}.").format(
            f"{summary.done:,}",
            f"{summary.total:,}",
            summary.request.out.name or str(summary.request.out),
        )
        sentences = [summary.problem, saved]
        if summary.cancelled:
            sentences = [self.tr("Cancelled."), saved]
        if summary.skipped:
            words = self.tr("{0} had a result already.")
            sentences.append(words.format(f"{summary.skipped:,}"))
        if summary.failures:
            words = self.tr("{0} could not be translated.")
            sentences.append(words.format(f"{len(summary.failures):,}"))
        return " ".join(filter(None, sentences))

    @Slot()
    def _on_open_clicked(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._out)))

    @Slot()
    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self.failures.toPlainText())


def _shown(path: Path, summary: FolderSummary) -> str:
    """The path below the folder that it was found in."""
    for folder in summary.request.inputs:
        if path.is_relative_to(folder) and path != folder:
            return str(path.relative_to(folder))
    return path.name
