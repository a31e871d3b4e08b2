import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from studio.pages.data import DataPage

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def page(qtbot, session):
    page = DataPage(session)
    qtbot.addWidget(page)
    page.resize(1200, 760)
    page.show()
    assert page.header.words() == ("Data", "")
    assert page.opening.choose_button.isVisible()
    assert not page.use_button.isVisible()
    return page


@pytest.fixture
def opened(qtbot, page, session, write_pairs):
    with qtbot.waitSignal(session.data.opened):
        page.open_folder(write_pairs())
    return page


def click(widget):
    QTest.mouseClick(widget, LEFT)


def drop(widget, *paths):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(5, 5),
        Qt.DropAction.CopyAction,
        data,
        LEFT,
        Qt.KeyboardModifier.NoModifier,
    )
    widget.dropEvent(event)


def test_a_folder_is_said_in_words_and_counted(opened):
    title, caption = opened.header.words()
    assert title == "Houses"
    assert caption == "20 pairs found by name in outline and colour, 2 held out."
    parts = [opened.part.button(p).text() for p in ("all", "training", "held out")]
    assert parts == ["All  20", "Learn from  18", "Held out  2"]
    assert opened.use_button.isVisible()


def test_parts_and_names_filter_the_grid(opened):
    click(opened.part.button("held out"))
    assert opened.grid.shown_count() == 2
    click(opened.part.button("all"))
    QTest.keyClicks(opened.find_field, "house 0")
    assert opened.grid.shown_count() == 10


def test_another_folder_empties_the_search(qtbot, opened, session, write_pairs):
    QTest.keyClicks(opened.find_field, "07")
    with qtbot.waitSignal(session.data.opened):
        opened.open_folder(write_pairs("Others"))
    assert opened.find_field.text() == ""
    assert opened.grid.shown_count() == 20


def test_pairs_on_screen_get_their_pictures(qtbot, opened, session):
    pictures = {}
    session.library.thumbnail_ready.connect(
        lambda name, a, b: pictures.update({name: (a, b)})
    )
    qtbot.waitUntil(lambda: "house 03" in pictures)
    before, after = pictures["house 03"]
    assert before.shape == after.shape == (72, 72, 3)
    assert (before[36, 36, 0], after[36, 36, 0]) == (3, 43)


def test_the_direction_can_be_turned(opened, session):
    forth = opened.panel.recommendation.direction.button("AtoB")
    assert forth.text() == "outline → colour"
    click(opened.panel.recommendation.direction.button("BtoA"))
    assert session.data.direction == "BtoA"
    assert (session.pictures.a_name, session.pictures.b_name) == ("colour", "outline")
    # The direction turns them.
    assert session.data.choice().sides == ("outline", "colour")
    assert forth.text() == "outline → colour"
    click(forth)
    assert session.pictures.a_name == "outline"


def test_a_folder_opened_while_turned_keeps_its_sides(
    qtbot, page, session, write_pairs
):
    session.data.set_direction("BtoA")
    with qtbot.waitSignal(session.data.opened):
        page.open_folder(write_pairs())
    assert session.pictures.a_name == "colour"
    assert session.data.choice().sides == ("outline", "colour")


def test_few_pairs_are_called_few(opened):
    why = opened.panel.recommendation._why.text()
    assert "With only 18 to learn from it will know them by heart" in why


def test_of_three_folders_two_can_be_chosen(qtbot, page, session, write_pairs):
    folder = write_pairs(sides=("outline", "colour", "sepia"))
    with qtbot.waitSignal(session.data.opened):
        page.open_folder(folder)
    sides = page.panel.recommendation.sides
    assert sides.isVisible()
    page.panel.ensureWidgetVisible(sides)
    before = {sides.a.currentText(), sides.b.currentText()}
    other = ({"outline", "colour", "sepia"} - before).pop()
    sides.b.setFocus()
    with qtbot.waitSignal(session.data.opened):
        QTest.keyClicks(sides.b, other[0])
    assert session.pictures.b_name == other


def test_choosing_the_other_side_swaps_both(qtbot, page, session, write_pairs):
    folder = write_pairs(sides=("a", "b", "c"))
    with qtbot.waitSignal(session.data.opened):
        session.data.open(folder, sides=("a", "b"))
    sides = page.panel.recommendation.sides
    sides.a.setFocus()
    with qtbot.waitSignal(session.data.opened):
        QTest.keyClicks(sides.a, "b")
    assert (session.pictures.a_name, session.pictures.b_name) == ("b", "a")


