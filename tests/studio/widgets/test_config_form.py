"""Tests for studio.widgets.config_form and the fields in it."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QSlider,
    QWidget,
)

from engines.configs import settings_of
from engines.configs.pix2pix import Pix2PixConfig
from studio.widgets.config_form import ConfigForm
from studio.widgets.disclosure import Disclosure
from studio.widgets.setting_field import takes_slider

SETTINGS = settings_of(Pix2PixConfig)
DEFAULTS = Pix2PixConfig().model_dump()


@pytest.fixture
def form(qtbot):
    widget = ConfigForm(SETTINGS)
    qtbot.addWidget(widget)
    widget.resize(264, 680)
    widget.show()
    qtbot.waitExposed(widget)
    assert widget.values() == DEFAULTS
    return widget


def control(form, label, kind=QWidget):
    """The control that a screen reader calls *label*."""
    found = form.findChildren(kind)
    return next(w for w in found if w.accessibleName() == label)


def words(form):
    """Every text that can be read now."""
    return [w.text() for w in form.findChildren(QLabel) if w.isVisible() and w.text()]


def type_into(qtbot, edit, text):
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClicks(edit, text)


def open_advanced(qtbot, form):
    qtbot.mouseClick(form.findChild(Disclosure), Qt.MouseButton.LeftButton)


def test_the_basic_settings_come_first_and_the_others_on_request(qtbot, form):
    assert "Learning rate" in words(form)
    assert "Dropout" not in words(form)
    disclosure = form.findChild(Disclosure)
    assert disclosure.accessibleDescription() == f"{len(advanced())} settings"
    open_advanced(qtbot, form)
    assert "Dropout" in words(form)
    qtbot.keyClick(disclosure, Qt.Key.Key_Left)
    assert "Dropout" not in words(form)


def advanced():
    return [s for s in SETTINGS if not s.basic]


def test_every_setting_has_a_control_that_says_its_name_and_help(qtbot, form):
    open_advanced(qtbot, form)
    for setting in SETTINGS:
        assert control(form, setting.label).accessibleDescription() == setting.help


def test_every_kind_of_control_changes_its_value(qtbot, form):
    seen = []
    form.changed.connect(seen.append)

    qtbot.keyClick(control(form, "Picture size", QComboBox), Qt.Key.Key_Up)
    qtbot.keyClick(control(form, "Mirror at random"), Qt.Key.Key_Space)
    type_into(qtbot, control(form, "Learning rate", QLineEdit), "0.001")
    qtbot.keyClick(control(form, "Pictures per step", QSlider), Qt.Key.Key_End)

    expected = DEFAULTS | {
        "image_size": 128,
        "mirror": False,
        "learning_rate": 0.001,
        "batch_size": 256,
    }
    assert form.values() == seen[-1] == expected
    assert Pix2PixConfig.checked(form.values()).batch_size == 256
    assert "4 changed" in words(form)


def test_values_from_the_program_are_shown_and_tell_nobody(qtbot, form):
    with qtbot.assertNotEmitted(form.changed):
        form.set_values({"image_size": 64, "steps": 1164, "mirror": False})
    assert control(form, "Picture size", QComboBox).currentText() == "64 × 64 pixels"
    assert "1,164 steps" in words(form)
    assert not control(form, "Mirror at random").isChecked()
    assert "3 changed" in words(form)


def test_a_value_set_to_the_digit_survives_a_touch_elsewhere(qtbot, form):
    form.set_values({"steps": 123_457})
    qtbot.keyClick(control(form, "Mirror at random"), Qt.Key.Key_Space)
    assert form.values()["steps"] == 123_457


def test_a_dragged_length_is_a_round_number(qtbot, form):
    qtbot.keyClick(control(form, "Length", QSlider), Qt.Key.Key_Right)
    steps = form.values()["steps"]
    # One percent of seven powers of ten further than 80,000, to two digits.
    assert steps == pytest.approx(80_000 * 10 ** (7 / 100), rel=0.03)
    assert steps == float(f"{steps:.2g}")


def test_an_unusable_number_is_told_below_the_field_and_not_taken(qtbot, form):
    edit = control(form, "Learning rate", QLineEdit)
    type_into(qtbot, edit, "2")
    sentence = "Between 1e-7 and 0.1. Usual: 0.0002."
    assert sentence not in words(form)  # perhaps half typed
    with qtbot.waitSignal(form.valid_changed) as valid:
        qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert valid.args == [False]
    assert sentence in words(form)
    assert edit.property("level") == "err"
    assert form.problems() == [f"Learning rate: {sentence}"]
    assert form.values()["learning_rate"] == 2e-4

    with qtbot.waitSignal(form.valid_changed) as valid:
        type_into(qtbot, edit, "0.01")
    assert valid.args == [True]
    assert sentence not in words(form)
    assert form.values()["learning_rate"] == 0.01


def test_a_number_is_shown_as_it_was_understood(qtbot, form):
    open_advanced(qtbot, form)
    edit = control(form, "Save every", QLineEdit)
    for typed, shown, value in (("3,5", "3.5", 3.5), ("3600", "3600", 3600)):
        type_into(qtbot, edit, typed)
        qtbot.keyClick(edit, Qt.Key.Key_Return)
        assert edit.text() == shown
        assert form.values()["save_every_s"] == value


def test_the_mark_of_a_changed_setting_takes_it_back(qtbot, form):
    form.set_values({"batch_size": 8})
    mark = control(form, "Pictures per step: Changed. Back to 1", QAbstractButton)
    assert mark.isVisible()
    with qtbot.waitSignal(form.changed):
        qtbot.mouseClick(mark, Qt.MouseButton.LeftButton)
    assert form.values() == DEFAULTS
    assert not mark.isVisible()
    assert "1 changed" not in words(form)


def test_a_preset_can_be_what_counts_as_unchanged(qtbot, form):
    preset = {"image_size": 64, "batch_size": 8}
    form.set_values(preset)
    form.set_baseline(preset)
    assert form.changed_names() == []
    form.set_values({"batch_size": 16})
    assert form.changed_names() == ["batch_size"]
    form.reset()
    assert form.values() == DEFAULTS | preset


def test_names_that_are_no_settings_are_refused(form):
    for call in (form.set_values, form.set_baseline):
        with pytest.raises(KeyError, match="there is no setting 'speed'"):
            call({"speed": 1})


def test_a_length_can_be_told_as_time(form):
    form.set_words("steps", lambda steps: f"about {steps // 10_000} min")
    form.set_hint("steps", "Each picture about 8 times.")
    assert "about 8 min" in words(form)
    assert "Each picture about 8 times." in words(form)
    form.set_running(True)
    form.set_running(False)  # builds the form anew
    assert "about 8 min" in words(form)


def test_while_running_fixed_settings_are_rows_to_read(qtbot, form):
    form.set_values({"image_size": 64})
    form.set_running(True, [("Pictures", "1,180 pairs")])
    assert not form.findChildren(QComboBox)
    shown = words(form)
    assert shown.index("Can change while training") < shown.index("Learning rate")
    assert shown.index("Fixed for this run") < shown.index("Picture size")
    assert {"64 × 64 pixels", "Pictures", "1,180 pairs"} <= set(shown)
    form.set_running(False)
    assert control(form, "Picture size", QComboBox).currentText() == "64 × 64 pixels"
    assert "1,180 pairs" not in words(form)


def test_a_fact_that_is_known_later_leaves_the_controls_alone(qtbot, form):
    form.set_running(True, [("Engine", "Pix2Pix")])
    rate = control(form, "Learning rate", QLineEdit)
    form.set_running(True, [("Engine", "Pix2Pix"), ("Pictures", "18 pairs")])
    qtbot.waitUntil(lambda: "18 pairs" in words(form))
    assert words(form).count("Engine") == 1
    assert control(form, "Learning rate", QLineEdit) is rate


def test_while_running_live_settings_tell_when_the_user_is_done(qtbot, form):
    form.set_running(True)
    seen = []
    form.live_changed.connect(lambda name, value: seen.append((name, value)))
    edit = control(form, "Learning rate", QLineEdit)
    type_into(qtbot, edit, "0.001")
    assert seen == []
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    qtbot.keyClick(control(form, "Mirror at random"), Qt.Key.Key_Space)
    assert seen == [("learning_rate", 0.001), ("mirror", False)]


def test_before_a_run_nothing_is_told_as_live(qtbot, form):
    live = []
    form.live_changed.connect(lambda *told: live.append(told))
    qtbot.keyClick(control(form, "Mirror at random"), Qt.Key.Key_Space)
    assert form.values() == DEFAULTS | {"mirror": False}
    assert live == []


def test_the_wheel_over_an_unfocused_control_changes_nothing(qtbot, form):
    control(form, "Learning rate").setFocus()
    for label in ("Picture size", "Length"):
        target = control(form, label)
        centre = QPointF(target.rect().center())
        event = QWheelEvent(
            centre,
            target.mapToGlobal(centre),
            QPoint(0, 0),
            QPoint(0, -120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(target, event)
    assert form.values() == DEFAULTS


def test_nothing_is_cut_at_the_narrowest_panel(qtbot, form):
    form.resize(200, 680)
    open_advanced(qtbot, form)
    body = form._scroll.widget()
    assert body.width() <= form._scroll.viewport().width()


def test_what_stands_first_is_as_wide_as_the_fields(qtbot, form):
    first = QLineEdit()
    form.set_first(first)
    field = control(form, "Learning rate", QLineEdit)

    def right(widget):
        return widget.mapTo(form, QPoint(widget.width(), 0)).x()

    bar = form._scroll.verticalScrollBar()
    for height, scrolls in ((900, False), (400, True)):
        form.resize(264, height)
        qtbot.waitUntil(lambda scrolls=scrolls: (bar.maximum() > 0) is scrolls)
        qtbot.waitUntil(lambda: right(first) == right(field))
    assert first.isVisible()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("steps", True),
        ("l1_weight", True),
        ("preview_every_s", True),
        ("learning_rate", False),  # six powers of ten
        ("seed", False),  # one of two billion
        ("save_every_s", False),  # logarithmic from 0
        ("image_size", False),
        ("ema_decay", False),  # 0.99 and 0.999 lie side by side
        ("keep_checkpoints", False),  # 5 of 1,000
        ("dropout", True),
    ],
)
def test_numbers_get_the_control_that_reaches_them(name, expected):
    setting = next(s for s in SETTINGS if s.name == name)
    assert takes_slider(setting) is expected
