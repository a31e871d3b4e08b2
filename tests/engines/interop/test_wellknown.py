"""Tests for engines.interop.wellknown, against a server on this computer."""

import errno
import gzip
import hashlib
import struct

import numpy as np
import pytest

from engines.data.wellknown_list import WELL_KNOWN
from engines.errors import Cancelled, DataError
from engines.interop import wellknown
from engines.interop.torchvision_shim import load_torchvision
from engines.interop.wellknown import fetch, published
from tests.engines.data.cifar_pickles import python2_pickle, tar_gz

PIXELS = {"train": np.arange(48, dtype=np.uint8), "t10k": np.arange(16, dtype=np.uint8)}


def idx(values, *shape):
    header = struct.pack(f">BBBB{len(shape)}I", 0, 0, 8, len(shape), *shape)
    return header + bytes(values.astype(np.uint8))


def md5(content):
    return hashlib.md5(content).hexdigest()


@pytest.fixture
def datasets():
    return load_torchvision().datasets


@pytest.fixture
def small_fashion(datasets, file_server, monkeypatch):
    """Fashion-MNIST with three pictures and one held out, 4 × 4 pixels; by name."""
    plain = {}
    for part, pixels in PIXELS.items():
        count = len(pixels) // 16
        plain[f"{part}-images-idx3-ubyte"] = idx(pixels, count, 4, 4)
        plain[f"{part}-labels-idx1-ubyte"] = idx(np.arange(count), count)
    packed = {f"{name}.gz": gzip.compress(data) for name, data in plain.items()}
    resources = [(name, md5(data)) for name, data in packed.items()]
    monkeypatch.setattr(datasets.FashionMNIST, "resources", resources)
    monkeypatch.setattr(datasets.FashionMNIST, "mirrors", [file_server.address])
    file_server.files = {f"/{name}": data for name, data in packed.items()}
    return plain


def test_the_mnist_family_becomes_idx_files_and_names(small_fashion, tmp_path):
    folder = fetch("fashion-mnist", tmp_path / "sets" / "fashion")
    names = {path.name for path in folder.iterdir()}
    assert names == {*small_fashion, "classes.txt"}
    for name, content in small_fashion.items():
        assert (folder / name).read_bytes() == content
    lines = (folder / "classes.txt").read_text().splitlines()
    assert (len(lines), lines[0], lines[9]) == (10, "T-shirt/top", "Ankle boot")
    assert [path.name for path in folder.parent.iterdir()] == ["fashion"]


def test_progress_counts_bytes_over_all_files(small_fashion, file_server, tmp_path):
    seen = []
    fetch("fashion-mnist", tmp_path / "set", progress=lambda *n: seen.append(n))
    lengths = [len(content) for content in file_server.files.values()]
    assert [done for done, _ in seen] == np.cumsum(lengths).tolist()
    assert {total for _, total in seen} == {30_900_000}


def test_mirrors_can_be_chosen(small_fashion, file_server, tmp_path):
    files = file_server.files
    file_server.files = {f"/near{path}": data for path, data in files.items()}
    near = file_server.address + "near/"
    fetch("fashion-mnist", tmp_path / "set", mirrors=[near])
    assert file_server.asked == list(file_server.files)


def test_a_wrong_checksum_leaves_nothing(small_fashion, file_server, tmp_path):
    file_server.files["/t10k-labels-idx1-ubyte.gz"] = gzip.compress(b"other")
    words = "Fashion-MNIST cannot be fetched: t10k-labels-idx1-ubyte.gz from 127.0.0.1 "
    with pytest.raises(DataError, match=words + "has a wrong checksum"):
        fetch("fashion-mnist", tmp_path / "set")
    assert list(tmp_path.iterdir()) == []


def test_being_offline_leaves_nothing(small_fashion, file_server, tmp_path):
    file_server.stop()
    with pytest.raises(DataError, match=r"no connection to 127.0.0.1\. Check that"):
        fetch("fashion-mnist", tmp_path / "set")
    assert list(tmp_path.iterdir()) == []


