"""What is known of a latent space, and where a code stands in it. Without Qt or torch.

The place of a code along a direction is how far it is from the middle of the space. A
map shows the plane of two directions through some code.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engines.latent.plane import Plane

if TYPE_CHECKING:
    from engines.latent.directions import Direction

Code: TypeAlias = NDArray[np.float32]
"""A point of latent space, (L,)."""

ON_PLANE = 1e-3
"""How far from a plane a code may be to be marked on its map, in units of the code."""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Terrain:
    """The latent space of a run.

    Attributes:
        run: Its folder.
        step: The training step of the weights that were looked at.
        image_size: Side of the pictures, in pixels.
        classes: Of which a picture can be asked for; none where there are none.
        directions: Those that matter most come first.
        codes: (N, L): the data's encodings, or what the prior draws.
        is_surveyed: Whether the directions were found in the space; before, they are
            any two, so that there is something to see at once.
    """

    run: Path
    step: int
    image_size: int
    classes: tuple[str, ...]
    directions: "tuple[Direction, ...]"
    codes: NDArray[np.float32]
    is_surveyed: bool

    def plane_through(self, code: Code, across: int, up: int) -> Plane:
        """The plane of two directions, by number, that *code* lies on.

        Where they are at right angles, places on it are those along them.
        """
        axes = self._plane(np.zeros_like(code), across, up)
        (x,), (y,) = axes.places_of(code[None])
        origin = code - x * axes.across - y * axes.up
        return self._plane(np.asarray(origin, np.float32), across, up)

    def _plane(self, origin: Code, across: int, up: int) -> Plane:
        right, above = (self.directions[number].vector for number in (across, up))
        return Plane(origin=origin, across=right, up=above)

    def reach(self, number: int) -> float:
        """How far the data go along a direction, to the further side."""
        direction = self.directions[number]
        return max(abs(direction.low), abs(direction.high))

    def points(self, across: int, up: int) -> NDArray[np.float32]:
        """Where the codes are along two directions, (N, 2)."""
        right, above = (self.directions[number] for number in (across, up))
        places = right.places_of(self.codes), above.places_of(self.codes)
        return np.stack(places, axis=1)


def place_on(plane: Plane, code: Code) -> tuple[float, float]:
    """The place of the plane that is nearest to *code*."""
    (x,), (y,) = plane.places_of(code[None])
    return float(x), float(y)


def is_on(plane: Plane, code: Code) -> bool:
    """Whether the plane goes through *code*."""
    x, y = place_on(plane, code)
    (nearest,) = plane.codes_at([x], [y])
    return float(np.linalg.norm(code - nearest)) < ON_PLANE
