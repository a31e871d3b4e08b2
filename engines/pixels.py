"""Between pictures, 8 or 16 bits a colour, and what networks see, floats in [-1, 1]."""

from typing import Any, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

Pixels: TypeAlias = NDArray[np.uint8] | NDArray[np.uint16]
"""(..., H, W, 3), from 0 to the largest number of its type."""


def as_floats(pictures: Tensor) -> Tensor:
    """Bytes 0..255 to float32 in [-1, 1], same shape and device."""
    return pictures.float().div_(127.5).sub_(1)


def to_float(pictures: Pixels, device: torch.device) -> Tensor:
    """(K, H, W, 3) of 8 or 16 bits to (K, 3, H, W) float32 in [-1, 1] on *device*."""
    half = np.iinfo(pictures.dtype).max / 2
    # Not every device knows uint16; bytes are quicker to bring there than floats.
    known = pictures if pictures.dtype == np.uint8 else pictures.astype(np.float32)
    tensor = torch.from_numpy(np.ascontiguousarray(known)).to(device)
    return tensor.permute(0, 3, 1, 2).float().div_(half).sub_(1)


def as_pixels(floats: NDArray[np.float32], dtype: np.dtype[Any]) -> Pixels:
    """Floats in [-1, 1] to numbers of *dtype*, uint8 or uint16, rounded and clipped."""
    half = np.float32(np.iinfo(dtype).max / 2)
    scaled = (floats + np.float32(1)) * half
    np.rint(scaled, out=scaled).clip(0, 2 * half, out=scaled)
    return scaled.astype(dtype)


def to_pictures(tensor: Tensor) -> NDArray[np.uint8]:
    """(K, C, H, W) in [-1, 1] to (K, H, W, 3) uint8, rounded, clipped, a copy.

    C = 3, or 1 for grey.
    """
    scaled = tensor.float().add(1).mul(127.5).round().clamp(0, 255)
    pictures: NDArray[np.uint8] = (
        scaled.byte().expand(-1, 3, -1, -1).permute(0, 2, 3, 1).cpu().numpy()
    )
    return np.ascontiguousarray(pictures)
