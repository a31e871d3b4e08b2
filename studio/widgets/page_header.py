"""The head of a page: its name, a few words, and its buttons at the right."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.widgets.labels import ElidedLabel

HEIGHT = 64


class PageHeader(QWidget):
    """64 pixels high, never scrolled away; the primary button is the last one."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        """Show *title* alone; see `set_words` and `add_button`."""
        super().__init__(parent)
        self.setMinimumHeight(HEIGHT)
        self._title = ElidedLabel(title, "title")
        self._caption = ElidedLabel(role="caption")
        self._caption.hide()
        self._tabs = QHBoxLayout()
        self._tabs.setSpacing(16)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)

        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch()
        words.addWidget(self._title)
        words.addWidget(self._caption)
        words.addStretch()
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 0, 24, 0)
        row.setSpacing(16)
        row.addLayout(words)
        row.addLayout(self._tabs)
        row.addStretch(1)
        row.addLayout(self._buttons)

    def set_words(self, title: str, caption: str = "") -> None:
        """Name the page and, in smaller letters, say what is on it."""
        self._title.setText(title)
        self._caption.setText(caption)
        self._caption.setVisible(bool(caption))

    def add_tabs(self, *parts: QWidget) -> None:
        """Put what chooses between parts of the page beside its title."""
        for part in parts:
            self._tabs.addWidget(part)

    def add_button(self, button: QWidget) -> None:
        """Put *button* right of the others."""
        self._buttons.addWidget(button)

    def words(self) -> tuple[str, str]:
        """Title and caption."""
        return self._title.text(), self._caption.text()
