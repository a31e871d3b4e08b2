"""Tests for engines.latent.space: what a run has learnt, as codes and pictures."""

import shutil

import numpy as np
import pytest
import torch

from engines.data.images import grey
from engines.errors import RunError
from engines.latent.pictures import load_pictures
from engines.latent.space import PIECE, load_space
from engines.runs.folder import RunFolder


def test_it_says_what_it_is(vae, gan):
    assert (vae.name, vae.step) == ("Digits vae", 400)
    assert (vae.latent_dim, vae.image_size, vae.channels) == (8, 28, 1)
    assert (vae.prior, vae.classes, vae.can_encode) == ("normal", (), True)
    assert (gan.prior, gan.can_encode) == ("uniform", False)
    assert gan.classes == tuple("0123456789")


# ----------------------------------------------------------------------------
# Codes drawn, and made pictures.


def test_a_seed_draws_the_same_codes_however_many(vae):
    many = vae.draw(50, seed=3)
    assert many.shape == (50, 8)
    assert many.dtype == np.float32
    np.testing.assert_array_equal(vae.draw(7, seed=3), many[:7])
    assert (vae.draw(50, seed=4) != many).all()
    np.testing.assert_array_equal(vae.draw(50, seed=3, truncation=0.5), many / 2)


def test_codes_come_from_the_prior(vae, gan):
    assert vae.draw(4000, seed=0).std() == pytest.approx(1, abs=0.02)
    uniform = gan.draw(4000, seed=0)
    assert uniform.std() == pytest.approx(1 / np.sqrt(3), abs=0.01)
    assert np.abs(uniform).max() <= 1


def test_pictures_are_those_of_the_engine(vae):
    codes = vae.draw(5, seed=0)
    made = vae.decode(codes)
    assert made.shape == (5, 28, 28, 3)
    assert made.dtype == np.uint8
    floats = vae.engine.decode(torch.from_numpy(codes))[:, 0].numpy()
    expected = np.rint((floats + 1) * 127.5)
    assert (made == expected[..., None]).all()  # grey: three channels alike


def test_a_request_repeats_to_the_bit(vae, gan):
    for space in (vae, gan):
        codes = space.draw(3 * PIECE + 5, seed=1)
        labels = np.arange(len(codes)) % 10 if space.classes else None
        first = space.decode(codes, labels)
        np.testing.assert_array_equal(space.decode(codes, labels), first)


def test_a_code_gives_the_same_picture_whatever_is_asked_beside_it(vae, gan):
    rng = np.random.default_rng(0)
    for space in (vae, gan):
        codes = space.draw(100, seed=1)
        labels = np.arange(100) % 10
        made = space.decode(codes, labels if space.classes else None)
        for count in (PIECE, PIECE + 1, 2 * PIECE - 1, 60):
            rows = rng.permutation(100)[:count]
            again = space.decode(codes[rows], labels[rows] if space.classes else None)
            np.testing.assert_array_equal(again, made[rows])


def test_many_codes_are_made_so_many_at_once_and_never_fewer(vae, monkeypatch):
    sizes, decode = [], vae.engine.decode

    def watched(z, labels=None):
        sizes.append(len(z))
        return decode(z, labels)

    monkeypatch.setattr(vae.engine, "decode", watched)
    codes = vae.draw(2 * PIECE + 3, seed=1)
    assert [len(piece) for piece in vae.pieces(codes)] == [PIECE, PIECE, 3]
    assert sizes == [PIECE] * 3
    vae.decode(codes[:3])
    assert sizes[3:] == [3]


def test_a_few_codes_give_the_same_pictures_to_within_a_level(vae, gan):
    for space in (vae, gan):
        codes = space.draw(PIECE, seed=1)
        labels = np.arange(PIECE) % 10
        made = space.decode(codes, labels if space.classes else None)
        for n in range(PIECE):
            of = labels[n : n + 1] if space.classes else None
            alone = space.decode(codes[n : n + 1], of)[0]
            off = np.abs(alone.astype(int) - made[n])
            assert off.max() <= 1
            assert (off > 0).mean() < 0.01


def test_classes_can_be_asked_for(gan):
    code = np.repeat(gan.draw(1, seed=0), 2, axis=0)
    zero, nine = gan.decode(code, np.array([0, 9]))
    assert (zero != nine).any()


