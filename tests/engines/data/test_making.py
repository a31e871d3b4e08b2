"""Inputs made from pictures, so that single pictures can be learnt from as pairs."""

import numpy as np
import pytest
from PIL import Image

from engines.data.images import decode, resize
from engines.data.making import NOISE, make_input, read_square
from engines.data.sets import TASKS, Item, PictureSet, Source
from engines.errors import PictureError


@pytest.fixture
def photo():
    """A smooth picture of 48×40 pixels, in colour and without black or white."""
    coarse = np.random.default_rng(3).integers(60, 196, (5, 6, 3), dtype=np.uint8)
    image = Image.fromarray(coarse).resize((48, 40), Image.Resampling.BICUBIC)
    return np.array(image)


def flat(value, side=32):
    return np.full((side, side, 3), value, np.uint8)


@pytest.mark.parametrize("task", TASKS)
def test_an_input_has_the_shape_of_its_picture_and_leaves_it_alone(photo, task):
    before = photo.copy()
    made = make_input(task, photo, "x")
    assert made.shape == (40, 48, 3)
    assert made.dtype == np.uint8
    assert not np.array_equal(made, photo)
    assert np.array_equal(photo, before)


@pytest.mark.parametrize("task", TASKS)
def test_the_name_decides_what_is_drawn_by_chance_and_nothing_else(photo, task):
    first = make_input(task, photo, "x")
    np.random.default_rng().random()
    assert np.array_equal(first, make_input(task, photo, "x"))
    is_by_chance = task in ("fill", "denoise")
    assert np.array_equal(first, make_input(task, photo, "y")) != is_by_chance


def test_colour_is_taken_away_by_the_weights_of_brightness():
    rgb = np.zeros((1, 3, 3), np.uint8)
    rgb[0, [0, 1, 2], [0, 1, 2]] = 255
    # BT.601: 0.299, 0.587 and 0.114 of 255 are 76.2, 149.7 and 29.1.
    greys = make_input("colourise", rgb, "")[0]
    assert greys.tolist() == [[76] * 3, [150] * 3, [29] * 3]


def test_what_is_finer_than_four_pixels_is_blurred_away():
    stripes = flat(0)
    stripes[:, ::2] = 200
    blurred = make_input("sharpen", stripes, "")
    assert np.abs(blurred[:, 8:-8].astype(int) - 100).max() <= 12
    halves = flat(0)
    halves[:, 16:] = 200  # coarse enough to stay
    blurred = make_input("sharpen", halves, "")
    assert blurred[:, :8].max() < 20
    assert blurred[:, -8:].min() > 180


def test_holes_are_grey_rectangles_and_the_rest_stays():
    shares = []
    for name in range(40):
        holed = make_input("fill", flat(250, 100), str(name))
        missing = (holed == 128).all(axis=2)
        assert (holed[~missing] == 250).all()
        shares.append(missing.mean())
    # One hole of 15 × 15 at least; three of 40 × 40, side by side, at most.
    assert 0.0225 <= min(shares) < max(shares) <= 0.48
    assert np.mean(shares) > 0.08  # about two holes of 0.275² each


def test_even_a_picture_of_one_pixel_gets_a_hole():
    assert make_input("fill", flat(9, 1), "x").tolist() == [[[128] * 3]]


def test_noise_is_gaussian_and_as_strong_as_promised():
    strengths = []
    for name in range(30):
        noise = make_input("denoise", flat(128, 64), str(name)).astype(float) - 128
        # 12,288 numbers: the mean is off by σ/111, σ itself by σ/157, at most 5 times.
        strengths.append(noise.std())
        assert abs(noise.mean()) < 5 * NOISE[1] / 111
        within = (np.abs(noise) <= strengths[-1]).mean()
        assert within == pytest.approx(0.683, abs=0.06)  # whole numbers coarsen it
    # Clipping at 0 and 255, 2.5 σ away at 50, takes a little.
    assert NOISE[0] * 0.9 < min(strengths) < 20
    assert 40 < max(strengths) < NOISE[1] * 1.05


def test_a_flat_picture_has_no_lines():
    assert (make_input("edges", flat(77), "") == 255).all()


def test_a_line_is_drawn_on_the_darker_side_of_an_edge():
    halves = flat(40, 64)
    halves[:, 32:] = 220
    drawn = make_input("edges", halves, "")
    assert (drawn[:, 28:32] < 128).any(axis=1).all()
    assert (drawn[:, 32:] == 255).all()
    assert (drawn[:, :24] == 255).all()
    assert np.array_equal(drawn[..., 0], drawn[..., 2])


def test_colours_of_equal_brightness_are_parted_by_a_line():
    halves = flat(0, 64)
    halves[:, :32] = (149, 0, 0)  # luma 0.299 * 149 = 44.6
    halves[:, 32:] = (0, 76, 0)  # luma 0.587 * 76 = 44.6
    drawn = make_input("edges", halves, "")
    assert drawn[:, 28:36].min() < 96
    assert (drawn[:, :24] == 255).all()


def test_faint_changes_are_no_lines():
    halves = flat(100, 64)
    halves[:, 32:] = 105  # a Gaussian apart from a wider one by less than 4
    assert (make_input("edges", halves, "") == 255).all()


def test_the_outlines_of_a_drawing_are_drawn_where_they_are():
    rgb = flat(255, 64)
    rgb[16:48, 16:48] = (255, 220, 60)
    rgb[16:48, [16, 17, 46, 47]] = rgb[[16, 17, 46, 47], 16:48] = 0
    drawn = make_input("edges", rgb, "")[..., 0]
    assert drawn[16:18, 20:44].max() < 90
    assert drawn[20:44, 46:48].max() < 90
    assert drawn[24:40, 24:40].min() == 255  # the colour inside is gone
    assert drawn[:12].min() == 255


def picture_set(use, *items):
    return PictureSet(
        folder=items[0].a.path.parent,
        layout="flat",
        use=use,
        groups=("grey", "colour"),
        items=items,
    )


def test_a_made_pair_is_made_from_the_square_that_is_its_answer(photo, tmp_path):
    Image.fromarray(photo).save(tmp_path / "x.png")
    item = Item("deep/x", Source(tmp_path / "x.png"))
    a, b = read_square(picture_set("fill", item), item, 16, "stretch")
    assert np.array_equal(b, resize(photo, 16, "stretch"))
    assert np.array_equal(a, make_input("fill", b, "deep/x"))


def test_what_is_there_is_only_cut(photo, tmp_path):
    Image.fromarray(photo).save(tmp_path / "x.png")
    source = Source(tmp_path / "x.png")
    single, pair = Item("x", source), Item("x", source, source)
    (alone,) = read_square(picture_set("single", single), single, 16)
    assert np.array_equal(alone, resize(decode(source.path), 16, "cut"))
    a, b = read_square(picture_set("pairs", pair), pair, 16)
    assert np.array_equal(a, alone)
    assert np.array_equal(b, alone)


def test_a_file_that_is_gone_is_named(tmp_path):
    item = Item("x", Source(tmp_path / "x.png"))
    with pytest.raises(PictureError, match=r"x\.png is not there any more"):
        read_square(picture_set("edges", item), item, 16)
