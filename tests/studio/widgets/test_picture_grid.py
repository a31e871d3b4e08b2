"""Tests for studio.widgets.picture_grid and the model under it."""

import time

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QListView

from studio.widgets.picture_grid import PictureGrid
from studio.widgets.picture_model import KEPT_THUMBNAILS, Card, PictureModel

LEFT = Qt.MouseButton.LeftButton
ANIMALS = [
    Card("1", "tiger", False),
    Card("2", "whale", True, group=1),
    Card("3", "Tiger shark", False),
    Card("4", "snail", True),
]


@pytest.fixture
def grid(qtbot):
    grid = PictureGrid()
    qtbot.addWidget(grid)
    grid.resize(816, 400)
    grid.show()
    assert grid.shown_count() == 0
    return grid


@pytest.fixture
def view(grid):
    return grid.findChild(QListView)


def plain(colour):
    image = QImage(72, 72, QImage.Format.Format_RGB32)
    image.fill(colour)
    return image


def names(view):
    model = view.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def columns(view):
    model = view.model()
    tops = [view.visualRect(model.index(i, 0)).top() for i in range(model.rowCount())]
    return tops.count(tops[0])


def test_pairs_are_found_by_name_in_either_case(grid, view):
    grid.set_cards(ANIMALS)

    grid.set_filter(" TIGER")

    assert names(view) == ["tiger", "Tiger shark"]
    assert grid.shown_count() == 2


@pytest.mark.parametrize(
    ("part", "shown"),
    [
        ("all", ["tiger", "whale", "Tiger shark", "snail"]),
        ("training", ["tiger", "Tiger shark"]),
        ("held out", ["whale", "snail"]),
    ],
)
def test_a_part_is_shown_alone(grid, view, part, shown):
    grid.set_cards(ANIMALS)

    grid.set_part(part)

    assert names(view) == shown


def test_part_and_name_filter_together(grid, view):
    grid.set_part("held out")
    grid.set_filter("ai")

    grid.set_cards([*ANIMALS, Card("5", "snail shell")])

    assert names(view) == ["snail"]


def test_nothing_found_is_said_in_words(grid, view):
    grid.set_cards(ANIMALS)
    grid.set_filter("zebra")

    assert not view.isVisible()
    grid.set_filter("")
    assert view.isVisible()


@pytest.mark.parametrize(("width", "expected"), [(816, 4), (700, 3), (230, 1)])
def test_as_many_columns_as_fit_share_the_width(grid, view, width, expected):
    grid.set_cards(Card(str(i), f"card {i}") for i in range(40))

    grid.resize(width, 400)

    assert columns(view) == expected


def test_only_pairs_on_screen_are_asked_for(grid, qtbot):
    grid.set_cards(Card(str(i), f"card {i}") for i in range(100_000))

    with qtbot.waitSignal(grid.thumbnails_wanted) as wanted:
        grid.update()

    # 400 pixels hold three whole lines of 128 and a part of the fourth.
    assert wanted.args == [[str(i) for i in range(16)]]


def test_after_scrolling_only_the_last_screen_is_asked_for(grid, view, qtbot):
    grid.set_cards(Card(str(i), f"card {i}") for i in range(1000))
    heard = []
    grid.thumbnails_wanted.connect(heard.append)

    for value in range(0, 128 * 100 + 1, 128):
        view.verticalScrollBar().setValue(value)
        view.viewport().repaint()
    qtbot.waitUntil(lambda: len(heard) > 0)

    assert heard == [[str(i) for i in range(400, 416)]]


def test_what_has_its_pictures_is_not_asked_for_again(grid, qtbot):
    grid.set_cards(ANIMALS)
    with qtbot.waitSignal(grid.thumbnails_wanted):
        pass

    with qtbot.waitSignal(grid.thumbnails_wanted) as wanted:
        grid.set_thumbnail("1", plain(Qt.GlobalColor.red), plain(Qt.GlobalColor.blue))

    assert wanted.args == [["2", "3", "4"]]


