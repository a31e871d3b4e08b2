"""Every sample of a file at its depth, against files encoded by hand."""

import os
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PIL.ExifTags import Base

from engines.data.images import decode
from engines.data.picture_files import read_picture
from engines.errors import PictureError
from tests.engines.data.picture_encoders import chunk, numbers, png_16, tiff_16

# Reading 16 bit.


@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_every_bit_of_a_16_bit_png_is_read(channels, interlaced):
    samples = numbers(13, 21, channels)
    picture = read_picture(png_16(samples, interlaced=interlaced))
    colours = {1: [0, 0, 0], 2: [0, 0, 0]}.get(channels, [0, 1, 2])
    assert picture.depth == 16
    assert picture.size == (21, 13)
    assert np.array_equal(picture.pixels, samples[..., colours])
    if channels in (2, 4):
        assert np.array_equal(picture.alpha, samples[..., -1])
    else:
        assert picture.alpha is None


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("channels", [3, 4])
def test_every_bit_of_a_16_bit_tiff_is_read(tmp_path, channels, order, packed):
    samples = numbers(13, 21, channels)
    data = tiff_16(samples, order=order, packed=packed)
    (tmp_path / "x.tif").write_bytes(data)
    for picture in (read_picture(data), read_picture(tmp_path / "x.tif")):
        assert np.array_equal(picture.pixels, samples[..., :3])
        if channels == 4:
            assert np.array_equal(picture.alpha, samples[..., 3])


def test_a_fourth_channel_that_is_not_alpha_is_left_out():
    samples = numbers(5, 6, 4)
    picture = read_picture(tiff_16(samples, alpha_is=0))
    assert picture.alpha is None
    assert np.array_equal(picture.pixels, samples[..., :3])


def test_colour_that_was_multiplied_by_alpha_is_divided_again():
    # 10000 * 65535 / 32768 = 19999.69; colour cannot exceed alpha, but files can.
    samples = np.array(
        [[[10000, 0, 32768, 32768], [9, 9, 9, 0], [9, 5, 3, 4]]], np.uint16
    )
    picture = read_picture(tiff_16(samples, alpha_is=1))
    assert picture.pixels[0, 0].tolist() == [20000, 0, 65535]
    assert picture.pixels[0, 2].tolist() == [65535, 65535, 49151]
    assert picture.alpha[0].tolist() == [32768, 0, 4]


def test_planes_in_a_packed_tiff_are_read_at_8_bit():
    samples = numbers(9, 7, 3)
    picture = read_picture(tiff_16(samples, packed=True, planes=True))
    assert picture.depth == 8
    assert np.array_equal(picture.pixels, samples >> 8)


def test_the_one_transparent_colour_of_16_bit_is_told_from_its_neighbour():
    colours = np.array([[[1000, 2000, 3000], [1001, 2000, 3000]]], np.uint16)
    rgb = read_picture(
        png_16(colours, extra=chunk(b"tRNS", struct.pack(">3H", 1000, 2000, 3000)))
    )
    assert rgb.alpha.tolist() == [[0, 65535]]
    grey = read_picture(
        png_16(colours[..., :1], extra=chunk(b"tRNS", struct.pack(">H", 1001)))
    )
    assert grey.alpha.tolist() == [[65535, 0]]


def test_16_bit_are_rounded_to_8_not_cut():
    # 65535 = 257 * 255; half of 257 is 128.5.
    ramp = np.array([[[0, 128, 129], [385, 386, 65535]]], np.uint16)
    assert decode(png_16(ramp)).tolist() == [[[0, 0, 1], [1, 2, 255]]]


def test_12_bits_of_a_tiff_reach_white():
    # 12 bits in 3 bytes for two pixels: 0xFFF and 0x800; 2048 * 65535 / 4095 = 32775.5.
    tags = {256: 2, 257: 1, 258: 12, 259: 1, 262: 1, 273: 122, 277: 1, 278: 1, 279: 3}
    entries = b"".join(struct.pack("<HHII", t, 4, 1, v) for t, v in tags.items())
    data = b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4)
    picture = read_picture(data + b"\xff\xf8\x00")
    assert picture.depth == 16
    assert picture.pixels[0, :, 0].tolist() == [65535, 32776]


# Orientation.

UPRIGHT = {
    1: [[1, 2, 3], [4, 5, 6]],
    2: [[3, 2, 1], [6, 5, 4]],
    3: [[6, 5, 4], [3, 2, 1]],
    4: [[4, 5, 6], [1, 2, 3]],
    5: [[1, 4], [2, 5], [3, 6]],
    6: [[4, 1], [5, 2], [6, 3]],
    7: [[6, 3], [5, 2], [4, 1]],
    8: [[3, 6], [2, 5], [1, 4]],
}


@pytest.mark.parametrize("orientation", UPRIGHT)
def test_16_bit_and_alpha_are_turned_upright(orientation):
    exif = Image.Exif()
    exif[Base.Orientation] = orientation
    samples = np.array([[1, 2, 3], [4, 5, 6]], np.uint16)[..., None] + np.array(
        [0, 1000, 2000, 3000], np.uint16
    )
    data = png_16(samples, extra=chunk(b"eXIf", exif.tobytes()[6:]))
    picture = read_picture(data)
    assert picture.pixels[..., 0].tolist() == UPRIGHT[orientation]
    assert (picture.pixels[..., 2] - 2000).tolist() == UPRIGHT[orientation]
    assert (picture.alpha - 3000).tolist() == UPRIGHT[orientation]
    assert np.array_equal(picture.rgb(), decode(data))


# Hostile files.


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("kind", ["RGB 16", "RGBA 16 tiff"])
def test_a_16_bit_file_that_is_cut_off_is_refused(kind, share):
    data = {"RGB 16": png_16, "RGBA 16 tiff": tiff_16}[kind](numbers(40, 40, 3))
    with pytest.raises(PictureError, match=r"is (cut off|damaged)"):
        read_picture(data[: int(len(data) * share)])


def test_a_file_that_changes_between_the_two_looks_is_refused(tmp_path, monkeypatch):
    path, other = tmp_path / "x.png", tmp_path / "other.png"
    path.write_bytes(png_16(numbers(4, 4, 3)))
    other.write_bytes(png_16(numbers(5, 4, 3)))
    plain_open = Path.open

    def open_and_swap(self: Path, mode: str) -> Any:
        stream = plain_open(self, mode)
        if other.exists():
            os.replace(other, path)
        return stream

    monkeypatch.setattr(Path, "open", open_and_swap)
    with pytest.raises(PictureError, match="is damaged"):
        read_picture(path)
