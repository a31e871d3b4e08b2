"""Tests for engines.runs.checkpoints: what was saved comes back, or is refused."""

import errno
import json
import os
import shutil

import pytest
import safetensors.torch
import torch

from engines.errors import CheckpointError, RunError
from engines.runs import manifest
from engines.runs.checkpoints import Checkpoints

ALL_FILES = (*manifest.FILES, manifest.MANIFEST)


def flip(path, position, mask):
    """Change bits of one byte in place; the same again brings it back."""
    with path.open("r+b") as file:
        file.seek(position)
        (byte,) = file.read(1)
        file.seek(position)
        file.write(bytes([byte ^ mask]))


def damage(checkpoint):
    flip(checkpoint / manifest.WEIGHTS, 100, 1)


def same(a, b):
    return a.dtype == b.dtype and a.shape == b.shape and torch.equal(a, b)


def test_everything_comes_back_bit_for_bit(checkpoints):
    base = torch.randn(4, 6)
    weights = {
        "float": base,
        "same memory": base,
        "transposed": base.t(),
        "a row of it": base[1],
        "every other": base[:, ::2],
        "half": base.to(torch.bfloat16),
        "nan": torch.tensor([float("nan"), -0.0]),
        "scalar": torch.tensor(3, dtype=torch.int64),
        "none": torch.empty(0, 3),
        "learnt": torch.nn.Parameter(torch.ones(2)),
    }
    training = {"rng": torch.get_rng_state(), "flags": torch.tensor([True, False])}
    state = {"epoch": 3, "lr": 0.1 + 0.2, "order": [2, 0, 1], "note": "日本"}
    checkpoints.save(
        7, weights=weights, training=training, state=state, metadata={"engine": "x"}
    )
    found = checkpoints.load(7)
    assert (found.step, found.state, found.skipped) == (7, state, ())
    assert found.metadata == {"engine": "x"}
    assert found.weights.keys() == weights.keys()
    assert found.weights["nan"].view(torch.int32).tolist() == [2143289344, -(2**31)]
    for name in weights.keys() - {"nan"}:
        assert same(found.weights[name], weights[name].detach()), name
    for name, tensor in training.items():
        assert same(found.training[name], tensor), name


def test_a_part_of_the_training_state_can_be_had_alone(checkpoints):
    training = {
        "network.d.weight": torch.arange(6.0).view(2, 3),
        "network.d.bias": torch.ones(2),
        "optimizer.d.0.step": torch.tensor(3),
    }
    path = checkpoints.save(4, weights={}, training=training, state={}, metadata={})
    found = checkpoints.load_part(4, "network.d.")
    assert found.keys() == {"network.d.weight", "network.d.bias"}
    for name, value in found.items():
        assert same(value, training[name]), name
        value += 1  # it is a copy: the file stays
    assert same(checkpoints.load(4).training["network.d.bias"], torch.ones(2))

    whole = (path / manifest.TRAINING).read_bytes()
    (path / manifest.TRAINING).write_bytes(b"x" * len(whole))
    with pytest.raises(CheckpointError, match="does not hold tensors"):
        checkpoints.load_part(4, "network.d.")
    (path / manifest.TRAINING).unlink()
    with pytest.raises(CheckpointError, match="cannot be read"):
        checkpoints.load_part(4, "network.d.")
    with pytest.raises(CheckpointError, match="There is no checkpoint '000005'"):
        checkpoints.load_part(5, "network.d.")


def test_a_slice_of_larger_memory_is_saved_alone(checkpoints):
    weights = {"part": torch.arange(1000.0)[10:12]}
    path = checkpoints.save(1, weights=weights, training={}, state={}, metadata={})
    assert checkpoints.load_weights(1).weights["part"].tolist() == [10, 11]
    assert (path / manifest.WEIGHTS).stat().st_size < 200


def test_the_files_are_plain_safetensors_and_json(save):
    path = save(675)
    assert path.name == "000675"
    assert sorted(os.listdir(path)) == sorted(ALL_FILES)
    weights = safetensors.torch.load_file(path / manifest.WEIGHTS)
    assert weights["g.weight"].tolist() == [[675] * 3] * 2
    entries = json.loads((path / manifest.MANIFEST).read_text())["files"]
    assert {n: e["size"] for n, e in entries.items()} == {
        name: (path / name).stat().st_size for name in manifest.FILES
    }


