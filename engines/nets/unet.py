"""U-Net generator of Pix2Pix (Isola et al. 2017, section 6.1.1).

Shapes: B = batch, C = image channels, H = W = side in pixels, a multiple of
2^levels. Images are float32 in [-1, 1].
"""

import math

import torch
from torch import Tensor, nn

from engines.nets.conv import Conv2d, ConvTranspose2d
from engines.nets.dropout import Dropout
from engines.nets.norm import NORMS, NormKind


def unet_levels(image_size: int, levels: int = 8) -> int:
    """As many halvings as asked for, but none beyond a bottleneck of one pixel."""
    return min(levels, int(math.log2(image_size)))


class UNet(nn.Module):
    """Encoder C64-C128-C256-C512-..., decoder mirrored, with skips at every level."""

    def __init__(
        self,
        *,
        channels: int = 3,
        width: int = 64,
        levels: int = 8,
        norm: NormKind = "instance",
        dropout: float = 0.5,
        rng: torch.Generator,
    ) -> None:
        """Build the network.

        Args:
            channels: Image channels, in and out.
            width: Channels of the first layer; the paper's 64.
            levels: How often the side is halved; 8 for 256 pixels.
            norm: Which normalisation.
            dropout: Share silenced in the innermost decoder layers.
            rng: What dropout draws from.
        """
        super().__init__()
        widths = [width * min(2**level, 8) for level in range(levels)]
        # The paper drops out in the innermost three of eight decoder layers.
        dropping = min(3, levels - 4)

        self.encoder = nn.ModuleList()
        for level, c_out in enumerate(widths):
            c_in = widths[level - 1] if level else channels
            # No norm on the first layer, nor on the bottleneck: over the single
            # pixel it has at the training size, instance norm returns zero.
            bare = level in (0, levels - 1)
            self.encoder.append(_down(c_in, c_out, None if bare else norm, level > 0))

        self.decoder = nn.ModuleList()
        for step, level in enumerate(reversed(range(levels))):
            c_in = widths[level] * (1 if step == 0 else 2)
            c_out = widths[level - 1] if level else channels
            layers: list[nn.Module] = [
                nn.ReLU(),
                ConvTranspose2d(c_in, c_out, 4, 2, 1, bias=level == 0),
            ]
            if level:
                layers.append(NORMS[norm](c_out))
                if step < dropping:
                    layers.append(Dropout(dropout, rng))
            else:
                layers.append(nn.Tanh())
            self.decoder.append(nn.Sequential(*layers))

    def forward(self, x: Tensor) -> Tensor:
        """Translate (B, C, H, W) to the same shape, in (-1, 1)."""
        skips = []
        for layer in self.encoder:
            x = layer(x)
            skips.append(x)  # (B, width * 2^level, H/2^(level+1), W/2^(level+1))
        x = self.decoder[0](skips.pop())
        for layer in list(self.decoder)[1:]:
            x = layer(torch.cat([x, skips.pop()], dim=1))
        return x


def _down(
    c_in: int, c_out: int, norm: NormKind | None, activate: bool
) -> nn.Sequential:
    layers: list[nn.Module] = [nn.LeakyReLU(0.2)] if activate else []
    layers.append(Conv2d(c_in, c_out, 4, 2, 1, bias=norm is None))
    if norm is not None:
        layers.append(NORMS[norm](c_out))
    return nn.Sequential(*layers)
