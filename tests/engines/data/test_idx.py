"""IDX files, as MNIST and its kin are handed out."""

import gzip
import os
import struct
from pathlib import Path

import numpy as np
import pytest

from engines.data import idx
from engines.data.idx import is_idx_name, read_idx_picture, read_parts
from engines.data.layouts import understand
from engines.errors import Cancelled, DataError, PictureError

pytestmark = pytest.mark.usefixtures("cache")

FASHION = Path(__file__).parents[4] / "shared/data/fashion_mnist.zip"


def idx_bytes(numbers: np.ndarray) -> bytes:
    """By hand, from the format's description."""
    kind = {"u1": 0x08, "i4": 0x0C}[numbers.dtype.str[1:]]
    lengths = struct.pack(f">{numbers.ndim}I", *numbers.shape)
    return bytes([0, 0, kind, numbers.ndim]) + lengths + numbers.tobytes()


def write_set(
    folder: Path, split: str, count: int, *, first: int = 0, suffix=""
) -> None:
    """Pictures of 4 × 3 pixels whose every pixel is their number; classes 0, 1, 2."""
    folder.mkdir(parents=True, exist_ok=True)
    numbers = np.arange(first, first + count, dtype=np.uint8)
    pictures = np.broadcast_to(numbers[:, None, None], (count, 4, 3))
    labels = (numbers % 3).astype(np.uint8)
    pack = gzip.compress if suffix else bytes
    for name, values in (("images-idx3", pictures), ("labels-idx1", labels)):
        path = folder / f"{split}-{name}-ubyte{suffix}"
        path.write_bytes(pack(idx_bytes(np.ascontiguousarray(values))))


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_pictures_come_with_their_classes_and_t10k_is_held_out(tmp_path, suffix):
    write_set(tmp_path / "set", "train", 12, suffix=suffix)
    write_set(tmp_path / "set", "t10k", 6, first=100, suffix=suffix)
    found = understand(tmp_path / "set")
    assert (found.layout, found.use, found.classes) == (
        "idx",
        "single",
        ("0", "1", "2"),
    )
    assert (len(found.training), len(found.held_out)) == (12, 6)
    assert found.words == "18 pictures in 3 classes (0, 1, 2), 6 held out."
    for item in found.items:
        (picture,) = found.read(item)
        number = int(item.name.split("/")[1]) + (100 if item.held_out else 0)
        assert picture.shape == (4, 3, 3)
        assert np.unique(picture).tolist() == [number]
        assert item.group == number % 3


def test_classes_have_the_names_that_lie_beside_them(tmp_path):
    write_set(tmp_path, "train", 12)
    (tmp_path / "classes.txt").write_text("shirt\nbag\n\nboot\n")
    assert understand(tmp_path).classes == ("shirt", "bag", "boot")
    (tmp_path / "classes.txt").write_text("shirt\nbag\n")  # one is missing
    assert understand(tmp_path).classes == ("0", "1", "2")


def test_two_classes_are_two_styles(tmp_path):
    write_set(tmp_path, "train", 12)
    found = understand(tmp_path, use="styles", sides=("2", "0"))
    assert [item.group for item in found.items] == [0] * 4 + [1] * 4
    assert found.groups == ("2", "0")
    assert found.read(found.items[0])[0][0, 0, 0] == 2
    with pytest.raises(DataError, match=r"no subfolder '7' .* of these: 0, 1, 2"):
        understand(tmp_path, use="styles", sides=("2", "7"))


def test_pairs_can_be_made_of_them(tmp_path):
    write_set(tmp_path, "train", 12)
    found = understand(tmp_path, use="denoise")
    assert (found.kind, len(found.items)) == ("pairs", 12)
    assert {item.group for item in found.items} == {0}


def test_coloured_pictures_keep_their_colours(tmp_path):
    colours = np.arange(2 * 2 * 2 * 3, dtype=np.uint8).reshape(2, 2, 2, 3)
    path = tmp_path / "train-images-idx4-ubyte"
    path.write_bytes(idx_bytes(colours))
    assert read_idx_picture(path, 1).tolist() == colours[1].tolist()
    assert understand(tmp_path).classes == ()


