"""How long it takes from a move of the mouse to the translated picture on the screen.

Run by hand from the root of the repository, on a machine with nothing else to do:

    python -m benchmarks.draw_latency [seconds]

Networks of the presets, after one step of training, are drawn for in the Draw tab of
1280 × 800 by mouse events. A move counts as answered when the result stage has painted
a picture of a drawing that had the move in it.

    at rest   one move at a time, the next when it is answered
    drawing   sixty moves a second, answered or not
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from torch import get_num_threads

from benchmarks.window.tools import spin, wait
from engines.catalogue import engine_entry
from engines.runs.listing import summarise
from engines.samples.catalogue import sample_for
from engines.training.controls import Controls
from engines.training.jobs import DataChoice, NewRun
from engines.training.runner import run
from studio.model_entry import entry_of
from studio.pages.draw import DrawTab
from studio.session import Session
from studio.settings import SettingsFile
from studio.theme import Theme

MODELS = (
    ("pix2pix", "quick"),
    ("pix2pix", "normal"),
    ("cyclegan", "normal"),
    ("pix2pix", "best"),
    ("cyclegan", "best"),
)
SECONDS = 8.0
MOVE_MS = 16
AT_REST = 60  # moves
_LINE = 8  # rows between two lines of the pattern that is drawn


class Stopwatch(QObject):
    """Notes when moves were made, and when a result with them was painted."""

    def __init__(self, tab: DrawTab) -> None:
        super().__init__()
        self.late_ms: list[float] = []
        self.painted = 0
        self.began = 0.0  # when the move under way was made
        self._tab = tab
        self._open: list[tuple[float, bytes]] = []  # when, and the drawing by then
        self._arrived: bytes | None = None
        tab.view.canvas.changed.connect(self._on_drawn)
        tab.result_changed.connect(self._on_result)
        tab.view.result.installEventFilter(self)

    def is_answered(self) -> bool:
        return not self._open

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and self._arrived is not None:
            QTimer.singleShot(0, self._on_painted)  # this comes before the painting
        return super().eventFilter(watched, event)

    def _on_drawn(self) -> None:
        drawing = self._tab.view.canvas.drawing.pixels().tobytes()
        self._open.append((self.began, drawing))

    def _on_result(self) -> None:
        found = self._tab.translation()
        self._arrived = found.before.tobytes() if found else None

    def _on_painted(self) -> None:
        drawings = [drawing for _, drawing in self._open]
        if self._arrived in drawings:
            # The last that looks like it: a move over what is black changes nothing.
            count = len(drawings) - drawings[::-1].index(self._arrived)
            now = time.perf_counter()
            self.late_ms += [1000 * (now - began) for began, _ in self._open[:count]]
            del self._open[:count]
            self.painted += 1


def pattern(size: int) -> Iterator[QPointF]:
    """Points of lines one below the other, each a few pixels from the one before."""
    step = max(1, size // 64)
    while True:
        for row in range(step, size - step, _LINE * step):
            for x in range(0, size, step):
                yield QPointF(x + 0.5, row + 0.5)


def make_run(engine: str, preset: str, folder: Path) -> Path:
    """A run of one step with the preset's networks."""
    entry, sample = engine_entry(engine), sample_for(engine)
    values = {**entry.presets[preset].values, "steps": 1, "batch_size": 1}
    pictures = folder / sample.name
    if not pictures.exists():
        sample.write(pictures, count=12)
    path = folder / f"{engine}-{preset}"
    job = NewRun(
        engine=engine,
        config=entry.config.checked(values),
        data=DataChoice(folder=pictures),
        folder=path,
        name=path.name,
    )
    for _report in run(job, Controls()):
        pass
    return path


def measure(tab: DrawTab, path: Path, seconds: float) -> dict[str, Any]:
    """Draw for a run: at rest, then for so many *seconds*."""
    tab.use_model(entry_of(summarise(path)))
    wait(lambda: tab.translation() is not None and tab.view.strip.count() > 0)
    spin(1.0)
    canvas = tab.view.canvas
    points = pattern(canvas.drawing.size)

    def at(point: QPointF) -> QPoint:
        place = canvas.place()
        scale = place.width() / canvas.drawing.size
        return (place.topLeft() + point * scale).toPoint()

    def move() -> None:
        watch.began = time.perf_counter()
        QTest.mouseMove(canvas, at(next(points)))

    canvas.clear()
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=at(next(points)))
    spin(1.0)
    watch = Stopwatch(tab)
    for _ in range(AT_REST):
        move()
        wait(watch.is_answered)
    at_rest, watch.late_ms, watch.painted = watch.late_ms, [], 0
    timer = QTimer()
    timer.timeout.connect(move)
    timer.start(MOVE_MS)
    spin(seconds)
    timer.stop()
    wait(watch.is_answered)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=at(next(points)))
    watch.deleteLater()
    return {
        "size": canvas.drawing.size,
        "at_rest": at_rest,
        "drawing": watch.late_ms,
        "per_s": watch.painted / seconds,
    }


def main(seconds: float) -> None:
    """Measure every model and print a row for each as soon as it is known."""
    app = QApplication([])
    Theme(app, "light")
    print(f"{os.cpu_count()} cores, {get_num_threads()} threads; milliseconds\n")
    print(f"{'':<22}{'at rest':>16}{'drawing':>16}{'pictures':>10}")
    print(f"{'':<22}{'p50':>8}{'p95':>8}{'p50':>8}{'p95':>8}{'a second':>10}")
    with tempfile.TemporaryDirectory() as name:
        settings = SettingsFile(Path(name) / "settings")
        session = Session(settings)
        tab = DrawTab(session)
        tab.resize(1200, 696)  # what a window of 1280 × 800 leaves
        tab.show()
        for engine, preset in MODELS:
            found = measure(tab, make_run(engine, preset, Path(name)), seconds)
            say(f"{engine} {preset}, {found['size']} px", found)
        tab.hide()
        session.shut_down()


def say(title: str, found: dict[str, Any]) -> None:
    numbers = "".join(
        f"{median(late):8.0f}{quantiles(late, n=20)[18]:8.0f}"
        for late in (found["at_rest"], found["drawing"])
    )
    print(f"{title:<22}{numbers}{found['per_s']:10.0f}", flush=True)


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS)
