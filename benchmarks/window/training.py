"""The window while a run trains, and the same run without a window."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.window.long_run import FOLDER
from benchmarks.window.tools import (
    Ticks,
    lateness,
    open_studio,
    pictures_per_s,
    spin,
    wait,
)

WARM_UP_S = 3.0  # the first steps allocate and choose algorithms


def quick_window(folder: Path, seconds: float) -> dict[str, Any]:
    """Train as after a click on "Try it" and watch; then the same window at rest."""
    return _watch(
        folder,
        seconds,
        lambda studio: studio.session.try_sample("facades", "pix2pix"),
    )


def long_window(folder: Path, seconds: float) -> dict[str, Any]:
    """Go on with the long run, every point of its past in the plots, and watch."""
    from engines.runs.listing import summarise

    # Here, as a page has it from another thread, and it takes a while.
    run = summarise(folder / "runs" / FOLDER)
    return _watch(folder, seconds, lambda studio: studio.session.resume_run(run))


def _watch(
    folder: Path, seconds: float, begin: Callable[[Any], None]
) -> dict[str, Any]:
    from engines.training.reports import Losses
    from studio.session import JobState

    studio = open_studio(folder)
    session = studio.session
    session.library.warm_up()  # as a moment after its first paint
    wait(lambda: not session._inference._unanswered)
    losses: list[Losses] = []
    session.reported.connect(
        lambda report: losses.append(report) if isinstance(report, Losses) else None
    )
    studio.window.show()
    studio.window.show_page("train")
    opening = Ticks()
    begin(studio)
    wait(lambda: bool(losses))
    opened = max(opening.stop())
    spin(WARM_UP_S)

    losses.clear()
    busy = time.thread_time()
    training = lateness(seconds)
    busy = (time.thread_time() - busy) / seconds
    wait(lambda: len(losses) > 1)
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
        "opened": opened,
        "training": training,
        "idle": idle,
        "busy": 100 * busy,
        "speed": speed,
        "device": device,
    }


def quick_headless(folder: Path, seconds: float) -> dict[str, Any]:
    """Train the quick preset without Qt."""
    from engines.catalogue import engine_entry
    from engines.samples.facades import write_facades
    from engines.training.jobs import DataChoice, NewRun

    entry = engine_entry("pix2pix")
    job = NewRun(
        engine=entry.name,
        config=entry.config.checked(entry.presets["quick"].values),
        data=DataChoice(folder=write_facades(folder / "Façades")),
        folder=folder / "runs" / f"headless-{os.getpid()}",
        name="Benchmark",
    )
    return _train(job, seconds, job.config.batch_size)


def long_headless(folder: Path, seconds: float) -> dict[str, Any]:
    """Go on with the long run without Qt."""
    from engines.training.jobs import ResumeRun

    return _train(ResumeRun(folder=folder / "runs" / FOLDER), seconds, batch_size=1)


def _train(job: Any, seconds: float, batch_size: int) -> dict[str, Any]:
    from engines.training.controls import Controls
    from engines.training.reports import Losses, RunOutcome
    from engines.training.runner import run

    controls, losses = Controls(), list[Losses]()
    began = 0.0
    for report in run(job, controls):
        assert not isinstance(report, RunOutcome) or not report.error, report
        if isinstance(report, Losses):
            began = began or report.elapsed_s
            if report.elapsed_s - began > WARM_UP_S:
                losses.append(report)
            if losses and report.elapsed_s - losses[0].elapsed_s > seconds:
                controls.stop()
    assert "PySide6" not in sys.modules
    return {"speed": pictures_per_s(losses, batch_size)}
