"""Weights of the published PyTorch code for CycleGAN and pix2pix: read and written.

See `engines.interop.published_nets` for the networks. A file tells nothing but names
and numbers; what is not in them is taken as that code has it unless told otherwise:
pictures of 256 pixels for the residual generator, brought to size by stretching.
"""

from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor, nn

from engines.errors import CheckpointError
from engines.interop.published_layout import Unfit, essential, infer, words_for
from engines.interop.published_nets import Layout, build
from engines.interop.weights_file import not_wanted, read_tensors
from engines.nets import resnet
from engines.nets.modes import used
from engines.options import NormUse
from engines.training.device import Compute, DeviceChoice, choose
from engines.training.jobs import Direction

RESNET_SIZE = 256  # the published scripts' size of pictures, unless told otherwise
_GREY = (0.299, 0.587, 0.114)  # of red, green and blue, ITU-R BT.601


class Published:
    """A generator of the published code, ready for use.

    Attributes:
        layout: What it is made of.
        words: The same for the user.
        compute: Where it computes, always in 32 bits.
        network: With the published names; for pictures of its own channels.
        image_size: Side of the pictures that it learnt from, as far as can be known.
    """

    directions: tuple[Direction, ...] = ("AtoB",)

    def __init__(
        self, layout: Layout, state: Mapping[str, Tensor], compute: Compute
    ) -> None:
        """Build the network around *state*, whose names and shapes fit *layout*."""
        self.layout = layout
        self.words = words_for(layout)
        self.compute = compute
        is_unet = layout.kind == "unet"
        self.image_size = 2**layout.depth if is_unet else RESNET_SIZE
        with torch.device("meta"):
            self.network = build(layout)
        values = {name: _channels_last(value.float()) for name, value in state.items()}
        self.network.load_state_dict(values, assign=True)
        self._generator: nn.Module = nn.Sequential(
            *_from_colour(layout.channels_in),
            self.network,
            *_to_colour(layout.channels_out),
        ).to(compute.device)
        self._generator.requires_grad_(False).eval()

    @property
    def multiple(self) -> int:
        """Sides must be multiples of this many pixels."""
        is_unet = self.layout.kind == "unet"
        return int(2**self.layout.depth) if is_unet else resnet.MULTIPLE

    def generator_for(self, direction: Direction) -> nn.Module:
        """The network between pictures in colour, (B, 3, H, W) to the same."""
        assert direction in self.directions, "it learnt one way only"
        return self._generator

    @torch.no_grad()
    def translate(
        self,
        x: Tensor,
        direction: Direction = "AtoB",
        *,
        noise: torch.Generator | None = None,
        norm: NormUse = "learnt",
    ) -> Tensor:
        """Translate (B, 3, H, W) in [-1, 1], as `engines.base.Translator` says."""
        with used(self.generator_for(direction), noise=noise, norm=norm) as generator:
            y: Tensor = generator(x.to(self.compute.device))
        return y


def open_published(path: Path, *, device: DeviceChoice = "auto") -> Published:
    """Open a file of weights such as "latest_net_G.pth" or "latest_net_G_A.pth".

    Nothing in it is run. What it is made of is inferred from names and shapes, all of
    which must fit.

    Raises:
        CheckpointError: It is something else, too large, damaged, or holds numbers
            that are not finite; the sentence says what it is.
        DeviceError: The device is not there.
    """
    compute = choose(device, "fp32")
    tensors = read_tensors(path)
    try:
        layout = infer({name: tuple(t.shape) for name, t in tensors.items()})
    except Unfit as unfit:
        raise not_wanted(path, str(unfit)) from None
    state = essential(tensors, layout)
    for name, value in state.items():
        if not value.is_floating_point():
            raise not_wanted(path, f"holds '{name}' in a form that is not used there")
        if not value.isfinite().all():
            raise CheckpointError(
                f"'{path.name}' holds numbers that are not finite (in '{name}'): its "
                "training went wrong. Choose weights that were saved earlier."
            )
    return Published(layout, state, compute)


def _channels_last(value: Tensor) -> Tensor:
    """Kernels with their channels last, in which order convolutions are fastest."""
    return (
        value.contiguous(memory_format=torch.channels_last)
        if value.dim() == 4
        else value
    )


def _from_colour(channels: int) -> list[nn.Module]:
    """Nothing, or grey out of colour; weights of a sum of 1 keep the range."""
    return [] if channels == 3 else [_mixed(torch.tensor(_GREY).view(1, 3, 1, 1))]


def _to_colour(channels: int) -> list[nn.Module]:
    return [] if channels == 3 else [_mixed(torch.ones(3, 1, 1, 1))]


def _mixed(weight: Tensor) -> nn.Conv2d:
    c_out, c_in = weight.shape[:2]
    layer = nn.Conv2d(c_in, c_out, 1, bias=False)
    layer.weight = nn.Parameter(weight)
    return layer
