"""Is this loss normal? A sentence about the latest losses, and why.

Pure functions of numbers: the same rules serve the window, the command line and a
finished run. They look at the losses of one run only and know no method by name.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Literal

from engines.configs import EngineConfig

ENOUGH_VALUES = 12  # below that, a mean says more about chance than about the run
CRITIC_IS_NEVER_FOOLED = 0.15  # as a share of the loss of guessing; 0.1 nats
CRITIC_IS_AHEAD = 0.6
CRITIC_IS_LOST = 1.3
NOTABLE_CHANGE = 0.15  # of a mean; smaller ones are noise


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What the losses say.

    Attributes:
        level: "ok" for normal, "warn" where something should be done, "info" else.
        words: One or two short sentences.
        why: The numbers behind it, and what to do or why nothing need be done.
    """

    level: Literal["info", "ok", "warn"]
    words: str
    why: str


def guessing_loss(config: EngineConfig) -> float:
    """The loss of a critic that cannot tell: ln 2, or 0.25 with least squares."""
    least_squares = getattr(config, "gan_loss", "") == "least_squares"
    return 0.25 if least_squares else math.log(2)


def verdict(
    curves: Mapping[str, Sequence[float]],
    *,
    step: int,
    steps: int,
    guessing: float = math.log(2),
) -> Verdict:
    """Judge the latest losses of a run.

    Args:
        curves: Recent values by name, oldest first: "generator", "discriminator"
            and "l1" are understood, each may be missing.
        step: Steps done.
        steps: Steps at which the run is complete.
        guessing: The critic's loss when it cannot tell, see `guessing_loss`.
    """
    known = {k: v for k, v in curves.items() if len(v) >= ENOUGH_VALUES}
    if not known:
        return Verdict(
            level="info",
            words="The first values are coming in.",
            why=f"After about {ENOUGH_VALUES} values there is something to say.",
        )
    distance = known.get("l1")
    if distance and _change(distance) > NOTABLE_CHANGE:
        return _moving_away(distance)
    if "discriminator" in known and "generator" in known:
        painter, critic = known["generator"], known["discriminator"]
        return _contest(painter, critic, guessing)
    if distance:
        return _distance_alone(distance, step, steps)
    return Verdict(
        level="info",
        words="The losses are being recorded.",
        why="There is no rule of thumb for these curves. Judge by the pictures.",
    )


def _moving_away(distance: Sequence[float]) -> Verdict:
    return Verdict(
        level="warn",
        words="The pictures are moving away from the target.",
        why=f"Their average distance rose by {_change(distance):.0%} lately, to "
        f"{_late(distance):.2f}. If it goes on, lower the learning rate, or raise the "
        "closeness to the target.",
    )


def _contest(
    painter: Sequence[float], critic: Sequence[float], guessing: float
) -> Verdict:
    """Judge two networks that pull against each other."""
    numbers = (
        f"The critic's loss is {_late(critic):.2f}, where {guessing:.2f} would be "
        f"guessing; the painter's is {_late(painter):.2f}."
    )
    if max(critic) < CRITIC_IS_NEVER_FOOLED * guessing:
        return Verdict(
            level="warn",
            words="The critic is far ahead of the painter, and has been for a while.",
            why=f"{numbers} A critic that is never fooled teaches little. It often "
            "passes; if the pictures do not improve, start again with a higher "
            "closeness to the target or a narrower critic.",
        )
    if min(critic) > CRITIC_IS_LOST * guessing:
        return Verdict(
            level="warn",
            words="The critic is wrong more often than by guessing.",
            why=f"{numbers} It has lost its way and teaches the painter nothing "
            "useful. If this lasts, lower the learning rate.",
        )
    if _change(painter) < -NOTABLE_CHANGE and _change(critic) < -NOTABLE_CHANGE:
        return Verdict(
            level="ok",
            words="Painter and critic are both getting better.",
            why=f"{numbers} Both have fallen lately. As a rule one rises while the "
            "other falls, so this will not last. Nothing to do.",
        )
    return _ordinary(painter, critic, guessing, numbers)


def _ordinary(
    painter: Sequence[float], critic: Sequence[float], guessing: float, numbers: str
) -> Verdict:
    if _late(painter) < guessing:
        return Verdict(
            level="ok",
            words="The painter is ahead of the critic. Normal at this stage.",
            why=f"{numbers} The painted pictures are taken for real more often than "
            "not. The critic catches up, then the lead changes again. Nothing to do.",
        )
    if _late(critic) < CRITIC_IS_AHEAD * guessing:
        return Verdict(
            level="ok",
            words="The critic is ahead of the painter. Normal for pairs of pictures.",
            why=f"{numbers} It tells most painted pictures from real ones, and so "
            "shows the painter what is missing. Judge by the pictures.",
        )
    return Verdict(
        level="ok",
        words="Painter and critic are balanced.",
        why=f"{numbers} Neither is far ahead, which is where both learn most. "
        "Nothing to do.",
    )


def _distance_alone(distance: Sequence[float], step: int, steps: int) -> Verdict:
    """Judge a painter without a critic."""
    numbers = f"The average distance is {_late(distance):.2f}"
    if _change(distance) < -NOTABLE_CHANGE / 5:
        return Verdict(
            level="ok",
            words="The distance to the target is falling.",
            why=f"{numbers}, {-_change(distance):.0%} less than a little earlier. "
            "Without a critic this is the one number that counts.",
        )
    left = 1 - step / steps
    return Verdict(
        level="info",
        words="The distance to the target hardly changes any more.",
        why=f"{numbers}. With {left:.0%} of the run left the learning rate still "
        "falls, which often brings the last improvement; more steps bring little.",
    )


def _late(values: Sequence[float]) -> float:
    """The mean of the newest third."""
    return fmean(values[-len(values) // 3 :])


def _change(values: Sequence[float]) -> float:
    """From the oldest third to the newest, as a share of the oldest."""
    early = fmean(values[: len(values) // 3])
    return (_late(values) - early) / early if early > 0 else 0.0
