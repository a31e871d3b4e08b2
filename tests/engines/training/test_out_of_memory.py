"""Tests for what happens where memory runs out during a run."""

import pytest
import torch

from engines.pix2pix import Pix2Pix
from engines.runs.folder import RunFolder
from engines.training.jobs import ResumeRun
from engines.training.out_of_memory import is_out_of_memory
from engines.training.reports import RunStatus
from tests.engines.training.whole_runs import finish


def ask_for_too_much():
    torch.empty(2**60, dtype=torch.uint8)


def of_python():
    raise MemoryError


def of_nvidia():
    raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")


@pytest.fixture
def runs_out(monkeypatch):
    """Let a step after some do something else instead."""
    step = Pix2Pix.train_step

    def set_up(after, fail):
        left = iter(range(after))

        def train_step(engine, batch):
            if next(left, None) is None:
                fail()
            return step(engine, batch)

        monkeypatch.setattr(Pix2Pix, "train_step", train_step)

    yield set_up
    monkeypatch.undo()


@pytest.mark.parametrize("fail", [ask_for_too_much, of_python, of_nvidia])
def test_what_was_kept_goes_on_with_fewer_pictures(
    new_run, runs_out, monkeypatch, fail
):
    job = new_run(save_every_s=0, steps=9)
    runs_out(4, fail)
    outcome = finish(job)[-1]
    assert (outcome.status, outcome.kept_step) == (RunStatus.FAILED, 4)
    assert outcome.smaller_batch == 1  # half of 3
    sentence = "There is not enough memory for 3 pictures per step. Take 1, or close "
    assert outcome.error == f"{sentence}other programs."
    assert RunFolder.open(job.folder).info.error == outcome.error

    monkeypatch.undo()
    smaller = {"batch_size": outcome.smaller_batch}
    outcome = finish(ResumeRun(folder=job.folder, changes=smaller))[-1]
    assert str(outcome) == "Finished after 9 steps."
    assert RunFolder.open(job.folder).info.config["batch_size"] == 1


def test_where_one_picture_is_too_much_no_fewer_are_offered(new_run, runs_out):
    runs_out(0, ask_for_too_much)
    outcome = finish(new_run(batch_size=1))[-1]
    assert (outcome.smaller_batch, outcome.kept_step) == (0, None)
    assert outcome.error.startswith("There is not enough memory for these settings.")


def test_other_failures_offer_nothing(new_run, runs_out):
    def fail():
        raise RuntimeError("shapes do not match")

    runs_out(0, fail)
    outcome = finish(new_run())[-1]
    assert outcome.smaller_batch == 0
    assert outcome.error == "Something unexpected went wrong: shapes do not match"


@pytest.mark.parametrize(
    ("failure", "is_it"),
    [
        (RuntimeError("MPS backend out of memory (allocated 8 GB)"), True),
        (RuntimeError("DefaultCPUAllocator: not enough memory: you tried"), True),
        (RuntimeError("cuDNN error: CUDNN_STATUS_ALLOC_FAILED"), True),
        (ValueError("out of memory"), False),
    ],
)
def test_every_device_has_its_own_words(failure, is_it):
    assert is_out_of_memory(failure) is is_it
