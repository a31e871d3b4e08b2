"""Tests for studio.widgets.picture: what is shown is what is there, pixel for pixel."""

import numpy as np
import pytest
from PySide6.QtCore import QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from studio.theme import palette_of
from studio.tokens import DARK, LIGHT
from studio.widgets import picture
from studio.widgets.picture import (
    FADE_MS,
    PictureView,
    fitted,
    paint_cover,
    paint_picture,
    to_image,
)


@pytest.fixture
def view(qtbot):
    view = PictureView("Now", "step 675")
    qtbot.addWidget(view)
    assert view.image() is None
    return view


def noise(height=8, width=8, channels=3, seed=0):
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, (height, width, channels), dtype=np.uint8)


def pixels(image):
    """Return the colours of a picture as uint8 (H, W, 3)."""
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


def painted(image, size, *, ratio=1.0, at=None, tokens=LIGHT, paint=paint_picture):
    """Draw into a canvas of *size* device pixels that is magenta elsewhere."""
    canvas = QImage(size, QImage.Format.Format_RGB32)
    canvas.fill(QColor("#FF00FF"))
    canvas.setDevicePixelRatio(ratio)
    rect = at or QRectF(0, 0, size.width() / ratio, size.height() / ratio)
    painter = QPainter(canvas)
    paint(painter, image, rect, palette_of(tokens))
    painter.end()
    return pixels(canvas)


def test_an_array_becomes_a_picture_with_the_same_pixels():
    rgb = noise(3, 5)  # 15 bytes a row: Qt pads rows to four

    assert (pixels(to_image(rgb)) == rgb).all()


def test_a_view_of_an_array_becomes_a_picture_too():
    rgb = noise(6, 8)

    assert (pixels(to_image(rgb[::-1, ::2])) == rgb[::-1, ::2]).all()


def test_the_picture_does_not_change_with_the_array():
    rgb = noise()
    image = to_image(rgb)
    first = rgb.copy()
    rgb[:] = 0

    assert (pixels(image) == first).all()


def test_four_channels_carry_alpha():
    rgba = np.array([[[255, 0, 0, 0], [0, 255, 0, 255]]], dtype=np.uint8)
    image = to_image(rgba)

    assert [image.pixelColor(x, 0).alpha() for x in (0, 1)] == [0, 255]


@pytest.mark.parametrize(
    "wrong", [np.zeros((4, 4, 3), np.float32), np.zeros((4, 4), np.uint8)]
)
def test_other_arrays_are_refused_in_words(wrong):
    with pytest.raises(ValueError, match=r"a picture is uint8 of shape \(H, W, 3\)"):
        to_image(wrong)


def test_an_array_without_pixels_is_refused():
    with pytest.raises(ValueError, match="at least one pixel"):
        to_image(np.zeros((0, 4, 3), np.uint8))


@pytest.mark.parametrize(
    ("side", "room", "shown"),
    [
        (64, 256, 256),  # four times
        (72, 256, 216),  # three times; four would be 288
        (200, 256, 200),  # 1.28 times is no whole multiple
        (512, 256, 256),  # reduced
    ],
)
def test_pictures_are_shown_at_whole_multiples_or_reduced(side, room, shown):
    assert fitted(QSize(side, side), QSizeF(room, room)) == QSizeF(shown, shown)


@pytest.mark.parametrize(
    ("side", "room", "shown"),
    [
        (64, 72, 64),  # an eighth of the room stays empty: not worth a blur
        (72, 108, 108),  # at 150 % a third would
        (72, 144, 144),
        (28, 72, 56),  # two times: pixels stay squares
        (200, 72, 72),
    ],
)
def test_thumbnails_leave_no_wide_gap(side, room, shown):
    size = fitted(QSize(side, side), QSizeF(room, room), fill=True)

    assert size == QSizeF(shown, shown)


def test_a_wide_picture_is_reduced_in_proportion():
    assert fitted(QSize(400, 100), QSizeF(200, 200)) == QSizeF(200, 50)


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
def test_every_pixel_is_a_square_at_every_screen_scale(ratio):
    rgb = noise()

    canvas = painted(to_image(rgb), QSize(120, 120), ratio=ratio)

    # 120 device pixels hold 8 pixels 15 times over. The hairline and the round corners
    # touch the outer squares only.
    expected = rgb.repeat(15, axis=0).repeat(15, axis=1)
    assert (canvas[15:-15, 15:-15] == expected[15:-15, 15:-15]).all()


def test_edges_stand_on_device_pixels_where_the_room_does_not():
    red = to_image(np.full((8, 8, 3), [200, 0, 0], np.uint8))

    canvas = painted(red, QSize(60, 60), ratio=1.5, at=QRectF(3.3, 3.3, 20, 20))

    # The room is 4.95 to 34.95 device pixels: 24 of them, three times 8, centred.
    assert (canvas[14:26, 10:30] == [200, 0, 0]).all()
    background = (canvas == [255, 0, 255]).all(axis=2)
    assert background[20, :8].all()
    assert background[20, 32:].all()
    assert not background[20, 8:32].any()


