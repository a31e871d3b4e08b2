"""How a model is used on a picture. Without torch: a form is made of it."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from engines.training.jobs import Direction

Scale: TypeAlias = Literal["learnt", "full"]
NormUse: TypeAlias = Literal["learnt", "picture"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """What may be chosen; as it comes, the same picture gives the same result twice.

    Attributes:
        direction: Which way, of those that the model can.
        scale: "learnt" shows the network the picture at the size it was trained on
            and enlarges the result, as in training and its previews; "full" keeps
            every pixel, which suits networks trained on pieces of large pictures.
        noise_seed: None leaves dropout out. A number keeps it on, as Isola et al.
            2017, section 3, do at test time, and is the seed of its noise.
        norm: Where batch norm takes its statistics from: "learnt" are those of
            training, "picture" the picture's own, as the published test scripts do.
        tile: Side in pixels of the pieces that a large picture is cut into at full
            size; None chooses by the memory that is free.
    """

    direction: Direction = "AtoB"
    scale: Scale = "learnt"
    noise_seed: int | None = None
    norm: NormUse = "learnt"
    tile: int | None = None
