"""Tests for engines.data.cifar, with pickles as Python 2 wrote them."""

import os
import pickle

import numpy as np
import pytest

from engines.data.cifar import idx_from_cifar
from engines.errors import Cancelled
from tests.engines.data.cifar_pickles import python2_pickle, tar_gz

BATCHES = {"train": ("one", "two"), "t10k": ("three",)}


@pytest.fixture
def rows():
    """Pictures as CIFAR keeps them: three in all, a channel after the other."""
    return np.random.default_rng(0).integers(0, 256, (3, 3072), dtype=np.uint8)


@pytest.fixture
def convert(rows, tmp_path):
    def call(cancelled=None, **changed):
        files = {
            "one": python2_pickle({"data": rows[:1], "labels": [6]}),
            "two": python2_pickle({"data": rows[1:2], "labels": [9]}),
            "three": python2_pickle({"data": rows[2:], "labels": [0]}),
            "meta": python2_pickle({"label_names": [b"cat", b"dog"]}),
        }
        archive = tmp_path / "archive.tar.gz"
        archive.write_bytes(tar_gz("inside", files | changed))
        idx_from_cifar(
            archive,
            tmp_path,
            inside="inside",
            batches=BATCHES,
            labels="labels",
            classes=("meta", "label_names"),
            cancelled=cancelled,
        )
        return tmp_path

    return call


def test_pictures_become_idx_files_with_the_channels_last(convert, rows):
    content = (convert() / "train-images-idx4-ubyte").read_bytes()
    header = np.frombuffer(content[:20], ">u4")
    assert header.tolist() == [0x00000804, 2, 32, 32, 3]
    pixels = np.frombuffer(content[20:], np.uint8).reshape(2, 32, 32, 3)
    for picture, row in zip(pixels, rows, strict=False):
        assert picture[0, 1].tolist() == [row[1], row[1025], row[2049]]
        assert picture[31, 31].tolist() == [row[1023], row[2047], row[3071]]
    held_out = (convert() / "t10k-images-idx4-ubyte").read_bytes()
    assert held_out[20] == rows[2, 0]


def test_labels_and_the_names_of_classes_are_written(convert):
    folder = convert()
    labels = (folder / "train-labels-idx1-ubyte").read_bytes()
    assert labels == bytes([0, 0, 8, 1, 0, 0, 0, 2, 6, 9])
    assert (folder / "classes.txt").read_text() == "cat\ndog\n"


def test_a_pickle_that_would_run_something_is_refused(convert):
    class Attack:
        def __reduce__(self):
            return os.getcwd, ()

    name = f"{os.getcwd.__module__}.getcwd"
    with pytest.raises(pickle.UnpicklingError, match=f"{name} is not part of an array"):
        convert(two=pickle.dumps(Attack()))


def test_a_part_of_numpy_that_arrays_do_not_need_is_refused(convert):
    with pytest.raises(pickle.UnpicklingError, match="load is not part of an array"):
        convert(meta=b"cnumpy\nload\n(U\x01xtR.")


def test_cancelling_ends_between_two_batches(convert, tmp_path):
    asked = []
    with pytest.raises(Cancelled):
        convert(cancelled=lambda: asked.append(1) or len(asked) == 3)
    assert (tmp_path / "train-labels-idx1-ubyte").exists()
    assert not (tmp_path / "t10k-labels-idx1-ubyte").exists()
