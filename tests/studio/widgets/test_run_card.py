import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from studio.widgets.run_card import RunCard

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def card(qtbot):
    card = RunCard("Emoji v3", "12 min ago")
    qtbot.addWidget(card)
    card.resize(400, 80)
    card.show()
    assert card.accessibleName() == "Emoji v3, 12 min ago"
    assert not card.resume_button.isVisible()
    return card


def test_its_state_is_a_word_with_an_explanation(card):
    card.set_state("err", "warning-circle", "Failed", "The disk is full.")
    assert card.state_words() == "Failed"
    assert card.toolTip() == "The disk is full."
    assert card.accessibleDescription() == "Failed. The disk is full."


@pytest.fixture
def opened(card):
    """One entry for each time that the card asked to be opened."""
    times = []
    card.opened.connect(lambda: times.append("opened"))
    return times


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_a_click_or_a_key_opens_it(card, opened, key):
    QTest.mouseClick(card, LEFT)
    assert len(opened) == 1
    QTest.keyClick(card, key)
    assert len(opened) == 2


def test_other_buttons_and_keys_do_not(card, opened):
    QTest.mouseClick(card, Qt.MouseButton.RightButton)
    QTest.keyClick(card, Qt.Key.Key_A)
    assert opened == []


def test_what_cannot_be_opened_takes_no_focus(card, opened):
    card.set_can_open(False)
    assert card.focusPolicy() == Qt.FocusPolicy.NoFocus
    QTest.mouseClick(card, LEFT)
    QTest.keyClick(card, Qt.Key.Key_Return)
    assert opened == []


def test_resume_is_another_wish_than_opening(qtbot, card):
    card.offer_resume(True, "Goes on from step 870.")
    assert card.resume_button.isVisible()
    with qtbot.assertNotEmitted(card.opened), qtbot.waitSignal(card.resume_requested):
        QTest.mouseClick(card.resume_button, LEFT)


def test_resume_that_cannot_be_now_says_why(card):
    card.offer_resume(False, "Another run is going.")
    assert not card.resume_button.isEnabled()
    assert card.resume_button.toolTip() == "Another run is going."
