from PySide6.QtGui import QColor, QImage

from studio.widgets.card_picture import CardPicture


def halves(width, height):
    """Red at the left, blue at the right."""
    image = QImage(width, height, QImage.Format.Format_RGB888)
    image.fill(QColor("red"))
    for x in range(width // 2, width):
        for y in range(height):
            image.setPixelColor(x, y, QColor("blue"))
    return image


def test_a_white_bar_stands_where_the_halves_meet(qtbot):
    widget = CardPicture(halves(80, 40), "Left red, right blue", split=True)
    qtbot.addWidget(widget)
    widget.resize(400, 200)
    seen = widget.grab().toImage()
    row = [seen.pixelColor(x, 100).name() for x in (20, 190, 199, 200, 210, 380)]
    red, white, blue = "#ff0000", "#ffffff", "#0000ff"
    assert row == [red, red, white, white, blue, blue]
    assert widget.accessibleName() == "Left red, right blue"


def test_in_another_shape_the_middle_stays_the_middle(qtbot):
    widget = CardPicture(halves(80, 40), "", split=True)
    qtbot.addWidget(widget)
    widget.resize(200, 300)  # higher than the picture: its sides are cut off
    seen = widget.grab().toImage()
    assert seen.pixelColor(10, 5 + 10).name() == "#ff0000"
    assert seen.pixelColor(95, 290).name() == "#ff0000"
    assert seen.pixelColor(105, 290).name() == "#0000ff"


def test_it_asks_for_half_its_pixels(qtbot):
    widget = CardPicture(halves(552, 432), "", split=False)
    qtbot.addWidget(widget)
    assert (widget.sizeHint().width(), widget.sizeHint().height()) == (276, 216)


def test_a_picture_that_is_whole_has_no_bar(qtbot):
    widget = CardPicture(halves(80, 40), "", split=False)
    qtbot.addWidget(widget)
    widget.resize(400, 200)
    seen = widget.grab().toImage()
    row = [seen.pixelColor(x, 100) for x in range(190, 210)]
    assert (row[0].name(), row[-1].name()) == ("#ff0000", "#0000ff")
    assert all(colour.green() == 0 for colour in row)  # neither white nor a halo


def test_its_upper_corners_are_round_and_its_lower_ones_are_not(qtbot):
    widget = CardPicture(halves(80, 40), "", split=False)
    qtbot.addWidget(widget)
    widget.resize(400, 200)
    seen = widget.grab().toImage()
    corners = [seen.pixelColor(0, y).name() for y in (0, 197)]
    assert (corners[0] == "#ff0000", corners[1] == "#ff0000") == (False, True)
