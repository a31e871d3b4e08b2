"""PatchGAN discriminators (Isola et al. 2017, section 6.1.2).

A patch discriminator says for every patch whether it looks real; its receptive
field is the patch. Shapes: B = batch, C = channels, P = logits a side.
"""

import math
from typing import Literal, TypeAlias

from torch import nn

from engines.nets.conv import Conv2d
from engines.nets.norm import NORMS, NormKind

Patch: TypeAlias = Literal["1", "16", "70", "image"]


def patchgan(
    *, channels: int, width: int, patch: Patch, image_size: int, norm: NormKind
) -> nn.Sequential:
    """Build a discriminator (B, C, H, W) -> (B, 1, P, P) of logits.

    Args:
        channels: Input channels: 6 for an input beside an output of 3 channels.
        width: Channels of the first layer; the paper's 64.
        patch: Receptive field in pixels, or the whole image.
        image_size: Training side in pixels; bounds the depth of "image".
        norm: Which normalisation.
    """
    if patch == "1":
        return _pixelgan(channels, width, norm)
    # Two unstrided layers follow the strided ones and take one pixel each.
    deepest = int(math.log2(image_size)) - 2
    strided = {"16": 1, "70": 3, "image": min(5, deepest)}[patch]
    layers: list[nn.Module] = [Conv2d(channels, width, 4, 2, 1), nn.LeakyReLU(0.2)]
    c_in = width
    for level in range(1, strided + 1):
        c_out = width * min(2**level, 8)
        stride = 2 if level < strided else 1
        layers += [
            Conv2d(c_in, c_out, 4, stride, 1, bias=False),
            NORMS[norm](c_out),
            nn.LeakyReLU(0.2),
        ]
        c_in = c_out
    layers.append(Conv2d(c_in, 1, 4, 1, 1))
    return nn.Sequential(*layers)


def _pixelgan(channels: int, width: int, norm: NormKind) -> nn.Sequential:
    """The 1×1 variant: C64-C128, all kernels one pixel wide."""
    return nn.Sequential(
        Conv2d(channels, width, 1),
        nn.LeakyReLU(0.2),
        Conv2d(width, 2 * width, 1, bias=False),
        NORMS[norm](2 * width),
        nn.LeakyReLU(0.2),
        Conv2d(2 * width, 1, 1),
    )


def distance(network: nn.Sequential) -> int:
    """Pixels from the middle of one logit's patch to the middle of the next one's."""
    strides = [m.stride[0] for m in network if isinstance(m, nn.Conv2d)]
    return math.prod(strides)


def receptive_field(network: nn.Sequential) -> int:
    """Side in pixels of the input patch that one logit sees."""
    field = 1
    for layer in reversed(network):
        if isinstance(layer, nn.Conv2d):
            field = (field - 1) * layer.stride[0] + layer.kernel_size[0]
    return field
