"""What is said, and what is offered, where memory ran out."""

import torch

# torch has an exception of its own for NVIDIA cards only.
_SIGNS = ("can't allocate memory", "not enough memory", "out of memory", "alloc_failed")


def is_out_of_memory(failure: Exception) -> bool:
    """Whether *failure* says that there was not enough memory, on any device."""
    if isinstance(failure, MemoryError | torch.OutOfMemoryError):
        return True
    words = str(failure).lower()
    return isinstance(failure, RuntimeError) and any(sign in words for sign in _SIGNS)


def smaller_batch(batch_size: int) -> int:
    """How many pictures per step to try next; 0 where there are no fewer."""
    return batch_size // 2


def words_for(batch_size: int) -> str:
    """The sentence for a step of *batch_size* pictures; 0 before the first step."""
    if not smaller_batch(batch_size):
        return (
            "There is not enough memory for these settings. Choose a smaller picture "
            "size or a narrower network."
        )
    return (
        f"There is not enough memory for {batch_size} pictures per step. Take "
        f"{smaller_batch(batch_size)}, or close other programs."
    )
