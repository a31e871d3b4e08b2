"""Tensors in the safetensors format, tensor by tensor.

The package of that name holds Python's lock while it copies a whole file, for half a
second of a large network, and no window answers meanwhile. Here tensors are written
from where they are, and read as views of the bytes that were read and checked.

The format (https://github.com/huggingface/safetensors#format): eight bytes with the
length of the header, least first; the header in JSON, with the type, the shape and the
place of every tensor; all their numbers, without gaps.
"""

import json
import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from engines.runs.atomic import Piece

if TYPE_CHECKING:  # Listing runs must not cost loading torch.
    from torch import Tensor

Bytes: TypeAlias = NDArray[np.uint8]

_LENGTH = 8  # bytes; the header is padded to a multiple of them
_TYPES = {  # in the format: in torch
    "F64": "float64",
    "F32": "float32",
    "F16": "float16",
    "BF16": "bfloat16",
    "I64": "int64",
    "I32": "int32",
    "I16": "int16",
    "I8": "int8",
    "U8": "uint8",
    "BOOL": "bool",
}
_Number = Annotated[int, Field(ge=0, lt=2**63)]  # as torch counts
_NAMES = {f"torch.{name}": kind for kind, name in _TYPES.items()}


class _Place(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    dtype: Literal[tuple(_TYPES)]  # type: ignore[valid-type]  # mypy wants them spelt
    shape: tuple[_Number, ...]
    data_offsets: tuple[_Number, _Number]


class _Header(BaseModel):
    model_config = ConfigDict(frozen=True, extra="allow", strict=True)
    __pydantic_extra__: dict[str, _Place]

    metadata: dict[str, str] = Field(default_factory=dict, alias="__metadata__")


def pieces(
    tensors: "Mapping[str, Tensor]", metadata: Mapping[str, str]
) -> Iterator[Piece]:
    """The bytes of a file: its header, then one piece a tensor.

    Args:
        tensors: By name, on any device, in any memory layout.
        metadata: Texts to keep with them.
    """
    # Wide numbers first: then each begins at a multiple of its width.
    names = sorted(tensors, key=lambda name: -tensors[name].itemsize)
    header: dict[str, object] = {"__metadata__": dict(metadata)}
    end = 0
    for name in names:
        tensor, start = tensors[name], end
        end += tensor.numel() * tensor.itemsize
        header[name] = {
            "dtype": _NAMES[str(tensor.dtype)],
            "shape": list(tensor.shape),
            "data_offsets": [start, end],
        }
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % _LENGTH)
    yield len(text).to_bytes(_LENGTH, "little") + text
    for name in names:
        yield _numbers(tensors[name])


def parse(data: Bytes) -> "tuple[dict[str, Tensor], dict[str, str]]":
    """The tensors of a file that was read whole, as views of *data*, and its texts.

    Raises:
        ValueError: It is not such a file, or not one that torch can use as it is.
    """
    begin = _LENGTH + int.from_bytes(data[:_LENGTH].tobytes(), "little")
    header = _Header.model_validate_json(data[_LENGTH:begin].tobytes())
    places = header.model_extra or {}
    tensors = {name: _view(data[begin:], place) for name, place in places.items()}
    return tensors, header.metadata


def _numbers(tensor: "Tensor") -> memoryview:
    import torch

    plain = tensor.detach().cpu().contiguous().flatten()
    return plain.view(torch.uint8).numpy().data


def _view(numbers: Bytes, place: _Place) -> "Tensor":
    import torch

    dtype: torch.dtype = getattr(torch, _TYPES[place.dtype])
    start, end = place.data_offsets
    found = numbers[start:end]
    aligned = found.ctypes.data % dtype.itemsize == 0
    size = math.prod(place.shape) * dtype.itemsize
    if not (size == end - start == len(found) and aligned):
        raise ValueError(f"{place} does not fit {len(numbers)} bytes")
    return torch.from_numpy(found).view(dtype).view(place.shape)
