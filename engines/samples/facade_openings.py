"""How the openings of a façade are painted: windows, doors, balconies, shops."""

from collections.abc import Callable

import numpy as np

from engines.samples.canvas import (
    SHADOW,
    Box,
    Canvas,
    Colour,
    Point,
    inset,
    mixed,
    refitted,
    scaled,
)
from engines.samples.dice import Dice
from engines.samples.facade_parts import Part, Plan

WHITE: Colour = (255, 255, 255)
_GLASS: Colour = (62, 82, 108)
_MIRRORED: Colour = (168, 200, 232)
_LAMP: Colour = (255, 206, 128)
_IRON: Colour = (38, 40, 46)


def _shape(part: Part, box: Box) -> list[Point]:
    """The part's outline fitted to *box*."""
    left, top, right, bottom = box
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    return refitted(part.outline, part.box, box) if part.outline else list(corners)


def paint_window(canvas: Canvas, part: Part, plan: Plan, dice: Dice) -> None:
    """Surround, frame, glass, curtains, bars and the shadow of the reveal."""
    style = plan.style
    left, top, right, bottom = part.box
    wide, high = right - left, bottom - top
    if style.surrounds:
        edge = min(0.009, wide * 0.16)
        around = (left - edge, top - edge * 1.3, right + edge, bottom)
        canvas.polygon(_shape(part, around), style.trim)
        if not part.outline:  # a lintel, wider than the opening
            lintel = (left - edge * 1.7, top - edge * 1.9, right + edge * 1.7, top)
            canvas.rect(lintel, scaled(style.trim, 1.03))
    canvas.polygon(_shape(part, part.box), style.frame)
    rim = min(0.006, wide * 0.09)
    pane = inset(part.box, rim, rim)
    _paint_glass(canvas, part, pane, plan)
    _paint_bars(canvas, part, pane, plan)
    # The glass lies deep in the wall: the upper and left edges shade it.
    spring = top + high * 0.3 if part.outline else top
    canvas.rect((left, spring, left + wide * 0.1, bottom), SHADOW, 70)
    if not part.outline:
        canvas.rect((left, top, right, top + high * 0.1), SHADOW, 90)


def _paint_glass(canvas: Canvas, part: Part, pane: Box, plan: Plan) -> None:
    left, top, right, bottom = pane
    wide, high = right - left, bottom - top
    lit = part.tone < 0.05 + 0.1 * plan.evening
    glass = _LAMP if lit else _GLASS
    canvas.polygon(_shape(part, pane), scaled(glass, 0.9))
    lower = top + high * (0.3 if part.outline else 0.0)
    # The sky is mirrored in the upper part, the street in the lower.
    for share, alpha in ((0.55, 40), (0.25, 46)):
        canvas.rect((left, lower, right, lower + high * share), _MIRRORED, alpha)
    if part.tone > 0.5:  # curtains
        drawn = wide * (0.16 + 0.16 * part.tone)
        for edge in ((left, left + drawn), (right - drawn, right)):
            canvas.rect((edge[0], lower, edge[1], bottom), (236, 230, 220), 150)
    elif 0.3 < part.tone < 0.42:  # a blind, half down
        canvas.rect((left, lower, right, lower + high * 0.4), (232, 226, 212), 190)
    glint = ((left + wide * 0.2, bottom), (left + wide * 0.42, bottom))
    upper = ((left + wide * 0.85, lower), (left + wide * 0.62, lower))
    canvas.polygon((*glint, *upper), WHITE, 34)


def _paint_bars(canvas: Canvas, part: Part, pane: Box, plan: Plan) -> None:
    left, top, right, bottom = pane
    wide, high = right - left, bottom - top
    bar = min(0.004, wide * 0.07)
    columns, rows = {
        "cross": ((0.5,), (0.32,)),
        "grid": ((0.333, 0.667), (0.25, 0.5, 0.75)),
        "casement": ((0.5,), (0.5,)),
        "single": ((0.5,) if wide > 0.06 else (), ()),
    }[plan.style.panes]
    frame = plan.style.frame
    for share in columns:
        x = left + wide * share
        canvas.rect((x - bar / 2, top, x + bar / 2, bottom), frame)
    for share in rows:
        y = top + high * share
        canvas.rect((left, y - bar / 2, right, y + bar / 2), frame)


def paint_sill(canvas: Canvas, part: Part, plan: Plan, dice: Dice) -> None:
    """A ledge of stone that throws a shadow."""
    left, top, right, bottom = part.box
    high = bottom - top
    canvas.rect((left + 0.006, bottom, right + 0.006, bottom + high * 0.8), SHADOW, 66)
    canvas.rect(part.box, scaled(plan.style.trim, 0.9))
    canvas.rect((left, top, right, top + high * 0.55), scaled(plan.style.trim, 1.03))


