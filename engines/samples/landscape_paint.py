"""Paints a landscape by day or by night.

Night is the day's picture in other light: every colour of the day has one at night, the
sun becomes the moon, stars come out and windows are lit.
"""

import math

import numpy as np
from numpy.typing import NDArray

from engines.samples.canvas import SUPERSAMPLING, Canvas, Colour, Point, mixed, scaled
from engines.samples.landscape_hours import Hour
from engines.samples.landscape_scene import House, Ridge, Scene, Tree
from engines.samples.landscape_things import paint_house, paint_pine, paint_round_tree

_WHITE: Colour = (255, 255, 255)


def paint(scene: Scene, hour: Hour, size: int) -> NDArray[np.uint8]:
    """The landscape at an hour, antialiased, RGB uint8 (size, size, 3)."""
    canvas = Canvas(size, "RGB")
    _sky(canvas, scene, hour)
    for ridge in scene.ridges:
        _ridge(canvas, ridge, hour)
    if scene.shore:
        _lake(canvas, scene, scene.shore, hour)
    things: list[House | Tree] = [*scene.houses, *scene.trees]
    for thing in sorted(things, key=_depth):
        if isinstance(thing, House):
            paint_house(canvas, thing, hour)
        elif thing.kind == "pine":
            paint_pine(canvas, thing, hour)
        else:
            paint_round_tree(canvas, thing, hour)
    return np.asarray(canvas.image.reduce(SUPERSAMPLING))


def _depth(thing: House | Tree) -> float:
    return thing.corner[1] if isinstance(thing, House) else thing.foot[1]


# ----------------------------------------------------------------------------
# Sky, hills, water.


def _sky(canvas: Canvas, scene: Scene, hour: Hour) -> None:
    canvas.shaded([(0, 0), (1, 0), (1, 0.66), (0, 0.66)], *hour.sky)
    if hour.is_night:
        for place, radius in scene.stars:
            if math.dist(place, scene.lamp) < 2.4 * hour.radius:
                continue  # outshone
            canvas.disc(place, radius, (255, 250, 226), 90 if radius < 0.005 else 235)
    for reach, alpha in ((2.4, 26), (1.7, 38), (1.3, 56)):
        canvas.disc(scene.lamp, hour.radius * reach, hour.lamp, alpha)
    canvas.disc(scene.lamp, hour.radius, hour.lamp)
    if hour.is_night:
        for dx, dy, share in ((-0.3, -0.2, 0.26), (0.3, 0.3, 0.2), (0.25, -0.4, 0.14)):
            crater = scene.lamp[0] + dx * hour.radius, scene.lamp[1] + dy * hour.radius
            canvas.disc(crater, share * hour.radius, (206, 200, 182))
    for middle, half in scene.clouds:
        _cloud(canvas, middle, half, hour)


def _cloud(canvas: Canvas, middle: Point, half: float, hour: Hour) -> None:
    """Discs on one flat lower edge, the largest in the middle."""
    x, y = middle
    lower = mixed(hour.cloud, hour.sky[1], 0.45)
    for ink, lift in ((lower, 0.0), (hour.cloud, 0.1)):
        for dx, radius in ((-0.62, 0.3), (0.64, 0.26), (-0.2, 0.5), (0.28, 0.42)):
            r = half * radius * (1.0 - lift)
            canvas.disc((x + dx * half, y - r - lift * half * 0.9), r, ink)
    base = (x - 0.62 * half, y - 0.2 * half, x + 0.64 * half, y)
    canvas.rect(base, lower)


def _ridge(canvas: Canvas, ridge: Ridge, hour: Hour) -> None:
    colour = hour.ink(ridge.colour)
    outline = [(0.0, 1.0), *ridge.points, (1.0, 1.0)]
    canvas.shaded(outline, mixed(colour, hour.sky[1], 0.18), scaled(colour, 0.78))


def _lake(canvas: Canvas, scene: Scene, shore: tuple[float, float], hour: Hour) -> None:
    left, right = shore
    edge = [(x / 12, _shore_at(x / 12, left, right)) for x in range(13)]
    bank = [(x, y - 0.012) for x, y in edge]
    canvas.polygon([(0, 1), *bank, (1, 1)], hour.ink((226, 208, 160)))
    canvas.shaded([(0, 1), *edge, (1, 1)], *hour.water)
    glint = mixed(hour.water[0], hour.lamp, 0.75) if hour.is_night else _WHITE
    x = scene.lamp[0]
    for row in range(4):
        y, half = max(shore) + 0.02 + row * 0.032, 0.075 - 0.013 * row
        shift = 0.02 * (-1) ** row
        canvas.rect((x + shift - half, y, x + shift + half, y + 0.011), glint, 150)


def _shore_at(x: float, left: float, right: float) -> float:
    """A soft step from the height at the left to that at the right."""
    return left + (right - left) * x * x * (3 - 2 * x)