def test_cancelling_in_the_middle_leaves_nothing(small_fashion, file_server, tmp_path):
    with pytest.raises(Cancelled):
        fetch(
            "fashion-mnist",
            tmp_path / "set",
            cancelled=lambda: len(file_server.asked) == 3,
        )
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_already_is_not_fetched_again(
    small_fashion, file_server, tmp_path
):
    folder = fetch("fashion-mnist", tmp_path / "set")
    file_server.asked.clear()
    assert fetch("fashion-mnist", folder) == folder
    assert file_server.asked == []


def test_something_else_at_the_place_is_refused_and_kept(file_server, tmp_path):
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(DataError, match="already exists and does not hold MNIST"):
        fetch("mnist", tmp_path, mirrors=[file_server.address])
    assert (tmp_path / "letter.txt").read_text() == "dear"
    assert file_server.asked == []


def test_a_full_disk_is_told(small_fashion, monkeypatch, tmp_path):
    def full(*_arguments, **_values):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(wellknown, "download", full)
    words = "The disk is full: Fashion-MNIST does not fit at .*set'. Make room"
    with pytest.raises(DataError, match=words):
        fetch("fashion-mnist", tmp_path / "set")
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_told(small_fashion, tmp_path):
    (tmp_path / "file").write_text("dear")
    with pytest.raises(DataError, match="Fashion-MNIST cannot be written to '"):
        fetch("fashion-mnist", tmp_path / "file" / "set")


@pytest.mark.parametrize(("name", "key"), [("CIFAR10", "labels"), ("CIFAR100", None)])
def test_the_cifar_family_becomes_idx_files(
    name, key, datasets, file_server, monkeypatch, tmp_path
):
    dataset = getattr(datasets, name)
    rows = np.random.default_rng(0).integers(0, 256, (6, 3072), dtype=np.uint8)
    names = [file for file, _ in dataset.train_list + dataset.test_list]
    files = {
        file: python2_pickle({"data": row[None], key or "fine_labels": [label]})
        for label, (file, row) in enumerate(zip(names, rows, strict=False))
    }
    meta = {dataset.meta["key"]: [b"airplane", b"bird"]}
    files[dataset.meta["filename"]] = python2_pickle(meta)
    archive = tar_gz(dataset.base_folder, files)
    monkeypatch.setattr(dataset, "tgz_md5", md5(archive))
    file_server.files[f"/{dataset.filename}"] = archive

    target = tmp_path / "set"
    folder = fetch(name.lower(), target, mirrors=[file_server.address])

    assert {path.name for path in folder.iterdir()} == {
        *(f"{part}-images-idx4-ubyte" for part in ("train", "t10k")),
        *(f"{part}-labels-idx1-ubyte" for part in ("train", "t10k")),
        "classes.txt",
    }
    held_out = (folder / "t10k-images-idx4-ubyte").read_bytes()
    row = rows[len(dataset.train_list)]
    assert list(held_out[20:23]) == [row[0], row[1024], row[2048]]
    labels = (folder / "train-labels-idx1-ubyte").read_bytes()[8:]
    assert list(labels) == list(range(len(dataset.train_list)))
    assert (folder / "classes.txt").read_text() == "airplane\nbird\n"


@pytest.mark.parametrize("entry", WELL_KNOWN.values(), ids=lambda entry: entry.name)
def test_the_table_agrees_with_torchvision(entry, datasets):
    dataset = getattr(datasets, entry.dataset)
    places, files = published(dataset)
    assert all(place.startswith("http") and place.endswith("/") for place in places)
    assert all(len(checksum) == 32 for _, checksum in files)
    if entry.channels == 1:
        names = [f"{part}-{kind}.gz" for part in ("train", "t10k")
                 for kind in ("images-idx3-ubyte", "labels-idx1-ubyte")]  # fmt: skip
        assert [name for name, _ in files] == names
        assert len(dataset.classes) == entry.classes
    else:
        assert [name for name, _ in files] == [f"cifar-{entry.classes}-python.tar.gz"]
