"""How the large parts of a façade are painted: sky, walls, roofs, mouldings, street.

The sun shines from the upper left: left edges are light, shadows fall to the right.
"""

import math

import numpy as np
from PIL import Image

from engines.samples.canvas import SHADOW, Box, Canvas, Colour, inset, mixed, scaled
from engines.samples.dice import Dice
from engines.samples.facade_parts import Part, Plan
from engines.samples.facade_textures import (
    ASHLAR,
    BOARDS,
    BRICKWORK,
    PANELS,
    PAVING,
    SLATES,
    TILES,
    Courses,
    cloudy,
    laid,
    sky,
    sunlit,
    weathered,
)

WHITE: Colour = (255, 255, 255)
_WALLS: dict[str, Courses] = {
    "brick": BRICKWORK,
    "ashlar": ASHLAR,
    "boards": BOARDS,
    "panels": PANELS,
}


def paint_sky(canvas: Canvas, part: Part, plan: Plan, dice: Dice) -> None:
    """Blue above, pale towards the roofs, warmer in the evening, some clouds."""
    noon = ((96, 160, 232), (150, 200, 246), (216, 236, 248))
    evening = ((122, 158, 222), (206, 204, 226), (255, 212, 172))
    air = [mixed(*pair, plan.evening) for pair in zip(noon, evening, strict=True)]
    tables = [dice.table(4 * 2**octave, 2 * 2**octave) for octave in range(4)]
    picture = sky(air, dice.share(), tables)
    side = (canvas.side, canvas.side)
    canvas.image.paste(picture.resize(side, Image.Resampling.BILINEAR), (0, 0))


def paint_neighbour(canvas: Canvas, part: Part, plan: Plan, dice: Dice) -> None:
    """A quiet rendered wall, darker towards the house that stands before it."""
    left, top, right, bottom = part.box
    plaster = mixed((216, 202, 182), (190, 188, 190), part.tone)
    canvas.rect(part.box, plaster)
    canvas.rect((left, top, right, top + 0.012), SHADOW, 60)
    high = bottom - top
    canvas.rect((left, bottom - high * 0.3, right, bottom), SHADOW, 14)
    canvas.rect((left, bottom - high * 0.1, right, bottom), SHADOW, 22)
    if left > 0.3:  # it lies in the shadow of the house
        canvas.rect((left, top, left + 0.02, bottom), SHADOW, 40)
        canvas.rect((left, top, left + 0.045, bottom), SHADOW, 40)


def paint_far_window(canvas: Canvas, part: Part, plan: Plan, dice: Dice) -> None:
    """A neighbour's window, plainer than those of the house."""
    left, top, right, bottom = part.box
    canvas.rect(part.box, (232, 226, 216))
    glass = inset(part.box, 0.005, 0.005)
    canvas.rect(glass, mixed((78, 94, 116), (112, 126, 142), part.tone))
    canvas.rect((glass[0], top + 0.005, glass[2], top + 0.012), SHADOW, 80)
    middle = (left + right) / 2
    canvas.rect((middle - 0.002, top, middle + 0.002, bottom), (232, 226, 216))


def paint_chimney(canvas: Canvas, part: Part, plan: Plan, dice: Dice) -> None:
    """A brick stack with a cap and two pots."""
    left, top, right, bottom = part.box
    brick = mixed((160, 96, 76), plan.wall, 0.35)
    canvas.rect(part.box, brick)
    canvas.rect((left + (right - left) * 0.6, top, right, bottom), SHADOW, 70)
    canvas.rect((left - 0.004, top, right + 0.004, top + 0.009), scaled(brick, 1.15))
    canvas.rect((left, top + 0.009, right, top + 0.015), SHADOW, 80)
    for x in (left + 0.007, right - 0.018):
        canvas.rect((x, top - 0.014, x + 0.011, top), (172, 104, 78))
        canvas.rect((x + 0.007, top - 0.014, x + 0.011, top), SHADOW, 70)


