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
from collections.abc import Callable, Iterable
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from statistics import median, quantiles
from typing import Any

# As in main.py, before anything loads torch or Qt.
os.environ.setdefault("GOMP_SPINCOUNT", "10000")
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

STARTS = 5
ROUNDS = 3
SECONDS = 10.0  # of each phase of a round
WARM_UP_S = 3.0  # the first steps allocate and choose algorithms
TICK_MS = 16  # a frame at 60 Hz
WAIT_S = 120.0


# ----------------------------------------------------------------------------
# Parts that are measured, each in a process of its own.


def start(folder: Path, _seconds: float) -> dict[str, Any]:
    """From nothing to the first paint, then torch on a thread beside the window."""
    studio = open_studio(folder)
    painted: list[float] = []
    studio.window.first_painted.connect(lambda: painted.append(time.monotonic()))
    studio.window.show()
    wait(lambda: bool(painted))
    assert "torch" not in sys.modules, "torch was loaded before the first paint"

    from studio.background import Background

    loaded: list[float] = []
    beside, ticks = Background(), Ticks()
    began = time.perf_counter()
    beside.submit(
        "load",
        lambda _task: import_module("engines.training.runner"),
        done=lambda _module: loaded.append(time.perf_counter() - began),
        failed=sys.exit,
    )
    wait(lambda: bool(loaded))
    worst = max(ticks.stop())
    assert beside.shut_down()
    assert studio.close()
    return {"painted": painted[0], "torch_s": loaded[0], "stall_ms": worst}


def window(folder: Path, seconds: float) -> dict[str, Any]:
    """Train as after a click on "Try it" and watch; then the same window at rest."""
    from engines.training.reports import Losses
    from studio.session import JobState

    studio = open_studio(folder)
    session = studio.session
    losses: list[Losses] = []
    session.reported.connect(
        lambda report: losses.append(report) if isinstance(report, Losses) else None
    )
    studio.window.show()
    session.try_sample("facades", "pix2pix")
    studio.window.show_page("train")
    wait(lambda: bool(losses))
    spin(WARM_UP_S)

    losses.clear()
    busy = time.thread_time()
    training = lateness(seconds)
    busy = (time.thread_time() - busy) / seconds
    speed = pictures_per_s(losses, session.run_config.batch_size)
    session.pause()
    wait(lambda: session.state is JobState.PAUSED)
    spin(1.0)  # what was on its way is painted
    idle = lateness(seconds)

    assert session.started is not None
    device = session.started.device
    session.stop()
    wait(lambda: session.state is JobState.IDLE)
    assert studio.close()
    return {
        "training": training,
        "idle": idle,
        "busy": 100 * busy,
        "speed": speed,
        "device": device,
    }


def headless(folder: Path, seconds: float) -> dict[str, Any]:
    """Train the same without Qt."""
    from engines.catalogue import engine_entry
    from engines.samples.facades import write_facades
    from engines.training.controls import Controls
    from engines.training.jobs import DataChoice, NewRun
    from engines.training.reports import Losses
    from engines.training.runner import run

    entry = engine_entry("pix2pix")
    job = NewRun(
        engine=entry.name,
        config=entry.config.checked(entry.presets["quick"].values),
        data=DataChoice(folder=write_facades(folder / "Façades")),
        folder=folder / "runs" / f"headless-{os.getpid()}",
        name="Benchmark",
    )
    controls, losses = Controls(), list[Losses]()
    for report in run(job, controls):
        if isinstance(report, Losses) and report.elapsed_s > WARM_UP_S:
            losses.append(report)
            if report.elapsed_s - losses[0].elapsed_s > seconds:
                controls.stop()
    assert "PySide6" not in sys.modules
    return {"speed": pictures_per_s(losses, job.config.batch_size)}


# ----------------------------------------------------------------------------
# Their tools.


class Ticks:
    """Notes how late a timer of the window's thread is, from now on."""

    def __init__(self) -> None:
        from PySide6.QtCore import Qt, QTimer

        self._late_ms: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_tick)
        self._timer.start(TICK_MS)

    def stop(self) -> list[float]:
        """Milliseconds that each tick came later than a frame after the one before."""
        self._timer.stop()
        return self._late_ms

    def _on_tick(self) -> None:
        now = time.perf_counter()
        self._late_ms.append(max(0.0, (now - self._last) * 1000 - TICK_MS))
        self._last = now


