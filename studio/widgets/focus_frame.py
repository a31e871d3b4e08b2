"""The one ring that shows where the keyboard is."""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QFocusFrame, QWidget

from studio.tokens import tokens_of

DRAWS_OWN_FOCUS = "draws_own_focus"
"""The property of a widget that shows inside itself where the keyboard is."""


class FocusFrame(QFocusFrame):
    """Follows the focus of the application while it is moved by keys.

    One is made with the application. A focus that came by the mouse has no ring, as
    the pointer is there already.
    """

    def __init__(self, app: QApplication) -> None:
        """Watch the focus of *app*, without a ring so far."""
        super().__init__()
        app.focusChanged.connect(self._on_focus_changed)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ring: 2 pixels wide, 2 off the control."""
        del event
        tokens = tokens_of(QApplication.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens.accent_text), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 9, 9)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay through a change of theme, at which Qt would hide the frame."""
        if event.type() == QEvent.Type.StyleChange:
            return False
        return super().eventFilter(watched, event)

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, old: QWidget | None, new: QWidget | None) -> None:
        del old
        if new is None or not _came_by_keyboard(new) or not _wants_ring(new):
            self._leave()
        else:
            self.setWidget(new)

    def _leave(self) -> None:
        """Hide, and belong to no window: a dialog that goes would take it along."""
        self.setWidget(None)  # type: ignore[arg-type]  # Qt documents null here
        self.setParent(None)


def _came_by_keyboard(widget: QWidget) -> bool:
    """Whether Tab or a shortcut moved the focus; Qt marks the window, and only once."""
    window = widget.window()
    mark = Qt.WidgetAttribute.WA_KeyboardFocusChange
    by_keyboard = window.testAttribute(mark)
    window.setAttribute(mark, False)
    return by_keyboard


def _wants_ring(widget: QWidget) -> bool:
    is_content = isinstance(widget, QAbstractScrollArea)
    return not is_content and not widget.property(DRAWS_OWN_FOCUS)
