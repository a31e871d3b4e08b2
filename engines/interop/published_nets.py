"""The generators of the published PyTorch code for CycleGAN and pix2pix.

Built with the names of https://github.com/junyanz/pytorch-CycleGAN-and-pix2pix, so
that its weights fit: the residual generator of Zhu et al. 2017, appendix 7.2, and the
U-Net of Isola et al. 2017, section 6.1.1. The layers themselves are ours.

What that code does and the papers do not say: a convolution has a bias where its norm
is instance norm, which has no scale and shift, and the last one always. The first
layer of the U-Net and its innermost one, on the way down, have no norm. Dropout is a
half, in every residual block, or in the U-Net on the way up from all levels of 8 *
width channels but the innermost.

Shapes: B = batch, C = channels, H, W = sides in pixels. Images are float32 in [-1, 1].
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import torch
from torch import Tensor, nn

from engines.nets.conv import Conv2d, ConvTranspose2d
from engines.nets.dropout import Dropout
from engines.nets.norm import InstanceNorm2d

PublishedNorm: TypeAlias = Literal["instance", "batch", "none"]
Shapes: TypeAlias = Mapping[str, tuple[int, ...]]

LEAST_LEVELS = 5  # four of growing width and the innermost: the code knows no fewer
MOST_LEVELS = 12  # for pictures of 4,096 pixels


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """What there is to know of a generator.

    Attributes:
        kind: Which of the two.
        depth: Residual blocks, or halvings of the U-Net, `LEAST_LEVELS` to
            `MOST_LEVELS`.
        width: Channels of the first layer; the papers' 64.
        norm: The normalisation.
        dropout: Whether there are layers of it. The weights of a U-Net do not tell:
            read from a file it has them, as the published code does unless told not to.
        channels_in: Of the pictures it is shown.
        channels_out: Of those it makes.
    """

    kind: Literal["resnet", "unet"]
    depth: int
    width: int = 64
    norm: PublishedNorm
    dropout: bool = False
    channels_in: int = 3
    channels_out: int = 3


def build(layout: Layout) -> nn.Module:
    """A generator with the published names, (B, C, H, W) to the same H and W."""
    return ResnetGenerator(layout) if layout.kind == "resnet" else UnetGenerator(layout)


def shapes_of(layout: Layout) -> dict[str, tuple[int, ...]]:
    """What its state dict holds, in its order, without making any of it.

    The counters of batch norm are left out: they mean nothing in use.
    """
    with torch.device("meta"):
        state = build(layout).state_dict()
    return {
        name: tuple(tensor.shape)
        for name, tensor in state.items()
        if not name.endswith(".num_batches_tracked")
    }


class ResnetGenerator(nn.Module):
    """c7s1-64, d128, d256, R256 for each block, u128, u64, c7s1-3."""

    def __init__(self, layout: Layout) -> None:
        """Build the network."""
        super().__init__()
        w, norm, bias = layout.width, layout.norm, layout.norm == "instance"
        self.model = nn.Sequential(
            nn.ReflectionPad2d(3),
            Conv2d(layout.channels_in, w, 7, bias=bias),
            *(_norm(norm, w), nn.ReLU()),
            Conv2d(w, 2 * w, 3, 2, 1, bias=bias),
            *(_norm(norm, 2 * w), nn.ReLU()),
            Conv2d(2 * w, 4 * w, 3, 2, 1, bias=bias),
            *(_norm(norm, 4 * w), nn.ReLU()),
            *(ResnetBlock(4 * w, norm, layout.dropout) for _ in range(layout.depth)),
            ConvTranspose2d(4 * w, 2 * w, 3, 2, 1, output_padding=1, bias=bias),
            *(_norm(norm, 2 * w), nn.ReLU()),
            ConvTranspose2d(2 * w, w, 3, 2, 1, output_padding=1, bias=bias),
            *(_norm(norm, w), nn.ReLU()),
            nn.ReflectionPad2d(3),
            Conv2d(w, layout.channels_out, 7),
            nn.Tanh(),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Translate; H and W are multiples of four, in (-1, 1)."""
        y: Tensor = self.model(x)
        return y


