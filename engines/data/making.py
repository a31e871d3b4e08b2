"""Pairs made of single pictures: the picture is the answer, the input is made from it.

What is drawn by chance - where holes are, how strong the noise is - follows from the
item's name: the same at every start and in every epoch, because pictures are made
once and kept (see `store`). Cutting and mirroring still vary them from epoch to epoch.

Inputs are made from the square that is learnt from, not from the file: a hole or a
grain of noise looks the same whatever the size of the file was.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engines.data.images import Rgb, Shape, grey, resize
from engines.data.sets import Item, PictureSet, Task

_Floats: TypeAlias = NDArray[np.float32]
_Chance: TypeAlias = np.random.Generator

SHRUNK = 4
"""How many times smaller "sharpen" makes a picture, each way."""

NOISE = (10.0, 50.0)
"""Weakest and strongest noise of "denoise": standard deviation, of 255."""

_HOLE_GREY = 128
_HOLES = (1, 3)  # how many
_HOLE_SIDES = (0.15, 0.4)  # of the picture's


def read_square(
    pictures: PictureSet, item: Item, size: int, shape: Shape = "cut"
) -> tuple[Rgb, ...]:
    """Decode an item as it is learnt from; inputs that are to be made are made.

    Args:
        pictures: The set it belongs to.
        item: Which one.
        size: Side of the square in pixels.
        shape: See `engines.data.images.resize`.

    Returns:
        An input and its answer, or one picture, each (size, size, 3) uint8.

    Raises:
        PictureError: One of its files cannot be used.
    """
    return square(pictures, item, pictures.read(item), size, shape)


def square(
    pictures: PictureSet,
    item: Item,
    decoded: Sequence[Rgb],
    size: int,
    shape: Shape = "cut",
) -> tuple[Rgb, ...]:
    """As `read_square`, of an item that is *decoded* already."""
    squares = tuple(resize(rgb, size, shape) for rgb in decoded)
    if pictures.task is None:
        return squares
    return make_input(pictures.task, squares[0], item.name), squares[0]


def make_input(task: Task, rgb: Rgb, name: str) -> Rgb:
    """Make the input that a picture is the answer to.

    Args:
        task: What is to be learnt.
        rgb: The picture, (H, W, 3) uint8.
        name: Decides what is drawn by chance, and nothing else does.

    Returns:
        (H, W, 3) uint8.
    """
    seed = hashlib.sha256(name.encode()).digest()[:8]
    chance = np.random.default_rng(int.from_bytes(seed))
    return _MAKERS[task](rgb, chance)


# ----------------------------------------------------------------------------
# What is taken away from a picture.


def _without_colour(rgb: Rgb, _chance: _Chance) -> Rgb:
    return np.repeat(grey(rgb), 3, axis=2)


def _blurred(rgb: Rgb, _chance: _Chance) -> Rgb:
    """Shrunk and enlarged again, both bicubic, as super-resolution is tested."""
    height, width, _ = rgb.shape
    small = (max(1, width // SHRUNK), max(1, height // SHRUNK))
    image = Image.fromarray(rgb).resize(small, Image.Resampling.BICUBIC)
    return np.array(image.resize((width, height), Image.Resampling.BICUBIC))


def _with_holes(rgb: Rgb, chance: _Chance) -> Rgb:
    """Grey rectangles anywhere within the picture."""
    holed = rgb.copy()
    for _ in range(chance.integers(*_HOLES, endpoint=True)):
        rows, columns = (_stretch(length, chance) for length in rgb.shape[:2])
        holed[rows, columns] = _HOLE_GREY
    return holed


def _stretch(length: int, chance: _Chance) -> slice:
    """A part of *length* pixels, at least one of them."""
    part = max(1, round(length * chance.uniform(*_HOLE_SIDES)))
    first = int(chance.integers(0, length - part, endpoint=True))
    return slice(first, first + part)


def _noisy(rgb: Rgb, chance: _Chance) -> Rgb:
    """Gaussian noise, of another strength in each picture."""
    noise = chance.standard_normal(rgb.shape, np.float32) * chance.uniform(*NOISE)
    return _bytes(rgb + noise)


def _bytes(numbers: _Floats) -> Rgb:
    return np.rint(numbers).clip(0, 255).astype(np.uint8)


# ----------------------------------------------------------------------------
# Line drawings.

_LINE = 1 / 200  # width of the narrow Gaussian, as a part of the picture's side
_THINNEST_LINE = 0.7  # pixels
_WIDER = 1.6  # the wide Gaussian: closest to a Laplacian (Marr & Hildreth 1980)
_FAINTEST = 4.0  # how much darker than its surroundings a line must be, of 255
_PRESSURE = 0.08  # how fast lines turn from paper white to black


def _drawing(rgb: Rgb, _chance: _Chance) -> Rgb:
    """Black lines on white, on the darker side of each edge.

    Difference of Gaussians with a soft threshold (Winnemöller et al. 2012, "XDoG",
    eq. 5), of the colour channel in which a pixel is darkest against its surroundings:
    so that edges between colours of equal brightness are drawn too.
    """
    narrow = max(_THINNEST_LINE, min(rgb.shape[:2]) * _LINE)
    picture = rgb.astype(np.float32)
    differences = _smooth(picture, narrow) - _smooth(picture, narrow * _WIDER)
    darkest = np.minimum(differences.min(axis=2) + _FAINTEST, 0)
    lines = _bytes(255 * (1 + np.tanh(_PRESSURE * darkest)))
    return np.repeat(lines[..., None], 3, axis=2)


def _smooth(picture: _Floats, sigma: float) -> _Floats:
    """Blur (H, W, C) with a Gaussian of *sigma* pixels; the rim is continued."""
    reach = int(np.ceil(3 * sigma))
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    weights = (weights / weights.sum()).astype(np.float32)
    for axis in (0, 1):
        rim = [(reach, reach) if each == axis else (0, 0) for each in range(3)]
        padded = np.moveaxis(np.pad(picture, rim, mode="edge"), axis, 0)
        length = picture.shape[axis]
        shifted = (padded[k : k + length] * w for k, w in enumerate(weights))
        picture = np.moveaxis(sum(shifted, np.zeros((), np.float32)), 0, axis)
    return picture


_MAKERS: Mapping[Task, Callable[[Rgb, _Chance], Rgb]] = MappingProxyType(
    {
        "colourise": _without_colour,
        "sharpen": _blurred,
        "fill": _with_holes,
        "edges": _drawing,
        "denoise": _noisy,
    }
)
