"""The settings of Pix2Pix, its presets and the words for its curves."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, Self

from pydantic import model_validator

from engines.configs.base import Preset
from engines.configs.contest import contest, guessing_loss
from engines.configs.families import TranslationConfig
from engines.configs.settings import setting
from engines.training.reports import Curve


class Pix2PixConfig(TranslationConfig):
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

    levels: int = setting(8, label="Painter's levels", group="network", ge=3, le=8)
    """How often the painter halves the picture. More see larger shapes; at most
    until one pixel is left. Fewer are faster and need fewer pictures."""

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


def curves(config: Pix2PixConfig) -> tuple[Curve, ...]:
    """The losses of a run with these settings, in the order of the plot."""
    distance = Curve(
        name="l1",
        label="Distance",
        words="Average difference between the painted and the real picture, where "
        "0 is the same and 2 is black for white.",
        # Beside the likeness, where its small numbers can be read.
        plot="losses" if config.adversary == "none" else "measures",
        better="lower",
    )
    if config.adversary == "none":
        return (distance,)
    return (*contest(guessing_loss(config.gan_loss)), distance)


def measures(_config: Pix2PixConfig) -> tuple[Curve, ...]:
    """What is measured on held-out pairs."""
    return (
        Curve(
            name="ssim",
            label="SSIM",
            words="How alike the structure of painted and real pictures is, on "
            "pictures it never trained on: 1 is the same, 0 unrelated.",
            plot="measures",
            better="higher",
            reference=1.0,
            reference_words="the same",
        ),
        Curve(
            name="psnr",
            label="PSNR",
            words="How small the errors of the pixels are. Higher is better; 6 dB "
            "more is half the error.",
            plot="words",
            better="higher",
            unit="dB",
        ),
        Curve(
            name="l1",
            label="L1",
            words="How far the pixels are off on average. Lower is better; 0 is the "
            "same, 2 is black for white.",
            plot="words",
            better="lower",
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
