"""What the losses of each kind of method say: the rules of thumb of `health`.

Each rule looks for the curves that it is about and is silent where they are missing.
"""

import math

from engines.training.signs import (
    AGREEING,
    BEGINNING,
    NOTABLE_CHANGE,
    Signs,
    Verdict,
    change,
    late,
    moved,
)

CRITIC_IS_NEVER_FOOLED = 0.15  # as a share of the loss of guessing; 0.1 nats
CRITIC_IS_AHEAD = 0.6
CRITIC_IS_LOST = 1.3
RUNS_AWAY = 2.0  # a distance that grows by more than twice itself
NOTHING_KEPT = 0.1  # nats of KL
FEW_IN_USE = 0.1  # of the dimensions


def contest(signs: Signs) -> Verdict | None:
    """Two networks that pull against each other."""
    losses, guessing = signs.losses, signs.references.get("discriminator")
    if guessing is None or not {"generator", "discriminator"} <= losses.keys():
        return None
    painter, critic = losses["generator"], losses["discriminator"]
    numbers = (
        f"The critic's loss is {late(critic):.2f}, where {guessing:.2f} would be "
        f"guessing; the painter's is {late(painter):.2f}."
    )
    if max(critic) < CRITIC_IS_NEVER_FOOLED * guessing:
        return Verdict(
            level="warn",
            words="The critic is far ahead of the painter, and has been for a while.",
            why=f"{numbers} A critic that is never fooled teaches little. It often "
            "passes; if the pictures do not improve, start again with a narrower "
            "critic or a lower learning rate.",
        )
    if min(critic) > CRITIC_IS_LOST * guessing:
        return Verdict(
            level="warn",
            words="The critic is wrong more often than by guessing.",
            why=f"{numbers} It has lost its way and teaches the painter nothing "
            "useful. If this lasts, lower the learning rate.",
        )
    if change(painter) < -NOTABLE_CHANGE and change(critic) < -NOTABLE_CHANGE:
        return Verdict(
            level="ok",
            words="Painter and critic are both getting better.",
            why=f"{numbers} Both have fallen lately. As a rule one rises while the "
            "other falls, so this will not last. Nothing to do.",
        )
    return _ordinary(late(painter), late(critic), guessing, numbers)


def _ordinary(painter: float, critic: float, guessing: float, numbers: str) -> Verdict:
    # The minimax painter is paid below zero: the same rule with the other sign.
    if painter < math.copysign(guessing, painter):
        return Verdict(
            level="ok",
            words="The painter is ahead of the critic. Normal at this stage.",
            why=f"{numbers} The painted pictures are taken for real more often than "
            "not. The critic catches up, then the lead changes again. Nothing to do.",
        )
    if critic < CRITIC_IS_AHEAD * guessing:
        return Verdict(
            level="ok",
            words="The critic is ahead of the painter. Normal for most of a run.",
            why=f"{numbers} It tells most painted pictures from real ones, and so "
            "shows the painter what is missing. Judge by the pictures.",
        )
    return Verdict(
        level="ok",
        words="Painter and critic are balanced.",
        why=f"{numbers} Neither is far ahead, which is where both learn most. "
        "Nothing to do.",
    )


