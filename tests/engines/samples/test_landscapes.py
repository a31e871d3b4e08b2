"""Tests for engines.samples.landscapes."""

import numpy as np
import pytest
from PIL import Image

from engines.samples.landscape_hours import NIGHT
from engines.samples.landscape_scene import plan_scene
from engines.samples.landscapes import draw_day, draw_night, write_landscapes

SEEDS = range(40)


@pytest.fixture(scope="module")
def days():
    return np.stack([draw_day(seed, 64) for seed in SEEDS]).astype(float)


@pytest.fixture(scope="module")
def nights():
    return np.stack([draw_night(seed, 64) for seed in SEEDS]).astype(float)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def read(path):
    with Image.open(path) as picture:
        return np.asarray(picture)


def test_day_and_night_of_a_place_are_far_apart(days, nights):
    apart = np.abs(days - nights).mean(axis=(1, 2, 3)) / 127.5  # as in [-1, 1]
    assert 0.7 < apart.min() < apart.max() < 1.0


def test_a_place_is_the_same_at_night_but_for_its_light(days, nights):
    """A line per colour tells a night from its day better than from another day."""

    def unexplained(day, night):
        pixels = np.concatenate([day.reshape(-1, 3), np.ones((64 * 64, 1))], axis=1)
        target = night.reshape(-1, 3)
        fit = pixels @ np.linalg.lstsq(pixels, target, rcond=None)[0]
        return np.abs(fit - target).mean()

    for index in SEEDS:
        own = unexplained(days[index], nights[index])
        other = unexplained(days[index - 1], nights[index])
        assert own < 0.9 * other


def test_nights_are_dark_and_blue_with_bright_windows_and_stars(days, nights):
    assert days.mean() > 150
    assert nights.mean() < 85
    red, _, blue = nights.mean(axis=(0, 1, 2))
    assert blue > red + 25
    lit = (np.abs(nights - NIGHT.glass).sum(axis=-1) < 40).any(axis=(1, 2))
    assert lit.mean() > 0.8
    assert not (np.abs(days - NIGHT.glass).sum(axis=-1) < 20).any()


def test_places_differ():
    scenes = [plan_scene(seed) for seed in range(200)]
    assert len({scene.lamp for scene in scenes}) == 200
    assert 0.4 < np.mean([scene.shore is not None for scene in scenes]) < 0.7
    assert {len(scene.houses) for scene in scenes} == {1, 2, 3}
    kinds = [{tree.kind for tree in scene.trees} for scene in scenes]
    assert {"pine"} in kinds
    assert {"round"} in kinds


def test_houses_and_trees_stand_on_the_meadow_in_order_of_depth():
    for seed in range(100):
        scene = plan_scene(seed)
        shore = min(scene.shore) if scene.shore else 1.0
        feet = [house.corner for house in scene.houses]
        trees = [tree.foot for tree in scene.trees]
        for places in (feet, trees):
            assert places == sorted(places, key=lambda place: place[1])
        for x, y in feet + trees:
            assert 0 <= x <= 1
            assert 0.5 < y < shore


def test_a_seed_draws_the_same_place_at_every_size():
    for draw in (draw_day, draw_night):
        large = np.asarray(Image.fromarray(draw(3, 256)).reduce(4)).astype(int)
        assert np.abs(large - draw(3, 64)).mean() < 4


def test_no_place_to_learn_from_is_in_both_styles(tmp_path):
    folder = write_landscapes(tmp_path / "set", count=3, size=32)
    assert names(folder) == [
        "recipe.json",
        "test_day",
        "test_night",
        "train_day",
        "train_night",
    ]
    assert names(folder / "train_day") == ["0001.png", "0002.png", "0003.png"]
    assert names(folder / "train_night") == ["0004.png", "0005.png", "0006.png"]
    np.testing.assert_array_equal(read(folder / "train_day/0002.png"), draw_day(2, 32))
    np.testing.assert_array_equal(
        read(folder / "train_night/0005.png"), draw_night(5, 32)
    )


def test_held_out_places_are_in_both_styles_and_nowhere_else(tmp_path):
    folder = write_landscapes(tmp_path / "set", count=30, size=32)
    assert names(folder / "test_day") == ["0061.png", "0062.png", "0063.png"]
    assert names(folder / "test_night") == names(folder / "test_day")
    np.testing.assert_array_equal(read(folder / "test_day/0061.png"), draw_day(61, 32))
    np.testing.assert_array_equal(
        read(folder / "test_night/0061.png"), draw_night(61, 32)
    )


def test_a_set_can_be_no_larger_than_its_names(tmp_path):
    with pytest.raises(ValueError, match="count must be 2 to 4000, got 4001"):
        write_landscapes(tmp_path / "set", count=4_001)
