"""Write what Pillow cannot: PNG and TIFF of 16-bit colour, with EXIF and profile.

Both are written strip by strip, so that a large picture is never held a second time.

PNG:  Portable Network Graphics, Third Edition, W3C 2025, sections 5.3 (chunks),
      9.2 (filters), 11.2.1 (IHDR), 11.3.2.3 (iCCP), 11.3.3.2 (eXIf).
TIFF: Revision 6.0, Adobe 1992, sections 2, 14 (differencing predictor) and 18 (alpha);
      compression 8 from Adobe's Technical Notes of 2002.
"""

import struct
import sys
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from engines.data.exif import exif_tags
from engines.data.pixels import Samples

_STRIP_BYTES = 2**20
_LEVEL = 4  # of zlib's 9; from there on files get less than 1 % smaller


def write_png_16(
    file: BinaryIO,
    pixels: Samples,
    alpha: Samples | None,
    *,
    exif: bytes = b"",
    icc: bytes | None = None,
) -> None:
    """Write a PNG of 16 bit.

    Args:
        file: Open for writing, at its start.
        pixels: (H, W, 3) uint16.
        alpha: (H, W) uint16 or None.
        exif: As `upright_exif` gives it.
        icc: A colour profile.
    """
    height, width, _ = pixels.shape
    colour_type = 2 if alpha is None else 6
    file.write(b"\x89PNG\r\n\x1a\n")
    _chunk(
        file, b"IHDR", struct.pack(">IIBBBBB", width, height, 16, colour_type, 0, 0, 0)
    )
    if icc:
        _chunk(file, b"iCCP", b"ICC profile\0\0" + zlib.compress(icc))
    if exif:
        _chunk(file, b"eXIf", exif.removeprefix(b"Exif\0\0"))
    packer = zlib.compressobj(_LEVEL)
    above = np.zeros((1, 1), np.uint8)
    for strip in _strips(pixels, alpha):
        rows = strip.astype(">u2").view(np.uint8).reshape(len(strip), -1)
        before = np.vstack([np.broadcast_to(above, rows[:1].shape), rows[:-1]])
        filtered = np.insert(rows - before, 0, 2, axis=1)  # 2: "Up", less the row above
        _chunk(file, b"IDAT", packer.compress(filtered.tobytes()))
        above = rows[-1:]
    _chunk(file, b"IDAT", packer.flush())
    _chunk(file, b"IEND", b"")


def _chunk(file: BinaryIO, kind: bytes, data: bytes) -> None:
    if data or kind == b"IEND":  # the compressor may keep a whole strip to itself
        file.write(struct.pack(">I", len(data)) + kind + data)
        file.write(struct.pack(">I", zlib.crc32(data, zlib.crc32(kind))))


def write_tiff(
    file: BinaryIO,
    pixels: Samples,
    alpha: Samples | None,
    *,
    exif: bytes = b"",
    icc: bytes | None = None,
) -> None:
    """Write a TIFF of the pixels' depth; arguments as of `write_png_16`, or uint8."""
    packed = [
        zlib.compress(_differences(strip).tobytes(), _LEVEL)
        for strip in _strips(pixels, alpha)
    ]
    directory = ImageFileDirectory_v2(b"II*\0\0\0\0\0")  # II: low bytes first
    directory.update(exif_tags(exif))
    directory.update(_layout(pixels, alpha, [len(strip) for strip in packed]))
    if icc:
        directory.tagtype[34675] = 7  # UNDEFINED, as the profile's standard wants it
        directory[34675] = icc
    directory.save(file)
    for strip in packed:
        file.write(strip)


def _layout(pixels: Samples, alpha: Samples | None, sizes: list[int]) -> dict[int, Any]:
    """The tags that say where which samples lie; strips from the directory's end on."""
    height, width, _ = pixels.shape
    channels = 3 if alpha is None else 4
    tags: dict[int, Any] = {
        256: width,
        257: height,
        258: (8 * pixels.itemsize,) * channels,  # bits per sample
        259: 8,  # compression: zlib
        262: 2,  # RGB
        273: (0, *np.cumsum(sizes[:-1]).tolist()),  # where strips start
        277: channels,
        278: _strip_rows(pixels, channels),
        279: tuple(sizes),
        284: 1,  # the samples of a pixel lie together
        317: 2,  # predictor: less the pixel to the left
    }
    return tags if alpha is None else tags | {338: (2,)}  # alpha, colour not times it


def _differences(strip: Samples) -> Samples:
    differences = strip.copy()
    differences[:, 1:] -= strip[:, :-1]  # wraps around, as it is meant to
    return differences if sys.byteorder == "little" else differences.byteswap()


def _strips(pixels: Samples, alpha: Samples | None) -> Iterator[Samples]:
    """The picture's rows from the top, a few at a time, (h, W, 3 or 4)."""
    rows = _strip_rows(pixels, 3 if alpha is None else 4)
    for top in range(0, len(pixels), rows):
        strip = pixels[top : top + rows]
        if alpha is not None:
            strip = np.concatenate([strip, alpha[top : top + rows, :, None]], axis=2)
        yield strip


def _strip_rows(pixels: Samples, channels: int) -> int:
    row_bytes: int = pixels.shape[1] * channels * pixels.itemsize
    return max(1, _STRIP_BYTES // row_bytes)
