"""A square to draw on in picture coordinates, and how colours are mixed."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Colour: TypeAlias = tuple[int, int, int]  # RGB, 0-255
Box: TypeAlias = tuple[float, float, float, float]  # left, top, right, bottom
Point: TypeAlias = tuple[float, float]

SUPERSAMPLING = 3  # odd, so that every output pixel has a centre sample
SHADOW: Colour = (22, 26, 52)  # daylight shadows are bluish
_NEUTRAL = 200  # the texture value that leaves a colour as it is


class Canvas:
    """Draws in coordinates from (0, 0) at the top left to (1, 1), supersampled.

    Args:
        size: Side of the finished picture in pixels.
        mode: "RGB" blends colours by their alpha; "L" takes plain numbers.
    """

    def __init__(self, size: int, mode: str) -> None:
        self.side = size * SUPERSAMPLING
        self.image = Image.new(mode, (self.side, self.side))
        self._draw = ImageDraw.Draw(self.image, "RGBA" if mode == "RGB" else mode)

    def pixels(self, box: Box) -> tuple[int, int, int, int]:
        """The box in supersampled pixels, its right and bottom edge excluded."""
        left, top, right, bottom = box
        side = self.side
        return (
            round(left * side),
            round(top * side),
            round(right * side),
            round(bottom * side),
        )

    def rect(self, box: Box, ink: Colour | int, alpha: int = 255) -> None:
        """Fill a rectangle; one too thin to cover a pixel leaves no trace."""
        left, top, right, bottom = box
        side = self.side
        x0, y0 = round(left * side), round(top * side)
        x1, y1 = round(right * side), round(bottom * side)
        if x0 < x1 and y0 < y1:
            fill = (*ink, alpha) if isinstance(ink, tuple) else ink
            self._draw.rectangle((x0, y0, x1 - 1, y1 - 1), fill)

    def polygon(
        self, points: Sequence[Point], ink: Colour | int, alpha: int = 255
    ) -> None:
        """Fill a polygon."""
        fill = (*ink, alpha) if isinstance(ink, tuple) else ink
        side = self.side
        self._draw.polygon([(x * side, y * side) for x, y in points], fill)

    def disc(self, centre: Point, radius: float, ink: Colour, alpha: int = 255) -> None:
        """Fill a circle."""
        x, y, r = (value * self.side for value in (*centre, radius))
        self._draw.ellipse((x - r, y - r, x + r, y + r), (*ink, alpha))

    def shaded(self, outline: Sequence[Point], upper: Colour, lower: Colour) -> None:
        """Fill a polygon that goes from *upper* at its top to *lower* at its foot."""
        xs, ys = [x for x, _ in outline], [y for _, y in outline]
        box = max(0.0, min(xs)), min(ys), min(1.0, max(xs)), max(ys)
        left, top, right, bottom = self.pixels(box)
        if left < right and top < bottom:
            ramp = np.linspace(upper, lower, bottom - top).astype(np.uint8)[:, None]
            tile = Image.fromarray(ramp).resize((right - left, bottom - top))
            self.image.paste(tile, (left, top), self._mask(box, outline))

    def texture(
        self, box: Box, outline: Sequence[Point], field: NDArray[np.uint8], ink: Colour
    ) -> None:
        """Fill a box with a textured colour, cut to *outline* where there is one.

        Args:
            box: Where; *field* has the shape of its pixels.
            outline: Points of a polygon, or none for the whole box.
            field: Brightness (H, W), 200 for the colour as it is.
            ink: The colour.
        """
        levels = np.arange(256)[:, None] * np.array(ink) // _NEUTRAL  # (256, 3)
        tile = np.minimum(levels, 255).astype(np.uint8)[field]
        mask = self._mask(box, outline) if outline else None
        self.image.paste(Image.fromarray(tile), self.pixels(box)[:2], mask)

    def _mask(self, box: Box, outline: Sequence[Point]) -> Image.Image:
        left, top, right, bottom = self.pixels(box)
        mask = Image.new("L", (right - left, bottom - top))
        corners = [(x * self.side - left, y * self.side - top) for x, y in outline]
        ImageDraw.Draw(mask).polygon(corners, 255)
        return mask


def scaled(colour: Colour, factor: float) -> Colour:
    """The colour *factor* times as bright."""
    red, green, blue = colour
    return (
        min(255, int(red * factor)),
        min(255, int(green * factor)),
        min(255, int(blue * factor)),
    )


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """The colour that is *share* (0-1) of the way from *one* to *other*."""
    red, green, blue = (
        int(a + (b - a) * share + 0.5) for a, b in zip(one, other, strict=True)
    )
    return red, green, blue


def inset(box: Box, dx: float, dy: float) -> Box:
    """The box with *dx* less on the left and right, *dy* less above and below."""
    left, top, right, bottom = box
    return left + dx, top + dy, right - dx, bottom - dy


def refitted(outline: Sequence[Point], box: Box, to: Box) -> list[Point]:
    """The outline, moved and stretched as *box* has to be to become *to*."""
    wide = (to[2] - to[0]) / (box[2] - box[0])
    high = (to[3] - to[1]) / (box[3] - box[1])
    left, top = to[0] - box[0] * wide, to[1] - box[1] * high
    return [(left + x * wide, top + y * high) for x, y in outline]