def paint_wall(canvas: Canvas, part: Part, plan: Plan, dice: Dice) -> None:
    """The wall's material, damp at the foot, in the shadow of a gable's roof."""
    left, top, right, bottom = part.box
    if right - left < 0.12:  # the front of a dormer: too small to show its material
        canvas.rect(part.box, plan.wall)
        return
    x0, y0, x1, y1 = canvas.pixels(part.box)
    shape = (y1 - y0, x1 - x0)
    field = cloudy(shape, dice.table(5, 9), 0.1)
    if plan.style.texture != "plaster":
        courses = _WALLS[plan.style.texture]
        bond = laid(courses, shape, canvas.side, dice.table(31, 23))
        field = weathered(bond, field)
    canvas.texture(part.box, part.outline, field, plan.wall)
    if bottom - top > 0.2:
        canvas.rect((left, bottom - 0.05, right, bottom), SHADOW, 14)
        canvas.rect((left, bottom - 0.022, right, bottom), SHADOW, 34)
    if len(part.outline) == 5:  # a gable lies in the shadow of its roof
        _, *slopes, _ = part.outline
        deeper = [(x, y + 0.022) for x, y in reversed(slopes)]
        canvas.polygon((*slopes, *deeper), SHADOW, 70)


def paint_roof(canvas: Canvas, part: Part, plan: Plan, dice: Dice) -> None:
    """A slope of tiles or slates, lighter towards the ridge, dark above the gutter."""
    left, top, right, bottom = part.box
    ink = _roof_texture(canvas, part, plan, dice)
    (ridge_left, _), (ridge_right, _) = part.outline[:2]
    canvas.rect((ridge_left, top - 0.003, ridge_right, top + 0.004), scaled(ink, 0.8))
    canvas.rect((left, bottom - 0.012, right, bottom), SHADOW, 40)


def paint_verge(canvas: Canvas, part: Part, plan: Plan, dice: Dice) -> None:
    """The edge of a roof over a gable, with a board along its upper side."""
    _roof_texture(canvas, part, plan, dice)
    upper, end = part.outline[:2]
    board = [(x, y + 0.012) for x, y in (end, upper)]
    canvas.polygon((upper, end, *board), plan.style.trim)


def _roof_texture(canvas: Canvas, part: Part, plan: Plan, dice: Dice) -> Colour:
    x0, y0, x1, y1 = canvas.pixels(part.box)
    ink = scaled(plan.style.roof, 1.06 - 0.12 * part.tone)
    courses = TILES if plan.style.texture == "plaster" else SLATES
    tiles = laid(courses, (y1 - y0, x1 - x0), canvas.side, dice.table(29, 37))
    canvas.texture(part.box, part.outline, sunlit(tiles), ink)
    return ink


def paint_moulding(canvas: Canvas, part: Part, plan: Plan, dice: Dice) -> None:
    """A cornice or string course: light above, dark below, and its shadow."""
    left, top, right, bottom = part.box
    high, trim = bottom - top, plan.style.trim
    canvas.rect((left + 0.01, bottom, right, bottom + high * 0.5), SHADOW, 62)
    canvas.rect((left + 0.014, bottom, right, bottom + high * 1.1), SHADOW, 44)
    canvas.rect(part.box, trim)
    canvas.rect((left, top, right, top + high * 0.25), WHITE, 110)
    canvas.rect((left, top + high * 0.6, right, bottom), SHADOW, 38)
    canvas.rect((left, top + high * 0.85, right, bottom), SHADOW, 44)
    if high > 0.02 and plan.style.texture != "panels":
        for x in np.arange(left + 0.006, right - 0.008, 0.017).tolist():
            canvas.rect((x, top + high * 0.55, x + 0.008, bottom), trim)


