"""What a run tells its watchers: frozen values, never a tensor or a module.

Pictures are uint8 NumPy arrays that the sender will not touch again.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Pictures: TypeAlias = NDArray[np.uint8]  # (K, H, W, 3), RGB


@dataclass(frozen=True, kw_only=True, slots=True)
class Curve:
    """A loss or measure as the user meets it.

    Attributes:
        name: The key in `Losses.values` or `Measures.values`.
        label: One or two words at the end of the line.
        words: What it means, and what is normal.
        plot: Where it stands: among the losses, in the plot of the measures, or, where
            it shares no scale with others, in words above that plot.
        better: Which way is better, "" where neither is.
        unit: Said behind the value, for example "dB".
        reference: A value to compare it with, drawn as a line; None for none.
        reference_words: What that value means, a few words ("guessing").
    """

    name: str
    label: str
    words: str
    plot: Literal["losses", "measures", "words"] = "losses"
    better: Literal["higher", "lower", ""] = ""
    unit: str = ""
    reference: float | None = None
    reference_words: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """One column of every preview: what goes in, what comes out, what it should be.

    Attributes:
        name: The key in `Preview.pictures` of a column that changes.
        label: What stands above it, one or two words.
        captions: What stands beside the label for each of the K pictures, may be "".
        pictures: The pictures of a column that never changes, (K, H, W, 3); None for
            one that every preview brings anew.
    """

    name: str
    label: str
    captions: tuple[str, ...]
    pictures: Pictures | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DryRun:
    """What training takes with some settings.

    Attributes:
        seconds_per_step: None where it was not tried, as it does not fit.
        memory: Bytes needed at the peak: weights, optimisers and what lies between.
        free: Bytes of the device that can be had now; None where nobody says.
        largest_batch: The most pictures per step that fit, at most as many as the
            settings allow; 0 where not even one does.
        fits: Whether the pictures per step of the settings do.
    """

    seconds_per_step: float | None
    memory: int
    free: int | None
    largest_batch: int
    fits: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Preparing:
    """Pictures are being decoded: *done* of *total*."""

    done: int
    total: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Started:
    """The first step is about to run.

    Attributes:
        folder: The run folder.
        step: Steps already done, above 0 for a resumed run.
        steps: Steps at which the run is complete.
        device: The device and precision in words ("CPU, 2 threads, fp32, ...").
        columns: What every preview shows, from left to right; at least one changes.
        names: What the K pictures of a column are called.
        training_pictures: How many it learns from.
        held_out_pictures: How many it is measured on.
    """

    folder: Path
    step: int
    steps: int
    device: str
    columns: tuple[Column, ...]
    names: tuple[str, ...]
    training_pictures: int
    held_out_pictures: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Losses:
    """Loss values since the last report.

    Attributes:
        step: Steps done.
        values: Mean of each loss over the steps since the last report.
        pictures_per_s: Training pictures a second since the last report.
        elapsed_s: Seconds of training, pauses left out, earlier sessions included.
        remaining_s: Seconds left at the present speed.
    """

    step: int
    values: Mapping[str, float]
    pictures_per_s: float
    elapsed_s: float
    remaining_s: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """What the engine made at *step*: (K, H, W, 3) for each column that changes."""

    step: int
    pictures: Mapping[str, Pictures]


@dataclass(frozen=True, kw_only=True, slots=True)
class Measures:
    """Measures on held-out pictures at *step*, by the names in the catalogue."""

    step: int
    values: Mapping[str, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class Points:
    """The numbers of one curve: *steps*, ascending, and *values*, both (N,)."""

    steps: NDArray[np.int64]
    values: NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class History:
    """What a resumed run reported before; it follows `Started`.

    Attributes:
        losses: The points of each loss, by name.
        measures: The points of each measure, by name.
        previews: Ascending in step; some, evenly over the run.
        saved: Steps with a checkpoint, ascending.
    """

    losses: Mapping[str, Points]
    measures: Mapping[str, Points]
    previews: tuple[Preview, ...]
    saved: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Saved:
    """A checkpoint of *step* is on disk and verified."""

    step: int
    folder: Path


@dataclass(frozen=True, kw_only=True, slots=True)
class Paused:
    """The run waits at *step* (True) or goes on (False)."""

    step: int
    paused: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Changed:
    """Live settings were changed before step *step* + 1."""

    step: int
    values: Mapping[str, object]


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """Something the user should know; the run goes on."""

    step: int
    words: str


class RunStatus(enum.Enum):
    """How a run ended."""

    COMPLETED = "completed"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True, slots=True)
class RunOutcome:
    """The one ending of a run.

    Attributes:
        status: Which ending.
        step: Steps done.
        folder: The run folder, None where it failed before there was one.
        kept_step: Step of the newest verified checkpoint, None where there is none.
        error: The sentence where it failed.
        smaller_batch: Where memory ran out, how many pictures per step to try instead;
            0 for any other ending.
    """

    status: RunStatus
    step: int
    folder: Path | None = None
    kept_step: int | None = None
    error: str = field(default="")
    smaller_batch: int = 0

    def __str__(self) -> str:
        """Say how it ended, and what was kept, in a sentence or two."""
        is_kept = self.kept_step is not None
        kept = f" Step {self.kept_step:,} is kept." if is_kept else ""
        if self.status is RunStatus.COMPLETED:
            return f"Finished after {self.step:,} steps."
        if self.status is RunStatus.STOPPED:
            return f"Stopped at step {self.step:,}.{kept}"
        return f"{self.error}{kept}"


LoopReport: TypeAlias = Losses | Preview | Measures | Saved | Paused | Changed | Notice
Report: TypeAlias = Preparing | Started | History | LoopReport | RunOutcome
