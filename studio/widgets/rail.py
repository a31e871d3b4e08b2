"""The rail at the left: where one is, and where one can go."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QToolButton, QVBoxLayout, QWidget

from studio.fonts import role_font
from studio.icons import draw_mark, icon
from studio.widgets.buttons import keep_one_tab_stop


@dataclass(frozen=True, slots=True)
class RailItem:
    """One page."""

    value: str
    words: str
    icon: str
    """Its Phosphor name."""
    icon_chosen: str
    """The fill variant, where that still looks like the same thing."""


class Rail(QFrame):
    """80 pixels: the mark, the pages, and help and settings at the foot.

    Signals:
        chosen: The user wants to see a page. (str, its value)
        help_requested: The user asked for help.
        settings_requested: The user asked for the settings.
    """

    chosen = Signal(str)
    help_requested = Signal()
    settings_requested = Signal()

    def __init__(
        self, items: list[RailItem] | None = None, parent: QWidget | None = None
    ) -> None:
        """Show *items*, the studio's six pages if not given, and choose the first."""
        super().__init__(parent)
        self.setProperty("kind", "rail")
        self.setFixedWidth(80)
        self.setAccessibleName(self.tr("Pages"))
        self._buttons: dict[str, QToolButton] = {}
        self._group = QButtonGroup(self)

        column = QVBoxLayout(self)
        column.setContentsMargins(8, 16, 7, 10)
        column.setSpacing(4)
        column.addWidget(_Mark(), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(8)
        for item in items or self._pages():
            column.addWidget(self._add(item))
        column.addStretch()
        self.help_button = _FootButton("question", self.tr("Help"))
        self.settings_button = _FootButton("gear-six", self.tr("Settings"))
        for foot in (self.help_button, self.settings_button):
            column.addWidget(foot, 0, Qt.AlignmentFlag.AlignHCenter)

        keep_one_tab_stop(self._group)
        self._group.buttonClicked.connect(self._on_clicked)
        self.help_button.clicked.connect(self.help_requested)
        self.settings_button.clicked.connect(self.settings_requested)
        self.choose(next(iter(self._buttons)))

    def choose(self, value: str) -> None:
        """Mark the page *value* as the one that is shown, without telling.

        Raises:
            KeyError: There is no such page.
        """
        self._buttons[value].setChecked(True)
        self._value = value

    def value(self) -> str:
        """The page that is marked."""
        return self._value

    def button(self, value: str) -> QToolButton:
        """The item of the page *value*."""
        return self._buttons[value]

    def _pages(self) -> list[RailItem]:
        return [
            RailItem("home", self.tr("Home"), "house", "house-fill"),
            RailItem("data", self.tr("Data"), "folder-open", "folder-open-fill"),
            RailItem("train", self.tr("Train"), "chart-line", "chart-line"),
            RailItem("translate", self.tr("Translate"), "swap", "swap-fill"),
            RailItem("explore", self.tr("Explore"), "compass", "compass-fill"),
            RailItem("runs", self.tr("Runs"), "stack", "stack-fill"),
        ]

    def _add(self, item: RailItem) -> QToolButton:
        button = _RailButton(item)
        self._buttons[item.value] = button
        self._group.addButton(button)
        return button

    def _on_clicked(self, clicked: QToolButton) -> None:
        self._value = next(v for v, b in self._buttons.items() if b is clicked)
        self.chosen.emit(self._value)


class _RailButton(QToolButton):
    """An icon over a word, 64 by 56."""

    def __init__(self, item: RailItem) -> None:
        super().__init__()
        self.setProperty("kind", "rail")
        self.setText(item.words)
        self.setIcon(icon(item.icon, on=item.icon_chosen))
        self.setIconSize(QSize(22, 22))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setCheckable(True)
        self.setFixedSize(64, 56)

    def sizeHint(self) -> QSize:
        """64 by 56; longer words keep to it and are cut by Qt with a tooltip."""
        metrics = QFontMetrics(role_font("label"))
        is_cut = metrics.horizontalAdvance(self.text()) > 60
        self.setToolTip(self.text() if is_cut else "")
        return QSize(64, 56)


class _FootButton(QToolButton):
    def __init__(self, icon_name: str, words: str) -> None:
        super().__init__()
        self.setProperty("kind", "icon")
        self.setIcon(icon(icon_name))
        self.setIconSize(QSize(20, 20))
        self.setToolTip(words)
        self.setAccessibleName(words)


class _Mark(QWidget):
    """The application mark, 32 pixels."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(32, 32)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        draw_mark(QPainter(self), QRectF(self.rect()))
