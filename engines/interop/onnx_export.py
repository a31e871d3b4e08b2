"""Writes a translator as an ONNX file for other programs, and proves it right.

The file is read back with onnxruntime and compared with the model on pictures before
it gets its name. That takes most of the time: with three pictures and the papers'
networks for 256 pixels some 25 seconds on two cores, at 64 pixels about one. It can
run on any thread, beside training.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from torch import nn

from engines.data.images import Rgb
from engines.errors import RunError
from engines.interop.destinations import DESTINATIONS, Destination, DestinationName
from engines.interop.onnx_check import largest_difference, trial_inputs
from engines.interop.onnx_readme import readme
from engines.interop.plain_network import plain_network
from engines.runs.atomic import disk_errors_in_words, replace, write_bytes, write_synced
from engines.runs.folder import RunFolder
from engines.training.jobs import Direction

if TYPE_CHECKING:
    from engines.model import Model

_MAX_BYTES = 2**31 - 2**20  # of a single ONNX file, with what is beside the weights
_NEEDED = ("onnx", "onnxruntime")


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportCheck:
    """What was found when an exported file was read back.

    Attributes:
        path: The file.
        readme: The text beside it.
        largest_difference: Between its pictures and the model's, in steps of 255.
        opset: The version of ONNX's operators that it says it needs.
        size_bytes: Of the file.
    """

    path: Path
    readme: Path
    largest_difference: float
    opset: int
    size_bytes: int


def export_onnx(
    model: "Model",
    destination: DestinationName,
    path: Path,
    pictures: Sequence[Rgb],
    *,
    direction: Direction = "AtoB",
) -> ExportCheck:
    """Write *model* to *path* for a *destination*, with a text beside it.

    Files of these names are replaced, all or not at all.

    Args:
        model: What is exported, of a run or of others.
        destination: Where it will be used.
        path: The new file.
        pictures: (H, W, 3) uint8 to compare on, best ones it has not learnt from.
        direction: Which way it translates.

    Raises:
        RunError: Packages are missing, the network is too large for a single file,
            the file does not make the model's pictures, or the disk refuses.
    """
    assert pictures, "there is nothing to compare on"
    _require_packages()
    aim = DESTINATIONS[destination]
    network = plain_network(model.translator, direction)
    if 4 * sum(p.numel() for p in network.parameters()) > _MAX_BYTES:
        raise RunError(
            "This network is larger than the 2 GB that an ONNX file may have. Train "
            "one of a smaller width."
        )
    multiple = model.translator.multiple
    inputs = trial_inputs(aim, pictures, model.image_size, multiple)
    data = _serialized(model, network, aim, direction)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with disk_errors_in_words(path):
        try:
            write_synced(temporary, [data])
            written = temporary.read_bytes()
            difference = largest_difference(written, network, aim, inputs, multiple)
            text = path.with_suffix(".README.txt")
            words = readme(
                aim,
                file=path.name,
                title=_title(model),
                image_size=model.image_size,
                multiple=multiple,
                pictures=len(inputs),
                largest_difference=difference,
            )
            write_bytes(text, words.encode())
            replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
    return ExportCheck(
        path=path,
        readme=text,
        largest_difference=difference,
        opset=_opset_of(written),
        size_bytes=len(written),
    )


def held_out_of(run: Path, direction: Direction = "AtoB", count: int = 3) -> list[Rgb]:
    """Pictures that the run in this folder was watched by and never learnt from.

    Raises:
        RunError: It keeps none, or they are damaged.
    """
    columns, _ = RunFolder.open(run).previews.load_fixed()
    inputs = next((c.pictures for c in columns if c.name == "input"), None)
    if inputs is None:
        raise RunError("This run has kept no pictures to compare on. Choose some.")
    # Of two styles, A comes first and B last.
    return list(inputs[:count] if direction == "AtoB" else inputs[-count:])


def _require_packages() -> None:
    if not all(map(find_spec, _NEEDED)):
        raise RunError(
            "Exporting to ONNX needs two more packages. Install them with: "
            'pip install "image-translation-studio[export]"'
        )


def _title(model: "Model") -> str:
    return model.name if model.step is None else f"{model.name}, step {model.step:,}"


def _serialized(
    model: "Model", network: nn.Module, aim: Destination, direction: Direction
) -> bytes:
    from engines.interop.onnx_graph import (
        Graph,
        Step,
        add_from_zero,
        add_mirrored,
        add_network,
    )

    graph, multiple = Graph(), model.translator.multiple
    translate: Step = partial(add_network, graph, network)
    if aim.pads:
        translate = partial(add_mirrored, graph, multiple, translate)
    if aim.lowest == 0:
        translate = partial(add_from_zero, graph, translate)
    size = model.image_size
    made = graph.finished(
        result=translate("input"),
        sides=("height", "width") if aim.any_size else (size, size),
        opset=aim.opset,
        texts={
            "name": model.name,
            "step": "" if model.step is None else str(model.step),
            "direction": direction,
            "destination": aim.name,
            "range": f"{aim.lowest} to 1",
            "channels": "RGB",
            "layout": "NCHW",
            "multiple": "1" if aim.pads else str(multiple),
            "image_size": str(size),
        },
    )
    data: bytes = made.SerializeToString()
    return data


def _opset_of(data: bytes) -> int:
    import onnx

    return int(onnx.load_model_from_string(data).opset_import[0].version)
