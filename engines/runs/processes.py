"""Whether a process is still the one that it was."""

import os
import sys
from pathlib import Path


def started_at(pid: int) -> str | None:
    """When process *pid* of this computer started, None where it does not run.

    The answer is to be compared with an earlier one, not read: a number that the
    system gives to a new process later comes with another start. Empty where the
    system does not tell.
    """
    if sys.platform != "linux":
        return "" if _runs(pid) else None
    return _start_on_linux(pid)


def _start_on_linux(pid: int) -> str | None:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return None
    # Field 2 is the program's name in brackets and may hold anything.
    state, *rest = stat.rpartition(")")[2].split()
    has_ended = state in "ZX"  # killed, but its parent has not looked yet
    return None if has_ended else rest[18]  # field 22, in clock ticks since boot


def _runs(pid: int) -> bool:
    if sys.platform == "win32":
        return _runs_on_windows(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it runs, under another user
        return True
    return True


if sys.platform == "win32":

    def _runs_on_windows(pid: int) -> bool:
        # os.kill would end the process here, whatever the signal.
        import ctypes

        synchronize, still_running = 0x0010_0000, 0x102
        handle = ctypes.windll.kernel32.OpenProcess(synchronize, False, pid)
        if not handle:
            return False
        try:
            waited = ctypes.windll.kernel32.WaitForSingleObject(handle, 0)
            return bool(waited == still_running)
        finally:
            ctypes.windll.kernel32.CloseHandle(handle)
