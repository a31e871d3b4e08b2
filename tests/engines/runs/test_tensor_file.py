"""Tests for engines.runs.tensor_file, with the safetensors package as its judge."""

import json

import numpy as np
import pytest
import safetensors.torch
import torch

from engines.runs.tensor_file import parse, pieces

TYPES = ("float64", "float32", "float16", "bfloat16", "int64", "int32", "int16")
TENSORS = {
    **{name: torch.arange(6).to(getattr(torch, name)).view(2, 3) for name in TYPES},
    "bytes": torch.tensor([7, 255], dtype=torch.uint8),
    "signed": torch.tensor([-7], dtype=torch.int8),
    "flags": torch.tensor([True, False, True]),
    "none": torch.empty(0, 3),
    "scalar": torch.tensor(0.1),
    "channels last": torch.randn(2, 3, 4, 5).contiguous(
        memory_format=torch.channels_last
    ),
    "learnt": torch.nn.Parameter(torch.randn(3)),
}
TEXTS = {"engine": "x", "words": "日本"}


def as_bytes(tensors, texts):
    return b"".join(bytes(piece) for piece in pieces(tensors, texts))


def as_array(data):
    return np.frombuffer(bytearray(data), np.uint8)


def assert_same(found, expected):
    assert found.keys() == expected.keys()
    for name, tensor in expected.items():
        assert found[name].dtype == tensor.dtype, name
        torch.testing.assert_close(found[name], tensor.detach(), rtol=0, atol=0)


def test_the_package_reads_what_was_written(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(as_bytes(TENSORS, TEXTS))
    assert_same(safetensors.torch.load_file(path), TENSORS)
    with safetensors.safe_open(path, "pt") as file:
        assert file.metadata() == TEXTS


def test_what_the_package_wrote_is_read():
    plain = {name: tensor.detach().contiguous() for name, tensor in TENSORS.items()}
    found, texts = parse(as_array(safetensors.torch.save(plain, TEXTS)))
    assert texts == TEXTS
    assert_same(found, plain)


def test_nothing_is_copied_in_reading():
    data = as_array(as_bytes({"a": torch.zeros(3)}, {}))
    found, texts = parse(data)
    data[-4:] = np.frombuffer(np.float32(2.5).tobytes(), np.uint8)
    assert found["a"].tolist() == [0, 0, 2.5]
    assert texts == {}


def test_a_piece_is_a_tensor():
    sizes = [len(p) for p in pieces({"a": torch.zeros(3), "b": torch.zeros(5)}, {})]
    assert sizes[1:] == [12, 20]
    assert sizes[0] % 8 == 0  # so that what follows is aligned


def a_file(header, numbers=b"\0" * 8, *, length=None):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    length = len(text) if length is None else length
    return length.to_bytes(8, "little") + text + numbers


def a_tensor(**changes):
    return {"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8], **changes}}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff" * 64,
        a_file(b"[" * 100_000),
        a_file([1]),
        a_file(a_tensor(), length=2**63),
        a_file(a_tensor(), length=8),
        a_file(a_tensor(dtype="F33")),
        a_file(a_tensor(dtype="__class__")),
        a_file(a_tensor(shape=[3])),
        a_file(a_tensor(shape=[-1, -2])),
        a_file(a_tensor(shape=[2**62, 2**62])),
        a_file(a_tensor(shape=[0, 2**63], data_offsets=[0, 0])),
        a_file(a_tensor(shape=[True, 2])),
        a_file(a_tensor(shape="2")),
        a_file(a_tensor(data_offsets=[0, 9])),
        a_file(a_tensor(data_offsets=[8, 16])),
        a_file(a_tensor(data_offsets=[-8, 8])),
        a_file(a_tensor(data_offsets=[8, 0])),
        a_file(a_tensor(shape=[1], data_offsets=[2, 6])),
        a_file(a_tensor(more=1)),
        a_file({"__metadata__": {"engine": 1}}),
        a_file({"__metadata__": [1]}),
    ],
)
def test_nonsense_is_refused(data):
    with pytest.raises(ValueError, match=r"does not fit|validation error"):
        parse(as_array(data))


def test_what_the_nonsense_is_made_from_is_a_file():
    found, _ = parse(as_array(a_file(a_tensor())))
    assert found["a"].tolist() == [0, 0]
