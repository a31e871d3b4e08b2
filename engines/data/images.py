"""Picture files as 8-bit RGB arrays, and such arrays cut to size and saved.

What else a file may hold (16 bit, alpha, EXIF, colour profile) is kept by
`engines.data.picture_files`; how brightness is kept says `engines.data.pixels`.
"""

from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from engines.data.exif import orientation
from engines.data.opening import MAX_PIXELS, opened
from engines.data.picture_files import SAVE_SUFFIXES, Picture, write_picture
from engines.data.pixels import Colour, flattened, load_samples

Rgb: TypeAlias = NDArray[np.uint8]  # (H, W, 3)
Shape: TypeAlias = Literal["cut", "stretch"]

_TURNED = (5, 6, 7, 8)  # orientations that swap width and height


# ----------------------------------------------------------------------------
# Reading.


def decode(
    source: Path | bytes,
    *,
    matte: Colour = (255, 255, 255),
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
    with opened(source, max_pixels) as image:
        return flattened(*load_samples(image, source), matte)


def picture_size(source: Path | bytes) -> tuple[int, int]:
    """Width and height in pixels of the upright picture, from the header alone.

    Raises:
        PictureError: The header already shows that `decode` would refuse the file.
    """
    with opened(source) as image:
        width, height = image.size
        # Pillow has already turned the size of a TIFF, and of nothing else.
        turned = image.format != "TIFF" and orientation(image) in _TURNED
    return (height, width) if turned else (width, height)


def has_transparency(path: Path) -> bool:
    """Whether parts of a picture may be transparent, from the header alone.

    Raises:
        PictureError: As for `picture_size`.
    """
    with opened(path) as image:
        return bool(image.has_transparency_data)


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
    """Write an array as a picture, as `write_picture` does; raises what it raises.

    Args:
        path: Ends in .png, .jpg, .jpeg, .webp, .tif or .tiff; is overwritten.
        rgb: (H, W, 3) uint8.
    """
    write_picture(path, Picture(pixels=rgb))
