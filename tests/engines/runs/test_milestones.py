"""Tests for engines.runs.milestones: which steps are kept, and that they are whole."""

import errno
import os
import shutil
from types import SimpleNamespace

import pytest
import safetensors.torch
import torch

from engines.errors import CheckpointError, RunError
from engines.runs import manifest, milestones
from engines.runs.milestones import Milestones, size_of

GB = 2**30


@pytest.fixture
def kept(tmp_path):
    """An empty folder of milestones."""
    return Milestones(tmp_path / "milestones")


@pytest.fixture
def save(kept):
    """Save a small milestone whose values follow from its step."""

    def save(step):
        weights = {"g.weight": torch.full((2, 3), float(step))}
        return kept.save(step, weights=weights, metadata={"engine": "pix2pix"})

    return save


def flip(path, position, mask):
    data = bytearray(path.read_bytes())
    data[position] ^= mask
    path.write_bytes(data)


def offer(kept, save, steps, size=24):
    """Save those of *steps* that are wanted; how many that were."""
    written = 0
    for step in steps:
        if kept.wants(step, size):
            save(step)
            written += 1
    return written


def test_the_weights_come_back_with_what_they_say_of_themselves(kept, save):
    path = save(400)
    assert sorted(os.listdir(path)) == [manifest.MANIFEST, manifest.WEIGHTS]
    plain = safetensors.torch.load_file(path / manifest.WEIGHTS)
    found = kept.load_weights(400)
    assert (found.step, found.metadata) == (400, {"engine": "pix2pix"})
    for weights in (plain, found.weights):
        assert weights["g.weight"].tolist() == [[400] * 3] * 2


def test_every_flipped_byte_is_refused(kept, save):
    path = save(400)
    for name in (manifest.WEIGHTS, manifest.MANIFEST):
        for position in range((path / name).stat().st_size):
            flip(path / name, position, 0x20)
            with pytest.raises(CheckpointError, match=rf"{name} has changed"):
                kept.load_weights(400)
            flip(path / name, position, 0x20)
    assert kept.load_weights(400).step == 400


def test_the_refusals_say_what_to_do(kept, save):
    flip(save(1400) / manifest.WEIGHTS, -1, 1)
    with pytest.raises(CheckpointError) as refusal:
        kept.load_weights(1400)
    assert str(refusal.value) == (
        "The weights kept of step 1,400 are damaged: weights.safetensors has changed "
        "since it was saved. Choose another step."
    )
    with pytest.raises(CheckpointError) as refusal:
        kept.load_weights(1500)
    assert str(refusal.value) == (
        "The weights of step 1,500 are not kept any more. Choose another step."
    )


def test_a_checkpoint_is_no_milestone_and_the_other_way_round(kept, save, checkpoints):
    saved = checkpoints.save(5, weights={}, training={}, state={}, metadata={})
    kept.folder.mkdir()
    shutil.copytree(saved, kept.path(5))
    with pytest.raises(CheckpointError, match=r"manifest.json has changed"):
        kept.load_weights(5)
    shutil.copytree(save(6), checkpoints.path(6))
    with pytest.raises(CheckpointError, match=r"manifest.json has changed"):
        checkpoints.load_weights(6)


def test_the_untrained_and_the_passed_are_not_wanted(kept, save):
    assert not kept.wants(0, 24)
    assert kept.wants(1, 24)
    save(10)
    assert not kept.wants(10, 24)
    assert not kept.wants(9, 24)
    assert kept.wants(11, 24)


def test_the_closest_gives_way(kept, save, monkeypatch):
    monkeypatch.setattr(milestones, "MOST", 4)
    for step in (1, 4, 9, 25):  # square roots 1, 2, 3, 5
        save(step)
    # The neighbours of 4 are two apart, 1 and 3: so far above 5 is the next wanted.
    assert not kept.wants(48, 24)
    assert kept.wants(49, 24)
    save(49)
    assert kept.steps() == (1, 9, 25, 49)


@pytest.mark.parametrize("last", [100, 1_000, 10_000])
def test_they_are_spread_over_the_run_finest_at_its_beginning(kept, save, last):
    written = offer(kept, save, range(1, last + 1, max(1, last // 500)))
    steps = kept.steps()
    assert len(steps) == milestones.MOST
    assert steps[0] == 1
    assert steps[-1] > last / 2
    gaps = torch.tensor(steps).sqrt().diff()
    assert gaps.max() <= 2.5 * gaps.min()  # by halves, a step more or less
    assert written <= 16 + 8 * 7, "few are written in vain"


@pytest.mark.parametrize(
    ("size", "most"),
    [(GB // 16, 16), (GB // 15, 15), (GB // 4, 4), (GB // 3, 4), (5 * GB, 4)],
)
def test_large_networks_keep_fewer_but_never_under_four(kept, save, size, most):
    offer(kept, save, range(1, most + 1), size)
    assert len(kept.steps()) == most
    assert not kept.wants(most + 1, size)


def test_saving_larger_ones_thins_those_that_are_there(kept, save, monkeypatch):
    for step in (1, 4, 9, 16, 25, 36):
        save(step)
    monkeypatch.setattr(milestones, "LARGEST", 5 * 24)
    save(49)
    assert len(kept.steps()) == 5
    assert (kept.steps()[0], kept.steps()[-1]) == (1, 49)


def test_the_size_is_that_of_the_numbers():
    weights = {"a": torch.zeros(3, 5), "b": torch.zeros(7, dtype=torch.int64)}
    assert size_of(weights) == 3 * 5 * 4 + 7 * 8


def test_what_a_resume_abandons_is_removed(kept, save):
    for step in (10, 20, 30):
        save(step)
    kept.discard_after(20)
    assert kept.steps() == (10, 20)


def test_cleaning_removes_leftovers_only(kept, save):
    save(20)
    for name in (".tmp-000030", ".trash-000010"):
        (kept.folder / name).mkdir()
    kept.clean()
    assert os.listdir(kept.folder) == ["000020"]


@pytest.mark.parametrize("call", range(4))
def test_a_full_disk_costs_only_the_one_being_saved(kept, save, monkeypatch, call):
    save(10)
    calls, fsync = iter(range(100)), os.fsync

    def full(descriptor):
        if next(calls) == call:
            raise OSError(errno.ENOSPC, "No space left on device")
        fsync(descriptor)

    # One flush for each of two files, for their folder, and for the folder above.
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RunError, match=r"no space left .* before is lost"):
        save(20)
    monkeypatch.undo()
    assert kept.load_weights(10).step == 10
    assert kept.steps() == ((10, 20) if call == 3 else (10,))
    assert not list(kept.folder.glob(".*"))


@pytest.mark.parametrize("missing", [0, 1])
def test_the_last_of_a_disk_is_left_to_checkpoints(kept, save, monkeypatch, missing):
    free = milestones.ROOM * 24 - missing
    usage = SimpleNamespace(free=free)
    monkeypatch.setattr(milestones.shutil, "disk_usage", lambda _path: usage)
    if missing:
        with pytest.raises(RunError, match=r"Only 0 MB are left .* for checkpoints"):
            save(10)
    else:
        save(10)
    assert len(kept.steps()) == 1 - missing
