"""Opens files of weights that come from anywhere, trusting nothing in them.

Torch's files hold a pickle, which may run any program when it is read. Only torch's
reader for bare weights is used, which knows no programs, and only after the file was
seen to be no larger inside than outside.
"""

import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import torch
from torch import Tensor

from engines.errors import CheckpointError

MAX_BYTES = 2_000_000_000  # nine times the published U-Net for 256 pixels
_MAX_LISTING = 16_000_000  # of names and shapes, where some ten thousand are usual
_WANTED = (
    "Choose the weights of a generator of the published CycleGAN or pix2pix code, "
    "such as 'latest_net_G.pth'."
)
_SOUNDS = {  # how files of other kinds begin
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"RIFF": "a picture or a film",
    b"II*\0": "a picture",
    b"MM\0*": "a picture",
    b"%PDF": "a document",
    b"\x1f\x8b": "a packed archive",
    b"Rar!": "a packed archive",
    b"7z\xbc\xaf": "a packed archive",
    b"\x89HDF": "a file of another program (HDF5)",
    b"\x08": "a model of another program (ONNX, perhaps)",
}
# In what torch's reader says when it refuses to make or to call something.
_SIGNS_OF_CODE = ("GLOBAL", "is blocked", "add_safe_globals", "unrecognized function")


def not_wanted(path: Path, clause: str) -> CheckpointError:
    """An error that says what *path* is, and what is wanted."""
    return CheckpointError(f"'{path.name}' {clause}. {_WANTED}")


def read_tensors(path: Path) -> dict[str, Tensor]:
    """Read the tensors of a state dict, on the CPU, by name.

    A dictionary around a single state dict is opened, and "module." in front of
    every name, which training on several graphics cards leaves there, taken off.

    Raises:
        CheckpointError: It cannot be read, holds something else, or is larger than
            `MAX_BYTES`.
    """
    try:
        if not path.is_file():
            raise CheckpointError(f"There is no file '{path}'. {_WANTED}")
        with path.open("rb") as file:
            _check_outside(path, file)
            size = os.fstat(file.fileno()).st_size
            content = _load(path, file)
    except OSError as error:
        raise CheckpointError(
            f"'{path}' cannot be read ({error.strerror or error})."
        ) from error
    tensors = _state_dict(path, content)
    for tensor in tensors.values():
        if tensor.layout is not torch.strided or tensor.is_quantized:
            raise not_wanted(path, "holds numbers in a form that is not used there")
    if sum(t.numel() * t.itemsize for t in tensors.values()) > size:
        raise not_wanted(path, "claims to hold more numbers than it does")
    if all(name.startswith("module.") for name in tensors):
        return {name.removeprefix("module."): t for name, t in tensors.items()}
    return tensors


def _check_outside(path: Path, file: BinaryIO) -> None:
    """Refuse what is plainly no weights file of torch, before it is read."""
    size = os.fstat(file.fileno()).st_size
    if size > MAX_BYTES:
        raise not_wanted(
            path,
            f"has {size / 1e9:.1f} GB, more than the {MAX_BYTES / 1e9:.0f} that are "
            "opened",
        )
    head = file.read(512)
    file.seek(0)
    if head.startswith(b"PK"):
        _check_archive(path, file, size)
    elif not head.startswith(b"\x80"):  # a pickle, as torch wrote them until 1.6
        raise not_wanted(path, f"is {_kind(head)}")


def _check_archive(path: Path, file: BinaryIO, size: int) -> None:
    """Refuse archives that torch has not written, and those larger inside."""
    try:
        entries = zipfile.ZipFile(file).infolist()
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError):
        raise not_wanted(path, "is cut off or damaged") from None
    finally:
        file.seek(0)
    ends = {entry.filename.rpartition("/")[2]: entry for entry in entries}
    if "constants.pkl" in ends:
        raise not_wanted(path, "is a program for torch (TorchScript), not weights")
    if "data.pkl" not in ends:
        raise not_wanted(path, "is an archive of other files")
    packed = any(entry.compress_type != zipfile.ZIP_STORED for entry in entries)
    if packed or sum(entry.file_size for entry in entries) > size:
        raise not_wanted(path, "is larger inside than outside, as no weights file is")
    if ends["data.pkl"].file_size > _MAX_LISTING:
        raise not_wanted(path, "lists more names than any network has")


def _kind(head: bytes) -> str:
    """What a file is that begins like this, with an article."""
    if not head.strip(b"\0"):
        return "empty"
    if head[8:10] == b'{"':
        return (
            "a safetensors file. A run of this program is opened by its folder; "
            "others are not read"
        )
    for sound, kind in _SOUNDS.items():
        if head.startswith(sound):
            return kind
    try:
        head[:-4].decode()  # the last letter may be cut in two
    except UnicodeDecodeError:
        return "no file of weights"
    return "a text, not weights"


def _load(path: Path, file: BinaryIO) -> Any:
    try:
        return torch.load(file, map_location="cpu", weights_only=True)
    except OSError:
        raise
    # What a reader may meet in bytes made to mislead it cannot be listed.
    except Exception as error:
        clause = "is cut off or damaged, or torch has not written it"
        if any(sign in str(error) for sign in _SIGNS_OF_CODE):
            clause = "holds more than weights, could run a program, and was not opened"
        raise not_wanted(path, clause) from error


def _state_dict(path: Path, content: Any) -> dict[str, Tensor]:
    """The one dictionary of tensors that *content* is or holds."""
    if _is_state_dict(content):
        return dict(content)
    if not isinstance(content, Mapping):
        raise not_wanted(path, "holds something else than the weights of a network")
    found = [value for value in content.values() if _is_state_dict(value)]
    if len(found) > 1:
        raise not_wanted(path, f"holds {len(found)} networks, and none is marked")
    if not found:
        raise not_wanted(path, "holds no weights of a network")
    return dict(found[0])


def _is_state_dict(value: Any) -> bool:
    return (
        isinstance(value, Mapping)
        and len(value) > 0
        and all(isinstance(name, str) for name in value)
        and all(isinstance(tensor, Tensor) for tensor in value.values())
    )
