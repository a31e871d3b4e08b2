"""Where files of our own are kept that can be made again at any time."""

import os
from pathlib import Path

import platformdirs


def cache_folder() -> Path:
    """The folder of everything kept for the next start; it may not be there yet.

    The environment variable STUDIO_CACHE names another one.
    """
    if chosen := os.environ.get("STUDIO_CACHE"):
        return Path(chosen)
    return platformdirs.user_cache_path("image-translation-studio")
