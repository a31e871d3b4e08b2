"""How close pictures are to their targets: offline, no networks, no downloads.

All take float (B, C, H, W) in [-1, 1] and return one value a picture, (B,).
"""

import torch
import torch.nn.functional as F
from torch import Tensor

PEAK = 2.0  # the range of values from -1 to 1


def l1(x: Tensor, y: Tensor) -> Tensor:
    """Mean absolute difference, from 0 (same) to 2 (black for white)."""
    return (x - y).abs().mean(dim=(1, 2, 3))


def psnr(x: Tensor, y: Tensor) -> Tensor:
    """Peak signal-to-noise ratio in dB, at most 100 (identical pictures)."""
    mse = (x - y).square().mean(dim=(1, 2, 3))
    return 10 * torch.log10(PEAK**2 / mse.clamp_min(PEAK**2 * 1e-10))


def ssim(x: Tensor, y: Tensor) -> Tensor:
    """Structural similarity, 1 for identical pictures (Wang et al. 2004).

    Gaussian window of 11 pixels, sigma 1.5, K1 = 0.01, K2 = 0.03, over the positions
    where the window fits. Sides must be at least 11 pixels.
    """
    channels = x.shape[1]
    window = _gaussian(11, 1.5, x).expand(channels, 1, 11, 11)

    def mean(v: Tensor) -> Tensor:
        return F.conv2d(v, window, groups=channels)

    mu_x, mu_y = mean(x), mean(y)
    var_x = mean(x * x) - mu_x**2
    var_y = mean(y * y) - mu_y**2
    cov = mean(x * y) - mu_x * mu_y
    c1, c2 = (0.01 * PEAK) ** 2, (0.03 * PEAK) ** 2
    similarity = ((2 * mu_x * mu_y + c1) * (2 * cov + c2)) / (
        (mu_x**2 + mu_y**2 + c1) * (var_x + var_y + c2)
    )
    return similarity.mean(dim=(1, 2, 3))


def _gaussian(size: int, sigma: float, like: Tensor) -> Tensor:
    """A normalised (size, size) window."""
    offsets = torch.arange(size, dtype=like.dtype, device=like.device) - size // 2
    line = torch.exp(-(offsets**2) / (2 * sigma**2))
    square = torch.outer(line, line)
    return square / square.sum()
