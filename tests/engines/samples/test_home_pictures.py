"""The pictures on the Home page are what the sample sets draw; see resources/README."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFilter

from engines.samples.digit_ways import MANNERS
from engines.samples.digits import Hand, smooth, write
from engines.samples.landscapes import draw_day, draw_night
from engines.samples.leaves import draw_leaf

HOME = Path(__file__).parents[3] / "resources" / "home"
LEAVES = ((0, 20, 57, 4), (39, 36, 22, 33), (7, 35, 6, 40))


def day_to_night():
    """A place by day on the left half, by night on the right."""
    day, night = (draw(10_019, 552)[48:480] for draw in (draw_day, draw_night))
    return np.concatenate([day[:, :276], night[:, 276:]], axis=1)


def new_pictures():
    """Twelve leaves in three rows."""
    rows = [[draw_leaf(seed, 144)[:, 3:141] for seed in row] for row in LEAVES]
    return np.concatenate([np.concatenate(row, axis=1) for row in rows])


def smooth_morph():
    """Twenty steps between four digits: blurred, mixed and sharpened again."""

    def soft(digit):
        ways = [smooth(np.array(way)) for way in MANNERS[digit][0]]
        ink = Image.fromarray(write(ways, Hand(pen=0.11, scale=0.7), 112))
        blurred = np.asarray(ink.filter(ImageFilter.GaussianBlur(5)))
        return blurred[2:110, 1:111].astype(float)

    (three, eight), (five, six) = (map(soft, pair) for pair in ((3, 8), (5, 6)))
    rows = []
    for down in np.linspace(0, 1, 4):
        left = (1 - down) * three + down * five
        right = (1 - down) * eight + down * six
        shares = np.linspace(0, 1, 5)
        mixes = [(1 - share) * left + share * right for share in shares]
        rows.append(np.concatenate(mixes, axis=1))
    sharp = ((np.concatenate(rows) - 70) / 90).clip(0, 1) * 255
    return np.pad(sharp.round().astype(np.uint8), ((0, 0), (1, 1)))


@pytest.mark.parametrize("draw", [day_to_night, new_pictures, smooth_morph])
def test_a_home_picture_is_drawn_from_a_sample_set(draw):
    path = HOME / f"{draw.__name__}.png"
    assert path.stat().st_size < 200_000
    with Image.open(path) as picture:
        shown = np.asarray(picture).astype(int)
    assert shown.shape[:2] == (432, 552)  # 276 × 216 at double resolution
    # Another release of the drawing library may round soft edges differently.
    assert np.abs(shown - draw()).mean() < 1
