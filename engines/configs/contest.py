"""The losses of one painter against one critic, as curves."""

import math

from engines.training.reports import Curve


def contest(guessing: float) -> tuple[Curve, Curve]:
    """The painter's curve and the critic's, whose loss is *guessing* when fooled."""
    return (
        Curve(
            name="generator",
            label="Painter",
            words="How well the painter fools the critic; lower is better for it. "
            "The two pull against each other, so neither falls to zero.",
        ),
        Curve(
            name="discriminator",
            label="Critic",
            words="How well the critic tells real from painted. Near 0 it is never "
            "fooled.",
            reference=guessing,
            reference_words="guessing",
        ),
    )


def guessing_loss(gan_loss: str, real_target: float = 1.0) -> float:
    """The critic's loss where real and painted are alike: ln 2, or 0.25.

    Its best answer is then halfway between its two targets, and so a little less than
    either number where real pictures are told with doubt.
    """
    half = real_target / 2
    if gan_loss == "least_squares":
        return half**2
    return -half * math.log(half) - (1 - half) * math.log(1 - half)
