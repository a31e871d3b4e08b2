"""Picture files in, 8-bit RGB arrays out: the only place that decodes a picture.

Files are taken to be hostile. A format outside the list, too many pixels, a file that
is cut off: each ends in a `PictureError` that says why, before much memory is spent.

How brightness is kept:
    16 bit    the format's full range becomes 0..255 (12 of 16 bits where TIFF says so)
    float     0..1, or 0..255 where the values say so; anything else is stretched
    32 bit    whole numbers have no agreed white: darkest to brightest is stretched
    alpha     laid over a matte, white unless told otherwise
"""

import io
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from engines.errors import PictureError

Rgb: TypeAlias = NDArray[np.uint8]  # (H, W, 3)
Shape: TypeAlias = Literal["cut", "stretch"]

# Nothing that starts another program (EPS) and nothing rare enough to be little tested.
KINDS = ("PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF", "PPM", "AVIF", "JPEG2000", "TGA")
MAX_PIXELS = 89_000_000  # just below the size from which Pillow warns
_RUN_LENGTH_PIXELS = 10_000_000  # of a BMP; Pillow unpacks these in Python, 1 s
MAX_BYTES = 1_000_000_000  # 89 megapixels of uncompressed 16-bit RGBA, and then some

_SAVE_OPTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    ".png": ("PNG", {}),
    ".jpg": ("JPEG", {"quality": 95, "subsampling": 0}),
    ".jpeg": ("JPEG", {"quality": 95, "subsampling": 0}),
    ".webp": ("WEBP", {"quality": 95}),
    ".tif": ("TIFF", {"compression": "tiff_adobe_deflate"}),
    ".tiff": ("TIFF", {"compression": "tiff_adobe_deflate"}),
}

SAVE_SUFFIXES = tuple(_SAVE_OPTIONS)
"""Endings of the files that `save_picture` writes."""

_BITS_PER_SAMPLE = 258  # TIFF tag
_ORIENTATION = 274  # TIFF and EXIF tag
_TURNED = (5, 6, 7, 8)  # orientations that swap width and height


# ----------------------------------------------------------------------------
# Reading.


def decode(
    source: Path | bytes,
    *,
    matte: tuple[int, int, int] = (255, 255, 255),
    max_pixels: int = MAX_PIXELS,
) -> Rgb:
    """Decode a picture, upright, of an animation the first frame.

    Safe from any thread.

    Args:
        source: A file, or the bytes of one.
        matte: What shows through where the picture is transparent, RGB 0..255.
        max_pixels: Refuse a picture of more pixels, at most `MAX_PIXELS`.

    Returns:
        (H, W, 3) uint8, RGB.

    Raises:
        PictureError: The file is missing, not a picture, too large or damaged.
    """
    with _opened(source, max_pixels) as image:
        image.load()  # verify() would let most truncated files pass
        return np.array(_to_rgb(_upright(image), matte))


def picture_size(source: Path | bytes) -> tuple[int, int]:
    """Width and height in pixels of the upright picture, from the header alone.

    Raises:
        PictureError: The header already shows that `decode` would refuse the file.
    """
    with _opened(source, MAX_PIXELS) as image:
        width, height = image.size
        # Pillow has already turned the size of a TIFF, and of nothing else.
        turned = image.format != "TIFF" and _orientation(image) in _TURNED
    return (height, width) if turned else (width, height)


def has_transparency(path: Path) -> bool:
    """Whether parts of a picture may be transparent, from the header alone.

    Raises:
        PictureError: As for `picture_size`.
    """
    with _opened(path, MAX_PIXELS) as image:
        return bool(image.has_transparency_data)


