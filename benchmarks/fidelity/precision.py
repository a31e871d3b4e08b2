"""Does learning in 16 bits do harm? Every engine, some hundred steps, beside 32 bits.

Run by hand from the root of the repository:

    python -m benchmarks.fidelity.precision [steps] [seeds] [engine ...]

Each engine learns from its sample set with its quick settings, in 16 bits and in 32,
with the same seeds. Printed are the losses, averaged over the last third, and the
measures on held-out pictures at the end, and how the means over the seeds differ. 16
bits do no harm where that is at most 3 %, or less than what the seeds in 32 differ by.
"""

import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from statistics import mean
from typing import TypeAlias

from engines.catalogue import ENGINES, EngineEntry
from engines.samples.catalogue import sample_for
from engines.training.controls import Controls
from engines.training.jobs import DataChoice, NewRun
from engines.training.reports import Losses, Measures, RunOutcome, RunStatus
from engines.training.runner import run

Numbers: TypeAlias = dict[str, float]

ALLOWED = 0.03
THREADS = 1  # the last digits do not depend on what else the machine does


def main() -> None:
    """Train, and print a row for every number."""
    steps = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    seeds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    engines = [ENGINES[name] for name in sys.argv[3:] or ENGINES]
    print(f"{steps} steps, {seeds} seeds")
    print(f"{'':28}{'16 bits':>10}{'32 bits':>10}{'differs':>9}   all in 16 | in 32")
    with tempfile.TemporaryDirectory() as folder:
        for entry in engines:
            pictures = sample_for(entry.name).write(Path(folder) / entry.name)
            rough, exact = (
                [learn(entry, pictures, steps, seed, bits) for seed in range(seeds)]
                for bits in ("bf16", "fp32")
            )
            show(entry, rough, exact)


def learn(
    entry: EngineEntry, pictures: Path, steps: int, seed: int, precision: str
) -> Numbers:
    """Train once; the losses of the last third and the last measures, by name."""
    values = {**entry.presets["quick"].values, "measure_every_s": 3600}
    config = entry.config.checked(
        {**values, "steps": steps, "seed": seed, "precision": precision}
    )
    job = NewRun(
        engine=entry.name,
        config=config,
        data=DataChoice(folder=pictures),
        folder=pictures.parent / f"{entry.name}-{precision}-{seed}",
        name=entry.name,
        threads=THREADS,
    )
    losses: defaultdict[str, list[float]] = defaultdict(list)
    measures: dict[str, float] = {}
    for report in run(job, Controls()):
        if isinstance(report, Losses) and report.step > steps * 2 / 3:
            for name, value in report.values.items():
                losses[name].append(value)
        elif isinstance(report, Measures):
            measures = dict(report.values)
        elif isinstance(report, RunOutcome):
            assert report.status is RunStatus.COMPLETED, report.error
    return {name: mean(values) for name, values in losses.items()} | measures


def show(entry: EngineEntry, rough: list[Numbers], exact: list[Numbers]) -> None:
    """A row for each number, marked where it is beyond both bounds."""
    for name in exact[0]:
        ours, theirs = ([found[name] for found in runs] for runs in (rough, exact))
        differs = mean(ours) - mean(theirs)
        near = abs(differs) <= ALLOWED * abs(mean(theirs))
        among = abs(differs) <= max(theirs) - min(theirs)
        mark = "" if near else "   among the seeds" if among else "   BEYOND"
        every = " | ".join(" ".join(f"{v:.4g}" for v in vs) for vs in (ours, theirs))
        print(
            f"{entry.title:12}{name:16}{mean(ours):10.4g}{mean(theirs):10.4g}"
            f"{differs / abs(mean(theirs)):9.1%}   {every}{mark}",
            flush=True,
        )


if __name__ == "__main__":
    main()
