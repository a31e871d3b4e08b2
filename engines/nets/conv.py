"""Convolutions that are computed the way that is fast where they stand.

Deep in a network a map has few pixels and a kernel millions of weights. There the
library behind torch spends most of its time on putting the weights into an order of
its own, and one matrix product of windows and weights (Chellapilla et al. 2006,
section 3) takes a third of the time. Elsewhere these are torch's own layers.

Shapes: N = pictures, C = channels, H, W = sides of the map that is given, Y, X = sides
of the windows' places, k = side of a kernel.
"""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

# So many weights for each place of a window, and a product is faster: measured on a CPU
# with AVX-512, 46 layers of U-Net, ResNet and DCGAN, forward and both gradients.
WEIGHTS_A_PLACE = 1024


class Conv2d(nn.Conv2d):
    """`nn.Conv2d` with zero padding, one group and no dilation."""

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to (N, C', Y, X)."""
        k, stride, padding = self.kernel_size[0], self.stride[0], int(self.padding[0])
        sides = ((side + 2 * padding - k) // stride + 1 for side in x.shape[2:])
        places = len(x) * next(sides) * next(sides)
        if not _is_product_faster(x, self.weight, places):
            return super().forward(x)
        windows = _cut(_channels_last(x), k, stride, padding)
        weight = _channels_last(self.weight).flatten(1)  # (C', k k C)
        y = F.linear(windows.flatten(3), weight, self.bias)  # (N, Y, X, C')
        return y.permute(0, 3, 1, 2)


class ConvTranspose2d(nn.ConvTranspose2d):
    """`nn.ConvTranspose2d` with one group and no dilation."""

    def forward(self, x: Tensor, output_size: list[int] | None = None) -> Tensor:
        """(N, C, Y, X) to (N, C', H, W)."""
        if not _is_product_faster(x, self.weight, x[:, 0].numel()):
            return super().forward(x, output_size)
        assert output_size is None, "the layer itself says how large"
        k, stride, padding = self.kernel_size[0], self.stride[0], int(self.padding[0])
        more = k + self.output_padding[0] - 2 * padding
        height, width = ((side - 1) * stride + more for side in x.shape[2:])
        weight = _channels_last(self.weight).flatten(1)  # (C, k k C')
        windows = _channels_last(x) @ weight  # (N, Y, X, k k C')
        windows = windows.view(*windows.shape[:3], k, k, -1)
        y = _add_up(windows, height, width, stride, padding)
        if self.bias is not None:
            y = y + self.bias
        return y.permute(0, 3, 1, 2)


def _is_product_faster(x: Tensor, weight: Tensor, places: int) -> bool:
    """Whether a matrix product beats torch's convolution over so many *places*."""
    return x.device.type == "cpu" and weight.numel() >= WEIGHTS_A_PLACE * places


def _channels_last(x: Tensor) -> Tensor:
    """(N, C, H, W) as (N, H, W, C); no copy of what lies in memory like that."""
    return x.permute(0, 2, 3, 1)


def _cut(x: Tensor, k: int, stride: int, padding: int) -> Tensor:
    windows: Tensor = _Windows.apply(  # type: ignore[no-untyped-call]
        x, k, stride, padding
    )
    return windows


def _add_up(
    windows: Tensor, height: int, width: int, stride: int, padding: int
) -> Tensor:
    x: Tensor = _Overlap.apply(  # type: ignore[no-untyped-call]
        windows, height, width, stride, padding
    )
    return x


class _Windows(torch.autograd.Function):
    """Cut (N, H, W, C) into the windows (N, Y, X, k, k, C) that a kernel sees."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, k: int, stride: int, padding: int) -> Tensor:
        """Zeros around *x*, then one copy."""
        ctx.geometry = (*x.shape[1:3], stride, padding)
        framed = F.pad(x, (0, 0, padding, padding, padding, padding))
        windows = framed.unfold(1, k, stride).unfold(2, k, stride)
        return windows.permute(0, 1, 2, 4, 5, 3).contiguous()

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Any:
        """Each pixel gets the gradient of every window that it is in."""
        return _add_up(gradients[0], *ctx.geometry), None, None, None


class _Overlap(torch.autograd.Function):
    """Add windows (N, Y, X, k, k, C) up where they overlap: (N, H, W, C)."""

    @staticmethod
    def forward(
        ctx: Any, windows: Tensor, height: int, width: int, stride: int, padding: int
    ) -> Tensor:
        """The adjoint of `_Windows`."""
        count, rows, columns, k, _, channels = windows.shape
        ctx.geometry = (k, stride, padding)
        shape = (count, height + 2 * padding, width + 2 * padding, channels)
        exact = torch.promote_types(windows.dtype, torch.float32)  # sums of 16 bits
        framed = windows.new_zeros(shape, dtype=exact)
        for i in range(k):
            down = slice(i, i + stride * rows, stride)
            for j in range(k):
                across = slice(j, j + stride * columns, stride)
                framed[:, down, across] += windows[:, :, :, i, j]
        inside = framed[:, padding : padding + height, padding : padding + width]
        return inside.to(windows.dtype)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Any:
        """The gradient that each window finds at its place."""
        return _cut(gradients[0], *ctx.geometry), None, None, None, None