def test_two_folders_leave_no_choice(opened):
    assert not opened.panel.recommendation.sides.isVisible()


def test_problems_are_counted_by_kind_and_shown(qtbot, page, session, write_pairs):
    folder = write_pairs()
    (folder / "outline" / "moon.png").write_bytes(b"no picture")
    (folder / "colour" / "moon.png").write_bytes(b"no picture")
    (folder / "outline" / "scarf.png").write_bytes(b"")
    with qtbot.waitSignal(session.data.opened):
        page.open_folder(folder)
    problems = page.panel.problems
    assert problems.isVisible()
    headlines = [row.problem.headline for row in problems.list.rows]
    assert headlines == ["1 name without a partner", "2 files cannot be opened"]
    unmatched, unreadable = problems.list.rows
    assert unreadable.problem.detail == "moon.png. Left out."
    click(unmatched.link)
    words = "scarf.png has no picture of the same name in 'colour'."
    assert unmatched.cases.isVisible()
    assert unmatched.cases.text() == words
    assert unmatched.link.text() == "Hide"
    click(unmatched.link)
    assert not unmatched.cases.isVisible()


def test_without_problems_there_is_no_list(opened):
    assert not opened.panel.problems.isVisible()


def test_a_folder_without_pairs_is_refused_in_words(qtbot, page, session, tmp_path):
    (tmp_path / "empty").mkdir()
    with qtbot.waitSignal(session.data.refused) as refused:
        drop(page.opening.zone, tmp_path / "empty")
    assert page.opening.message.isVisible()
    assert page.opening.message.sentence() == refused.args[0]
    assert "'empty' is empty" in page.opening.message.sentence()
    assert page.opening.choose_button.isVisible()
    assert page.opening.sample_button.isVisible()


def test_after_a_refusal_one_can_go_back(qtbot, opened, session, tmp_path):
    (tmp_path / "empty").mkdir()
    with qtbot.waitSignal(session.data.refused):
        opened.open_folder(tmp_path / "empty")
    assert not opened.use_button.isVisible()
    assert opened.opening.message._link.text() == "Back to Houses"
    click(opened.opening.message._link)
    assert opened.header.words()[0] == "Houses"
    assert opened.use_button.isVisible()


def test_a_dropped_picture_stands_for_its_folder(qtbot, page, session, write_pairs):
    folder = write_pairs()
    (folder / "note.txt").write_text("not a picture")
    with qtbot.waitSignal(session.data.opened):
        drop(page.opening.zone, folder / "note.txt")
    assert session.pictures.folder == folder


def test_opening_says_where_it_is_and_can_be_cancelled(page, session, write_pairs):
    folder = write_pairs()
    page.open_folder(folder)
    assert page.opening.cancel_button.isVisible()
    assert page.opening._words.text() == "Looking into Houses"
    session.data.looked_at.emit(300, 1311)
    assert page.opening._counts.text() == "300 of 1,311 files"
    click(page.opening.cancel_button)
    assert page.opening.choose_button.isVisible()


def test_a_folder_can_be_chosen(qtbot, page, session, write_pairs, monkeypatch):
    folder = write_pairs()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    with qtbot.waitSignal(session.data.opened):
        click(page.opening.choose_button)
    assert page.header.words()[0] == "Houses"
    qtbot.waitUntil(lambda: session.settings.value.recent_folders == (folder,))


def test_no_folder_chosen_changes_nothing(opened, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    click(opened.change_button)
    assert opened.header.words()[0] == "Houses"


def test_use_for_training_goes_there(qtbot, opened):
    with qtbot.waitSignal(opened.navigate) as asked:
        click(opened.use_button)
    assert asked.args == ["train"]


def test_the_smallest_window_cuts_nothing_off(qtbot, opened):
    opened.resize(944, 600)
    inside = opened.panel.widget()
    qtbot.waitUntil(lambda: opened.panel.width() == 264)
    assert inside.minimumSizeHint().width() <= opened.panel.viewport().width()
    right = opened.use_button.mapTo(opened, opened.use_button.rect().topRight()).x()
    assert right == 944 - 24 - 1


def test_with_large_letters_the_panel_is_wider(qtbot, opened, theme):
    opened.resize(944, 600)
    qtbot.waitUntil(lambda: opened.panel.width() == 264)
    theme.set_text_scale(1.3)
    direction = opened.panel.recommendation.direction
    qtbot.waitUntil(lambda: opened.panel.width() > 264)
    qtbot.waitUntil(lambda: direction.width() >= direction.sizeHint().width())