def test_a_reduced_picture_is_averaged_not_sampled():
    stripes = np.zeros((64, 64, 3), np.uint8)
    stripes[:, ::2] = 255

    canvas = painted(to_image(stripes), QSize(32, 32))

    assert abs(canvas[8:-8, 8:-8].mean() - 127.5) < 2
    assert canvas[8:-8, 8:-8].std() < 3


def test_the_hairline_keeps_a_white_picture_in_shape():
    white = to_image(np.full((8, 8, 3), 255, np.uint8))

    canvas = painted(white, QSize(32, 32))

    assert canvas[16, 0].tolist() == pytest.approx([255 * 0.89] * 3, abs=2)
    assert canvas[16, 1].tolist() == [255, 255, 255]


def test_the_hairline_is_light_in_the_dark():
    black = to_image(np.zeros((8, 8, 3), np.uint8))

    canvas = painted(black, QSize(32, 32), tokens=DARK)

    assert canvas[16, 0].tolist() == pytest.approx([255 * 0.12] * 3, abs=2)


@pytest.mark.parametrize("tokens", [LIGHT, DARK])
def test_transparency_stands_over_squares_of_eight(tokens):
    clear = to_image(np.zeros((32, 32, 4), np.uint8))

    canvas = painted(clear, QSize(32, 32), tokens=tokens)

    first, second = (QColor(c).getRgb()[:3] for c in (tokens.check1, tokens.check2))
    assert tuple(canvas[12, 12]) == first
    assert tuple(canvas[12, 20]) == second
    assert tuple(canvas[20, 20]) == first


def test_a_cover_fills_its_tile_with_the_middle():
    rgb = np.zeros((10, 30, 3), np.uint8)
    rgb[:, 10:20] = [0, 200, 0]

    canvas = painted(to_image(rgb), QSize(40, 40), paint=paint_cover)

    assert (canvas[4:-4, 4:-4] == [0, 200, 0]).all()


def test_the_view_says_what_it_shows(view):
    assert view.accessibleName() == "Now, step 675"

    view.set_caption("Target", "the real answer")

    assert view.accessibleName() == "Target, the real answer"


def test_the_view_says_what_will_come(view):
    view.set_placeholder("Appears after the first step.")
    assert view.accessibleDescription() == "Appears after the first step."

    view.set_image(to_image(noise()))

    assert view.accessibleDescription() == ""


def test_the_picture_stands_below_the_caption_at_the_left(view):
    rgb = noise(64, 64)
    view.set_image(to_image(rgb))
    view.resize(300, 24 + 256)

    shown = pixels(view.grab().toImage())

    expected = rgb.repeat(4, axis=0).repeat(4, axis=1)
    assert (shown[24 + 8 : -8, 8:248] == expected[8:-8, 8:248]).all()


def test_a_new_picture_fades_in_over_the_old_one(view, qtbot, monkeypatch):
    # Off screen there is no desktop that allows motion.
    monkeypatch.setattr(picture, "motion_ms", lambda widget, ms: ms)
    view.show()
    view.set_image(to_image(np.zeros((8, 8, 3), np.uint8)))
    view.set_image(to_image(np.full((8, 8, 3), 200, np.uint8)), fade=True)
    start = pixels(view.grab().toImage())[150, 100]

    qtbot.waitUntil(
        lambda: pixels(view.grab().toImage())[150, 100].tolist() == [200] * 3,
        timeout=20 * FADE_MS,
    )

    assert start.max() < 200


def test_nothing_fades_where_motion_is_unwanted(view, monkeypatch):
    monkeypatch.setattr(picture, "motion_ms", lambda widget, ms: 0)
    view.show()
    view.set_image(to_image(np.zeros((8, 8, 3), np.uint8)))
    view.set_image(to_image(np.full((8, 8, 3), 200, np.uint8)), fade=True)

    assert pixels(view.grab().toImage())[150, 100].tolist() == [200] * 3


def test_while_scrubbing_the_picture_is_there_at_once(view):
    view.show()
    view.set_image(to_image(np.zeros((8, 8, 3), np.uint8)))
    view.set_image(to_image(np.full((8, 8, 3), 200, np.uint8)))

    assert pixels(view.grab().toImage())[150, 100].tolist() == [200] * 3


def test_no_room_is_no_error(view):
    view.set_image(to_image(noise()))
    view.setMinimumSize(1, 1)
    view.resize(3, 2)

    assert view.grab().width() == 3


def test_the_view_takes_its_colours_from_the_palette(view):
    view.setPalette(palette_of(DARK))
    view.resize(200, 200)

    stage = view.grab().toImage().pixelColor(100, 150)

    assert stage == QColor(DARK.stage)
    assert view.focusPolicy() == Qt.FocusPolicy.NoFocus


def test_a_part_of_the_hint_goes_before_another_is_cut(qtbot):
    """Drawn in a narrow view: as if the last part were not there, in a wide one so."""
    whole, short = PictureView("And back", "day  ·  step 15"), PictureView("And back")
    short.set_caption("And back", "day")
    for view in (whole, short):
        qtbot.addWidget(view)
    for width, alike in ((130, True), (300, False)):
        for view in (whole, short):
            view.resize(width, 60)
        assert (whole.grab().toImage() == short.grab().toImage()) is alike
