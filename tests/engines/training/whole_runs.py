"""Whole runs: to their end, up to a step, and compared to the bit."""

import torch

from engines.runs.folder import RunFolder
from engines.training.controls import Controls
from engines.training.reports import Preview, RunOutcome
from engines.training.runner import run


def finish(job, controls=None):
    reports = list(run(job, controls or Controls()))
    assert isinstance(reports[-1], RunOutcome)
    assert sum(isinstance(r, RunOutcome) for r in reports) == 1
    return reports


def stop_after(job, steps):
    """Run *job* and stop it after exactly *steps* steps."""
    controls = Controls()
    controls.preview_now()
    for report in run(job, controls):
        if isinstance(report, Preview):  # with one asked for, one after every step
            controls.preview_now()
            if report.step == steps:
                controls.stop()
    return report


def tensors(folder):
    checkpoint = RunFolder.open(folder).checkpoints.load()
    return checkpoint.step, {**checkpoint.weights, **checkpoint.training}


def assert_same_to_the_bit(one, two):
    (step_one, tensors_one), (step_two, tensors_two) = tensors(one), tensors(two)
    assert step_one == step_two
    assert tensors_one.keys() == tensors_two.keys()
    for name, value in tensors_one.items():
        assert torch.equal(value, tensors_two[name]), name
