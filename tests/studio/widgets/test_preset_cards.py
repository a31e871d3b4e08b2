"""Tests for studio.widgets.preset_cards."""

import itertools
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QColor, QImage
from PySide6.QtWidgets import QAbstractButton

from studio.tokens import tokens_of
from studio.widgets.preset_cards import PresetCards, PresetChoice

CHOICES = [
    PresetChoice(
        key=title.lower(),
        title=title,
        strong=f"about {minutes} min",
        caption="64 pixels",
        words="Clean colours.",
    )
    for title, minutes in (("Quick", 1), ("Normal", 5), ("Best", 25))
]


@pytest.fixture
def cards(qtbot):
    widget = PresetCards(CHOICES)
    qtbot.addWidget(widget)
    widget.resize(860, 200)
    widget.show()
    qtbot.waitExposed(widget)
    assert widget.chosen_key() is None
    return widget


def card(cards, name):
    found = cards.findChildren(QAbstractButton)
    return next(c for c in found if c.accessibleName() == name)


def test_a_click_anywhere_on_a_card_chooses_it(qtbot, cards):
    for place in (QPoint(5, 5), QPoint(40, 80)):
        cards.set_chosen(None)
        with qtbot.waitSignal(cards.chosen) as chosen:
            qtbot.mouseClick(
                card(cards, "Normal"), Qt.MouseButton.LeftButton, pos=place
            )
        assert chosen.args == ["normal"]
        assert cards.chosen_key() == "normal"


def test_only_one_is_chosen(qtbot, cards):
    qtbot.mouseClick(card(cards, "Normal"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(card(cards, "Best"), Qt.MouseButton.LeftButton)
    assert cards.chosen_key() == "best"
    assert not card(cards, "Normal").isChecked()


def test_arrows_and_space_choose(qtbot, cards):
    seen = []
    cards.chosen.connect(seen.append)
    cards.set_chosen("quick")
    card(cards, "Quick").setFocus()
    qtbot.keyClick(card(cards, "Quick"), Qt.Key.Key_Right)
    qtbot.keyClick(card(cards, "Normal"), Qt.Key.Key_Right)
    qtbot.keyClick(card(cards, "Best"), Qt.Key.Key_Left)
    assert seen == ["normal", "best", "normal"]
    cards.set_chosen(None)
    qtbot.keyClick(card(cards, "Quick"), Qt.Key.Key_Space)
    assert cards.chosen_key() == "quick"


def test_choosing_from_the_program_tells_nobody(qtbot, cards):
    with qtbot.assertNotEmitted(cards.chosen):
        cards.set_chosen("best")
        assert cards.chosen_key() == "best"
        cards.set_chosen(None)
        assert cards.chosen_key() is None


def test_an_unknown_key_is_refused(cards):
    with pytest.raises(KeyError):
        cards.set_chosen("worst")


def test_a_screen_reader_hears_a_radio_button_and_all_its_words(cards):
    cards.set_strong("quick", "about 40 s")
    quick = QAccessible.queryAccessibleInterface(card(cards, "Quick"))
    assert quick.role() == QAccessible.Role.RadioButton
    assert quick.text(QAccessible.Text.Description) == (
        "about 40 s. 64 pixels. Clean colours"
    )


def test_the_chosen_card_wears_the_accent(cards):
    cards.set_chosen("normal")
    accent = QColor(tokens_of(cards.palette()).accent_ui)
    for name, is_chosen in (("Normal", True), ("Best", False)):
        image = card(cards, name).grab().toImage()
        edge = image.pixelColor(image.width() // 2, 0)
        assert (edge == accent) is is_chosen


def test_as_many_pictures_as_fit_are_shown(qtbot, cards):
    red = QImage(8, 8, QImage.Format.Format_RGB32)
    red.fill(QColor("#FF0000"))
    before = card(cards, "Quick").sizeHint().height()
    cards.set_pictures("quick", [red] * 9)
    assert card(cards, "Quick").sizeHint().height() == before + 64 + 4
    cards.resize(860, 280)
    quick = card(cards, "Quick")
    qtbot.waitUntil(lambda: quick.height() >= 260)
    image = quick.grab().toImage()
    row = [image.pixelColor(x, 80) == QColor("#FF0000") for x in range(image.width())]
    starts = sum(b and not a for a, b in itertools.pairwise(row))
    # 276 px wide, 16 px of margin on each side, 64 px each with gaps of 6.
    assert starts == 3


def test_other_choices_take_the_place_of_those_there_were(qtbot, cards):
    cards.set_chosen("best")
    cards.set_choices([replace(CHOICES[0], title="Soft", key="soft"), CHOICES[1]])

    def visible():
        found = [c for c in cards.findChildren(QAbstractButton) if c.isVisible()]
        return [c.accessibleName() for c in found]

    qtbot.waitUntil(lambda: visible() == ["Soft", "Normal"])
    assert cards.chosen_key() is None
    with qtbot.waitSignal(cards.chosen) as chosen:
        qtbot.mouseClick(card(cards, "Soft"), Qt.MouseButton.LeftButton)
    assert chosen.args == ["soft"]
    with pytest.raises(KeyError):
        cards.set_strong("best", "about 1 min")
