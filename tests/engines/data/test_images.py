"""The picture decoder against hand-made files."""

import io
import os
import struct
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engines.data.images import decode, picture_size, resize, save_picture
from engines.errors import PictureError


def encoded(image: Image.Image, format_: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format_, **options)
    return buffer.getvalue()


def first_pixel(picture: bytes, **options: Any) -> tuple[int, ...]:
    return tuple(int(value) for value in decode(picture, **options)[0, 0])


def noise(height: int = 40, width: int = 60) -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (height, width, 3), np.uint8)


# Brightness.


def test_a_colour_picture_comes_back_byte_for_byte():
    rgb = noise()
    assert np.array_equal(decode(encoded(Image.fromarray(rgb), "PNG")), rgb)


@pytest.mark.parametrize("format_", ["PNG", "TIFF"])
def test_16_bit_grey_is_scaled_by_257(format_):
    grey = np.array([[0, 257, 128 * 257, 254 * 257, 65535]], np.uint16)
    rgb = decode(encoded(Image.fromarray(grey), format_))
    assert rgb[0].tolist() == [[v] * 3 for v in (0, 1, 128, 254, 255)]


def test_16_bit_pgm_is_scaled_whatever_maximum_its_header_gives():
    body = np.array([0, 500, 1000], ">u2").tobytes()
    rgb = decode(b"P5 3 1 1000\n" + body)
    assert rgb[0, :, 0].tolist() == [0, 128, 255]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.0, 0.5, 1.0], [0, 128, 255]),
        ([0.0, 0.2, 0.4], [0, 51, 102]),
        ([0.0, 17.0, 250.0], [0, 17, 250]),
        ([-2.0, 0.0, 2.0], [0, 128, 255]),
        ([0.0, 2.0, 4.0], [0, 128, 255]),
        ([0.0, float("nan"), 1.0], [0, 0, 255]),
    ],
)
def test_float_pictures_follow_their_convention_or_are_stretched(values, expected):
    grey = Image.fromarray(np.array([values], np.float32))
    assert decode(encoded(grey, "TIFF"))[0, :, 0].tolist() == expected


def test_32_bit_whole_numbers_are_stretched():
    grey = Image.fromarray(np.array([[-1000, 0, 1000]], np.int32))
    assert decode(encoded(grey, "TIFF"))[0, :, 0].tolist() == [0, 128, 255]


def test_a_constant_float_picture_is_no_division_by_zero():
    grey = Image.fromarray(np.full((2, 2), 1000, np.float32))
    assert np.unique(decode(encoded(grey, "TIFF"))).tolist() == [0]


# Colour models and transparency.


def test_half_transparent_red_mixes_with_the_matte():
    # 255 * 128/255 of red over white: green and blue keep 127 of 255.
    png = encoded(Image.new("RGBA", (2, 2), (255, 0, 0, 128)), "PNG")
    assert first_pixel(png) == (255, 127, 127)
    assert first_pixel(png, matte=(0, 0, 0)) == (128, 0, 0)


def test_transparent_grey_shows_the_matte():
    png = encoded(Image.new("LA", (2, 2), (10, 0)), "PNG")
    assert first_pixel(png, matte=(1, 2, 3)) == (1, 2, 3)


@pytest.mark.parametrize(
    ("mode", "colour"), [("RGB", (9, 8, 7)), ("L", 9), ("P", 1), ("1", 0)]
)
def test_the_one_transparent_colour_of_a_png_shows_the_matte(mode, colour):
    image = Image.new(mode, (2, 2), colour)
    if mode == "P":
        image.putpalette([0, 0, 0, 9, 8, 7])
    png = encoded(image, "PNG", transparency=colour)
    assert first_pixel(png, matte=(50, 60, 70)) == (50, 60, 70)


def test_palette_one_bit_and_grey_become_rgb():
    palette = Image.new("P", (1, 1), 1)
    palette.putpalette([0, 0, 0, 10, 20, 30])
    assert first_pixel(encoded(palette, "GIF")) == (10, 20, 30)
    assert first_pixel(encoded(Image.new("1", (1, 1), 1), "PNG")) == (255, 255, 255)
    assert first_pixel(encoded(Image.new("L", (1, 1), 77), "BMP")) == (77, 77, 77)


@pytest.mark.parametrize("format_", ["TIFF", "JPEG"])
def test_cmyk_is_not_inverted(format_):
    cyan = encoded(Image.new("CMYK", (8, 8), (255, 0, 0, 0)), format_)
    assert first_pixel(cyan) == pytest.approx((0, 255, 255), abs=4)


def test_lab_becomes_rgb():
    grey = encoded(Image.new("LAB", (2, 2), (255, 128, 128)), "TIFF")
    assert first_pixel(grey) == pytest.approx((255, 255, 255), abs=3)


@pytest.mark.parametrize("format_", ["GIF", "WEBP", "PNG", "TIFF"])
def test_an_animation_shows_its_first_frame(format_):
    frames = [Image.new("RGB", (8, 8), c) for c in ("red", "blue")]
    options = {"lossless": True} if format_ == "WEBP" else {}
    data = encoded(
        frames[0], format_, save_all=True, append_images=frames[1:], **options
    )
    assert first_pixel(data) == (255, 0, 0)


# Orientation.


