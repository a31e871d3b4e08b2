"""The commands that train: a new run, going on with one, and the demonstration."""

import math
import shlex
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

from engines.catalogue import ENGINES, EngineEntry, engine_entry
from engines.commands.exits import DONE, FAILED, INTERRUPTED, refuse
from engines.commands.flags import (
    AFTER_CREATION,
    NamesFlag,
    UseFlag,
    config_of,
    flags_of,
    two_sides,
    values_of,
)
from engines.commands.interrupt import ctrl_c_stops
from engines.commands.terminal import Progress, duration
from engines.configs import ConfigError, EngineConfig
from engines.runs.folder import RunFolder, new_run_path
from engines.samples.facades import write_facades
from engines.sheets import write_run_sheet
from engines.training.controls import Controls
from engines.training.jobs import DataChoice, Direction, NewRun, ResumeRun
from engines.training.reports import Report, RunOutcome, RunStatus, Started

RUNS = Path("runs")
# Of the minutes that were asked for; the rest goes into previews and measures.
TRAINING_SHARE = 0.9
MEASURING_S = 2.0
# A machine that slowed down is given this much more before the run is ended.
PATIENCE = 1.15


def train_command(entry: EngineEntry) -> Any:
    """The command that trains one engine, with a flag for each of its settings."""

    def train(
        *,
        data: Path,
        out: Path | None = None,
        preset: str | None = None,
        minutes: float | None = None,
        use: UseFlag = None,
        sides: str | None = None,
        direction: Direction = "AtoB",
        leave_out: NamesFlag = None,
        name: str | None = None,
        threads: int | None = None,
        settings: Any = None,
    ) -> int:
        """Train a new run.

        Args:
            data: The folder with the pictures, or a zip archive of it.
            out: The run folder to make; runs/DATE-ENGINE-DATA where left out.
            preset: Start from quick, normal or best instead of the paper's settings.
            minutes: Train about this long instead of --steps.
            use: What the pictures are used as; what the engine needs where left out.
                colourise, sharpen, fill, edges and denoise make pairs of pictures.
            sides: The two subfolders to pair, input first, or the two styles: A,B.
            direction: BtoA learns the first side from the second.
            leave_out: A picture to do without, as inspect names it; may be repeated.
            name: What to call the run.
            threads: CPU threads at most; all cores where left out.
            settings: The flags that were given.
        """
        config = config_of(entry, preset, settings)
        if minutes is not None:
            if settings and "steps" in settings:
                raise ConfigError("Give --steps or --minutes, not both.")
            config = config.changed(steps=_steps_in(minutes, entry, config, threads))
        choice = DataChoice(
            folder=data,
            use=use,
            sides=two_sides(sides),
            direction=direction,
            left_out=tuple(leave_out or ()),
        )
        job = _new_run(entry, config, choice, out=out, name=name, threads=threads)
        return _drive(job, entry, config, limit_s=_limit_s(minutes))

    train.__annotations__["settings"] = flags_of(entry.config)
    return train


def resume_command() -> Any:
    """The command that goes on with a run, with flags for what may change then."""

    def resume(run: Path, /, *, settings: Any = None) -> int:
        """Go on with a run from its newest checkpoint, or give it more --steps.

        Args:
            run: The run folder.
            settings: The flags that were given.
        """
        info = RunFolder.open(run).info
        entry = engine_entry(info.engine)
        values = values_of(entry.config, settings)
        config = entry.config.checked({**info.config, **values})
        changes = {name: getattr(config, name) for name in values}
        return _drive(ResumeRun(folder=run, changes=changes), entry, config)

    configs = [entry.config for entry in ENGINES.values()]
    resume.__annotations__["settings"] = flags_of(*configs, changes=AFTER_CREATION)
    return resume


