"""A training run killed at any moment keeps what it reported saved, and goes on."""

import os
import random
import signal
import subprocess
import sys
from contextlib import suppress

import pytest

from engines.runs.folder import RunFolder
from engines.training.controls import Controls
from engines.training.jobs import ResumeRun
from engines.training.reports import RunStatus
from engines.training.runner import run

# Loads torch once; every line of its input starts (or resumes) the run in a fork of
# it, one thread, saving after every step. The fork says who it is first.
TRAINERS = """
import os, pickle, sys
from pathlib import Path
from engines.pix2pix import Pix2Pix
from engines.training.controls import Controls
from engines.training.jobs import ResumeRun
from engines.training.reports import RunOutcome, Saved
from engines.training.runner import run

job = pickle.loads(bytes.fromhex(sys.argv[1]))

def train():
    print("pid", os.getpid(), flush=True)
    saved = any((job.folder / "checkpoints").glob("[0-9]*"))
    for report in run(ResumeRun(folder=job.folder) if saved else job, Controls()):
        if isinstance(report, Saved):
            print("saved", report.step, flush=True)
        if isinstance(report, RunOutcome):
            print("outcome", report, flush=True)
    os._exit(0)

for line in sys.stdin:
    child = os.fork()
    if child == 0:
        train()
    os.waitpid(child, 0)
    print("gone", flush=True)
"""


@pytest.fixture
def job(new_run):
    """A run that would take hours, saving after every step."""
    return new_run(steps=100_000, save_every_s=0, keep_checkpoints=3)


@pytest.fixture
def trainers(job):
    """The process that starts training processes."""
    import pickle

    process = subprocess.Popen(
        [sys.executable, "-c", TRAINERS, pickle.dumps(job).hex()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process
    process.stdin.close()
    assert process.wait(30) == 0
    process.stdout.close()


def train_and_kill(trainers, reports, delay_s):
    """Train, kill *delay_s* after some checkpoints; the last step it reported."""
    trainers.stdin.write("go\n")
    trainers.stdin.flush()
    pid = int(trainers.stdout.readline().split()[1])
    told = [trainers.stdout.readline() for _ in range(reports)]
    with suppress(subprocess.TimeoutExpired):
        trainers.wait(delay_s)
    os.kill(pid, signal.SIGKILL)
    while (line := trainers.stdout.readline()) != "gone\n":
        told.append(line)
    assert all(line.startswith("saved ") for line in told), told
    return max(int(line.split()[1]) for line in told)


def check(folder, last):
    """The newest checkpoint reported is there, and every one there is whole."""
    checkpoints = RunFolder.open(folder).checkpoints
    steps = checkpoints.steps()
    assert steps[-1] >= last
    for step in steps:
        checkpoints.verify(checkpoints.path(step))
    loaded = checkpoints.load()
    assert (loaded.step, loaded.skipped) == (steps[-1], ())


def kill_again_and_again(trainers, folder, times):
    rng = random.Random(times)
    last = 0
    for _ in range(times):
        now = train_and_kill(trainers, rng.randint(1, 3), rng.uniform(0, 0.05))
        assert now > last, "a resumed run goes on"
        check(folder, now)
        assert RunFolder.open(folder).state == "interrupted"
        last = now
    return last


def test_three_kills_cost_nothing_that_was_reported_saved(trainers, job):
    last = kill_again_and_again(trainers, job.folder, 3)
    assert RunFolder.open(job.folder).checkpoints.load().step >= last >= 3


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_hundred_kills_cost_nothing_that_was_reported_saved(trainers, job):
    last = kill_again_and_again(trainers, job.folder, 100)
    controls = Controls()
    controls.stop()
    # Whoever comes next can resume: nothing is locked, nothing is in the way.
    *_, outcome = run(
        ResumeRun(folder=job.folder, changes={"steps": 100_001}), controls
    )
    assert outcome.status is RunStatus.STOPPED
    assert outcome.step >= last
