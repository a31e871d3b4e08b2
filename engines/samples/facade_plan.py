"""Plans a façade: what stands where, from back to front.

The label map and the photo are both drawn from the same plan.
"""

import math
from collections.abc import Iterator

from engines.samples.canvas import Point, inset, mixed
from engines.samples.dice import Dice
from engines.samples.facade_front import ground_floor, upper_floors
from engines.samples.facade_parts import (
    THIN,
    House,
    Part,
    Plan,
    arch,
    bounds_of,
    trapezoid,
)
from engines.samples.facade_styles import STYLES, Style

_BEYOND = 0.12  # how far neighbours go on outside the picture


def plan_facade(seed: int) -> Plan:
    """Think up a house; the same seed gives the same house."""
    dice = Dice(seed, 0)
    style = dice.pick(STYLES)
    house = _measured(dice, style)
    parts = [Part("sky", (0.0, 0.0, 1.0, 1.0))]
    for planned in (_neighbours, _body, upper_floors, ground_floor, _street):
        parts.extend(planned(dice, house))
    return Plan(
        style=style,
        wall=mixed(*style.walls, _wall_share(dice, house)),
        evening=dice.share() ** 2,
        parts=tuple(parts),
    )


def _wall_share(dice: Dice, house: House) -> float:
    """Wide houses have other colours than narrow ones: a learner can see that."""
    fewest, most = house.style.bays
    width = (house.bays - fewest) / (most - fewest)
    return min(1.0, max(0.0, width + dice.between(-0.12, 0.12)))


def _measured(dice: Dice, style: Style) -> House:
    roof = dice.pick(style.roofs)
    count, bays = dice.whole(*style.storeys), dice.whole(*style.bays)
    ground = dice.between(0.885, 0.915)
    pointed = roof in ("gable", "stepped")
    rise = 0.05 if roof == "flat" else dice.between(0.1, 0.15)
    bay = min(0.84 / bays, 0.22)
    # A pointed roof grows with the width of the house below it.
    rise = max(rise, bay * bays * dice.between(0.42, 0.52)) if pointed else rise
    room = ground - rise - dice.between(0.07, 0.12)
    floor = min(room / (count + 0.25), bay * 1.7)
    bay = min(bay, floor * 1.25)
    width = bay * (bays + 0.3)
    left = 0.5 - width / 2 + dice.between(-1.0, 1.0) * min(0.05, (0.93 - width) / 2)
    floors = [ground - floor * (index + 1.25) for index in range(count)]
    return House(
        style=style,
        roof=roof,
        rise=min(rise, width * 0.62) if pointed else rise,
        left=left,
        right=left + width,
        bay=bay,
        bays=bays,
        floors=(*floors, ground),
    )


# Behind and around the house.


def _neighbours(dice: Dice, house: House) -> Iterator[Part]:
    for left, right in ((-_BEYOND, house.left), (house.right, 1 + _BEYOND)):
        if dice.chance(0.2):
            continue
        top = house.ground - dice.between(0.3, 0.62)
        tone = dice.share()
        slope = (left, top, right, top + 0.05)
        yield Part("roof", slope, trapezoid(slope, 0.03), tone)
        yield Part("neighbour", (left, top + 0.05, right, house.ground), tone=tone)
        step, middle = dice.between(0.11, 0.14), (left + right) / 2
        columns = max(0, int((right - left) / 0.09 - 0.4))
        rows = int((house.ground - top - 0.1) / step)
        for row in range(rows):
            y = top + 0.085 + row * step
            for column in range(columns):
                x = middle + (column - (columns - 1) / 2) * 0.09
                box = (x - 0.018, y, x + 0.018, y + step * 0.5)
                yield Part("far window", box, tone=dice.share())


# Wall and roof.