class ResnetBlock(nn.Module):
    """Two convolutions of 3 pixels whose result is added to what came in."""

    def __init__(self, channels: int, norm: PublishedNorm, dropout: bool) -> None:
        super().__init__()
        bias = norm == "instance"
        self.conv_block = nn.Sequential(
            nn.ReflectionPad2d(1),
            Conv2d(channels, channels, 3, bias=bias),
            *(_norm(norm, channels), nn.ReLU()),
            *([_dropout()] if dropout else []),
            nn.ReflectionPad2d(1),
            Conv2d(channels, channels, 3, bias=bias),
            _norm(norm, channels),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Same shape out."""
        y: Tensor = x + self.conv_block(x)
        return y


class UnetGenerator(nn.Module):
    """Levels inside each other; each hands on its input beside what it made of it."""

    def __init__(self, layout: Layout) -> None:
        """Build the network from the inside out."""
        super().__init__()
        widths = [layout.width * min(2**level, 8) for level in range(layout.depth)]
        block: UnetBlock | None = None
        for level in reversed(range(1, layout.depth)):
            between = level > 3 and block is not None  # 8 * width in and out
            block = UnetBlock(
                outside=widths[level - 1],
                inside=widths[level],
                within=block,
                norm=layout.norm,
                dropout=layout.dropout and between,
            )
        self.model = UnetBlock(
            outside=layout.channels_out,
            inside=layout.width,
            within=block,
            norm=layout.norm,
            channels_in=layout.channels_in,
        )

    def forward(self, x: Tensor) -> Tensor:
        """Translate; H and W are multiples of 2^depth, in (-1, 1)."""
        y: Tensor = self.model(x)
        return y


class UnetBlock(nn.Module):
    """Down, all levels *within*, and up again."""

    def __init__(
        self,
        *,
        outside: int,
        inside: int,
        within: "UnetBlock | None",
        norm: PublishedNorm,
        dropout: bool = False,
        channels_in: int = 0,
    ) -> None:
        """Build a level.

        Args:
            outside: Channels of what it gives.
            inside: Channels between down and up.
            within: The next level; None for the innermost.
            norm: The normalisation.
            dropout: Whether it ends in dropout.
            channels_in: Of a picture, for the outermost level only, which has no
                norm and nothing to hand on.
        """
        super().__init__()
        self.is_outermost = channels_in > 0
        bias = norm == "instance"
        down = Conv2d(channels_in or outside, inside, 4, 2, 1, bias=bias)
        c_up = inside if within is None else 2 * inside
        up = ConvTranspose2d(c_up, outside, 4, 2, 1, bias=bias or self.is_outermost)
        inner = [] if within is None else [within]
        if self.is_outermost:
            layers = [down, *inner, nn.ReLU(), up, nn.Tanh()]
        else:
            norms = [] if within is None else [_norm(norm, inside)]
            layers = [nn.LeakyReLU(0.2), down, *norms, *inner]
            layers += [nn.ReLU(), up, _norm(norm, outside)]
        self.model = nn.Sequential(*layers, *([_dropout()] if dropout else []))

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, H, W) to (B, 2 C, H, W); the outermost to (B, channels out, H, W)."""
        y: Tensor = self.model(x)
        return y if self.is_outermost else torch.cat([x, y], dim=1)


def _norm(norm: PublishedNorm, channels: int) -> nn.Module:
    if norm == "instance":
        return InstanceNorm2d(channels)
    return nn.BatchNorm2d(channels) if norm == "batch" else nn.Identity()


def _dropout() -> Dropout:
    return Dropout(0.5, torch.Generator("cpu"))  # a stream to draw from comes with use
