"""The settings that engines share which learn from the same kind of pictures."""

from typing import Literal

from engines.configs.base import EngineConfig, picture_size, usual
from engines.configs.settings import setting


class TranslationConfig(EngineConfig):
    """Pictures out of pictures, as Isola et al. 2017 and Zhu et al. 2017 train."""

    image_size: Literal[32, 64, 128, 256, 512] = picture_size(
        256, 32, 64, 128, 256, 512
    )

    beta1: float = setting(
        0.5, label="Momentum (Adam β1)", group="learning", change="live", ge=0, le=0.999
    )
    """How much of the previous direction each step keeps."""

    decay_from: float = usual("decay_from", 0.5)

    generator_width: int = setting(
        64, label="Painter's width", group="network", ge=4, le=256, log=True
    )
    """Channels of a painter's first layer. Half the width is about three times
    as fast and a little less able."""

    critic_width: int = setting(
        64, label="Critic's width", group="network", ge=4, le=256, log=True
    )
    """Channels of a critic's first layer."""

    patch: Literal["1", "16", "70", "image"] = setting(
        "70",
        label="Critic looks at",
        group="network",
        choices={
            "1": "Single pixels",
            "16": "Patches of 16 pixels",
            "70": "Patches of 70 pixels (paper)",
            "image": "The whole picture",
        },
    )
    """The size of the pieces that a critic judges (section 4.4 of Isola et al.)."""


class SingleConfig(EngineConfig):
    """New pictures of one kind, with nothing changed about those it learns from."""

    image_size: Literal[28, 32, 64, 128] = picture_size(64, 28, 32, 64, 128)
    batch_size: int = usual("batch_size", 128)
    crop: bool = usual("crop", False)
    mirror: bool = usual("mirror", False)

    colours: Literal["colour", "grey"] = setting(
        "colour",
        label="Colours",
        group="main",
        choices={"colour": "Colour", "grey": "Grey"},
        basic=True,
    )
    """Grey is enough for digits, letters and drawings, and learnt a little sooner."""
