"""EXIF and colour profile from every format to every format."""

import struct

import numpy as np
import pytest
from PIL import Image, ImageCms
from PIL.ExifTags import IFD, Base

from engines.data.picture_files import Picture, read_picture, write_picture
from tests.engines.data.picture_encoders import (
    TAKEN,
    camera_exif,
    check_camera_exif,
    encoded,
    numbers,
    parsed,
    with_thumbnail,
)

SUFFIXES = (".png", ".tif", ".webp", ".jpg")
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("source", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_exif_and_profile_reach_every_format(tmp_path, source, suffix):
    exif = camera_exif()
    if source == "TIFF":
        del exif[Base.ImageWidth]  # Pillow would write it as the width of the file
    data = exif.tobytes() if source == "TIFF" else with_thumbnail(exif.tobytes())
    image = Image.fromarray(numbers(20, 30, 3, depth=8))
    picture = read_picture(encoded(image, source, exif=data, icc_profile=PROFILE))
    assert picture.size == (20, 30)
    write_picture(tmp_path / f"x{suffix}", picture)
    with Image.open(tmp_path / f"x{suffix}") as written:
        written.load()
        check_camera_exif(written.getexif())
        assert not written.getexif().get_ifd(IFD.IFD1)
        if suffix != ".tif":  # where it is the layout of the new file
            assert Base.ImageWidth not in written.getexif()
        assert written.info["icc_profile"] == PROFILE
    again = read_picture(tmp_path / f"x{suffix}")
    check_camera_exif(parsed(again.exif))
    assert again.icc == PROFILE


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_exif_and_profile_stand_in_files_of_16_bit(tmp_path, suffix):
    exif = read_picture(encoded(Image.new("RGB", (2, 2)), exif=camera_exif())).exif
    picture = Picture(pixels=numbers(9, 8, 3), exif=exif, icc=PROFILE)
    write_picture(tmp_path / f"x{suffix}", picture)
    again = read_picture(tmp_path / f"x{suffix}")
    assert again.depth == 16
    assert again.icc == PROFILE
    check_camera_exif(parsed(again.exif))


@pytest.mark.parametrize(
    "exif",
    [
        b"Exif\0\0II*\0\x08\0\0\0\xff\xff",
        b"Exif\0\0II*\0\xff\xff\xff\x7f",
        b"Exif\0\0nonsense",
        with_thumbnail(camera_exif().tobytes())[:70],
    ],
)
@pytest.mark.filterwarnings("ignore::UserWarning")  # of Pillow, about what it skips
def test_damaged_exif_is_dropped_and_the_picture_kept(tmp_path, exif):
    pixels = numbers(4, 5, 3, depth=8)
    picture = read_picture(encoded(Image.fromarray(pixels), exif=exif))
    assert np.array_equal(picture.pixels, pixels)
    for suffix in SUFFIXES:
        damaged = Picture(pixels=pixels, exif=exif)
        write_picture(tmp_path / f"x{suffix}", damaged)
        assert read_picture(tmp_path / f"x{suffix}").size == (5, 4)


def test_one_damaged_tag_is_dropped_and_the_others_kept():
    exif = camera_exif().tobytes()
    order = "<" if exif[6:8] == b"II" else ">"
    fraction, text = (struct.pack(f"{order}HHI", 0x011A, kind, 1) for kind in (5, 2))
    damaged = exif.replace(fraction, text)  # a resolution that is a word
    assert damaged != exif
    kept = parsed(read_picture(encoded(Image.new("RGB", (2, 2)), exif=damaged)).exif)
    assert Base.XResolution not in kept
    assert kept[Base.Make] == "Camera works"
    assert kept.get_ifd(IFD.Exif)[Base.DateTimeOriginal] == TAKEN


def test_exif_that_fits_no_jpeg_is_left_out_of_one(tmp_path):
    long = Image.Exif()
    long[Base.ImageDescription] = "word " * 20_000
    picture = read_picture(encoded(Image.new("RGB", (2, 2)), exif=long))
    assert len(picture.exif) > 100_000
    write_picture(tmp_path / "x.jpg", picture)
    assert read_picture(tmp_path / "x.jpg").exif == b""


def test_a_profile_of_other_colours_is_not_put_on_rgb():
    cmyk, grey = bytearray(PROFILE), bytearray(PROFILE)
    cmyk[16:20], grey[16:20] = b"CMYK", b"GRAY"
    ink = Image.new("CMYK", (8, 8))
    assert read_picture(encoded(ink, "JPEG", icc_profile=bytes(cmyk))).icc is None
    assert read_picture(encoded(ink, "JPEG", icc_profile=PROFILE)).icc is None
    one = Image.new("L", (8, 8))
    assert read_picture(encoded(one, icc_profile=bytes(grey))).icc is None
    assert read_picture(encoded(one, icc_profile=PROFILE)).icc == PROFILE
