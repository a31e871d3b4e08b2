"""The picture decoder against 181 odd, broken and hostile files."""

import csv
import io
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from engines.data.images import Rgb, decode, picture_size
from engines.data.opening import KINDS
from engines.errors import PictureError

ARCHIVE = Path(__file__).parents[4] / "shared/data/broken_images.zip"

pytestmark = [
    pytest.mark.skipif(not ARCHIVE.exists(), reason=f"needs {ARCHIVE.name}"),
    # Pillow warns of damaged tags and then reads the picture all the same.
    pytest.mark.filterwarnings("ignore::UserWarning"),
]


@pytest.fixture(scope="module")
def archive() -> Iterator[zipfile.ZipFile]:
    with zipfile.ZipFile(ARCHIVE) as file:
        yield file


def read(archive: zipfile.ZipFile, name: str) -> bytes:
    return archive.read(f"broken_images/{name}")


def index(archive: zipfile.ZipFile) -> list[dict[str, str]]:
    text = read(archive, "index.tsv").decode()
    return list(csv.DictReader(io.StringIO(text), delimiter="\t"))


def upright_size(row: dict[str, str]) -> tuple[int, int]:
    width, height = map(int, row["size"].split("x"))
    turned = row["exif_orientation"] in ("5", "6", "7", "8") and row["format"] != "TIFF"
    return (height, width) if turned else (width, height)


def test_every_file_is_decoded_or_refused_as_the_index_says(archive):
    decoded = refused = 0
    for row in index(archive):
        data = read(archive, row["file"])
        started = time.process_time()
        if row["pillow_outcome"] == "ok" and row["format"] in KINDS:
            rgb = decode(data)
            assert (rgb.shape[1], rgb.shape[0]) == upright_size(row), row["file"]
            assert picture_size(data) == upright_size(row), row["file"]
            decoded += 1
        else:
            with pytest.raises(PictureError):
                decode(data)
            refused += 1
        assert time.process_time() - started < 2, row["file"]
    assert (decoded, refused) == (104, 77)


def distance(one: Rgb, other: Rgb) -> float:
    return float(np.abs(one.astype(float) - other).mean())


@pytest.mark.parametrize(
    "name",
    [
        *(f"exif_orientation/hopper_orientation_{n}.jpg" for n in (2, 3, 5, 6, 7, 8)),
        "exif_orientation/hopper_orientation_3.webp",
        "exif_orientation/hopper_orientation_8.webp",
        "odd_modes/hopper_bigtiff.tif",
        "odd_modes/avif_hopper.avif",
        "plain_controls/hopper.gif",
    ],
)
def test_the_same_portrait_in_every_orientation_and_format(archive, name):
    portrait = decode(read(archive, "plain_controls/hopper.bmp"))
    assert distance(decode(read(archive, name)), portrait) < 10
    assert distance(portrait[:, ::-1], portrait) > 30


@pytest.mark.parametrize(
    "name", ["hopper_16bit.pgm", "hopper.pfm", "hopper_gray_4bpp.tif"]
)
def test_16_bit_float_and_4_bit_keep_the_brightness(archive, name):
    portrait = decode(read(archive, "plain_controls/hopper.bmp"))
    luma = portrait @ np.array([0.299, 0.587, 0.114])
    assert distance(decode(read(archive, f"odd_modes/{name}")), luma[..., None]) < 9


@pytest.mark.parametrize("orientation", [3, 4, 5, 8])
def test_a_fax_in_every_orientation(archive, orientation):
    upright, turned = (
        decode(read(archive, f"odd_modes/g4_orientation_{n}.tif"))
        for n in (1, orientation)
    )
    assert distance(upright, turned) < 3


def test_12_bits_reach_white_at_4095(archive):
    # Its brightest value is 30: 30 * 255 / 4095 = 1.87.
    assert decode(read(archive, "odd_modes/12bit.cropped.tif")).max() == 2
