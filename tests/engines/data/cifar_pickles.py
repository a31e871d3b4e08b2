"""Writes pickles as Python 2 and its NumPy wrote those of CIFAR."""

import io
import tarfile

import numpy as np


def _string(text):
    return b"U" + bytes([len(text)]) + text


def _number(value):
    return b"J" + int(value).to_bytes(4, "little", signed=True)


def _array(pixels):
    """`numpy.core.multiarray._reconstruct` and the state of a uint8 array."""
    content = pixels.tobytes()
    shape = b"(" + b"".join(map(_number, pixels.shape)) + b"t"
    kind = (
        b"cnumpy\ndtype\n" + _string(b"u1") + b"K\x00K\x01\x87R"
        + b"(K\x03" + _string(b"|") + b"NNN" + _number(-1) * 2 + b"K\x00tb"
    )  # fmt: skip
    return (
        b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\n"
        + b"K\x00\x85" + _string(b"b") + b"\x87R"
        + b"(K\x01" + shape + kind + b"\x89"
        + b"T" + len(content).to_bytes(4, "little") + content + b"tb"
    )  # fmt: skip


def _value(value):
    if isinstance(value, np.ndarray):
        return _array(value)
    encode = _number if isinstance(value[0], int) else _string
    return b"](" + b"".join(map(encode, value)) + b"e"


def python2_pickle(values):
    """A dictionary of uint8 arrays and of lists of numbers or byte strings."""
    items = (_string(key.encode()) + _value(value) for key, value in values.items())
    return b"\x80\x02}(" + b"".join(items) + b"u."


def tar_gz(folder, files):
    """The bytes of an archive with *files* in *folder*."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(f"{folder}/{name}")
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return stream.getvalue()
