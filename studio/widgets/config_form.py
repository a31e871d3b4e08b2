"""A form over the settings of an engine, made from their descriptions."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from engines.configs import GROUP_LABELS, Setting
from studio.widgets.card import Divider
from studio.widgets.disclosure import Disclosure
from studio.widgets.icon_label import IconLabel
from studio.widgets.labels import caption, heading, label
from studio.widgets.setting_field import (
    GUTTER,
    AnyField,
    FixedRow,
    SettingField,
    make_field,
)
from studio.widgets.setting_words import setting_words

_RIGHT = 16  # between the fields and the edge, or the scroll bar


class ConfigForm(QFrame):
    """A card with the few settings that matter, the others behind "Advanced".

    While a run is on, what is fixed becomes rows to read, and what may change stays a
    control.

    Signals:
        changed: A value is new, also in the middle of a drag. (dict, all values)
        live_changed: While running, the user is done with a value.
            (str, its name; object, the value)
        valid_changed: Whether every number that was typed can be used. (bool)
    """

    changed = Signal(object)
    live_changed = Signal(str, object)
    valid_changed = Signal(bool)

    def __init__(
        self, settings: Sequence[Setting] = (), parent: QWidget | None = None
    ) -> None:
        """Build the form at the defaults of *settings*."""
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._running = False
        self._advanced_open = False
        self._valid = True
        self._facts: Sequence[tuple[str, str]] = ()

        self._count = caption()
        head = QHBoxLayout()
        head.setContentsMargins(16, 14, 16, 10)
        head.addWidget(heading(self.tr("Settings")), stretch=1)
        head.addWidget(self._count)
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        self._first = QVBoxLayout()
        column.addLayout(self._first)
        column.addWidget(self._scroll, stretch=1)
        self._scroll.verticalScrollBar().rangeChanged.connect(self._fit_first)

        self.set_settings(settings)

    # Values.

    def set_settings(self, settings: Sequence[Setting]) -> None:
        """Make the form anew, for another engine, at the defaults."""
        order = list(GROUP_LABELS)
        by_group = sorted(settings, key=lambda s: order.index(s.group))
        self._settings = {s.name: s for s in by_group}
        self._baseline = {s.name: s.default for s in settings}
        self._values = dict(self._baseline)
        self._words: dict[str, Callable[[Any], str]] = {}
        self._hints: dict[str, str] = {}
        self._build()

    def values(self) -> dict[str, Any]:
        """Every setting by name; the last one that could be used."""
        return dict(self._values)

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Show these values without telling; the others stay.

        Raises:
            KeyError: There is no such setting.
        """
        self._check_names(values)
        self._values.update(values)
        self._show_values()

    def set_baseline(self, values: Mapping[str, Any]) -> None:
        """Say what counts as unchanged, in place of the defaults: a preset's values.

        Raises:
            KeyError: There is no such setting.
        """
        self._check_names(values)
        defaults = {s.name: s.default for s in self._settings.values()}
        self._baseline = {**defaults, **values}
        self._show_values()

    def reset(self) -> None:
        """Take every value back to the baseline."""
        self._values = dict(self._baseline)
        self._show_values()
        self.changed.emit(self.values())

    def changed_names(self) -> list[str]:
        """The settings that are not at their baseline."""
        return [n for n, v in self._values.items() if v != self._baseline[n]]

    def problems(self) -> list[str]:
        """What is wrong with what was typed, a sentence each."""
        return [
            f"{field.setting.label}: {field.problem()}"
            for field in self._fields.values()
            if field.problem()
        ]

    # How it looks.

    def set_first(self, widget: QWidget) -> None:
        """Put *widget* above the settings, as wide as their fields; it stays there."""
        self._first.addWidget(widget)
        self._fit_first()

    def _fit_first(self) -> None:
        bar = self._scroll.verticalScrollBar()
        right = bar.sizeHint().width() if bar.maximum() > 0 else 0
        self._first.setContentsMargins(0, 0, _RIGHT + right, 0)

    def set_running(self, running: bool, facts: Sequence[tuple[str, str]] = ()) -> None:
        """Show what can be changed while a run is on, or everything.

        Args:
            running: Whether a run is on.
            facts: What else is fixed for this run, as (name, words).
        """
        self._facts = tuple(facts) if running else ()
        if running != self._running:
            self._running = running
            self._build()
        elif running:
            self._show_facts()  # to build everything again would stall the window

    def set_words(self, name: str, words: Callable[[Any], str]) -> None:
        """Write the value of a slider in another way, "about 5 min" for steps.

        Raises:
            KeyError: There is no such setting.
        """
        self._check_names([name])
        self._words[name] = words
        if name in self._fields:
            self._fields[name].set_words(words)

    def set_hint(self, name: str, words: str) -> None:
        """Say something below a control.

        Raises:
            KeyError: There is no such setting.
        """
        self._check_names([name])
        self._hints[name] = words
        if name in self._fields:
            self._fields[name].show_hint(words)

    # Building.

    def _build(self) -> None:
        self._fields: dict[str, AnyField] = {}
        self._rows: dict[str, FixedRow] = {}
        body = QWidget()
        body.setProperty("kind", "scrolled")
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, _RIGHT, 8)
        column.setSpacing(12)

        basic = [s for s in self._settings.values() if s.basic]
        if self._running:
            self._add_running(column, basic)
        else:
            self._add_groups(column, basic, with_help=False)
        advanced = [s for s in self._settings.values() if not s.basic]
        if advanced:
            self._add_advanced(column, advanced)
        column.addStretch(1)

        old = self._scroll.takeWidget()
        if old is not None:
            old.deleteLater()
        self._scroll.setWidget(body)
        self._show_values()

    def _add_running(self, column: QVBoxLayout, basic: Iterable[Setting]) -> None:
        live = [s for s in basic if s.change == "live"]
        fixed = [s for s in basic if s.change != "live"]
        column.addWidget(_indented(label(self.tr("Can change while training"))))
        for setting in live:
            column.addWidget(self._make_field(setting, with_help=False))
        column.addWidget(_indented(Divider()))
        column.addWidget(
            _indented(
                IconLabel("lock-simple", "text3", 14),
                label(self.tr("Fixed for this run")),
            )
        )
        block = self._add_rows(column, map(self._make_row, fixed))
        self._fact_rows = QVBoxLayout()
        self._fact_rows.setSpacing(block.spacing())
        block.insertLayout(0, self._fact_rows)
        self._show_facts()

    def _show_facts(self) -> None:
        while item := self._fact_rows.takeAt(0):
            if row := item.widget():
                row.hide()
                row.deleteLater()
        for name, words in self._facts:
            self._fact_rows.addWidget(FixedRow(name, words))

    def _add_advanced(self, column: QVBoxLayout, advanced: list[Setting]) -> None:
        column.addWidget(_indented(Divider()))
        opener = Disclosure(
            self.tr("Advanced"),
            self.tr("{0} settings").format(len(advanced)),
            indent=GUTTER,
        )
        column.addWidget(opener)
        self._inside = QWidget()
        self._inside.hide()
        column.addWidget(self._inside)
        opener.toggled.connect(self._on_advanced_toggled)
        opener.setChecked(self._advanced_open)

    def _fill_advanced(self) -> None:
        """Build what is behind "Advanced": left until it is to be seen."""
        within = QVBoxLayout(self._inside)
        within.setContentsMargins(0, 0, 0, 0)
        within.setSpacing(12)
        advanced = [s for s in self._settings.values() if not s.basic]
        self._add_groups(within, advanced, with_help=True)

    def _add_groups(
        self, column: QVBoxLayout, settings: list[Setting], *, with_help: bool
    ) -> None:
        for group, words in GROUP_LABELS.items():
            members = [s for s in settings if s.group == group]
            if not members:
                continue
            if group != "main" and len(members) > 1:  # one says by itself what it is
                column.addWidget(_indented(Divider()))
                column.addWidget(_indented(label(words)))
            free = [s for s in members if self._is_free(s)]
            for setting in free:
                column.addWidget(self._make_field(setting, with_help=with_help))
            fixed = [s for s in members if not self._is_free(s)]
            self._add_rows(column, map(self._make_row, fixed))

    def _add_rows(self, column: QVBoxLayout, rows: Iterable[FixedRow]) -> QVBoxLayout:
        block = QVBoxLayout()
        block.setSpacing(4)
        for row in rows:
            block.addWidget(row)
        column.addLayout(block)
        return block

    def _is_free(self, setting: Setting) -> bool:
        return not self._running or setting.change == "live"

    def _make_row(self, setting: Setting) -> FixedRow:
        row = FixedRow(setting.label, "", setting.help)
        self._rows[setting.name] = row
        return row

    def _make_field(self, setting: Setting, *, with_help: bool) -> AnyField:
        field = make_field(setting, with_help=with_help or setting.explained)
        field.changing.connect(self._on_changing)
        field.changed.connect(self._on_changed)
        field.judged.connect(self._show_changes)
        field.reset_requested.connect(self._on_reset_requested)
        self._fields[setting.name] = field
        field.show_value(self._values[setting.name])
        if setting.name in self._words:
            field.set_words(self._words[setting.name])
        if setting.name in self._hints:
            field.show_hint(self._hints[setting.name])
        return field

    # Keeping it in step.

    def _check_names(self, names: Iterable[str]) -> None:
        unknown = [name for name in names if name not in self._settings]
        if unknown:
            raise KeyError(f"there is no setting {unknown[0]!r}")

    def _show_values(self) -> None:
        for name, field in self._fields.items():
            field.show_value(self._values[name])
        for name, row in self._rows.items():
            row.show_words(setting_words(self._settings[name], self._values[name]))
        self._show_changes()

    def _show_changes(self) -> None:
        for name, field in self._fields.items():
            field.show_baseline(self._values[name], self._baseline[name])
        count = len(self.changed_names())
        self._count.setText(self.tr("{0} changed").format(count) if count else "")
        valid = not self.problems()
        if valid != self._valid:
            self._valid = valid
            self.valid_changed.emit(valid)

    def _sender_name(self) -> str:
        field = self.sender()
        assert isinstance(field, SettingField)
        return field.setting.name

    def _on_changing(self, value: Any) -> None:
        name = self._sender_name()
        if value != self._values[name]:
            self._values[name] = value
            self.changed.emit(self.values())
        self._show_changes()

    def _on_changed(self, value: Any) -> None:
        if self._running:
            self.live_changed.emit(self._sender_name(), value)

    def _on_reset_requested(self) -> None:
        name = self._sender_name()
        self._values[name] = self._baseline[name]
        self._fields[name].show_value(self._values[name])
        self._fields[name].setFocus()  # the mark that had it is gone
        self.changed.emit(self.values())
        self._show_changes()
        if self._running:
            self.live_changed.emit(name, self._values[name])

    def _on_advanced_toggled(self, is_open: bool) -> None:
        self._advanced_open = is_open
        if is_open and self._inside.layout() is None:
            self._fill_advanced()
            self._show_values()
        self._inside.setVisible(is_open)


def _indented(*widgets: QWidget) -> QWidget:
    """Widgets in a row that starts where the fields start, past their margin."""
    row = QWidget()
    across = QHBoxLayout(row)
    across.setContentsMargins(GUTTER, 0, 0, 0)
    across.setSpacing(6)
    for widget in widgets:
        across.addWidget(widget)
    if len(widgets) > 1:
        across.addStretch(1)
    return row
