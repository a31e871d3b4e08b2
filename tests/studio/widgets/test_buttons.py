"""Tests for studio.widgets.buttons, labels and card."""

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QPushButton, QWidget

from studio.tokens import LIGHT
from studio.widgets import buttons, labels
from studio.widgets.card import Card, Divider
from studio.widgets.labels import ElidedLabel


@pytest.mark.parametrize(
    ("make", "ground"),
    [
        (buttons.primary, LIGHT.accent),
        (buttons.secondary, LIGHT.raised),
        (buttons.quiet, LIGHT.bg),
        (buttons.link, LIGHT.bg),
        (buttons.danger, LIGHT.bg),
    ],
)
def test_each_kind_has_its_ground_and_answers_a_click(qtbot, make, ground):
    page = QWidget()
    qtbot.addWidget(page)
    button = make("Start training", "play-fill", page)
    button.move(100, 100)
    page.show()
    with qtbot.waitSignal(button.clicked):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    picture = page.grab().toImage()
    assert picture.pixelColor(104, 116).name().upper() == ground
    assert button.iconSize() == QSize(16, 16)
    assert button.text() == "Start training"


def test_a_disabled_primary_button_does_not_look_primary(qtbot):
    button = buttons.primary("Not ready")
    qtbot.addWidget(button)
    button.setEnabled(False)
    button.show()
    assert button.grab().toImage().pixelColor(4, 16).name().upper() == LIGHT.hover


def test_a_tool_button_says_what_it_does(qtbot):
    tool = buttons.tool("eraser", "Eraser", checkable=True)
    qtbot.addWidget(tool)
    tool.show()
    assert tool.toolTip() == tool.accessibleName() == "Eraser"
    assert tool.focusPolicy() & Qt.FocusPolicy.TabFocus

    qtbot.mouseClick(tool, Qt.MouseButton.LeftButton)
    assert tool.isChecked()
    assert tool.grab().toImage().pixelColor(3, 16).name().upper() == LIGHT.accent_soft


def test_labels_have_the_size_and_weight_of_their_role(qtbot):
    expected = {
        labels.title: (20, 600),
        labels.heading: (15, 600),
        labels.strong: (13, 600),
        labels.body: (13, 400),
        labels.caption: (12, 400),
        labels.label: (11, 600),
    }
    for make, (pixels, weight) in expected.items():
        made = make("Words")
        qtbot.addWidget(made)
        made.ensurePolished()
        assert (made.font().pixelSize(), made.font().weight()) == (pixels, weight)
    title = labels.title("Words")
    qtbot.addWidget(title)
    title.ensurePolished()
    assert title.font().letterSpacing() == 97.5


def test_labels_take_markup_for_words(qtbot):
    label = labels.strong("<b>emoji</b>")
    qtbot.addWidget(label)
    assert label.textFormat() == Qt.TextFormat.PlainText


def test_a_cut_name_has_a_tooltip_and_a_whole_one_has_none(qtbot):
    label = ElidedLabel("a rather long name of a run", role="strong")
    qtbot.addWidget(label)
    label.resize(400, 20)
    label.show()
    assert not label.is_elided()
    assert label.toolTip() == ""

    label.resize(60, 20)
    assert label.is_elided()
    assert label.toolTip() == label.text() == "a rather long name of a run"

    label.setText("short")
    assert label.toolTip() == ""


def test_a_term_is_explained_also_where_it_is_cut(qtbot):
    label = ElidedLabel("17.2 dB")
    qtbot.addWidget(label)
    label.explain("Higher is better.")
    label.resize(400, 20)
    label.show()
    assert label.toolTip() == "Higher is better."
    label.setText("17.2 dB on held-out pictures")
    label.resize(60, 20)
    assert label.toolTip() == "17.2 dB on held-out pictures\nHigher is better."


def test_long_tooltips_are_broken_into_lines():
    words = labels.tooltip("a " * 64, "One.")
    assert words.splitlines() == ["a " * 31 + "a", "a " * 31 + "a", "One."]


def test_an_elided_label_draws_no_wider_than_it_is(qtbot):
    label = ElidedLabel("W" * 50)
    qtbot.addWidget(label)
    label.resize(80, 20)
    label.show()
    assert label.minimumSizeHint().width() < 80
    whole = label.grab().toImage()
    label.setText("")
    assert whole != label.grab().toImage()


def test_a_card_has_room_inside_and_a_hairline(qtbot):
    card = Card()
    qtbot.addWidget(card)
    inside = QPushButton("x")
    card.column.addWidget(inside)
    card.column.addWidget(Divider())
    card.resize(200, 120)
    card.show()
    picture = card.grab().toImage()
    assert inside.x() == 16 + 1  # the hairline stands outside the 16
    assert picture.pixelColor(0, 60).name().upper() == LIGHT.line
    assert picture.pixelColor(3, 60).name().upper() == LIGHT.surface
