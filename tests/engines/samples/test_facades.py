"""Tests for engines.samples.facades."""

import hashlib
import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engines.errors import Cancelled, DataError
from engines.samples.facades import LABELS, draw_pair, write_facades

COLOURS = {label.name: label.colour for label in LABELS}
SEEDS = range(60)


@pytest.fixture(scope="module")
def pairs():
    return [draw_pair(seed, 64) for seed in SEEDS]


def mask(labels, name):
    return (labels == COLOURS[name]).all(axis=-1)


def rows_of(labels, name):
    return np.flatnonzero(mask(labels, name).any(axis=1))


def digest(folder):
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).digest()
        for path in files
    }


# One pair.


@pytest.mark.parametrize("size", [32, 65, 256])
def test_both_pictures_are_square_rgb_of_the_asked_size(size):
    for picture in draw_pair(3, size):
        assert picture.shape == (size, size, 3)
        assert picture.dtype == np.uint8


def test_a_seed_always_draws_the_same_and_another_seed_something_else():
    first, again, other = draw_pair(5, 64), draw_pair(5, 64), draw_pair(6, 64)
    for one, same, different in zip(first, again, other, strict=True):
        np.testing.assert_array_equal(one, same)
        assert (one != different).any(axis=-1).mean() > 0.2


def test_a_seed_draws_the_same_house_at_every_size():
    for seed in range(6):
        (small_labels, small), (large_labels, large) = (
            draw_pair(seed, size) for size in (64, 256)
        )
        reduced = np.asarray(Image.fromarray(large).reduce(4))
        apart = np.abs(reduced.astype(int) - small).mean()
        assert apart < 8  # of 255; two different houses are 12 and more apart
        # Samples of the two lie a fraction of a pixel apart, so edges may differ.
        assert (large_labels[2::4, 2::4] == small_labels).all(axis=-1).mean() > 0.9


def test_two_houses_are_further_apart_than_one_house_at_two_sizes(pairs):
    apart = [
        np.abs(one.astype(int) - other).mean()
        for (_, one), (_, other) in itertools.pairwise(pairs)
    ]
    assert min(apart) > 12


def test_a_label_map_has_no_other_colours_than_those_of_the_table(pairs):
    known = set(COLOURS.values())
    for labels, _ in pairs:
        assert {tuple(c) for c in np.unique(labels.reshape(-1, 3), axis=0)} <= known


def test_label_names_and_colours_are_all_different_and_colours_stay_apart():
    assert len(COLOURS) == len(LABELS) == len(set(COLOURS.values()))
    colours = np.array([label.colour for label in LABELS], int)
    distance = np.abs(colours[:, None] - colours).sum(axis=-1)
    assert distance[~np.eye(len(LABELS), dtype=bool)].min() > 60


def test_every_label_is_used_and_the_main_ones_nearly_always(pairs):
    used = {name: np.mean([mask(x, name).any() for x, _ in pairs]) for name in COLOURS}
    assert min(used.values()) > 0.05
    for name in ("sky", "wall", "window", "door", "pavement"):
        assert used[name] == pytest.approx(1.0, abs=0.05), name


def test_sky_is_at_the_top_pavement_at_the_bottom_and_no_sky_below_it(pairs):
    for labels, _ in pairs:
        assert mask(labels, "sky")[0].mean() > 0.8
        assert mask(labels, "pavement")[-1].all()
        assert rows_of(labels, "sky").max() < rows_of(labels, "pavement").max()
        assert not mask(labels, "sky")[rows_of(labels, "pavement").min() :].any()


def test_the_house_stands_in_the_picture_with_sky_above_it(pairs):
    for labels, _ in pairs:
        house = mask(labels, "wall") | mask(labels, "roof")
        assert 0.1 < house.mean() < 0.7
        assert rows_of(labels, "wall").max() > 40


