"""Start the studio: with a window, or, where there are arguments, without one."""

import os
import sys

NO_DISPLAY = "There is no display here. Train without a window: python main.py demo"
MISSING = (
    "The window cannot open, as a library of the system is missing ({error}). On "
    "Debian and Ubuntu: sudo apt-get install libegl1 libgl1 libxkbcommon0 libdbus-1-3 "
    "libfontconfig1 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 "
    "libxkbcommon-x11-0"
)


def main() -> None:
    """Open the window, or do the command that the arguments are."""
    # Before torch is loaded: how long its threads spin while they wait for each other.
    # The usual 30 times as long is faster by a tenth on an idle machine of two cores,
    # and many times slower on one that others use, the window's own thread included.
    os.environ.setdefault("GOMP_SPINCOUNT", "10000")
    if len(sys.argv) > 1:
        from engines.cli import main as command

        sys.exit(command(sys.argv[1:]))
    if _needs_display() and not _has_display():
        sys.exit(_refuse(NO_DISPLAY))
    try:
        from studio.app import run
    except ImportError as error:
        if "cannot open shared object file" not in str(error):
            raise
        sys.exit(_refuse(MISSING.format(error=error)))
    sys.exit(run(sys.argv))


def _needs_display() -> bool:
    platform = os.environ.get("QT_QPA_PLATFORM", "xcb")
    return sys.platform.startswith("linux") and platform.startswith(("xcb", "wayland"))


def _has_display() -> bool:
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def _refuse(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 2


if __name__ == "__main__":
    main()