def test_no_codes_are_no_pictures(vae):
    assert vae.decode(np.empty((0, 8), np.float32)).shape == (0, 28, 28, 3)
    assert vae.encode(np.empty((0, 28, 28, 3), np.uint8))[0].shape == (0, 8)


# ----------------------------------------------------------------------------
# Pictures, and the codes that they have.


def test_a_picture_comes_back_from_its_code(vae, digit_pictures):
    pictures, _ = digit_pictures
    means, deviations = vae.encode(pictures)
    assert means.shape == deviations.shape == (400, 8)
    assert (deviations > 0).all()
    assert (deviations < 1.2).all()
    again = vae.decode(means).astype(float)
    squares = np.square(again - pictures).mean()
    assert squares < 0.6 * pictures.astype(float).var(axis=0).mean()


def test_codes_are_what_the_posterior_says(vae, digit_pictures):
    pictures = digit_pictures[0][:7]
    x = np.stack([grey(picture)[None, ..., 0] for picture in pictures]) / 127.5 - 1
    mean, log_var = vae.engine.in_use("vae").eval().posterior(torch.tensor(x).float())
    found = vae.encode(pictures)
    torch.testing.assert_close(torch.tensor(found[0]), mean, atol=1e-5, rtol=1e-5)
    expected = torch.exp(log_var / 2)
    torch.testing.assert_close(torch.tensor(found[1]), expected, atol=1e-5, rtol=1e-5)


def test_without_an_encoder_that_is_said(gan, digit_pictures):
    with pytest.raises(RunError, match="'Digits dcgan' cannot look up where a picture"):
        gan.encode(digit_pictures[0][:1])
    assert gan.evaluate(digit_pictures[0][:1]) == {}


def test_the_error_of_held_out_pictures_is_that_of_the_evaluation(vae, vae_run):
    measured = [
        event for event in RunFolder.open(vae_run).events.read() if "swd" in event
    ][-1]
    held_out = load_pictures(vae_run, "held_out")
    found = vae.evaluate(held_out.pictures)
    for name in ("elbo", "reconstruction", "kl"):
        assert found[name].shape == (len(held_out.pictures),)
        assert found[name].mean(dtype=float) == pytest.approx(measured[name], rel=1e-6)


def test_pictures_made_again_are_those_of_the_preview(vae, vae_run):
    previews = RunFolder.open(vae_run).previews
    columns, _ = previews.load_fixed()
    sheet = next(column for column in columns if column.name == "real").pictures[0]
    made = previews.load(400)["reconstructions"][0]
    tiles, expected = (
        whole.reshape(9, 28, 9, 28, 3).swapaxes(1, 2).reshape(81, 28, 28, 3)
        for whole in (sheet, made)
    )
    shown = tiles.any(axis=(1, 2, 3)).sum()  # the rest of the sheet is empty
    again = vae.decode(vae.encode(tiles[:shown])[0])
    assert np.abs(again.astype(int) - expected[:shown]).max() <= 1


def test_a_picture_of_any_size_is_fitted_as_for_training(vae):
    picture = np.zeros((40, 100, 3), np.uint8)
    picture[:, 28:72] = 255  # the middle square, and a little more
    assert vae.shape == "cut"
    fitted = vae.fitted(picture)
    assert fitted.shape == (28, 28, 3)
    assert fitted.min() == 255


# ----------------------------------------------------------------------------
# Weights.


def test_other_weights_of_the_run_can_be_taken(vae, vae_run):
    run_folder = RunFolder.open(vae_run)
    old = run_folder.weight_steps()[0]
    assert old < 400
    earlier = load_space(vae_run, step=old, device="cpu")
    codes = vae.draw(4, seed=0)
    expected = earlier.decode(codes)
    assert (vae.decode(codes) != expected).any()
    vae.refresh(run_folder.load_weights(old).weights, old)
    np.testing.assert_array_equal(vae.decode(codes), expected)
    assert vae.step == old


def test_a_model_that_translates_is_refused_in_words(vae_run, tmp_path):
    copy = shutil.copytree(vae_run, tmp_path / "copy")
    RunFolder.open(copy).update(engine="cyclegan")
    with pytest.raises(RunError, match="CycleGAN translates pictures; it has no"):
        load_space(copy)
    with pytest.raises(RunError, match="There is no run in"):
        load_space(tmp_path)
