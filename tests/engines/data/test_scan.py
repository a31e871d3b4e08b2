"""What the path of a picture says."""

from pathlib import Path

import pytest

from engines.data.scan import find_pictures, is_picture_name, list_files
from engines.errors import Cancelled, DataError


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


@pytest.mark.parametrize(
    ("place", "split", "side", "name"),
    [
        ("1.png", "", "", "1"),
        ("A/1.png", "", "A", "1"),
        ("train/1.png", "train", "", "1"),
        ("train/A/1.png", "train", "A", "1"),
        ("A/train/1.png", "train", "A", "1"),
        ("trainA/1.png", "train", "A", "1"),
        ("test_B/1.png", "test", "B", "1"),
        ("val-input/1.png", "val", "input", "1"),
        ("Validation/cats/1.png", "val", "cats", "1"),
        ("trains/1.png", "", "trains", "1"),
        ("cats/sleeping/old/1.png", "", "cats", "sleeping/old/1"),
        ("train/cats/sleeping/1.png", "train", "cats", "sleeping/1"),
        ("A/x.y.jpeg", "", "A", "x.y"),
    ],
)
def test_split_side_and_name(tmp_path, place, split, side, name):
    touch(tmp_path, place, "other/0.png")
    found = {each.path: each for each in find_pictures(tmp_path)}[tmp_path / place]
    assert (found.split, found.side, found.name) == (split, side, name)


def test_folders_around_everything_say_nothing(tmp_path):
    touch(tmp_path, "set/data/cats/1.png", "set/data/dogs/2.png", "set/README.md")
    assert [found.side for found in find_pictures(tmp_path)] == ["cats", "dogs"]
    touch(tmp_path, "0.png")
    assert {found.side for found in find_pictures(tmp_path)} == {"", "set"}


def test_a_split_around_everything_says_something(tmp_path):
    touch(tmp_path, "test/cats/1.png", "test/dogs/2.png")
    assert {(f.split, f.side) for f in find_pictures(tmp_path)} == {
        ("test", "cats"),
        ("test", "dogs"),
    }


@pytest.mark.parametrize(
    ("name", "is_picture"),
    [
        ("a.png", True),
        ("A.JPEG", True),
        ("photo.heic", True),  # cannot be decoded, but is meant, and so is named
        ("png", False),
        (".png", False),
        ("a.png.txt", False),
        ("a.eps", False),
        ("a.", False),
    ],
)
def test_pictures_are_known_by_their_ending(name, is_picture):
    assert is_picture_name(name) == is_picture


def test_idx_files_and_the_names_of_classes_are_listed(tmp_path):
    touch(tmp_path, "raw/train-images-idx3-ubyte.gz", "raw/classes.txt", "raw/x.md")
    listing = list_files(tmp_path)
    assert listing.idx == (tmp_path / "raw/train-images-idx3-ubyte.gz",)
    assert listing.class_names == tmp_path / "raw/classes.txt"
    with pytest.raises(DataError, match="There is no picture file in"):
        find_pictures(tmp_path)


def test_nothing_is_opened(tmp_path, monkeypatch):
    touch(tmp_path, "A/1.png", "B/1.png")

    def refuse(*_args: object, **_kwargs: object) -> None:
        pytest.fail("a file was opened")

    monkeypatch.setattr("builtins.open", refuse)
    monkeypatch.setattr(Path, "open", refuse)
    assert len(find_pictures(tmp_path)) == 2


def test_cancelling(tmp_path):
    touch(tmp_path, "1.png")
    with pytest.raises(Cancelled):
        list_files(tmp_path, cancelled=lambda: True)
