"""Tests for engines.runs.atomic."""

import errno
import os
import stat

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


def test_a_file_that_is_in_use_for_a_moment_is_replaced_after_it(tmp_path, monkeypatch):
    path, real_replace, refusals = tmp_path / "run.json", os.replace, [1, 2]

    def replace_when_free(source, target):
        if refusals:
            refusals.pop()
            raise PermissionError(errno.EACCES, "in use")
        real_replace(source, target)

    monkeypatch.setattr(os, "replace", replace_when_free)
    write_bytes(path, b"new")
    assert path.read_bytes() == b"new"


def test_a_file_that_stays_in_use_is_told_in_words(tmp_path, monkeypatch):
    def refuse_always(_source, _target):
        raise PermissionError(errno.EACCES, "in use")

    monkeypatch.setattr(os, "replace", refuse_always)
    monkeypatch.setattr("engines.runs.atomic._PATIENCE_S", (0.0, 0.0))
    with pytest.raises(RunError, match=r"written\. Choose another"):
        write_bytes(tmp_path / "run.json", b"new")
    assert os.listdir(tmp_path) == []


@pytest.mark.skipif(os.name == "nt", reason="folders are not flushed here")
def test_a_file_system_that_cannot_flush_folders_is_good_enough(tmp_path, monkeypatch):
    real_fsync = os.fsync

    def fsync(descriptor):
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")
        real_fsync(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    write_bytes(tmp_path / "run.json", b"new")
    assert (tmp_path / "run.json").read_bytes() == b"new"