def test_both_pictures_of_a_pair_are_shown(grid, view):
    grid.set_cards(ANIMALS)

    grid.set_thumbnail("1", plain(QColor(200, 0, 0)), plain(QColor(0, 0, 200)))

    card = view.visualRect(view.model().index(0, 0))
    shown = view.viewport().grab().toImage()
    assert shown.pixelColor(11 + 36, 11 + 36) == QColor(200, 0, 0)
    assert shown.pixelColor(card.right() - 12 - 11 - 36, 11 + 36) == QColor(0, 0, 200)


def test_a_pair_that_is_left_out_is_veiled_and_says_why(grid, view):
    red = plain(QColor(200, 0, 0))
    grid.set_cards([Card("1", "scarf", left_out="It has no partner.")])
    grid.set_thumbnail("1", red, red)

    index = view.model().index(0, 0)
    shown = view.viewport().grab().toImage().pixelColor(47, 47)

    assert shown.green() > 100
    assert index.data(Qt.ItemDataRole.ToolTipRole) == (
        "scarf\nleft out: It has no partner."
    )


def test_keys_move_and_enter_activates(grid, view, qtbot):
    grid.set_cards(Card(str(i), f"card {i}") for i in range(40))
    view.setCurrentIndex(view.model().index(0, 0))

    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert grid.current_key() == "1"
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert grid.current_key() == "5"

    with qtbot.waitSignal(grid.activated) as activated:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert activated.args == ["5"]


def test_a_click_moves_to_a_pair(grid, view, qtbot):
    grid.set_cards(ANIMALS)

    with qtbot.waitSignal(grid.current_changed) as moved:
        qtbot.mouseClick(view.viewport(), LEFT, pos=QPoint(210, 20))

    assert moved.args == ["2"]


def test_pictures_longest_unseen_make_room():
    model = PictureModel()
    model.set_cards(Card(str(i), f"card {i}") for i in range(KEPT_THUMBNAILS + 1))
    image = plain(Qt.GlobalColor.red)
    for i in range(KEPT_THUMBNAILS):
        model.set_thumbnail(str(i), image, image)
    model.thumbnails("0")  # seen again

    model.set_thumbnail(str(KEPT_THUMBNAILS), image, image)

    assert model.thumbnails("0") is not None
    assert model.thumbnails("1") is None
    assert model.thumbnails(str(KEPT_THUMBNAILS)) is not None


def test_a_hundred_thousand_pairs_scroll_smoothly(grid, view):
    grid.set_cards(Card(str(i), f"card {i}") for i in range(100_000))
    view.viewport().repaint()
    taken = []
    for value in range(0, 100 * 12_000, 12_000):
        start = time.perf_counter()
        view.verticalScrollBar().setValue(value)
        view.viewport().repaint()
        taken.append(time.perf_counter() - start)

    # Painting all rows takes seconds; a screen of them a few milliseconds. The median
    # keeps a busy machine from failing this.
    assert 0 < sorted(taken)[50] < 0.1


@pytest.mark.parametrize("width", [230, 408, 607, 806, 816, 1005, 1204])
def test_visible_rows_are_those_that_a_part_is_seen_of(grid, view, width):
    grid.set_cards(Card(str(i), f"card {i}") for i in range(200))
    grid.resize(width, 400)
    view.verticalScrollBar().setValue(300)
    view.viewport().grab()

    port = view.viewport().rect()
    model = view.model()
    seen = [
        row
        for row in range(model.rowCount())
        if view.visualRect(model.index(row, 0)).intersects(port)
    ]
    assert list(view.visible_rows()) == seen


def test_a_style_or_class_can_be_shown_alone(grid, view):
    grid.set_cards(ANIMALS, pictures=1)
    grid.set_group(1)
    assert names(view) == ["whale"]
    grid.set_group(None)
    assert grid.shown_count() == 4


def test_single_pictures_stand_closer_than_pairs(grid, view):
    cards = [Card(str(i), f"card {i}") for i in range(40)]
    grid.set_cards(cards, pictures=2)
    pairs = columns(view)
    grid.set_cards(cards, pictures=1)
    assert columns(view) > 1.5 * pairs
    grid.set_thumbnail("0", plain("red"))
    assert grid.grab().toImage().pixelColor(
        view.visualRect(view.model().index(0, 0)).center().x() - 6, 40
    ) == QColor("red")
