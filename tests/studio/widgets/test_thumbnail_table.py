"""Tests for studio.widgets.thumbnail_table."""

import pytest
from PySide6.QtGui import QColor, QImage

from studio.widgets.thumbnail_table import PairRows

RED, BLUE = QColor(200, 0, 0), QColor(0, 0, 200)


@pytest.fixture
def rows(qtbot):
    rows = PairRows()
    qtbot.addWidget(rows)
    rows.resize(rows.sizeHint())
    rows.show()
    assert rows.columns() == 11
    return rows


def plain(colour):
    image = QImage(64, 64, QImage.Format.Format_RGB32)
    image.fill(colour)
    return image


def colours(rows, x):
    shown = rows.grab().toImage()
    return shown.pixelColor(x, 32), shown.pixelColor(x, 68 + 32)


def test_each_pair_stands_in_one_column(rows):
    rows.set_pairs([(plain(RED), plain(BLUE)), (plain(BLUE), plain(RED))])
    last = rows.width() - 32  # the middle of column 11

    assert colours(rows, last - 10 * 72) == (RED, BLUE)
    assert colours(rows, last - 9 * 72) == (BLUE, RED)
    assert RED not in colours(rows, last)


def test_a_picture_is_never_cut(rows):
    rows.set_pairs([(plain(RED), plain(BLUE))] * 11)

    rows.resize(rows.width() - 1, rows.height())

    assert rows.columns() == 10
    assert RED not in colours(rows, rows.width() - 30)


def test_how_many_fit_is_told_once(rows, qtbot):
    with qtbot.waitSignal(rows.columns_changed) as fitting:
        rows.resize(rows.width() - 72, rows.height())
    assert fitting.args == [10]

    with qtbot.assertNotEmitted(rows.columns_changed):
        rows.resize(rows.width() + 10, rows.height())


def test_longer_labels_take_room_from_the_pictures(rows, qtbot):
    with qtbot.waitSignal(rows.columns_changed) as fitting:
        rows.set_labels("From the drawing of the outline", "To the coloured picture")

    assert 7 <= fitting.args[0] <= 9
    assert rows.accessibleName() == (
        "Pairs: From the drawing of the outline, To the coloured picture"
    )


def test_names_must_be_as_many_as_pairs(rows):
    with pytest.raises(ValueError, match="1 pairs need as many names, got 2"):
        rows.set_pairs([(plain(RED), plain(BLUE))], ["tiger", "whale"])


def test_names_are_told_to_screen_readers(rows):
    rows.set_pairs([(plain(RED), plain(BLUE))] * 2, ["tiger", "whale"])

    assert rows.accessibleDescription() == "tiger, whale"
