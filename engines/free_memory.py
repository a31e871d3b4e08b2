"""How much memory can be had."""

import os
from pathlib import Path


def free_memory() -> int | None:
    """Bytes that can be had without swapping; None where the system does not say."""
    try:
        # What the kernel would give, disk cache included; sysconf leaves the cache out.
        lines = Path("/proc/meminfo").read_text().splitlines()
        fields = dict(line.split(":", 1) for line in lines)
        return int(fields["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):
        pass
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return None
