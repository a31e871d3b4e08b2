"""What a checkpoint holds, and its files: tensors and values to bytes and back."""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from engines.errors import RunError
from engines.runs import manifest, tensor_file
from engines.runs.atomic import Piece, sync_folder, write_synced
from engines.runs.manifest import (
    MANIFEST,
    STATE,
    TRAINING,
    WEIGHTS,
    Damage,
    Entry,
)

if TYPE_CHECKING:  # Listing runs must not cost loading torch.
    from torch import Tensor


@dataclass(frozen=True, kw_only=True, slots=True)
class Weights:
    """What use needs of a checkpoint.

    Attributes:
        step: Steps done when it was saved.
        weights: Tensors on the CPU, by name.
        metadata: What was written into the weights file, such as the settings.
        skipped: Newer steps that were passed over because they are damaged.
    """

    step: int
    weights: "Mapping[str, Tensor]"
    metadata: Mapping[str, str]
    skipped: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Checkpoint(Weights):
    """All that an exact resume needs.

    Attributes:
        training: Tensors on the CPU, by name: optimisers, averages, random streams.
        state: Plain values: counters, schedules, positions.
    """

    training: "Mapping[str, Tensor]"
    state: Mapping[str, Any]


def write_files(
    folder: Path,
    step: int,
    *,
    weights: "Mapping[str, Tensor]",
    training: "Mapping[str, Tensor]",
    state: Mapping[str, Any],
    metadata: Mapping[str, str],
) -> None:
    """Write a checkpoint into the empty *folder*, file by file, down to the disk.

    Raises:
        OSError: As the system reports it.
        RunError: The disk returned something else than was written.
    """
    files = {
        WEIGHTS: _write(folder / WEIGHTS, tensor_file.pieces(weights, metadata)),
        TRAINING: _write(folder / TRAINING, tensor_file.pieces(training, {})),
        STATE: _write(folder / STATE, [json.dumps(state, allow_nan=False).encode()]),
    }
    _seal(folder, step, files)


def write_weights(
    folder: Path,
    step: int,
    *,
    weights: "Mapping[str, Tensor]",
    metadata: Mapping[str, str],
) -> None:
    """Write the weights alone into the empty *folder*, down to the disk.

    Raises:
        OSError: As the system reports it.
        RunError: The disk returned something else than was written.
    """
    written = _write(folder / WEIGHTS, tensor_file.pieces(weights, metadata))
    _seal(folder, step, {WEIGHTS: written})


def _seal(folder: Path, step: int, files: Mapping[str, Entry]) -> None:
    _write(folder / MANIFEST, [manifest.render(step, files)])
    sync_folder(folder)


def _write(path: Path, pieces: Iterable[Piece]) -> Entry:
    """Write a file, read it back and describe it."""
    size, digest = 0, hashlib.sha256()

    def noted() -> Iterator[Piece]:
        nonlocal size
        for piece in pieces:
            size += len(piece)
            digest.update(piece)
            yield piece

    write_synced(path, noted())
    entry = Entry(size=size, sha256=digest.hexdigest())
    try:
        manifest.check_file(path, entry)
    except Damage as damage:
        raise RunError(
            f"The disk did not keep what was written to it ({damage}). "
            "Nothing saved before is lost. Choose a folder on another disk."
        ) from None
    return entry


def read_weights(folder: Path, names: Collection[str] = manifest.FILES) -> Weights:
    """Read and check the weights in *folder*, whose manifest lists *names*.

    Raises:
        Damage: They or the manifest are not what was saved.
    """
    weights, metadata = _read_tensors(folder, WEIGHTS, manifest.read(folder, names))
    return Weights(step=int(folder.name), weights=weights, metadata=metadata)


def read_checkpoint(folder: Path) -> Checkpoint:
    """Read and check all of the checkpoint in *folder*.

    Raises:
        Damage: A file is not what was saved.
    """
    files = manifest.read(folder)
    weights, metadata = _read_tensors(folder, WEIGHTS, files)
    training, _ = _read_tensors(folder, TRAINING, files)
    return Checkpoint(
        step=int(folder.name),
        weights=weights,
        metadata=metadata,
        training=training,
        state=_read_state(folder, files),
    )


def read_part(folder: Path, prefix: str) -> "dict[str, Tensor]":
    """Read the tensors of an exact resume whose names begin with *prefix*, no others.

    The file, most of which is what optimisers remember, is not read whole, so its
    digest is not checked: for something to look at, not for a resume.

    Raises:
        Damage: It is missing, or not of the size or the form that was saved.
    """
    size = manifest.read(folder)[TRAINING].size
    try:
        if (folder / TRAINING).stat().st_size != size:
            raise Damage(f"{TRAINING} has changed since it was saved")
        data = np.memmap(folder / TRAINING, np.uint8, "c")
        tensors, _ = tensor_file.parse(data)
    except OSError as error:
        raise Damage(f"{TRAINING} cannot be read ({error.strerror})") from error
    except ValueError:
        raise Damage(f"{TRAINING} does not hold tensors") from None
    return {n: value.clone() for n, value in tensors.items() if n.startswith(prefix)}


def _read_tensors(
    folder: Path, name: str, files: Mapping[str, Entry]
) -> "tuple[dict[str, Tensor], dict[str, str]]":
    data = manifest.read_file(folder, name, files[name])
    try:
        return tensor_file.parse(data)
    except ValueError:
        raise Damage(f"{name} does not hold tensors") from None


def _read_state(folder: Path, files: Mapping[str, Entry]) -> dict[str, Any]:
    data = manifest.read_file(folder, STATE, files[STATE])
    try:
        state = json.loads(data.tobytes())
    except (ValueError, RecursionError):
        state = None
    if not isinstance(state, dict):
        raise Damage(f"{STATE} does not hold values by name")
    return state
