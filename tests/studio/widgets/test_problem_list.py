from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from studio.widgets.problem_list import MOST_CASES, ProblemList, ProblemRow


def row(cases, level="warn"):
    return ProblemRow(
        level=level, headline="Some files", detail="a.png. Left out.", cases=cases
    )


def show(qtbot, *rows):
    problems = ProblemList()
    qtbot.addWidget(problems)
    problems.set_problems(rows)
    problems.show()
    return problems


def click(link):
    QTest.mouseClick(link, Qt.MouseButton.LeftButton)


def test_a_row_opens_to_a_sentence_for_each_case(qtbot):
    problems = show(qtbot, row(["a.png is cut off.", "b.png is empty."]))
    (first,) = problems.rows
    assert first.link.text() == "Show"
    assert first.link.accessibleName() == "Show: Some files"
    assert not first.cases.isVisible()
    click(first.link)
    assert first.cases.text() == "a.png is cut off.\nb.png is empty."
    assert (first.cases.isVisible(), first._detail.isVisible()) == (True, False)
    click(first.link)
    assert (first.cases.isVisible(), first._detail.isVisible()) == (False, True)


def test_a_thousand_cases_are_not_all_listed(qtbot):
    problems = show(qtbot, row([f"{n}.png is empty." for n in range(1234)]))
    (first,) = problems.rows
    click(first.link)
    lines = first.cases.text().splitlines()
    assert len(lines) == MOST_CASES + 1
    assert lines[-2:] == ["99.png is empty.", "… and 1,134 more."]


def test_other_problems_replace_the_old(qtbot):
    problems = show(qtbot, row(["a"]), row(["b"], "info"))
    assert len(problems.rows) == 2
    problems.set_problems([row(["c"])])
    assert [r.problem.cases for r in problems.rows] == [["c"]]
    problems.set_problems([])
    assert problems.rows == []
