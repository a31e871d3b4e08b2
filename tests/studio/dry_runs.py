"""Dry runs that nobody ran."""

from engines.training.reports import DryRun


def dry_run(seconds_per_step=0.2, *, memory=1.1e9, largest_batch=256, fits=True):
    """A step of so many seconds, on a machine with 17 GB of free memory."""
    return DryRun(
        seconds_per_step=seconds_per_step,
        memory=int(memory),
        free=17_000_000_000,
        largest_batch=largest_batch,
        fits=fits,
    )
