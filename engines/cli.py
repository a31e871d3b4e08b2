"""The commands: train, resume, translate and look at data without a window.

Exit codes: 0 done, 1 failed (a sentence says why), 2 wrong usage, 130 after Ctrl-C.
`--help` answers without loading torch.
"""

import io
import math
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import FrameType
from typing import Any, Literal

from cyclopts import App, CycloptsError

from engines.catalogue import ENGINES, EngineEntry, engine_entry
from engines.configs import EngineConfig
from engines.configs.base import ConfigError
from engines.data.layouts import understand
from engines.data.pairs import PairSet
from engines.data.scan import find_pictures
from engines.errors import PictureError, StudioError
from engines.flags import AFTER_CREATION, flags_of, values_of
from engines.runs.folder import RunFolder, new_run_path
from engines.runs.listing import RunSummary, list_runs
from engines.samples.facades import write_facades
from engines.sheets import write_run_sheet
from engines.terminal import Progress, duration
from engines.training.controls import Controls
from engines.training.jobs import DataChoice, Direction, NewRun, ResumeRun
from engines.training.reports import Report, RunOutcome, RunStatus, Started

DONE, FAILED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130

RUNS = Path("runs")
# Of the minutes that were asked for; the rest goes into previews and measures.
TRAINING_SHARE = 0.9
MEASURING_S = 2.0
# A machine that slowed down is given this much more before the run is ended.
PATIENCE = 1.15


