"""Long work of a command, told in one line and ended by Ctrl-C."""

import contextlib
import sys
import threading
from collections.abc import Iterator

from engines.commands.exits import DONE, INTERRUPTED
from engines.commands.interrupt import ctrl_c_stops
from engines.commands.terminal import LivingLine
from engines.errors import Cancelled


class Watched:
    """What long work tells, and asks.

    Attributes:
        code: The exit code, `INTERRUPTED` where it was stopped.
    """

    def __init__(self, unit: str) -> None:
        """Count in *unit*, a singular ("frame")."""
        self.code = DONE
        self.stop = threading.Event()
        self.line = LivingLine(sys.stdout)
        self._unit = unit

    def progress(self, done: int, total: int) -> None:
        """Say how far it is."""
        share = f"{100 * done // total:3d} %"
        self.line.show(f"{share}  {self._unit} {done:,} of {total:,}")

    def cancelled(self) -> bool:
        """Whether Ctrl-C was pressed."""
        return self.stop.is_set()


@contextlib.contextmanager
def watched(unit: str) -> Iterator[Watched]:
    """Watch the work inside the `with`, which Ctrl-C ends with `Cancelled`."""
    work = Watched(unit)
    with ctrl_c_stops(work.stop.set, f"this {unit}"):
        try:
            yield work
        except Cancelled:
            work.code = INTERRUPTED
        finally:
            work.line.end()