def paint_planter(canvas: Canvas, part: Part, plan: Plan, dice: Dice) -> None:
    """A box of leaves and flowers in place of a sill."""
    left, top, right, bottom = part.box
    high = bottom - top
    canvas.rect((left + 0.005, bottom, right + 0.005, bottom + high * 0.7), SHADOW, 66)
    canvas.rect((left, top + high * 0.5, right, bottom), (132, 84, 58))
    canvas.rect((left, top, right, top + high * 0.6), (70, 120, 58))
    bloom = mixed((232, 74, 84), (246, 132, 150), part.tone)
    for x in np.arange(left + 0.004, right - 0.002, 0.008).tolist():
        y = top + high * dice.between(0.05, 0.5)
        canvas.disc((x, y), 0.0035, bloom)


def paint_shutter(canvas: Canvas, part: Part, plan: Plan, dice: Dice) -> None:
    """A leaf of slats, open against the wall."""
    left, top, right, bottom = part.box
    paint = scaled(plan.style.shutter, 0.95 + 0.1 * part.tone)
    canvas.rect((right, top + 0.005, right + 0.005, bottom + 0.005), SHADOW, 80)
    canvas.rect(part.box, paint)
    field = inset(part.box, (right - left) * 0.18, 0.006)
    canvas.rect(field, scaled(paint, 0.84))
    slat = scaled(paint, 1.12)
    for y in np.arange(field[1], field[3] - 0.004, 0.0085).tolist():
        canvas.rect((field[0], y, field[2], y + 0.004), slat)
    canvas.rect((left, top, left + (right - left) * 0.1, bottom), WHITE, 46)


def paint_balcony(canvas: Canvas, part: Part, plan: Plan, dice: Dice) -> None:
    """A slab with a railing in front of what stands behind it."""
    left, top, right, bottom = part.box
    high = bottom - top
    slab = bottom - max(0.01, high * 0.2)
    canvas.polygon(
        (
            (left + 0.008, bottom),
            (right, bottom),
            (right + 0.016, bottom + 0.036),
            (left + 0.024, bottom + 0.036),
        ),
        SHADOW,
        84,
    )
    _RAILINGS[plan.style.railing](canvas, (left + 0.004, top, right - 0.004, slab))
    canvas.rect((left, slab, right, bottom), plan.style.trim)
    canvas.rect((left, slab + (bottom - slab) * 0.6, right, bottom), SHADOW, 60)


def _iron_railing(canvas: Canvas, box: Box) -> None:
    left, top, right, bottom = box
    canvas.rect(box, _IRON, 60)  # scrolls too fine to draw
    for x in np.arange(left, right, 0.0095).tolist():
        canvas.rect((x, top, min(x + 0.0036, right), bottom), _IRON, 235)
    for y in (top, bottom - 0.008):
        canvas.rect((left - 0.002, y, right + 0.002, y + 0.005), _IRON)


def _stone_railing(canvas: Canvas, box: Box) -> None:
    left, top, right, bottom = box
    canvas.rect(box, SHADOW, 90)
    for x in np.arange(left + 0.003, right - 0.006, 0.014).tolist():
        canvas.rect((x, top, x + 0.008, bottom), (246, 244, 238))
    canvas.rect((left - 0.004, top, right + 0.004, top + 0.009), (252, 250, 246))


def _glass_railing(canvas: Canvas, box: Box) -> None:
    left, top, right, bottom = box
    canvas.rect(box, (176, 212, 220), 120)
    third = (right - left) / 3
    shine = ((left + third, top), (left + third * 1.6, top))
    foot = ((left + third * 1.1, bottom), (left + third * 0.5, bottom))
    canvas.polygon((*shine, *foot), WHITE, 60)
    canvas.rect((left - 0.004, top, right + 0.004, top + 0.005), (70, 74, 80))


_RAILINGS: dict[str, Callable[[Canvas, Box], None]] = {
    "iron": _iron_railing,
    "stone": _stone_railing,
    "glass": _glass_railing,
}


