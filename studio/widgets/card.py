"""Cards: surfaces with a hairline, and the line that divides them."""

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget


class Card(QFrame):
    """A surface with rounded corners and 16 pixels of room inside.

    Add to `column`; give another layout by adding it there.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make an empty card."""
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(16, 16, 16, 16)
        self.column.setSpacing(12)


class Divider(QFrame):
    """A hairline between the parts of a card."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make the line, as wide as there is room."""
        super().__init__(parent)
        self.setProperty("kind", "divider")
        self.setFixedHeight(1)
