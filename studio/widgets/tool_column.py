"""The tools of a drawing, one below the other."""

from typing import cast

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QToolButton, QWidget

from studio.widgets import buttons
from studio.widgets.card import Card, Divider
from studio.widgets.drawing import Tool

WIDTH = 48
SIZES = (1 / 64, 1 / 24, 1 / 10)
"""Widths of lines, as parts of the drawing's side."""

_DOTS = (8, 14, 20)  # pixels of the icons that stand for them


class ToolColumn(Card):
    """Tools, undo and redo, and the width of lines; the keys are the caller's.

    Signals:
        tool_changed: The user took another tool. (Tool)
        size_changed: Another width of lines. (its place in `SIZES`)
        undo_clicked: The last step is to be taken back.
        redo_clicked: And this is to be taken back.
        clear_clicked: The drawing is to be made blank.
    """

    tool_changed = Signal(str)
    size_changed = Signal(int)
    undo_clicked = Signal()
    redo_clicked = Signal()
    clear_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Hold the brush, of middle width."""
        super().__init__(parent)
        self._tools: dict[Tool, QToolButton] = {}
        self._tool_group, self._size_group = QButtonGroup(self), QButtonGroup(self)
        self._lay_out()
        for group in (self._tool_group, self._size_group):
            buttons.keep_one_tab_stop(group)
        self._tool_group.buttonClicked.connect(
            lambda _button: self.tool_changed.emit(self.tool())
        )
        self._size_group.idClicked.connect(self.size_changed)
        self.set_steps(can_undo=False, can_redo=False)

    def tool(self) -> Tool:
        """The tool in use."""
        used = self._tool_group.checkedButton()
        return next(name for name, button in self._tools.items() if button is used)

    def take(self, tool: Tool) -> None:
        """Use another tool, as if it had been clicked."""
        self._tools[tool].setChecked(True)
        self.tool_changed.emit(tool)

    def button(self, tool: Tool) -> QToolButton:
        """The button of a tool."""
        return self._tools[tool]

    def size_index(self) -> int:
        """The width of lines, as a place in `SIZES`."""
        return self._size_group.checkedId()

    def change_size(self, by: int) -> None:
        """Take the next width, wider (1) or narrower (-1), if there is one."""
        index = min(max(self.size_index() + by, 0), len(SIZES) - 1)
        if index != self.size_index():
            self._size_group.button(index).setChecked(True)
            self.size_changed.emit(index)

    def set_steps(self, *, can_undo: bool, can_redo: bool) -> None:
        """Say whether there is anything to take back, or to do again."""
        self.undo_button.setEnabled(can_undo)
        self.redo_button.setEnabled(can_redo)

    def _lay_out(self) -> None:
        self.setFixedWidth(WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Drawing tools"))
        self.column.setContentsMargins(7, 7, 7, 7)
        self.column.setSpacing(2)
        for name, icon, words in (
            ("brush", "pencil-simple", self.tr("Brush (B)")),
            ("eraser", "eraser", self.tr("Eraser (E); also the right mouse button")),
            ("line", "line-segment", self.tr("Line (L)")),
            ("ellipse", "circle", self.tr("Ellipse (O)")),
            ("rectangle", "square", self.tr("Rectangle (R)")),
            ("fill", "paint-bucket", self.tr("Fill an area (F)")),
        ):
            button = self._add(icon, words, self._tool_group)
            self._tools[cast("Tool", name)] = button
        self._tools["brush"].setChecked(True)
        self._add_divider()
        self.undo_button = self._add("arrow-u-up-left", self.tr("Undo (Ctrl+Z)"))
        self.redo_button = self._add("arrow-u-up-right", self.tr("Redo (Ctrl+Shift+Z)"))
        self.clear_button = self._add("trash", self.tr("Clear the drawing (Delete)"))
        self.undo_button.clicked.connect(self.undo_clicked)
        self.redo_button.clicked.connect(self.redo_clicked)
        self.clear_button.clicked.connect(self.clear_clicked)
        self._add_divider()
        widths = (
            self.tr("Thin lines ([ is thinner)"),
            self.tr("Lines of middle width"),
            self.tr("Wide lines (] is wider)"),
        )
        for index, (dot, width) in enumerate(zip(_DOTS, widths, strict=True)):
            button = self._add("circle-fill", width)
            button.setCheckable(True)
            button.setIconSize(QSize(dot, dot))
            self._size_group.addButton(button, index)
        self._size_group.button(1).setChecked(True)
        self.column.addStretch()

    def _add(
        self, icon: str, words: str, group: QButtonGroup | None = None
    ) -> QToolButton:
        button = buttons.tool(icon, words, checkable=group is not None)
        if group is not None:
            group.addButton(button)
        self.column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        return button

    def _add_divider(self) -> None:
        self.column.addSpacing(2)
        self.column.addWidget(Divider())
        self.column.addSpacing(2)
