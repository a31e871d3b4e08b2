"""Tests for studio.widgets.chip and icon_label."""

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage, QPainter

from studio.tokens import DARK, LIGHT
from studio.widgets.chip import HEIGHT, Chip, chip_width, paint_chip
from studio.widgets.icon_label import IconLabel


@pytest.mark.parametrize(
    ("level", "fill"),
    [
        ("active", LIGHT.accent_soft),
        ("ok", LIGHT.ok_soft),
        ("warn", LIGHT.warn_soft),
        ("err", LIGHT.err_soft),
        ("plain", LIGHT.hover),
    ],
)
def test_each_level_has_its_colour_and_its_words(qtbot, level, fill):
    chip = Chip(level, "check", "Done")
    qtbot.addWidget(chip)
    chip.show()
    assert chip.words() == chip.accessibleName() == "Done"
    assert chip.height() == HEIGHT
    assert chip.grab().toImage().pixelColor(6, 12).name().upper() == fill


def test_it_grows_with_its_words(qtbot):
    chip = Chip("ok", None, "Done")
    qtbot.addWidget(chip)
    narrow = chip.sizeHint().width()
    chip.show_state("ok", "check", "Done, and then some")
    assert chip.sizeHint().width() > narrow
    assert chip.sizeHint().width() == chip_width("check", "Done, and then some")


def test_a_delegate_paints_the_same_chip(qtbot):
    chip = Chip("warn", "pause", "Paused")
    qtbot.addWidget(chip)
    chip.show()
    image = QImage(chip.size(), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(LIGHT.bg)
    painter = QPainter(image)
    paint_chip(painter, QPointF(0, 0), "warn", "pause", "Paused", LIGHT)
    painter.end()
    shown = chip.grab().toImage().convertToFormat(image.format())
    middle = range(4, chip.width() - 4)
    assert [image.pixel(x, 12) for x in middle] == [shown.pixel(x, 12) for x in middle]
    with pytest.raises(KeyError, match="fatal"):
        paint_chip(QPainter(), QPointF(), "fatal", None, "x", LIGHT)


def test_an_icon_label_follows_the_theme(qtbot, theme):
    label = IconLabel("square-fill", "err", 20)
    qtbot.addWidget(label)
    label.resize(label.sizeHint())
    label.show()
    assert label.grab().toImage().pixelColor(10, 10).name().upper() == LIGHT.err
    theme.set_mode("dark")
    assert label.grab().toImage().pixelColor(10, 10).name().upper() == DARK.err
    label.show_icon("square-fill", "ok")
    assert label.grab().toImage().pixelColor(10, 10).name().upper() == DARK.ok
    assert label.testAttribute(Qt.WidgetAttribute.WA_WState_Visible)
