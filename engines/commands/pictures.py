"""The commands that use runs: translate with them, list them."""

import contextlib
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from engines.batch_plan import Existing, Format, NamePattern, Plan, plan
from engines.commands.exits import DONE, FAILED, INTERRUPTED
from engines.commands.interrupt import ctrl_c_stops
from engines.commands.terminal import LivingLine, duration
from engines.configs import ConfigError
from engines.errors import Cancelled, RunError
from engines.options import NormUse, Options, Scale
from engines.runs.listing import RunSummary, list_runs
from engines.training.jobs import Direction

if TYPE_CHECKING:
    from engines.batch import BatchReport, Standing
    from engines.translation import Model


def translate(
    run: Path,
    /,
    *pictures: Path,
    out: Path,
    pattern: str = "{name}",
    format: Format = "same",
    existing: Existing = "number",
    direction: Direction = "AtoB",
    scale: Scale = "learnt",
    noise_seed: int | None = None,
    norm: NormUse = "learnt",
    tile: int | None = None,
    step: int | None = None,
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto",
) -> int:
    """Translate picture files, or all pictures in folders, with a model.

    Args:
        run: The run folder, or a weights file of the published CycleGAN and pix2pix
            code.
        pictures: Picture files, and folders, whose tree is kept.
        out: Where the results go; nothing there is overwritten.
        pattern: What results are called, of {name}, {model}, {step}, {number} and
            {ext}, the input's ending.
        format: same keeps the input's, png where that cannot be written.
        existing: skip leaves results of an earlier pass; number adds -2, -3, ...
        direction: BtoA goes the other way, with a model that learnt both.
        scale: learnt shows the network the size it was trained at, full every pixel.
        noise_seed: Keep dropout on, as the pix2pix paper does, with this seed.
        norm: picture takes the statistics of batch norm from each picture.
        tile: Side of the pieces that large pictures are cut into at full scale, in
            pixels; by the memory that is free where left out.
        step: The checkpoint; the newest where left out.
        device: Where to compute.
    """
    if not pictures:
        raise ConfigError("Name at least one picture or folder to translate.")
    if tile is not None and tile < 1:
        raise ConfigError(f"--tile must be 1 or more pixels; it is {tile}.")
    NamePattern(pattern)  # before torch is loaded
    from engines.translation import load_model

    model = load_model(run, step=step, device=device)
    options = Options(
        direction=direction, scale=scale, noise_seed=noise_seed, norm=norm, tile=tile
    )
    _check(model, options)
    print(model.name if model.step is None else f"{model.name}, step {model.step:,}.")
    stop = threading.Event()
    code = INTERRUPTED
    with ctrl_c_stops(stop.set, "this picture"), contextlib.suppress(Cancelled):
        made = plan(
            pictures,
            out,
            pattern=pattern,
            format=format,
            existing=existing,
            model=model.name,
            step=model.step,
            cancelled=stop.is_set,
        )
        code = _translate(model, made, options, stop)
    return INTERRUPTED if stop.is_set() else code


def _check(model: "Model", options: Options) -> None:
    """Refuse options that mean nothing to *model*, rather than leave them out."""
    if options.direction not in model.directions:
        raise ConfigError(
            f"'{model.name}' translates one way only. Leave --direction out."
        )
    if options.noise_seed is not None and not model.can_be_noisy:
        raise ConfigError(f"'{model.name}' has no dropout. Leave --noise-seed out.")
    if options.norm == "picture" and not model.has_batch_norm:
        raise ConfigError(f"'{model.name}' has no batch norm. Leave --norm out.")


def _translate(
    model: "Model", made: Plan, options: Options, stop: threading.Event
) -> int:
    """Do what is planned, telling how far it is, and sum up."""
    from engines.batch import translate_batch

    line = LivingLine(sys.stdout)
    report: BatchReport | None = None
    failures: list[str] = []

    def tell(standing: "Standing") -> None:
        line.show(_standing(standing))

    problem = ""
    try:
        for report in translate_batch(
            model, made, options, cancelled=stop.is_set, progress=tell
        ):
            tell(report.standing)
            if report.problem:
                failures.append(f"{report.source} {report.problem}.")
    except RunError as error:
        problem = str(error)
    line.end()
    for words in filter(None, [*failures, problem]):
        print(words, file=sys.stderr)
    print(_summary(made, report))
    return FAILED if failures or problem else DONE


def _standing(now: "Standing") -> str:
    words = [
        f"{int(100 * now.fraction):3d} %",
        f"picture {now.finished:,} of {now.total:,}",
    ]
    if now.failed:
        words.append(f"{now.failed:,} failed")
    if now.left_s is not None:
        words.append(f"{duration(now.left_s)} left")
    return "  ".join(words)


def _summary(made: Plan, last: "BatchReport | None") -> str:
    saved, there = (last.standing.done, last.standing.skipped) if last else (0, 0)
    words = f"{saved:,} of {len(made.jobs):,} pictures saved in {made.out}."
    if last and saved == len(made.jobs) == 1:
        words = f"{last.source} -> {last.written}"
    return f"{words} Already there: {there:,}." if there else words


def runs(root: Path = Path("runs"), /) -> None:
    """List the runs in a folder, newest first.

    Args:
        root: The folder that holds run folders.
    """
    found = list_runs(root)
    for run in found:
        print(_row(run))
    if not found:
        print(f"There are no runs in '{root}'.")


def _row(run: RunSummary) -> str:
    if run.info is None:
        return f"{run.path}  {run.problem}"
    done = f"step {run.info.step:,} of {run.info.steps:,}"
    best = f"  best SSIM {run.best['ssim']:.2f}" if "ssim" in run.best else ""
    return f"{run.path}  {run.info.name}  {run.state}, {done}{best}"