def open_studio(folder: Path) -> Any:
    """Build the studio with everything it remembers inside *folder*."""
    from PySide6.QtWidgets import QApplication

    from studio.app import build
    from studio.settings import SettingsFile

    settings = SettingsFile(folder / "settings")
    settings.change(runs_folder=folder / "runs")
    return build(QApplication([]), settings, folder / "studio.log")


def spin(seconds: float) -> None:
    """Let the window live for so long."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()


def wait(condition: Callable[[], bool]) -> None:
    """Let the window live until *condition* holds."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < WAIT_S, "it took too long"
        spin(0.01)


def lateness(seconds: float) -> list[float]:
    """How late each tick was in the next *seconds*, in milliseconds."""
    ticks = Ticks()
    spin(seconds)
    return ticks.stop()


def pictures_per_s(losses: list[Any], batch_size: int) -> float:
    """The mean between the first and the last of these reports."""
    first, last = losses[0], losses[-1]
    steps = last.step - first.step
    return float(batch_size * steps / (last.elapsed_s - first.elapsed_s))


# ----------------------------------------------------------------------------
# The table.


def measure(part: str, folder: Path, seconds: float) -> dict[str, Any]:
    """Run one part in a process of its own and read what it found."""
    command = [
        sys.executable,
        "-m",
        "benchmarks.window",
        part,
        str(folder),
        str(seconds),
    ]
    began = time.monotonic()  # one clock for all processes of a machine
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    if "painted" in found:
        found["paint_s"] = found["painted"] - began
    return found


def row(name: str, values: Iterable[float], unit: str) -> str:
    """Median and all values of repeated measurements."""
    values = list(values)
    every = "  ".join(f"{value:.2f}" for value in values)
    return f"{name:<34}{median(values):8.2f} {unit:<11} of {every}"


def late_row(name: str, rounds: Iterable[list[float]]) -> str:
    """Percentiles of lateness over all rounds."""
    late = [ms for one in rounds for ms in one]
    cuts = quantiles(late, n=100)
    numbers = f"{cuts[49]:8.2f}{cuts[98]:8.2f}{max(late):8.2f}"
    return f"{name:<34}{numbers}   of {len(late):,} ticks"


def main(seconds: float) -> None:
    """Measure everything and print the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        starts = [measure("start", folder, seconds) for _ in range(STARTS)]
        windows, alone = [], []
        for _ in range(ROUNDS):
            windows.append(measure("window", folder, seconds))
            alone.append(measure("headless", folder, seconds))

    print(f"{platform.platform()}, {os.cpu_count()} cores, {windows[0]['device']}")
    names = ("torch", "PySide6-Essentials")
    packages = ", ".join(f"{name} {version(name)}" for name in names)
    print(f"Python {platform.python_version()}, {packages}\n")
    print(row("First paint after process start", (s["paint_s"] for s in starts), "s"))
    print(row("Torch loaded in the background", (s["torch_s"] for s in starts), "s"))
    print(row("Longest stall meanwhile", (s["stall_ms"] for s in starts), "ms"))
    print(f"\n{'Lateness of a 16 ms timer, ms':<34}{'p50':>8}{'p99':>8}{'worst':>8}")
    print(late_row("Window, run paused", (w["idle"] for w in windows)))
    print(late_row("Window, training and watched", (w["training"] for w in windows)))
    print(row("Its thread at work while training", (w["busy"] for w in windows), "%"))
    print()
    print(row("Training without a window", (a["speed"] for a in alone), "pictures/s"))
    print(row("Training under the window", (w["speed"] for w in windows), "pictures/s"))


if __name__ == "__main__":
    parts = {"start": start, "window": window, "headless": headless}
    if sys.argv[1:2] and sys.argv[1] in parts:
        result = parts[sys.argv[1]](Path(sys.argv[2]), float(sys.argv[3]))
        print(json.dumps(result))
    else:
        main(float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS)
