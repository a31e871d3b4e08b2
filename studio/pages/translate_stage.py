"""The stage of the Translate page: before and after, with its tools and the strip."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.widgets import buttons
from studio.widgets.before_after import BeforeAfter
from studio.widgets.film_strip import FilmStrip
from studio.widgets.labels import caption, strong
from studio.widgets.pyramid import Pyramid
from studio.widgets.segmented import Segmented

_NARROW = 760  # pixels


class TranslateStage(QWidget):
    """View modes and zoom, the stage, and the pictures one has brought.

    Signals:
        save_clicked: The user wants to save the picture on the stage.
    """

    save_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Show an empty stage and an empty strip."""
        super().__init__(parent)
        self.mode = Segmented(
            [
                ("slider", self.tr("Slider"), "square-half"),
                ("side", self.tr("Side by side"), "columns"),
                ("lens", self.tr("Lens"), "magnifying-glass"),
                ("blink", self.tr("Blink"), "swap"),
                ("difference", self.tr("Difference"), "circle-half"),
            ],
            name=self.tr("How before and after are shown"),
        )
        self._explain_modes()
        self.save_button = buttons.tool(
            "download-simple", self.tr("Save this picture (Ctrl+S)")
        )
        self.zoom_out = buttons.tool("magnifying-glass-minus", self.tr("Zoom out"))
        self.fit = buttons.quiet(self.tr("Fit"))
        self.fit.setToolTip(self.tr("Show the whole picture (0)"))
        self.actual_size = buttons.quiet(self.tr("1:1"))
        self.actual_size.setToolTip(self.tr("Actual size (1)"))
        self.zoom_in = buttons.tool("magnifying-glass-plus", self.tr("Zoom in"))
        self.stage = BeforeAfter()
        self.strip = FilmStrip()
        self.count = strong()
        self.count_words = caption()

        self._lay_out()
        self.mode.changed.connect(self.stage.set_mode)
        self.save_button.clicked.connect(self.save_clicked)
        self.zoom_out.clicked.connect(self.stage.zoom_out)
        self.fit.clicked.connect(self.stage.fit)
        self.actual_size.clicked.connect(self.stage.actual_size)
        self.zoom_in.clicked.connect(self.stage.zoom_in)
        self.strip.installEventFilter(self)

    def show_prints(
        self,
        prints: Sequence[Pyramid],
        words: tuple[str, str],
        belief: NDArray[np.float32] | None,
    ) -> None:
        """Show a result.

        Args:
            prints: What went in, what stands left, what stands right, and, where it
                was translated back, what came of that.
            words: What stands left and right.
            belief: What the critic believes of the right one, if that is to be seen.
        """
        original, left, right, *back = prints
        self.stage.set_pictures(left, right, words=words)
        self.stage.set_original(original)
        self.stage.set_overlay(belief)
        self.stage.set_third(back[0] if back else None, self.tr("And back again"))

    def show_counts(self, done: int, refused: int) -> None:
        """Say how many of the pictures in the strip are translated."""
        total = self.strip.count() - refused
        self.count.setText(self.tr("{0} of {1}").format(done, total))
        words = self.tr("done, {0} refused").format(refused)
        self.count_words.setText(words if refused else self.tr("done"))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let Space on a picture of the strip do what it does on the stage."""
        kinds = (QEvent.Type.KeyPress, QEvent.Type.KeyRelease)
        if (
            watched is self.strip
            and event.type() in kinds
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Space
            and self.strip.chosen_index() >= 0
        ):
            if not event.isAutoRepeat():
                self.stage.press_space(event.type() == QEvent.Type.KeyPress)
            return True
        if watched is self.strip and event.type() == QEvent.Type.FocusOut:
            self.stage.show_original(False)  # the release of Space goes elsewhere
        return super().eventFilter(watched, event)

    def _explain_modes(self) -> None:
        for mode, words in (
            (
                "slider",
                self.tr("A bar between the two: drag it, or use the arrow keys"),
            ),
            ("side", self.tr("Both beside each other, zoomed and panned as one")),
            (
                "lens",
                self.tr(
                    "A glass that follows the pointer or the arrow keys. Enter swaps "
                    "what it shows, [ and ] or Shift and the wheel change its size."
                ),
            ),
            ("blink", self.tr("Both in turns. Space steps by hand, P goes on.")),
            ("difference", self.tr("How far the two are apart in every pixel")),
        ):
            self.mode.button(mode).setToolTip(words)

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setSpacing(4)
        tools.addWidget(self.mode)
        tools.addStretch()
        for part in (self.zoom_out, self.fit, self.actual_size, self.zoom_in):
            tools.addWidget(part)
        tools.addSpacing(8)
        tools.addWidget(self.save_button)

        counts = QVBoxLayout()
        counts.setSpacing(2)
        counts.addStretch()
        for label in (self.count, self.count_words):
            label.setAlignment(Qt.AlignmentFlag.AlignRight)
            counts.addWidget(label)
        counts.addStretch()
        foot = QHBoxLayout()
        foot.setSpacing(16)
        foot.addWidget(self.strip, 1)
        foot.addLayout(counts)

        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(tools)
        column.addWidget(self.stage, 1)
        column.addLayout(foot)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window leave out the icons and use shorter words."""
        super().resizeEvent(event)
        is_narrow = self.width() < _NARROW
        whole, short = self.tr("Side by side"), self.tr("Beside")
        self.mode.set_words("side", short if is_narrow else whole)
        self.mode.show_icons(not is_narrow)
