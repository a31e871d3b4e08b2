"""Colours for a number from 0 to its largest: dark to light in even steps."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

STEPS = 256

# Dark violet through red to pale yellow: lightness rises all the way, so the order can
# be seen without telling hues apart.
_LIGHTNESS = (0.14, 0.96)
_HUE = (285.0, 455.0)  # degrees
_CHROMA = 0.17  # close to the most that stays inside sRGB all along


@cache
def ramp() -> NDArray[np.uint8]:
    """Return the colours from the smallest to the largest number, (256, 3) uint8.

    Neighbours are equally far apart in OKLab (B. Ottosson, "A perceptual color space
    for image processing", 2020).
    """
    t = np.linspace(0.0, 1.0, 4 * STEPS)
    lightness = np.interp(t, (0, 1), _LIGHTNESS)
    hue = np.deg2rad(np.interp(t, (0, 1), _HUE))
    chroma = _CHROMA * np.sin(np.pi * (0.08 + 0.84 * t))
    path = np.stack(
        [lightness, chroma * np.cos(hue), chroma * np.sin(hue)], axis=1
    )  # (1024, 3)
    gone = np.concatenate(([0.0], np.linalg.norm(np.diff(path, axis=0), axis=1)))
    length = np.cumsum(gone)
    even = np.linspace(0.0, length[-1], STEPS)
    lab = np.stack([np.interp(even, length, path[:, i]) for i in range(3)], axis=1)
    return np.round(255 * np.clip(_to_srgb(lab), 0.0, 1.0)).astype(np.uint8)


def stretched(largest: int) -> list[int]:
    """Return 0xAARRGGBB for each byte: the ramp from 0 to *largest*, 1 to 255."""
    value = np.minimum(np.arange(STEPS), largest)
    rgb = ramp()[np.round(255 * value / largest).astype(int)].astype(int)
    packed = 0xFF000000 | rgb[:, 0] << 16 | rgb[:, 1] << 8 | rgb[:, 2]
    return [int(colour) for colour in packed]


def _to_srgb(lab: NDArray[np.float64]) -> NDArray[np.float64]:
    """OKLab (N, 3) to sRGB (N, 3), both around 0 to 1; the matrices are Ottosson's."""
    lms = lab @ np.array(
        [
            [1.0, 1.0, 1.0],
            [0.3963377774, -0.1055613458, -0.0894841775],
            [0.2158037573, -0.0638541728, -1.2914855480],
        ]
    )
    linear = lms**3 @ np.array(
        [
            [4.0767416621, -1.2684380046, -0.0041960863],
            [-3.3077115913, 2.6097574011, -0.7034186147],
            [0.2309699292, -0.3413193965, 1.7076147010],
        ]
    )
    curved = 1.055 * np.maximum(linear, 0.0) ** (1 / 2.4) - 0.055
    srgb: NDArray[np.float64] = np.where(linear <= 0.0031308, 12.92 * linear, curved)
    return srgb
