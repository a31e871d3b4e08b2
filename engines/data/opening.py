"""Open a picture file that may be hostile: the guard of everything that reads one.

A format outside the list, too many pixels, a file that is cut off: each ends in a
`PictureError` that says why, before much memory is spent.
"""

import io
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from PIL import Image, UnidentifiedImageError
from PIL.ImageFile import ImageFile

from engines.errors import PictureError

# Nothing that starts another program (EPS) and nothing rare enough to be little tested.
KINDS = ("PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF", "PPM", "AVIF", "JPEG2000", "TGA")
MAX_PIXELS = 89_000_000  # just below the size from which Pillow warns
_RUN_LENGTH_PIXELS = 10_000_000  # of a BMP; Pillow unpacks these in Python, 1 s
MAX_BYTES = 1_000_000_000  # 89 megapixels of uncompressed 16-bit RGBA, and then some


@contextmanager
def opened(source: Path | bytes, max_pixels: int = MAX_PIXELS) -> Iterator[ImageFile]:
    """Open a picture and check its header; its pixels are not loaded yet.

    Raises:
        PictureError: The header shows that the file cannot be used, or anything at all
            fails inside the `with`.
    """
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
