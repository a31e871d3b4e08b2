"""Single promises: starting, painting a plot, answering, watching a step."""

import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.window.tools import Ticks, open_studio, spin, wait

POINTS = (1_000, 100_000, 1_000_000)
CURVES = ("a", "b", "c")
PAINTS = 40
PLOT_SIZE = 640, 300  # pixels; about what it has in a window as it opens


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
        lambda _task: import_module("engines.training.warm_up").warm_up(),
        done=lambda _module: loaded.append(time.perf_counter() - began),
        failed=sys.exit,
    )
    wait(lambda: bool(loaded))
    worst = max(ticks.stop())
    assert beside.shut_down()
    assert studio.close()
    return {"painted": painted[0], "torch_s": loaded[0], "stall_ms": worst}


def plot(_folder: Path, _seconds: float) -> dict[str, Any]:
    """Three curves of a loss plot: loading them, a point more, and painting that."""
    import numpy as np
    from PySide6.QtWidgets import QApplication

    from engines.training.reports import Curve
    from studio.widgets.loss_plot import LossPlot

    _app = QApplication([])
    curves = [Curve(name=name, label=name, words="") for name in CURVES]
    noise = np.random.default_rng(0)
    rows = []
    for points in POINTS:
        widget = LossPlot(curves, title="Losses")
        widget.resize(*PLOT_SIZE)
        widget.show()
        values = {name: i + noise.random(points) for i, name in enumerate(CURVES)}
        steps = np.arange(1, points + 1)
        load_ms = _ms(lambda: widget.set_history(steps, values))  # noqa: B023
        spin(0.3)
        appends, paints = [], []
        for step in range(points + 1, points + 1 + PAINTS):
            news = {name: i + noise.random() for i, name in enumerate(CURVES)}
            appends.append(_ms(lambda: widget.append(step, news)))  # noqa: B023
            paints.append(_ms(lambda: _paint(widget)))  # noqa: B023
        rows.append(
            {
                "points": points,
                "load_ms": load_ms,
                "append_ms": median(appends),
                "paint_ms": median(paints),
                "worst_ms": max(paints),
            }
        )
        widget.close()
    return {"rows": rows}


def _paint(widget: Any) -> None:
    """What its timer does, and the painting that follows it."""
    widget._refresh()
    widget.grab()


def _ms(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)


def answers(folder: Path, seconds: float) -> dict[str, Any]:
    """Translate one picture after the other, as a page asks, while a run trains."""
    from engines.data.sets import Source
    from engines.training.reports import Losses, Saved
    from studio.session import JobState
    from studio.translating import Translation, TranslationRequest

    studio = open_studio(folder)
    session = studio.session
    seen: list[object] = []
    answered: list[Translation] = []
    session.reported.connect(seen.append)
    session.library.translated.connect(answered.append)
    session.library.translation_failed.connect(lambda _request, words: sys.exit(words))
    studio.window.show()
    studio.window.show_page("train")
    session.try_sample("facades", "pix2pix")
    wait(lambda: any(isinstance(report, Losses) for report in seen))
    session.save_now()
    wait(lambda: any(isinstance(report, Saved) for report in seen))

    assert session.pictures is not None
    assert session.started is not None
    items, took_ms = session.pictures.items, []
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        source = items[len(took_ms) % len(items)].a
        assert isinstance(source, Source)
        request = TranslationRequest(
            run=session.started.folder, source=source, name=source.path.name
        )
        took_ms.append(_answer_ms(session.library, request))
        spin(0.05)  # as a hand that moves a slider
    assert all(answer.after.shape == (64, 64, 3) for answer in answered)
    session.stop()
    wait(lambda: session.state is JobState.IDLE)
    assert studio.close()
    return {"first_ms": took_ms[0], "answers_ms": took_ms[1:]}


def _answer_ms(library: Any, request: Any) -> float:
    """From asking to the answer in the window's thread."""
    from PySide6.QtCore import QEventLoop

    loop = QEventLoop()
    library.translated.connect(loop.quit)
    began = time.perf_counter()
    library.translate(request)
    loop.exec()
    took_ms = 1000 * (time.perf_counter() - began)
    library.translated.disconnect(loop.quit)
    return took_ms


def observing(folder: Path, seconds: float) -> dict[str, Any]:
    """What the loop does beside the steps: reports, controls, progress.

    On a CPU a step is over when it returns, so that this is all time of the loop that
    was not spent in one; comparing two runs would drown it in their differences.
    """
    import torch

    from engines.catalogue import engine_entry
    from engines.data.batches import PairBatch
    from engines.training.controls import Controls
    from engines.training.loop import Hooks, train
    from engines.training.reports import Losses
    from engines.training.setup import build_engine

    entry = engine_entry("pix2pix")
    config = entry.config.checked(entry.presets["quick"].values)
    engine = build_engine(entry.name, config)
    a, b = torch.rand(2, config.batch_size, 3, config.image_size, config.image_size)
    pair = PairBatch(a=2 * a - 1, b=2 * b - 1)
    step, in_steps = engine.train_step, 0.0

    def timed(batch: Any) -> Any:
        nonlocal in_steps
        began = time.perf_counter()
        losses = step(batch)
        in_steps += time.perf_counter() - began
        return losses

    class Same:
        pictures_per_step = config.batch_size

        def batch(self, _step: int) -> PairBatch:
            return pair

    engine.train_step = timed  # type: ignore[method-assign]
    hooks = Hooks(
        preview=dict,
        measure=dict,
        save=lambda _step, _seconds: folder,
        changed=lambda: None,
    )
    controls = Controls()
    marks: list[tuple[int, float, float]] = []  # step, clock, time in steps
    for report in train(engine, Same(), controls, hooks):
        if isinstance(report, Losses):
            marks.append((report.step, time.perf_counter(), in_steps))
            if report.elapsed_s > seconds:
                controls.stop()
    first, last = marks[len(marks) // 5], marks[-2]  # warm, and before its end
    steps, clock, stepping = (b - a for a, b in zip(first, last, strict=True))
    beside = clock - stepping
    return {
        "step_ms": 1000 * stepping / steps,
        "beside_us": 1e6 * beside / steps,
        "share": 100 * beside / stepping,
    }
