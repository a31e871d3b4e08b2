"""The manifest of a checkpoint: sizes and digests that no changed byte gets past.

The known files are covered by their SHA-256: three of a checkpoint, the weights alone
of a milestone. The manifest covers itself: it ends with the digest of the rest and has
exactly one spelling.
"""

import hashlib
import json
import mmap
import stat
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError

WEIGHTS = "weights.safetensors"
TRAINING = "training.safetensors"
STATE = "state.json"
FILES = (WEIGHTS, TRAINING, STATE)
MANIFEST = "manifest.json"

_LARGEST = 10_000  # bytes; ours are under 600
_PIECE = 2**20  # bytes; hashed while they are in the cache
_CHANGED = "has changed since it was saved"


class Damage(Exception):
    """What is wrong with a checkpoint, as a clause ("state.json is missing")."""


class Entry(BaseModel):
    """One file of a checkpoint: its size in bytes and its SHA-256."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    size: int
    sha256: str


class _Manifest(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    format: Literal[1]
    step: int
    files: dict[str, Entry]
    sha256: str


def entry_of(data: bytes) -> Entry:
    """Describe a file that holds *data*."""
    return Entry(size=len(data), sha256=hashlib.sha256(data).hexdigest())


def render(step: int, files: Mapping[str, Entry]) -> bytes:
    """The one spelling of a manifest."""
    body = {
        "format": 1,
        "step": step,
        "files": {name: files[name].model_dump() for name in FILES if name in files},
    }
    digest = hashlib.sha256(json.dumps(body).encode()).hexdigest()
    return json.dumps({**body, "sha256": digest}, indent=1).encode() + b"\n"


def read(folder: Path, names: Collection[str] = FILES) -> Mapping[str, Entry]:
    """Read and check the manifest in *folder*, which must list exactly *names*.

    Raises:
        Damage: It is missing or is not what `render` wrote for this step.
    """
    data = _read_bytes(folder / MANIFEST, _LARGEST)
    try:
        found = _Manifest.model_validate_json(data)
    except ValidationError:
        raise Damage(f"{MANIFEST} {_CHANGED}") from None
    if set(found.files) != set(names) or data != render(found.step, found.files):
        raise Damage(f"{MANIFEST} {_CHANGED}")
    if folder.name != f"{found.step:06d}":
        raise Damage(f"{MANIFEST} belongs to step {found.step}")
    return found.files


def read_file(folder: Path, name: str, entry: Entry) -> NDArray[np.uint8]:
    """Read a file whole and check what was read; other threads run meanwhile.

    Raises:
        Damage: It is missing or is not what *entry* describes.
    """
    path = folder / name
    size = _check_size(path, entry.size)
    # Not the large pages that NumPy asks for: a virtual machine is slow to give them.
    data = np.frombuffer(mmap.mmap(-1, max(size, 1)), np.uint8, size)
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            for start in range(0, size, _PIECE):
                piece = data[start : start + _PIECE].data
                file.readinto(piece)
                digest.update(piece)
    except OSError as error:
        raise _unreadable(path, error) from error
    if size != entry.size or digest.hexdigest() != entry.sha256:
        raise Damage(f"{name} {_CHANGED}")
    return data


def damage(folder: Path, names: Collection[str] = FILES) -> Damage | None:
    """Read every file in *folder*; what is wrong with it, None for nothing."""
    try:
        for name, entry in read(folder, names).items():
            check_file(folder / name, entry)
    except Damage as found:
        return found
    return None


def check_file(path: Path, entry: Entry) -> None:
    """Check a file as `read_file` does, piece by piece, as it may be large.

    Raises:
        Damage: It is missing or is not what *entry* describes.
    """
    _check_size(path, entry.size)
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise _unreadable(path, error) from error
    if digest != entry.sha256:
        raise Damage(f"{path.name} {_CHANGED}")


def _read_bytes(path: Path, largest: int) -> bytes:
    _check_size(path, largest)
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error


def _check_size(path: Path, largest: int) -> int:
    """Refuse what is no plain file, or so large that reading it would be the harm."""
    try:
        info = path.stat()
    except FileNotFoundError:
        raise Damage(f"{path.name} is missing") from None
    except OSError as error:
        raise _unreadable(path, error) from error
    if not stat.S_ISREG(info.st_mode) or info.st_size > largest:
        raise Damage(f"{path.name} {_CHANGED}")
    return info.st_size


def _unreadable(path: Path, error: OSError) -> Damage:
    return Damage(f"{path.name} cannot be read ({error.strerror})")
