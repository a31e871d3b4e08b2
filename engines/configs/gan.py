"""The settings that DCGAN and WGAN share: what a picture is made from, and how wide."""

from typing import Literal

from engines.configs.base import usual
from engines.configs.families import SingleConfig
from engines.configs.measures import DIVERSITY, NEAREST, SWD
from engines.configs.settings import setting
from engines.training.reports import Curve


class GanConfig(SingleConfig):
    """Pictures out of nothing but chance, 64 px, as in Radford et al. 2016."""

    # Not in the papers; standard since Karras et al. 2018 and Yazıcı et al. 2019.
    ema_decay: float = usual("ema_decay", 0.999)

    use_labels: bool = setting(False, label="Learn the kinds apart", group="pictures")
    """Where the pictures are sorted into folders by kind: a kind can then be asked
    for."""

    prior: Literal["uniform", "normal"] = setting(
        "uniform",
        label="Chance is drawn",
        group="network",
        choices={
            "uniform": "Evenly from -1 to 1",
            "normal": "From a bell curve",
        },
    )
    """The distribution of the random numbers that a picture is made from."""

    latent_dim: int = setting(
        100, label="Random numbers a picture", group="network", ge=2, le=1024, log=True
    )
    """More leave room for more kinds of pictures."""

    generator_width: int = setting(
        64, label="Painter's width", group="network", ge=4, le=256, log=True
    )
    """Channels of the painter's last inner layer; earlier ones have more. Half the
    width is about three times as fast and a little less able."""

    critic_width: int = setting(
        64, label="Critic's width", group="network", ge=4, le=256, log=True
    )
    """Channels of the critic's first layer; later ones have more."""


def measures(_config: GanConfig) -> tuple[Curve, ...]:
    """What is measured against held-out pictures."""
    return (SWD, DIVERSITY, NEAREST)
