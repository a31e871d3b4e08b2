"""The classes of a façade's label map and their colours."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from engines.samples.canvas import Colour


class Label(NamedTuple):
    """One class of the label map.

    Attributes:
        name: What it is, one English word.
        colour: Its flat colour in the map, RGB 0-255.
    """

    name: str
    colour: Colour


# Blue walls as in the label maps of the CMP façade base (Tyleček and Šára 2013), which
# the pix2pix paper trains on; the other colours are chosen to stay apart on a screen.
LABELS: tuple[Label, ...] = (
    Label("sky", (142, 214, 255)),
    Label("neighbour", (92, 103, 138)),
    Label("wall", (44, 88, 224)),
    Label("roof", (216, 52, 72)),
    Label("cornice", (255, 154, 46)),
    Label("pillar", (140, 104, 255)),
    Label("window", (255, 226, 84)),
    Label("sill", (255, 132, 190)),
    Label("shutter", (22, 184, 150)),
    Label("balcony", (178, 36, 196)),
    Label("door", (124, 58, 30)),
    Label("shop", (64, 240, 232)),
    Label("awning", (255, 255, 255)),
    Label("tree", (92, 190, 48)),
    Label("pavement", (178, 182, 190)),
)

LABEL_INDEX: Mapping[str, int] = MappingProxyType(
    {label.name: index for index, label in enumerate(LABELS)}
)
