"""Zip archives of pictures, unpacked once into a folder of our own.

An archive is taken to be hostile. One that names files outside of itself, links,
unpacks to far more than it is, or is damaged or encrypted is refused with a sentence;
only pictures, IDX files and the names of their classes are unpacked.
"""

import hashlib
import os
import secrets
import shutil
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path, PurePosixPath

from engines.data.cache import cache_folder, prune
from engines.data.idx import is_idx_name
from engines.data.scan import CLASS_NAMES, is_hidden, is_picture_name, nothing
from engines.errors import Cancelled, DataError

MOST_FILES = 1_000_000
MOST_BYTES = 100_000_000_000
MOST_RATIO = 100  # of all files together; pictures are compressed already
_HARMLESS_BYTES = 500_000_000  # up to here any ratio will do: drawings shrink well
_PIECE = 1_000_000  # bytes that are unpacked at a time
_KEPT_BYTES = 20_000_000_000  # of unpacked archives, the least used of which go
_OTHER_KINDS = (".tar", ".tgz", ".tar.gz", ".tar.bz2", ".tar.xz", ".7z", ".rar")

_Member = tuple[zipfile.ZipInfo, PurePosixPath]


def is_archive(path: Path) -> bool:
    """Whether *path* is a file that `unpacked` opens.

    Raises:
        DataError: It is an archive of another kind.
    """
    name = path.name.lower()
    if name.endswith(_OTHER_KINDS) and path.is_file():
        raise DataError(
            f"'{path.name}' is an archive of a kind that is not opened here. Unpack "
            "it and choose the folder, or pack it as a zip."
        )
    return name.endswith(".zip") and path.is_file()


def unpacked(
    archive: Path,
    *,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Path:
    """The folder with the unpacked pictures, made the first time.

    Args:
        archive: A zip file; it is never written to.
        progress: Called with (files done, files in all).
        cancelled: Asked between two pieces of a file; nothing half-made stays.

    Raises:
        DataError: The archive is refused, or there is no room.
        Cancelled: *cancelled* returned True.
    """
    info = archive.stat()
    stamp = f"{archive.resolve()}\0{info.st_size}\0{info.st_mtime_ns}"
    key = hashlib.sha256(stamp.encode()).hexdigest()[:16]
    root = cache_folder() / "archives"
    folder = root / key
    if folder.is_dir():
        os.utime(folder)  # used now
        return folder
    part = root / f".{secrets.token_hex(8)}.part"
    try:
        with _told(archive), zipfile.ZipFile(archive) as opened:
            members = _checked(archive, opened)
            _check_room(archive, members, root)
            _extract(opened, members, part, progress, cancelled)
            _keep(part, folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    prune(root, _KEPT_BYTES, keep=folder)
    return folder


@contextmanager
def _told(archive: Path) -> Iterator[None]:
    """Turn what unpacking stumbles over into a sentence."""
    again = "Fetch it or pack it again."
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, struct.error) as error:
        raise DataError(f"'{archive.name}' is damaged. {again}") from error
    except NotImplementedError as error:
        raise DataError(
            f"'{archive.name}' is packed in a way that is not read here. Unpack it "
            "and choose the folder."
        ) from error
    except OSError as error:
        raise DataError(
            f"'{archive.name}' cannot be unpacked ({error.strerror}). Make room in "
            f"'{cache_folder()}', or unpack it yourself and choose the folder."
        ) from error


# ----------------------------------------------------------------------------
# Before anything is written.


def _checked(archive: Path, opened: zipfile.ZipFile) -> list[_Member]:
    """The members to unpack, after looking at all that the archive says of itself."""
    files = [info for info in opened.infolist() if not info.is_dir()]
    # Some packers for Windows write backslashes.
    names = [info.filename.replace("\\", "/") for info in files]
    members = [
        (info, PurePosixPath(name)) for info, name in zip(files, names, strict=True)
    ]
    for info, place in members:
        if not _is_inside(place):
            raise DataError(
                f"'{archive.name}' would write outside of its folder "
                f"('{info.filename}'). It is not unpacked; do not trust it."
            )
    wanted = [member for member in members if _is_wanted(member[1])]
    if not wanted:
        raise DataError(nothing(archive, len(files)))
    for info, _ in wanted:
        if info.flag_bits & 1:
            raise DataError(
                f"'{archive.name}' is locked with a password. Unpack it yourself and "
                "choose the folder."
            )
        if stat.S_ISLNK(info.external_attr >> 16):
            raise DataError(
                f"'{info.filename}' in '{archive.name}' is a link to another file. "
                "Pack the pictures themselves."
            )
    _check_bomb(archive, wanted)
    return wanted


def _is_inside(place: PurePosixPath) -> bool:
    is_drive = place.parts[0][1:2] == ":"  # C:evil.png
    return not place.is_absolute() and not is_drive and ".." not in place.parts


def _is_wanted(place: PurePosixPath) -> bool:
    if any(is_hidden(part) for part in place.parts):
        return False
    name = place.name
    return is_picture_name(name) or is_idx_name(name) or name == CLASS_NAMES


def _check_bomb(archive: Path, members: list[_Member]) -> None:
    total = sum(info.file_size for info, _ in members)
    packed = max(1, archive.stat().st_size)
    too_dense = total > _HARMLESS_BYTES and total > MOST_RATIO * packed
    if len(members) > MOST_FILES or total > MOST_BYTES or too_dense:
        raise DataError(
            f"'{archive.name}' would unpack to {total / 1e9:,.1f} GB in "
            f"{_files(len(members))}, which is not what pictures do. Unpack it "
            "yourself if you trust it, and choose the folder."
        )


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count:,} files"


def _check_room(archive: Path, members: list[_Member], root: Path) -> None:
    root.mkdir(parents=True, exist_ok=True)
    needed = sum(info.file_size for info, _ in members)
    free = shutil.disk_usage(root).free
    if needed > free:
        raise DataError(
            f"'{archive.name}' unpacks to {needed / 1e9:,.1f} GB, and "
            f"{free / 1e9:,.1f} GB are free in '{cache_folder()}'. Make room there."
        )


# ----------------------------------------------------------------------------
# Unpacking.


def _extract(
    opened: zipfile.ZipFile,
    members: list[_Member],
    target: Path,
    progress: Callable[[int, int], None] | None,
    cancelled: Callable[[], bool] | None,
) -> None:
    seen: set[str] = set()
    for done, (info, place) in enumerate(members, start=1):
        # Two names that differ by case alone are one file on some systems.
        if str(place).lower() not in seen:
            seen.add(str(place).lower())
            path = target / place
            path.parent.mkdir(parents=True, exist_ok=True)
            with opened.open(info) as source, path.open("xb") as file:
                while piece := source.read(_PIECE):
                    if cancelled and cancelled():
                        raise Cancelled
                    file.write(piece)
            _set_time(path, info)
        if progress:
            progress(done, len(members))


def _set_time(path: Path, info: zipfile.ZipInfo) -> None:
    """The archive's time: unpacked again, the fingerprint of the set is the same."""
    try:
        seconds = datetime(*info.date_time).timestamp()
    except (ValueError, OverflowError):  # a date that is none, such as month 0
        seconds = 0.0
    os.utime(path, (seconds, seconds))


def _keep(part: Path, folder: Path) -> None:
    try:
        os.replace(part, folder)
    except OSError:
        if not folder.is_dir():  # else another window was faster, with the same
            raise
