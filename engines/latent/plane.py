"""The two-dimensional slice of a latent space that a map shows.

Shapes: N = places, L = latent dimensions.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engines.latent.mixing import Codes


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Plane:
    """All the points origin + x * across + y * up.

    Attributes:
        origin: (L,), where x and y are 0.
        across: (L,), one step of x. Of length 1, x is in units of the code.
        up: (L,), one step of y, not along *across*.
    """

    origin: Codes
    across: Codes
    up: Codes

    def codes_at(self, x: ArrayLike, y: ArrayLike) -> Codes:
        """The codes of the places *x* and *y*, (N,) each; (N, L).

        The same place gives the same code to the bit, whatever it is asked with.
        """
        right, above = (np.asarray(v, np.float64)[:, None] for v in (x, y))
        codes = self.origin + right * self.across + above * self.up
        return codes.astype(np.float32)

    def places_of(
        self, codes: Codes
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The x and y, (N,) each, where *codes* (N, L) are above the plane.

        The nearest ones: codes of the plane itself come back to their places.
        """
        axes = np.stack([self.across, self.up], axis=1).astype(np.float64)  # (L, 2)
        found, *_ = np.linalg.lstsq(axes, (codes - self.origin).T, rcond=None)
        return found[0], found[1]

    def centred_at(self, code: Codes) -> "Plane":
        """The parallel plane that has *code* (L,) in its origin."""
        return Plane(origin=code, across=self.across, up=self.up)
