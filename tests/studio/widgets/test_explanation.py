import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from studio.widgets import buttons
from studio.widgets.explanation import Explanation, Term

TERMS = [
    Term("Critic 0.63", "Near 0 it is never fooled.", "The dashed line is guessing."),
    Term("Painter", "Lower is better for it."),
]


@pytest.fixture
def window(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(600, 400)
    window.button = buttons.tool("question", "What is this?", parent=window)
    window.button.move(500, 300)
    window.show()
    return window


@pytest.fixture
def panel(window):
    panel = Explanation("What is this?", TERMS, window)
    panel.open_at(window.button)
    assert panel.isVisible()
    return panel


def test_it_shows_every_term_and_a_screen_reader_says_them(panel):
    shown = [label.text() for label in panel.findChildren(QLabel)]
    assert shown == [
        "Critic 0.63",
        "Near 0 it is never fooled.",
        "The dashed line is guessing.",
        "Painter",
        "Lower is better for it.",
    ]
    assert panel.accessibleName() == "What is this?"
    assert panel.words() == (
        "Critic 0.63. Near 0 it is never fooled. The dashed line is guessing. "
        "Painter. Lower is better for it."
    )


def test_it_stands_above_its_button_and_holds_all_its_words(window, panel):
    corner = window.button.mapToGlobal(QPoint(window.button.width(), 0))
    assert panel.geometry().bottom() < corner.y()
    assert panel.geometry().right() + 1 == corner.x()
    assert panel._scroll.verticalScrollBar().maximum() == 0


def test_it_opens_below_where_there_is_no_room_above(window):
    window.button.move(500, 0)
    window.move(0, 0)
    panel = Explanation("What is this?", TERMS, window)
    panel.open_at(window.button)
    foot = window.button.mapToGlobal(QPoint(0, window.button.height()))
    assert panel.geometry().top() > foot.y()


def test_much_to_say_scrolls_with_the_arrow_keys(window):
    panel = Explanation("Much", TERMS * 30, window)
    panel.open_at(window.button)
    bar = panel._scroll.verticalScrollBar()
    assert bar.maximum() > 0
    QTest.keyClick(panel, Qt.Key.Key_Down)
    assert bar.value() == 40
    QTest.keyClick(panel, Qt.Key.Key_Up)
    assert bar.value() == 0


def test_escape_closes_it_and_it_is_gone(qtbot, panel):
    with qtbot.waitSignal(panel.destroyed):
        QTest.keyClick(panel, Qt.Key.Key_Escape)