def paint_door(canvas: Canvas, part: Part, plan: Plan, dice: Dice) -> None:
    """Surround, leaf with panels, a light above, a knob and a step."""
    style = plan.style
    left, top, right, bottom = part.box
    wide, high = right - left, bottom - top
    edge = min(0.012, wide * 0.14)
    around = (left - edge, top - edge * 1.2, right + edge, bottom)
    canvas.polygon(_shape(part, around), style.trim)
    canvas.rect((left, bottom - 0.008, right + edge * 2, bottom), SHADOW, 50)
    paint = style.doors[int(part.tone * len(style.doors))]
    canvas.polygon(_shape(part, part.box), paint)
    rim = wide * 0.12
    light = (left + rim, top + high * 0.06, right - rim, top + high * 0.26)
    canvas.polygon(_shape(part, light), (150, 178, 200))
    for x in (left + wide * 0.14, left + wide * 0.55):
        for upper, lower in ((0.36, 0.6), (0.66, 0.92)):
            panel = (x, top + high * upper, x + wide * 0.31, top + high * lower)
            canvas.rect(panel, scaled(paint, 0.72))
            canvas.rect(inset(panel, 0.003, 0.003), scaled(paint, 1.22))
    canvas.disc((right - wide * 0.5, top + high * 0.63), 0.004, (228, 190, 96))
    canvas.rect((left, top + high * 0.3, left + wide * 0.09, bottom), SHADOW, 90)
    step = (left - edge * 1.6, bottom - 0.011, right + edge * 1.6, bottom)
    canvas.rect(step, (214, 210, 204))
    canvas.rect((step[0], bottom - 0.004, step[2], bottom), SHADOW, 70)


def paint_shop(canvas: Canvas, part: Part, plan: Plan, dice: Dice) -> None:
    """A painted front with a sign, and a warm display behind glass."""
    left, top, right, bottom = part.box
    high, paint = bottom - top, plan.style.awning
    canvas.rect((right, top, right + 0.006, bottom), SHADOW, 70)
    canvas.rect(part.box, paint)
    sign = top + high * 0.19
    ledge = (left - 0.004, top, right + 0.004, top + high * 0.035)
    canvas.rect(ledge, scaled(paint, 1.35))
    canvas.rect((left, sign - high * 0.025, right, sign), SHADOW, 90)
    _paint_sign(canvas, (left, top + high * 0.06, right, sign - high * 0.045), dice)
    panes = max(1, round((right - left) / 0.14))
    step = (right - left) / panes
    for index in range(panes):
        x = left + step * index
        glass = (x + 0.008, sign + high * 0.04, x + step - 0.008, bottom - high * 0.17)
        _paint_display(canvas, glass, dice)
    canvas.rect((left, bottom - high * 0.03, right, bottom), SHADOW, 90)


def _paint_sign(canvas: Canvas, box: Box, dice: Dice) -> None:
    """Strokes that look like lettering from across the street."""
    left, top, right, bottom = box
    x, end = left + (right - left) * 0.26, left + (right - left) * 0.74
    while x < end:
        wide = dice.between(0.006, 0.011)
        if dice.chance(0.86):
            canvas.rect((x, top, min(x + wide, end), bottom), (250, 236, 198))
        x += wide + 0.004


def _paint_display(canvas: Canvas, glass: Box, dice: Dice) -> None:
    left, top, right, bottom = glass
    wide, high = right - left, bottom - top
    canvas.rect(glass, (88, 84, 92))
    canvas.rect((left, top, right, top + high * 0.55), (255, 206, 140), 66)
    canvas.rect((left, top, right, top + high * 0.25), (255, 220, 160), 90)
    wares = ((206, 92, 70), (232, 188, 96), (104, 140, 150), (236, 226, 210))
    for x in np.arange(left + 0.006, right - 0.016, 0.021).tolist():
        size = high * dice.between(0.16, 0.38)
        canvas.rect((x, bottom - size, x + 0.013, bottom), dice.pick(wares))
    canvas.polygon(
        (
            (left + wide * 0.1, bottom),
            (left + wide * 0.3, bottom),
            (left + wide * 0.65, top),
            (left + wide * 0.45, top),
        ),
        WHITE,
        38,
    )


def paint_awning(canvas: Canvas, part: Part, plan: Plan, dice: Dice) -> None:
    """Stripes of cloth over a shop, with a valance and its shadow."""
    left, top, right, bottom = part.box
    wide, high = right - left, bottom - top
    canvas.rect((left + 0.014, bottom, right + 0.004, bottom + 0.02), SHADOW, 96)
    stripes = max(5, round(wide / 0.022) | 1)
    slant = part.outline[0][0] - left
    cloth = mixed(plan.style.awning, (214, 64, 54), 0.35)
    step, upper = wide / stripes, (wide - 2 * slant) / stripes
    for index in range(stripes):
        x, u = left + step * index, left + slant + upper * index
        ink = cloth if index % 2 == 0 else (250, 246, 238)
        stripe = ((u, top), (u + upper, top), (x + step, bottom), (x, bottom))
        canvas.polygon(stripe, ink)
    canvas.rect((left, bottom - high * 0.26, right, bottom), SHADOW, 44)
