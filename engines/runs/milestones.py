"""A run's weights over time: some steps of all its length, for use, not for a resume.

Checkpoints are large and only the newest few are kept. A milestone holds the weights
alone, in a folder named for its step, written as safely as a checkpoint.
"""

import math
import shutil
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from engines.errors import CheckpointError, RunError
from engines.runs import manifest
from engines.runs.atomic import disk_errors_in_words
from engines.runs.checkpoint_files import Weights, read_weights, write_weights
from engines.runs.step_folders import StepFolders

if TYPE_CHECKING:  # Listing runs must not cost loading torch.
    from torch import Tensor

MOST, LEAST = 16, 4  # that a run keeps
LARGEST = 2**30  # bytes of all together, where that leaves `LEAST`
# The disk must have room for so many times the weights, so that no milestone takes it
# from a checkpoint: that is up to six times as large, and two are there for a moment.
ROOM = 12


class Milestones(StepFolders):
    """The folder milestones/ of a run.

    They are spread over the whole run, twice as far apart after four times the steps:
    a model changes most at the beginning of its training.
    """

    files = (manifest.WEIGHTS,)

    def wants(self, step: int, size: int) -> bool:
        """Whether one of *step*, *size* bytes, would fill a gap between those kept."""
        steps = self.steps()
        if len(steps) < _most(size):
            return step > max(steps, default=0)
        closest, _ = _closest(steps)
        return math.sqrt(step) - math.sqrt(steps[-1]) >= closest

    def save(
        self,
        step: int,
        *,
        weights: "Mapping[str, Tensor]",
        metadata: Mapping[str, str],
    ) -> Path:
        """Keep the weights of *step*, above all that are kept, and thin those.

        Raises:
            RunError: The disk is full or nearly so, refuses, or returns something else
                than was written. What was saved before is untouched.
        """
        size = size_of(weights)
        self._check_room(ROOM * size)
        path = self._save(
            step, partial(write_weights, step=step, weights=weights, metadata=metadata)
        )
        while len(steps := self.steps()) > _most(size):
            self._throw_away_all([_closest(steps)[1]])
        return path

    def load_weights(self, step: int) -> Weights:
        """Load the weights of *step*.

        Raises:
            CheckpointError: They are damaged, or not kept.
        """
        path = self.path(step)
        try:
            return read_weights(path, self.files)
        except manifest.Damage as damage:
            words = (
                f"The weights kept of step {step:,} are damaged: {damage}."
                if path.is_dir()
                else f"The weights of step {step:,} are not kept any more."
            )
            raise CheckpointError(f"{words} Choose another step.") from None

    def discard_after(self, step: int) -> None:
        """Remove the milestones after *step*, which a resume from *step* abandons.

        Raises:
            RunError: They cannot be removed.
        """
        self._throw_away_all([later for later in self.steps() if later > step])

    def _check_room(self, needed: int) -> None:
        run = self.folder.parent
        with disk_errors_in_words(run):
            free = shutil.disk_usage(run).free
        if free < needed:
            raise RunError(
                f"Only {free / 2**20:,.0f} MB are left on the disk holding '{run}'. "
                "They are needed for checkpoints, so no more steps are kept to look "
                "back at."
            )


def size_of(weights: "Mapping[str, Tensor]") -> int:
    """Bytes of all the tensors."""
    return sum(tensor.numel() * tensor.itemsize for tensor in weights.values())


def _most(size: int) -> int:
    """How many milestones of *size* bytes are kept."""
    return min(MOST, max(LEAST, LARGEST // max(size, 1)))


def _closest(steps: Sequence[int]) -> tuple[float, int]:
    """The step, first and last left out, whose neighbours are closest, and how close.

    Args:
        steps: Three or more, ascending.
    """
    roots = [math.sqrt(step) for step in steps]
    return min(
        (after - before, step)
        for before, after, step in zip(roots, roots[2:], steps[1:], strict=False)
    )
