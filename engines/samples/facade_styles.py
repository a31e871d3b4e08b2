"""The kinds of house that the façade set knows.

A kind ties materials to shapes: mansard roofs stand on limestone, shutters hang on
yellow plaster, steps crown brick gables. So most of a photo can be told from its
label map, which gives a learner a fair chance; what is left to luck is small.
"""

from dataclasses import dataclass
from typing import Literal

from engines.samples.canvas import Colour

Roof = Literal["flat", "eaves", "mansard", "gable", "stepped"]
Texture = Literal["brick", "plaster", "ashlar", "boards", "panels"]
Panes = Literal["cross", "grid", "casement", "single"]
Railing = Literal["iron", "stone", "glass"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Style:
    """One kind of house: its shapes, then its materials.

    Attributes:
        roofs: Roofs it may have.
        storeys: Fewest and most storeys.
        bays: Fewest and most window columns.
        window_width: Share of a bay, from and to.
        window_height: Share of a storey, from and to.
        arched: Chance of arched windows.
        shutters: Chance of shutters.
        balconies: Chance that a storey has balconies.
        string_courses: Chance of a moulding under every storey.
        pillars: Chance of pilasters on both edges.
        shop: Chance of a shop on the ground floor.
        chimneys: Most chimneys.
        panes: How windows are divided.
        railing: What balconies are railed with.
        surrounds: True where windows have a frame of stone around them.
        texture: What the wall is made of.
        walls: Colours that the wall is mixed from.
        roof: Colour of the roof.
        trim: Colour of mouldings, sills and surrounds.
        frame: Colour of window frames.
        shutter: Colour of shutters.
        doors: Colours that the door is picked from.
        awning: Colour of awnings and shop fronts.
    """

    roofs: tuple[Roof, ...]
    storeys: tuple[int, int]
    bays: tuple[int, int]
    window_width: tuple[float, float]
    window_height: tuple[float, float]
    arched: float
    shutters: float
    balconies: float
    string_courses: float
    pillars: float
    shop: float
    chimneys: int
    panes: Panes
    railing: Railing
    surrounds: bool
    texture: Texture
    walls: tuple[Colour, Colour]
    roof: Colour
    trim: Colour
    frame: Colour
    shutter: Colour
    doors: tuple[Colour, ...]
    awning: Colour


BRICK = Style(
    roofs=("stepped", "stepped", "eaves"),
    storeys=(2, 5),
    bays=(2, 5),
    window_width=(0.44, 0.54),
    window_height=(0.56, 0.66),
    arched=0.4,
    shutters=0.0,
    balconies=0.0,
    string_courses=0.5,
    pillars=0.0,
    shop=0.35,
    chimneys=2,
    panes="grid",
    railing="iron",
    surrounds=True,
    texture="brick",
    walls=((208, 152, 104), (168, 82, 64)),
    roof=(96, 102, 116),
    trim=(232, 222, 204),
    frame=(248, 245, 238),
    shutter=(60, 90, 80),
    doors=((34, 78, 68), (36, 56, 98)),
    awning=(38, 92, 80),
)

PLASTER = Style(
    roofs=("eaves",),
    storeys=(2, 5),
    bays=(2, 6),
    window_width=(0.36, 0.42),
    window_height=(0.52, 0.64),
    arched=0.15,
    shutters=1.0,
    balconies=0.2,
    string_courses=0.2,
    pillars=0.0,
    shop=0.4,
    chimneys=1,
    panes="casement",
    railing="iron",
    surrounds=True,
    texture="plaster",
    walls=((248, 208, 132), (240, 170, 132)),
    roof=(204, 106, 68),
    trim=(252, 240, 214),
    frame=(250, 242, 226),
    shutter=(52, 124, 112),
    doors=((122, 74, 44), (104, 60, 38)),
    awning=(206, 74, 58),
)

LIMESTONE = Style(
    roofs=("mansard",),
    storeys=(3, 6),
    bays=(3, 7),
    window_width=(0.42, 0.5),
    window_height=(0.64, 0.74),
    arched=0.25,
    shutters=0.0,
    balconies=0.5,
    string_courses=1.0,
    pillars=0.5,
    shop=0.55,
    chimneys=3,
    panes="cross",
    railing="iron",
    surrounds=True,
    texture="ashlar",
    walls=((242, 230, 206), (228, 208, 176)),
    roof=(104, 116, 138),
    trim=(246, 236, 214),
    frame=(246, 244, 238),
    shutter=(150, 150, 150),
    doors=((40, 70, 82), (52, 60, 58)),
    awning=(44, 62, 112),
)

TIMBER = Style(
    roofs=("gable",),
    storeys=(2, 4),
    bays=(2, 5),
    window_width=(0.42, 0.52),
    window_height=(0.5, 0.6),
    arched=0.0,
    shutters=0.0,
    balconies=0.15,
    string_courses=0.15,
    pillars=0.8,
    shop=0.25,
    chimneys=1,
    panes="cross",
    railing="stone",
    surrounds=True,
    texture="boards",
    walls=((232, 196, 120), (132, 184, 196)),
    roof=(96, 84, 92),
    trim=(250, 250, 246),
    frame=(252, 252, 250),
    shutter=(70, 90, 110),
    doors=((206, 82, 56), (190, 66, 54)),
    awning=(226, 150, 52),
)

MODERN = Style(
    roofs=("flat",),
    storeys=(3, 7),
    bays=(2, 6),
    window_width=(0.58, 0.78),
    window_height=(0.56, 0.7),
    arched=0.0,
    shutters=0.0,
    balconies=0.55,
    string_courses=0.35,
    pillars=0.25,
    shop=0.45,
    chimneys=0,
    panes="single",
    railing="glass",
    surrounds=False,
    texture="panels",
    walls=((240, 238, 232), (226, 226, 224)),
    roof=(120, 124, 130),
    trim=(206, 204, 198),
    frame=(58, 62, 68),
    shutter=(120, 120, 120),
    doors=((70, 56, 48), (54, 58, 64)),
    awning=(64, 68, 76),
)

STYLES: tuple[Style, ...] = (BRICK, PLASTER, LIMESTONE, TIMBER, MODERN)
