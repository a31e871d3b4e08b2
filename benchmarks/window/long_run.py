"""A run that has gone on for long: Pix2Pix at its published size, made by code."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

POINTS = 100_000  # of each curve; about three hours of ten reports a second
PICTURES = 40
FOLDER = "published"  # in the folder of runs


def prepare(folder: Path, _seconds: float) -> dict[str, Any]:
    """Train a few steps, and leave a run folder that looks as if it were `POINTS`."""
    from engines.configs.pix2pix import Pix2PixConfig
    from engines.runs.events import LOSSES
    from engines.runs.folder import RunFolder
    from engines.samples.facades import write_facades
    from engines.training.controls import Controls
    from engines.training.jobs import DataChoice, NewRun
    from engines.training.reports import Losses, RunOutcome
    from engines.training.runner import run

    job = NewRun(
        engine="pix2pix",
        config=Pix2PixConfig(steps=10 * POINTS),
        data=DataChoice(
            folder=write_facades(folder / "large", count=PICTURES, size=256)
        ),
        folder=folder / "runs" / FOLDER,
        name="A long run",
    )
    controls, values = Controls(), dict[str, float]()
    for report in run(job, controls):
        if isinstance(report, Losses):
            values = dict(report.values)
            controls.stop()
        assert not isinstance(report, RunOutcome) or not report.error, report

    kept = RunFolder.open(job.folder)
    with kept.writing():
        newest = kept.checkpoints.load()
        kept.checkpoints.save(
            POINTS,
            weights=newest.weights,
            training=newest.training,
            state=newest.state,
            metadata={**newest.metadata, "step": str(POINTS)},
        )
        for step in range(newest.step + 1, POINTS + 1):
            # No two alike, and as spread as losses are.
            noisy = {n: v * (0.5 + step * 0.618 % 1) for n, v in values.items()}
            kept.events.append(LOSSES, step, **noisy)
        kept.update(step=POINTS, state="stopped", created=datetime.now(UTC))
    return {}
