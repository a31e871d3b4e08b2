"""Files that are there whole or not at all, and disk errors in plain words."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engines.errors import RunError

_NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
_NOT_ALLOWED = (errno.EACCES, errno.EPERM, errno.EROFS)


def write_bytes(path: Path, data: bytes) -> None:
    """Replace the file *path*; a reader or a power cut sees the old one or the new.

    Raises:
        RunError: The disk is full, or the file cannot be written.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with disk_errors_in_words(path):
        try:
            write_synced(temporary, data)
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
        sync_folder(path.parent)


def write_synced(path: Path, data: bytes) -> None:
    """Write *path* and return only when the disk has it.

    Raises:
        OSError: As the system reports it.
    """
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make names that were added to or removed from *folder* survive a power cut."""
    if os.name == "nt":  # Windows opens no folders, and writes their entries itself.
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def disk_errors_in_words(path: Path) -> Iterator[None]:
    """Turn an OSError met while writing *path* into a RunError the user can act on."""
    try:
        yield
    except OSError as error:
        raise RunError(_sentence(path, error)) from error


def _sentence(path: Path, error: OSError) -> str:
    if error.errno in _NO_SPACE:
        return (
            f"There is no space left on the disk holding '{path}'. Nothing saved "
            "before is lost. Free some space, then save again or resume."
        )
    if error.errno in _NOT_ALLOWED:
        return (
            f"'{path}' cannot be written. Choose another folder, or allow writing "
            "to this one."
        )
    reason = error.strerror or str(error)
    return (
        f"'{path}' cannot be written ({reason}). Nothing saved before is lost. "
        "Check the disk, or choose another folder."
    )