@contextmanager
def _opened(source: Path | bytes, max_pixels: int) -> Iterator[Image.Image]:
    """Open a picture and check its header; what fails inside is a PictureError."""
    path = source if isinstance(source, Path) else None
    try:
        with _stream(source) as stream:
            image = Image.open(stream, formats=KINDS)
            runs = image.format == "BMP" and image.info.get("compression") in (1, 2)
            limit = min(max_pixels, _RUN_LENGTH_PIXELS) if runs else max_pixels
            _check_size(path, image.size, limit)
            yield image
    except PictureError:
        raise
    except Exception as error:
        # The parsers raise whatever they stumble over: struct.error, KeyError, ...
        raise PictureError(path, _reason(error)) from error


def _stream(source: Path | bytes) -> BinaryIO:
    if isinstance(source, bytes):
        _check_bytes(None, len(source))
        return io.BytesIO(source)
    info = source.stat()
    if stat.S_ISDIR(info.st_mode):
        raise PictureError(source, "is a folder, not a picture")
    if not stat.S_ISREG(info.st_mode):  # a pipe would be waited for without end
        raise PictureError(source, "is not an ordinary file")
    _check_bytes(source, info.st_size)
    return source.open("rb")


def _check_bytes(path: Path | None, size: int) -> None:
    if size == 0:
        raise PictureError(path, "is empty")
    if size > MAX_BYTES:
        raise PictureError(path, f"is larger than {MAX_BYTES / 1e9:.0f} GB")


def _check_size(path: Path | None, size: tuple[int, int], max_pixels: int) -> None:
    width, height = size
    if width < 1 or height < 1:
        raise PictureError(path, "has no pixels")
    if width * height > max_pixels:
        millions = f"{width * height / 1e6:,.0f} million pixels"
        limit = f"{max_pixels / 1e6:,.3g} million"
        raise PictureError(path, f"has {millions}, more than the limit of {limit}")


def _reason(error: Exception) -> str:
    """Say as a clause without a subject why a picture could not be read."""
    match error:
        case FileNotFoundError():
            return "is not there any more"
        case PermissionError():
            return "may not be read: its permissions forbid it"
        case UnidentifiedImageError():
            return "is not a picture of a kind that can be read; save it as PNG or JPEG"
        case Image.DecompressionBombError() | Image.DecompressionBombWarning():
            limit = f"{MAX_PIXELS / 1e6:,.0f} million pixels"
            return f"says it has more than the limit of {limit}"
        case MemoryError():
            return "is too large for the memory that is free"
        case OSError() if "truncated" in str(error).lower():
            return "is cut off"
        case _:
            return "is damaged"


# ----------------------------------------------------------------------------
# Orientation and colour.


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # noqa: BLE001 - damaged EXIF does not spoil the picture
        return 1


def _upright(image: Image.Image) -> Image.Image:
    return ImageOps.exif_transpose(image) if _orientation(image) != 1 else image


def _to_rgb(image: Image.Image, matte: tuple[int, int, int]) -> Image.Image:
    """Convert any mode to RGB; Pillow's own way turns 16 bit white."""
    if image.mode.startswith("I;16"):
        white = 2 ** min(_bits_per_sample(image), 16) - 1
        return _grey(np.asarray(image), 0, white)
    if image.mode == "I":
        numbers = np.asarray(image)
        # Pillow scales PGM to 16 bit, whatever maximum its header gives.
        is_16_bit = image.format == "PPM"
        ends = (0, 65535) if is_16_bit else (numbers.min(), numbers.max())
        return _grey(numbers, *ends)
    if image.mode == "F":
        numbers = np.nan_to_num(np.array(image), copy=False, posinf=0, neginf=0)
        return _grey(numbers, *_float_range(numbers))
    if image.has_transparency_data:
        background = Image.new("RGBA", image.size, (*matte, 255))
        background.alpha_composite(image.convert("RGBA"))
        return background.convert("RGB")
    return image if image.mode == "RGB" else image.convert("RGB")


def _bits_per_sample(image: Image.Image) -> int:
    tags = getattr(image, "tag_v2", {})
    return int(tags.get(_BITS_PER_SAMPLE, (16,))[0])


