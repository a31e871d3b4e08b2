"""Progress on a terminal: one living line, or a line now and then in a file."""

import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TextIO

from engines.training.reports import (
    Curve,
    Losses,
    Measures,
    Notice,
    Preparing,
    Report,
    RunOutcome,
    RunStatus,
    Started,
)

LINE_EVERY_S = 10.0  # where the stream is a file or a pipe


class LivingLine:
    """One line that is overwritten, between lines that stay."""

    def __init__(
        self, stream: TextIO, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Write to *stream*; where it is no terminal, a line now and then."""
        self._stream = stream
        self._clock = clock
        self._length = 0  # of the living line, 0 where there is none
        self._told_at = clock()  # what is over soon needs no line

    def show(self, words: str) -> None:
        """Say how far it is."""
        if self._stream.isatty():
            words = words[: shutil.get_terminal_size().columns - 1]
            self._stream.write("\r" + words.ljust(self._length))
            self._stream.flush()
            self._length = len(words)
        elif self._clock() - self._told_at >= LINE_EVERY_S:
            self._told_at = self._clock()
            self.say(words)

    def say(self, words: str) -> None:
        """Write a line that stays."""
        self.end()
        self._stream.write(f"{words}\n")
        self._stream.flush()

    def begin(self) -> None:
        """Say at once how far it is when that is told next, also in a file."""
        self._told_at = float("-inf")

    def end(self) -> None:
        """Let what was said last stay."""
        if self._length:
            self._stream.write("\n")
            self._length = 0


class Progress:
    """Tells reports of a run as they come."""

    def __init__(
        self,
        stream: TextIO,
        curves: Sequence[Curve],
        measures: Sequence[Curve] = (),
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Write to *stream*.

        Args:
            stream: A terminal gets a line that is overwritten.
            curves: The losses to show, in their order.
            measures: What it is measured by; those that are drawn are shown.
            clock: Seconds that never run backwards.
        """
        self._line = LivingLine(stream, clock=clock)
        self._line.begin()
        self._curves = curves
        self._drawn = [m for m in measures if m.plot == "measures"]
        self._steps = 1
        self._measures: Mapping[str, float] = {}
        self.say = self._line.say

    def show(self, report: Report) -> None:
        """Tell *report*, where it is for the reader."""
        match report:
            case Preparing():
                self._line.show(
                    f"Reading pictures: {report.done:,} of {report.total:,}"
                )
            case Started():
                self._steps = report.steps
                self._line.begin()
                self.say(_beginning(report))
            case Losses():
                self._line.show(self._standing(report))
            case Measures():
                self._measures = report.values
            case Notice():
                self.say(report.words)
            case RunOutcome() if report.status is not RunStatus.FAILED:
                self.say(str(report))
            case RunOutcome():
                self._line.end()

    def _standing(self, report: Losses) -> str:
        values = [
            f"{curve.label} {report.values[curve.name]:.3f}"
            for curve in self._curves
            if curve.name in report.values
        ]
        values += [
            f"{measure.label} {self._measures[measure.name]:.2f}"
            for measure in self._drawn
            if measure.name in self._measures
        ]
        return "  ".join(
            [
                f"{100 * report.step // self._steps:3d} %",
                f"step {report.step:,} of {self._steps:,}",
                *values,
                f"{report.pictures_per_s:,.0f} pictures/s",
                f"{duration(report.remaining_s)} left",
            ]
        )


def duration(seconds: float) -> str:
    """Seconds as a person says them: "45 s", "12 min", "3 h 05 min"."""
    if seconds < 59.5:
        return f"{seconds:.0f} s"
    minutes = max(1, round(seconds / 60))
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60:02d} min"


def _beginning(report: Started) -> str:
    verb = f"Going on from step {report.step:,}" if report.step else "Training"
    return (
        f"{verb} on {report.training_pictures:,} pictures, "
        f"{report.held_out_pictures:,} held out. {report.device}. "
        f"Run folder: {report.folder}"
    )
