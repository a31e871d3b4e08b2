"""The command line: all that the window does with data, runs and models, without it.

Exit codes: 0 done, 1 failed (a sentence says why), 2 wrong usage, 130 after Ctrl-C.
`--help` answers without loading torch.
"""

import io
import os
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from cyclopts import App, CycloptsError

from engines.catalogue import ENGINES
from engines.commands import (
    export,
    finding,
    inspection,
    latent,
    pictures,
    samples,
    training,
)
from engines.commands.exits import DONE, FAILED, INTERRUPTED, WRONG_USAGE, refuse
from engines.configs import ConfigError
from engines.data.wellknown_list import WELL_KNOWN
from engines.errors import StudioError
from engines.samples.catalogue import SAMPLES


def main(argv: Sequence[str]) -> int:
    """Do what the command line asks and return the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # file names hold anything
    try:
        code = _make_app()(list(argv), exit_on_error=False, print_error=False)
        sys.stdout.flush()  # here it can still be caught
    except (CycloptsError, ConfigError) as error:
        return refuse(error, WRONG_USAGE)
    except StudioError as error:
        return refuse(error, FAILED)
    except KeyboardInterrupt:
        return refuse("Interrupted.", INTERRUPTED)
    except BrokenPipeError:  # `| head` has read enough
        # What is left goes nowhere, or flushing it on exit would fail once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    return int(code or DONE)


def _make_app() -> App:
    app = App(
        help="Train image-translation models and use them.",
        version=_version,
        help_format="plaintext",
        result_action="return_value",
        suppress_keyboard_interrupt=False,
    )
    train = App(name="train", help="Train a new run on a folder of pictures.")
    for entry in ENGINES.values():
        train.command(training.train_command(entry), name=entry.name, help=entry.words)
    sets = App(name="samples", help="Make a folder of pictures to train on.")
    for sample in SAMPLES.values():
        sets.command(samples.draw_command(sample), name=sample.name, help=sample.words)
    for known in WELL_KNOWN.values():
        words = f"Download {known.title}, {known.megabytes:.0f} MB: {known.words}"
        sets.command(samples.fetch_command(known), name=known.name, help=words)
    app.command(train)
    app.command(training.resume_command(), name="resume")
    app.command(training.demo)
    app.command(sets)
    app.command(inspection.inspect_command(), name="inspect")
    commands: tuple[Callable[..., Any], ...] = (
        pictures.translate,
        latent.sample,
        latent.walk,
        finding.encode,
        finding.invert,
        export.export,
        pictures.runs,
    )
    for command in commands:
        app.command(command)
    return app


def _version() -> str:
    try:
        return version("image-translation-studio")
    except PackageNotFoundError:  # run from the source tree
        return "source"