def main(argv: Sequence[str]) -> int:
    """Do what the command line asks and return the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # file names hold anything
    try:
        return int(
            _make_app()(list(argv), exit_on_error=False, print_error=False) or DONE
        )
    except (CycloptsError, ConfigError) as error:
        return _refuse(error, WRONG_USAGE)
    except StudioError as error:
        return _refuse(error, FAILED)
    except KeyboardInterrupt:
        return _refuse("Interrupted.", INTERRUPTED)


def _refuse(words: object, code: int) -> int:
    print(words, file=sys.stderr)
    return code


def _make_app() -> App:
    app = App(
        help="Train image-translation models and use them.",
        version=_version,
        help_format="plaintext",
        result_action="return_value",
        suppress_keyboard_interrupt=False,
    )
    train = App(name="train", help="Train a new run on a folder of pictures.")
    samples = App(name="samples", help="Write a sample set to train on.")
    for entry in ENGINES.values():
        train.command(_train_command(entry), name=entry.name, help=entry.words)
    samples.command(_write_samples, name="facades")
    app.command(train)
    app.command(_resume_command(), name="resume")
    app.command(_translate, name="translate")
    app.command(_inspect, name="inspect")
    app.command(_list_runs, name="runs")
    app.command(samples)
    app.command(_demo, name="demo")
    return app


def _version() -> str:
    try:
        return version("image-translation-studio")
    except PackageNotFoundError:  # run from the source tree
        return "source"


# ----------------------------------------------------------------------------
# Training.


def _train_command(entry: EngineEntry) -> Any:
    def train(
        *,
        data: Path,
        out: Path | None = None,
        preset: str | None = None,
        minutes: float | None = None,
        sides: str | None = None,
        direction: Direction = "AtoB",
        name: str | None = None,
        threads: int | None = None,
        settings: Any = None,
    ) -> int:
        """Train a new run.

        Args:
            data: The folder with the pictures.
            out: The run folder to make; runs/DATE-ENGINE-DATA where left out.
            preset: Start from quick, normal or best instead of the paper's settings.
            minutes: Train about this long instead of --steps.
            sides: The two subfolders to pair, input first, for example A,B.
            direction: BtoA learns the first side from the second.
            name: What to call the run.
            threads: CPU threads; all cores where left out.
            settings: The flags that were given.
        """
        config = _config(entry, preset, settings)
        if minutes is not None:
            if settings and "steps" in settings:
                raise ConfigError("Give --steps or --minutes, not both.")
            config = config.changed(steps=_steps_in(minutes, entry, config, threads))
        choice = DataChoice(folder=data, sides=_two(sides), direction=direction)
        job = _new_run(entry, config, choice, out=out, name=name, threads=threads)
        return _drive(job, entry, limit_s=_limit_s(minutes))

    train.__annotations__["settings"] = flags_of(entry.config)
    return train


def _config(entry: EngineEntry, preset: str | None, settings: Any) -> EngineConfig:
    if preset is not None and preset not in entry.presets:
        known = ", ".join(entry.presets)
        raise ConfigError(
            f"There is no preset '{preset}'. {entry.title} has: {known}. "
            "Leave --preset out for the paper's settings."
        )
    start = entry.presets[preset].values if preset else {}
    return entry.config.checked({**start, **values_of(entry.config, settings)})


def _steps_in(
    minutes: float, entry: EngineEntry, config: EngineConfig, threads: int | None
) -> int:
    """How many steps this machine does in *minutes*; loads torch and tries a few."""
    if not 0 < minutes < math.inf:
        raise ConfigError(f"--minutes must be above 0; it is {minutes:g}.")
    import torch

    from engines.training.speed import seconds_per_step

    if threads:
        torch.set_num_threads(threads)
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


def _two(sides: str | None) -> tuple[str, str] | None:
    if sides is None:
        return None
    names = sides.split(",")
    if len(names) != 2 or not all(names):
        raise ConfigError(
            f"--sides must name two subfolders, for example A,B; it is {sides}."
        )
    return names[0], names[1]


def _new_run(
    entry: EngineEntry,
    config: EngineConfig,
    data: DataChoice,
    *,
    out: Path | None = None,
    name: str | None = None,
    threads: int | None = None,
) -> NewRun:
    pictures = data.folder.resolve().name
    return NewRun(
        engine=entry.name,
        config=config,
        data=data,
        folder=out or new_run_path(RUNS, entry.name, pictures, date.today()),
        name=name or f"{entry.title} on {pictures}",
        threads=threads,
    )


def _resume_command() -> Any:
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
        return _drive(ResumeRun(folder=run, changes=changes), entry)

    configs = [entry.config for entry in ENGINES.values()]
    resume.__annotations__["settings"] = flags_of(*configs, changes=AFTER_CREATION)
    return resume


def _drive(
    job: NewRun | ResumeRun, entry: EngineEntry, *, limit_s: float = math.inf
) -> int:
    """Do *job*, telling how it goes, at most *limit_s* seconds of training."""
    progress = Progress(sys.stdout, entry.curves)
    controls = Controls()
    with _ctrl_c_stops(controls) as interrupted:
        outcome = _watched(job, controls, progress, limit_s)
    if outcome.status is RunStatus.FAILED:
        return _refuse(outcome, FAILED)
    if outcome.folder and outcome.kept_step is not None:
        progress.say(f"Before and after: {write_run_sheet(outcome.folder)}")
    return INTERRUPTED if interrupted.is_set() else DONE


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
            controls.stop()
    assert isinstance(report, RunOutcome), "a run ends in its outcome"
    return report


@contextmanager
def _ctrl_c_stops(controls: Controls) -> Iterator[threading.Event]:
    """Let Ctrl-C end the run after its step; the event says whether it was pressed."""
    pressed = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        pressed.set()
        controls.stop()
        print(
            "\nStopping after this step. Ctrl-C again leaves at once.", file=sys.stderr
        )

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield pressed
    finally:
        signal.signal(signal.SIGINT, before)


# ----------------------------------------------------------------------------
# Using what was learnt.


def _translate(
    run: Path,
    /,
    *pictures: Path,
    out: Path,
    scale: Literal["learnt", "full"] = "learnt",
    step: int | None = None,
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto",
) -> int:
    """Translate picture files, or all pictures in folders, with a run's checkpoint.

    Args:
        run: The run folder.
        pictures: Picture files and folders.
        out: Where the results go; nothing there is overwritten.
        scale: learnt shows the network the size it was trained at, full every pixel.
        step: The checkpoint; the newest where left out.
        device: Where to compute.
    """
    files = [file for path in pictures for file in _pictures_at(path)]
    if not files:
        raise ConfigError("Name at least one picture or folder to translate.")
    from engines.translation import load_model, translate_files

    model = load_model(run, step=step, device=device)
    print(f"{model.name}, step {model.step:,}.")
    saved = 0
    for result in translate_files(model, files, out, scale=scale):
        if result.written:
            saved += 1
            print(f"{result.source} -> {result.written}", flush=True)
        else:
            print(result.error, file=sys.stderr)
    print(f"{saved:,} of {len(files):,} pictures saved in {out}.")
    return DONE if saved == len(files) else FAILED


def _pictures_at(path: Path) -> list[Path]:
    return [found.path for found in find_pictures(path)] if path.is_dir() else [path]


def _list_runs(root: Path = RUNS, /) -> None:
    """List the runs in a folder, newest first.

    Args:
        root: The folder that holds run folders.
    """
    runs = list_runs(root)
    for run in runs:
        print(_row(run))
    if not runs:
        print(f"There are no runs in '{root}'.")


def _row(run: RunSummary) -> str:
    if run.info is None:
        return f"{run.path}  {run.problem}"
    done = f"step {run.info.step:,} of {run.info.steps:,}"
    best = f"  best SSIM {run.best['ssim']:.2f}" if "ssim" in run.best else ""
    return f"{run.path}  {run.info.name}  {run.state}, {done}{best}"


# ----------------------------------------------------------------------------
# Data.


def _inspect(folder: Path, /, *, sides: str | None = None) -> None:
    """Say what a folder holds, and which file has what wrong with it.

    Args:
        folder: The folder with the pictures.
        sides: The two subfolders to pair, input first, for example A,B.
    """
    pairs = understand(folder, sides=_two(sides))
    print(pairs.words)
    problems = [problem.words for problem in pairs.problems] + _damaged(pairs)
    for words in problems:
        print(f"  {words}")
    print(f"{len(problems):,} problems." if problems else "Every picture can be used.")


def _damaged(pairs: PairSet) -> list[str]:
    """Decode every file whole; say what cannot be."""
    sides = {side.path: side for pair in pairs.pairs for side in (pair.a, pair.b)}

    def look(path: Path) -> str | None:
        try:
            sides[path].read()
        except PictureError as error:
            return f"{path.relative_to(pairs.folder)} {error.reason}."
        return None

    with ThreadPoolExecutor(thread_name_prefix="decode") as pool:
        return [words for words in pool.map(look, sides) if words]


def _write_samples(
    *, out: Path, count: int = 400, size: int = 64, seed: int = 0
) -> None:
    """Write label maps and the house fronts that belong to them.

    Args:
        out: The folder to make.
        count: How many pairs, 2 to 9999.
        size: Side in pixels, 32 to 1024.
        seed: Another seed gives other façades.
    """
    try:
        write_facades(out, count=count, size=size, seed=seed)
    except ValueError as error:
        raise ConfigError(f"--{error}.") from None
    print(f"{count:,} pairs of {size} x {size} pixels are in {out}.")


def _demo(*, out: Path = Path("demo"), minutes: float = 1.0) -> int:
    """Draw façades, learn to paint them, and show before and after.

    Args:
        out: Where the pictures and the run go.
        minutes: How long to train, about.
    """
    entry = ENGINES["pix2pix"]
    print("Drawing façades.", flush=True)
    data = DataChoice(folder=write_facades(out / "facades"))
    config = _config(entry, "quick", {})
    config = config.changed(steps=_steps_in(minutes, entry, config, None))
    folder = new_run_path(out, entry.name, "facades", date.today())
    job = _new_run(entry, config, data, out=folder, name="Demo")
    return _drive(job, entry, limit_s=_limit_s(minutes))
