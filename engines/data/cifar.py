"""Turns the archives of CIFAR-10 and CIFAR-100 into IDX files.

The archives hold pickles of Python 2 (Krizhevsky 2009,
https://www.cs.toronto.edu/~kriz/cifar.html). A pickle can run any code, so only the
three names that an array needs are understood, and an archive must have been compared
with its published checksum before.
"""

import pickle
import struct
import tarfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from engines.errors import Cancelled

_SHAPE = (3, 32, 32)  # of a picture in a row of `data`: channels, height, width


def idx_from_cifar(
    archive: Path,
    folder: Path,
    *,
    inside: str,
    batches: dict[str, Sequence[str]],
    labels: str,
    classes: tuple[str, str],
    cancelled: Callable[[], bool] | None = None,
) -> None:
    """Write pictures (N, 32, 32, 3), labels and the names of the classes.

    Args:
        archive: The .tar.gz, known to be the published one.
        folder: Where the files go.
        inside: The folder in the archive.
        batches: Names of its files by the prefix that the IDX files get.
        labels: The key of the labels in a batch.
        classes: The file with the names of the classes and their key.
        cancelled: Polled before each batch.

    Raises:
        pickle.UnpicklingError: The archive holds something else.
        Cancelled: *cancelled* said so.
    """
    with tarfile.open(archive) as tar:

        def read(name: str) -> dict[str, Any]:
            if cancelled is not None and cancelled():
                raise Cancelled
            member = tar.extractfile(f"{inside}/{name}")
            assert member is not None, "the published archive has it"
            found: dict[str, Any] = _ArrayUnpickler(member, encoding="latin1").load()
            return found

        for prefix, names in batches.items():
            found = [read(name) for name in names]
            numbers = [np.array(batch[labels], np.uint8) for batch in found]
            write_idx(folder / f"{prefix}-labels-idx1-ubyte", numbers)
            pictures = [
                batch["data"].reshape(-1, *_SHAPE).transpose(0, 2, 3, 1)
                for batch in found
            ]
            write_idx(folder / f"{prefix}-images-idx4-ubyte", pictures)
        file, key = classes
        (folder / "classes.txt").write_text("\n".join(read(file)[key]) + "\n", "utf-8")


def write_idx(path: Path, parts: Sequence[np.ndarray[Any, np.dtype[np.uint8]]]) -> None:
    """Write uint8 arrays, one after the other, as one IDX file (LeCun et al. 1998)."""
    shape = (sum(len(part) for part in parts), *parts[0].shape[1:])
    with path.open("wb") as file:
        file.write(struct.pack(f">BBBB{len(shape)}I", 0, 0, 8, len(shape), *shape))
        for part in parts:
            file.write(np.ascontiguousarray(part, np.uint8).data)


class _ArrayUnpickler(pickle.Unpickler):
    """Knows arrays, lists, strings and numbers, and refuses everything else."""

    def find_class(self, module: str, name: str) -> Any:
        """The three names that the pickle of an array uses."""
        known = {"_reconstruct": _reconstruct, "ndarray": np.ndarray, "dtype": np.dtype}
        if module.split(".")[0] != "numpy" or name not in known:
            raise pickle.UnpicklingError(f"{module}.{name} is not part of an array")
        return known[name]


def _reconstruct(kind: type, shape: tuple[int, ...], code: str) -> Any:
    """An empty array that the pickle then fills."""
    assert kind is np.ndarray, "find_class gives no other"
    return np.ndarray.__new__(np.ndarray, shape, code)
