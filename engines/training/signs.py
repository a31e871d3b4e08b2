"""What the latest numbers of a run show, and the verdict that is drawn from them.

Pure functions of numbers. `health` holds the rules; this is what they are made of.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, pvariance
from typing import Literal

from engines.training.reports import Curve

Values = Sequence[float]  # oldest first

ENOUGH_VALUES = 12  # below that, a mean says more about chance than about the run
NOTABLE_CHANGE = 0.15  # of a mean; smaller ones are noise
STANDARD_ERRORS = 3.0  # a change within so many may be chance
AGREEING = 3  # so many measures in a row are no chance
BEGINNING = 0.1  # share of the run in which much is still out of order


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Signs:
    """All that a rule may look at.

    Attributes:
        losses: Recent values by name, only where there are enough of them.
        measures: All values on held-out pictures by name, however few.
        references: What a loss is compared with, by name, where there is something.
        measured: The definitions of the measures.
        step: Steps done.
        steps: Steps at which the run is complete.
    """

    losses: Mapping[str, Values]
    measures: Mapping[str, Values]
    references: Mapping[str, float]
    measured: Sequence[Curve]
    step: int
    steps: int

    @property
    def done(self) -> float:
        """Share of the run that is done, 0 to 1."""
        return self.step / max(1, self.steps)


def late(values: Values) -> float:
    """The mean of the newest third."""
    return fmean(values[-(len(values) // 3) :])


def early(values: Values) -> float:
    """The mean of the oldest third."""
    return fmean(values[: len(values) // 3])


def change(values: Values) -> float:
    """From the oldest third to the newest, as a share of the oldest.

    0 where that could be chance, or the oldest is not above 0.
    """
    before = early(values)
    return (late(values) - before) / before if before > 0 and moved(values) else 0.0


def moved(values: Values) -> int:
    """Where the newest third lies of the oldest: 1 above, -1 below, 0 for no telling.

    Two means that are less than three standard errors apart may differ by chance.
    """
    third = len(values) // 3
    noise = pvariance(values[:third]) + pvariance(values[-third:])
    difference = late(values) - early(values)
    if abs(difference) <= STANDARD_ERRORS * math.sqrt(noise / third):
        return 0
    return 1 if difference > 0 else -1
