import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest

from studio.widgets.picture_column import PictureColumn

COLOURS = ("red", "green", "blue", "cyan", "magenta", "yellow")


def images(count):
    made = []
    for colour in COLOURS[:count]:
        image = QImage(8, 8, QImage.Format.Format_RGB888)
        image.fill(QColor(colour))
        made.append(image)
    return made


@pytest.fixture
def column(qtbot):
    column = PictureColumn("Watched")
    qtbot.addWidget(column)
    column.resize(64, 280)  # three tiles of 64 and what turns the page
    column.set_pictures(images(6), COLOURS)
    column.show()
    assert column.chosen_place() == 0
    return column


def click(column, y):
    QTest.mouseClick(column, Qt.MouseButton.LeftButton, pos=QPoint(32, y))


def colour(column, y):
    return column.grab().toImage().pixelColor(32, y).name()


def test_a_click_chooses(qtbot, column):
    with qtbot.waitSignal(column.chosen) as chosen:
        click(column, 24 + 72 + 32)
    assert chosen.args == [1]
    assert column.accessibleDescription() == "green"


def test_what_does_not_fit_is_a_page_further(qtbot, column):
    assert colour(column, 24 + 32) == "#ff0000"
    with qtbot.assertNotEmitted(column.chosen):
        click(column, 24 + 3 * 72 + 20)
    assert colour(column, 24 + 32) == "#00ffff"
    click(column, 24 + 3 * 72 + 20)  # and round again
    assert colour(column, 24 + 32) == "#ff0000"


def test_keys_move_and_turn_the_page(column):
    for _ in range(4):
        QTest.keyClick(column, Qt.Key.Key_Down)
    assert column.chosen_place() == 4
    assert colour(column, 24 + 72 + 32) == "#ff00ff"
    for _ in range(9):
        QTest.keyClick(column, Qt.Key.Key_Up)
    assert column.chosen_place() == 0


def test_fewer_pictures_keep_a_place_that_is_there(column):
    column.choose(5)
    column.set_pictures(images(2), COLOURS[:2])
    assert column.chosen_place() == 1
    with pytest.raises(IndexError, match="no picture 2"):
        column.choose(2)
    with pytest.raises(ValueError, match="2 pictures need as many names"):
        column.set_pictures(images(2), COLOURS)
