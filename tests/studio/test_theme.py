"""Tests for studio.theme, studio.fonts and studio.icons."""

from dataclasses import asdict

import pytest
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QIcon, QImage, QPainter, QPalette
from PySide6.QtWidgets import QComboBox, QLineEdit, QProgressBar, QSpinBox, QWidget

from studio.fonts import TEXT_SCALES, base_font, role_font
from studio.icons import draw_icon, draw_mark, icon, mark_icon
from studio.theme import draw_images, motion_ms, palette_of, style_sheet
from studio.tokens import DARK, LIGHT
from studio.widgets import buttons, labels


def picture_of(some_icon, mode=QIcon.Mode.Normal, state=QIcon.State.Off, side=64):
    return some_icon.pixmap(QSize(side, side), mode, state).toImage()


def inks(image):
    """The colours of all pixels that are fully covered."""
    return {
        image.pixelColor(x, y).name().upper()
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() == 255
    }


def test_dark_mode_reaches_palette_sheet_and_widgets(qtbot, qapp, theme):
    page = QWidget()
    qtbot.addWidget(page)
    page.show()

    with qtbot.waitSignal(theme.changed):
        theme.set_mode("dark")

    assert theme.mode == "dark"
    assert theme.tokens is DARK
    assert page.palette().window().color().name().upper() == DARK.bg
    assert qapp.palette().text().color().name().upper() == DARK.text
    disabled = qapp.palette().color(
        QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText
    )
    assert disabled.name().upper() == DARK.disabled
    assert DARK.err_soft in qapp.styleSheet()
    assert LIGHT.err_soft not in qapp.styleSheet()


def test_choosing_the_same_again_costs_no_restyle(theme):
    restyled = []
    theme.changed.connect(lambda: restyled.append(theme.mode))
    for _ in range(2):
        theme.set_mode("light")
        theme.set_text_scale(1.0)
    assert restyled == []
    for _ in range(2):
        theme.set_mode("dark")
    assert restyled == ["dark"]


def test_system_mode_follows_the_desktop_and_the_others_do_not(
    qapp, theme, monkeypatch
):
    scheme = Qt.ColorScheme.Dark
    monkeypatch.setattr(
        type(qapp.styleHints()), "colorScheme", lambda _hints: scheme, raising=True
    )
    hints = qapp.styleHints()

    hints.colorSchemeChanged.emit(scheme)
    assert theme.tokens is LIGHT

    theme.set_mode("system")
    assert theme.tokens is DARK
    scheme = Qt.ColorScheme.Light
    hints.colorSchemeChanged.emit(scheme)
    assert qapp.palette().window().color().name().upper() == LIGHT.bg


@pytest.mark.parametrize("scale", TEXT_SCALES)
def test_text_scale_multiplies_every_size(qtbot, qapp, theme, scale):
    title, caption = labels.title("Words"), labels.caption("Words")
    for label in (title, caption):
        qtbot.addWidget(label)
    theme.set_text_scale(scale)
    for label in (title, caption):
        label.ensurePolished()

    assert qapp.font().pixelSize() == round(13 * scale)
    assert title.font().pixelSize() == round(20 * scale)
    assert caption.font().pixelSize() == round(12 * scale)
    assert role_font("heading").pixelSize() == round(15 * scale)


def test_figures_are_all_of_one_width_and_labels_keep_it(qtbot):
    assert QFontInfo(base_font()).family() == "Inter"
    for label in (labels.body(), labels.title(), labels.strong()):
        qtbot.addWidget(label)
        label.ensurePolished()
        metrics = label.fontMetrics()
        assert metrics.horizontalAdvance("111") == metrics.horizontalAdvance("888")
        assert QFont.Tag("tnum") in label.font().featureTags()


def test_shipped_weights_differ(qtbot):
    regular, heavy = role_font("body"), role_font("strong")
    assert (regular.weight(), heavy.weight()) == (400, 600)
    assert QFontInfo(heavy).weight() == 600