def estimate(signs: Signs) -> Verdict | None:
    """A critic that measures a distance (Arjovsky et al. 2017)."""
    distance = signs.losses.get("wasserstein")
    if not distance:
        return None
    now, trend = late(distance), change(distance)
    numbers = f"The distance is {now:,.3g} on average lately."
    if max(distance[-(len(distance) // 3) :]) < 0:
        return Verdict(
            level="warn",
            words="The critic takes painted pictures for the real ones.",
            why=f"{numbers} A distance below zero measures nothing. If this lasts, "
            "lower the learning rate or give the critic more turns.",
        )
    if trend > RUNS_AWAY and signs.done >= BEGINNING:
        return Verdict(
            level="warn",
            words="The distance to real pictures is running away.",
            why=f"{numbers} It was {now / (1 + trend):,.3g} a little earlier. If the "
            "pictures get worse as well, lower the learning rate.",
        )
    penalty = signs.losses.get("penalty")
    if penalty and late(penalty) > max(now, 0.0) and signs.done >= BEGINNING:
        return Verdict(
            level="warn",
            words="The critic's slope is not held, so its distance means little.",
            why=f"{numbers} The penalty on the slope is {late(penalty):,.3g}, more "
            "than that. If this lasts, raise the weight of the penalty or lower the "
            "learning rate.",
        )
    return _trend_of_estimate(trend, numbers, signs)


def _trend_of_estimate(trend: float, numbers: str, signs: Signs) -> Verdict:
    if trend < -NOTABLE_CHANGE:
        return Verdict(
            level="ok",
            words="The pictures are getting closer to real ones.",
            why=f"{numbers} It fell by {-trend:.0%}. This loss falls as the pictures "
            "get better. Nothing to do.",
        )
    if trend > NOTABLE_CHANGE and signs.done < BEGINNING:
        return Verdict(
            level="ok",
            words="The critic is still learning to measure. Normal at the beginning.",
            why=f"{numbers} It grows until the critic has found what tells painted "
            "pictures from real ones, and falls from then on.",
        )
    if trend > NOTABLE_CHANGE:
        return Verdict(
            level="info",
            words="The distance to real pictures has grown lately.",
            why=f"{numbers} It rose by {trend:.0%}: the critic has found something "
            "new, or the pictures have got worse. The pictures tell which.",
        )
    return Verdict(
        level="ok",
        words="Painter and critic keep pace.",
        why=f"{numbers} It falls slowly and jumps about on the way; what happens "
        "within a minute says little. Nothing to do.",
    )


def bound(signs: Signs) -> Verdict | None:
    """Copies and their descriptions: a VAE."""
    losses = signs.losses
    if not {"elbo", "reconstruction", "kl"} <= losses.keys():
        return None
    kl = late(losses["kl"])
    numbers = (
        f"A picture costs {late(losses['elbo']):,.4g} nats: "
        f"{late(losses['reconstruction']):,.4g} for the errors of its copy and "
        f"{kl:,.3g} for its description."
    )
    if kl < NOTHING_KEPT and signs.done >= BEGINNING / 2:
        return Verdict(
            level="warn",
            words="Nothing is kept of the pictures, so all copies are the same.",
            why=f"{numbers} A description of 0 says nothing (this is called posterior "
            "collapse). Start again with less order in the space, or let the order "
            "grow from 0.",
        )
    in_use = _few_in_use(signs)
    if in_use is not None:
        return in_use
    if moved(losses["elbo"]) < 0 or _improves(signs, "elbo"):
        return Verdict(
            level="ok",
            words="Copies and new pictures are getting better.",
            why=f"{numbers} The total is falling. Nothing to do.",
        )
    return Verdict(
        level="info",
        words="The total hardly changes any more.",
        why=f"{numbers} More steps bring little; more dimensions or a wider network "
        "may bring more.",
    )


def _few_in_use(signs: Signs) -> Verdict | None:
    active, known = signs.measures.get("active"), {c.name: c for c in signs.measured}
    total = known["active"].reference if active else None
    if not active or not total or signs.done < BEGINNING:
        return None
    if active[-1] > max(1.0, FEW_IN_USE * total) or active[-1] == total:
        return None
    return Verdict(
        level="info",
        words="Few dimensions of the space are in use.",
        why=f"{active[-1]:.0f} of {total:.0f} tell pictures apart, so copies keep "
        "little detail. Less order in the space, or order that grows from 0, wakes "
        "more of them.",
    )


def _improves(signs: Signs, name: str) -> bool:
    """Whether a measure is lower than ever: recent losses may hide what is slow."""
    values = signs.measures.get(name, ())
    return len(values) >= AGREEING and min(values[-AGREEING:]) < min(values[:-1])


def distance_alone(signs: Signs) -> Verdict | None:
    """A painter with a target and no critic."""
    distance = signs.losses.get("l1")
    if not distance:
        return None
    numbers = f"The average distance is {late(distance):.2f}"
    if change(distance) < -NOTABLE_CHANGE / 5:
        return Verdict(
            level="ok",
            words="The distance to the target is falling.",
            why=f"{numbers}, {-change(distance):.0%} less than a little earlier. "
            "Without a critic this is the one number that counts.",
        )
    return Verdict(
        level="info",
        words="The distance to the target hardly changes any more.",
        why=f"{numbers}. With {1 - signs.done:.0%} of the run left the learning rate "
        "still falls, which often brings the last improvement; more steps bring "
        "little.",
    )
