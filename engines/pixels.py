"""Between pictures, uint8 in [0, 255], and what networks see, float32 in [-1, 1]."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor


def as_floats(pictures: Tensor) -> Tensor:
    """Bytes 0..255 to float32 in [-1, 1], same shape and device."""
    return pictures.float().div_(127.5).sub_(1)


def to_float(pictures: NDArray[np.uint8], device: torch.device) -> Tensor:
    """(K, H, W, 3) uint8 to (K, 3, H, W) float32 in [-1, 1] on *device*."""
    tensor = torch.from_numpy(np.ascontiguousarray(pictures)).to(device)
    return as_floats(tensor.permute(0, 3, 1, 2))


def to_pictures(tensor: Tensor) -> NDArray[np.uint8]:
    """(K, C, H, W) in [-1, 1] to (K, H, W, 3) uint8, rounded, clipped, a copy.

    C = 3, or 1 for grey.
    """
    scaled = tensor.float().add(1).mul(127.5).round().clamp(0, 255)
    pictures: NDArray[np.uint8] = (
        scaled.byte().expand(-1, 3, -1, -1).permute(0, 2, 3, 1).cpu().numpy()
    )
    return np.ascontiguousarray(pictures)
