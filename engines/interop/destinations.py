"""Where an exported model is to be used, and what that asks of the file.

Why these versions of ONNX's operators ("opsets"): a network of ours needs none that
changed after opset 15 but for padding, so that an old one loses nothing. Unity's
Sentis reads 7 to 15 in all its releases, OpenCV's importer knows no newer ones in full
and no sizes that change, chaiNNer writes 14 to 17 itself. 17 is the newest that what
is older than two years commonly reads: onnxruntime since 1.12, and in the browser.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

DestinationName: TypeAlias = Literal["general", "unity", "chainner"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Destination:
    """What a file must be like to be used somewhere.

    Attributes:
        name: The word on the command line.
        label: What it is called in the window.
        words: What the file is like, a sentence.
        opset: The version of ONNX's operators.
        any_size: Whether the sides of pictures are left open.
        pads: Whether sides need not be multiples: the file mirrors edges itself.
        lowest: The number of a channel that is dark, in and out; 1 is light.
    """

    name: DestinationName
    label: str
    words: str
    opset: int
    any_size: bool
    pads: bool
    lowest: int


DESTINATIONS: Mapping[DestinationName, Destination] = MappingProxyType(
    {
        "general": Destination(
            name="general",
            label="Python, C++ or browser",
            words="Sizes are open, numbers from -1 to 1, as the network learnt.",
            opset=17,
            any_size=True,
            pads=False,
            lowest=-1,
        ),
        "unity": Destination(
            name="unity",
            label="Unity or OpenCV",
            words="One size, the one it learnt at; numbers from -1 to 1.",
            opset=15,
            any_size=False,
            pads=False,
            lowest=-1,
        ),
        "chainner": Destination(
            name="chainner",
            label="chaiNNer",
            words="Pictures of any size, as they are: numbers from 0 to 1.",
            opset=15,
            any_size=True,
            pads=True,
            lowest=0,
        ),
    }
)
