"""The settings of Pix2Pix, its presets and the words for its curves."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, Self

from pydantic import model_validator

from engines.configs.base import EngineConfig, Preset, setting
from engines.training.reports import Curve


class Pix2PixConfig(EngineConfig):
    """Defaults are the paper's: façades at 256 px, 400 pictures, 200 epochs."""

    # λ of the paper.
    l1_weight: float = setting(
        100.0,
        label="Closeness to target",
        group="learning",
        change="live",
        ge=0,
        le=300,
        basic=True,
        explained=True,
    )
    """Higher keeps to the target's colours, lower invents more."""

    adversary: Literal["conditional", "unconditional", "none"] = setting(
        "conditional",
        label="Critic",
        group="learning",
        choices={
            "conditional": "Sees input and output",
            "unconditional": "Sees the output only",
            "none": "None",
        },
    )
    """Who judges the pictures. Without a critic they come out right but blurred;
    one that sees the output only may ignore the input (section 4.1)."""

    gan_loss: Literal["cross_entropy", "least_squares"] = setting(
        "cross_entropy",
        label="Critic's rule",
        group="learning",
        choices={
            "cross_entropy": "Cross-entropy (paper)",
            "least_squares": "Least squares",
        },
    )
    """How the critic's mistakes are counted."""

    beta1: float = setting(
        0.5, label="Momentum (Adam β1)", group="learning", change="live", ge=0, le=0.999
    )
    """How much of the previous direction each step keeps."""

    decay_from: float = setting(
        0.5,
        label="Learning rate falls from",
        group="learning",
        change="restart",
        ge=0,
        le=1,
    )
    """Share of the run after which the learning rate falls in a line to zero."""

    ema_decay: float = setting(
        0.0,
        label="Averaged weights",
        group="learning",
        change="restart",
        ge=0,
        le=0.9999,
    )
    """Previews and results use a running average of the painter with this decay;
    0 uses the painter as it is, like the paper."""

    generator_width: int = setting(
        64, label="Painter's width", group="network", ge=4, le=256, log=True
    )
    """Channels of the painter's first layer. Half the width is about three times
    as fast and a little less able."""

    levels: int = setting(8, label="Painter's levels", group="network", ge=3, le=8)
    """How often the painter halves the picture. More see larger shapes; at most
    until one pixel is left. Fewer are faster and need fewer pictures."""

    critic_width: int = setting(
        64, label="Critic's width", group="network", ge=4, le=256, log=True
    )
    """Channels of the critic's first layer."""

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
    """The size of the pieces that the critic judges (section 4.4)."""

    dropout: float = setting(0.5, label="Dropout", group="network", ge=0, le=0.9)
    """Share of the painter's inner signals silenced at random while it trains:
    the paper's only source of noise."""

    norm: Literal["instance", "batch"] = setting(
        "instance",
        label="Normalisation",
        group="network",
        choices={"instance": "Each picture by itself", "batch": "Over the batch"},
    )
    """The paper's batch norm at one picture a step is instance norm; with more a
    step, instance norm still treats a picture alike in training and in use."""

    @model_validator(mode="after")
    def _something_to_learn(self) -> Self:
        if self.adversary == "none" and self.l1_weight == 0:
            raise ValueError(
                "Without a critic, Closeness to target (l1_weight) must be above 0."
            )
        return self


CURVES: tuple[Curve, ...] = (
    Curve(
        name="generator",
        label="Painter",
        words="How well the painter fools the critic; lower is better for it. "
        "The two pull against each other, so neither falls to zero.",
    ),
    Curve(
        name="discriminator",
        label="Critic",
        words="How well the critic tells real from painted. 0.69 means it is "
        "guessing (0.25 with least squares), near 0 that it is never fooled.",
    ),
    Curve(
        name="l1",
        label="Distance",
        words="Average difference between the painted and the real picture, where "
        "0 is the same and 2 is black for white.",
    ),
)

PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "quick": Preset(
            label="Quick",
            words="Shows whether the idea works. Colours in the right place, edges "
            "soft.",
            values={
                "image_size": 64,
                "steps": 800,
                "batch_size": 8,
                # Few steps: a small network, bold steps, averaged at the end. A
                # picture is seen a few times only, so it need not be varied.
                "learning_rate": 1e-3,
                "ema_decay": 0.99,
                "gan_loss": "least_squares",
                "crop": False,
                "generator_width": 32,
                "critic_width": 32,
                "levels": 4,
                "norm": "batch",
            },
        ),
        "normal": Preset(
            label="Normal",
            words="Clean colours and edges on pictures like the ones it learnt from.",
            values={
                "image_size": 64,
                "steps": 8_000,
                "batch_size": 8,
                "ema_decay": 0.999,
                "norm": "batch",
            },
        ),
        "best": Preset(
            label="Best",
            words="Fine detail and fewer mistakes on unusual pictures. Leave it "
            "running, or use a graphics card.",
            values={"image_size": 256, "steps": 80_000},
        ),
    }
)
