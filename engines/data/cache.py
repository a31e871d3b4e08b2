"""Where files of our own are kept that can be made again at any time."""

import os
import shutil
import time
from pathlib import Path

import platformdirs

_RECENT_S = 24 * 60 * 60


def cache_folder() -> Path:
    """The folder of everything kept for the next start; it may not be there yet.

    The environment variable STUDIO_CACHE names another one.
    """
    if chosen := os.environ.get("STUDIO_CACHE"):
        return Path(chosen)
    return platformdirs.user_cache_path("image-translation-studio")


def prune(folder: Path, limit_bytes: int, *, keep: Path) -> None:
    """Delete the subfolders not used for longest until the others fit the limit.

    A subfolder was used when its time of change says. One used within a day stays, as
    does *keep*: another window may be reading it. What a killed process left half-made,
    under a name that ends in .part, goes after a day as well.
    """
    recent = time.time() - _RECENT_S
    for part in folder.glob(".*.part"):
        if part.stat().st_mtime < recent:
            shutil.rmtree(part, ignore_errors=True)
    sizes = {
        child: sum(file.stat().st_size for file in child.rglob("*") if file.is_file())
        for child in folder.iterdir()
        if child.is_dir() and not child.name.startswith(".")
    }
    for child in sorted(sizes, key=lambda child: child.stat().st_mtime):
        if sum(sizes.values()) <= limit_bytes:
            return
        if child != keep and child.stat().st_mtime < recent:
            shutil.rmtree(child, ignore_errors=True)
            del sizes[child]
