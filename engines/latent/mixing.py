"""What latent codes are, and arithmetic with them.

Shapes: N = codes, L = latent dimensions.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from engines.errors import LatentError

Codes: TypeAlias = NDArray[np.float32]
"""Points of a latent space, (N, L); one of them (L,)."""


def combine(a: Codes, b: Codes, c: Codes) -> Codes:
    """What *a* has and *b* lacks, given to *c*: a - b + c (Radford et al. 2016, 6.3.2).

    Each (L,) or (N, L).
    """
    return a - b + c


def mean(codes: Codes) -> Codes:
    """The middle of *codes* (N, L), (L,).

    Raises:
        LatentError: There are none.
    """
    if not len(codes):
        raise LatentError("Choose at least one picture to take the average of.")
    return np.asarray(codes.mean(axis=0, dtype=np.float64), np.float32)


def truncate(codes: Codes, share: float, centre: Codes | None = None) -> Codes:
    """Draw *codes* towards a centre: safer pictures that are more alike.

    Of a Gaussian prior these are points drawn at a lower temperature (Kingma & Dhariwal
    2018). Points of a uniform one are drawn from a smaller cube.

    Args:
        codes: (N, L) or (L,).
        share: Of the way from the centre that is left: 1 changes nothing, 0 leaves the
            centre alone, more than 1 is more adventurous than what was learnt.
        centre: (L,), the middle of the prior where left out.
    """
    if centre is None:
        return codes * np.float32(share)
    return centre + np.float32(share) * (codes - centre)
