"""Bad input for every layout: what was dropped, and the sentence that comes."""

import gzip
import re
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from engines.data.audit import audit
from engines.data.layouts import understand
from engines.errors import DataError

pytestmark = pytest.mark.usefixtures("cache")


def paint(*names: str, size: tuple[int, int] = (8, 8)) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            Image.new("RGB", size, "red").save(folder / name)

    return make


def write(**files: bytes) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        for name, data in files.items():
            (folder / name).write_bytes(data)

    return make


def both(*makers: Callable[[Path], None]) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        for maker in makers:
            maker(folder)

    return make


def zipped(**files: bytes) -> bytes:
    path = Path("packed.zip")
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    data = path.read_bytes()
    path.unlink()
    return data


def idx(count: int, *lengths: int, present: int | None = None) -> bytes:
    """A file that says it holds *count* things, with as many as are *present*."""
    size = 1
    for length in lengths:
        size *= length
    header = bytes([0, 0, 8, 1 + len(lengths)]) + struct.pack(
        f">{1 + len(lengths)}I", count, *lengths
    )
    return header + bytes(size * (count if present is None else present))


IMAGES, LABELS = "train-images-idx3-ubyte", "train-labels-idx1-ubyte"

# What is dropped: its name, what makes it (in a folder "set"), how it is to be used,
# and the sentences that come. "{set}" is the folder's path.
REFUSED = [
    # Any folder.
    (
        "a folder that is gone",
        None,
        None,
        "There is no folder '{set}'. Choose one that is there.",
    ),
    (
        "an empty folder",
        paint(),
        None,
        "'set' is empty. Choose one with pictures.",
    ),
    (
        "documents instead of pictures",
        write(**{"a.txt": b"x", "b.doc": b"y"}),
        None,
        "None of the 2 files in 'set' is a picture. Choose one of PNG, JPEG, WebP "
        "or TIFF pictures.",
    ),
    (
        "one picture",
        paint("a.png"),
        None,
        "There is only one picture in 'set'. At least 2 pictures are needed, and a few "
        "hundred are better.",
    ),
    (
        "pictures that are all damaged",
        write(**{"a.png": b"", "b.png": b"no picture"}),
        None,
        "No picture in 'set' can be read. The first: a.png is empty.",
    ),
    # Pairs.
    (
        "a flat folder, as pairs",
        paint("1.png", "2.png"),
        "pairs",
        "The 2 pictures in 'set' are not pairs. Put the inputs into a subfolder A and "
        "the answers, under the same names, into a subfolder B; or both side by side "
        "in one file, twice as wide as high; or have the inputs made from the "
        "pictures.",
    ),
    (
        "two folders with other names, as pairs",
        paint("A/1.png", "A/2.png", "B/3.png", "B/4.png"),
        "pairs",
        "The pictures in 'set' are not pairs: hardly any name is in both 'A' and 'B' "
        "(for example '1.png' and '3.png'). Give both pictures of a pair the same "
        "name, or use them as two styles.",
    ),
    (
        "one pair",
        paint("A/1.png", "B/1.png"),
        None,
        "There is only one pair in 'set'. At least 2 pairs are needed, and a few "
        "hundred are better.",
    ),
    (
        "one file with two pictures side by side",
        paint("1.png", size=(16, 8)),
        None,
        "There is only one pair in 'set'. At least 2 pairs are needed, and a few "
        "hundred are better.",
    ),
    # Two styles.
    (
        "a flat folder, as two styles",
        paint("1.png", "2.png"),
        "styles",
        "'set' holds pictures of one kind, and two styles are needed. Put the pictures "
        "of each style into a subfolder of its own.",
    ),
    (
        "a style of one picture",
        paint("A/1.png", "A/2.png", "B/3.png"),
        None,
        "There is only one picture in 'B'. At least 2 are needed in each style, and a "
        "few hundred are better.",
    ),
    # IDX files.
    (
        "IDX labels without their pictures",
        write(**{LABELS: idx(2)}),
        None,
        "'set' holds the labels of pictures, but not the pictures. Put the files with "
        "'images' in their names beside them.",
    ),
    (
        "an IDX file that is cut off",
        write(**{IMAGES: idx(9, 4, 4, present=3)}),
        None,
        "train-images-idx3-ubyte is cut off. Fetch the set again.",
    ),
    (
        "an IDX file that is none",
        write(**{IMAGES: b"<html>not found</html>"}),
        None,
        "train-images-idx3-ubyte is not an IDX file of whole numbers. Fetch the set "
        "again.",
    ),
    (
        "an IDX file without pictures in it",
        write(**{IMAGES: idx(0, 4, 4)}),
        None,
        "train-images-idx3-ubyte holds nothing. Fetch the set again.",
    ),
    (
        "IDX labels for other pictures",
        write(**{IMAGES: idx(4, 2, 2), LABELS: idx(3)}),
        None,
        "'train-labels-idx1-ubyte' has 3 labels, and 'train-images-idx3-ubyte' has 4 "
        "pictures. Fetch both again.",
    ),
    (
        "an IDX file of something else",
        write(**{IMAGES: idx(4, 2)}),
        None,
        "'train-images-idx3-ubyte' holds numbers of shape 4 × 2, and pictures are grey "
        "(N × H × W) or coloured (N × H × W × 3).",
    ),
    (
        "two IDX sets in one folder",
        write(**{f"emnist-{n}-{IMAGES}": idx(2, 2, 2) for n in ("digits", "letters")}),
        None,
        "Here are several IDX sets: emnist-digits, emnist-letters. Put the files of "
        "one of them into a folder of their own.",
    ),
    (
        "a compressed IDX file that is damaged",
        write(**{f"{IMAGES}.gz": gzip.compress(idx(9, 4, 4))[:-9]}),
        None,
        "'train-images-idx3-ubyte.gz' is damaged. Fetch the set again.",
    ),
]


