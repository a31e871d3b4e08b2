from PySide6.QtGui import QColor, QImage

from studio.widgets.split_picture import SplitPicture


def halves(width, height):
    """Red at the left, blue at the right."""
    image = QImage(width, height, QImage.Format.Format_RGB888)
    image.fill(QColor("red"))
    for x in range(width // 2, width):
        for y in range(height):
            image.setPixelColor(x, y, QColor("blue"))
    return image


def test_a_white_bar_stands_where_the_halves_meet(qtbot):
    widget = SplitPicture(halves(80, 40), "Left red, right blue")
    qtbot.addWidget(widget)
    widget.resize(400, 200)
    seen = widget.grab().toImage()
    row = [seen.pixelColor(x, 100).name() for x in (20, 190, 199, 200, 210, 380)]
    red, white, blue = "#ff0000", "#ffffff", "#0000ff"
    assert row == [red, red, white, white, blue, blue]
    assert widget.accessibleName() == "Left red, right blue"


def test_in_another_shape_the_middle_stays_the_middle(qtbot):
    widget = SplitPicture(halves(80, 40), "")
    qtbot.addWidget(widget)
    widget.resize(200, 300)  # higher than the picture: its sides are cut off
    seen = widget.grab().toImage()
    assert seen.pixelColor(10, 5 + 10).name() == "#ff0000"
    assert seen.pixelColor(95, 290).name() == "#ff0000"
    assert seen.pixelColor(105, 290).name() == "#0000ff"


def test_it_asks_for_half_its_pixels(qtbot):
    widget = SplitPicture(halves(552, 432), "")
    qtbot.addWidget(widget)
    assert (widget.sizeHint().width(), widget.sizeHint().height()) == (276, 216)
