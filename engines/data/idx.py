"""IDX files: many small pictures of one size in one file, as MNIST is handed out.

A file begins with two zero bytes, a byte for the kind of number, a byte for how many
dimensions there are, and the length of each as 32 bits, most significant byte first
(yann.lecun.com/exdb/mnist). Pictures are uint8, (N, H, W) grey or (N, H, W, 3) RGB;
a second file holds their classes.
"""

import gzip
import hashlib
import math
import os
import re
import secrets
import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engines.data.cache import cache_folder
from engines.errors import Cancelled, DataError, PictureError

Numbers: TypeAlias = NDArray[Any]

_NUMBERS: dict[int, np.dtype[Any]] = {
    0x08: np.dtype(np.uint8),
    0x0C: np.dtype(">i4"),
}
_MOST_BYTES = 16_000_000_000  # of a file's numbers; more is taken for damage
_PIECE = 4_000_000  # bytes that are unpacked at a time
# train-images-idx3-ubyte, t10k-images.idx3-ubyte.gz, emnist-letters-test-images-...
_NAME = re.compile(
    r"(?P<prefix>.*?)[-._]?(?P<what>images|labels)[-._]idx\d(-(ubyte|int))?(?P<gz>\.gz)?",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"(?P<set>.*?)[-._]?(?P<split>train|t10k|test)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class IdxPart:
    """The pictures of one IDX file and their classes.

    Attributes:
        path: The file, not compressed.
        count: How many pictures.
        labels: (N,) class numbers, None where there is no file of them.
        split: "train", "test" or "" where the name says neither.
    """

    path: Path
    count: int
    labels: NDArray[np.int64] | None
    split: Literal["train", "test", ""]


def is_idx_name(name: str) -> bool:
    """Whether a file of this name holds pictures or labels of an IDX set."""
    return "idx" in name.lower() and _NAME.fullmatch(name) is not None


def read_parts(
    files: Sequence[Path],
    *,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> tuple[IdxPart, ...]:
    """Find which IDX files belong together; compressed ones are unpacked once.

    Args:
        files: As `is_idx_name` knows them.
        progress: Called with (pictures, pictures in all) while a file is unpacked.
        cancelled: Asked while a file is unpacked.

    Returns:
        A part for each file of pictures, by name; () where there is none.

    Raises:
        DataError: A file is damaged, labels do not fit, or several sets lie together.
        Cancelled: *cancelled* returned True.
    """
    chosen = _one_of_each(files)
    pictures = {
        prefix: file for (prefix, what), file in chosen.items() if what[0] == "i"
    }
    sets = {_set_and_split(prefix)[0] for prefix in pictures}
    if len(sets) > 1:
        raise DataError(
            f"Here are several IDX sets: {', '.join(sorted(sets))}. Put the files of "
            "one of them into a folder of their own."
        )
    parts = []
    for prefix, file in sorted(pictures.items()):
        plain = _plain(file, progress, cancelled)
        shape = _checked(plain).shape
        if len(shape) not in (3, 4) or (len(shape) == 4 and shape[3] != 3):
            raise DataError(
                f"'{file.name}' holds numbers of shape {' × '.join(map(str, shape))}, "
                "and pictures are grey (N × H × W) or coloured (N × H × W × 3)."
            )
        labels = chosen.get((prefix, "labels"))
        numbers = None if labels is None else _labels(labels, file, shape[0], cancelled)
        parts.append(IdxPart(plain, shape[0], numbers, _set_and_split(prefix)[1]))
    return tuple(parts)


def read_idx_picture(path: Path, index: int) -> NDArray[np.uint8]:
    """Read one picture: (H, W, 3) uint8. Safe from any thread.

    Raises:
        PictureError: The file is missing or damaged, or holds fewer pictures.
    """
    try:
        info = os.stat(path)
    except OSError:
        raise PictureError(path, "is not there any more") from None
    numbers = _mapped(path, info.st_size, info.st_mtime_ns)
    if not 0 <= index < len(numbers):
        raise PictureError(path, f"has no picture {index:,}")
    picture = numbers[index]
    if picture.ndim == 2:
        return np.repeat(picture[..., None], 3, axis=2)
    return np.array(picture)


@lru_cache(maxsize=8)
def _mapped(path: Path, size: int, _changed_ns: int) -> Numbers:
    """The numbers of a plain file, read from the disk as they are asked for."""
    with path.open("rb") as file:
        dtype, shape, start = _header(file, path)
    if size < start + math.prod(shape) * dtype.itemsize:
        raise PictureError(path, "is cut off")
    return np.memmap(path, dtype, "r", offset=start, shape=shape)


def _checked(path: Path) -> Numbers:
    """As `_mapped`, and what is wrong concerns the whole set.

    Raises:
        DataError: The file is damaged.
    """
    try:
        info = os.stat(path)
        return _mapped(path, info.st_size, info.st_mtime_ns)
    except PictureError as error:
        raise DataError(f"{error} Fetch the set again.") from None


def _header(
    file: BinaryIO | gzip.GzipFile, path: Path
) -> tuple[np.dtype[Any], tuple[int, ...], int]:
    """What kind of numbers, their shape, and the byte at which they start."""
    start = file.read(4)
    if len(start) < 4 or start[:2] != b"\0\0" or start[2] not in _NUMBERS:
        raise PictureError(path, "is not an IDX file of whole numbers")
    lengths = file.read(4 * start[3])
    if len(lengths) < 4 * start[3]:
        raise PictureError(path, "is cut off")
    dtype, shape = _NUMBERS[start[2]], struct.unpack(f">{start[3]}I", lengths)
    if 0 in shape or not shape:
        raise PictureError(path, "holds nothing")
    if math.prod(shape) * dtype.itemsize > _MOST_BYTES:
        raise PictureError(path, f"says it holds more than {_MOST_BYTES / 1e9:.0f} GB")
    return dtype, shape, 4 + len(lengths)


# ----------------------------------------------------------------------------
# Which files belong together.


def _one_of_each(files: Sequence[Path]) -> dict[tuple[str, str], Path]:
    """By prefix and content; of a file and its compressed copy, the file."""
    chosen: dict[tuple[str, str], Path] = {}
    for path in sorted(files, key=lambda path: path.suffix.lower() == ".gz"):
        match = _NAME.fullmatch(path.name)
        assert match, "only files that is_idx_name knows"
        chosen.setdefault((match["prefix"].lower(), match["what"].lower()), path)
    return chosen


def _set_and_split(prefix: str) -> tuple[str, Literal["train", "test", ""]]:
    match = _SPLIT.fullmatch(prefix)
    if match is None:
        return prefix, ""
    return match["set"], "train" if match["split"].lower() == "train" else "test"


def _labels(
    path: Path, pictures: Path, count: int, cancelled: Callable[[], bool] | None
) -> NDArray[np.int64]:
    numbers = _checked(_plain(path, None, cancelled))
    if len(numbers) != count:
        raise DataError(
            f"'{path.name}' has {len(numbers):,} labels, and '{pictures.name}' has "
            f"{count:,} pictures. Fetch both again."
        )
    # QMNIST's labels are rows of eight numbers; the first is the class.
    return numbers.reshape(count, -1)[:, 0].astype(np.int64)


# ----------------------------------------------------------------------------
# Compressed files.


def _plain(
    path: Path,
    progress: Callable[[int, int], None] | None,
    cancelled: Callable[[], bool] | None,
) -> Path:
    """The file itself, or its unpacked copy in our cache, made where it is missing."""
    if path.suffix.lower() != ".gz":
        return path
    info = path.stat()
    stamp = f"{path.resolve()}\0{info.st_size}\0{info.st_mtime_ns}"
    folder = cache_folder() / "idx" / hashlib.sha256(stamp.encode()).hexdigest()[:16]
    plain = folder / path.stem
    if plain.exists():
        return plain
    part = folder / f".{secrets.token_hex(8)}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _gunzip(path, part, progress, cancelled)
        # The same wherever and whenever it was unpacked, for the set's fingerprint.
        os.utime(part, ns=(info.st_mtime_ns, info.st_mtime_ns))
        os.replace(part, plain)
    except (gzip.BadGzipFile, EOFError, zlib.error, PictureError):
        raise DataError(f"'{path.name}' is damaged. Fetch the set again.") from None
    except OSError as error:
        raise DataError(
            f"'{path.name}' cannot be unpacked ({error.strerror}). Make room in "
            f"'{cache_folder()}', or unpack it yourself."
        ) from None
    finally:
        part.unlink(missing_ok=True)
    return plain


def _gunzip(
    path: Path,
    target: Path,
    progress: Callable[[int, int], None] | None,
    cancelled: Callable[[], bool] | None,
) -> None:
    """Unpack as many bytes as the header announces, and no more."""
    with gzip.open(path) as packed:
        dtype, shape, start = _header(packed, path)
        total = start + math.prod(shape) * dtype.itemsize
        packed.seek(0)
        with target.open("xb") as file:
            while file.tell() < total:
                if cancelled and cancelled():
                    raise Cancelled
                piece = packed.read(min(_PIECE, total - file.tell()))
                if not piece:
                    raise EOFError
                file.write(piece)
                if progress:
                    progress(shape[0] * file.tell() // total, shape[0])
        if packed.read(1):  # at the end this also checks the checksum
            raise EOFError