def test_every_flipped_byte_of_every_file_is_refused(checkpoints, save):
    path = save(675)
    refused = flipped = 0
    for name in ALL_FILES:
        file = path / name
        for position in range(file.stat().st_size):
            for mask in (0x01, 0x20, 0xFF):
                flip(file, position, mask)
                flipped += 1
                with pytest.raises(
                    CheckpointError, match=r"^Checkpoint 675 is damaged"
                ):
                    checkpoints.verify(path)
                with pytest.raises(CheckpointError, match=rf"{name} has changed"):
                    checkpoints.load(675)
                refused += 1
                flip(file, position, mask)
    assert refused == flipped > 3 * 700
    checkpoints.verify(path)


@pytest.mark.parametrize("name", ALL_FILES)
def test_a_file_cut_off_lengthened_or_missing_is_refused(checkpoints, save, name):
    file = save(675) / name
    whole = file.read_bytes()
    for data in (b"", whole[:-1], whole + b"\n", whole * 50):
        file.write_bytes(data)
        with pytest.raises(CheckpointError, match=f"{name} has changed since it was"):
            checkpoints.verify(file.parent)
    file.unlink()
    with pytest.raises(CheckpointError, match=f"{name} is missing"):
        checkpoints.load(675)


def test_the_refusal_names_the_newest_step_that_is_whole(checkpoints, save):
    save(300), save(600)
    damage(save(675))
    with pytest.raises(CheckpointError) as refusal:
        checkpoints.load(675)
    assert str(refusal.value) == (
        "Checkpoint 675 is damaged: weights.safetensors has changed since it was "
        "saved. Step 600 is whole: resume from it."
    )


def test_a_step_that_was_never_saved_is_refused_by_name(checkpoints, save):
    save(600)
    with pytest.raises(CheckpointError, match=r"no checkpoint '000601'\. Step 600 is"):
        checkpoints.load(601)


def test_the_newest_whole_one_is_loaded_and_the_damaged_ones_are_told(
    checkpoints, save
):
    save(300)
    for step in (600, 675):
        damage(save(step))
    found = checkpoints.load()
    assert (found.step, found.skipped) == (300, (675, 600))
    assert checkpoints.load_weights().skipped == (675, 600)


def test_without_a_whole_checkpoint_the_words_say_which_case_it_is(checkpoints, save):
    with pytest.raises(CheckpointError, match="has no checkpoint yet"):
        checkpoints.load()
    damage(save(1))
    with pytest.raises(
        CheckpointError, match="Every checkpoint of this run is damaged"
    ):
        checkpoints.load_weights()


def test_weights_can_be_used_while_only_the_rest_is_damaged(checkpoints, save):
    path = save(675)
    flip(path / manifest.TRAINING, 0, 1)
    assert checkpoints.load_weights(675).weights["g.weight"][0, 0] == 675
    with pytest.raises(CheckpointError, match=r"training.safetensors has changed"):
        checkpoints.load(675)


def test_a_checkpoint_under_another_steps_name_is_refused(checkpoints, save):
    shutil.copytree(save(600), checkpoints.path(700))
    with pytest.raises(
        CheckpointError, match=r"700 is damaged: .* belongs to step 600"
    ):
        checkpoints.verify(checkpoints.path(700))


def manifest_naming(names):
    entry = manifest.entry_of(b"{}")
    files = {name: entry.model_dump() for name in names}
    return json.dumps({"format": 1, "step": 5, "files": files, "sha256": "0"}).encode()


@pytest.mark.parametrize(
    "content",
    [
        manifest_naming([*manifest.FILES, "../../../secret"]),
        manifest_naming(["/etc/passwd", *manifest.FILES[1:]]),
        manifest_naming(manifest.FILES[:2]),
        b"[" * 9_000,
        b'{"step": ' + b"9" * 9_000 + b"}",
        b"null",
    ],
)
def test_a_hostile_manifest_is_refused(checkpoints, save, content):
    path = save(5)
    (path / manifest.MANIFEST).write_bytes(content)
    with pytest.raises(CheckpointError, match=r"manifest.json has changed"):
        checkpoints.load(5)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        (manifest.WEIGHTS, b"\xff" * 64, "weights.safetensors does not hold tensors"),
        (manifest.STATE, b"[1]", "state.json does not hold values by name"),
        (manifest.STATE, b"[" * 100_000, "state.json does not hold values by name"),
    ],
)
def test_a_manifest_that_vouches_for_nonsense_does_not_help_it(
    checkpoints, save, name, content, words
):
    path = save(5)
    (path / name).write_bytes(content)
    entries = {n: manifest.entry_of((path / n).read_bytes()) for n in manifest.FILES}
    (path / manifest.MANIFEST).write_bytes(manifest.render(5, entries))
    with pytest.raises(CheckpointError, match=words):
        checkpoints.load(5)


