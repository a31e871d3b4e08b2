"""Looking into latent spaces for the window.

`Exploring` belongs to the session's inference thread, the only one that touches its
models; torch is loaded when it is first used. Without Qt.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engines.runs.folder import RunFolder
from engines.training.threads import cores
from studio.terrain import Code, Terrain

if TYPE_CHECKING:
    from engines.latent.space import Space
    from engines.training.controls import Newest

Live: TypeAlias = "Callable[[Path], Newest | None]"

LOADED = 2  # spaces that are kept: two are compared
PROVISIONAL_SEED = 0


@dataclass(frozen=True, eq=False, slots=True)
class Pictures:
    """Pictures of codes.

    Attributes:
        pictures: (N, S, S, 3) uint8.
        seconds: What making them took.
    """

    pictures: NDArray[np.uint8]
    seconds: float


class Exploring:
    """Decodes, and keeps the spaces that were used last loaded."""

    def __init__(
        self,
        is_training: Callable[[], bool] = lambda: False,
        live: Live = lambda _run: None,
    ) -> None:
        """Start without a space. Both are asked on the thread that decodes.

        Args:
            is_training: Whether a run keeps the processor's cores busy now.
            live: Step and weights at this moment of a run folder; None where it is
                not the one in training.
        """
        self._spaces: OrderedDict[Path, Space] = OrderedDict()
        self._is_training = is_training
        self._live = live

    # ------------------------------------------------------------------------
    # The space.

    def open(self, run: Path) -> Terrain:
        """Look into the space of a run, as it is at this moment.

        Returns:
            Enough to show a map of it.

        Raises:
            RunError: It has no latent space, or no whole weights.
            DeviceError: The device that it asks for is not there.
        """
        return _provisional(self._newest(run))

    def renew(self, run: Path) -> int | None:
        """Go on with weights that are newer; their step, None where there are none."""
        before = self._space(run).step
        step = self._newest(run).step
        return step if step != before else None

    def _space(self, run: Path) -> "Space":
        """The space as it was last looked at."""
        if run not in self._spaces:
            from engines.latent.space import load_space

            self._spaces[run] = load_space(run)
        self._spaces.move_to_end(run)
        while len(self._spaces) > LOADED:
            self._spaces.popitem(last=False)
        return self._spaces[run]

    def _newest(self, run: Path) -> "Space":
        """The space with the newest weights, in training or on the disk."""
        space = self._space(run)
        if (found := self._live(run)) is not None:
            space.refresh(found[1], found[0])
        elif (newest := newest_step(run)) is not None and newest > space.step:
            del self._spaces[run]
            space = self._space(run)
        return space

    # ------------------------------------------------------------------------
    # Pictures.

    def draw(self, run: Path, seed: int) -> Code:
        """Let the prior draw a code, (L,)."""
        code: Code = self._space(run).draw(1, seed)[0]
        return code

    def decode(
        self, run: Path, codes: NDArray[np.float32], label: int | None = None
    ) -> Pictures:
        """Make the pictures of *codes* (N, L), of one class where there are classes."""
        import torch

        # Threads wait for each other: where one shares its core with the window that
        # paints, or with a run, all are slower than one alone would be.
        torch.set_num_threads(1 if self._is_training() else max(1, cores() - 1))
        space = self._space(run)
        labels = np.full(len(codes), label or 0) if space.classes else None
        began = time.perf_counter()
        pictures = space.decode(codes, labels)
        return Pictures(pictures, time.perf_counter() - began)

    def save(self, run: Path, code: Code, path: Path, label: int | None) -> Path:
        """Write the picture of *code* as PNG, with the code inside.

        Raises:
            RunError: It cannot be written.
        """
        from engines.latent.sheet import write_sheet

        space = self._space(run)
        labels = np.full(1, label or 0) if space.classes else None
        write_sheet(path, space, code[None], labels)
        return path


def _provisional(space: "Space") -> Terrain:
    """Two directions as good as any other: the first pictures come at once."""
    from engines.latent.directions import random_orthogonal

    count = min(2, space.latent_dim)
    return Terrain(
        run=space.path,
        step=space.step,
        image_size=space.image_size,
        classes=space.classes,
        directions=random_orthogonal(count, space.latent_dim, PROVISIONAL_SEED),
        codes=np.empty((0, space.latent_dim), np.float32),
        is_surveyed=False,
    )


def newest_step(run: Path) -> int | None:
    """The newest step whose weights a run has kept."""
    return max(RunFolder.open(run).weight_steps(), default=None)