@pytest.mark.parametrize(
    ("orientation", "upright"),
    [
        (1, [[1, 2, 3], [4, 5, 6]]),
        (2, [[3, 2, 1], [6, 5, 4]]),
        (3, [[6, 5, 4], [3, 2, 1]]),
        (4, [[4, 5, 6], [1, 2, 3]]),
        (5, [[1, 4], [2, 5], [3, 6]]),
        (6, [[4, 1], [5, 2], [6, 3]]),
        (7, [[6, 3], [5, 2], [4, 1]]),
        (8, [[3, 6], [2, 5], [1, 4]]),
    ],
)
@pytest.mark.parametrize("format_", ["PNG", "TIFF"])
def test_the_picture_is_turned_upright(format_, orientation, upright):
    exif = Image.Exif()
    exif[274] = orientation
    grey = Image.fromarray(np.array([[1, 2, 3], [4, 5, 6]], np.uint8))
    data = encoded(grey, format_, exif=exif)
    assert decode(data)[..., 0].tolist() == upright
    assert picture_size(data) == (len(upright[0]), len(upright))


# What cannot be used.


def reason(source: Path | bytes, **options: Any) -> str:
    with pytest.raises(PictureError) as caught:
        decode(source, **options)
    return caught.value.reason


@pytest.mark.parametrize("format_", ["PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF"])
def test_a_file_that_is_cut_off_is_refused(format_):
    data = encoded(Image.fromarray(noise()), format_)
    assert reason(data[: len(data) * 2 // 3]) in ("is cut off", "is damaged")


def test_more_pixels_than_the_limit_are_refused_from_the_header():
    png = encoded(Image.new("1", (2000, 1000)), "PNG")
    words = "has 2 million pixels, more than the limit of 1 million"
    assert reason(png, max_pixels=1_000_000) == words
    assert decode(png, max_pixels=2_000_000).shape == (1000, 2000, 3)


def test_a_header_that_promises_gigapixels_is_refused():
    huge = b"P6 100000 100000 255\n"
    assert reason(huge) == "says it has more than the limit of 89 million pixels"


def test_a_run_length_bmp_is_limited_to_what_unpacks_within_a_second():
    header = struct.pack("<IiiHHIIiiII", 40, 5000, 5000, 1, 8, 1, 0, 0, 0, 2, 0)
    bmp = b"BM" + struct.pack("<IHHI", 0, 0, 0, 62) + header + bytes(8)
    words = "has 25 million pixels, more than the limit of 10 million"
    assert reason(bmp) == words


def test_the_largest_legal_picture_raises_no_warning():
    data = encoded(Image.new("1", (8900, 10_000)), "PNG")
    assert picture_size(data) == (8900, 10_000)


def test_postscript_is_never_run():
    eps = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n"
    assert "not a picture of a kind that can be read" in reason(eps)


def test_files_that_are_no_pictures_say_why(tmp_path):
    empty, text = tmp_path / "empty.png", tmp_path / "text.png"
    empty.touch()
    text.write_text("This is not a picture.")
    assert reason(empty) == "is empty"
    assert "not a picture" in reason(text)
    assert reason(tmp_path / "gone.png") == "is not there any more"
    assert reason(tmp_path) == "is a folder, not a picture"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes")
def test_a_pipe_is_refused_instead_of_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    assert reason(tmp_path / "pipe.png") == "is not an ordinary file"


def test_a_file_that_may_not_be_read_says_so(tmp_path, monkeypatch):
    path = tmp_path / "secret.png"
    path.write_bytes(b"x")

    def refuse(*_: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(PictureError, match=r"^secret\.png may not be read") as caught:
        decode(path)
    assert caught.value.path == path


def test_threads_decode_the_same(tmp_path):
    pictures = [noise(20 + n, 30) for n in range(16)]
    files = [encoded(Image.fromarray(rgb), "PNG") for rgb in pictures]
    with ThreadPoolExecutor(4) as pool:
        for rgb, expected in zip(pool.map(decode, files), pictures, strict=True):
            assert np.array_equal(rgb, expected)


# Resizing and saving.


def test_cut_keeps_the_middle_and_stretch_keeps_all():
    thirds = np.zeros((10, 30, 3), np.uint8)
    thirds[:, 10:20] = 200
    cut = resize(thirds, 9, "cut")  # as of the whole, so its rim feels the neighbours
    assert cut[:, 4].tolist() == [[200] * 3] * 9
    assert int(cut.min()) == pytest.approx(200, abs=30)
    stretched = resize(thirds, 9, "stretch")
    assert stretched.shape == (9, 9, 3)
    assert stretched[:, 0].max() == 0
    assert int(stretched[:, 4].min()) == pytest.approx(200, abs=15)


def test_the_right_size_stays_as_it_is():
    rgb = noise(32, 32)
    assert np.array_equal(resize(rgb, 32), rgb)


def test_shrinking_averages():
    checks = np.indices((64, 64)).sum(0) % 2 * 255
    rgb = np.repeat(checks[..., None], 3, axis=2).astype(np.uint8)
    assert resize(rgb, 8)[2:6, 2:6].mean() == pytest.approx(127.5, abs=2)


@pytest.mark.parametrize(
    ("suffix", "tolerance"), [(".png", 0), (".tif", 0), (".jpg", 6), (".webp", 6)]
)
def test_a_saved_picture_reads_back(tmp_path, suffix, tolerance):
    ramp = np.repeat(np.linspace(0, 255, 64, dtype=np.uint8)[None, :, None], 64, 0)
    rgb = np.repeat(ramp, 3, axis=2)
    save_picture(tmp_path / f"x{suffix}", rgb)
    difference = decode(tmp_path / f"x{suffix}").astype(int) - rgb
    assert np.abs(difference).max() <= tolerance
    assert [p.name for p in tmp_path.iterdir()] == [f"x{suffix}"]


def test_a_failed_save_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "x.png"
    path.write_bytes(b"old")

    def refuse(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(PictureError, match=r"could not be saved: the disk is full"):
        save_picture(path, noise())
    assert path.read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 1


def test_an_unknown_ending_is_refused(tmp_path):
    with pytest.raises(PictureError, match=r"must end in \.png, \.jpg"):
        save_picture(tmp_path / "x.xyz", noise())
