"""What can be asked of the training thread or of the command line, as plain values."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

from engines.configs import EngineConfig
from engines.data.sets import TASKS, Use

Direction: TypeAlias = Literal["AtoB", "BtoA"]


@dataclass(frozen=True, kw_only=True, slots=True)
class DataChoice:
    """Which pictures, and which way.

    Attributes:
        folder: The folder, or archive, as the user dropped it.
        use: What the pictures are used as; None for what the engine needs.
        sides: The two subfolders to pair, or the two styles, where there are more.
        direction: "AtoB" learns the second side from the first.
        left_out: Names of pictures that the user left out.
    """

    folder: Path
    use: Use | None = None
    sides: tuple[str, str] | None = None
    direction: Direction = "AtoB"
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class NewRun:
    """A run from the beginning.

    Attributes:
        engine: Its name in the catalogue.
        config: A frozen copy of the settings.
        data: The pictures.
        folder: The run folder to make.
        name: What the user calls it.
        threads: CPU threads at most, None for all cores; fewer are used while other
            programs keep cores busy. The result is the same to the bit only for the
            same number, so always where it is 1.
    """

    engine: str
    config: EngineConfig
    data: DataChoice
    folder: Path
    name: str
    threads: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ResumeRun:
    """The continuation of a run from its newest whole checkpoint.

    Attributes:
        folder: The run folder.
        changes: Settings to change, only such as may change on a restart.
    """

    folder: Path
    changes: Mapping[str, Any] = field(default_factory=dict)


def command_line(engine: str, config: EngineConfig, data: DataChoice) -> str:
    """The command that trains the same without a window.

    Returns:
        One line for a POSIX shell, with the settings that differ from the paper's.
    """
    words = ["python", "main.py", "train", engine, "--data", str(data.folder)]
    if data.use in TASKS:  # anything else follows from the engine
        words += ["--use", str(data.use)]
    if data.sides:
        words += ["--sides", ",".join(data.sides)]
    if data.direction != "AtoB":
        words += ["--direction", data.direction]
    for name in data.left_out:
        words += ["--leave-out", name]
    for name, value in config.differences().items():
        flag = name.replace("_", "-")
        words += (
            [f"--{flag}" if value else f"--no-{flag}"]
            if isinstance(value, bool)
            else [f"--{flag}", str(value)]
        )
    return shlex.join(words)
