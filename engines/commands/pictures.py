"""The commands that use runs: translate with them, list them."""

import sys
from pathlib import Path
from typing import Literal

from engines.commands.exits import DONE, FAILED
from engines.configs import ConfigError
from engines.data.scan import find_pictures
from engines.options import Options
from engines.runs.listing import RunSummary, list_runs
from engines.training.jobs import Direction


def translate(
    run: Path,
    /,
    *pictures: Path,
    out: Path,
    scale: Literal["learnt", "full"] = "learnt",
    direction: Direction = "AtoB",
    step: int | None = None,
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto",
) -> int:
    """Translate picture files, or all pictures in folders, with a run's checkpoint.

    Args:
        run: The run folder.
        pictures: Picture files and folders.
        out: Where the results go; nothing there is overwritten.
        scale: learnt shows the network the size it was trained at, full every pixel.
        direction: BtoA goes the other way, with a model that learnt both.
        step: The checkpoint; the newest where left out.
        device: Where to compute.
    """
    files = [file for path in pictures for file in _pictures_at(path)]
    if not files:
        raise ConfigError("Name at least one picture or folder to translate.")
    from engines.translation import load_model, translate_files

    model = load_model(run, step=step, device=device)
    print(f"{model.name}, step {model.step:,}.")
    options = Options(direction=direction, scale=scale)
    saved = 0
    for result in translate_files(model, files, out, options):
        if result.written:
            saved += 1
            print(f"{result.source} -> {result.written}", flush=True)
        else:
            print(result.error, file=sys.stderr)
    print(f"{saved:,} of {len(files):,} pictures saved in {out}.")
    return DONE if saved == len(files) else FAILED


def _pictures_at(path: Path) -> list[Path]:
    return [found.path for found in find_pictures(path)] if path.is_dir() else [path]


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
