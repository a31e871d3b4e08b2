"""Pictures to test with: 16 bit encoded after the formats' specifications, and EXIF."""

import io
import struct
import zlib
from typing import Any

import numpy as np
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

TAKEN = "2024:05:06 07:08:09"


def numbers(*shape: int, depth: int = 16, seed: int = 0) -> np.ndarray:
    dtype = np.uint16 if depth == 16 else np.uint8
    return np.random.default_rng(seed).integers(0, 2**depth, shape, dtype)


def encoded(image: Image.Image, format_: str = "PNG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format_, **options)
    return buffer.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return (
        struct.pack(">I", len(data))
        + kind
        + data
        + struct.pack(">I", zlib.crc32(kind + data))
    )


def png_16(
    samples: np.ndarray, *, extra: bytes = b"", interlaced: bool = False
) -> bytes:
    """(H, W, C) uint16 as PNG: 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA."""
    height, width, channels = samples.shape
    kind = {1: 0, 2: 4, 3: 2, 4: 6}[channels]
    header = struct.pack(">IIBBBBB", width, height, 16, kind, 0, 0, interlaced)
    adam7 = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4)]
    adam7 += [(2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
    passes = adam7 if interlaced else [(0, 0, 1, 1)]
    rows = b"".join(
        b"\0" + row.astype(">u2").tobytes()
        for top, left, down, right in passes
        for row in samples[top::down, left::right]
        if row.size
    )
    data = chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + data


def tiff_16(
    samples: np.ndarray,
    *,
    order: str = "<",
    packed: bool = False,
    alpha_is: int = 2,
    planes: bool = False,
) -> bytes:
    """(H, W, 3 or 4) uint16 as TIFF of one strip, or one a plane."""
    height, width, channels = samples.shape
    raw = samples.astype(f"{order}u2")
    strips = (
        [raw[..., c].tobytes() for c in range(channels)] if planes else [raw.tobytes()]
    )
    strips = [zlib.compress(strip) if packed else strip for strip in strips]
    many = len(strips)
    tags: list[tuple[int, str, list[int]]] = [
        (256, "I", [width]),
        (257, "I", [height]),
        (258, "H", [16] * channels),
        (259, "H", [8 if packed else 1]),
        (262, "H", [2]),
        (273, "I", [0] * many),
        (277, "H", [channels]),
        (278, "I", [height]),
        (279, "I", [len(strip) for strip in strips]),
        (284, "H", [2 if planes else 1]),
        (338, "H", [alpha_is] * (channels - 3)),
    ]
    tags = [tag for tag in tags if tag[2]]
    sizes = [len(struct.pack(order + t * len(v), *v)) for _, t, v in tags]
    where = 8 + 2 + 12 * len(tags) + 4
    start = where + sum(size for size in sizes if size > 4)
    tags[5] = (273, "I", [start + sum(map(len, strips[:n])) for n in range(many)])
    entries = values = b""
    for code, type_, list_ in tags:
        value = struct.pack(order + type_ * len(list_), *list_)
        inline = value.ljust(4, b"\0")
        if len(value) > 4:
            inline, values = (
                struct.pack(order + "I", where + len(values)),
                values + value,
            )
        type_code = {"H": 3, "I": 4}[type_]
        entries += struct.pack(order + "HHI", code, type_code, len(list_)) + inline
    head = (b"II" if order == "<" else b"MM") + struct.pack(order + "HI", 42, 8)
    directory = struct.pack(order + "H", len(tags)) + entries + bytes(4)
    return head + directory + values + b"".join(strips)


def camera_exif(orientation: int = 6) -> Image.Exif:
    exif = Image.Exif()
    exif[Base.Make] = "Camera works"
    exif[Base.Orientation] = orientation
    exif[Base.XResolution] = 300.0
    exif[Base.ImageWidth] = 999  # stale, as are the two below and the thumbnail
    exif[IFD.Exif] = {
        Base.DateTimeOriginal: TAKEN,
        Base.ExposureTime: 0.125,
        Base.ExifImageWidth: 999,
        Base.ExifImageHeight: 888,
        Base.MakerNote: b"\1\2\3\4\5\6",
    }
    exif[IFD.GPSInfo] = {
        GPS.GPSLatitudeRef: "N",
        GPS.GPSLatitude: (48.0, 30.0, 12.5),
        GPS.GPSVersionID: b"\2\3\0\0",
    }
    return exif


def with_thumbnail(exif: bytes) -> bytes:
    """Give EXIF bytes of one directory a second one."""
    tiff = bytearray(exif[6:])
    order = "<" if tiff[:2] == b"II" else ">"
    many = struct.unpack_from(f"{order}H", tiff, 8)[0]
    struct.pack_into(f"{order}I", tiff, 10 + 12 * many, len(tiff))
    second = struct.pack(f"{order}HHHIIHHIII", 2, 513, 4, 1, 0, 514, 4, 1, 9, 0)
    return exif[:6] + tiff + second


def check_camera_exif(exif: Image.Exif) -> None:
    assert exif[Base.Make] == "Camera works"
    assert exif[Base.Orientation] == 1
    assert float(exif[Base.XResolution]) == 300
    taken, place = exif.get_ifd(IFD.Exif), exif.get_ifd(IFD.GPSInfo)
    assert taken[Base.DateTimeOriginal] == TAKEN
    assert float(taken[Base.ExposureTime]) == 0.125
    assert taken[Base.MakerNote] == b"\1\2\3\4\5\6"
    assert Base.ExifImageWidth not in taken
    assert Base.ExifImageHeight not in taken
    assert place[GPS.GPSLatitudeRef] == "N"
    assert [float(part) for part in place[GPS.GPSLatitude]] == [48, 30, 12.5]
    assert bytes(place[GPS.GPSVersionID]) == b"\2\3\0\0"


def parsed(exif: bytes) -> Image.Exif:
    found = Image.Exif()
    found.load(exif)
    return found
