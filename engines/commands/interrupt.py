"""Ctrl-C ends long work in good order; a second one leaves at once."""

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def ctrl_c_stops(stop: Callable[[], None], after: str) -> Iterator[threading.Event]:
    """Let Ctrl-C call *stop*; the event says whether it was pressed.

    Args:
        stop: Asks the work to end.
        after: What is finished first ("this step").
    """
    pressed = threading.Event()

    def on_ctrl_c(_signal: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        pressed.set()
        stop()
        words = f"\nStopping after {after}. Ctrl-C again leaves at once."
        print(words, file=sys.stderr)

    before = signal.signal(signal.SIGINT, on_ctrl_c)
    try:
        yield pressed
    finally:
        signal.signal(signal.SIGINT, before)
