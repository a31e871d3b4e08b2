"""How large the pieces may be that a network translates at once, by free memory."""

import copy
from collections.abc import Iterator

import torch
from torch import nn

from engines.base import Translator
from engines.free_memory import free_memory
from engines.nets.modes import used
from engines.training.device import Compute
from engines.training.footprint import LaidOut
from engines.training.jobs import Direction

LARGEST, SMALLEST = 2048, 256  # sides in pixels
SHARE = 0.25  # of the free memory: the rest is for the picture and for other programs
_LAID_OUT = 512, 1024  # sides that a network's memory is measured at


def falling_sides(
    translator: Translator, direction: Direction, *, image_size: int, pixels: int
) -> Iterator[int]:
    """Sides of squares to try, from the largest that fits into the free memory.

    Each is half of the one before, down to the training size, and a picture of no more
    than its pixels is translated whole. Few sides are possible, so that the same
    picture is hardly ever cut in another way.

    Args:
        translator: What translates.
        direction: Which way.
        image_size: Side of the training pictures.
        pixels: Of the picture.
    """
    multiple = translator.multiple
    least = -(-image_size // multiple) * multiple
    side = max(least, SMALLEST)
    # A picture as small as that needs no look at the memory, which takes 0.2 s.
    if pixels > side * side:
        side = max(side, _largest(translator, direction))
    yield from halves(side, multiple, least=least, pixels=pixels)


def halves(side: int, multiple: int, *, least: int, pixels: int) -> Iterator[int]:
    """*side*, and then the halves that cut a picture of *pixels* smaller than before.

    All are multiples of *multiple*, and but for *side* itself at least *least*.
    """
    yield side
    while (side := side // 2 // multiple * multiple) >= least:
        if side * side < pixels:
            yield side


def _largest(translator: Translator, direction: Direction) -> int:
    """The largest side whose translation takes no more than a share of the memory."""
    compute = translator.compute
    free = _free(compute.device)
    if free is None:
        return SMALLEST
    at_no_pixel, a_pixel = memory_line(translator.generator_for(direction), compute)
    side = LARGEST
    while side > SMALLEST and at_no_pixel + a_pixel * side * side > SHARE * free:
        side //= 2
    return side


def memory_line(network: nn.Module, compute: Compute) -> tuple[float, float]:
    """Bytes that using *network* needs at no pixel, and for each pixel.

    Laid out without being computed (`engines.training.footprint`), beside the weights.
    """
    if compute.device.type != "cpu":
        network = copy.deepcopy(network).cpu()
    few, more = (_peak(network, side, bf16=compute.bf16) for side in _LAID_OUT)
    a_pixel = (more - few) / (_LAID_OUT[1] ** 2 - _LAID_OUT[0] ** 2)
    return few - a_pixel * _LAID_OUT[0] ** 2, a_pixel


@torch.no_grad()
def _peak(network: nn.Module, side: int, *, bf16: bool) -> int:
    compute = Compute(device=torch.device("cpu"), bf16=bf16)
    with LaidOut() as layout, used(network), compute.autocast():
        network(torch.empty(1, 3, side, side))
    return int(max(layout.alive))


def _free(device: torch.device) -> int | None:
    """Bytes that can be had on *device*; None where nobody says."""
    if device.type != "cuda":
        return free_memory()
    kept = torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
    return torch.cuda.mem_get_info(device)[0] + kept