def _body(dice: Dice, house: House) -> Iterator[Part]:
    if house.style.chimneys and house.roof != "stepped":
        yield from _chimneys(dice, house)
    wall = (house.left, house.eaves, house.right, house.ground)
    roofs = {
        "flat": _flat_roof,
        "eaves": _sloping_roof,
        "mansard": _sloping_roof,
        "gable": _gable,
        "stepped": _stepped_gable,
    }
    if house.roof in ("flat", "eaves", "mansard"):
        yield Part("wall", wall)
    yield from roofs[house.roof](dice, house)
    if dice.chance(house.style.pillars):
        wide = max(THIN, house.bay * 0.13)
        for x in (house.left, house.right - wide):
            yield Part("pillar", (x, house.eaves, x + wide, house.ground))


def _chimneys(dice: Dice, house: House) -> Iterator[Part]:
    width = house.right - house.left
    for _ in range(dice.whole(0, house.style.chimneys)):
        x = house.left + width * dice.between(0.16, 0.8)
        # A gable falls away from its middle, and its chimneys with it.
        off = abs(x - house.left - width / 2) / (width / 2)
        ridge = house.rise * (1 - off if house.roof == "gable" else 1)
        top = house.eaves - ridge - dice.between(0.035, 0.06)
        yield Part("chimney", (x, top, x + 0.045, house.eaves), tone=dice.share())


def _flat_roof(dice: Dice, house: House) -> Iterator[Part]:
    width = house.right - house.left
    if dice.chance(0.4):
        # A set-back top floor.
        left = house.left + width * dice.between(0.1, 0.3)
        right = house.right - width * dice.between(0.1, 0.3)
        top = house.eaves - house.rise
        yield Part("wall", (left, top, right, house.eaves))
        yield Part("window", inset((left, top, right, house.eaves), 0.015, 0.012))
        yield Part("cornice", (left - 0.01, top - THIN, right + 0.01, top))
    edge = (house.left - 0.008, house.eaves - 0.022, house.right + 0.008, house.eaves)
    yield Part("cornice", edge)


def _sloping_roof(dice: Dice, house: House) -> Iterator[Part]:
    steep = house.roof == "mansard"
    over = 0.012 if steep else 0.022
    top = house.eaves - house.rise
    slope = (house.left - over, top, house.right + over, house.eaves)
    slant = house.rise * (0.2 if steep else dice.between(0.35, 0.8))
    yield Part("roof", slope, trapezoid(slope, slant))
    every = 1 if steep else 2
    if steep or dice.chance(0.6):
        for column in range(dice.whole(0, every - 1), house.bays, every):
            yield from _dormer(dice, house, house.column(column), steep)
    bottom = house.eaves + (0.024 if steep else THIN)
    yield Part("cornice", (slope[0], house.eaves, slope[2], bottom))


def _dormer(dice: Dice, house: House, x: float, steep: bool) -> Iterator[Part]:
    half = min(house.bay * 0.24, 0.032)
    bottom = house.eaves - house.rise * 0.12
    top = bottom - house.rise * (0.6 if steep else 0.42)
    hood = (x - half * 1.5, top - half * 0.7, x + half * 1.5, top)
    yield Part("wall", (x - half * 1.2, top, x + half * 1.2, bottom))
    yield Part(
        "window", (x - half * 0.8, top, x + half * 0.8, bottom), (), dice.share()
    )
    ridge = ((hood[0], top), (x, hood[1]), (hood[2], top))
    yield Part("coping", hood, ridge)


def _gable(dice: Dice, house: House) -> Iterator[Part]:
    left, right, eaves = house.left, house.right, house.eaves
    middle, top = (left + right) / 2, eaves - house.rise
    box = (left, top, right, house.ground)
    corners = ((left, house.ground), (left, eaves), (middle, top), (right, eaves))
    yield Part("wall", box, (*corners, (right, house.ground)))
    over, thick, lap = 0.03, 0.042, 0.006  # it laps over the wall, or sky shows through
    drop = over * house.rise / (right - middle)
    for side, end in ((-1, left - over), (1, right + over)):
        verge = (
            (middle, top - thick),
            (end, eaves + drop - thick),
            (end, eaves + drop + lap),
            (middle, top + lap),
        )
        bounds = (min(middle, end), top - thick, max(middle, end), eaves + drop + lap)
        yield Part("verge", bounds, verge, tone=0.25 if side < 0 else 0.75)
    yield from _attic(dice, house)