def demo(*, out: Path = Path("demo"), minutes: float = 1.0) -> int:
    """Draw façades, learn to paint them, and show before and after.

    Args:
        out: Where the pictures and the run go.
        minutes: How long to train, about.
    """
    entry = ENGINES["pix2pix"]
    print("Drawing façades.", flush=True)
    data = DataChoice(folder=write_facades(out / "facades"))
    config = config_of(entry, "quick", {})
    config = config.changed(steps=_steps_in(minutes, entry, config, None))
    folder = new_run_path(out, entry.name, "facades", date.today())
    job = _new_run(entry, config, data, out=folder, name="Demo")
    return _drive(job, entry, config, limit_s=_limit_s(minutes))


# ----------------------------------------------------------------------------
# What to run.


def _steps_in(
    minutes: float, entry: EngineEntry, config: EngineConfig, threads: int | None
) -> int:
    """How many steps this machine does in *minutes*; loads torch and tries a few."""
    if not 0 < minutes < math.inf:
        raise ConfigError(f"--minutes must be above 0; it is {minutes:g}.")
    import torch

    from engines.training.speed import seconds_per_step
    from engines.training.threads import cores, free_cores

    torch.set_num_threads(min(threads or cores(), free_cores()))
    # The fastest of several: a moment in which the machine was busy says nothing, and
    # where it stays busy, the run is ended in time all the same.
    seconds, until = math.inf, time.monotonic() + MEASURING_S
    while time.monotonic() < until:
        seconds = min(seconds, seconds_per_step(entry, config))
    steps = max(1, int(TRAINING_SHARE * 60 * minutes / seconds))
    print(f"A step takes {seconds:.3f} s: {steps:,} steps in {duration(60 * minutes)}.")
    return steps


def _limit_s(minutes: float | None) -> float:
    return math.inf if minutes is None else PATIENCE * 60 * minutes


def _new_run(
    entry: EngineEntry,
    config: EngineConfig,
    data: DataChoice,
    *,
    out: Path | None = None,
    name: str | None = None,
    threads: int | None = None,
) -> NewRun:
    pictures = data.folder.resolve().name.removesuffix(".zip")
    return NewRun(
        engine=entry.name,
        config=config,
        data=data,
        folder=out or new_run_path(RUNS, entry.name, pictures, date.today()),
        name=name or f"{entry.title} on {pictures}",
        threads=threads,
    )


# ----------------------------------------------------------------------------
# Running it.


def _drive(
    job: NewRun | ResumeRun,
    entry: EngineEntry,
    config: EngineConfig,
    *,
    limit_s: float = math.inf,
) -> int:
    """Do *job*, telling how it goes, at most *limit_s* seconds of training."""
    progress = Progress(sys.stdout, entry.curves(config), entry.measures(config))
    controls = Controls()
    with ctrl_c_stops(controls.stop, "this step") as interrupted:
        outcome = _watched(job, controls, progress, limit_s)
    if outcome.status is RunStatus.FAILED:
        return refuse(f"{outcome}{_way_on(outcome)}", FAILED)
    if outcome.folder and outcome.kept_step is not None:
        progress.say(f"Before and after: {write_run_sheet(outcome.folder)}")
    return INTERRUPTED if interrupted.is_set() else DONE


def _way_on(outcome: RunOutcome) -> str:
    """What to type where memory ran out."""
    flag = f"--batch-size {outcome.smaller_batch}"
    if not outcome.smaller_batch:
        return ""
    if outcome.kept_step is None or not outcome.folder:
        return f"\nTry again with {flag}."
    words = ["python", "main.py", "resume", str(outcome.folder)]
    return f"\nGo on with: {shlex.join(words)} {flag}"


def _watched(
    job: NewRun | ResumeRun, controls: Controls, progress: Progress, limit_s: float
) -> RunOutcome:
    from engines.training.runner import run  # loads torch

    deadline = math.inf
    report: Report | None = None
    for report in run(job, controls):
        progress.show(report)
        if isinstance(report, Started):
            deadline = time.monotonic() + limit_s
        elif time.monotonic() > deadline:
            deadline = math.inf
            progress.say("The time is up.")
            controls.stop()
    assert isinstance(report, RunOutcome), "a run ends in its outcome"
    return report
