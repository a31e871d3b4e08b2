"""Tests for studio.exploring and studio.surveying, with models that learnt a little."""

import shutil
import threading

import numpy as np
import pytest
import torch

from engines.catalogue import engine_entry
from engines.errors import Cancelled, RunError
from engines.latent.sheet import read_codes
from engines.latent.space import load_space
from engines.samples.digits import write_digits
from engines.training.controls import Controls
from engines.training.jobs import DataChoice, NewRun, ResumeRun
from engines.training.runner import run as go_on
from studio.exploring import Exploring
from studio.surveying import survey

SEEN = {"image_size": 28, "colours": "grey", "device": "cpu", "precision": "fp32"}


def never():
    return False


def train(digits, folder, engine, **values):
    job = NewRun(
        engine=engine,
        config=engine_entry(engine).config.checked(SEEN | values),
        data=DataChoice(folder=digits),
        folder=folder,
        name=engine,
        threads=1,
    )
    list(go_on(job, Controls()))
    return folder


@pytest.fixture(scope="module")
def digits(tmp_path_factory):
    return write_digits(tmp_path_factory.mktemp("explored") / "digits", count=120)


@pytest.fixture(scope="module")
def vae(digits, tmp_path_factory):
    """A VAE of 4 numbers, after 60 steps."""
    values = {"steps": 60, "batch_size": 32, "latent_dim": 4, "network": "mlp"}
    folder = tmp_path_factory.mktemp("explored runs") / "vae"
    return train(digits, folder, "vae", hidden_width=32, **values)


@pytest.fixture(scope="module")
def gan(digits, tmp_path_factory):
    """A conditional DCGAN of 6 numbers after 4 steps."""
    values = {"steps": 4, "batch_size": 16, "latent_dim": 6, "use_labels": True}
    values |= {"generator_width": 8, "critic_width": 8}
    return train(
        digits, tmp_path_factory.mktemp("explored runs") / "gan", "dcgan", **values
    )


@pytest.fixture(autouse=True)
def same_threads():
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def test_a_space_opens_with_two_directions_at_right_angles(vae):
    found = Exploring().open(vae)
    assert (found.run, found.step, found.image_size) == (vae, 60, 28)
    assert (found.is_surveyed, found.codes.shape) == (False, (0, 4))
    vectors = np.stack([direction.vector for direction in found.directions])
    np.testing.assert_allclose(vectors @ vectors.T, np.eye(2), atol=1e-6)


def test_what_translates_has_no_space(tmp_path):
    with pytest.raises(RunError, match="There is no run"):
        Exploring().open(tmp_path / "gone")


def test_pictures_are_those_of_the_space(vae):
    exploring, codes = Exploring(), load_space(vae).draw(20, 3)
    found = exploring.decode(vae, codes)
    np.testing.assert_array_equal(found.pictures, load_space(vae).decode(codes))
    assert found.seconds > 0
    np.testing.assert_array_equal(exploring.draw(vae, 3), codes[0])


def test_a_class_is_asked_for_where_there_are_classes(gan):
    exploring, codes = Exploring(), load_space(gan).draw(16, 0)
    three = exploring.decode(gan, codes, 3).pictures
    np.testing.assert_array_equal(three, load_space(gan).decode(codes, np.full(16, 3)))
    assert (three != exploring.decode(gan, codes, 4).pictures).any()
    assert exploring.open(gan).classes == tuple("0123456789")


def test_a_saved_picture_holds_its_code(vae, tmp_path):
    exploring = Exploring()
    code = exploring.draw(vae, 5)
    path = exploring.save(vae, code, tmp_path / "five.png", None)
    np.testing.assert_array_equal(read_codes(path).codes, code[None])


def test_beside_a_run_one_thread_is_enough(vae):
    is_training = True
    exploring = Exploring(lambda: is_training)
    exploring.decode(vae, np.zeros((1, 4), np.float32))
    assert torch.get_num_threads() == 1


def test_a_run_in_training_shows_its_weights_of_the_moment(vae):
    weights = load_space(vae).engine.weights()
    darker = {
        name: value - 1 if name == "vae.decoder.2.bias" else value
        for name, value in weights.items()
    }
    newest = [None, (61, darker), (61, darker)]
    exploring = Exploring(live=lambda _run: newest.pop(0))
    code = np.zeros((1, 4), np.float32)
    assert exploring.open(vae).step == 60
    before = exploring.decode(vae, code).pictures
    assert exploring.renew(vae) == 61
    assert exploring.decode(vae, code).pictures.mean() < before.mean()
    assert exploring.renew(vae) is None  # there is nothing newer


def test_a_run_that_has_saved_again_is_loaded_again(vae, tmp_path):
    run = tmp_path / "copy"
    shutil.copytree(vae, run)
    exploring = Exploring()
    assert exploring.open(run).step == 60
    assert exploring.renew(run) is None
    list(go_on(ResumeRun(folder=run, changes={"steps": 64}), Controls()))
    assert exploring.renew(run) == 64


def test_two_spaces_are_kept(vae, gan, tmp_path):
    run = tmp_path / "copy"
    shutil.copytree(vae, run)
    exploring = Exploring()
    for path in (vae, gan, run):
        exploring.open(path)
    assert list(exploring._spaces) == [gan, run]


# ----------------------------------------------------------------------------
# Surveys.


def test_a_space_with_an_encoder_is_surveyed_by_its_data(vae):
    found = survey(vae, cancelled=never)
    assert found.is_surveyed
    training = load_space(vae).engine.config
    assert found.codes.shape[1] == training.latent_dim
    assert 100 <= len(found.codes) <= 120  # all but those held out
    first = found.directions[0]
    assert first.kind == "pca"
    centred = found.codes - found.codes.mean(axis=0)
    _, _, vectors = np.linalg.svd(centred, full_matrices=False)
    assert abs(first.vector @ vectors[0]) == pytest.approx(1, abs=1e-5)
    kinds = [direction.kind for direction in found.directions]
    assert kinds == sorted(kinds, key=["pca", "coordinate", "random"].index)
    assert not any(direction.dead for direction in found.directions)


def test_without_an_encoder_it_is_surveyed_by_what_it_draws(gan):
    found = survey(gan, cancelled=never)
    assert found.codes.shape == (1000, 6)
    assert found.directions[0].kind == "pca"
    assert found.classes == tuple("0123456789")


def test_where_the_data_are_gone_draws_stand_in(vae, digits, tmp_path):
    away = tmp_path / "away"
    digits.rename(away)
    try:
        found = survey(vae, cancelled=never)
    finally:
        away.rename(digits)
    assert found.codes.shape == (1000, 4)


def test_a_survey_can_be_given_up(vae):
    given_up = threading.Event()
    given_up.set()
    with pytest.raises(Cancelled):
        survey(vae, cancelled=given_up.is_set)
