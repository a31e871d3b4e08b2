"""Picture files in and out: nothing that a file holds gets lost on the way."""

import errno
import os
import struct
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from engines.data.images import decode
from engines.data.picture_files import Picture, read_picture, write_picture
from engines.errors import PictureError
from tests.engines.data.picture_encoders import (
    camera_exif,
    check_camera_exif,
    chunk,
    encoded,
    numbers,
    parsed,
    png_16,
    tiff_16,
)

SUFFIXES = (".png", ".tif", ".webp", ".jpg")

# What `decode` gives is what `Picture.rgb` gives.

SMALL = numbers(4, 6, 4, depth=8)


def palette_with_alpha() -> bytes:
    image = Image.fromarray(SMALL[..., 0] % 4).convert("P")
    image.putpalette([9, 8, 7, 200, 100, 0, 1, 2, 3, 255, 255, 255])
    return encoded(image, transparency=bytes([0, 100, 255, 40]))


FILES: dict[str, Callable[[], bytes]] = {
    "L": lambda: encoded(Image.fromarray(SMALL[..., 0])),
    "LA": lambda: encoded(Image.fromarray(SMALL[..., :2], "LA")),
    "RGB": lambda: encoded(Image.fromarray(SMALL[..., :3])),
    "RGBA": lambda: encoded(Image.fromarray(SMALL)),
    "RGBA webp": lambda: encoded(Image.fromarray(SMALL), "WEBP"),
    "P": lambda: encoded(Image.fromarray(SMALL[..., :3]).quantize(8), "GIF"),
    "P+alpha": palette_with_alpha,
    "1": lambda: encoded(Image.fromarray(SMALL[..., 0]).convert("1")),
    "CMYK": lambda: encoded(Image.fromarray(SMALL, "CMYK"), "TIFF"),
    "I;16": lambda: encoded(Image.fromarray(numbers(4, 6)), "TIFF"),
    "I": lambda: encoded(Image.fromarray(numbers(4, 6).astype(np.int32)), "TIFF"),
    "F": lambda: encoded(Image.fromarray(numbers(4, 6) / np.float32(65535)), "TIFF"),
    "RGB 16": lambda: png_16(numbers(4, 6, 3)),
    "RGBA 16": lambda: png_16(numbers(4, 6, 4)),
    "RGBA 16 tiff": lambda: tiff_16(numbers(4, 6, 4)),
}  # fmt: skip


@pytest.mark.parametrize("kind", FILES)
def test_the_picture_over_white_is_what_decode_gives(kind):
    data = FILES[kind]()
    picture = read_picture(data)
    deep = kind in ("I;16", "I", "F") or "16" in kind
    assert picture.depth == (16 if deep else 8)
    assert (picture.alpha is not None) == ("A" in kind or "+" in kind)
    assert np.array_equal(picture.rgb(), decode(data))
    assert np.array_equal(picture.rgb((9, 8, 7)), decode(data, matte=(9, 8, 7)))


@pytest.mark.parametrize("kind", ["LA", "RGBA", "P+alpha"])
def test_alpha_mixes_as_the_equation_says(kind):
    picture = read_picture(FILES[kind]())
    share = picture.alpha[..., None] / 255
    expected = picture.pixels * share + 255 * (1 - share)
    assert np.abs(picture.rgb() - expected).max() <= 0.51


# Writing.


@pytest.mark.parametrize("suffix", [".png", ".tif"])
@pytest.mark.parametrize("size", [(1, 1), (700, 901), (1, 5000), (5000, 1)])
@pytest.mark.parametrize("has_alpha", [False, True])
def test_16_bit_are_written_to_the_bit(tmp_path, suffix, size, has_alpha):
    pixels, alpha = numbers(*size, 3), numbers(*size) if has_alpha else None
    write_picture(tmp_path / f"x{suffix}", Picture(pixels=pixels, alpha=alpha))
    again = read_picture(tmp_path / f"x{suffix}")
    assert np.array_equal(again.pixels, pixels)
    assert has_alpha == (again.alpha is not None)
    assert alpha is None or np.array_equal(again.alpha, alpha)
    with Image.open(tmp_path / f"x{suffix}") as plain:  # Pillow keeps the high byte
        assert np.array_equal(np.asarray(plain)[..., :3], pixels >> 8)


def test_a_16_bit_png_says_so_and_its_checksums_are_right(tmp_path):
    write_picture(
        tmp_path / "x.png", Picture(pixels=numbers(300, 400, 3), icc=bytes(200))
    )
    data, kinds, place = (tmp_path / "x.png").read_bytes(), [], 8
    while place < len(data):
        length, kind = struct.unpack_from(">I4s", data, place)
        body = data[place + 4 : place + 8 + length]
        assert struct.unpack_from(">I", data, place + 8 + length)[0] == zlib.crc32(body)
        kinds, place = [*kinds, kind], place + 12 + length
    assert kinds[:2] == [b"IHDR", b"iCCP"]
    assert kinds[-2:] == [b"IDAT", b"IEND"]
    assert struct.unpack_from(">IIBB", data, 16) == (400, 300, 16, 2)


