"""Does learning in 16 bits do harm? Every engine, some hundred steps, beside 32 bits.

Run by hand from the root of the repository:

    python -m benchmarks.fidelity.precision [steps] [seeds]

Each engine learns from its sample set with its quick settings: in 32 bits with several
seeds, in 16 with the first of them. Printed are the losses, averaged over the last
third, and the measures on held-out pictures at the end. 16 bits do no harm where a
number is within 3 % of that of the same seed in 32, or between those of its seeds: as
any fourth seed would be half of the time.
"""

import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from statistics import mean

from engines.catalogue import ENGINES, EngineEntry
from engines.samples.catalogue import sample_for
from engines.training.controls import Controls
from engines.training.jobs import DataChoice, NewRun
from engines.training.reports import Losses, Measures, RunOutcome, RunStatus
from engines.training.runner import run

ALLOWED = 0.03
THREADS = 1  # the last digits do not depend on what else the machine does


def main() -> None:
    """Train, and print a row for every number."""
    steps = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    seeds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    print(f"{steps} steps, 32 bits with {seeds} seeds, 16 bits with the first")
    print(f"{'':28}{'16 bits':>10}{'32 bits':>10}{'differs':>9}   all seeds in 32")
    with tempfile.TemporaryDirectory() as folder:
        for entry in ENGINES.values():
            pictures = sample_for(entry.name).write(Path(folder) / entry.name)
            found = [
                learn(entry, pictures, steps, seed, "fp32") for seed in range(seeds)
            ]
            show(entry, learn(entry, pictures, steps, 0, "bf16"), found)


def learn(
    entry: EngineEntry, pictures: Path, steps: int, seed: int, precision: str
) -> dict[str, float]:
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


def show(
    entry: EngineEntry, rough: dict[str, float], found: list[dict[str, float]]
) -> None:
    """A row for each number, marked where it is beyond both bounds."""
    for name, value in rough.items():
        seeds = [numbers[name] for numbers in found]
        differs = value / seeds[0] - 1
        near = abs(differs) <= ALLOWED
        among = min(seeds) <= value <= max(seeds)
        mark = "" if near else "   among the seeds" if among else "   BEYOND"
        every = " ".join(f"{seed:.4g}" for seed in seeds)
        print(
            f"{entry.title:12}{name:16}{value:10.4g}{seeds[0]:10.4g}{differs:9.1%}"
            f"   {every}{mark}",
            flush=True,
        )


if __name__ == "__main__":
    main()
