"""Tests for engines.model: what is on disk, ready for use or refused."""

import numpy as np
import pytest
import torch

from engines.errors import RunError
from engines.model import load_model
from engines.runs.folder import RunFolder
from engines.training.controls import Controls
from engines.training.runner import run
from engines.translation import translate_pixels
from tests.engines.painters import smooth


@pytest.fixture
def trained(new_run):
    job = new_run(save_every_s=0, steps=4)
    list(run(job, Controls()))
    return job.folder


def test_the_page_shows_what_the_preview_showed(trained):
    folder = RunFolder.open(trained)
    columns, _names = folder.previews.load_fixed()
    model = load_model(trained, device="cpu")
    after = translate_pixels(model, columns[0].pictures[0])
    preview = folder.previews.load(4)["now"][0]
    # The preview was made of several at once: the last bit may be rounded otherwise.
    assert np.abs(after.astype(int) - preview.astype(int)).max() <= 1
    assert model.step == 4


def test_an_older_step_can_be_chosen(trained):
    old, new = (load_model(trained, step=s, device="cpu") for s in (2, None))
    assert (old.step, new.step) == (2, 4)
    x = smooth(32, 32)
    assert (translate_pixels(old, x) != translate_pixels(new, x)).any()


def test_a_folder_that_is_no_run_is_refused_in_words(tmp_path):
    with pytest.raises(RunError, match="There is no run in"):
        load_model(tmp_path)


def test_a_model_that_invents_is_refused_before_it_is_loaded(trained):
    RunFolder.open(trained).update(engine="dcgan")
    with pytest.raises(RunError, match="it does not translate"):
        load_model(trained, device="cpu")


def test_the_critic_of_a_checkpoint_is_loaded_where_it_is_wanted(trained):
    assert load_model(trained, device="cpu").critic is None
    model = load_model(trained, device="cpu", with_critic=True)
    state = RunFolder.open(trained).checkpoints.load(4).training
    loaded = model.critic.discriminator.state_dict()
    assert loaded
    for name, value in loaded.items():
        assert torch.equal(value, state[f"network.discriminator.{name}"]), name
    model.refresh(model.translator.weights(), step=5)
    assert model.critic is None  # it was that of another step


def test_there_is_no_critic_where_none_learnt(new_run):
    job = new_run(adversary="none", steps=1)
    list(run(job, Controls()))
    assert load_model(job.folder, device="cpu", with_critic=True).critic is None


def test_a_milestone_has_no_critic(trained):
    checkpoints = RunFolder.open(trained).checkpoints
    checkpoints.path(4).rename(checkpoints.folder.parent / "away")
    found = [
        load_model(trained, step=step, device="cpu", with_critic=True).critic
        for step in RunFolder.open(trained).milestones.steps()
        if step not in checkpoints.steps()
    ]
    assert set(found) <= {None}


def test_a_critic_that_was_cut_off_is_refused_in_words(trained):
    path = RunFolder.open(trained).checkpoints.path(4) / "training.safetensors"
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(RunError, match=r"training\.safetensors has changed"):
        load_model(trained, device="cpu", with_critic=True)