def test_a_whole_checkpoint_stays_and_a_damaged_one_is_replaced(checkpoints, save):
    path = save(675)
    before = path.stat().st_ino
    assert save(675) == path
    assert path.stat().st_ino == before
    damage(path)
    save(675)
    checkpoints.verify(path)
    assert os.listdir(checkpoints.folder) == ["000675"]


def test_steps_are_those_under_their_final_name(checkpoints, save):
    save(1_000_000), save(20)
    for name in (".tmp-000030", ".trash-000010", "notes", "40"):
        (checkpoints.folder / name).mkdir()
    (checkpoints.folder / "000050").write_text("a file")
    assert checkpoints.steps() == (20, 1_000_000)


def test_pruning_keeps_the_newest(checkpoints, save):
    for step in (1, 2, 3, 4):
        save(step)
    assert checkpoints.prune(2) == (1, 2)
    assert checkpoints.steps() == (3, 4)
    assert sorted(os.listdir(checkpoints.folder)) == ["000003", "000004"]
    assert checkpoints.prune(2) == ()


def test_pruning_removes_nothing_while_the_newest_is_damaged(checkpoints, save):
    save(1), save(2)
    damage(save(3))
    assert checkpoints.prune(1) == ()
    assert checkpoints.steps() == (1, 2, 3)


def test_discarding_needs_the_step_to_be_whole(checkpoints, save):
    path = save(1)
    save(2), save(3)
    checkpoints.discard_after(2)
    assert checkpoints.steps() == (1, 2)
    damage(path)
    with pytest.raises(CheckpointError, match="Step 2 is whole"):
        checkpoints.discard_after(1)
    assert checkpoints.steps() == (1, 2)


def test_cleaning_removes_leftovers_only(checkpoints, save):
    save(20)
    for name in (".tmp-000030", ".trash-000010"):
        (checkpoints.folder / name).mkdir()
        (checkpoints.folder / name / "weights.safetensors").write_bytes(b"part")
    checkpoints.clean()
    assert os.listdir(checkpoints.folder) == ["000020"]


@pytest.mark.parametrize("call", range(7))
def test_a_full_disk_costs_only_the_checkpoint_being_saved(
    checkpoints, save, monkeypatch, call
):
    save(600)
    calls = iter(range(100))
    fsync = os.fsync

    def full(descriptor):
        if next(calls) == call:
            raise OSError(errno.ENOSPC, "No space left on device")
        fsync(descriptor)

    # One flush a file, one for its folder, one for the folder above, then no more.
    monkeypatch.setattr(os, "fsync", full)
    if call < 6:
        with pytest.raises(RunError, match=r"no space left .* before is lost"):
            save(675)
    else:
        save(675)
    monkeypatch.undo()
    assert checkpoints.load().step == (675 if call >= 5 else 600)
    checkpoints.verify(checkpoints.path(600))
    assert not list(checkpoints.folder.glob(".*"))


def test_a_disk_that_returns_something_else_is_not_believed(
    checkpoints, save, monkeypatch
):
    save(600)
    fsync = os.fsync

    def lose_a_bit(descriptor):
        fsync(descriptor)
        file = next(checkpoints.folder.glob(".tmp-*/weights.safetensors"), None)
        if file is not None and not next(file.parent.glob("training*"), None):
            flip(file, 0, 4)

    monkeypatch.setattr(os, "fsync", lose_a_bit)
    with pytest.raises(RunError, match=r"did not keep what was written .* another"):
        save(675)
    assert checkpoints.steps() == (600,)


def test_a_folder_that_cannot_be_made_is_told_in_words(tmp_path, save):
    (tmp_path / "file").write_text("not a folder")
    checkpoints = Checkpoints(tmp_path / "file" / "checkpoints")
    with pytest.raises(RunError, match=r"'.*000001' cannot be written"):
        checkpoints.save(1, weights={}, training={}, state={}, metadata={})
