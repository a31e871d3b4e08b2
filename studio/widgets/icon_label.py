"""An icon that only shows, in the colours of the theme."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.icons import icon


class IconLabel(QWidget):
    """One icon, *pixels* high, coloured by a token."""

    def __init__(
        self,
        name: str,
        color_token: str = "text2",
        pixels: int = 16,
        parent: QWidget | None = None,
    ) -> None:
        """Show icon *name*; see `show_icon`."""
        super().__init__(parent)
        self._pixels = pixels
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_icon(name, color_token)

    def show_icon(self, name: str, color_token: str = "text2") -> None:
        """Show another icon.

        Args:
            name: Its Phosphor name.
            color_token: The field of `Tokens` that colours it.

        Raises:
            ValueError: Phosphor has no icon of that name.
        """
        self._icon = icon(name, color_token)
        self.update()

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(self._pixels, self._pixels)

    def minimumSizeHint(self) -> QSize:
        """It is never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it in the middle."""
        del event
        self._icon.paint(QPainter(self), self.rect())
