"""Draws a plan twice: as a label map, and as the photo that belongs to it."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops

from engines.samples import facade_openings as openings
from engines.samples import facade_surfaces as surfaces
from engines.samples.canvas import SUPERSAMPLING, Canvas, mixed
from engines.samples.dice import Dice
from engines.samples.facade_labels import LABEL_INDEX, LABELS
from engines.samples.facade_parts import Part, Plan

_PAINTERS: Mapping[str, Callable[[Canvas, Part, Plan, Dice], None]] = MappingProxyType(
    {
        "sky": surfaces.paint_sky,
        "neighbour": surfaces.paint_neighbour,
        "chimney": surfaces.paint_chimney,
        "wall": surfaces.paint_wall,
        "roof": surfaces.paint_roof,
        "verge": surfaces.paint_verge,
        "cornice": surfaces.paint_moulding,
        "coping": surfaces.paint_coping,
        "pillar": surfaces.paint_pillar,
        "pavement": surfaces.paint_pavement,
        "tree": surfaces.paint_tree,
        "far window": surfaces.paint_far_window,
        "window": openings.paint_window,
        "sill": openings.paint_sill,
        "planter": openings.paint_planter,
        "shutter": openings.paint_shutter,
        "balcony": openings.paint_balcony,
        "door": openings.paint_door,
        "shop": openings.paint_shop,
        "awning": openings.paint_awning,
    }
)
_COLOURS = np.array([label.colour for label in LABELS], np.uint8)


def draw_labels(plan: Plan, size: int) -> NDArray[np.uint8]:
    """The label map in flat colours without soft edges, (size, size, 3)."""
    canvas = Canvas(size, "L")
    for part in plan.parts:
        index = LABEL_INDEX[part.label]
        if part.outline:
            canvas.polygon(part.outline, index)
        else:
            canvas.rect(part.box, index)
    centres = slice(SUPERSAMPLING // 2, None, SUPERSAMPLING)
    rgb: NDArray[np.uint8] = _COLOURS[np.asarray(canvas.image)[centres, centres]]
    return rgb


def draw_photo(plan: Plan, seed: int, size: int) -> NDArray[np.uint8]:
    """The photo, antialiased, (size, size, 3)."""
    dice = Dice(seed, 1)
    canvas = Canvas(size, "RGB")
    for part in plan.parts:
        _PAINTERS[part.kind](canvas, part, plan, dice)
    photo = canvas.image.reduce(SUPERSAMPLING)
    light = _light(plan).resize(photo.size, Image.Resampling.BILINEAR)
    return np.asarray(ImageChops.multiply(photo, light))


def _light(plan: Plan) -> Image.Image:
    """What the sun leaves of each colour, RGB of 16 × 16 pixels to enlarge."""
    down, across = np.mgrid[0.0:1.0:16j, 0.0:1.0:16j]
    fall = 1.0 - 0.05 * down - 0.05 * across
    tint = np.array(mixed((255, 255, 253), (255, 243, 226), plan.evening))
    return Image.fromarray((fall[..., None] * tint).astype(np.uint8))
