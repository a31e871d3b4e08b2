"""The settings of DCGAN, its presets and the words for its curves."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from engines.configs.base import Preset, usual
from engines.configs.contest import contest, guessing_loss
from engines.configs.gan import GanConfig
from engines.configs.settings import setting
from engines.training.reports import Curve


class DCGANConfig(GanConfig):
    """Defaults are the paper's, which does not say how many steps it took."""

    steps: int = usual("steps", 50_000)

    gan_loss: Literal["cross_entropy", "minimax", "least_squares"] = setting(
        "cross_entropy",
        label="Critic's rule",
        group="learning",
        choices={
            "cross_entropy": "Cross-entropy (paper)",
            "minimax": "Minimax",
            "least_squares": "Least squares",
        },
    )
    """How mistakes are counted. With minimax the painter learns least where it is
    worst, as the theory of 2014 has it; nobody trains so."""

    smoothing: float = setting(
        0.0, label="Doubt about real pictures", group="learning", ge=0, le=0.5
    )
    """The critic is told that real pictures are real with this much doubt; 0.1 keeps
    it from being too sure."""

    critic_steps: int = setting(
        1, label="Critic's turns", group="learning", ge=1, le=20
    )
    """How often the critic learns, each time from pictures of its own, before the
    painter learns once."""

    r1_weight: float = setting(
        0.0, label="Calm critic (R1)", group="learning", ge=0, le=100
    )
    """Above 0 the critic is kept flat around real pictures, so that the two do not
    chase each other in circles; it does without batch norm then. Try 1."""

    beta1: float = setting(
        0.5, label="Momentum (Adam β1)", group="learning", change="live", ge=0, le=0.999
    )
    """How much of the previous direction each step keeps."""

    @property
    def pictures_per_step(self) -> int:
        """Real pictures of their own for each turn of the critic."""
        return self.batch_size * self.critic_steps

    @property
    def real_target(self) -> float:
        """What the critic should say of real pictures."""
        return 1 - self.smoothing


def curves(config: DCGANConfig) -> tuple[Curve, ...]:
    """The losses of a run with these settings, in the order of the plot."""
    return contest(guessing_loss(config.gan_loss, config.real_target))


PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "quick": Preset(
            label="Quick",
            words="Shows whether the idea works. Shapes can be recognised, details are "
            "rough.",
            values={
                "image_size": 32,
                "steps": 1_500,
                "batch_size": 64,
                # Few steps: small networks, bold steps, averaged over the last few
                # seconds, ever smaller ones at the end.
                "learning_rate": 1e-3,
                "ema_decay": 0.99,
                "decay_from": 0.5,
                "generator_width": 32,
                "critic_width": 32,
            },
        ),
        "normal": Preset(
            label="Normal",
            words="Clean shapes and colours, as varied as the pictures it learnt from.",
            values={
                "image_size": 32,
                "steps": 20_000,
                "batch_size": 64,
                "decay_from": 0.5,
            },
        ),
        "best": Preset(
            label="Best",
            words="Larger pictures with finer detail. Leave it running, or use a "
            "graphics card.",
            values={"image_size": 64, "steps": 50_000, "decay_from": 0.5},
        ),
    }
)
