import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
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


def write_styles(root, counts):
    """A folder for each name, with so many pictures, none like another."""
    folder = root / "Pictures"
    chance = np.random.default_rng(1)
    for name, count in counts.items():
        (folder / name).mkdir(parents=True)
        for index in range(count):
            rgb = chance.integers(0, 256, (40, 40, 3), np.uint8)
            Image.fromarray(rgb).save(folder / name / f"{name} {index}.png")
    return folder


def next_thumbnail(qtbot, session):
    with qtbot.waitSignal(session.library.thumbnail_ready, timeout=10_000) as ready:
        pass
    return ready.args


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
    with qtbot.waitSignal(session.data.audited, timeout=20_000):
        page.open_folder(folder)
    problems = page.panel.problems.list
    headlines = [row.problem.headline for row in problems.rows]
    assert headlines[:2] == ["1 file cannot be opened", "1 name without a partner"]
    unreadable, unmatched = problems.rows[:2]
    assert unreadable.problem.detail == "moon.png. Left out."
    click(unmatched.link)
    (case,) = unmatched.cases
    assert case.words.text() == "scarf.png has no picture of the same name in 'colour'."
    assert unmatched.link.text() == "Hide"
    click(unmatched.link)
    assert not unmatched.is_open()


def test_what_cannot_be_used_is_marked_once_it_is_known(
    qtbot, page, session, write_pairs
):
    folder = write_pairs()
    (folder / "colour" / "house 03.png").write_bytes(b"no picture")
    with qtbot.waitSignal(session.data.audited, timeout=20_000):
        page.open_folder(folder)
    model = page.grid._model
    cards = {model.card(row).key: model.card(row) for row in range(model.rowCount())}
    assert "house 03.png" in cards["house 03"].left_out
    assert cards["house 04"].left_out == ""
    session.data.set_direction("BtoA")
    row = next(r for r in range(model.rowCount()) if model.card(r).key == "house 03")
    assert "house 03.png" in model.card(row).left_out


def test_the_audit_says_how_far_it_is_and_then_what_it_found(
    qtbot, page, session, tmp_path
):
    folder = write_styles(tmp_path, {"day": 4, "night": 5})
    with qtbot.waitSignal(session.data.opened):
        page.open_folder(folder)
    problems = page.panel.problems
    session.data.audit_progressed.emit(1200, 3000)
    assert problems.progress.text() == "Looking at every picture: 1,200 of 3,000"
    with qtbot.waitSignal(session.data.audited, timeout=20_000):
        pass
    assert problems.progress.text() == "Every picture was looked at."
    few = next(row for row in problems.list.rows if row.problem.kind == "few")
    assert few.problem.headline == "Few to learn from"


def test_what_is_found_can_be_left_out_and_taken_back(qtbot, page, session, tmp_path):
    folder = write_styles(tmp_path, {"day": 4, "night": 5})
    Image.new("RGB", (8, 8), (9, 9, 9)).save(folder / "day" / "tiny.png")
    with qtbot.waitSignal(session.data.audited, timeout=20_000):
        page.open_folder(folder)
    problems = page.panel.problems.list

    def row(kind):
        return next((r for r in problems.rows if r.problem.kind == kind), None)

    assert row("small").problem.headline == "Small pictures"
    page.panel.ensureWidgetVisible(row("small").link)
    click(row("small").link)
    (case,) = row("small").cases
    qtbot.waitUntil(lambda: case.has_picture)
    assert case.button.accessibleName() == "Leave out: day/tiny"
    with (
        qtbot.waitSignal(session.data.audited, timeout=20_000),
        qtbot.waitSignal(session.data.opened),
    ):
        case.button.click()
        qtbot.waitUntil(lambda: session.pictures.left_out == ("day/tiny",))
        assert row("small") is None  # at once, not only when it is audited again
    left_out = row("left out by the user")
    assert left_out.problem.headline == "1 left out by you"
    left_out.toggle()
    with qtbot.waitSignal(session.data.audited, timeout=20_000):
        left_out.cases[0].button.click()
    assert session.pictures.left_out == ()
    assert row("small") is not None


def test_one_style_can_be_shown_alone(qtbot, page, session, tmp_path):
    folder = write_styles(tmp_path, {"day": 4, "night": 5})
    with qtbot.waitSignal(session.data.opened):
        page.open_folder(folder)
    texts = [page.group.itemText(place) for place in range(page.group.count())]
    assert texts == ["Both styles", "day", "night"]
    page.group.setFocus()
    QTest.keyClicks(page.group, "night")
    assert page.grid.shown_count() == 5
    _name, first, second = next_thumbnail(qtbot, session)
    assert (first.shape, second) == ((72, 72, 3), None)


def test_two_styles_are_recommended_what_learns_from_them(
    qtbot, page, session, tmp_path
):
    folder = write_styles(tmp_path, {"day": 60, "night": 70})
    with qtbot.waitSignal(session.data.opened):
        page.open_folder(folder)
    use = page.panel.recommendation
    assert use._name.text() == "Recommended: CycleGAN"
    assert "54 in day are few for 256 pixels" in use._why.text()
    assert not use.direction.isVisible()
    assert not page.panel.question.isVisible()
    assert session.entry.data == "styles"


