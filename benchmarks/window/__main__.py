"""What the window costs: until it is there, while it trains, and to the training.

Run by hand from the root of the repository, on a machine with nothing else to do:

    python -m benchmarks.window [seconds]

Every measurement is made in a process of its own, and those that are compared take
turns, so that a slow minute of the machine falls on both. See README.md beside this.
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from benchmarks.window import long_run, parts, training

# None of the above loads Qt.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

STARTS = 5
ROUNDS = 3
SECONDS = 10.0  # of each phase of a round

Rounds = list[dict[str, Any]]

PARTS: Mapping[str, Callable[[Path, float], dict[str, Any]]] = {
    "start": parts.start,
    "plot": parts.plot,
    "answers": parts.answers,
    "observing": parts.observing,
    "prepare": long_run.prepare,
    "quick_window": training.quick_window,
    "quick_headless": training.quick_headless,
    "long_window": training.long_window,
    "long_headless": training.long_headless,
}


def main(seconds: float) -> None:
    """Measure everything and print the tables, each as soon as it is known."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)

        def measured(part: str) -> dict[str, Any]:
            return measure(part, folder, seconds)

        say_machine()
        say_starts([measured("start") for _ in range(STARTS)])
        say_plot(measured("plot")["rows"])
        say_answers(measured("answers"))
        say_observing(measured("observing"))
        say_training("Pix2Pix quick, 64 px", *in_turns(measured, "quick"))
        measured("prepare")
        title = f"Pix2Pix 256 px, {long_run.POINTS:,} points a curve"
        say_training(title, *in_turns(measured, "long"))


def in_turns(
    measured: Callable[[str], dict[str, Any]], job: str
) -> tuple[Rounds, Rounds]:
    """The job with the window and without, one after the other, `ROUNDS` times."""
    rounds = [
        (measured(f"{job}_window"), measured(f"{job}_headless")) for _ in range(ROUNDS)
    ]
    return [window for window, _ in rounds], [alone for _, alone in rounds]


def measure(part: str, folder: Path, seconds: float) -> dict[str, Any]:
    """Run one part in a process of its own and read what it found."""
    command = [sys.executable, "-m", "benchmarks.window", part]
    began = time.monotonic()  # one clock for all processes of a machine
    done = subprocess.run(
        [*command, str(folder), str(seconds)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    if "painted" in found:
        found["paint_s"] = found["painted"] - began
    return found


# ----------------------------------------------------------------------------
# The tables.


def say_machine() -> None:
    names = ("torch", "PySide6-Essentials")
    packages = ", ".join(f"{name} {version(name)}" for name in names)
    print(f"{platform.platform()}, {os.cpu_count()} cores")
    print(f"Python {platform.python_version()}, {packages}\n")


def say_starts(starts: Rounds) -> None:
    say("First paint after process start", (s["paint_s"] for s in starts), "s")
    say("Torch loaded in the background", (s["torch_s"] for s in starts), "s")
    say("Longest stall meanwhile", (s["stall_ms"] for s in starts), "ms")


def say_plot(rows: Rounds) -> None:
    columns = "".join(f"{name:>9}" for name in ("load", "append", "paint", "worst"))
    print(f"\n{'Loss plot of three curves, ms':<38}{columns}")
    for row in rows:
        names = ("load_ms", "append_ms", "paint_ms", "worst_ms")
        numbers = "".join(f"{row[name]:9.2f}" for name in names)
        print(f"{row['points']:>9,} points each{'':<16}{numbers}")


def say_answers(found: dict[str, Any]) -> None:
    late = found["answers_ms"]
    p95 = quantiles(late, n=20)[18]
    print(f"\n{'Translating 64 px while training, ms':<38}{'p50':>9}{'p95':>9}")
    print(f"{'From asking to the answer':<38}{median(late):9.1f}{p95:9.1f}", end="")
    print(f"   of {len(late)}; the first, with its model, {found['first_ms']:.0f}")


def say_observing(found: dict[str, Any]) -> None:
    print(
        f"\nThe loop beside its steps: {found['beside_us']:.0f} µs a step of "
        f"{found['step_ms']:.1f} ms, {found['share']:.2f} %"
    )


def say_training(title: str, windows: Rounds, alone: Rounds) -> None:
    print(f"\n{title}; {windows[0]['device']}")
    columns = "".join(f"{name:>9}" for name in ("p50", "p99", "worst"))
    print(f"{'Lateness of a 16 ms timer, ms':<38}{columns}")
    say_late("Window, run paused", (w["idle"] for w in windows))
    say_late("Window, training and watched", (w["training"] for w in windows))
    say("Longest stall until its first loss", (w["opened"] for w in windows), "ms")
    say("Its thread at work while training", (w["busy"] for w in windows), "%")
    say("Training without a window", (a["speed"] for a in alone), "pictures/s")
    say("Training under the window", (w["speed"] for w in windows), "pictures/s")
    ratios = [w["speed"] / a["speed"] for w, a in zip(windows, alone, strict=True)]
    say("Of it without", (100 * ratio for ratio in ratios), "%")


def say(name: str, values: Iterable[float], unit: str) -> None:
    """Median and all values of repeated measurements."""
    values = list(values)
    every = "  ".join(f"{value:.2f}" for value in values)
    print(f"{name:<38}{median(values):9.2f} {unit:<11} of {every}", flush=True)


def say_late(name: str, rounds: Iterable[list[float]]) -> None:
    """Percentiles of lateness over all rounds."""
    late = [ms for one in rounds for ms in one]
    cuts = quantiles(late, n=100)
    numbers = f"{cuts[49]:9.2f}{cuts[98]:9.2f}{max(late):9.2f}"
    print(f"{name:<38}{numbers}   of {len(late):,} ticks")


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in PARTS:
        result = PARTS[sys.argv[1]](Path(sys.argv[2]), float(sys.argv[3]))
        print(json.dumps(result))
    else:
        main(float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS)
