"""The errors whose words a user reads.

Each message is a whole sentence: what happened, and what to do about it.
"""

from pathlib import Path


class StudioError(Exception):
    """Base of every error that is told to the user as it stands."""


class PictureError(StudioError):
    """One file is not a picture we can use.

    Attributes:
        path: The file, or None for a picture that came from the clipboard.
        reason: Why, as a clause without a subject ("is cut off").
    """

    def __init__(self, path: Path | None, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(f"{path.name if path else 'The picture'} {reason}.")


class DataError(StudioError):
    """A folder does not hold what is needed."""


class RunError(StudioError):
    """A run folder cannot be made, opened or written."""


class CheckpointError(RunError):
    """A checkpoint is damaged or belongs to something else."""


class LatentError(StudioError):
    """Something cannot be done with these points of a latent space."""


class DeviceError(StudioError):
    """The device that was asked for is not there."""


class NonFiniteLossError(StudioError):
    """A loss is no longer a finite number."""

    def __init__(self, *, name: str, step: int) -> None:
        self.name = name
        self.step = step
        super().__init__(
            f"The numbers ran away at step {step} ({name} is not finite). "
            "Resume from the last checkpoint with a lower learning rate."
        )


class Cancelled(Exception):
    """The user gave up waiting for a long task; nothing went wrong."""
