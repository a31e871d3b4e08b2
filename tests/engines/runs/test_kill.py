"""A writer killed at any moment loses nothing it reported, and leaves nothing half."""

import os
import random
import signal
import subprocess
import sys
from contextlib import suppress

import pytest

from engines.runs.checkpoints import Checkpoints
from engines.runs.milestones import Milestones

KEEP = 3

# Loads torch once; every line of its input starts a writer in a fork of it, which
# saves and prunes as fast as it can and says so. The fork says who it is first. Every
# step is a milestone too, beside the checkpoints.
WRITERS = f"""
import os, sys
from pathlib import Path
import safetensors.torch, torch
from engines.runs.checkpoints import Checkpoints
from engines.runs.milestones import Milestones

def write(checkpoints, milestones):
    print("pid", os.getpid(), flush=True)
    checkpoints.clean()
    milestones.clean()
    step = max(checkpoints.steps(), default=0)
    while True:
        step += 1
        checkpoints.save(
            step,
            weights={{"g": torch.full((20, 50), float(step))}},
            training={{"m": torch.full((20, 50), -float(step))}},
            state={{"step": step}},
            metadata={{}},
        )
        weights = {{"g": torch.full((20, 50), float(step))}}
        milestones.save(step, weights=weights, metadata={{}})
        print("saved", step, flush=True)
        checkpoints.prune({KEEP})

for line in sys.stdin:
    child = os.fork()
    if child == 0:
        folder = Path(sys.argv[1])
        write(Checkpoints(folder), Milestones(folder / "milestones"))
    os.waitpid(child, 0)
    print("gone 0", flush=True)
"""


@pytest.fixture
def writers(tmp_path):
    """The process that starts writers into tmp_path."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITERS, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process
    process.stdin.close()
    assert process.wait(20) == 0
    process.stdout.close()


def run_and_kill(writers, reports, delay_s):
    """Start a writer, kill it *delay_s* after some reports; the last step it told."""
    writers.stdin.write("go\n")
    writers.stdin.flush()
    pid = int(writers.stdout.readline().split()[1])
    told = [writers.stdout.readline() for _ in range(reports)]
    with suppress(subprocess.TimeoutExpired):
        writers.wait(delay_s)
    os.kill(pid, signal.SIGKILL)
    while (line := writers.stdout.readline()) != "gone 0\n":
        told.append(line)
    return max((int(line.split()[1]) for line in told), default=0)


def check(checkpoints, milestones, last):
    """Everything reported and not pruned verifies and holds what was saved."""
    for step in milestones.steps():
        values = milestones.load_weights(step).weights["g"]
        assert values.unique().tolist() == [step]
    assert max(milestones.steps(), default=0) >= last
    for step in range(max(1, last - KEEP + 1), last + 1):
        checkpoints.verify(checkpoints.path(step))
    if last:
        found = checkpoints.load()
        assert found.step >= last
        assert found.skipped == ()
        assert found.weights["g"].unique().tolist() == [found.step]
        assert found.training["m"].unique().tolist() == [-found.step]
        assert found.state == {"step": found.step}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")
@pytest.mark.parametrize("kills", [8, pytest.param(100, marks=pytest.mark.slow)])
def test_nothing_reported_saved_is_lost(tmp_path, writers, kills):
    rng = random.Random(kills)
    checkpoints, milestones = Checkpoints(tmp_path), Milestones(tmp_path / "milestones")
    last = 0
    for _ in range(kills):
        told = run_and_kill(writers, rng.randrange(4), rng.uniform(0, 0.02))
        last = max(last, told)
        check(checkpoints, milestones, last)
    assert last > kills / 2
