"""What a first run would have to wait for, loaded ahead of it beside other threads."""

import ctypes
import os
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from engines.catalogue import ENGINES


def warm_up() -> None:
    """Import torch and the engines, and what they import only when they are used."""
    _load_libraries()
    import torch

    import_module("engines.training.runner")
    for entry in ENGINES.values():
        entry.load()
    # The first optimiser imports torch's compiler, for more than a second.
    torch.optim.Adam([torch.zeros(1)])


def _load_libraries() -> None:
    """Load torch's libraries ahead of Python, which keeps its lock meanwhile.

    A function that is called through ctypes runs without the lock: for the window
    that is a stall of 30 ms where importing torch made one of 300. Where it fails
    nothing is lost, and importing torch says what is wrong.
    """
    found = find_spec("torch")
    if os.name == "nt" or found is None or found.origin is None:
        return
    suffix = "dylib" if sys.platform == "darwin" else "so"
    load = ctypes.CDLL(None).dlopen
    load.argtypes, load.restype = (ctypes.c_char_p, ctypes.c_int), ctypes.c_void_p
    # In the order of torch/__init__.py, and as visible to each other.
    folder = Path(found.origin).parent / "lib"
    for name, mode in (
        ("libtorch_global_deps", os.RTLD_NOW | os.RTLD_GLOBAL),
        ("libtorch_python", os.RTLD_NOW),
    ):
        load(os.fsencode(folder / f"{name}.{suffix}"), mode)
