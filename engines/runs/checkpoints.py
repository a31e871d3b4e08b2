"""Checkpoints that are on disk whole, or not there, or refused in words.

A checkpoint is a folder named for its step. It holds the weights that use needs,
the rest that an exact resume needs (training.safetensors for tensors, state.json for
everything else), and a manifest with the size and SHA-256 of each. It gets its name
only once it is whole, so the newest one whose manifest verifies is the one that counts.
"""

import dataclasses
import logging
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from engines.errors import CheckpointError
from engines.runs import manifest
from engines.runs.checkpoint_files import (
    Checkpoint,
    Weights,
    read_checkpoint,
    read_part,
    read_weights,
    write_files,
)
from engines.runs.manifest import Damage
from engines.runs.step_folders import StepFolders

if TYPE_CHECKING:  # Listing runs must not cost loading torch.
    from torch import Tensor

__all__ = ["Checkpoint", "Checkpoints", "Weights"]

log = logging.getLogger(__name__)

_T = TypeVar("_T", bound=Weights)
_Any = TypeVar("_Any")


class Checkpoints(StepFolders):
    """The folder checkpoints/ of a run: the newest steps, to resume from."""

    files = manifest.FILES

    def save(
        self,
        step: int,
        *,
        weights: "Mapping[str, Tensor]",
        training: "Mapping[str, Tensor]",
        state: Mapping[str, Any],
        metadata: Mapping[str, str],
    ) -> Path:
        """Save a checkpoint; when this returns, no crash or power cut loses it.

        A whole checkpoint of the same step stays as it is. Tensors keep their type
        bit for bit; *state* must be what JSON can hold (tuples come back as lists).

        Raises:
            RunError: The disk is full, refuses, or returns something else than was
                written. Older checkpoints are untouched.
        """
        write = partial(
            write_files,
            step=step,
            weights=weights,
            training=training,
            state=state,
            metadata=metadata,
        )
        return self._save(step, write)

    def verify(self, path: Path) -> None:
        """Read every file of the checkpoint in *path* and compare with what was saved.

        Raises:
            CheckpointError: A byte differs, or a file is missing. The sentence names
                the step to resume from instead.
        """
        found = self.damage(path)
        if found is not None:
            raise self._refusal(path, found)

    def load(self, step: int | None = None) -> Checkpoint:
        """Load the checkpoint of *step*, or the newest one that is whole.

        Raises:
            CheckpointError: It is damaged, or there is none.
        """
        return self._load(step, read_checkpoint)

    def load_weights(self, step: int | None = None) -> Weights:
        """Load only what use needs; `load` says the rest.

        Raises:
            CheckpointError: It is damaged, or there is none.
        """
        return self._load(step, read_weights)

    def load_part(self, step: int, prefix: str) -> "dict[str, Tensor]":
        """Load the tensors of *step* beside the weights that begin with *prefix*.

        Raises:
            CheckpointError: They are plainly damaged; see `read_part`.
        """
        return self._load_this(self.path(step), partial(read_part, prefix=prefix))

    def prune(self, keep: int) -> tuple[int, ...]:
        """Remove all but the newest *keep* checkpoints, if the newest is whole.

        Returns:
            The steps that were removed; none while the newest is damaged.

        Raises:
            RunError: They cannot be removed.
        """
        assert keep >= 1
        old = self.steps()[:-keep]
        if not old or self.damage(self.path(self.steps()[-1])) is not None:
            return ()
        self._throw_away_all(old)
        return old

    def discard_after(self, step: int) -> None:
        """Remove the checkpoints after *step*, which a resume from *step* abandons.

        Raises:
            CheckpointError: That of *step* is damaged; none is removed.
            RunError: They cannot be removed.
        """
        self.verify(self.path(step))
        self._throw_away_all([later for later in self.steps() if later > step])

    def _load(self, step: int | None, read: Callable[[Path], _T]) -> _T:
        if step is not None:
            return self._load_this(self.path(step), read)
        skipped: list[int] = []
        for candidate in reversed(self.steps()):
            try:
                found = read(self.path(candidate))
            except Damage as damage:
                log.warning("passed over checkpoint %d: %s", candidate, damage)
                skipped.append(candidate)
            else:
                return dataclasses.replace(found, skipped=tuple(skipped))
        raise CheckpointError(_nothing_to_load(len(skipped)))

    def _load_this(self, path: Path, read: Callable[[Path], _Any]) -> _Any:
        try:
            return read(path)
        except Damage as damage:
            raise self._refusal(path, damage) from None

    def _refusal(self, path: Path, damage: Damage) -> CheckpointError:
        others = [p for p in map(self.path, reversed(self.steps())) if p != path]
        whole = next((p for p in others if self.damage(p) is None), None)
        advice = (
            f"Step {int(whole.name)} is whole: resume from it."
            if whole
            else "No other checkpoint of this run is whole: train again from the start."
        )
        if not path.is_dir():
            return CheckpointError(f"There is no checkpoint '{path.name}'. {advice}")
        name = path.name.lstrip("0") or "0"
        return CheckpointError(f"Checkpoint {name} is damaged: {damage}. {advice}")


def _nothing_to_load(damaged: int) -> str:
    if not damaged:
        return "This run has no checkpoint yet: let it train until it has saved one."
    return (
        "Every checkpoint of this run is damaged. Bring the folder back from a copy, "
        "or train again from the start."
    )
