"""The wheel scrolls the page, unless a field is in use."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import (
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QScrollBar,
    QWidget,
)


def guard_wheel(root: QWidget) -> None:
    """Keep the wheel from changing fields that do not have the focus.

    Spin boxes, combo boxes and sliders in *root* and below it, those that are there
    now. Calling it again, after a form has grown, does no harm.
    """
    here = Qt.FindChildOption.FindDirectChildrenOnly
    guard = root.findChild(_WheelGuard, options=here)
    guard = guard or _WheelGuard(root)
    for widget in (root, *root.findChildren(QWidget)):
        is_field = isinstance(widget, (QAbstractSpinBox, QComboBox, QAbstractSlider))
        if is_field and not isinstance(widget, QScrollBar):
            # Qt's WheelFocus would give the focus before anybody can object.
            widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            widget.installEventFilter(guard)


class _WheelGuard(QObject):
    """Passes the wheel on to the page."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_wheel = event.type() == QEvent.Type.Wheel
        if is_wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()  # so that it goes to the parent, which scrolls
            return True
        return False
