"""Is this loss normal? A sentence about the latest losses and measures, and why.

Pure functions of numbers: the same rules serve the window, the command line and a
finished run. They look at the numbers of one run only and know no method by name: a
rule speaks where it finds the curves it is about, and the first that speaks is heard.
"""

from collections.abc import Callable, Mapping, Sequence

from engines.training.loss_rules import bound, contest, distance_alone, estimate
from engines.training.reports import Curve
from engines.training.signs import (
    AGREEING,
    BEGINNING,
    ENOUGH_VALUES,
    NOTABLE_CHANGE,
    Signs,
    Values,
    Verdict,
    change,
    late,
)

ALIKE = 0.15  # variety of samples, as a share of that of real pictures
COPIED = 0.25  # distance to the nearest picture learnt from, as a share likewise
ENOUGH_MEASURES = 8
WORSE = 0.25  # than the best, as a share of all that was gained


def verdict(
    losses: Mapping[str, Values],
    measures: Mapping[str, Values],
    *,
    curves: Sequence[Curve],
    measured: Sequence[Curve],
    step: int,
    steps: int,
) -> Verdict:
    """Judge the latest numbers of a run.

    Args:
        losses: Recent values by name, oldest first.
        measures: Values on held-out pictures by name, oldest first, of all the run.
        curves: What the losses are; their references say what is normal.
        measured: What the measures are.
        step: Steps done.
        steps: Steps at which the run is complete.
    """
    known = {name: v for name, v in losses.items() if len(v) >= ENOUGH_VALUES}
    if not known:
        return Verdict(
            level="info",
            words="The first values are coming in.",
            why=f"After about {ENOUGH_VALUES} values there is something to say.",
        )
    signs = Signs(
        losses=known,
        measures=measures,
        references={c.name: c.reference for c in curves if c.reference is not None},
        measured=measured,
        step=step,
        steps=steps,
    )
    spoken = (found for rule in _RULES if (found := rule(signs)))
    return next(spoken, _NO_RULE)


_NO_RULE = Verdict(
    level="info",
    words="The losses are being recorded.",
    why="There is no rule of thumb for these curves. Judge by the pictures.",
)


# What is wrong, whatever else the losses say.


def _moving_away(signs: Signs) -> Verdict | None:
    """The distance to a target that is known."""
    distance = signs.losses.get("l1")
    if not distance or change(distance) <= NOTABLE_CHANGE:
        return None
    return Verdict(
        level="warn",
        words="The pictures are moving away from the target.",
        why=f"Their average distance rose by {change(distance):.0%} lately, to "
        f"{late(distance):.2f}. If it goes on, lower the learning rate, or raise the "
        "closeness to the target.",
    )


def _no_way_back(signs: Signs) -> Verdict | None:
    """Round trips between two styles."""
    trips = [signs.losses[n] for n in ("cycle_a", "cycle_b") if n in signs.losses]
    worst = max(trips, key=change, default=None)
    if worst is None or change(worst) <= NOTABLE_CHANGE:
        return None
    return Verdict(
        level="warn",
        words="The pictures find their way back less well than before.",
        why=f"What is lost on the round trip rose by {change(worst):.0%} lately, to "
        f"{late(worst):.2f}. If it goes on, lower the learning rate, or raise the "
        "weight of finding the way back.",
    )


def _all_alike(signs: Signs) -> Verdict | None:
    variety = signs.measures.get("diversity", ())[-AGREEING:]
    growing = bool(variety) and variety[-1] > 1.2 * variety[0]
    enough = len(variety) == AGREEING and signs.done >= BEGINNING
    if not enough or growing or max(variety) > ALIKE:
        return None
    return Verdict(
        level="warn",
        words="The pictures it makes all look alike.",
        why=f"Their variety is {variety[-1]:.2f}, where 1 is as varied as real "
        "pictures. The painter has found one picture that passes and makes no other "
        "(this is called collapse). If it lasts, start again with a lower learning "
        "rate or a larger batch.",
    )


def _learnt_by_heart(signs: Signs) -> Verdict | None:
    newness = signs.measures.get("nearest", ())[-AGREEING:]
    if len(newness) < AGREEING or max(newness) > COPIED:
        return None
    return Verdict(
        level="warn",
        words="The pictures it makes are copies of those it learnt from.",
        why=f"Their distance to the nearest of those is {newness[-1]:.2f}, where 1 is "
        "that of real pictures it never saw. Use more pictures, or stop earlier.",
    )


def _past_its_best(signs: Signs) -> Verdict | None:
    """The first measure that has a better end, well after its best value."""
    for curve in signs.measured:
        values = signs.measures.get(curve.name, ())
        if curve.plot != "measures" or not curve.better or not values:
            continue
        sign = 1 if curve.better == "higher" else -1
        best = max(values, key=lambda value: sign * value)
        gained = sign * (best - values[0])
        lost = min(sign * (best - value) for value in values[-AGREEING:])
        if len(values) < ENOUGH_MEASURES or gained <= 0 or lost <= WORSE * gained:
            return None
        return Verdict(
            level="warn",
            words="On held-out pictures it was better a while ago.",
            why=f"{curve.label} was {best:,.3g} at best and is {values[-1]:,.3g} now. "
            "If this goes on it learns its own pictures by heart, or has lost its "
            "way: stop, and use the step that was best.",
        )
    return None


_RULES: tuple[Callable[[Signs], Verdict | None], ...] = (
    _moving_away,
    _no_way_back,
    _all_alike,
    _learnt_by_heart,
    _past_its_best,
    contest,
    estimate,
    bound,
    distance_alone,
)
