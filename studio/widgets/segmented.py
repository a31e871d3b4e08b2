"""A choice of a few, side by side, of which one is chosen."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from studio.icons import icon
from studio.widgets.buttons import keep_one_tab_stop


class Segmented(QFrame):
    """Two to five words on a track; the arrow keys move between them.

    Signals:
        changed: The user chose another one. (str, its value)
    """

    changed = Signal(str)

    def __init__(
        self,
        options: Sequence[tuple[str, str] | tuple[str, str, str]],
        *,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        """Show *options* and choose the first.

        Args:
            options: For each, its value, its words and, where wanted, its icon.
            name: What is chosen here, for screen readers.
            parent: The owner.
        """
        super().__init__(parent)
        self.setProperty("kind", "seg")
        self.setAccessibleName(name)
        self._buttons: dict[str, QToolButton] = {}
        self._group = QButtonGroup(self)

        row = QHBoxLayout(self)
        row.setContentsMargins(3, 3, 3, 3)
        row.setSpacing(0)
        for value, words, *icons in options:
            button = _Segment(words, icons[0] if icons else None)
            self._buttons[value] = button
            self._group.addButton(button)
            row.addWidget(button)

        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        keep_one_tab_stop(self._group)
        self._group.buttonClicked.connect(self._on_clicked)
        self._value = options[0][0]
        self.set_value(self._value)

    def value(self) -> str:
        """The value that is chosen."""
        return self._value

    def set_value(self, value: str) -> None:
        """Choose *value* without telling.

        Raises:
            KeyError: It is none of the options.
        """
        self._buttons[value].setChecked(True)
        self._value = value

    def button(self, value: str) -> QToolButton:
        """The part that stands for *value*, to disable it or explain it."""
        return self._buttons[value]

    def set_words(self, value: str, words: str) -> None:
        """Word one option anew, shorter in a narrow window."""
        self._buttons[value].setText(words)

    def show_icons(self, shown: bool) -> None:
        """Show the icons beside the words, or in a narrow window the words alone."""
        styles = Qt.ToolButtonStyle
        style = styles.ToolButtonTextBesideIcon if shown else styles.ToolButtonTextOnly
        for button in self._buttons.values():
            button.setToolButtonStyle(style)

    @Slot(QAbstractButton)
    def _on_clicked(self, clicked: QAbstractButton) -> None:
        value = next(v for v, button in self._buttons.items() if button is clicked)
        if value != self._value:
            self._value = value
            self.changed.emit(value)


class _Segment(QToolButton):
    """One part; as wide as its words in the heavier weight of the chosen one."""

    def __init__(self, words: str, icon_name: str | None) -> None:
        super().__init__()
        self.setProperty("kind", "segment")
        self.setText(words)
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        if icon_name is not None:
            self.setIcon(icon(icon_name))
            self.setIconSize(QSize(16, 16))
            self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)

    def sizeHint(self) -> QSize:
        """Wide enough not to move when it is chosen."""
        heavy = QFont(self.font())
        heavy.setWeight(QFont.Weight.DemiBold)
        words = QFontMetrics(heavy).horizontalAdvance(self.text())
        is_bare = self.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonTextOnly
        has_icon = not (is_bare or self.icon().isNull())
        picture = self.iconSize().width() + 6 if has_icon else 0
        return QSize(words + picture + 32, 26)

    def minimumSizeHint(self) -> QSize:
        """A narrow window takes the room beside the words first."""
        return self.sizeHint() - QSize(20, 0)