def _stepped_gable(dice: Dice, house: House) -> Iterator[Part]:
    left, right, eaves = house.left, house.right, house.eaves
    steps = dice.whole(3, 5)
    run, rise = (right - left) / (2 * steps + 1), house.rise / steps
    edge = [(left, house.ground), (left, eaves)]
    caps = []
    for step in range(1, steps + 1):
        x, y = left + run * step, eaves - rise * step
        edge += [(x, edge[-1][1]), (x, y)]
        caps.append((left + run * step, y))
    wall = edge + [(left + right - x, y) for x, y in reversed(edge)]
    yield Part("wall", (left, eaves - house.rise, right, house.ground), tuple(wall))
    for index, (x, y) in enumerate([(left, eaves), *caps]):
        last = index == steps
        for start in (x,) if last else (x, left + right - x - run):
            box = (start - 0.006, y - THIN / 2, start + run + 0.006, y + THIN / 2)
            yield Part("coping", box)
    yield from _attic(dice, house)


def _attic(dice: Dice, house: House) -> Iterator[Part]:
    middle = (house.left + house.right) / 2
    half = min(house.bay * 0.24, house.rise * 0.16)
    y = house.eaves - house.rise * 0.36
    box = (middle - half, y - half * 1.3, middle + half, y + half * 1.3)
    yield Part("window", box, arch(box, half) if dice.chance(0.6) else ())
    if house.roof == "gable" or dice.chance(0.5):
        edge = house.eaves + THIN / 2
        yield Part("cornice", (house.left, edge - THIN, house.right, edge))


# In front of the house.


def _street(dice: Dice, house: House) -> Iterator[Part]:
    yield Part("pavement", (0.0, house.ground, 1.0, 1.0))
    for left, right in ((0.02, house.left + 0.03), (house.right - 0.03, 0.98)):
        if right - left > 0.07 and dice.chance(0.5):
            yield _tree(dice, (left + right) / 2, house)
        elif dice.chance(0.25):
            x = dice.between(left, right)
            yield _bush(dice, x, house.ground)


def _tree(dice: Dice, x: float, house: House) -> Part:
    radius = dice.between(0.075, 0.11)
    foot = house.ground + 0.03
    y = foot - radius - dice.between(0.1, 0.22)
    trunk = ((x + 0.012, foot), (x - 0.012, foot))
    crown = _lumps(dice, (x, y), radius, 1.2)
    outline = (*trunk, *crown)
    return Part("tree", bounds_of(outline), outline, dice.share())


def _bush(dice: Dice, x: float, ground: float) -> Part:
    radius = dice.between(0.03, 0.05)
    outline = _lumps(dice, (x, ground - radius * 0.4), radius, 0.9)
    outline = tuple((px, min(py, ground + 0.02)) for px, py in outline)
    return Part("tree", bounds_of(outline), outline, dice.share())


def _lumps(dice: Dice, centre: Point, radius: float, tall: float) -> tuple[Point, ...]:
    """A round shape with bulges, starting at its lowest point, anticlockwise left."""
    lobes, phase = dice.whole(5, 8), dice.between(0.0, math.tau)
    points = []
    for step in range(33):
        angle = math.pi / 2 + math.tau * (step + 0.5) / 33
        reach = radius * (1 + 0.1 * math.sin(lobes * angle + phase))
        x, y = math.cos(angle) * reach, math.sin(angle) * reach * tall
        points.append((centre[0] + x, centre[1] + y))
    return tuple(points)
