"""What every measurement needs: a studio, time that passes, and a clock for both.

Qt is imported within the functions: some of those who use this must not load it.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

TICK_MS = 16  # a frame at 60 Hz
WAIT_S = 300.0


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
    from studio.garbage import GarbageCollector
    from studio.settings import SettingsFile

    settings = SettingsFile(folder / "settings")
    settings.change(runs_folder=folder / "runs")
    app = QApplication([])
    GarbageCollector(app)
    return build(app, settings, folder / "studio.log")


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
