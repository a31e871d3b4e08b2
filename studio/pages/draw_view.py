"""The parts of the Draw tab: tools, two stages, colours, pictures to start from."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from studio.widgets import buttons
from studio.widgets.drawing import Colour, Drawing, Tool
from studio.widgets.drawing_canvas import DrawingCanvas
from studio.widgets.labels import ElidedLabel, caption, strong
from studio.widgets.message_bar import MessageBar
from studio.widgets.square_stage import SquareStage
from studio.widgets.starter_strip import StarterStrip
from studio.widgets.swatches import Swatches
from studio.widgets.tool_column import SIZES, ToolColumn

PLAIN: tuple[Colour, ...] = (
    (0, 0, 0),
    (255, 255, 255),
    (128, 128, 128),
    (122, 74, 40),
    (214, 48, 49),
    (240, 140, 40),
    (250, 214, 60),
    (70, 160, 70),
    (60, 180, 190),
    (60, 100, 210),
    (130, 80, 180),
    (235, 130, 180),
)
"""To draw with where no labels are known."""

_TOOL_KEYS: dict[str, Tool] = {
    "B": "brush",
    "E": "eraser",
    "L": "line",
    "O": "ellipse",
    "R": "rectangle",
    "F": "fill",
}


class DrawView(QWidget):
    """Tools act on the canvas here; what the drawing is for is the tab's business."""

    def __init__(self, drawing: Drawing, parent: QWidget | None = None) -> None:
        """Show *drawing*, and no result."""
        super().__init__(parent)
        self.message = MessageBar()
        self.tools = ToolColumn()
        self.canvas = DrawingCanvas(drawing)
        self.result = SquareStage()
        self.result.setAccessibleName(self.tr("What the model makes of it"))
        self.swatches = Swatches()
        self.strip = StarterStrip()
        self.keep_button = buttons.secondary(self.tr("Keep this pair"), "push-pin")
        self.seen_size = caption()
        self.model_name = ElidedLabel(role="strong")
        self.speed = caption()
        self.advice = ElidedLabel(role="caption")
        self.colour_row = QWidget()

        self._lay_out()
        self._connect()
        self._add_shortcuts()

    def show_drawing(self, drawing: Drawing) -> None:
        """Draw on another one, with lines as wide as they are to be on it."""
        self.canvas.set_drawing(drawing)
        self._on_size_changed(self.tools.size_index())

    def offer_colours(
        self, colours: tuple[Colour, ...], background: Colour, advice: str
    ) -> None:
        """Let the user draw in *colours*, the first of which is taken.

        Args:
            colours: None for plain ones; of two, one is the eraser's.
            background: What the eraser draws in.
            advice: A sentence to stand beside them.
        """
        colours = colours or PLAIN
        ink = next(colour for colour in colours if colour != background)
        self.swatches.set_colours(colours, ink)
        self.canvas.set_colour(ink)
        self.advice.setText(advice)
        self.colour_row.setVisible(len(colours) > 2)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 0, 24, 16)
        column.setSpacing(12)
        column.addWidget(self.message)
        column.addLayout(self._stages(), 1)
        column.addLayout(self._foot())

    def _stages(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.addWidget(self.tools, 0, 0, 3, 1)
        above = (
            (strong(self.tr("Your drawing")), self.seen_size),
            (self.model_name, self.speed),
        )
        for place, (name, words) in enumerate(above, start=1):
            row = QHBoxLayout()
            row.addWidget(name, 1)
            row.addWidget(words)
            grid.addLayout(row, 0, place)
            grid.setColumnStretch(place, 1)
        grid.addWidget(self.canvas, 1, 1)
        grid.addWidget(self.result, 1, 2)
        grid.setRowStretch(1, 1)
        colours = QHBoxLayout(self.colour_row)
        colours.setContentsMargins(0, 0, 0, 0)
        colours.setSpacing(12)
        colours.addWidget(strong(self.tr("Colours")))
        colours.addWidget(self.swatches)
        colours.addWidget(self.advice, 1)
        grid.addWidget(self.colour_row, 2, 1, 1, 2)
        return grid

    def _foot(self) -> QHBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch()
        words.addWidget(strong(self.tr("Start from")))
        words.addWidget(caption(self.tr("or drop a drawing")))
        words.addStretch()
        foot = QHBoxLayout()
        foot.setSpacing(16)
        foot.addLayout(words)
        foot.addWidget(self.strip, 1)
        foot.addWidget(self.keep_button)
        return foot

    def _connect(self) -> None:
        canvas, tools = self.canvas, self.tools
        tools.tool_changed.connect(canvas.set_tool)
        tools.size_changed.connect(self._on_size_changed)
        tools.undo_clicked.connect(canvas.undo)
        tools.redo_clicked.connect(canvas.redo)
        tools.clear_clicked.connect(canvas.clear)
        canvas.stepped.connect(self._on_stepped)
        self.swatches.chosen.connect(canvas.set_colour)

    def _add_shortcuts(self) -> None:
        tools, canvas = self.tools, self.canvas
        self._add_shortcut("[", lambda: tools.change_size(-1))
        self._add_shortcut("]", lambda: tools.change_size(1))
        self._add_shortcut("Ctrl+Z", canvas.undo)
        self._add_shortcut("Ctrl+Shift+Z", canvas.redo)
        self._add_shortcut("Ctrl+Y", canvas.redo)
        self._add_shortcut("Del", canvas.clear)
        for key, tool in _TOOL_KEYS.items():
            self._add_shortcut(key, partial(tools.take, tool))

    def _add_shortcut(self, key: str, work: Callable[[], object]) -> None:
        shortcut = QShortcut(QKeySequence(key), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(work)

    @Slot(int)
    def _on_size_changed(self, index: int) -> None:
        self.canvas.set_width(max(1.0, SIZES[index] * self.canvas.drawing.size))

    @Slot()
    def _on_stepped(self) -> None:
        drawing = self.canvas.drawing
        self.tools.set_steps(can_undo=drawing.can_undo, can_redo=drawing.can_redo)
