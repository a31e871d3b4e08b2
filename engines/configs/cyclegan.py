"""The settings of CycleGAN, its presets and the words for its curves."""

import dataclasses
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from engines.configs.base import Preset
from engines.configs.contest import guessing_loss
from engines.configs.families import TranslationConfig
from engines.configs.measures import DIVERSITY, SWD
from engines.configs.settings import setting
from engines.training.reports import Curve


class CycleGANConfig(TranslationConfig):
    """Defaults are the paper's: 256 px, one picture of each style a step."""

    # λ of the paper.
    cycle_weight: float = setting(
        10.0,
        label="Finding the way back",
        group="learning",
        change="live",
        ge=0,
        le=100,
        basic=True,
        explained=True,
    )
    """Higher keeps more of a picture there and back, lower changes more. At 0 the
    painters may ignore what they are shown."""

    identity_weight: float = setting(
        0.5,
        label="Leaving be",
        group="learning",
        change="restart",
        ge=0,
        le=10,
    )
    """How much a picture already in the wanted style must stay as it is, as a share
    of Finding the way back. Keeps light things light; at 0 colours change freely, a
    step is faster, and a picture may come out as its own negative."""

    round_trips: Literal["both", "a", "b"] = setting(
        "both",
        label="Round trips",
        group="learning",
        choices={
            "both": "From both styles (paper)",
            "a": "From A only: A → B → A",
            "b": "From B only: B → A → B",
        },
    )
    """With one round trip instead of both, the other direction may show the same
    picture again and again (section 5.1.4)."""

    gan_loss: Literal["least_squares", "cross_entropy"] = setting(
        "least_squares",
        label="Critics' rule",
        group="learning",
        choices={
            "least_squares": "Least squares (paper)",
            "cross_entropy": "Cross-entropy",
        },
    )
    """How the critics' mistakes are counted."""

    pool_size: int = setting(
        50, label="Old pictures kept", group="learning", ge=0, le=500
    )
    """Critics are shown painted pictures from earlier as well, so that they do not
    forget (section 4); 0 shows the newest only."""

    generator: Literal["resnet", "unet"] = setting(
        "resnet",
        label="Painters",
        group="network",
        choices={"resnet": "Residual (paper)", "unet": "U-Net"},
    )
    """Residual painters change how things look; a U-Net is faster at the same width
    and keeps closer to what it is shown."""

    residual_blocks: int = setting(
        9, label="Residual blocks", group="network", ge=1, le=16
    )
    """Of residual painters: the paper's 9 are for pictures of 256 pixels and more, 6
    for smaller ones. Fewer are faster and can change less."""

    levels: int = setting(8, label="U-Net's levels", group="network", ge=3, le=8)
    """Of U-Net painters: how often the picture is halved, at most until one pixel is
    left. More see larger shapes."""


def curves(config: CycleGANConfig) -> tuple[Curve, ...]:
    """The losses of a run with these settings, in the order of the plot."""
    contest = (
        Curve(
            name="generator",
            label="Painters",
            words="How well the two painters fool the critics, on average; lower is "
            "better for them. They pull against each other, so neither falls to zero.",
        ),
        Curve(
            name="discriminator",
            label="Critics",
            words="How well the two critics tell real from painted, on average. Near "
            "0 they are never fooled.",
            reference=guessing_loss(config.gan_loss),
            reference_words="guessing",
        ),
    )
    trips = [
        Curve(
            name=f"cycle_{style}",
            label=f"Round trip {style.upper()}",
            words=f"How far {path} lands from where it started: the average "
            "difference, where 0 is the same and 2 is black for white.",
            better="lower",
        )
        for style, path in (("a", "A → B → A"), ("b", "B → A → B"))
        if config.round_trips in ("both", style)
    ]
    identity = Curve(
        name="identity",
        label="Leaving be",
        words="How much the painters change pictures that already have the wanted "
        "style, on average: 0 is not at all.",
        better="lower",
    )
    return (*contest, *trips, *([identity] if config.identity_weight > 0 else []))


def measures(_config: CycleGANConfig) -> tuple[Curve, ...]:
    """What is measured on held-out pictures; means of both directions."""
    return (
        Curve(
            name="cycle",
            label="Round trip",
            words="How far pictures it never trained on, translated there and back, "
            "are from where they started: 0 is the same, 2 is black for white.",
            plot="measures",
            better="lower",
        ),
        Curve(
            name="truth",
            label="True error",
            words="How far translated pictures are from their true counterparts, "
            "which the painters never see: 0 is the same, 2 is black for white. Only "
            "where held-out pictures of both styles have the same names.",
            plot="measures",
            better="lower",
        ),
        dataclasses.replace(SWD, plot="words"),  # another scale than the two above
        DIVERSITY,
    )


PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "quick": Preset(
            label="Quick",
            words="Shows whether the idea works. The other style's colours in about "
            "the right places.",
            values={
                "image_size": 64,
                "steps": 600,
                "batch_size": 4,
                "learning_rate": 5e-4,
                "ema_decay": 0.99,
                "crop": False,
                "generator_width": 16,
                "residual_blocks": 3,
                "critic_width": 16,
            },
        ),
        "normal": Preset(
            label="Normal",
            words="Clean colours, and most things where they belong.",
            values={
                "image_size": 64,
                "steps": 20_000,
                "ema_decay": 0.999,
                "generator_width": 32,
                "residual_blocks": 6,
            },
        ),
        "best": Preset(
            label="Best",
            words="Fine detail and fewer mistakes on unusual pictures. Leave it "
            "running, or use a graphics card.",
            values={"image_size": 256, "steps": 200_000, "ema_decay": 0.9999},
        ),
    }
)
