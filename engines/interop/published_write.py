"""Writes our generators as weights that the published PyTorch code loads.

The residual generator has the same layers in the same order. So has the U-Net with
batch norm, but that a level there hands on its input before what it made of it, and
here behind; and but for two biases, of the first and of the innermost layer on the way
down, which the published one has no place for.
"""

import io
from pathlib import Path

import torch
from torch import Tensor, nn

from engines.base import Translator
from engines.errors import RunError
from engines.interop.plain_network import plain_network
from engines.interop.published import Published
from engines.interop.published_nets import LEAST_LEVELS, Layout, build
from engines.nets.resnet import Residual, ResNet
from engines.nets.unet import UNet
from engines.runs.atomic import disk_errors_in_words, write_bytes
from engines.training.jobs import Direction

_INSTEAD = "Export it as ONNX instead."


def write_published(translator: Translator, folder: Path) -> tuple[Path, ...]:
    """Write "latest_net_G.pth", or "latest_net_G_A.pth" and "..._B.pth" for both ways.

    The names are those that the published scripts look for in a run's folder. G_A
    translates A to B.

    Args:
        translator: Whose generators are written.
        folder: Made where it is not there yet.

    Returns:
        The files.

    Raises:
        RunError: The format has no place for such a network, a file of that name is
            there, or the disk refuses.
    """
    ways = translator.directions
    names = ["G"] if len(ways) == 1 else ["G_A", "G_B"]
    paths = tuple(folder / f"latest_net_{name}.pth" for name in names)
    for path in paths:
        if path.exists():
            raise RunError(f"'{path}' is there already. Choose another folder.")
    # Both before either is written: one alone would be of no use.
    files = [_serialized(_state_of(translator, way)) for way in ways]
    with disk_errors_in_words(folder):
        folder.mkdir(parents=True, exist_ok=True)
    for path, data in zip(paths, files, strict=True):
        write_bytes(path, data)
    return paths


def _state_of(translator: Translator, way: Direction) -> dict[str, Tensor]:
    if isinstance(translator, Published):
        return translator.network.state_dict()
    network = plain_network(translator, way)
    if isinstance(network, ResNet):
        return _renamed(network.state_dict(), _resnet_layout(network))
    if isinstance(network, UNet):
        layout = _unet_layout(network)
        return _renamed(_skips_first(_without_biases(network)), layout)
    raise TypeError(f"{type(network).__name__} is not one of the published networks")


def _renamed(state: dict[str, Tensor], layout: Layout) -> dict[str, Tensor]:
    """The same numbers by the published names, which come in the same order."""
    with torch.device("meta"):
        wanted = build(layout).state_dict()
    renamed = dict(zip(wanted, state.values(), strict=True))
    assert all(value.shape == wanted[name].shape for name, value in renamed.items())
    return renamed


def _resnet_layout(network: ResNet) -> Layout:
    first = next(m for m in network.modules() if isinstance(m, nn.Conv2d))
    return Layout(
        kind="resnet",
        depth=sum(isinstance(module, Residual) for module in network.modules()),
        width=first.out_channels,
        norm="instance",
    )


def _unet_layout(network: UNet) -> Layout:
    levels = len(network.encoder)
    if levels < LEAST_LEVELS:
        raise RunError(
            f"The published U-Net has at least {LEAST_LEVELS} levels, and this one "
            f"{levels}. {_INSTEAD}"
        )
    if not any(isinstance(module, nn.BatchNorm2d) for module in network.modules()):
        raise RunError(
            "The published U-Net has no place for the scales and shifts that this one "
            f"has learnt for each picture by itself. {_INSTEAD}"
        )
    first = next(m for m in network.modules() if isinstance(m, nn.Conv2d))
    return Layout(kind="unet", depth=levels, width=first.out_channels, norm="batch")


def _without_biases(network: UNet) -> dict[str, Tensor]:
    """The state dict without the biases that have no place; they must be zero."""
    state = network.state_dict()
    innermost = len(network.encoder) - 1
    for name in ("encoder.0.0.bias", f"encoder.{innermost}.1.bias"):
        bias = state.pop(name, None)
        if bias is not None and bias.any():
            raise RunError(
                "The published U-Net has no place for the biases that this one has "
                f"learnt in its first and innermost layers. {_INSTEAD}"
            )
    return state


def _skips_first(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """With the two halves of what each decoder layer but the first sees swapped."""
    swapped = dict(state)
    for name, value in state.items():
        is_kernel = name.startswith("decoder.") and value.dim() == 4  # (C, C', k, k)
        if is_kernel and not name.startswith("decoder.0."):
            made, handed_on = value.chunk(2)
            swapped[name] = torch.cat([handed_on, made])
    return swapped


def _serialized(state: dict[str, Tensor]) -> bytes:
    # Copies of their own: torch writes all that a view is a part of.
    plain = {name: value.cpu().clone().contiguous() for name, value in state.items()}
    file = io.BytesIO()
    torch.save(plain, file)
    return file.getvalue()
