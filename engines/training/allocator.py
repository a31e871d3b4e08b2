"""Memory that the training step frees and asks for again, kept at hand meanwhile.

By default the C library returns large pieces to the system, which then clears every
page anew: 5 to 15 % of a training step on a CPU.
"""

import contextlib
import ctypes
import platform
from collections.abc import Iterator

# From malloc.h of the GNU C library, with its defaults (mallopt(3)).
_TRIM_THRESHOLD, _TOP_PAD, _MMAP_MAX = -1, -2, -4
_KEEPING = {_TRIM_THRESHOLD: 2**31 - 1, _TOP_PAD: 64 << 20, _MMAP_MAX: 0}
_USUAL = {_TRIM_THRESHOLD: 128 << 10, _TOP_PAD: 128 << 10, _MMAP_MAX: 65_536}


@contextlib.contextmanager
def keep_freed_memory() -> Iterator[None]:
    """Keep it while this is entered, give it back at the end.

    Does nothing where the C library is not GNU's.
    """
    if platform.libc_ver()[0] != "glibc":
        yield
        return
    library = ctypes.CDLL(None)
    _set(library, _KEEPING)
    try:
        yield
    finally:
        _set(library, _USUAL)
        library.malloc_trim(0)


def _set(library: ctypes.CDLL, values: dict[int, int]) -> None:
    for parameter, value in values.items():
        library.mallopt(parameter, value)
