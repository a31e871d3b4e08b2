"""The commands that make a folder to train on: drawn here, or fetched."""

import sys
from pathlib import Path
from typing import Any

from engines.configs import ConfigError
from engines.data.wellknown_list import WellKnownSet
from engines.samples.catalogue import SampleSet


def draw_command(entry: SampleSet) -> Any:
    """The command that draws one sample set."""

    def draw(
        *, out: Path, count: int = entry.count, size: int = entry.size, seed: int = 0
    ) -> None:
        """Draw a sample set.

        Args:
            out: The folder to make.
            count: How many pictures; of pairs or styles, how many of each side.
            size: Side in pixels.
            seed: Another seed gives other pictures.
        """
        try:
            entry.write(out, count=count, size=size, seed=seed)
        except ValueError as error:
            raise ConfigError(f"--{error}.") from None
        print(f"{count:,} {entry.unit} of {size} x {size} pixels are in {out}.")

    return draw


def fetch_command(entry: WellKnownSet) -> Any:
    """The command that downloads one well-known set."""

    def fetch(*, out: Path) -> None:
        """Download a well-known set.

        Args:
            out: The folder to make.
        """
        from engines.interop import wellknown  # brings torch

        wellknown.fetch(entry.name, out, progress=_show)
        if sys.stderr.isatty():
            print(file=sys.stderr)
        size = f"{entry.size} x {entry.size}"
        print(f"{entry.pictures:,} pictures of {size} pixels are in {out}.")

    return fetch


def _show(done: int, total: int) -> None:
    """A line that is overwritten; nothing where it would fill a file."""
    if sys.stderr.isatty():
        words = f"\r{done / 1e6:.1f} of {total / 1e6:.1f} MB"
        print(words, end="", file=sys.stderr, flush=True)
