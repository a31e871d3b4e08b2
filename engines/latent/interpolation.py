"""From code to code: straight and along the sphere, and walks through many.

Shapes: T, F = frames, P = pins, L = latent dimensions.
"""

from itertools import pairwise
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engines.errors import LatentError
from engines.latent.mixing import Codes

Way: TypeAlias = Literal["linear", "spherical"]
Easing: TypeAlias = Literal["none", "smooth"]
Shares: TypeAlias = NDArray[np.float64]  # (T,) of the way, 0 at its start, 1 at its end

# Relative to the length: directions closer than this are one, or opposite.
_PARALLEL = 1e-6


def lerp(a: Codes, b: Codes, shares: Shares) -> Codes:
    """In a straight line from *a* to *b*, (L,) each; (T, L).

    Between two points of a Gaussian in many dimensions it comes near the middle, where
    hardly any point is ever drawn: see `slerp`.
    """
    t = np.asarray(shares, np.float64)[:, None]
    return ((1 - t) * a + t * b).astype(np.float32)


def slerp(a: Codes, b: Codes, shares: Shares) -> Codes:
    """Along a circle about the origin, at an even pace, (T, L) (White 2016, section 2).

    The distance to the origin goes in a line from that of *a* to that of *b*: codes of
    one length keep it. Opposite codes are joined by one half circle of the many there
    are, always the same; where one is the origin itself, the way is straight.

    Args:
        a: The start, (L,), which the share 0 gives to the bit.
        b: The end, (L,), which the share 1 gives to the bit.
        shares: Of the way, (T,).
    """
    t = np.asarray(shares, np.float64)[:, None]
    start, end = a.astype(np.float64), b.astype(np.float64)
    lengths = np.linalg.norm(start), np.linalg.norm(end)
    if not all(lengths) or len(a) < 2:
        return lerp(a, b, shares)
    along, towards = start / lengths[0], end / lengths[1]
    cosine = along @ towards
    across = towards - cosine * along
    sine = np.linalg.norm(across)
    if sine > _PARALLEL:
        across /= sine
    else:
        across = _perpendicular(along)
    angle = t * np.arctan2(sine, cosine)
    directions = np.cos(angle) * along + np.sin(angle) * across  # (T, L)
    codes = directions * ((1 - t) * lengths[0] + t * lengths[1])
    codes = np.where(t == 0, start, np.where(t == 1, end, codes))
    return codes.astype(np.float32)


def _perpendicular(unit: NDArray[np.float64]) -> NDArray[np.float64]:
    """A unit vector at right angles to *unit* (L,), L > 1, always the same."""
    axis = np.zeros_like(unit)
    axis[np.argmin(np.abs(unit))] = 1
    across = axis - (axis @ unit) * unit
    return np.asarray(across / np.linalg.norm(across))


def walk(
    pins: Codes,
    frames: int,
    way: Way = "linear",
    *,
    ping_pong: bool = False,
    easing: Easing = "none",
) -> Codes:
    """Walk through *pins* in their order, and meet each of them to the bit.

    Args:
        pins: (P, L), two or more.
        frames: From the first pin to the last, both included; as many between two
            pins as between any other two, give or take one.
        way: See `lerp` and `slerp`.
        ping_pong: Go back as well, to where a film that is shown again and again goes
            on: 2 * frames - 2 codes in all.
        easing: "smooth" sets off and arrives gently at every pin.

    Returns:
        (F, L).

    Raises:
        LatentError: There are fewer than two pins, or fewer frames than pins.
    """
    if len(pins) < 2:
        raise LatentError("A walk needs at least two pins.")
    if frames < len(pins):
        raise LatentError(
            f"A walk through {len(pins)} pins needs at least {len(pins)} frames, "
            f"not {frames}."
        )
    between = slerp if way == "spherical" else lerp
    stops = np.rint(np.linspace(0, frames - 1, len(pins))).astype(int)
    legs = [
        between(pins[n], pins[n + 1], _shares(end - start, easing))
        for n, (start, end) in enumerate(pairwise(stops))
    ]
    codes = np.concatenate([*legs, pins[-1:]])
    return np.concatenate([codes, codes[-2:0:-1]]) if ping_pong else codes


def _shares(count: int, easing: Easing) -> Shares:
    """*count* shares of a way from 0 on; 1 belongs to the next."""
    t = np.arange(count) / count
    return t * t * (3 - 2 * t) if easing == "smooth" else t