def test_houses_differ_in_their_windows_and_roofs(pairs):
    windows = [mask(labels, "window").mean() for labels, _ in pairs]
    assert max(windows) > 3 * min(windows)
    assert 0.15 < np.mean([mask(x, "shutter").any() for x, _ in pairs]) < 0.5
    assert 0.2 < np.mean([mask(x, "shop").any() for x, _ in pairs]) < 0.7


def mean_colours(pairs, name):
    """Mean colour of a label in each photo that has enough of it, (N, 3)."""
    found = [photo[mask(labels, name)] for labels, photo in pairs]
    return np.array([pixels.mean(axis=0) for pixels in found if len(pixels) > 20])


def test_the_photo_follows_the_labels(pairs):
    wall, window = mean_colours(pairs, "wall"), mean_colours(pairs, "window")
    assert wall.mean() - window.mean() > 30  # glass is darker than walls
    sky = mean_colours(pairs, "sky").mean(axis=0)
    assert sky[2] > sky[0] + 10  # blue
    tree = mean_colours(pairs, "tree").mean(axis=0)
    assert tree[1] > tree[0] + 10 > tree[2] + 10  # green
    door = mean_colours(pairs, "door").mean()
    assert door < wall.mean() - 30


def test_labels_tell_most_of_the_photo(pairs):
    """Pixels vary less within a label of a picture than over all pictures."""
    over_all = np.concatenate([photo for _, photo in pairs]).std(axis=(0, 1))
    within = []
    for labels, photo in pairs:
        for name in ("sky", "wall", "pavement", "tree", "shutter"):
            pixels = photo[mask(labels, name)]
            if len(pixels) > 20:
                within.append(pixels.std(axis=0))
    assert np.mean(within) < 0.6 * over_all.mean()


def test_the_sun_shines_from_the_left(pairs):
    """Left of a house its neighbour is lit; right of it lies its shadow."""
    left, right = [], []
    for labels, photo in pairs:
        far = mask(labels, "neighbour")
        left.append(photo[:, :32][far[:, :32]])
        right.append(photo[:, 32:][far[:, 32:]])
    assert np.concatenate(left).mean() > np.concatenate(right).mean() + 3


@pytest.mark.parametrize(
    ("seed", "size", "words"),
    [
        (-1, 64, "seed must be >= 0, got -1"),
        (0, 31, "size must be 32 to 1024, got 31"),
        (0, 1025, "size must be 32 to 1024, got 1025"),
    ],
)
def test_numbers_out_of_range_are_refused(seed, size, words):
    with pytest.raises(ValueError, match=words):
        draw_pair(seed, size)


# A folder of pairs.


def test_a_folder_holds_both_sides_under_the_same_names(tmp_path):
    folder = write_facades(tmp_path / "new" / "facades", count=3, size=32)
    for side in ("labels", "photos"):
        names = sorted(path.name for path in (folder / side).iterdir())
        assert names == ["0001.png", "0002.png", "0003.png"]
    with Image.open(folder / "photos" / "0002.png") as picture:
        assert (picture.size, picture.mode) == ((32, 32), "RGB")


def test_the_files_are_the_drawn_pairs(tmp_path):
    folder = write_facades(tmp_path / "facades", count=2, size=32, seed=1)
    labels, photo = draw_pair(10_002, 32)  # seed 1 starts at 10,000
    for side, drawn in (("labels", labels), ("photos", photo)):
        with Image.open(folder / side / "0002.png") as picture:
            np.testing.assert_array_equal(np.asarray(picture), drawn)


def test_two_folders_of_one_recipe_are_equal_to_the_byte(tmp_path):
    one = write_facades(tmp_path / "one", count=3, size=32, seed=4)
    two = write_facades(tmp_path / "two", count=3, size=32, seed=4)
    other = write_facades(tmp_path / "other", count=3, size=32, seed=5)
    assert digest(one) == digest(two)
    assert digest(one)["photos/0001.png"] != digest(other)["photos/0001.png"]