def paint_coping(canvas: Canvas, part: Part, plan: Plan, dice: Dice) -> None:
    """A stone cap on a gable step, or the small gable of a dormer."""
    left, top, right, bottom = part.box
    canvas.rect((left + 0.006, bottom, right, bottom + 0.012), SHADOW, 70)
    if part.outline:
        canvas.polygon(part.outline, plan.style.trim)
        canvas.polygon(_shaded_half(part), SHADOW, 46)
        return
    canvas.rect(part.box, plan.style.trim)
    canvas.rect((left, top, right, top + (bottom - top) * 0.3), WHITE, 120)


def _shaded_half(part: Part) -> list[tuple[float, float]]:
    """The right half of a triangle, which the sun does not reach."""
    (_, _), (middle, top), (right, bottom) = part.outline
    return [(middle, top), (right, bottom), (middle, bottom)]


def paint_pillar(canvas: Canvas, part: Part, plan: Plan, dice: Dice) -> None:
    """A pilaster with base and capital, lit from the left."""
    left, top, right, bottom = part.box
    wide = right - left
    canvas.rect((right, top, right + wide * 0.4, bottom), SHADOW, 60)
    canvas.rect(part.box, plan.style.trim)
    canvas.rect((left, top, left + wide * 0.25, bottom), WHITE, 100)
    canvas.rect((right - wide * 0.35, top, right, bottom), SHADOW, 34)
    for upper in (top, bottom - 0.022):
        cap: Box = (left - 0.004, upper, right + 0.004, upper + 0.022)
        canvas.rect(cap, plan.style.trim)
        canvas.rect((cap[0], upper + 0.015, cap[2], cap[3]), SHADOW, 60)


def paint_pavement(canvas: Canvas, part: Part, plan: Plan, dice: Dice) -> None:
    """Slabs, the kerb and a strip of road."""
    left, top, right, bottom = part.box
    kerb = top + (bottom - top) * 0.62
    slabs = (left, top, right, kerb)
    x0, y0, x1, y1 = canvas.pixels(slabs)
    field = laid(PAVING, (y1 - y0, x1 - x0), canvas.side, dice.table(7, 19))
    canvas.texture(slabs, (), field, (204, 200, 194))
    canvas.rect((left, top, right, top + 0.008), SHADOW, 70)
    canvas.rect((left, top, right, top + 0.018), SHADOW, 34)
    canvas.rect((left, kerb, right, kerb + 0.008), (226, 224, 218))
    canvas.rect((left, kerb + 0.008, right, bottom), (98, 100, 108))
    canvas.rect((left, kerb + 0.008, right, kerb + 0.016), SHADOW, 90)


def paint_tree(canvas: Canvas, part: Part, plan: Plan, dice: Dice) -> None:
    """A crown of leaf clusters, light on the upper left, over a trunk."""
    left, top, right, bottom = part.box
    leaf = mixed((78, 136, 60), (104, 146, 58), part.tone)
    crown = part.outline[2:] if len(part.outline) == 35 else part.outline
    middle = (left + right) / 2
    for reach in (0.02, 0.05):
        shade = (middle - reach, bottom - 0.007, right + reach, bottom + 0.007)
        canvas.rect(shade, SHADOW, 40)
    canvas.polygon(part.outline, (92, 70, 54))
    canvas.polygon(crown, scaled(leaf, 0.72))
    low = max(y for _, y in crown)
    x, y, wide, high = (left + right) / 2, (top + low) / 2, right - left, low - top
    for lean, light in ((0.0, 0.86), (0.05, 1.0), (0.1, 1.22)):
        ink = scaled(leaf, light)
        for _ in range(18):
            angle, reach = dice.between(0.0, math.tau), dice.share() ** 0.5 * 0.4
            across = (math.cos(angle) * reach - lean) * wide * (1 - lean)
            down = (math.sin(angle) * reach - lean) * high * (1 - lean)
            radius = wide * dice.between(0.045, 0.09)
            canvas.disc((x + across, y + down), radius, ink, 200)
