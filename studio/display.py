"""Whether a window can open here, found out before Qt is loaded.

Qt ends the process where it finds no display, and names no package.
"""

import ctypes
import os
import sys

NO_DISPLAY = "There is no display here. Train without a window: python main.py demo"
MISSING = (
    "The window cannot open, as a library of the system is missing ({error}). On "
    "Debian and Ubuntu: sudo apt-get install libegl1 libgl1 libxkbcommon0 libdbus-1-3 "
    "libfontconfig1 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 "
    "libxkbcommon-x11-0"
)
# What Qt's X11 part needs beyond the libraries that any desktop has.
_X11_LIBRARIES = (
    "libxcb-cursor.so.0",
    "libxcb-icccm.so.4",
    "libxcb-keysyms.so.1",
    "libxcb-shape.so.0",
    "libxkbcommon-x11.so.0",
)


def why_no_window() -> str:
    """The sentence that says why no window can open; empty where one can."""
    platform = os.environ.get("QT_QPA_PLATFORM", "xcb")
    if not sys.platform.startswith("linux") or platform == "offscreen":
        return ""
    if os.environ.get("WAYLAND_DISPLAY"):
        return ""
    if not os.environ.get("DISPLAY"):
        return NO_DISPLAY if platform.startswith(("xcb", "wayland")) else ""
    return _missing_library() if platform.startswith("xcb") else ""


def _missing_library() -> str:
    for name in _X11_LIBRARIES:
        try:
            ctypes.CDLL(name)
        except OSError as error:
            return MISSING.format(error=error)
    return ""