@pytest.mark.parametrize(
    ("make", "use", "words"),
    [row[1:] for row in REFUSED],
    ids=[row[0] for row in REFUSED],
)
def test_a_folder_is_refused_in_words(tmp_path, make, use, words):
    folder = tmp_path / "set"
    if make:
        folder.mkdir()
        make(folder)
    with pytest.raises(DataError) as refused:
        understand(folder, use=use)
    assert str(refused.value) == words.replace("{set}", str(folder))


# What is dropped instead of a folder, and the beginning of the sentence.
FILES = [
    (
        "a picture",
        "cat.png",
        b"",
        "'cat.png' is a file, not a folder. Choose the folder",
    ),
    ("an empty zip", "x.zip", zipped, "'x.zip' is empty. Choose one with pictures."),
    (
        "a zip of documents",
        "x.zip",
        lambda: zipped(a=b"1", b=b"2"),
        "None of the 2 files",
    ),
    (
        "a zip that is none",
        "x.zip",
        b"<html>",
        "'x.zip' is damaged. Fetch it or pack it",
    ),
    (
        "half a zip",
        "x.zip",
        lambda: zipped(**{"a.png": b"1" * 99})[:80],
        "'x.zip' is dam",
    ),
    (
        "a zip that writes elsewhere",
        "x.zip",
        lambda: zipped(**{"../a.png": b"1"}),
        "'x.zip' would write outside of its folder ('../a.png'). It is not unpacked",
    ),
    ("another archive", "x.tar.gz", b"1", "'x.tar.gz' is an archive of a kind that is"),
    ("another archive", "x.rar", b"1", "'x.rar' is an archive of a kind that is not"),
]


@pytest.mark.parametrize(
    ("name", "data", "words"), [row[1:] for row in FILES], ids=[row[0] for row in FILES]
)
def test_a_file_is_refused_in_words(tmp_path, monkeypatch, name, data, words):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data())
    with pytest.raises(DataError, match=re.escape(words)):
        understand(path)
    assert [each.name for each in tmp_path.iterdir() if each.name != "cache"] == [name]


# What is dropped beside good pictures, and the sentence with which it is left out.
PAIRS = paint(*(f"{side}/{n}.png" for side in "AB" for n in range(5)))
TOLD = [
    (
        "a picture without counterpart",
        both(PAIRS, paint("A/x.png")),
        "x.png has no picture of the same name in 'B'.",
    ),
    (
        "two files of one name",
        both(PAIRS, paint("A/1.jpg")),
        "1.png has the same name as 1.jpg.",
    ),
    (
        "a picture beside the folders",
        both(PAIRS, paint("x.png")),
        "x.png lies beside the subfolders.",
    ),
    (
        "sides of two shapes",
        both(PAIRS, paint("B/1.png", size=(16, 8))),
        "1.png and its answer 1.png differ in shape: 8 × 8 and 16 × 8.",
    ),
    (
        "a damaged side",
        both(PAIRS, write(**{"B/1.png": b"x"})),
        f"{Path('B/1.png')} is not a picture of a kind that can be read; save it as "
        "PNG or JPEG.",
    ),
    (
        "a text named .png",
        both(paint("1.png", "2.png"), write(**{"3.png": b"hello"})),
        "3.png is not a picture of a kind that can be read; save it as PNG or JPEG.",
    ),
    (
        "a kind that cannot be read",
        both(paint("1.png", "2.png"), write(**{"3.heic": b"x"})),
        "3.heic is not a picture of a kind that can be read; save it as PNG or JPEG.",
    ),
    (
        "one square file among double ones",
        both(paint(*(f"{n}.png" for n in range(30)), size=(16, 8)), paint("x.png")),
        "x.png does not hold two square pictures side by side: each half is 4 × 8.",
    ),
    (
        "picture files beside IDX files",
        both(paint("1.png", "2.png"), write(**{IMAGES: idx(4, 2, 2)})),
        "2 picture files are not used: the IDX files beside them hold more.",
    ),
]


@pytest.mark.parametrize(
    ("make", "words"), [row[1:] for row in TOLD], ids=[row[0] for row in TOLD]
)
def test_what_is_left_out_is_told(tmp_path, make, words):
    folder = tmp_path / "set"
    folder.mkdir()
    make(folder)
    found = understand(folder)
    problems = found.problems + audit(found)
    assert words in [problem.words for problem in problems]
