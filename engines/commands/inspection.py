"""The command that looks before anything is trained: at pictures, time and memory."""

import shlex
from pathlib import Path
from typing import Any

from engines.catalogue import ENGINES, EngineEntry, engine_entry
from engines.commands.flags import UseFlag, config_of, flags_of, two_sides
from engines.commands.terminal import duration
from engines.configs import ConfigError, EngineConfig
from engines.data.audit import audit
from engines.data.layouts import understand
from engines.data.sets import PictureSet


def inspect_command() -> Any:
    """The command that looks at a folder, with the flags of every engine's settings."""

    def inspect(
        folder: Path,
        /,
        *,
        use: UseFlag = None,
        sides: str | None = None,
        engine: str | None = None,
        preset: str | None = None,
        settings: Any = None,
    ) -> None:
        """Say what a folder holds, what is wrong with it, and what training takes.

        Args:
            folder: The folder with the pictures, or a zip archive of it.
            use: What its pictures are used as; what fits best where left out.
            sides: The two subfolders to pair, input first, or the two styles: A,B.
            engine: Say also what training this one takes here: time and memory.
            preset: Start from quick, normal or best instead of the paper's settings.
            settings: The flags that were given.
        """
        if engine is None and (preset or settings):
            raise ConfigError("Settings are an engine's: name one with --engine.")
        entry = engine_entry(engine) if engine else None
        config = config_of(entry, preset, settings) if entry else None
        kind = entry.data if entry else None
        pictures = understand(folder, use=use or kind, sides=two_sides(sides))
        _tell_pictures(pictures)
        if entry and config:
            _tell_cost(entry, config)

    configs = [entry.config for entry in ENGINES.values()]
    inspect.__annotations__["settings"] = flags_of(*configs)
    return inspect


def _tell_pictures(pictures: PictureSet) -> None:
    print(pictures.words)
    print(f"It can be used as: {', '.join(pictures.uses)}.")
    problems = pictures.problems + audit(pictures)
    for problem in problems:
        print(f"  {problem.words}")
        if problem.item:
            print(f"    --leave-out {shlex.quote(problem.item)}")
    noun = "problem" if len(problems) == 1 else "problems"
    count = f"{len(problems):,} {noun}."
    print(count if problems else "Nothing is wrong with any picture.")


def _tell_cost(entry: EngineEntry, config: EngineConfig) -> None:
    """What a dry run finds out, as a table."""
    from engines.training.device import choose  # these load torch
    from engines.training.dry_run import dry_run

    print(f"Training {entry.title} on this computer:", flush=True)
    found, compute = dry_run(entry, config), choose(config.device, config.precision)
    pace, free = found.seconds_per_step, found.free
    of_free = f" of {free / 1e9:.1f} GB that are free" if free is not None else ""
    most = found.largest_batch
    limit = f"at most {most:,} fit" if most else "not even one fits"
    rows = {
        "computes on": str(compute),
        "time a step": f"{pace:.2g} s" if pace else "not tried, as it does not fit",
        "time in all": duration(pace * config.steps) if pace else "",
        "steps": f"{config.steps:,}",
        "memory": f"{found.memory / 1e9:.1f} GB{of_free}",
        "pictures per step": f"{config.batch_size:,}; {limit}",
    }
    for label, words in rows.items():
        if words:
            print(f"  {label:<18} {words}")