def test_controls_have_their_heights(qtbot):
    spin, line, combo = QSpinBox(), QLineEdit(), QComboBox()
    button, tool = buttons.primary("Go"), buttons.tool("trash", "Move to trash")
    for control in (spin, line, combo, button, tool):
        qtbot.addWidget(control)
        control.show()
        control.adjustSize()
        assert control.height() == 32
    assert tool.width() == 32
    # Numbers start where text does, which a sheet cannot say.
    assert spin.lineEdit().textMargins().left() == 7

    bar = QProgressBar()
    qtbot.addWidget(bar)
    bar.show()
    assert bar.height() == 4


def test_the_sheet_names_only_what_is_given(tmp_path):
    images = draw_images(LIGHT, tmp_path)
    sheet = style_sheet(LIGHT, 1.0, images)
    assert "$" not in sheet
    assert "font-size: 20px" in sheet
    assert "font-size: 26px" in style_sheet(LIGHT, 1.3, images)
    del images["image_check"]
    with pytest.raises(KeyError, match="image_check"):
        style_sheet(LIGHT, 1.0, images)


def test_images_of_the_sheet_exist_for_dense_screens_too(tmp_path):
    images = draw_images(DARK, tmp_path)
    check = QImage(images["image_check"])
    assert check.size() == QSize(14, 14)
    assert not check.isNull()
    dense = QImage(images["image_check"].replace(".png", "@2x.png"))
    assert dense.size() == QSize(28, 28)
    assert DARK.on_accent in inks(dense)


def test_every_colour_of_the_palette_is_a_token():
    known = {QColor(v).name() for v in asdict(DARK).values() if isinstance(v, str)}
    palette = palette_of(DARK)
    role = QPalette.ColorRole
    for each in (role.Window, role.Base, role.Button, role.Highlight, role.Link):
        assert palette.color(each).name() in known


def test_motion_can_be_switched_off(qtbot, theme):
    page = QWidget()
    qtbot.addWidget(page)
    assert motion_ms(page, 120) == 0
    theme.set_reduce_motion(False)
    assert motion_ms(page, 120) in (0, 120)  # the desktop may have switched it off


def test_an_icon_changes_its_colour_with_the_theme(theme):
    square = icon("square-fill")
    assert inks(picture_of(square)) == {LIGHT.text2}
    theme.set_mode("dark")
    assert inks(picture_of(square)) == {DARK.text2}


def test_an_icon_shows_that_it_is_checked_or_disabled():
    square = icon("square", on="square-fill")
    off = picture_of(square)
    on = picture_of(square, state=QIcon.State.On)
    assert inks(off) == {LIGHT.text2}
    assert inks(on) == {LIGHT.accent_text}
    assert off.pixelColor(32, 32).alpha() == 0
    assert on.pixelColor(32, 32).alpha() == 255
    assert inks(picture_of(square, QIcon.Mode.Disabled)) == {LIGHT.disabled}


def test_icons_are_centred_and_fill_their_place():
    image = QImage(64, 64, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    draw_icon(painter, QRectF(0, 0, 64, 64), "circle-fill", "#FF0000")
    painter.end()
    row = [x for x in range(64) if image.pixelColor(x, 32).alpha() > 128]
    column = [y for y in range(64) if image.pixelColor(32, y).alpha() > 128]
    # Phosphor's circle is 208 of 256 wide: 52 of 64, from 6 to 58.
    assert (row[0], row[-1]) == pytest.approx((6, 57), abs=1)
    assert (column[0], column[-1]) == pytest.approx((6, 57), abs=1)


def test_an_unknown_icon_is_named():
    with pytest.raises(ValueError, match="no Phosphor icon named 'hosue'"):
        icon("hosue")


def test_the_mark_is_split_in_the_middle():
    image = QImage(32, 32, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    draw_mark(painter, QRectF(0, 0, 32, 32))
    painter.end()
    at = {x: image.pixelColor(x, 16).name().upper() for x in (3, 8, 13, 20, 29)}
    assert at == {
        3: LIGHT.text,
        8: LIGHT.surface,
        13: LIGHT.text,
        20: LIGHT.on_accent,
        29: LIGHT.accent,
    }
    assert image.pixelColor(0, 0).alpha() == 0
    assert picture_of(mark_icon(), side=32).pixelColor(29, 16).name().upper() == (
        LIGHT.accent
    )