def test_the_first_of_qmnists_eight_numbers_is_the_class(tmp_path):
    write_set(tmp_path, "train", 4)
    (tmp_path / "train-labels-idx1-ubyte").unlink()
    numbers = np.array([[5, 9, 9, 9, 9, 9, 9, 9], [1] * 8, [5] * 8, [0] * 8], ">i4")
    (tmp_path / "train-labels-idx2-int").write_bytes(idx_bytes(numbers))
    (part,) = read_parts(sorted(tmp_path.glob("train*")))
    assert part.labels.tolist() == [5, 1, 5, 0]
    assert understand(tmp_path).groups == ("0", "1", "5")


def test_a_compressed_file_is_unpacked_once_and_read_from_then_on(tmp_path, cache):
    write_set(tmp_path / "set", "train", 12, suffix=".gz")
    seen = []
    first = understand(tmp_path / "set", progress=lambda *now: seen.append(now))
    assert seen[0] == (12, 12)
    unpacked = sorted(path.name for path in cache.rglob("*ubyte"))
    assert unpacked == ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"]
    times = {path: path.stat().st_ino for path in cache.rglob("*ubyte")}
    again = understand(tmp_path / "set")
    assert {path: path.stat().st_ino for path in cache.rglob("*ubyte")} == times
    # Unpacked anew, it is still the same set.
    for path in times:
        path.unlink()
    assert understand(tmp_path / "set").fingerprint() == first.fingerprint()
    assert again == first


def test_of_a_file_and_its_compressed_copy_the_file_is_read(tmp_path, cache):
    write_set(tmp_path, "train", 12, suffix=".gz")
    write_set(tmp_path, "train", 9)
    assert len(understand(tmp_path).items) == 9
    assert not list(cache.rglob("*ubyte"))


def test_cancelling_leaves_nothing_half_unpacked(tmp_path, cache):
    write_set(tmp_path / "set", "train", 12, suffix=".gz")
    with pytest.raises(Cancelled):
        read_parts(sorted((tmp_path / "set").iterdir()), cancelled=lambda: True)
    assert not [path for path in cache.rglob("*") if path.is_file()]


def test_a_picture_that_is_gone_or_not_there_is_told(tmp_path):
    write_set(tmp_path, "train", 3)
    path = tmp_path / "train-images-idx3-ubyte"
    with pytest.raises(PictureError, match="has no picture 3"):
        read_idx_picture(path, 3)
    os.truncate(path, 30)
    with pytest.raises(PictureError, match="is cut off"):
        read_idx_picture(path, 0)
    path.unlink()
    with pytest.raises(PictureError, match="is not there any more"):
        read_idx_picture(path, 0)


def test_sizes_that_no_set_has_are_not_believed(tmp_path, monkeypatch):
    write_set(tmp_path, "train", 3)
    monkeypatch.setattr(idx, "_MOST_BYTES", 35)
    with pytest.raises(DataError, match="says it holds more than"):
        understand(tmp_path)


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("train-images-idx3-ubyte", True),
        ("t10k-labels.idx1-ubyte.gz", True),
        ("emnist-letters-train-images-idx3-ubyte.gz", True),
        ("qmnist-train-labels-idx2-int", True),
        ("images-idx3-ubyte", True),
        ("images.zip", False),
        ("train-images.png", False),
        ("index.tsv", False),
    ],
)
def test_names_of_idx_files(name, known):
    assert is_idx_name(name) == known


@pytest.mark.skipif(not FASHION.exists(), reason=f"needs {FASHION.name}")
def test_the_fashion_archive():
    found = understand(FASHION)
    assert found.name == "fashion_mnist"
    assert found.words == "60,000 pictures in 10 classes, 6,000 held out."
    first = sorted(found.items, key=lambda item: item.name)[:10]
    # The published labels of the first ten.
    labels = [int(found.groups[item.group]) for item in first]
    assert labels == [9, 0, 0, 3, 0, 2, 7, 2, 5, 5]
    # The published mean of the training pictures is 0.2860.
    mean = np.mean([found.read(item)[0] for item in found.items[::20]]) / 255
    assert 0.281 < mean < 0.291
