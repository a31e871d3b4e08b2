"""Tests for engines.runs.previews."""

import os

import numpy as np
import pytest
from PIL import Image

from engines.errors import RunError
from engines.runs.previews import KEPT, Previews
from engines.training.reports import Column


@pytest.fixture
def previews(tmp_path):
    return Previews(tmp_path / "previews")


def pictures(seed, count=3, height=4, width=6):
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, (count, height, width, 3), dtype=np.uint8)


def columns():
    words = ("a", "b", "ü")
    return (
        Column(name="input", label="Input", captions=words, pictures=pictures(1)),
        Column(name="now", label="Now", captions=words),
        Column(name="target", label="Target", captions=words, pictures=pictures(2)),
    )


def test_several_columns_come_back_under_their_names(previews):
    previews.save(7, {"there": pictures(1), "back": pictures(2)})
    found = previews.load(7)
    assert list(found) == ["there", "back"]
    np.testing.assert_array_equal(found["there"], pictures(1))
    np.testing.assert_array_equal(found["back"], pictures(2))


def test_pictures_come_back_as_they_were(previews):
    previews.save(675, {"now": pictures(1)})
    np.testing.assert_array_equal(previews.load(675)["now"], pictures(1))
    assert previews.load(675)["now"].dtype == np.uint8


def test_a_file_shows_them_side_by_side(previews):
    path = previews.save(675, {"now": pictures(1)})
    assert path.name == "000675.png"
    row = np.asarray(Image.open(path))
    np.testing.assert_array_equal(row[:, 6:12], pictures(1)[1])


def test_the_fixed_pictures_keep_their_names(previews):
    names = ("tiger", "日本/whale", "a, b")
    previews.save_fixed(columns(), names)
    previews.save(5, {"now": pictures(3)})
    (given, now, target), kept = previews.load_fixed()
    np.testing.assert_array_equal(given.pictures, pictures(1))
    assert now == columns()[1]
    np.testing.assert_array_equal(target.pictures, pictures(2))
    assert (given.label, given.captions, kept) == ("Input", ("a", "b", "ü"), names)
    assert previews.steps() == (5,)


def test_nothing_saved_is_no_steps_and_an_error_in_words(previews):
    assert previews.steps() == ()
    with pytest.raises(RunError, match=r"000005.png' is missing or damaged"):
        previews.load(5)
    with pytest.raises(RunError, match=r"columns.json' is missing or damaged"):
        previews.load_fixed()


def test_a_damaged_file_is_told_in_words(previews):
    path = previews.save(5, {"now": pictures(1)})
    whole = path.read_bytes()
    for data in (b"", whole[: len(whole) // 2], b"GIF89a" + whole):
        path.write_bytes(data)
        with pytest.raises(RunError, match=r"000005.png' is missing or damaged"):
            previews.load(5)
    Image.new("RGB", (7, 3)).save(path)  # says no count
    with pytest.raises(RunError, match=r"000005.png' is missing or damaged"):
        previews.load(5)


def test_up_to_64_are_all_kept_then_the_older_half_is_thinned(previews):
    for step in range(1, KEPT + 1):
        previews.save(step, {"now": pictures(1, 1, 1, 1)})
    assert previews.steps() == tuple(range(1, 65))
    previews.save(65, {"now": pictures(1, 1, 1, 1)})
    assert previews.steps() == (*range(1, 33, 2), *range(33, 66))


def test_a_long_run_keeps_its_first_and_last_and_no_more_than_64(previews, monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)  # it would take seconds
    for step in range(0, 2000, 5):
        previews.save(step, {"now": pictures(1, 1, 1, 1)})
        assert len(previews.steps()) <= KEPT
        assert (previews.steps()[0], previews.steps()[-1]) == (0, step)
    gaps = np.diff(previews.steps())
    assert gaps[-16:].max() == 5
    assert gaps[:4].min() > 20


def test_discarding_leaves_what_came_before(previews):
    previews.save_fixed(columns(), ("a", "b", "c"))
    for step in (1, 2, 3):
        previews.save(step, {"now": pictures(step)})
    previews.discard_after(2)
    assert previews.steps() == (1, 2)
    assert len(previews.load_fixed()[1]) == 3


def test_a_folder_that_cannot_be_made_is_told_in_words(tmp_path):
    (tmp_path / "previews").write_text("a file")
    with pytest.raises(RunError, match="cannot be written"):
        Previews(tmp_path / "previews").save(1, {"now": pictures(1)})
    assert os.listdir(tmp_path) == ["previews"]
