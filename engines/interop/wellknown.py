"""Fetches well-known sets from where torchvision knows them to be.

torchvision's own downloader can neither be cancelled nor watched, so only its
knowledge is used: addresses, names and checksums.
"""

import errno
import gzip
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from engines.data.cifar import idx_from_cifar
from engines.data.download import download
from engines.data.wellknown_list import WELL_KNOWN, WellKnownSet
from engines.errors import DataError
from engines.interop.torchvision_shim import load_torchvision
from engines.samples.writing import appearing

_CLASSES = "classes.txt"
_PARTS = ("train", "t10k")  # what the MNIST family calls training and test
_MARGIN = 1.1  # a server that sends so much more sends something else


def fetch(
    name: str,
    folder: Path,
    *,
    mirrors: Sequence[str] | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Path:
    """Download a set and write it as IDX files with the names of its classes.

    There will be `train-images-idx3-ubyte` (idx4 in colour), `train-labels-idx1-ubyte`,
    the same with `t10k` for the pictures held out, and `classes.txt`, one name a line.
    A folder that has them all is left as it is. Anything else in its place is never
    touched. Until all is there, nothing appears at *folder*.

    Args:
        name: A key of `WELL_KNOWN`.
        folder: Where the set shall be.
        mirrors: Addresses to fetch from instead of torchvision's, with "/" at the end.
        progress: Called with bytes that have come and bytes in all, about.
        cancelled: Polled often.

    Returns:
        *folder*.

    Raises:
        DataError: There is no connection, the server has something else, something
            else is at *folder*, or it cannot be written.
        Cancelled: *cancelled* said so; nothing is left behind.
    """
    entry = WELL_KNOWN[name]
    if folder.exists():
        _check_same(folder, entry)
        return folder
    try:
        with appearing(folder) as building:
            _fill(building, entry, mirrors, progress, cancelled)
    except OSError as error:
        raise DataError(_cannot_write(folder, entry, error)) from error
    return folder


def _fill(
    folder: Path,
    entry: WellKnownSet,
    mirrors: Sequence[str] | None,
    progress: Callable[[int, int], None] | None,
    cancelled: Callable[[], bool] | None,
) -> None:
    """Download and unpack every file of a set into an empty folder."""
    dataset = getattr(load_torchvision().datasets, entry.dataset)
    places, files = published(dataset)
    total = round(entry.megabytes * 1_000_000)
    before = 0

    def received(size: int) -> None:
        if progress is not None:
            progress(min(before + size, total), total)

    for file, md5 in files:
        archive = folder / file
        download(
            mirrors or places,
            archive,
            md5=md5,
            title=entry.title,
            most_bytes=round(total * _MARGIN),
            received=received,
            cancelled=cancelled,
        )
        before += archive.stat().st_size
        _unpack(archive, dataset, cancelled)
        archive.unlink()


def published(dataset: Any) -> tuple[list[str], list[tuple[str, str]]]:
    """Where torchvision finds a set, and names and MD5 checksums of its files."""
    if hasattr(dataset, "tgz_md5"):  # the CIFAR family
        place = dataset.url.removesuffix(dataset.filename)
        return [place], [(dataset.filename, dataset.tgz_md5)]
    return dataset.mirrors, dataset.resources


def _unpack(archive: Path, dataset: Any, cancelled: Callable[[], bool] | None) -> None:
    """Write what an archive holds beside it, now that its checksum was right."""
    if not hasattr(dataset, "tgz_md5"):
        with gzip.open(archive) as packed, archive.with_suffix("").open("wb") as plain:
            shutil.copyfileobj(packed, plain)
        names = "\n".join(dataset.classes) + "\n"
        (archive.parent / _CLASSES).write_text(names, "utf-8")
        return
    lists = (dataset.train_list, dataset.test_list)
    idx_from_cifar(
        archive,
        archive.parent,
        inside=dataset.base_folder,
        batches={
            part: [file for file, _ in files]
            for part, files in zip(_PARTS, lists, strict=True)
        },
        labels="fine_labels" if dataset.__name__ == "CIFAR100" else "labels",
        classes=(dataset.meta["filename"], dataset.meta["key"]),
        cancelled=cancelled,
    )


def _check_same(folder: Path, entry: WellKnownSet) -> None:
    images = "images-idx3-ubyte" if entry.channels == 1 else "images-idx4-ubyte"
    kinds = (images, "labels-idx1-ubyte")
    names = [f"{part}-{kind}" for part in _PARTS for kind in kinds]
    if not all((folder / name).is_file() for name in (*names, _CLASSES)):
        raise DataError(
            f"'{folder.name}' already exists and does not hold {entry.title}. "
            "Choose another folder or remove it."
        )


def _cannot_write(folder: Path, entry: WellKnownSet, error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return (
            f"The disk is full: {entry.title} does not fit at '{folder}'. "
            "Make room or choose another folder."
        )
    return (
        f"{entry.title} cannot be written to '{folder}': {error.strerror or error}. "
        "Choose another folder."
    )
