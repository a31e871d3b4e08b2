import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest

from studio.widgets.problem_list import MOST_CASES, Case, ProblemList, ProblemRow


def row(*cases, kind="unreadable", level="warn"):
    return ProblemRow(
        kind=kind,
        level=level,
        headline="Some files",
        detail="a.png. Left out.",
        cases=cases,
        action="Leave out",
        action_for_all="Leave out all 2",
    )


@pytest.fixture
def problems(qtbot):
    problems = ProblemList()
    qtbot.addWidget(problems)
    problems.resize(260, 600)
    problems.show()
    assert problems.rows == []
    return problems


def click(button):
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_row_opens_to_a_sentence_for_each_case(qtbot, problems):
    problems.set_problems([row(Case("a.png is cut off."), Case("b.png is empty."))])
    (first,) = problems.rows
    assert (first.link.text(), first.is_open()) == ("Show", False)
    assert first.link.accessibleName() == "Show: Some files"
    click(first.link)
    qtbot.waitUntil(first.cases[1].isVisible)
    said = [case.words.text() for case in first.cases if case.isVisible()]
    assert said == ["a.png is cut off.", "b.png is empty."]
    click(first.link)
    assert not first.cases[0].isVisible()


def test_a_row_that_says_all_does_not_open(problems):
    problems.set_problems([row()])
    assert not problems.rows[0].link.isVisible()


def test_a_thousand_cases_are_not_all_listed(problems):
    problems.set_problems([row(*(Case(f"{n}.png is empty.") for n in range(1234)))])
    (first,) = problems.rows
    click(first.link)
    assert len(first.cases) == MOST_CASES
    last = first._inside.layout().itemAt(MOST_CASES).widget()
    assert last.text() == "… and 1,184 more."


def test_cases_with_an_item_can_be_left_out_one_by_one_or_all(qtbot, problems):
    cases = Case("a", None, "item a"), Case("b"), Case("c", None, "item c")
    problems.set_problems([row(*cases, kind="small")])
    (first,) = problems.rows
    click(first.link)
    qtbot.waitUntil(first.cases[2].isVisible)
    assert [case.button.isVisible() for case in first.cases] == [True, False, True]
    assert first.cases[2].button.accessibleName() == "Leave out: item c"
    with qtbot.waitSignal(problems.acted) as acted:
        click(first.cases[2].button)
    assert acted.args == ["small", ["item c"]]
    with qtbot.waitSignal(problems.acted) as acted:
        click(first.all_button)
    assert acted.args == ["small", ["item a", "item c"]]


def test_pictures_are_asked_for_once_they_can_be_seen(qtbot, problems):
    problems.set_problems([row(Case("a", "picture a"), Case("b"))])
    (first,) = problems.rows
    with qtbot.waitSignal(problems.pictures_wanted) as wanted:
        click(first.link)
    assert wanted.args == [["picture a"]]
    red = QImage(40, 40, QImage.Format.Format_RGB32)
    red.fill(QColor("red"))
    problems.set_picture("picture a", red)
    assert [case.has_picture for case in first.cases] == [True, False]
    painted = first.cases[0]._picture.grab().toImage()
    assert painted.pixelColor(20, 20) == QColor("red")
    click(first.link)
    with qtbot.assertNotEmitted(problems.pictures_wanted):
        click(first.link)


def test_other_problems_replace_the_old_and_an_open_kind_stays_open(problems):
    problems.set_problems([row(Case("a"), kind="small"), row(Case("b"), kind="mixed")])
    click(problems.rows[1].link)
    problems.set_problems([row(Case("c"), kind="mixed")])
    (left,) = problems.rows
    assert left.is_open()
    assert left.cases[0].words.text() == "c"
    problems.set_problems([])
    assert problems.rows == []


def test_a_long_name_does_not_widen_the_list(problems):
    problems.set_problems([row(Case("n" * 200))])
    click(problems.rows[0].link)
    assert problems.minimumSizeHint().width() < 200
