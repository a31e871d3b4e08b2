"""Paints the houses and trees of a landscape."""

from engines.samples.canvas import Canvas, Colour, mixed, scaled
from engines.samples.landscape_hours import Hour
from engines.samples.landscape_scene import House, Tree

_WHITE: Colour = (255, 255, 255)
_TRUNK: Colour = (122, 88, 62)
_DOOR: Colour = (124, 78, 56)
_OVERHANG = 0.018  # of a roof


def paint_house(canvas: Canvas, house: House, hour: Hour) -> None:
    """Walls, roof, chimney, door and windows, and the shadow on the grass."""
    (x, ground), eaves, peak = house.corner, house.eaves, house.peak
    middle, edge, end = x + house.gable / 2, house.edge, house.end
    wall = hour.ink(house.wall)
    below = ground + 0.02
    shadow = [(x, ground), (x - 0.02, below), (end, below), (end, ground)]
    canvas.polygon(shadow, hour.ink((50, 70, 60)), 90)
    left = edge + house.side * 0.55
    chimney = (left, peak - 0.035, left + 0.024, eaves)
    canvas.rect(chimney, hour.ink((176, 102, 84)))
    canvas.rect((edge, eaves, end, ground), scaled(wall, 0.84))
    front = [(x, ground), (x, eaves), (middle, peak), (edge, eaves), (edge, ground)]
    canvas.polygon(front, wall)
    _roof(canvas, house, hour.ink(house.roof))
    _door_and_windows(canvas, house, hour)


def _roof(canvas: Canvas, house: House, ink: Colour) -> None:
    """The slope over the long wall, and the edge of the one behind the gable."""
    left, middle = house.corner[0], house.corner[0] + house.gable / 2
    eaves, peak = house.eaves, house.peak
    ridge = [(middle, peak), (house.end - house.gable / 2, peak)]
    foot = eaves + _OVERHANG
    slope = [*ridge, (house.end + _OVERHANG, foot), (house.edge + 0.01, foot)]
    canvas.polygon(slope, ink)
    verge = [(middle, peak - 0.012), (middle, peak + _OVERHANG)]
    for y in (eaves + 0.03, eaves + 0.007):
        verge.append((left - _OVERHANG, y))
    canvas.polygon(verge, scaled(ink, 1.15))


def _door_and_windows(canvas: Canvas, house: House, hour: Hour) -> None:
    x, ground = house.corner
    edge, eaves = house.edge, house.eaves
    high = house.height * 0.36
    door = (x + house.gable * 0.34, ground - house.height * 0.56)
    canvas.rect((*door, x + house.gable * 0.66, ground), hour.ink(_DOOR))
    attic = eaves - house.gable * 0.2
    canvas.disc((x + house.gable / 2, attic), house.gable * 0.13, hour.glass)
    for share in (0.3, 0.72):
        middle, half = edge + house.side * share, house.side * 0.15
        top = eaves + house.height * 0.3
        box = (middle - half, top, middle + half, top + high)
        frame = box[0] - 0.006, box[1] - 0.006, box[2] + 0.006, box[3] + 0.006
        if hour.is_night:
            for reach in (0.85, 1.15, 1.5):
                canvas.disc((middle, top + high / 2), high * reach, hour.glass, 22)
        canvas.rect(frame, hour.ink(_WHITE))
        canvas.rect(box, hour.glass)
        canvas.rect((middle - 0.003, top, middle + 0.003, box[3]), hour.ink(_WHITE))


def paint_round_tree(canvas: Canvas, tree: Tree, hour: Hour) -> None:
    """A crown of discs, light on the upper left, over a trunk."""
    (x, y), high = tree.foot, tree.height
    crown = hour.ink(tree.colour)
    _shadow(canvas, tree, hour)
    canvas.rect((x - high * 0.05, y - high * 0.5, x + high * 0.05, y), hour.ink(_TRUNK))
    parts = ((-0.2, 0.5, 0.22), (0.2, 0.52, 0.21), (0.0, 0.72, 0.27), (0.02, 0.5, 0.24))
    for ink, lean, share in (
        (scaled(crown, 0.78), 0.0, 1.0),
        (crown, 0.03, 0.86),
        (scaled(crown, 1.18), 0.08, 0.5),
    ):
        for dx, up, radius in parts:
            centre = x + (dx - lean) * high, y - (up + lean) * high
            canvas.disc(centre, radius * high * share, ink)


def paint_pine(canvas: Canvas, tree: Tree, hour: Hour) -> None:
    """Three tiers of needles, their right side in the shade."""
    (x, y), high = tree.foot, tree.height
    green = hour.ink(mixed(tree.colour, (40, 112, 84), 0.75))
    _shadow(canvas, tree, hour)
    canvas.rect((x - high * 0.04, y - high * 0.2, x + high * 0.04, y), hour.ink(_TRUNK))
    for low, top, half in ((0.14, 0.6, 0.27), (0.36, 0.82, 0.22), (0.58, 1.05, 0.16)):
        foot, tip = y - low * high, (x, y - top * high)
        left, right = (x - half * high, foot), (x + half * high, foot)
        canvas.polygon([left, tip, right], scaled(green, 0.8))
        canvas.polygon([left, tip, (x + 0.04 * high, foot)], green)


def _shadow(canvas: Canvas, tree: Tree, hour: Hour) -> None:
    (x, y), half = tree.foot, tree.height * 0.24
    outline = [(x - half, y), (x, y - 0.012), (x + half, y), (x, y + 0.014)]
    canvas.polygon(outline, hour.ink((40, 70, 50)), 90)
