"""Start the studio: with a window, or, where there are arguments, without one."""

import sys


def main() -> None:
    """Open the window, or do the command that the arguments are."""
    if len(sys.argv) > 1:
        from engines.cli import main as command

        sys.exit(command(sys.argv[1:]))

    from studio.display import MISSING, why_no_window

    if sentence := why_no_window():
        sys.exit(_refuse(sentence))
    try:
        from studio.app import run
    except ImportError as error:
        if "cannot open shared object file" not in str(error):
            raise
        sys.exit(_refuse(MISSING.format(error=error)))
    sys.exit(run(sys.argv))


def _refuse(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 2


if __name__ == "__main__":
    main()
