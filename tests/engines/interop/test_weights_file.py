"""Tests for engines.interop.weights_file: hostile and mistaken files, in words."""

import os
import pickle
import zipfile

import pytest
import torch

from engines.errors import CheckpointError
from engines.interop import weights_file
from engines.interop.weights_file import read_tensors
from engines.runs import tensor_file

STATE = {"model.1.weight": torch.ones(4, 3, 7, 7)}


class Program:
    """Makes a folder where it is read by a careless reader."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


def refusal_of(path):
    with pytest.raises(CheckpointError) as refusal:
        read_tensors(path)
    return str(refusal.value)


@pytest.mark.parametrize("archive", [True, False])
def test_a_program_is_not_run(tmp_path, archive):
    path, trace = tmp_path / "latest_net_G.pth", tmp_path / "it ran"
    content = {**STATE, "model.2.weight": Program(trace)}
    torch.save(content, path, _use_new_zipfile_serialization=archive)
    assert "could run a program, and was not opened" in refusal_of(path)
    assert not trace.exists()
    # The file does what it is made for, where nobody looks.
    torch.load(path, weights_only=False)
    assert trace.exists()


def test_a_whole_module_is_refused(tmp_path):
    torch.save(torch.nn.Conv2d(1, 1, 1), tmp_path / "net.pth")
    assert "holds more than weights" in refusal_of(tmp_path / "net.pth")


@pytest.mark.parametrize(
    ("begin", "words"),
    [
        (b"", "'net.pth' is empty"),
        (bytes(100), "'net.pth' is empty"),
        (b"version https://git-lfs.github.com/spec/v1\n", "is a text, not weights"),
        ("<!DOCTYPE html> schön".encode(), "is a text, not weights"),
        (b"\x89PNG\r\n\x1a\n", "is a picture"),
        (b"\x1f\x8b\x08\x00", "is a packed archive"),
        (b"\x08\x08\x12\x07pytorch", "is a model of another program"),
        (b"\xfe\xedsomething", "is no file of weights"),
        (pickle.dumps({"a": 1}, protocol=2), "is cut off or damaged"),
        (b"\x80\x02" + bytes(50), "is cut off or damaged"),
        (b"PK\x03\x04" + bytes(50), "is cut off or damaged"),
    ],
)
def test_a_file_of_another_kind_is_named(tmp_path, begin, words):
    path = tmp_path / "net.pth"
    path.write_bytes(begin)
    sentence = refusal_of(path)
    assert words in sentence
    assert sentence.endswith("such as 'latest_net_G.pth'.")


def test_our_own_weights_are_opened_by_their_folder(tmp_path):
    path = tmp_path / "weights.safetensors"
    path.write_bytes(b"".join(bytes(p) for p in tensor_file.pieces(STATE, {})))
    assert "A run of this program is opened by its folder" in refusal_of(path)


@pytest.mark.parametrize("kept", [0.3, 0.9])
def test_a_file_that_is_cut_off_is_refused(tmp_path, kept):
    path = tmp_path / "net.pth"
    torch.save(STATE, path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(kept * len(whole))])
    assert "is cut off or damaged" in refusal_of(path)


def test_an_archive_that_is_larger_inside_is_not_unpacked(tmp_path):
    torch.save(STATE, tmp_path / "plain.pth")
    path = tmp_path / "bomb.pth"
    with (
        zipfile.ZipFile(tmp_path / "plain.pth") as plain,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bomb,
    ):
        for name in plain.namelist():
            zeros = bytes(50_000_000) if name.endswith("data/0") else plain.read(name)
            bomb.writestr(name, zeros)
    assert path.stat().st_size < 100_000
    assert "is larger inside than outside" in refusal_of(path)


def test_numbers_that_are_only_claimed_are_refused(tmp_path):
    torch.save({"w": torch.ones(1).expand(100_000, 100_000)}, tmp_path / "net.pth")
    assert "claims to hold more numbers than it does" in refusal_of(
        tmp_path / "net.pth"
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (torch.ones(3), "holds something else than the weights of a network"),
        ({"epoch": 3, "loss": [1.0]}, "holds no weights of a network"),
        ({}, "holds no weights of a network"),
        ({"netG": STATE, "netD": STATE}, "holds 2 networks, and none is marked"),
        ({"w": torch.eye(3).to_sparse()}, "in a form that is not used there"),
    ],
)
def test_other_contents_are_refused(tmp_path, content, words):
    torch.save(content, tmp_path / "net.pth")
    assert words in refusal_of(tmp_path / "net.pth")


def test_other_archives_are_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as archive:
        archive.writestr("photo.png", b"")
    assert "is an archive of other files" in refusal_of(tmp_path / "photos.zip")


def test_a_compiled_program_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "net.pt", "w") as archive:
        archive.writestr("net/data.pkl", b"")
        archive.writestr("net/constants.pkl", b"")
    assert "TorchScript" in refusal_of(tmp_path / "net.pt")


def test_a_very_large_file_is_not_opened(tmp_path, monkeypatch):
    torch.save(STATE, tmp_path / "net.pth")
    monkeypatch.setattr(weights_file, "MAX_BYTES", 1000)
    assert "0.0 GB, more than the 0 that are opened" in refusal_of(tmp_path / "net.pth")


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    assert "There is no file" in refusal_of(tmp_path / "nothing.pth")
    assert "There is no file" in refusal_of(tmp_path)
