"""Residual generator of CycleGAN (Zhu et al. 2017, appendix 7.2; Johnson et al. 2016).

Shapes: B = batch, C = image channels, H, W = sides in pixels, multiples of `MULTIPLE`.
Images are float32 in [-1, 1].
"""

from torch import Tensor, nn

from engines.nets.conv import Conv2d, ConvTranspose2d
from engines.nets.norm import InstanceNorm2d

# The side is halved twice, and two pixels must be left for a border to be mirrored.
MULTIPLE = 8


class ResNet(nn.Module):
    """c7s1-64, d128, d256, R256 for each block, u128, u64, c7s1-3.

    Instance norm has no scale and shift, and convolutions keep the bias it cancels,
    as in the published networks, so that the weights of one fit the other.
    """

    def __init__(
        self, *, channels: int = 3, width: int = 64, residual_blocks: int = 9
    ) -> None:
        """Build the network.

        Args:
            channels: Image channels, in and out.
            width: Channels of the first layer; the paper's 64.
            residual_blocks: The paper's 9 for 256 pixels and more, 6 for 128.
        """
        super().__init__()
        self.layers = nn.Sequential(
            nn.ReflectionPad2d(3),
            Conv2d(channels, width, 7),
            *_norm_relu(width),  # (B, width, H, W)
            Conv2d(width, 2 * width, 3, 2, 1),
            *_norm_relu(2 * width),  # (B, 2 width, H/2, W/2)
            Conv2d(2 * width, 4 * width, 3, 2, 1),
            *_norm_relu(4 * width),  # (B, 4 width, H/4, W/4)
            *(Residual(4 * width) for _ in range(residual_blocks)),
            ConvTranspose2d(4 * width, 2 * width, 3, 2, 1, output_padding=1),
            *_norm_relu(2 * width),
            ConvTranspose2d(2 * width, width, 3, 2, 1, output_padding=1),
            *_norm_relu(width),
            nn.ReflectionPad2d(3),
            Conv2d(width, channels, 7),
            nn.Tanh(),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Translate (B, C, H, W) to the same shape, in (-1, 1)."""
        y: Tensor = self.layers(x)
        return y


class Residual(nn.Module):
    """Two convolutions of 3 pixels whose result is added to what came in."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.ReflectionPad2d(1),
            Conv2d(channels, channels, 3),
            *_norm_relu(channels),
            nn.ReflectionPad2d(1),
            Conv2d(channels, channels, 3),
            InstanceNorm2d(channels),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Same shape out."""
        y: Tensor = x + self.layers(x)
        return y


def _norm_relu(channels: int) -> tuple[nn.Module, nn.Module]:
    return InstanceNorm2d(channels), nn.ReLU()