def test_16_bit_become_8_where_the_format_holds_no_more(tmp_path):
    flat = np.full((16, 16, 3), 386, np.uint16)  # 386 / 257 = 1.502
    picture = Picture(pixels=flat, alpha=np.full((16, 16), 65535, np.uint16))
    write_picture(tmp_path / "x.webp", picture)
    again = read_picture(tmp_path / "x.webp")
    assert again.depth == 8
    assert np.abs(again.pixels.astype(int) - 2).max() <= 1


def test_colour_under_full_transparency_is_kept(tmp_path):
    colour = np.tile(np.arange(0, 256, 4, dtype=np.uint8)[:, None, None], (1, 64, 3))
    picture = Picture(pixels=colour, alpha=np.zeros((64, 64), np.uint8))
    for suffix in (".png", ".tif", ".webp"):
        write_picture(tmp_path / f"x{suffix}", picture)
        again = read_picture(tmp_path / f"x{suffix}")
        assert np.abs(again.pixels.astype(int) - colour).max() <= 6, suffix
        assert again.alpha.max() == 0


def test_quality_is_size(tmp_path):
    picture = Picture(pixels=numbers(64, 64, 3, depth=8))
    for suffix in (".jpg", ".webp"):
        sizes = []
        for quality in (30, 95):
            write_picture(tmp_path / f"x{suffix}", picture, quality=quality)
            sizes.append((tmp_path / f"x{suffix}").stat().st_size)
        assert sizes[0] < 0.7 * sizes[1], suffix


@pytest.mark.parametrize(("suffix", "side"), [(".webp", "16,383"), (".jpg", "65,500")])
def test_a_picture_too_large_for_the_format_is_refused_in_words(tmp_path, suffix, side):
    wide = Picture(pixels=np.zeros((1, 65_501, 3), np.uint8))
    words = f"more than {side} pixels wide or high; save it as PNG or TIFF"
    with pytest.raises(PictureError, match=words):
        write_picture(tmp_path / f"x{suffix}", wide)
    write_picture(tmp_path / "x.png", wide)
    assert [path.name for path in tmp_path.iterdir()] == ["x.png"]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EROFS, "the folder may not be written to"),
    ],
)
def test_a_failed_write_leaves_the_old_file_and_says_why(
    tmp_path, monkeypatch, number, words
):
    def refuse(*_: Any) -> None:
        raise OSError(number, os.strerror(number))

    path = tmp_path / "x.tif"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(PictureError, match=f"could not be saved: {words}"):
        write_picture(path, Picture(pixels=numbers(4, 4, 3)))
    assert path.read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_folder_that_is_gone_says_so(tmp_path):
    with pytest.raises(PictureError, match="the folder is not there any more"):
        write_picture(tmp_path / "gone/x.png", Picture(pixels=numbers(4, 4, 3)))


# Everything at once.

SIDES = st.integers(1, 64)
SIZES = st.one_of(
    st.tuples(SIDES, SIDES), st.sampled_from([(1200, 900), (1, 3000), (3000, 1)])
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    size=SIZES,
    depth=st.sampled_from([8, 16]),
    channels=st.integers(1, 4),
    orientation=st.integers(1, 8),
    suffix=st.sampled_from(SUFFIXES),
    seed=st.integers(0, 9),
)
def test_a_picture_keeps_all_that_the_format_can_hold(
    tmp_path, size, depth, channels, orientation, suffix, seed
):
    width, height = size
    samples = numbers(height, width, channels, depth=depth, seed=seed)
    exif = camera_exif(orientation)
    if depth == 16:
        data = png_16(samples, extra=chunk(b"eXIf", exif.tobytes()[6:]))
    else:
        data = encoded(
            Image.fromarray(samples.squeeze(2) if channels == 1 else samples), exif=exif
        )
    picture = read_picture(data)
    assert picture.size == ((height, width) if orientation >= 5 else (width, height))
    assert np.array_equal(picture.rgb(), decode(data))
    path = tmp_path / f"x{suffix}"
    write_picture(path, picture)
    again = read_picture(path)
    assert again.size == picture.size
    assert again.depth == (depth if suffix in (".png", ".tif") else 8)
    check_camera_exif(parsed(again.exif))
    if suffix in (".png", ".tif"):
        assert np.array_equal(again.pixels, picture.pixels)
    has_alpha = channels in (2, 4) and suffix != ".jpg"
    if has_alpha and again.alpha is None:
        # A WebP that is opaque everywhere does not say that it has alpha.
        assert suffix == ".webp"
        assert picture.alpha.min() >= (255 if depth == 8 else 65407)
    elif has_alpha:
        expected = (
            picture.alpha if again.depth == depth else np.rint(picture.alpha / 257)
        )
        assert np.array_equal(again.alpha, expected)
    else:
        assert again.alpha is None
