"""A slider with its name to the left and its value, in words, to the right."""

import math
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QSlider, QWidget

from studio.tokens import tokens_of
from studio.widgets.labels import caption

_TICKS = 1000
"""Positions of a slider over real numbers: finer than a pixel on any screen."""
_KNOB = 14


class LabeledSlider(QWidget):
    """A number chosen by dragging, on a linear or a logarithmic scale.

    Signals:
        changing: The value at this moment of a drag. (float)
        changed: The value once the user let go, or pressed a key. (float)
    """

    changing = Signal(float)
    changed = Signal(float)

    def __init__(
        self,
        name: str,
        minimum: float,
        maximum: float,
        *,
        logarithmic: bool = False,
        integer: bool = False,
        centred: bool = False,
        words: Callable[[float], str] = "{:.3g}".format,
        parent: QWidget | None = None,
    ) -> None:
        """Make it, at *minimum*, or at 0 where it is *centred*.

        Args:
            name: The words at the left.
            minimum: The value at the left end.
            maximum: The value at the right end, greater than *minimum*.
            logarithmic: Equal distances are equal factors; *minimum* must be over 0.
            integer: Only whole numbers.
            centred: Filled from 0 outwards; a double click returns to 0.
            words: What to write for a value, "about 5 min" for 1200 steps say.
            parent: The owner.

        Raises:
            ValueError: The range is empty, or logarithmic and not over 0.
        """
        super().__init__(parent)
        if not minimum < maximum:
            raise ValueError(f"minimum must be below maximum, got {minimum}, {maximum}")
        if logarithmic and minimum <= 0:
            raise ValueError(f"a logarithmic range must be over 0, got {minimum}")
        self._low, self._high = minimum, maximum
        self._logarithmic, self._integer = logarithmic, integer
        self._words = words
        self._value = minimum

        self._name_label = caption(name)
        self._value_label = caption()
        centre = self._fraction(0.0) if centred else 0.0
        self.slider = _Groove(centre, is_centred=centred)
        self._set_ticks()
        self.slider.setAccessibleName(name)

        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(4)
        grid.addWidget(self._name_label, 0, 0)
        grid.addWidget(self._value_label, 0, 1, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(self.slider, 1, 0, 1, 2)
        grid.setColumnStretch(0, 1)

        self.slider.valueChanged.connect(self._on_moved)
        self.slider.sliderReleased.connect(self._on_released)
        self.slider.reset_requested.connect(self._on_reset)
        self.set_value(0.0 if centred else minimum)

    def value(self) -> float:
        """The value as it was set or dragged to, whole where it is *integer*."""
        return self._value

    def set_value(self, value: float) -> None:
        """Move to *value*, or to the nearest end, without telling.

        The value is kept as given, though the knob stands on the nearest tick.
        """
        self._value = self._allowed(value)
        with QSignalBlocker(self.slider):
            position = self._fraction(self._value) * self.slider.maximum()
            self.slider.setValue(round(position))
        self._show()

    def set_range(self, minimum: float, maximum: float) -> None:
        """Give it other ends; a value outside moves to the nearest, without telling.

        Raises:
            ValueError: The range is empty.
        """
        if not minimum < maximum:
            raise ValueError(f"minimum must be below maximum, got {minimum}, {maximum}")
        self._low, self._high = minimum, maximum
        with QSignalBlocker(self.slider):
            self._set_ticks()
        self.set_value(self._value)

    def _set_ticks(self) -> None:
        whole = self._integer and not self._logarithmic
        self.slider.setRange(0, round(self._high - self._low) if whole else _TICKS)
        self.slider.setSingleStep(1 if whole else _TICKS // 100)
        self.slider.setPageStep(max(1, self.slider.maximum() // 10))

    def set_words(self, words: Callable[[float], str]) -> None:
        """Write values in another way from now on."""
        self._words = words
        self._show()

    def _allowed(self, value: float) -> float:
        value = min(max(value, self._low), self._high)
        return round(value) if self._integer else value

    def _fraction(self, value: float) -> float:
        """Where *value* stands between the ends, 0 to 1."""
        if self._logarithmic:
            return math.log(value / self._low) / math.log(self._high / self._low)
        return (value - self._low) / (self._high - self._low)

    def _at(self, fraction: float) -> float:
        """The value that stands at *fraction*; the ends are met exactly."""
        if fraction in (0.0, 1.0):
            return self._high if fraction else self._low
        if self._logarithmic:
            return self._allowed(self._low * (self._high / self._low) ** fraction)
        return self._allowed(self._low + fraction * (self._high - self._low))

    def _show(self) -> None:
        words = self._words(self._value)
        self._value_label.setText(words)
        self.slider.setToolTip(words)

    @Slot(int)
    def _on_moved(self, tick: int) -> None:
        self._value = self._at(tick / self.slider.maximum())
        self._show()
        if self.slider.isSliderDown():
            self.changing.emit(self._value)
        else:
            self.changed.emit(self._value)

    @Slot()
    def _on_released(self) -> None:
        self.changed.emit(self._value)

    @Slot()
    def _on_reset(self) -> None:
        self.set_value(0.0)
        self.changed.emit(self._value)


class _Groove(QSlider):
    """The groove and its knob; a click goes straight to where the pointer is.

    Signals:
        reset_requested: A centred one was double-clicked.
    """

    reset_requested = Signal()

    def __init__(self, centre: float, *, is_centred: bool) -> None:
        """Fill from *centre*, a fraction of the length, to the knob."""
        super().__init__(Qt.Orientation.Horizontal)
        self._centre = centre
        self._is_centred = is_centred
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """The knob decides the height; what it needs to be hit is around it."""
        return QSize(120, 22)

    def minimumSizeHint(self) -> QSize:
        """Short sliders are still of use."""
        return QSize(48, 22)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn only while focused; else the page scrolls."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the knob to the pointer and hold it there."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._follow(event)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the knob."""
        if self.isSliderDown():
            self._follow(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go of the knob."""
        if event.button() == Qt.MouseButton.LeftButton and self.isSliderDown():
            self.setSliderDown(False)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Return to the centre, if there is one."""
        if self._is_centred:
            self.reset_requested.emit()
        else:
            self.mousePressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw groove, fill, the tick at the centre, and the knob."""
        del event
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        middle = self.height() / 2
        groove = QRectF(0, middle - 2, self.width(), 4)
        painter.setBrush(QColor(tokens.track))
        painter.drawRoundedRect(groove, 2, 2)

        knob = self._x_of(self.value() / self.maximum())
        if self.isEnabled():
            start = self._x_of(self._centre) if self._is_centred else 0.0
            left, right = min(start, knob), max(start, knob)
            painter.setBrush(QColor(tokens.accent_ui))
            painter.drawRoundedRect(QRectF(left, middle - 2, right - left, 4), 2, 2)
        if self._is_centred:
            tick = QRectF(self._x_of(self._centre) - 1, middle - 5, 2, 10)
            painter.fillRect(tick, QColor(tokens.line2))

        # The knob is light in both themes, as in a shop of hi-fi: text on dark.
        dark = QColor(tokens.bg).lightness() < 128
        on = tokens.text if dark else tokens.surface
        painter.setBrush(QColor(on if self.isEnabled() else tokens.track))
        painter.setPen(
            QPen(QColor(tokens.line2 if self.isEnabled() else tokens.line), 1)
        )
        painter.drawEllipse(QPointF(knob, middle), _KNOB / 2 - 0.5, _KNOB / 2 - 0.5)

    def _x_of(self, fraction: float) -> float:
        return _KNOB / 2 + fraction * (self.width() - _KNOB)

    def _follow(self, event: QMouseEvent) -> None:
        length = max(1, self.width() - _KNOB)
        fraction = (event.position().x() - _KNOB / 2) / length
        self.setValue(round(min(max(fraction, 0.0), 1.0) * self.maximum()))
