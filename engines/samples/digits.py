"""Digits: a sample set of numerals as if written by many hands, white on black.

A digit is a pen's way over the paper. Every drawing bends that way a little, leans,
stretches and turns it, and follows it with a pen of another width.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias, Unpack

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from engines.samples.canvas import Point
from engines.samples.dice import Dice
from engines.samples.digit_ways import MANNERS
from engines.samples.writing import (
    Drawn,
    Recipe,
    Watched,
    check_drawing,
    check_numbers,
    write_set,
)

Way: TypeAlias = NDArray[np.float64]  # (N, 2): x to the right, y downwards

SIZES = range(16, 257)
_STREAM = 3  # of a seed's chance; other sets use 0 to 2
_SUPERSAMPLING = 4
_SPACING = 0.012  # between two prints of the pen


@dataclass(frozen=True, kw_only=True, slots=True)
class Hand:
    """How a digit is written.

    Attributes:
        slant: How far the top leans to the right, shares of the height.
        width: Stretch across, 1 as drawn.
        turn: Degrees clockwise.
        scale: Height in shares of the picture's side.
        pen: Width of the pen in shares of the picture's side.
        shift: Of the middle, shares of the picture's side.
    """

    slant: float = 0.1
    width: float = 1.0
    turn: float = 0.0
    scale: float = 0.68
    pen: float = 0.09
    shift: Point = (0.0, 0.0)


def draw_digit(digit: int, seed: int, size: int) -> NDArray[np.uint8]:
    """Draw a digit in one of many hands.

    Args:
        digit: 0 to 9.
        seed: Which hand, 0 or more.
        size: Side in pixels, 16 to 256.

    Returns:
        Grey uint8 (size, size), white on black.

    Raises:
        ValueError: *digit*, *seed* or *size* is out of range.
    """
    if digit not in MANNERS:
        raise ValueError(f"digit must be 0 to 9, got {digit}")
    check_drawing(seed, size, SIZES)
    dice = Dice(seed, _STREAM)
    strokes = [_bent(dice, way) for way in dice.pick(MANNERS[digit])]
    hand = Hand(
        slant=dice.between(-0.12, 0.34),
        width=dice.between(0.75, 1.15),
        turn=dice.between(-9.0, 9.0),
        scale=dice.between(0.54, 0.66),
        pen=dice.between(0.06, 0.12),
        shift=(dice.between(-0.025, 0.025), dice.between(-0.025, 0.025)),
    )
    return write(strokes, hand, size)


def write(strokes: Sequence[Way], hand: Hand, size: int) -> NDArray[np.uint8]:
    """Follow the ways with a pen.

    Args:
        strokes: In a box from (0, 0) to (1, 1.4).
        hand: How.
        size: Side of the picture in pixels.

    Returns:
        Grey uint8 (size, size), white on black.
    """
    side = size * _SUPERSAMPLING
    paper = Image.new("L", (side, side))
    pen = ImageDraw.Draw(paper)
    radius = hand.pen / 2 * side
    for way in strokes:
        for x, y in (_placed(way, hand) * side).tolist():
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), 255)
    return np.asarray(paper.reduce(_SUPERSAMPLING))


def _placed(way: Way, hand: Hand) -> Way:
    """From the box of the ways into shares of the picture."""
    x, y = (way[:, 0] - 0.5) * hand.width, way[:, 1] - 0.7
    x = x - hand.slant * y
    turn = math.radians(hand.turn)
    across = x * math.cos(turn) - y * math.sin(turn)
    down = x * math.sin(turn) + y * math.cos(turn)
    middle = 0.5 + np.array(hand.shift)
    placed: Way = np.stack([across, down], 1) * (hand.scale / 1.4) + middle
    return placed


def _bent(dice: Dice, way: Sequence[Point]) -> Way:
    """The way of an unsteady hand: a slow wave and a little tremor."""
    corners = np.array(way)
    tremor = dice.table(*corners.shape) - 0.5
    along = np.linspace(0.0, math.tau, len(corners))[:, None]
    phase = np.array([dice.between(0, math.tau), dice.between(0, math.tau)])
    return smooth(corners + 0.035 * tremor + 0.05 * np.sin(along + phase))


def smooth(corners: Way) -> Way:
    """A Catmull-Rom curve through the corners (N, 2), dense enough to print along."""
    padded = np.concatenate(
        [2 * corners[:1] - corners[1:2], corners, 2 * corners[-1:] - corners[-2:-1]]
    )
    pieces = []
    for p0, p1, p2, p3 in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        steps = max(2, math.ceil(float(np.hypot(*(p2 - p1))) / _SPACING))
        t = np.linspace(0.0, 1.0, steps, endpoint=False)[:, None]
        pieces.append(
            p1
            + 0.5 * t * (p2 - p0)
            + t**2 * (p0 - 2.5 * p1 + 2 * p2 - 0.5 * p3)
            + t**3 * (1.5 * (p1 - p2) + 0.5 * (p3 - p0))
        )
    return np.concatenate([*pieces, corners[-1:]])


def write_digits(
    folder: Path,
    *,
    count: int = 2_000,
    size: int = 28,
    seed: int = 0,
    **watched: Unpack[Watched],
) -> Path:
    """Write the set as class folders: `0/0010.png`, `1/0001.png` and so on.

    What is at *folder* already is treated as in `write_set`.

    Args:
        folder: Where the set shall be.
        count: How many pictures, 10 to 9999, as many of each digit.
        size: Side in pixels, 16 to 256.
        seed: Another seed gives other hands.
        watched: `progress` and `cancelled` of `write_set`.

    Returns:
        *folder*.

    Raises:
        ValueError: *count*, *size* or *seed* is out of range.
        DataError: See `write_set`.
        Cancelled: See `write_set`.
    """
    recipe = Recipe(name="digits", count=count, size=size, seed=seed)
    check_numbers(recipe, SIZES, fewest=10)

    def draw(number: int) -> Drawn:
        digit = number % 10
        picture = draw_digit(digit, recipe.seed_of(number), size)
        return {f"{digit}/{number:04}": picture}

    return write_set(
        folder,
        recipe,
        draw,
        words="digits",
        drawings=count,
        files=count,
        **watched,
    )
