"""Picture files in and out with all that is in them: depth, alpha, EXIF, profile.

A picture can be written to another format than it was read from, within limits:

    .png   8 or 16 bit    alpha               lossless
    .tif   8 or 16 bit    alpha               lossless
    .webp  8 bit          alpha               up to 16,383 pixels a side
    .jpg   8 bit          laid over white     up to 65,500 pixels a side

Each carries EXIF and colour profile; a JPEG no EXIF of more than 64 KB.
"""

import errno
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engines.data.exif import upright_exif
from engines.data.lossless import write_png_16, write_tiff
from engines.data.opening import opened
from engines.data.pixels import Colour, Samples, flattened, load_samples, to_8_bit
from engines.errors import PictureError

_JPEG_EXIF_BYTES = 65_533  # what fits one segment of a JPEG
_MAX_SIDE = {".jpg": 65_500, ".jpeg": 65_500, ".webp": 16_383}  # of the libraries


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Picture:
    """What a picture file holds, upright.

    Attributes:
        pixels: (H, W, 3) uint8 or uint16, RGB; full where alpha is partial.
        alpha: (H, W) of the same type, 0 transparent; None: opaque everywhere.
        exif: Begins with "Exif", orientation 1, or is empty.
        icc: The colour profile that the pixels are meant in.
    """

    pixels: Samples
    alpha: Samples | None = None
    exif: bytes = b""
    icc: bytes | None = None

    def __post_init__(self) -> None:
        assert self.pixels.ndim == 3
        assert self.pixels.shape[2] == 3
        assert self.pixels.dtype in (np.uint8, np.uint16)
        if self.alpha is not None:
            assert self.alpha.shape == self.pixels.shape[:2]
            assert self.alpha.dtype == self.pixels.dtype

    @property
    def depth(self) -> Literal[8, 16]:
        """Bits per sample."""
        return 8 if self.pixels.dtype == np.uint8 else 16

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        height, width, _ = self.pixels.shape
        return width, height

    def rgb(self, matte: Colour = (255, 255, 255)) -> NDArray[np.uint8]:
        """The picture over a matte, (H, W, 3) uint8: as `images.decode` reads its file.

        An opaque picture of 8 bit gives its own pixels, not a copy.
        """
        return flattened(self.pixels, self.alpha, matte)


def read_picture(source: Path | bytes) -> Picture:
    """Read a picture whole, upright, of an animation the first frame.

    Safe from any thread. `engines.data.pixels` says what is read at which depth. EXIF
    that is damaged is left out, and so is a profile for other colours than RGB, as the
    pixels have become RGB.

    Args:
        source: A file, or the bytes of one.

    Raises:
        PictureError: The file is missing, not a picture, too large or damaged.
    """
    with opened(source) as image:
        pixels, alpha = load_samples(image, source)
        return Picture(
            pixels=pixels,
            alpha=alpha,
            exif=upright_exif(image),
            icc=_rgb_profile(image),
        )


def _rgb_profile(image: Image.Image) -> bytes | None:
    """The profile, if for RGB: its header says so (ICC.1:2022, section 7.2)."""
    icc = image.info.get("icc_profile")
    if not isinstance(icc, bytes) or image.mode in ("CMYK", "LAB"):
        return None
    return icc if icc[16:20] == b"RGB " and icc[36:40] == b"acsp" else None


# ----------------------------------------------------------------------------
# Writing.


def write_picture(path: Path, picture: Picture, *, quality: int = 95) -> None:
    """Write a picture whole or not at all, in the format that its name ends in.

    Args:
        path: Ends in one of `SAVE_SUFFIXES`; is overwritten.
        picture: Written at its depth where the format can, else at 8 bit.
        quality: Of JPEG and WebP, 1..100.

    Raises:
        PictureError: The name ends in something else, the picture is too large for the
            format, or the disk refuses.
    """
    suffix = path.suffix.lower()
    if suffix not in _WRITERS:
        raise PictureError(path, "must end in .png, .jpg, .webp or .tif to be saved")
    side = _MAX_SIDE.get(suffix)
    if side and max(picture.size) > side:
        words = f"more than {side:,} pixels wide or high; save it as PNG or TIFF"
        raise PictureError(path, f"cannot hold a picture {words}")
    # In the same folder, so that the rename cannot become a copy.
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with part.open("xb") as file:
            _WRITERS[suffix](file, picture, quality)
        os.replace(part, path)
    except (OSError, ValueError) as error:
        raise PictureError(path, f"could not be saved: {_why(error)}") from error
    finally:
        part.unlink(missing_ok=True)


def _why(error: OSError | ValueError) -> str:
    match getattr(error, "errno", None):
        case errno.ENOSPC | errno.EDQUOT:
            return "the disk is full"
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return "the folder may not be written to"
        case errno.ENOENT | errno.ENOTDIR:
            return "the folder is not there any more"
        case _:
            return str(error)


def _write_png(file: BinaryIO, picture: Picture, _: int) -> None:
    if picture.depth == 16:
        write_png_16(
            file, picture.pixels, picture.alpha, exif=picture.exif, icc=picture.icc
        )
    else:
        _image_8(picture).save(file, "PNG", **_metadata(picture))


def _write_jpeg(file: BinaryIO, picture: Picture, quality: int) -> None:
    metadata = _metadata(picture)
    if len(picture.exif) > _JPEG_EXIF_BYTES:
        metadata["exif"] = b""
    image = Image.fromarray(picture.rgb())
    image.save(file, "JPEG", quality=quality, subsampling=0, **metadata)


def _write_webp(file: BinaryIO, picture: Picture, quality: int) -> None:
    # exact: colour stays what it is where alpha hides it.
    image = _image_8(picture)
    image.save(file, "WEBP", quality=quality, exact=True, **_metadata(picture))


def _write_tiff(file: BinaryIO, picture: Picture, _: int) -> None:
    write_tiff(file, picture.pixels, picture.alpha, exif=picture.exif, icc=picture.icc)


def _image_8(picture: Picture) -> Image.Image:
    image = Image.fromarray(to_8_bit(picture.pixels))
    if picture.alpha is not None:
        image.putalpha(Image.fromarray(to_8_bit(picture.alpha)))
    return image


def _metadata(picture: Picture) -> dict[str, Any]:
    return {"exif": picture.exif, "icc_profile": picture.icc}


_Writer: TypeAlias = Callable[[BinaryIO, Picture, int], None]
_WRITERS: dict[str, _Writer] = {
    ".png": _write_png,
    ".jpg": _write_jpeg,
    ".jpeg": _write_jpeg,
    ".webp": _write_webp,
    ".tif": _write_tiff,
    ".tiff": _write_tiff,
}

SAVE_SUFFIXES = tuple(_WRITERS)
"""Endings of the files that `write_picture` writes."""