def test_a_complete_folder_is_kept(tmp_path):
    folder = write_facades(tmp_path / "facades", count=2, size=32)
    marked = folder / "labels" / "0001.png"
    marked.write_bytes(b"kept")
    assert write_facades(folder, count=2, size=32) == folder
    assert marked.read_bytes() == b"kept"


@pytest.mark.parametrize("other", [{"count": 3}, {"size": 33}, {"seed": 1}])
def test_a_folder_of_another_recipe_is_refused_and_not_touched(tmp_path, other):
    folder = write_facades(tmp_path / "facades", count=2, size=32)
    before = digest(folder)
    with pytest.raises(DataError, match="'facades' already exists and holds something"):
        write_facades(folder, **({"count": 2, "size": 32} | other))
    assert digest(folder) == before


def test_a_folder_that_lost_a_picture_is_refused(tmp_path):
    folder = write_facades(tmp_path / "facades", count=2, size=32)
    (folder / "photos" / "0002.png").unlink()
    with pytest.raises(DataError, match="Some of the façades in 'facades' are missing"):
        write_facades(folder, count=2, size=32)


def test_a_set_of_another_version_is_refused(tmp_path):
    folder = write_facades(tmp_path / "facades", count=2, size=32)
    recipe = json.loads((folder / "recipe.json").read_text())
    (folder / "recipe.json").write_text(json.dumps(recipe | {"version": 0}))
    with pytest.raises(DataError, match="Choose another folder or remove it"):
        write_facades(folder, count=2, size=32)


def test_a_folder_or_file_of_the_user_is_refused_and_not_touched(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    (tmp_path / "file").write_text("dear")
    for name in ("mine", "file"):
        with pytest.raises(DataError, match=f"'{name}' already exists"):
            write_facades(tmp_path / name, count=2, size=32)
    assert (tmp_path / "mine" / "letter.txt").read_text() == "dear"


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("dear")
    with pytest.raises(DataError, match=r"cannot be written to .*Choose another"):
        write_facades(tmp_path / "file" / "facades", count=2, size=32)


def test_cancelling_leaves_nothing_behind(tmp_path):
    done = []
    with pytest.raises(Cancelled):
        write_facades(
            tmp_path / "facades",
            count=5,
            size=32,
            progress=lambda *numbers: done.append(numbers),
            cancelled=lambda: len(done) == 2,
        )
    assert done == [(1, 5), (2, 5)]
    assert list(tmp_path.iterdir()) == []


def test_progress_counts_to_the_end(tmp_path):
    seen = []
    write_facades(
        tmp_path / "facades", count=3, size=32, progress=lambda *n: seen.append(n)
    )
    assert seen == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("count", [1, 10_000])
def test_a_set_needs_a_sensible_count(tmp_path, count):
    with pytest.raises(ValueError, match=f"count must be 2 to 9999, got {count}"):
        write_facades(tmp_path / "facades", count=count)


@pytest.mark.parametrize("wrong", [{"size": 2048}, {"seed": -1}])
def test_numbers_out_of_range_leave_nothing_behind(tmp_path, wrong):
    with pytest.raises(ValueError, match=f"{next(iter(wrong))} must be"):
        write_facades(tmp_path / "facades", count=2, **wrong)
    assert list(tmp_path.iterdir()) == []


# The picture on the home page.


def test_the_home_picture_is_a_pair_of_the_set():
    home = Path(__file__).parents[3] / "resources" / "home" / "outline_to_picture.png"
    labels, photo = (picture[84:516] for picture in draw_pair(1959, 552))
    with Image.open(home) as picture:
        shown = np.asarray(picture).astype(int)
    assert shown.shape == (432, 552, 3)
    np.testing.assert_array_equal(shown[:, :276], labels[:, :276])
    # Another release of the drawing library may round soft edges differently.
    assert np.abs(shown[:, 276:] - photo[:, 276:]).mean() < 1
