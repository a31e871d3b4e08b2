"""The one place that imports torchvision.

Where its compiled part was built for another torch than the one installed (a CPU
build of torch beside the default wheel), `import torchvision` raises RuntimeError:
"operator torchvision::nms does not exist". Its Python parts (transforms, utils,
datasets) work all the same once the missing operators are declared.
"""

import importlib
import sys
from types import ModuleType

import torch

# Kept for the life of the process: the declarations vanish with the object.
_declared: list[torch.library.Library] = []

_SCHEMA = "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"


def load_torchvision() -> ModuleType:
    """Import torchvision, declaring the operators it misses only where it fails.

    Returns:
        The module; without its compiled operators where `is_patched()`.

    Raises:
        ImportError: torchvision is not installed.
        RuntimeError: It fails for another reason.
    """
    try:
        return importlib.import_module("torchvision")
    except RuntimeError as error:
        if "torchvision::nms" not in str(error):
            raise
    for name in [n for n in sys.modules if n.split(".")[0] == "torchvision"]:
        del sys.modules[name]  # half imported
    library = torch.library.Library("torchvision", "DEF")  # type: ignore[no-untyped-call]
    for operator in ("nms", "qnms"):
        library.define(operator + _SCHEMA)  # type: ignore[no-untyped-call]
    _declared.append(library)
    return importlib.import_module("torchvision")


def is_patched() -> bool:
    """True where torchvision runs without its compiled operators."""
    return bool(_declared)
