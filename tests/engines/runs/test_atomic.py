"""Tests for engines.runs.atomic."""

import errno
import os

import pytest

from engines.errors import RunError
from engines.runs.atomic import write_bytes


@pytest.fixture
def refuse(monkeypatch):
    """Make the disk answer every flush with an error."""

    def refuse(number):
        def fsync(_descriptor):
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr(os, "fsync", fsync)

    return refuse


def test_a_file_is_replaced_and_nothing_else_is_left(tmp_path):
    path = tmp_path / "run.json"
    write_bytes(path, b"old")
    write_bytes(path, b"new")
    assert path.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["run.json"]


@pytest.mark.skipif(os.name == "nt", reason="an open file cannot be replaced here")
def test_who_is_reading_the_old_file_reads_it_to_its_end(tmp_path):
    path = tmp_path / "run.json"
    write_bytes(path, b"the old one")
    with path.open("rb") as reader:
        write_bytes(path, b"new")
        assert reader.read() == b"the old one"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "There is no space left on the disk holding '.*run.json'"),
        (errno.EROFS, "'.*run.json' cannot be written. Choose another folder"),
        (errno.EIO, r"'.*run.json' cannot be written \(Input/output error\)"),
    ],
)
def test_a_refusing_disk_is_told_in_words_and_the_old_file_stays(
    tmp_path, refuse, number, words
):
    path = tmp_path / "run.json"
    write_bytes(path, b"old")
    refuse(number)
    with pytest.raises(RunError, match=words):
        write_bytes(path, b"new")
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["run.json"]


@pytest.mark.skipif(
    os.name == "nt" or os.geteuid() == 0, reason="the administrator may write anywhere"
)
def test_a_folder_without_permission_is_told_in_words(tmp_path):
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(
            RunError, match=r"cannot be written\. Choose another folder"
        ):
            write_bytes(tmp_path / "run.json", b"new")
    finally:
        tmp_path.chmod(0o700)
