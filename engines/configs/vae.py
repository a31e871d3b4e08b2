"""The settings of the VAE, its presets and the words for its curves."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Literal

from engines.configs.base import Preset, picture_size, usual
from engines.configs.families import SingleConfig
from engines.configs.measures import DIVERSITY, NEAREST, SWD
from engines.configs.settings import setting
from engines.training.reports import Curve


class VAEConfig(SingleConfig):
    """Defaults are those of the first published examples, widened to colour."""

    image_size: Literal[28, 32, 64, 128] = picture_size(32, 28, 32, 64, 128)
    steps: int = usual("steps", 20_000)
    learning_rate: float = usual("learning_rate", 1e-3)

    likelihood: Literal["bernoulli", "gaussian", "gaussian_learned"] = setting(
        "bernoulli",
        label="Errors are counted as",
        group="learning",
        choices={
            "bernoulli": "On or off (Bernoulli)",
            "gaussian": "Noise of a fixed strength (Gaussian)",
            "gaussian_learned": "Noise of a learned strength (Gaussian)",
        },
    )
    """What a difference to the real picture costs. On or off suits drawings and
    digits; noise suits photographs and colour. A learned strength finds by itself how
    exact it can be."""

    # σ of the paper, for pixels from 0 to 1.
    sigma: float = setting(
        0.1,
        label="Strength of the noise (σ)",
        group="learning",
        change="restart",
        ge=0.01,
        le=1,
        log=True,
    )
    """Errors smaller than this, where 1 is black for white, hardly count. The fixed
    strength, or the one that learning begins with; on or off has none."""

    beta: float = setting(
        1.0,
        label="Order in the space (β)",
        group="learning",
        change="live",
        ge=0,
        le=100,
        basic=True,
        explained=True,
    )
    """Higher makes smoother morphs and more even new pictures, lower more exact
    copies. 1 is the paper's."""

    kl_warmup: float = setting(
        0.0,
        label="Order grows until",
        group="learning",
        change="restart",
        ge=0,
        le=1,
    )
    """Share of the run over which β grows from 0 to its full value, so that no
    dimension is given up before it was used; 0 starts with all of it."""

    network: Literal["conv", "mlp"] = setting(
        "conv",
        label="Network",
        group="network",
        choices={"conv": "Convolutions", "mlp": "Fully connected (paper)"},
    )
    """Convolutions know that neighbouring pixels belong together, and are the better
    choice for anything larger than digits."""

    latent_dim: int = setting(
        20, label="Dimensions of the space", group="network", ge=1, le=512, log=True
    )
    """How many numbers describe a picture. More keep more detail; those that are of
    no use stay silent."""

    width: int = setting(32, label="Width", group="network", ge=4, le=256, log=True)
    """Channels of the first layer of convolutions. Twice the width takes about three
    times as long."""

    hidden_width: int = setting(
        400, label="Hidden units", group="network", ge=1, le=4096, log=True
    )
    """Size of the one hidden layer, each way, of the fully connected network."""

    @property
    def channels(self) -> int:
        """C of the pictures: 3, or 1 for grey."""
        return 1 if self.colours == "grey" else 3


def curves(_config: VAEConfig) -> tuple[Curve, ...]:
    """The losses of a run, in the order of the plot."""
    return (
        Curve(
            name="elbo",
            label="Total (−ELBO)",
            words="What a picture costs in all, in nats: its errors and its "
            "description together. Lower is better; it falls fast, then slowly.",
            better="lower",
            unit="nats",
        ),
        Curve(
            name="reconstruction",
            label="Errors",
            words="What the differences between a picture and its copy cost. Lower "
            "is a more exact copy; with noise it can fall below zero.",
            better="lower",
            unit="nats",
        ),
        Curve(
            name="kl",
            label="Description (KL)",
            words="How much of a picture is kept in its place in the space. It rises "
            "as more is told apart; at 0 nothing is kept.",
            unit="nats",
        ),
    )


def measures(config: VAEConfig) -> tuple[Curve, ...]:
    """What is measured on held-out pictures."""
    return (
        Curve(
            name="elbo",
            label="Total",
            words="What a picture it never trained on costs, in nats. When this rises "
            "while the loss falls, it begins to learn by heart.",
            plot="measures",
            better="lower",
            unit="nats",
        ),
        Curve(
            name="active",
            label="Dimensions in use",
            words="How many dimensions of the space tell pictures apart (Burda et al. "
            "2016). The others are silent, which does no harm.",
            plot="words",
            reference=float(config.latent_dim),
            reference_words="all",
        ),
        # On a scale of its own: the plot belongs to what the VAE itself minimises.
        replace(SWD, plot="words"),
        DIVERSITY,
        NEAREST,
        Curve(
            name="reconstruction",
            label="Errors",
            words="The part of it that the errors of the copy cost.",
            plot="words",
            better="lower",
            unit="nats",
        ),
        Curve(
            name="kl",
            label="Description",
            words="The part of it that the description costs.",
            plot="words",
            unit="nats",
        ),
    )


PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "quick": Preset(
            label="Quick",
            words="Soft copies and new pictures that can be recognised, and a first "
            "smooth morph.",
            values={
                "steps": 2_000,
                # Small batches: more steps in the time, at a rate that then falls.
                "batch_size": 32,
                "learning_rate": 2e-3,
                "decay_from": 0.5,
                "ema_decay": 0.99,
                "latent_dim": 16,
            },
        ),
        "normal": Preset(
            label="Normal",
            words="Clearer copies, and new pictures with fewer stains.",
            values={
                "image_size": 64,
                "steps": 10_000,
                "batch_size": 64,
                "decay_from": 0.5,
                "ema_decay": 0.999,
                "kl_warmup": 0.1,
                "latent_dim": 32,
            },
        ),
        "best": Preset(
            label="Best",
            words="The most detail a VAE can keep. Leave it running, or use a "
            "graphics card.",
            values={
                "image_size": 128,
                "steps": 40_000,
                "batch_size": 64,
                "decay_from": 0.5,
                "ema_decay": 0.999,
                "kl_warmup": 0.1,
                "latent_dim": 64,
                "width": 64,
            },
        ),
    }
)
