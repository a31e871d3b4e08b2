"""Tests for engines.data.palette."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from engines.data.images import decode, resize
from engines.data.making import make_input
from engines.data.palette import border_colour, has_soft_edges, label_colours
from engines.samples.catalogue import SAMPLES
from engines.samples.facades import LABELS, draw_pair

WHITE, BLACK, RED = (255, 255, 255), (0, 0, 0), (200, 30, 40)
EMOJI = Path(__file__).parents[3] / "../shared/data/emoji_pairs.zip"


def flat(colour, side=20):
    return np.full((side, side, 3), colour, np.uint8)


def smooth_ring(size=64, ink=BLACK):
    """A ring as a drawing program smooths it: drawn four times larger."""
    image = Image.new("RGB", (4 * size, 4 * size), WHITE)
    box = (size, size, 3 * size, 3 * size)
    ImageDraw.Draw(image).ellipse(box, outline=ink, width=size // 4)
    return np.array(image.resize((size, size), Image.Resampling.BOX))


def test_facades_give_exactly_their_labels():
    maps = [draw_pair(seed, 64)[0] for seed in range(24)]
    colours = label_colours(maps)
    assert set(colours) == {label.colour for label in LABELS}
    assert border_colour(maps) == LABELS[0].colour, "there is sky at the edges"
    assert not has_soft_edges(maps, colours)


def as_jpeg(rgb, quality):
    file = io.BytesIO()
    Image.fromarray(rgb).save(file, "JPEG", quality=quality, subsampling=0)
    return decode(file.getvalue())


@pytest.mark.parametrize("quality", [90, 97])
def test_labels_are_found_in_maps_that_were_saved_as_jpeg(quality):
    maps = [as_jpeg(draw_pair(seed, 128)[0], quality) for seed in range(24)]
    assert len(np.unique(np.concatenate(maps).reshape(-1, 3), axis=0)) > 1000
    found = np.array(label_colours(maps))
    labels = np.array([label.colour for label in LABELS])
    assert len(found) == len(labels)
    apart = np.abs(found[:, None] - labels).max(axis=2)
    assert (apart.min(axis=0) <= 8).all(), "each label has its colour"
    assert (apart.min(axis=1) <= 8).all(), "and each colour is a label's"


def test_a_photograph_on_a_plain_ground_has_no_labels():
    photo = draw_pair(3, 128)[1]
    on_white = np.full((256, 256, 3), 255, np.uint8)
    on_white[64:192, 64:192] = photo  # three quarters are white
    assert label_colours([as_jpeg(on_white, 90)]) == ()


def test_labels_come_by_how_often_they_are_seen():
    picture = flat(RED)
    picture[:5] = (0, 120, 0)
    picture[:2] = (0, 0, 220)  # 40 of 400 pixels, of the 100 above
    assert label_colours([picture]) == (RED, (0, 120, 0), (0, 0, 220))


@pytest.mark.parametrize("sample", ["landscapes", "leaves"])
def test_painted_pictures_have_no_labels(tmp_path, sample):
    SAMPLES[sample].write(tmp_path / "set", count=12)
    found = [decode(path) for path in sorted((tmp_path / "set").rglob("*.png"))]
    assert label_colours(found) == ()


def test_photographs_have_no_labels():
    photos = [draw_pair(seed, 64)[1] for seed in range(12)]
    assert label_colours(photos) == ()
    assert has_soft_edges(photos, ())
    greys = [make_input("colourise", photo, "any") for photo in photos]
    assert label_colours(greys) == ()


def test_smoothed_outlines_are_paper_and_ink():
    drawing = smooth_ring()
    assert len(np.unique(drawing)) > 10, "there are greys between"
    assert label_colours([drawing]) == (WHITE, BLACK)
    assert label_colours([255 - drawing]) == (BLACK, WHITE)
    assert has_soft_edges([drawing], (WHITE, BLACK))
    assert not has_soft_edges([np.where(drawing < 128, 0, 255)], (WHITE, BLACK))


def test_lines_found_in_photographs_are_paper_and_ink():
    lines = [
        make_input("edges", draw_pair(seed, 128)[1], str(seed)) for seed in range(8)
    ]
    assert label_colours(lines) == (WHITE, BLACK)


def test_smoothed_edges_between_labels_are_no_labels():
    drawing = smooth_ring(ink=RED)
    assert label_colours([drawing]) == (WHITE, RED)


def test_a_frequent_colour_between_two_others_is_a_label():
    picture = flat(BLACK)
    picture[:10] = WHITE
    picture[9] = 128  # one row of twenty: 5 %
    assert label_colours([picture]) == (BLACK, WHITE, (128, 128, 128))


def test_of_too_many_labels_the_most_frequent_are_found():
    tones = (0, 80, 160, 240)
    labels = [(r, g, b) for r in tones for g in tones for b in tones][5:33]
    picture = np.zeros((56, 40, 3), np.uint8)
    for row, label in enumerate(labels):
        picture[2 * row : 2 * row + 2] = label
    picture[:, :10] = labels[20]
    found = label_colours([picture])
    assert len(found) == 24
    assert found[0] == labels[20]
    assert set(found) <= set(labels)


def test_a_smooth_shade_has_no_labels():
    picture = np.zeros((256, 64, 3), np.uint8)
    picture[..., 0] = np.arange(256)[:, None]
    picture[..., 1] = 255 - picture[..., 0]
    assert label_colours([picture]) == ()


def test_without_pictures_nothing_is_known():
    assert label_colours([]) == ()
    assert border_colour([]) == WHITE
    assert not has_soft_edges([], ())


def test_the_border_decides_what_the_background_is():
    picture = flat(RED)
    picture[0] = picture[-1] = picture[:, 0] = picture[:, -1] = (0, 0, 220)
    assert label_colours([picture])[0] == RED
    assert border_colour([picture]) == (0, 0, 220)


@pytest.mark.skipif(not EMOJI.exists(), reason=f"{EMOJI.name} is not there")
def test_real_outlines_are_white_and_black():
    with zipfile.ZipFile(EMOJI) as archive:
        names = [n for n in archive.namelist() if "openmoji_black/" in n]
        files = [n for n in names if n.endswith(".png")][:24]
        pictures = [decode(archive.read(name)) for name in files]
    assert label_colours(pictures) == (WHITE, BLACK)
    small = [resize(picture, 64) for picture in pictures]
    assert label_colours(small) == (WHITE, BLACK)
    assert has_soft_edges(small, (WHITE, BLACK))