def _float_range(numbers: NDArray[np.float32]) -> tuple[float, float]:
    """Black and white of a float picture: its convention, or else its own ends."""
    low, high = float(numbers.min()), float(numbers.max())
    if low >= 0 and high <= 1:
        return 0, 1
    if low >= 0 and 16 <= high <= 255:  # below 16 it is light beyond 1, not 8 bit
        return 0, 255
    return low, high


def _grey(numbers: NDArray[Any], black: float, white: float) -> Image.Image:
    span = max(float(white) - float(black), 1e-30)
    scaled = numbers.astype(np.float32)  # then in place: it may be 89 million numbers
    scaled -= black
    scaled *= 255 / span
    np.rint(scaled.clip(0, 255, out=scaled), out=scaled)
    return Image.fromarray(scaled.astype(np.uint8)).convert("RGB")


# ----------------------------------------------------------------------------
# Resizing and writing.


def grey(rgb: Rgb) -> Rgb:
    """The brightness of (H, W, 3) uint8 as (H, W, 1): luma of ITU-R BT.601."""
    return np.asarray(Image.fromarray(rgb).convert("L"))[..., None]


def resize(rgb: Rgb, size: int, shape: Shape = "cut") -> Rgb:
    """Make a picture square.

    Bicubic with anti-aliasing, as the published Pix2Pix and CycleGAN code resizes.

    Args:
        rgb: (H, W, 3) uint8.
        size: Side of the square in pixels.
        shape: "cut" keeps the middle, "stretch" keeps everything and the aspect not.

    Returns:
        (size, size, 3) uint8.
    """
    height, width, _ = rgb.shape
    box = (0.0, 0.0, float(width), float(height))
    if shape == "cut":
        side = min(height, width)
        left, top = (width - side) / 2, (height - side) / 2
        box = (left, top, left + side, top + side)
    image = Image.fromarray(rgb)
    return np.array(image.resize((size, size), Image.Resampling.BICUBIC, box=box))


def thumbnail(rgb: Rgb, width: int, height: int) -> Rgb:
    """Reduce a picture to exactly *width* × *height*, cutting what overhangs.

    Args:
        rgb: (H, W, 3) uint8; a smaller one is enlarged without smoothing.
        width: In pixels.
        height: In pixels.

    Returns:
        (height, width, 3) uint8.
    """
    is_small = rgb.shape[0] < height and rgb.shape[1] < width
    method = Image.Resampling.NEAREST if is_small else Image.Resampling.BICUBIC
    return np.array(ImageOps.fit(Image.fromarray(rgb), (width, height), method))


def free_name(folder: Path, name: str) -> Path:
    """A path in *folder* that does not exist, as close to *name* as there is.

    The suffix becomes .png where the input's format cannot be written.
    """
    stem, suffix = Path(name).stem, Path(name).suffix.lower()
    suffix = suffix if suffix in SAVE_SUFFIXES else ".png"
    path, number = folder / f"{stem}{suffix}", 2
    while path.exists():
        path, number = folder / f"{stem}-{number}{suffix}", number + 1
    return path


def save_picture(path: Path, rgb: Rgb) -> None:
    """Write a picture whole or not at all, in the format that its name ends in.

    Args:
        path: Ends in .png, .jpg, .jpeg, .webp, .tif or .tiff; is overwritten.
        rgb: (H, W, 3) uint8.

    Raises:
        PictureError: The name ends in something else, or the disk refuses.
    """
    if path.suffix.lower() not in _SAVE_OPTIONS:
        raise PictureError(path, "must end in .png, .jpg, .webp or .tif to be saved")
    format_, options = _SAVE_OPTIONS[path.suffix.lower()]
    # In the same folder, so that the rename cannot become a copy.
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with part.open("xb") as file:
            Image.fromarray(rgb).save(file, format=format_, **options)
        os.replace(part, path)
    except (OSError, ValueError) as error:
        raise PictureError(path, f"could not be saved: {error}") from error
    finally:
        part.unlink(missing_ok=True)
