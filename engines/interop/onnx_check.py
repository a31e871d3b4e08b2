"""Compares an exported file with the network it was made of."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import nn

from engines.data.images import Rgb
from engines.errors import RunError
from engines.interop.destinations import Destination
from engines.pixels import to_float

MAX_DIFFERENCE = 2.0  # of 255: the least that an eye might see
_HALF = 127.5  # steps of 8-bit colours in the distance from -1 to 0

Floats = NDArray[np.float32]  # (1, 3, H, W) in [-1, 1]


def trial_inputs(
    aim: Destination, pictures: Sequence[Rgb], image_size: int, multiple: int
) -> list[Floats]:
    """The *pictures*, each at another size of those that the file should take."""
    return [
        _at_size(picture, *_size(aim, number, image_size, multiple))
        for number, picture in enumerate(pictures)
    ]


def largest_difference(
    data: bytes,
    network: nn.Module,
    aim: Destination,
    inputs: Sequence[Floats],
    multiple: int,
) -> float:
    """Run the file that holds *data*, and *network*, on every input.

    Returns:
        The largest difference of two numbers, in steps of 8-bit colours.

    Raises:
        RunError: It is more than `MAX_DIFFERENCE`.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    session = onnxruntime.InferenceSession(
        data, options, providers=["CPUExecutionProvider"]
    )
    # From -1..1 to what the file takes, and what it gives back to -1..1.
    scale = (1 - aim.lowest) / 2
    largest = 0.0
    for x in inputs:
        given = ((x + 1) * scale + aim.lowest).astype(np.float32)
        (made,) = session.run(["output"], {"input": given})
        y = (made - aim.lowest) / scale - 1
        difference = float(np.abs(y - _translated(network, x, multiple)).max()) * _HALF
        if not difference <= MAX_DIFFERENCE:  # which a number that is none is not
            raise RunError(
                "The exported file makes other pictures than the model, by up to "
                f"{difference:.1f} of 255, and was not kept. Update the packages onnx "
                "and onnxruntime, and try again."
            )
        largest = max(largest, difference)
    return largest


def _size(
    aim: Destination, number: int, image_size: int, multiple: int
) -> tuple[int, int]:
    """Height and width of a trial: no two alike where the file takes any size."""
    if not aim.any_size:
        return image_size, image_size
    step = multiple // 2 + 1 if aim.pads else multiple
    high, wide = (number + 1) // 2, number // 2
    return image_size + high * step, image_size + wide * step


def _at_size(picture: Rgb, height: int, width: int) -> Floats:
    image = Image.fromarray(picture).resize((width, height), Image.Resampling.BICUBIC)
    return to_float(np.array(image)[None], torch.device("cpu")).numpy()


@torch.no_grad()
def _translated(network: nn.Module, x: Floats, multiple: int) -> Floats:
    """What the model makes of *x*, its edges mirrored as the program does."""
    height, width = x.shape[2:]
    (top, bottom), (left, right) = _padding(height, multiple), _padding(width, multiple)
    frame = ((0, 0), (0, 0), (top, bottom), (left, right))
    padded = np.pad(x, frame, mode="reflect")
    y: Floats = network(torch.from_numpy(padded)).numpy()
    return y[:, :, top : top + height, left : left + width]


def _padding(side: int, multiple: int) -> tuple[int, int]:
    missing = -side % multiple
    return missing // 2, missing - missing // 2
