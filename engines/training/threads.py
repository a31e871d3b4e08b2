"""How many threads to compute with, beside whatever else this computer does.

Torch's threads wait for each other after every operation. Where another program keeps
a core busy, all of them wait for the one that shares it: two threads on two cores, one
of them taken, are two to ten times slower than a single thread.
"""

import math
import os
import time
from collections.abc import Callable

LOOK_EVERY_S = 2.0
LOOK_FOR_S = 0.2  # the system counts in hundredths
# Cores that others use. A program that must share a core with us gets half of it.
TAKEN, FREE = 0.35, 0.2


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def free_cores() -> int:
    """How many cores other programs leave just now, 1 at least; looks for a moment."""
    began, used_s = time.monotonic(), used_by_others()
    time.sleep(LOOK_FOR_S)
    taken = (used_by_others() - used_s) / (time.monotonic() - began)
    return cores() if taken <= TAKEN else _left(cores(), taken)


def _left(most: int, taken: float) -> int:
    return max(1, most - math.ceil(taken - TAKEN))


class Sharing:
    """Gives way to other programs, and takes the cores back when they are done.

    Attributes:
        threads: How many to use now.
    """

    def __init__(
        self,
        most: int,
        *,
        others: Callable[[], float] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin with all threads.

        Args:
            most: Threads to use on an idle computer.
            others: Seconds of processor time that other programs have used so far.
            clock: Seconds.
        """
        self.threads = most
        self._most = most
        self._others = others or used_by_others
        self._clock = clock
        self._looked_at, self._used_s = clock(), self._others()

    def look(self) -> bool:
        """Now and then, decide anew; True where `threads` has changed."""
        waited_s = self._clock() - self._looked_at
        if waited_s < LOOK_EVERY_S:
            return False
        used_s = self._others()
        taken = (used_s - self._used_s) / waited_s
        self._looked_at, self._used_s = self._clock(), used_s

        before = self.threads
        if taken > TAKEN:
            self.threads = _left(self._most, taken)
        elif taken < FREE:
            self.threads = self._most
        return self.threads != before


def used_by_others() -> float:
    """Seconds that others have kept our cores busy since the computer began."""
    import psutil  # here: only a run on the processor asks

    every = psutil.cpu_times(percpu=True)
    ours = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else None
    busy: float = sum(
        times.user + times.system + getattr(times, "nice", 0.0)
        for core, times in enumerate(every)
        if ours is None or core in ours
    )
    return busy - time.process_time()