def test_of_the_engines_that_fit_one_can_be_chosen(qtbot, page, session, tmp_path):
    folder = write_styles(tmp_path, {"a": 10, "b": 10, "c": 10})
    with qtbot.waitSignal(session.data.opened):
        page.open_folder(folder)
    use = page.panel.recommendation
    assert use._why.text().startswith("Pictures in 3 classes: it learns to make new")
    choice = use.engine._combo
    assert choice.isVisible()
    choice.setFocus()
    QTest.keyClicks(choice, "VAE")
    assert session.entry.title == "VAE"


def test_pictures_can_be_used_as_something_else(qtbot, page, session, tmp_path):
    folder = write_styles(tmp_path, {"a": 10, "b": 10, "c": 10})
    with qtbot.waitSignal(session.data.opened):
        page.open_folder(folder)
    use = page.panel.recommendation.use
    words = [use.itemText(place) for place in range(use.count())]
    assert words[0] == "Pictures of one kind"
    assert "Add colour" in words
    use.setFocus()
    with qtbot.waitSignal(session.data.opened):
        QTest.keyClicks(use, "Add")
    assert session.pictures.use == "colourise"
    assert session.entry.data == "pairs"
    assert "the inputs are yours in grey" in page.panel.recommendation._why.text()
    _name, first, second = next_thumbnail(qtbot, session)
    assert (first[..., 0] == first[..., 2]).all()
    assert (second[..., 0] != second[..., 2]).any()


def test_equal_names_raise_a_question_that_is_asked_once(qtbot, opened, session):
    question = opened.panel.question
    assert question.isVisible()
    click(question.styles_button)
    qtbot.waitUntil(lambda: session.pictures.use == "styles")
    assert not question.isVisible()
    with qtbot.waitSignal(session.data.opened):
        session.data.use_as("pairs")
    assert not question.isVisible()


def test_that_they_are_pairs_changes_nothing(opened, session):
    click(opened.panel.question.pairs_button)
    assert not opened.panel.question.isVisible()
    assert session.pictures.use == "pairs"


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
    opened.change_menu.folder_action.trigger()
    assert opened.header.words()[0] == "Houses"


def test_an_archive_can_be_chosen_or_dropped(
    qtbot, page, session, write_pairs, tmp_path, monkeypatch
):
    archive = Path(shutil.make_archive(tmp_path / "Packed", "zip", write_pairs()))
    answer = (str(archive), "")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: answer)
    with qtbot.waitSignal(session.data.opened):
        click(page.opening.archive_button)
    assert page.header.words()[0] == "Packed"
    with qtbot.waitSignal(session.data.opened):
        drop(page.opening.zone, archive)
    assert session.pictures.folder == archive


def test_samples_and_well_known_sets_are_listed_and_chosen(page, session, monkeypatch):
    asked = []
    monkeypatch.setattr(session.data, "open_sample", asked.append)
    page.opening.samples.actions()[1].trigger()
    page.change_menu.samples.actions()[0].trigger()
    assert asked == ["landscapes", "facades"]
    words = [action.text() for action in page.opening.known.actions()]
    assert words[0] == "Fetched from the internet once you choose one, then kept"
    assert "MNIST\t70,000 pictures, 12 MB" in words


def test_fetching_says_how_much_has_come(page, session):
    session.data.opening.emit(Path("known") / "mnist")
    session.data.fetched.emit(4_300_000, 11_600_000)
    assert page.opening._words.text() == "Fetching MNIST"
    assert page.opening._counts.text() == "4 of 12 MB"
    session.data.looked_at.emit(1, 2)
    assert page.opening._words.text() == "Looking into MNIST"
    session.data.refused.emit("There is no connection.")
    assert page.opening.message.sentence() == "There is no connection."
    assert page.opening.known_button.isVisible()


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


def test_where_classes_are_chosen_a_narrow_window_drops_the_counts(
    qtbot, page, session, tmp_path
):
    folder = write_styles(tmp_path, {"a": 10, "b": 10, "c": 10})
    with qtbot.waitSignal(session.data.opened):
        page.open_folder(folder)
    assert page.part.button("all").text() == "All  30"
    page.resize(944, 600)
    button = page.part.button("all")
    qtbot.waitUntil(lambda: button.text() == "All")
    assert button.toolTip() == "30"


def test_with_large_letters_the_panel_is_wider(qtbot, opened, theme):
    opened.resize(944, 600)
    qtbot.waitUntil(lambda: opened.panel.width() == 264)
    theme.set_text_scale(1.3)
    direction = opened.panel.recommendation.direction
    qtbot.waitUntil(lambda: opened.panel.width() > 264)
    qtbot.waitUntil(lambda: direction.width() >= direction.sizeHint().width())
