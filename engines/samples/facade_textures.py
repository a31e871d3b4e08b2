"""Surfaces made of noise and courses, the same at every picture size.

A field holds brightness as uint8 (H, W), where 200 leaves a colour as it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engines.samples.canvas import Colour

_NEUTRAL = 200.0
_ROOFS = 0.7  # where the sky has its last colour: below are houses
_SKY_SIDE = 48  # clouds are soft: painted small, then enlarged


@dataclass(frozen=True, slots=True)
class Courses:
    """How rows of bricks, stones, tiles or boards are laid; lengths in picture sides.

    Attributes:
        row: Height of a row.
        length: Length of a piece, 0 for boards that run through.
        joint: Width of the joint.
        joint_tone: Brightness of the joint, 1 for that of the pieces.
        spread: How much the pieces differ in brightness, 0-1.
    """

    row: float
    length: float
    joint: float
    joint_tone: float
    spread: float


BRICKWORK = Courses(row=0.0125, length=0.032, joint=0.0022, joint_tone=1.4, spread=0.2)
ASHLAR = Courses(row=0.034, length=0.085, joint=0.002, joint_tone=0.84, spread=0.07)
BOARDS = Courses(row=0.015, length=0.6, joint=0.0022, joint_tone=0.8, spread=0.05)
PANELS = Courses(row=0.11, length=0.17, joint=0.002, joint_tone=0.82, spread=0.045)
TILES = Courses(row=0.015, length=0.014, joint=0.0035, joint_tone=0.7, spread=0.2)
SLATES = Courses(row=0.013, length=0.02, joint=0.002, joint_tone=0.78, spread=0.16)
PAVING = Courses(row=0.018, length=0.075, joint=0.002, joint_tone=0.84, spread=0.07)


def laid(
    courses: Courses, shape: tuple[int, int], side: int, table: NDArray[np.float32]
) -> NDArray[np.uint8]:
    """Rows of pieces, every second row shifted by half a piece.

    Args:
        courses: How they are laid.
        shape: Height and width in pixels.
        side: Pixels of the whole picture's side.
        table: Numbers in [0, 1), (R, C): the tones of the pieces, repeating.
    """
    height, width = shape
    rows = (np.arange(height) + 0.5) / (side * courses.row)
    row = rows.astype(int)
    pieces = (np.arange(width) + 0.5) / (side * courses.length)
    pieces = np.stack([pieces, pieces + 0.5])  # (2, W): even and odd rows
    piece = pieces.astype(int)

    odd = row % 2
    across = _ink(rows - row, courses.row * side, courses.joint * side)
    along = _ink(pieces - piece, courses.length * side, courses.joint * side)
    ink = np.maximum(across[:, None], along[odd])
    tones = 1.0 + courses.spread * (table - 0.5)
    tone = tones[(row % len(table))[:, None], (piece % table.shape[1])[odd]]
    return _shown((tone + (courses.joint_tone - tone) * ink) * _NEUTRAL)


def _shown(levels: NDArray[np.float32]) -> NDArray[np.uint8]:
    return levels.clip(0, 255).astype(np.uint8)


def _ink(
    position: NDArray[np.float64], piece: float, joint: float
) -> NDArray[np.float32]:
    """Share of each pixel that a joint covers; *position* in [0, 1) of a piece."""
    distance = np.minimum(position, 1.0 - position) * piece  # pixels
    covered = np.clip(joint / 2 + 0.5 - distance, 0.0, min(1.0, joint))
    return covered.astype(np.float32)


def cloudy(
    shape: tuple[int, int], table: NDArray[np.float32], spread: float
) -> NDArray[np.uint8]:
    """Soft blotches around 200; *spread* is the widest difference in brightness."""
    small = Image.fromarray(_shown(_NEUTRAL + (table - 0.5) * spread * _NEUTRAL))
    return np.asarray(small.resize(shape[::-1], Image.Resampling.BICUBIC))


def weathered(
    field: NDArray[np.uint8], blotches: NDArray[np.uint8]
) -> NDArray[np.uint8]:
    """A field with blotches from `cloudy` laid over it."""
    return _shown(field + (blotches.astype(np.float32) - _NEUTRAL))


def sunlit(field: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A slope's field, lighter at the upper edge and darker at the lower."""
    fall = np.linspace(14, -14, len(field)).astype(np.float32)[:, None]
    return _shown(field + fall)


def sky(
    air: Sequence[Colour], cover: float, tables: Sequence[NDArray[np.float32]]
) -> Image.Image:
    """A gradient with clouds, RGB of 48 × 48 pixels to enlarge.

    Args:
        air: Colours from the upper edge down to the roofs, evenly spaced.
        cover: How cloudy, 0-1.
        tables: Noise in [0, 1) from coarse to fine.
    """
    side = _SKY_SIDE
    noise = np.zeros((side, side), np.float32)
    for octave, table in enumerate(tables):
        layer = Image.fromarray(table).resize((side, side), Image.Resampling.BICUBIC)
        noise += np.asarray(layer) * 0.5 ** (octave + 1)
    down = np.linspace(0.0, 1.0, side)
    stops = np.linspace(0.0, _ROOFS, len(air))
    channels = [np.interp(down, stops, channel) for channel in zip(*air, strict=True)]
    blue = np.stack(channels, axis=-1)[:, None]  # (side, 1, 3)
    cloud = np.clip((noise - 0.66 + 0.2 * cover) / 0.3, 0.0, 1.0)[..., None]
    cloud = cloud * cloud * (3.0 - 2.0 * cloud) * 0.75
    lit = np.array((255, 253, 250), np.float32)
    return Image.fromarray((blue + (lit - blue) * cloud).astype(np.uint8))
