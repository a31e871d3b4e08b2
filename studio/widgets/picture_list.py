"""The list view under the film strip and the pair grid."""

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QFrame,
    QListView,
    QWidget,
)

from studio.widgets.focus_frame import DRAWS_OWN_FOCUS
from studio.widgets.painting import came_by_keyboard

Index = QModelIndex | QPersistentModelIndex


class PictureList(QListView):
    """Tiles of one size from left to right; only what is seen is ever painted.

    Signals:
        delete_pressed: The Delete key was pressed on the current tile.
        painted: Tiles came on screen, or were drawn again.
    """

    delete_pressed = Signal()
    painted = Signal()

    def __init__(self, model: QAbstractItemModel, parent: QWidget | None = None):
        """Build the view of *model*, in which one tile at a time is chosen."""
        super().__init__(parent)
        self._focus_shown = False
        self.setModel(model)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setProperty(DRAWS_OWN_FOCUS, True)
        self.setProperty("kind", "tiles")  # stands on the page, not on a surface

    def shows_focus(self, index: Index) -> bool:
        """Tell whether the keyboard is at *index*, which has to be seen there."""
        at = self.currentIndex()
        return self._focus_shown and self.hasFocus() and at.row() == index.row()

    def visible_rows(self) -> range:
        """Return the rows of which a part is on screen, for a wrapped list."""
        cell, port = self.gridSize(), self.viewport().size()
        columns = max(1, (port.width() - 1) // max(1, cell.width()))
        top = self.verticalScrollBar().value()
        first = top // max(1, cell.height())
        last = (top + port.height() - 1) // max(1, cell.height())
        rows = self.model().rowCount()
        return range(min(rows, first * columns), min(rows, (last + 1) * columns))

    # Qt overrides

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the tiles."""
        super().paintEvent(event)
        self.painted.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus if a key brought it, and then only let Qt choose a tile."""
        self._focus_shown = came_by_keyboard(event)
        if self._focus_shown:
            super().focusInEvent(event)
        else:
            QAbstractScrollArea.focusInEvent(self, event)
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Show the focus from the first key on; Space enters as Enter does."""
        self._focus_shown = True
        self.viewport().update()
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.delete_pressed.emit()
        elif event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self.activated.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)
