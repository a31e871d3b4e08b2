"""From an open picture file to arrays of its samples, upright: colour and alpha.

How brightness is kept:
    8 bit     as it is
    16 bit    as it is: PNG and TIFF of grey, RGB and RGBA, PNG of grey with alpha, PGM
    12 bit    the full range becomes that of 16 bit (TIFF)
    float     0..1, or 0..255 where the values say so, becomes 16 bit; else stretched
    32 bit    whole numbers have no agreed white: darkest to brightest is stretched

Read at 8 bit although their files hold more: CMYK and LAB, TIFF with one plane for each
colour, colour PPM and JPEG 2000, AVIF.
"""

import sys
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.ImageFile import ImageFile

from engines.data.exif import orientation
from engines.data.opening import opened

Samples: TypeAlias = NDArray[np.uint8] | NDArray[np.uint16]
ColourAndAlpha: TypeAlias = tuple[Samples, Samples | None]  # (H, W, 3), (H, W)
Colour: TypeAlias = tuple[int, int, int]

_WHITE = 65535
_BYTE_OF = np.rint(np.arange(65536) / 257).astype(np.uint8)  # 65535 = 257 * 255

_BITS_PER_SAMPLE = 258  # TIFF tag
_PLANES = 284  # TIFF tag
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def load_samples(image: ImageFile, source: Path | bytes) -> ColourAndAlpha:
    """Load every sample at the depth that it has in the file; of frames, the first.

    Args:
        image: The picture as `opened` gives it.
        source: Where it came from; a colour picture of 16 bit is decoded twice.

    Returns:
        Colour (H, W, 3) and alpha (H, W) or None, both uint8 or both uint16.
    """
    rawmode = _rawmode(image)
    layout, _, order = rawmode.partition(";")
    if layout in ("RGB", "RGBX", "RGBA", "RGBa") and order in _OTHER_BYTE:
        return _colour_16(image, source, layout, order)
    if rawmode == "LA;16B":
        bytes_ = np.asarray(_loaded(image, "RGBA"))  # grey high, low, alpha high, low
        grey, alpha = np.moveaxis(bytes_.view(">u2"), 2, 0)
        return _three(grey), alpha.astype(np.uint16)
    image.load()  # verify() would let most truncated files pass
    upright = _upright(image)
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        return _grey_16(np.asarray(upright), image)
    return _samples_8(upright)


def flattened(
    pixels: Samples, alpha: Samples | None, matte: Colour
) -> NDArray[np.uint8]:
    """Lay a picture over a matte of RGB 0..255, at 8 bit; returns (H, W, 3) uint8."""
    colour = to_8_bit(pixels)
    if alpha is None:
        return colour
    below = Image.new("RGB", (alpha.shape[1], alpha.shape[0]), matte)
    mask = Image.fromarray(to_8_bit(alpha))
    return np.array(Image.composite(Image.fromarray(colour), below, mask))


def to_8_bit(samples: Samples) -> NDArray[np.uint8]:
    """Round samples of 16 bit to 8; those of 8 bit come back themselves."""
    if samples.dtype == np.uint8:
        return samples.view(np.uint8)
    return _BYTE_OF[samples]


# ----------------------------------------------------------------------------
# Colour of 16 bit. Pillow has nowhere to put it, and keeps the high byte of a sample:
# the first or the second, as the order in the "raw mode" of the file's tiles says. With
# the other order named there it keeps the low byte.

_OTHER_BYTE = {"16B": "16L", "16L": "16B"}
_OTHER_BYTE["16N"] = "16B" if sys.byteorder == "little" else "16L"  # N: this machine's


def _rawmode(image: ImageFile) -> str:
    """How samples lie in the file, as Pillow names it; "" where that is not plain."""
    separate_planes = getattr(image, "tag_v2", {}).get(_PLANES, 1) != 1
    if not image.tile or separate_planes:
        return ""
    args = image.tile[0].args
    return str(args[0] if isinstance(args, tuple) else args)


