"""The way back: what the other direction makes of a result."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.translating import Translation
from studio.widgets.labels import caption, strong
from studio.widgets.picture import PictureView
from studio.widgets.pyramid import Pyramid
from studio.widgets.toggle import Toggle

_HEIGHT = 148  # of the picture, in pixels


class BackAgain(QWidget):
    """A small picture of what came back, and how far it is from what went in.

    Signals:
        toggled: Whether it is wanted has changed.
    """

    toggled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Want it, and have nothing yet."""
        super().__init__(parent)
        self.switch = Toggle()
        self.switch.setAccessibleName(self.tr("Translate back again"))
        self.switch.setChecked(True)
        self.view = PictureView()
        self.view.setFixedHeight(_HEIGHT)
        self.view.set_placeholder(self.tr("Comes with the next result"))
        self.words = caption()
        self.words.setWordWrap(True)
        head = QHBoxLayout()
        head.addWidget(strong(self.tr("And back again")))
        head.addStretch()
        head.addWidget(self.switch)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.words)  # above, where it is seen without scrolling
        column.addWidget(self.view)
        self.switch.toggled.connect(self._on_toggled)

    def is_wanted(self) -> bool:
        """Whether results are to be translated back."""
        return self.switch.isChecked()

    def show_picture(self, back: Pyramid | None) -> None:
        """Show what came back; None while the next is under way keeps what is there."""
        if back is not None:
            self.view.set_image(back.at_least(QSize(_HEIGHT, _HEIGHT) * 2))

    def show_translation(self, found: Translation | None) -> None:
        """Say how near it came; what is there stays where the next is under way."""
        if found is None or found.cycle_error is None:
            if found is None:
                self.view.set_image(None)
                self.words.clear()
            return
        words = self.tr(
            "The result, translated back: {0} % off on average. The closer to the "
            "original, the more the model has kept."
        )
        self.words.setText(words.format(f"{100 * found.cycle_error:.1f}"))

    def _on_toggled(self, is_on: bool) -> None:
        self.view.setVisible(is_on)
        self.words.setVisible(is_on)
        self.toggled.emit()
