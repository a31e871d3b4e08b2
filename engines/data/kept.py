"""Decoded pictures, kept on disk for the next start and read from there as needed.

    pictures/KEY/rows         the items one after another, (sides, C, S, S) bytes each
    pictures/KEY/about.json   what they are, written last

The key follows from the files and settings they were made with. A folder is made under
another name and renamed once it is whole, so that nobody finds a half one; what is
damaged all the same is taken for missing. Only files of our own are written, and they
are mapped rather than read: a set may be larger than the memory.
"""

import contextlib
import errno
import hashlib
import logging
import math
import mmap
import os
import secrets
import shutil
import sys
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import PIL
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from engines.data.cache import cache_folder, prune
from engines.data.sets import Item, PictureSet, Problem

log = logging.getLogger(__name__)

Bytes: TypeAlias = NDArray[np.uint8]

KEPT_BYTES = 10_000_000_000
"""Of decoded pictures; above it, those not used for longest go."""

_VERSION = 1  # of the files; another one has other keys
_SPARE_BYTES = 1_000_000_000  # of the disk, left to checkpoints and everybody else
_SAMPLES, _SAMPLE_BYTES = 64, 65_536  # what is compared to find damage
# Linux refuses to map more than its memory unless told that hardly any of it will be
# written to. Python names the flag from 3.13 on.
_NO_RESERVE = 0x4000 if sys.platform == "linux" else 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the items that were to be decoded.

    Attributes:
        left_out: Places of those that cannot be used, ascending.
        problems: Why, and what else the user should know.
    """

    left_out: tuple[int, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Decoded:
    """Decoded items.

    Attributes:
        rows: (M, sides, C, S, S) uint8, in order, without those left out.
        outcome: Which those are, and why.
    """

    rows: Bytes
    outcome: Outcome


Fill: TypeAlias = Callable[[Callable[[Bytes], object]], Outcome]
"""Decodes items and hands each to the function it gets, in order."""


class _About(BaseModel):
    """What about.json holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    row: tuple[int, ...]
    count: int
    sample: int
    outcome: Outcome


def key_of(pictures: PictureSet, items: Sequence[Item], *settings: object) -> str:
    """What decoded pictures are kept under.

    Args:
        pictures: The set they belong to.
        items: Which ones; their files are looked at, not read.
        settings: All that decides what becomes of them.
    """
    digest = hashlib.sha256(
        repr((_VERSION, PIL.__version__, pictures.task, settings)).encode()
    )
    stamps: dict[Path, str] = {}
    for item in items:
        digest.update(f"{item.name}\n".encode())
        for source in item.sources:
            if source.path not in stamps:
                stamps[source.path] = _stamp(source.path)
            where = f"{stamps[source.path]}\0{source.half}\0{source.index}\n"
            digest.update(where.encode())
    return digest.hexdigest()[:32]


def _stamp(path: Path) -> str:
    try:
        info = os.stat(path)
    except OSError:
        return f"{os.path.abspath(path)}\0missing"
    return f"{os.path.abspath(path)}\0{info.st_size}\0{info.st_mtime_ns}"


# ----------------------------------------------------------------------------
# Finding.


def find(key: str, row: tuple[int, ...]) -> Decoded | None:
    """The pictures kept under *key*, each of shape *row*; None where there are none."""
    folder = _root() / key
    try:
        text = (folder / "about.json").read_bytes()
        about = _About.model_validate_json(text)
        rows = folder / "rows"
        is_whole = rows.stat().st_size == about.count * math.prod(row) > 0
        if about.row != row or not is_whole or _sample(rows) != about.sample:
            raise ValueError("it does not hold what it says")
        decoded = Decoded(_mapped(rows, (about.count, *row)), about.outcome)
        os.utime(folder)  # used now
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        log.warning("kept pictures cannot be used: %s: %s", folder, error)
        return None
    return decoded


def forget(key: str) -> None:
    """Delete what is kept under *key*."""
    shutil.rmtree(_root() / key, ignore_errors=True)


def _root() -> Path:
    return cache_folder() / "pictures"


def _mapped(path: Path, shape: tuple[int, ...]) -> Bytes:
    """The file as an array; it may be written to, which never reaches the file."""
    with path.open("rb") as file:
        if sys.platform == "win32":
            pages = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
        else:
            pages = mmap.mmap(
                file.fileno(),
                0,
                flags=mmap.MAP_PRIVATE | _NO_RESERVE,
                prot=mmap.PROT_READ | mmap.PROT_WRITE,
            )
    return np.frombuffer(pages, np.uint8).reshape(shape)


def _sample(path: Path) -> int:
    """CRC-32 of pieces from all over a file: all of it up to 4 MB."""
    step = max(_SAMPLE_BYTES, math.ceil(path.stat().st_size / _SAMPLES))
    crc = 0
    with path.open("rb") as file:
        while piece := file.read(_SAMPLE_BYTES):
            crc = zlib.crc32(piece, crc)
            file.seek(step - _SAMPLE_BYTES, os.SEEK_CUR)
    return crc


# ----------------------------------------------------------------------------
# Making.


def make(key: str, shape: tuple[int, ...], fill: Fill) -> Decoded:
    """Decode pictures onto the disk; whatever *fill* raises leaves nothing there.

    Args:
        key: What to keep them under.
        shape: (items, sides, C, S, S), those left out included.
        fill: Decodes them.

    Raises:
        OSError: There is no room, or nothing may be written there.
    """
    root, row = _root(), shape[1:]
    part = root / f".{secrets.token_hex(8)}.part"
    part.mkdir(parents=True)
    try:
        _check_room(part, math.prod(shape))
        with (part / "rows").open("xb") as file:
            outcome = fill(lambda decoded: file.write(decoded.tobytes()))
            _flush(file.fileno(), file.flush)
        about = _About(
            row=row,
            count=shape[0] - len(outcome.left_out),
            sample=_sample(part / "rows"),
            outcome=outcome,
        )
        with (part / "about.json").open("x", encoding="utf-8") as text:
            text.write(about.model_dump_json())
            _flush(text.fileno(), text.flush)
        _publish(part, root / key, row)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    with contextlib.suppress(FileNotFoundError):  # another window tidies up as well
        prune(root, KEPT_BYTES, keep=root / key)
    if decoded := find(key, row):
        return decoded
    raise OSError(errno.EIO, "what was written cannot be read")


def _check_room(folder: Path, needed: int) -> None:
    if shutil.disk_usage(folder).free < needed + _SPARE_BYTES:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _flush(descriptor: int, flush: Callable[[], None]) -> None:
    """Write what is buffered, by us and by the system."""
    flush()
    os.fsync(descriptor)


def _publish(part: Path, folder: Path, row: tuple[int, ...]) -> None:
    """Give what is whole its name, unless another window was faster."""
    if find(folder.name, row):
        return
    forget(folder.name)  # damaged
    try:
        part.rename(folder)
    except OSError:
        if not folder.exists():
            raise
