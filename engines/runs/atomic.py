"""Files that are there whole or not at all, and disk errors in plain words."""

import errno
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from engines.errors import RunError

Piece: TypeAlias = bytes | memoryview  # of a file

_NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
_NOT_ALLOWED = (errno.EACCES, errno.EPERM, errno.EROFS)
# What file systems of networks answer that cannot flush a folder: they need not.
_NO_SUCH_SERVICE = (errno.EINVAL, errno.ENOTSUP)
_PATIENCE_S = (0.01, 0.05, 0.2, 0.7)


def write_bytes(path: Path, data: bytes) -> None:
    """Replace the file *path*; a reader or a power cut sees the old one or the new.

    Raises:
        RunError: The disk is full, or the file cannot be written.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with disk_errors_in_words(path):
        try:
            write_synced(temporary, [data])
            replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
        sync_folder(path.parent)


def write_synced(path: Path, pieces: Iterable[Piece]) -> None:
    """Write *path*, piece by piece, and return only when the disk has it.

    Raises:
        OSError: As the system reports it.
    """
    with path.open("wb") as file:
        file.writelines(pieces)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make names that were added to or removed from *folder* survive a power cut."""
    if os.name == "nt":  # Windows opens no folders, and writes their entries itself.
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NO_SUCH_SERVICE:
            raise
    finally:
        os.close(descriptor)


def replace(source: Path, target: Path) -> None:
    """Rename *source* to *target*, patiently.

    On Windows neither can be renamed while a reader or a virus scanner has one open,
    which is over in a moment.

    Raises:
        OSError: As the system reports it, a permission error after a second.
    """
    for wait_s in _PATIENCE_S:
        try:
            os.replace(source, target)
        except PermissionError:
            time.sleep(wait_s)
        else:
            return
    os.replace(source, target)


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


def make_folder(folder: Path) -> None:
    """Make *folder*, and those that it lies in, where they are missing.

    Raises:
        RunError: It cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunError(
            f"'{folder}' cannot be made ({error.strerror}). Choose another folder."
        ) from None
