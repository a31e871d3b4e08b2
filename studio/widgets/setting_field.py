"""One setting in a form: its name, its control, what it means and what is wrong."""

from collections.abc import Callable
from typing import Any, TypeAlias

from PySide6.QtCore import QPointF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from engines.configs import Setting
from studio.theme import restyle
from studio.tokens import tokens_of
from studio.widgets.labels import ElidedLabel, body, caption, error, tooltip
from studio.widgets.setting_words import (
    number_words,
    parse_number,
    range_sentence,
    rounded,
    setting_words,
)
from studio.widgets.slider import LabeledSlider
from studio.widgets.toggle import Toggle

_WIDE = 10_000
"""More than four powers of ten."""
_SLIDER_TICKS = 1000
GUTTER = 16  # left of every field, where the mark of a changed one stands


class SettingField(QWidget):
    """What every field has; the subclasses bring the control and `show_value`.

    Attributes:
        setting: What it sets.

    Signals:
        changing: A new value, perhaps one of many of a drag. (object)
        changed: A value that the user is done with. (object)
        judged: What was typed was found right or wrong; see `problem`.
        reset_requested: The user wants the value back that it had at first.
    """

    changing = Signal(object)
    changed = Signal(object)
    judged = Signal()
    reset_requested = Signal()

    def __init__(self, setting: Setting, *, with_help: bool) -> None:
        """Build the parts around the control; `_lay_out` puts it in.

        Args:
            setting: What it sets.
            with_help: Whether the help stands below the control, or in its tooltip.
        """
        super().__init__()
        self.setting = setting
        self._mark = _ChangedMark()
        self._mark.clicked.connect(self.reset_requested)
        self._hint = caption(setting.help if with_help else "")
        self._hint.setWordWrap(True)
        if not self._hint.text():
            self._hint.hide()  # to show it, still in no layout, would open a window

    def show_baseline(self, value: Any, baseline: Any) -> None:
        """Mark the field where *value* is not what it was at first."""
        self._mark.setVisible(value != baseline)
        words = self.tr("Changed. Back to {0}").format(
            setting_words(self.setting, baseline)
        )
        self._mark.setToolTip(words)
        self._mark.setAccessibleName(f"{self.setting.label}: {words}")

    def show_hint(self, words: str) -> None:
        """Say something below the control, in place of the help."""
        self._hint.setText(words)
        self._hint.setVisible(bool(words))

    def set_words(self, words: Callable[[Any], str]) -> None:
        """Write values in another way from now on, where they are written."""

    def problem(self) -> str:
        """What is wrong with what was typed, as a sentence; empty for nothing."""
        return ""

    def _lay_out(self, control: QWidget, *, named: bool, focus: QWidget) -> None:
        """Put the name over *control* where it is not *named* by itself."""
        focus.setAccessibleName(self.setting.label)
        focus.setAccessibleDescription(self.setting.help)
        focus.setWhatsThis(self.setting.help)  # Shift+F1 reads it without a mouse
        self.setToolTip(tooltip(self.setting.help))
        self.setFocusProxy(focus)
        column = QVBoxLayout()
        column.setSpacing(4)
        if not named:
            name = caption(self.setting.label)
            if self.setting.unit:
                name.setText(f"{self.setting.label}, {self.setting.unit}")
            name.setBuddy(focus)
            column.addWidget(name)
        column.addWidget(control)
        column.addWidget(self._hint)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.setColumnMinimumWidth(0, GUTTER)
        grid.addWidget(self._mark, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addLayout(column, 0, 1)
        grid.setColumnStretch(1, 1)


class ChoiceField(SettingField):
    """A combo box of words."""

    def __init__(self, setting: Setting, *, with_help: bool) -> None:
        """Build it, at its first choice."""
        super().__init__(setting, with_help=with_help)
        self._combo = _Combo()
        for value, words in setting.choices:
            self._combo.addItem(words, value)
        self._lay_out(self._combo, named=False, focus=self._combo)
        self._combo.activated.connect(self._on_activated)

    def show_value(self, value: Any) -> None:
        """Show the words for *value* without telling anybody."""
        values = [each for each, _ in self.setting.choices]
        self._combo.setCurrentIndex(values.index(value))

    def _on_activated(self, index: int) -> None:
        value = self.setting.choices[index][0]
        self.changing.emit(value)
        self.changed.emit(value)


class ToggleField(SettingField):
    """A name at the left and a switch at the right."""

    def __init__(self, setting: Setting, *, with_help: bool) -> None:
        """Build it, off."""
        super().__init__(setting, with_help=with_help)
        self._toggle = Toggle()
        row = QWidget()
        across = QHBoxLayout(row)
        across.setContentsMargins(0, 0, 0, 0)
        across.addWidget(body(setting.label), stretch=1)
        across.addWidget(self._toggle)
        self._lay_out(row, named=True, focus=self._toggle)
        self._toggle.toggled.connect(self._on_toggled)

    def show_value(self, value: Any) -> None:
        """Turn the switch without telling anybody."""
        if self._toggle.isChecked() == value:
            return
        with QSignalBlocker(self):  # the switch itself has to hear it, to move
            self._toggle.setChecked(value)

    def _on_toggled(self, on: bool) -> None:
        self.changing.emit(on)
        self.changed.emit(on)


class SliderField(SettingField):
    """A number chosen by eye."""

    def __init__(self, setting: Setting, *, with_help: bool) -> None:
        """Build it, at the left end."""
        super().__init__(setting, with_help=with_help)
        self._given: float | None = None
        assert setting.low is not None, "takes_slider"
        assert setting.high is not None, "takes_slider"
        self._slider = LabeledSlider(
            setting.label,
            setting.low,
            setting.high,
            logarithmic=setting.log,
            integer=setting.kind == "int",
            words=self._write,
        )
        self._lay_out(self._slider, named=True, focus=self._slider.slider)
        self._slider.changing.connect(self._on_changing)
        self._slider.changed.connect(self._on_changed)

    def show_value(self, value: Any) -> None:
        """Move the knob without telling anybody."""
        self._given = value
        self._slider.set_value(value)

    def set_words(self, words: Callable[[Any], str]) -> None:
        """Write values in another way from now on."""
        self._slider.set_words(lambda raw: words(self._chosen(raw)))

    def _write(self, raw: float) -> str:
        return setting_words(self.setting, self._chosen(raw))

    def _chosen(self, raw: float) -> float:
        """The round number that a place on the slider stands for."""
        if raw == self._given:  # typed elsewhere, by a preset say: kept to the digit
            return raw
        assert self.setting.low is not None, "takes_slider"
        assert self.setting.high is not None, "takes_slider"
        wide = self.setting.high > _WIDE * max(self.setting.low, 1)
        value = rounded(raw, 2 if wide else 3)
        value = min(max(value, self.setting.low), self.setting.high)
        return int(value) if self.setting.kind == "int" else value

    def _on_changing(self, raw: float) -> None:
        self.changing.emit(self._chosen(raw))

    def _on_changed(self, raw: float) -> None:
        self.changing.emit(self._chosen(raw))
        self.changed.emit(self._chosen(raw))


class NumberField(SettingField):
    """A number typed to the digit; what is wrong with it is said below."""

    def __init__(self, setting: Setting, *, with_help: bool) -> None:
        """Build it, empty."""
        super().__init__(setting, with_help=with_help)
        self._edit = QLineEdit()
        self._error = error()
        self._error.hide()
        self._given: float | None = None  # the last one that was right
        column = QWidget()
        down = QVBoxLayout(column)
        down.setContentsMargins(0, 0, 0, 0)
        down.setSpacing(4)
        down.addWidget(self._edit)
        down.addWidget(self._error)
        self._lay_out(column, named=False, focus=self._edit)
        self._edit.textEdited.connect(self._on_edited)
        self._edit.editingFinished.connect(self._on_finished)

    def show_value(self, value: Any) -> None:
        """Write the number, unless the user is in the middle of typing it."""
        if value != self._given or self.problem():
            self._given = value
            self._edit.setText(number_words(value, grouped=False))
        self._show_problem()

    def problem(self) -> str:
        """The sentence for what was typed, empty where it can be used."""
        if parse_number(self.setting, self._edit.text()) is not None:
            return ""
        return range_sentence(self.setting)

    def _show_problem(self) -> None:
        words = self.problem()
        self._error.setText(words)
        self._error.setVisible(bool(words))
        self._edit.setProperty("level", "err" if words else "")
        restyle(self._edit)
        self._edit.setAccessibleDescription(words or self.setting.help)

    def _on_edited(self, text: str) -> None:
        value = parse_number(self.setting, text)
        if value is None:
            return  # perhaps half typed: judged when the user leaves
        self._given = value
        self._show_problem()
        self.changing.emit(value)

    def _on_finished(self) -> None:
        self._show_problem()
        self.judged.emit()
        if self._given is not None and not self.problem():
            # "3,6" and "12 500" are shown as they were understood.
            self._edit.setText(number_words(self._given, grouped=False))
            self.changed.emit(self._given)


class FixedRow(QWidget):
    """A setting that cannot change now: name at the left, value at the right."""

    def __init__(self, name: str, words: str, help_: str = "") -> None:
        """Build the row."""
        super().__init__()
        across = QHBoxLayout(self)
        across.setContentsMargins(GUTTER, 0, 0, 0)
        across.setSpacing(8)
        across.addWidget(caption(name))
        self._value = ElidedLabel(words)
        self._value.setAlignment(
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        )
        across.addWidget(self._value, stretch=1)
        self.setToolTip(tooltip(help_))

    def show_words(self, words: str) -> None:
        """Write another value."""
        self._value.setText(words)


AnyField: TypeAlias = ChoiceField | ToggleField | SliderField | NumberField


def make_field(setting: Setting, *, with_help: bool) -> AnyField:
    """Build the field that fits a setting."""
    kinds: dict[str, type[AnyField]] = {"choice": ChoiceField, "bool": ToggleField}
    number = SliderField if takes_slider(setting) else NumberField
    return kinds.get(setting.kind, number)(setting, with_help=with_help)


def takes_slider(setting: Setting) -> bool:
    """Whether a number is chosen by eye rather than typed to the digit.

    It is, between two ends, where a slider reaches every value that matters: not a
    fraction over many powers of ten, not one number out of a million, and not where
    they crowd at an end, such as 0.99 and 0.999 or 1 out of 100.
    """
    if setting.low is None or setting.high is None or setting.kind == "choice":
        return False
    if not setting.log:
        span, usual = setting.high - setting.low, setting.default - setting.low
        crowded = 0 < usual < span / 50 or 0.999 < setting.high < 1
        return span <= _SLIDER_TICKS and not crowded
    if setting.low <= 0:
        return False
    return setting.kind == "int" or setting.high / setting.low <= _WIDE


class _Combo(QComboBox):
    """Turned by the wheel only while focused; else the page scrolls."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumContentsLength(8)  # the longest word does not widen the form
        self.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class _ChangedMark(QAbstractButton):
    """A dot in the margin: the value is not what it was; a click takes it back."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.setSizePolicy(policy)
        self.hide()

    def sizeHint(self) -> QSize:
        return QSize(GUTTER, 18)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        tokens = tokens_of(self.palette())
        painter.setBrush(QColor(tokens.accent_ui))
        radius = 4 if self.underMouse() else 3
        painter.drawEllipse(QPointF(7, self.height() / 2), radius, radius)