def _loaded(image: ImageFile, rawmode: str) -> Image.Image:
    """Load a picture upright, taking its samples to lie as *rawmode* says."""
    for place, tile in enumerate(image.tile):
        rest = tile.args[1:] if isinstance(tile.args, tuple) else None
        args = rawmode if rest is None else (rawmode, *rest)
        image.tile[place] = tile._replace(args=args)
    image.load()
    return _upright(image)


def _colour_16(
    image: ImageFile, source: Path | bytes, layout: str, order: str
) -> ColourAndAlpha:
    unpacked = layout.upper()  # RGBa, colour times alpha, is divided below
    high = np.asarray(_loaded(image, f"{unpacked};{order}"))
    samples = high.astype(np.uint16)
    del high
    samples <<= 8
    with opened(source) as again:
        samples |= np.asarray(_loaded(again, f"{unpacked};{_OTHER_BYTE[order]}"))
    if samples.shape[2] == 3:
        return samples, _alpha_16(samples, image.info.get("transparency"))
    pixels, alpha = samples[..., :3].copy(), samples[..., 3].copy()
    if layout == "RGBa":
        _divide(pixels, alpha)
    return pixels, alpha


def _divide(pixels: NDArray[np.uint16], alpha: NDArray[np.uint16]) -> None:
    """Undo, in place, that colour was multiplied by alpha."""
    for row, opacity in zip(pixels, alpha, strict=True):
        whole = row * (_WHITE / np.maximum(opacity, 1)[:, None])
        row[...] = np.rint(whole).clip(0, _WHITE)


def _alpha_16(samples: NDArray[np.uint16], transparent: Any) -> Samples | None:
    """Alpha of a picture with one transparent colour or grey, or with none (None)."""
    if transparent is None:
        return None
    hidden = (samples == np.asarray(transparent)).all(axis=2)
    return np.where(hidden, 0, _WHITE).astype(np.uint16)


# ----------------------------------------------------------------------------
# Everything else.


def _upright(image: Image.Image) -> Image.Image:
    turn = _TURNS.get(orientation(image))  # Pillow has already turned a TIFF
    return image if turn is None else image.transpose(turn)


def _samples_8(image: Image.Image) -> ColourAndAlpha:
    if image.has_transparency_data:
        image = image.convert("RGBA")
        return np.array(image.convert("RGB")), np.array(image.getchannel("A"))
    return np.array(image if image.mode == "RGB" else image.convert("RGB")), None


def _grey_16(numbers: NDArray[Any], image: Image.Image) -> ColourAndAlpha:
    """Bring numbers to the full range of 16 bit; Pillow's own way turns white."""
    if image.mode == "F":
        numbers = np.nan_to_num(numbers, posinf=0, neginf=0)
        return _three(_scaled(numbers, *_float_range(numbers))), None
    # Pillow scales PGM to 16 bit, whatever maximum its header gives.
    if image.mode == "I" and image.format != "PPM":
        return _three(_scaled(numbers, numbers.min(), numbers.max())), None
    alpha = _alpha_16(numbers[..., None], image.info.get("transparency"))
    tags = getattr(image, "tag_v2", {})
    white = 2 ** min(int(tags.get(_BITS_PER_SAMPLE, (16,))[0]), 16) - 1
    return _three(numbers if white == _WHITE else _scaled(numbers, 0, white)), alpha


def _float_range(numbers: NDArray[np.float32]) -> tuple[float, float]:
    """Black and white of a float picture: its convention, or else its own ends."""
    low, high = float(numbers.min()), float(numbers.max())
    if low >= 0 and high <= 1:
        return 0, 1
    if low >= 0 and 16 <= high <= 255:  # below 16 it is light beyond 1, not 8 bit
        return 0, 255
    return low, high


def _scaled(numbers: NDArray[Any], black: float, white: float) -> NDArray[np.float32]:
    span = max(float(white) - float(black), 1e-30)
    scaled = numbers.astype(np.float32)  # then in place: it may be 89 million numbers
    scaled -= black
    scaled *= _WHITE / span
    return np.rint(scaled.clip(0, _WHITE, out=scaled), out=scaled)


def _three(grey: NDArray[Any]) -> NDArray[np.uint16]:
    return np.repeat(grey.astype(np.uint16)[..., None], 3, axis=2)
