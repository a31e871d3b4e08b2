"""How a command ends: its exit code, and its last words where it failed."""

import sys

DONE, FAILED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130


def refuse(words: object, code: int) -> int:
    """Say why on the error stream; returns *code*."""
    print(words, file=sys.stderr)
    return code
