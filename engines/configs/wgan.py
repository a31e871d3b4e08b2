"""The settings of WGAN, its presets and the words for its curves."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal, Self

from pydantic import model_validator

from engines.configs.base import Preset, usual
from engines.configs.gan import GanConfig
from engines.configs.settings import setting
from engines.training.reports import Curve

Constraint = Literal["gradient_penalty", "clipping"]

# What the two papers use, unless something else is asked for.
_USUAL: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "gradient_penalty": {"learning_rate": 1e-4, "critic_norm": "layer"},
        "clipping": {"learning_rate": 5e-5, "critic_norm": "batch"},
    }
)


class WGANConfig(GanConfig):
    """Defaults are those of Gulrajani et al. 2017, which improves on clipping.

    A config that asks for clipping and says nothing of the learning rate and the
    critic's normalisation gets those of Arjovsky et al. 2017.
    """

    steps: int = usual("steps", 200_000)
    batch_size: int = usual("batch_size", 64)
    learning_rate: float = usual("learning_rate", 1e-4)

    constraint: Constraint = setting(
        "gradient_penalty",
        label="Critic is held by",
        group="learning",
        choices={
            "gradient_penalty": "A penalty on its slope",
            "clipping": "Clipping its weights (first paper)",
        },
    )
    """What keeps the critic's slope near 1, so that its score measures a distance. The
    penalty uses Adam, usually at 0.0001, clipping RMSprop at 0.00005."""

    critic_steps: int = setting(
        5, label="Critic's turns", group="learning", ge=1, le=20
    )
    """How often the critic learns, each time from pictures of its own, before the
    painter learns once. Its measure is the better the more it learns."""

    penalty_weight: float = setting(
        10.0,
        label="Weight of the penalty",
        group="learning",
        change="live",
        ge=0.1,
        le=100,
        log=True,
    )
    """How strictly the penalty holds the critic's slope at 1 (λ)."""

    clip: float = setting(
        0.01,
        label="Largest weight",
        group="learning",
        change="live",
        ge=1e-4,
        le=1,
        log=True,
    )
    """With clipping: every weight of the critic stays between minus this and this."""

    critic_norm: Literal["layer", "instance", "none", "batch"] = setting(
        "layer",
        label="Critic's normalisation",
        group="network",
        choices={
            "layer": "Each picture by itself",
            "instance": "Each channel of a picture by itself",
            "none": "None",
            "batch": "Over the batch (clipping only)",
        },
    )
    """The penalty is on the slope at each picture, so pictures must not mix; with
    clipping the first paper normalises over the batch."""

    @property
    def pictures_per_step(self) -> int:
        """Real pictures of their own for each turn of the critic."""
        return self.batch_size * self.critic_steps

    @model_validator(mode="before")
    @classmethod
    def _as_the_constraint_wants(cls, values: Any) -> Any:
        constraint = values.get("constraint", "gradient_penalty")
        return {**_USUAL.get(constraint, {}), **values}

    @model_validator(mode="after")
    def _pictures_are_kept_apart(self) -> Self:
        if self.constraint == "gradient_penalty" and self.critic_norm == "batch":
            raise ValueError(
                "With a penalty on its slope, the Critic's normalisation "
                "(critic_norm) must not be over the batch. Choose layer."
            )
        return self


def curves(config: WGANConfig) -> tuple[Curve, ...]:
    """The losses of a run with these settings, in the order of the plot."""
    penalised = config.constraint == "gradient_penalty"
    distance = Curve(
        name="wasserstein",
        label="Distance" if penalised else "Distance (scaled)",
        words="How far the critic can hold real and painted pictures apart (the "
        "Wasserstein distance). It falls as the pictures get better, unlike the "
        "losses of other methods."
        + ("" if penalised else " Clipping leaves its scale unknown."),
        better="lower",
        reference=0.0,
        reference_words="no difference",
    )
    penalty = Curve(
        name="penalty",
        label="Slope penalty",
        words="What the critic pays for a slope other than 1. Small beside the "
        "distance is normal; where it is not, the distance means little.",
    )
    return (distance, penalty) if penalised else (distance,)


PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "quick": Preset(
            label="Quick",
            words="Shows whether the idea works. Shapes can be recognised, edges are "
            "soft.",
            values={
                "image_size": 32,
                "steps": 700,
                # Few steps: small networks, bold steps, averaged over the last few
                # seconds, ever smaller ones at the end; the critic learns twice for
                # each step, not five times.
                "learning_rate": 1e-3,
                "ema_decay": 0.99,
                "decay_from": 0.5,
                "critic_steps": 2,
                "generator_width": 32,
                "critic_width": 32,
            },
        ),
        "normal": Preset(
            label="Normal",
            words="Clean shapes, as varied as the pictures it learnt from.",
            values={
                "image_size": 32,
                "steps": 10_000,
                "learning_rate": 2e-4,
                "decay_from": 0.5,
            },
        ),
        "best": Preset(
            label="Best",
            words="Larger pictures with finer detail. Leave it running, or use a "
            "graphics card.",
            values={"image_size": 64, "steps": 100_000, "decay_from": 0.5},
        ),
    }
)
