"""Plans the openings of a façade: windows, balconies, doors and shops."""

from collections.abc import Iterator
from dataclasses import dataclass

from engines.samples.dice import Dice
from engines.samples.facade_parts import THIN, House, Part, arch, trapezoid

# Windows, doors, shops.


@dataclass(frozen=True, slots=True)
class _Opening:
    """How the windows of a house look: shares of the bay and the storey."""

    width: float
    height: float
    arched: bool
    shutters: bool
    planters: bool


def upper_floors(dice: Dice, house: House) -> Iterator[Part]:
    """Mouldings, windows and balconies of every storey above the ground floor."""
    style = house.style
    opening = _Opening(
        width=dice.between(*style.window_width),
        height=dice.between(*style.window_height),
        arched=dice.chance(style.arched),
        shutters=dice.chance(style.shutters),
        planters=dice.chance(0.0 if style.railing == "glass" else 0.3),
    )
    courses = dice.chance(style.string_courses)
    for index in range(1, len(house.floors) - 1):
        top, bottom = house.storey(index)
        if courses or index == 1:
            band = max(THIN, (bottom - top) * 0.08)
            yield Part("cornice", (house.left, bottom - band, house.right, bottom))
        balconies = _balcony_columns(dice, house)
        for column in range(house.bays):
            has_balcony = column in balconies
            yield from _window(dice, house, index, column, opening, has_balcony)
        yield from _balconies(house, index, balconies)


def _balcony_columns(dice: Dice, house: House) -> list[int]:
    """Columns of one storey that share balconies; symmetric more often than not."""
    if not dice.chance(house.style.balconies):
        return []
    middle = house.bays // 2
    choices = (
        list(range(house.bays)),
        list(range(house.bays)),
        [middle],
        sorted({0, house.bays - 1}),
        list(range(middle)),
    )
    return dice.pick(choices)


def _window(
    dice: Dice,
    house: House,
    storey: int,
    column: int,
    opening: _Opening,
    has_balcony: bool,
) -> Iterator[Part]:
    top, bottom = house.storey(storey)
    high, half = bottom - top, house.bay * opening.width / 2
    x = house.column(column)
    upper = top + high * (0.9 - opening.height) * 0.62
    lower = bottom - high * 0.08 if has_balcony else upper + high * opening.height
    box = (x - half, upper, x + half, lower)
    outline = arch(box, half * 0.8) if opening.arched else ()
    yield Part("window", box, outline, dice.share())
    if opening.shutters and not has_balcony:
        leaf, gap = max(THIN, half * 0.85), 0.002
        shut = upper + (half * 0.8 if opening.arched else 0.0)
        for left in (x - half - leaf - gap, x + half + gap):
            yield Part("shutter", (left, shut, left + leaf, lower), (), dice.share())
    if not has_balcony:
        thick = max(THIN, high * 0.06)
        kind = "planter" if opening.planters and dice.chance(0.6) else "sill"
        over = half * 0.16
        sill = (box[0] - over, lower, box[2] + over, lower + thick)
        yield Part(kind, sill, (), dice.share())


def _balconies(house: House, storey: int, columns: list[int]) -> Iterator[Part]:
    """Railings before the windows of *columns*; neighbouring ones are one balcony."""
    top, bottom = house.storey(storey)
    rail = bottom - (bottom - top) * 0.4
    starts = [c for c in columns if c - 1 not in columns]
    ends = [c for c in columns if c + 1 not in columns]
    for start, end in zip(starts, ends, strict=True):
        left = house.column(start) - house.bay * 0.44
        right = house.column(end) + house.bay * 0.44
        yield Part("balcony", (left, rail, right, bottom))


def ground_floor(dice: Dice, house: House) -> Iterator[Part]:
    """The door, and windows or shop fronts beside it."""
    door = dice.whole(0, house.bays - 1)
    has_shop = house.bays > 1 and dice.chance(house.style.shop)
    arched = dice.chance(house.style.arched + 0.2)
    if has_shop:
        for start, end in ((0, door), (door + 1, house.bays)):
            if start < end:
                yield from _shop(dice, house, start, end)
    else:
        for column in range(house.bays):
            if column != door:
                yield from _ground_window(dice, house, column, arched)
    yield _door(dice, house, door, arched)


def _door(dice: Dice, house: House, column: int, arched: bool) -> Part:
    top, bottom = house.storey(0)
    half = min(house.bay * 0.3, (bottom - top) * 0.3)
    x, upper = house.column(column), top + (bottom - top) * 0.22
    box = (x - half, upper, x + half, bottom)
    return Part("door", box, arch(box, half) if arched else (), dice.share())


def _ground_window(
    dice: Dice, house: House, column: int, arched: bool
) -> Iterator[Part]:
    top, bottom = house.storey(0)
    high, x, half = bottom - top, house.column(column), house.bay * 0.25
    box = (x - half, top + high * 0.24, x + half, bottom - high * 0.36)
    yield Part("window", box, arch(box, half) if arched else (), dice.share())
    yield Part("sill", (box[0] - 0.006, box[3], box[2] + 0.006, box[3] + THIN))


def _shop(dice: Dice, house: House, start: int, end: int) -> Iterator[Part]:
    """A shop front over the columns from *start* up to, not including, *end*."""
    top, bottom = house.storey(0)
    left = house.column(start) - house.bay * 0.42
    right = house.column(end - 1) + house.bay * 0.42
    upper = top + (bottom - top) * 0.16
    yield Part("shop", (left, upper, right, bottom), (), dice.share())
    if dice.chance(0.65):
        fascia = upper + (bottom - upper) * 0.2
        awning = (left - 0.008, fascia, right + 0.008, fascia + (bottom - upper) * 0.26)
        yield Part("awning", awning, trapezoid(awning, 0.012), dice.share())
