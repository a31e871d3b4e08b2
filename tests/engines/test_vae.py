"""Tests for engines.vae: the bound is exact, the step descends it, and it learns."""

import copy
import math

import pytest
import torch
from torch.distributions import Bernoulli, Normal, kl_divergence

from engines.base import Decoder, Encoder, Evaluator
from engines.catalogue import ENGINES
from engines.configs.vae import PRESETS, VAEConfig, curves, measures
from engines.data.batches import PictureBatch
from engines.training.device import choose
from engines.vae import (
    VAE,
    bernoulli_nll,
    draw,
    gaussian_kl,
    gaussian_nll,
)


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def config(**values) -> VAEConfig:
    small = {
        "image_size": 28,
        "colours": "grey",
        "width": 8,
        "hidden_width": 64,
        "latent_dim": 4,
        "batch_size": 32,
        "steps": 100,
    }
    return VAEConfig(**{**small, **values})


def build(**values) -> VAE:
    return VAE(config(**values), choose("cpu", "fp32"))


def bars(seed=0, count=32, side=28, channels=1) -> PictureBatch:
    """A soft white bar on black, whose place and brightness vary."""
    rng = generator(seed)
    place = torch.rand(count, 1, 1, 1, generator=rng) * 0.6 + 0.2
    light = torch.rand(count, 1, 1, 1, generator=rng) * 0.5 + 0.5
    column = torch.linspace(0, 1, side)
    pixels = light * torch.exp(-(((column - place) / 0.1) ** 2))
    x = (2 * pixels - 1).expand(count, channels, side, side).contiguous()
    return PictureBatch(x, torch.zeros(count, dtype=torch.int64))


def train(engine, steps, first=0):
    for step in range(first, first + steps):
        losses = engine.train_step(bars(seed=step, channels=engine.config.channels))
    return {name: value.item() for name, value in losses.items()}


def snapshot(engine):
    return {name: value.clone() for name, value in engine.weights().items()}


def same(one, other):
    return all(torch.equal(value, other[name]) for name, value in one.items())


# ----------------------------------------------------------------------------
# The terms of the bound.


def test_the_kl_is_that_of_torch_distributions():
    mean = torch.randn(50, 7, generator=generator()) * 2
    log_var = torch.randn(50, 7, generator=generator(1))
    q, prior = Normal(mean, (log_var / 2).exp()), Normal(0.0, 1.0)
    torch.testing.assert_close(
        gaussian_kl(mean, log_var), kl_divergence(q, prior).sum(1), atol=1e-5, rtol=1e-5
    )


def test_the_kl_of_known_gaussians():
    # N(2, 1): half of 2². N(0, e²): half of e² - 1 - 2. The prior itself: nothing.
    mean = torch.tensor([[2.0], [0.0], [0.0]])
    log_var = torch.tensor([[0.0], [2.0], [0.0]])
    expected = torch.tensor([2.0, 0.5 * (math.e**2 - 3), 0.0])
    torch.testing.assert_close(gaussian_kl(mean, log_var), expected)


def test_a_coin_that_knows_nothing_costs_ln_2_a_pixel():
    pixels = torch.rand(3, 2, 5, 5, generator=generator())
    found = bernoulli_nll(pixels, torch.zeros_like(pixels))
    torch.testing.assert_close(found, torch.full((3,), 50 * math.log(2)))


def test_the_coins_are_those_of_torch_distributions():
    pixels = torch.rand(4, 1, 6, 6, generator=generator())
    logits = torch.randn(4, 1, 6, 6, generator=generator(1))
    coins = Bernoulli(logits=logits, validate_args=False)
    expected = -coins.log_prob(pixels).flatten(1).sum(1)
    torch.testing.assert_close(bernoulli_nll(pixels, logits), expected)


@pytest.mark.parametrize("sigma", [0.05, 1.0])
def test_the_noise_is_that_of_torch_distributions(sigma):
    pixels, mean = torch.rand(2, 4, 3, 6, 6, generator=generator())
    expected = -Normal(mean, sigma).log_prob(pixels).flatten(1).sum(1)
    found = gaussian_nll(pixels, mean, torch.tensor(math.log(sigma)))
    torch.testing.assert_close(found, expected)


def test_draws_have_the_mean_and_variance_asked_for_and_pass_gradients():
    mean = torch.full((40_000, 1), 3.0, requires_grad=True)
    log_var = torch.full((40_000, 1), math.log(0.25), requires_grad=True)
    z = draw(mean, log_var, generator())
    assert z.mean().item() == pytest.approx(3, abs=0.01)
    assert z.std().item() == pytest.approx(0.5, abs=0.01)
    z.sum().backward()
    torch.testing.assert_close(mean.grad, torch.ones_like(mean))
    # dz / d(log var) = (z - mean) / 2
    torch.testing.assert_close(log_var.grad, (z - mean).detach() / 2)


# ----------------------------------------------------------------------------
# A linear VAE is probabilistic PCA (Tipping & Bishop 1999; Lucas et al. 2019).


def best_log_likelihood(x, dims):
    """Mean log-likelihood of the pPCA model that fits best (T. & B., eqs. 4 and 8)."""
    n, d = x.shape
    covariance = (x - x.mean(0)).T @ (x - x.mean(0)) / n
    values = torch.linalg.eigvalsh(covariance).flip(0)
    noise = values[dims:].mean()
    log_det = values[:dims].log().sum() + (d - dims) * noise.log()
    return -0.5 * (d * math.log(2 * math.pi) + log_det + d).item()


def test_a_linear_vae_reaches_the_likelihood_of_ppca_and_never_exceeds_it():
    rng = generator(1)
    loadings = torch.tensor([[2.0, 0.0], [0.0, 1.0], [1.0, 1.0], [0.5, -1.0], [0, 0]])
    z = torch.randn(400, 2, generator=rng)
    x = z @ loadings.T + 0.3 * torch.randn(400, 5, generator=rng) + 1.0
    best = best_log_likelihood(x, dims=2)

    encoder, decoder = torch.nn.Linear(5, 2), torch.nn.Linear(2, 5)
    for layer in (encoder, decoder):
        torch.nn.init.normal_(layer.weight, 0, 0.1, generator=rng)
        torch.nn.init.zeros_(layer.bias)
    log_var, log_sigma = torch.zeros(2), torch.zeros(())
    parameters = [*encoder.parameters(), *decoder.parameters(), log_var, log_sigma]
    adam = torch.optim.Adam([p.requires_grad_() for p in parameters], lr=0.03)
    fall = torch.optim.lr_scheduler.LinearLR(adam, 1, 0.02, total_iters=600)

    def elbo(points):
        mean = encoder(points)
        spread = log_var.expand_as(mean)
        made = decoder(draw(mean, spread, rng))
        return -gaussian_nll(points, made, log_sigma) - gaussian_kl(mean, spread)

    for step in range(600):
        adam.zero_grad()
        (-elbo(x).mean()).backward()
        adam.step()
        fall.step()
        if step % 150 == 149:
            with torch.no_grad():
                draws = torch.stack([elbo(x).mean() for _ in range(100)])
            error = draws.std().item() / 10
            assert draws.mean().item() < best + 4 * error
    assert draws.mean().item() == pytest.approx(best, abs=0.1)
    assert log_sigma.exp().item() == pytest.approx(0.3, abs=0.02)


# ----------------------------------------------------------------------------
# Training.


@pytest.mark.parametrize("network", ["conv", "mlp"])
@pytest.mark.parametrize("likelihood", ["bernoulli", "gaussian", "gaussian_learned"])
def test_it_learns_to_remake_pictures_it_never_saw(network, likelihood):
    engine = build(network=network, likelihood=likelihood, learning_rate=3e-3)
    held_out = bars(seed=999).x
    before = engine.evaluate(held_out)["elbo"].mean().item()
    train(engine, 120)
    again = engine.decode(engine.encode(held_out))
    # Without a code the mean picture is the best answer.
    knowing_nothing = (held_out - held_out.mean(0)).square().mean()
    assert (again - held_out).square().mean() < 0.4 * knowing_nothing
    assert engine.evaluate(held_out)["elbo"].mean().item() < before - 50


def test_new_pictures_are_bars_as_well():
    # A bar is the same in every row, and brighter than the mean of many.
    # Two dimensions, for its place and its brightness.
    engine = build(network="mlp", latent_dim=2, learning_rate=4e-3)
    train(engine, 250)
    samples = engine.decode(engine.sample_prior(64, generator()))
    rows = samples.std(dim=2).mean().item()
    assert rows < 0.25 * samples.std(dim=3).mean().item()
    brightest = samples.amax(dim=(1, 2, 3)).median().item()
    assert brightest > bars(count=1000).x.mean(dim=0).max().item() + 0.25
    assert samples.std(dim=0).mean() > 0.5 * bars().x.std(dim=0).mean()


def test_the_first_loss_is_that_of_grey_pictures_and_no_description():
    losses = build().train_step(bars())
    assert losses["reconstruction"].item() == pytest.approx(784 * math.log(2), rel=0.15)
    assert 0 <= losses["kl"].item() < 5


def test_the_reported_losses_are_off_the_graph_and_add_up_without_beta():
    losses = build(beta=7.0).train_step(bars())
    for value in losses.values():
        assert value.ndim == 0
        assert not value.requires_grad
    torch.testing.assert_close(losses["elbo"], losses["reconstruction"] + losses["kl"])


def test_beta_buys_a_shorter_description_with_larger_errors():
    found = []
    for beta in (0.0, 1.0, 100.0):
        engine = build(network="mlp", beta=beta, learning_rate=4e-3)
        found.append(train(engine, 80))
    assert found[0]["kl"] > 2 * found[1]["kl"] > 20 * found[2]["kl"]
    assert found[2]["reconstruction"] > found[1]["reconstruction"] + 20


def test_the_warm_up_begins_without_beta_and_ends_with_all_of_it():
    warm, none, full = build(kl_warmup=0.5), build(beta=0.0), build()
    warm.set_progress(0.0)
    for engine in (warm, none, full):
        train(engine, 2)
    assert same(warm.weights(), none.weights())
    assert not same(warm.weights(), full.weights())

    warm, half, full = build(kl_warmup=0.5), build(beta=0.5), build()
    warm.set_progress(0.25)
    for engine in (warm, half):
        train(engine, 2)
    assert same(warm.weights(), half.weights())
    late = build(kl_warmup=0.5)
    late.set_progress(0.5)
    for engine in (late, full):
        train(engine, 2)
    assert same(late.weights(), full.weights())


def test_the_learning_rate_is_constant_unless_it_is_to_fall():
    constant, falling = build(), build(decay_from=0.5)
    for fraction, expected in ((0.0, 1e-3), (0.5, 1e-3), (0.75, 5e-4), (0.9, 2e-4)):
        for engine, rate in ((constant, 1e-3), (falling, expected)):
            engine.set_progress(fraction)
            group = engine.optimizers["vae"].param_groups[0]
            assert group["lr"] == pytest.approx(rate)


def test_a_learned_sigma_finds_the_noise_of_the_pictures():
    # Nothing but fresh noise of 0.1 around grey: no code can tell it in advance.
    engine = build(network="mlp", likelihood="gaussian_learned", sigma=0.3)
    assert engine.vae.log_sigma().exp().item() == pytest.approx(0.3)
    for step in range(200):
        noise = torch.randn(32, 1, 28, 28, generator=generator(step)) * 0.1
        engine.train_step(PictureBatch(2 * noise, torch.zeros(32)))
    assert engine.vae.log_sigma().exp().item() == pytest.approx(0.1, rel=0.05)


def test_a_fixed_sigma_is_in_force_and_stays():
    engine = build(likelihood="gaussian", sigma=0.2)
    x = bars().x
    found = engine.evaluate(x)
    with torch.no_grad():
        mean, log_var = engine.vae.eval().posterior(x)
        made = engine.decode(draw(mean, log_var, generator()))
    # By hand, from pictures of twice the range of pixels.
    squares = ((x - made) / 2 / 0.2).square().flatten(1).sum(1) / 2
    by_hand = squares + 784 * math.log(0.2 * math.sqrt(2 * math.pi))
    torch.testing.assert_close(found["reconstruction"], by_hand, atol=0.1, rtol=1e-4)
    train(engine, 3)
    assert engine.vae.log_sigma().exp().item() == pytest.approx(0.2)
    assert not any("sigma" in name for name in engine.weights())


# ----------------------------------------------------------------------------
# Use.


@pytest.mark.parametrize("network", ["conv", "mlp"])
@pytest.mark.parametrize("side", [28, 32, 64, 128])
@pytest.mark.parametrize("colours", ["grey", "colour"])
def test_pictures_of_every_size_go_in_and_come_out(network, side, colours):
    engine = build(network=network, image_size=side, colours=colours)
    channels = 1 if colours == "grey" else 3
    x = bars(count=2, side=side, channels=channels).x
    code = engine.encode(x)
    assert code.shape == (2, 4)
    again = engine.decode(code)
    assert again.shape == x.shape
    assert again.dtype == torch.float32
    assert again.abs().max() <= 1


def test_it_says_what_it_can():
    engine = build()
    assert isinstance(engine, Decoder)
    assert isinstance(engine, Encoder)
    assert isinstance(engine, Evaluator)
    assert (engine.latent_dim, engine.classes) == (4, 0)


def test_points_of_the_prior_are_standard_normal_and_repeat():
    engine = build()
    z = engine.sample_prior(20_000, generator(3))
    assert z.shape == (20_000, 4)
    torch.testing.assert_close(z.mean(0), torch.zeros(4), atol=0.03, rtol=0)
    torch.testing.assert_close(z.std(0), torch.ones(4), atol=0.03, rtol=0)
    assert torch.equal(z, engine.sample_prior(20_000, generator(3)))


def test_use_repeats_and_leaves_training_alone():
    watched, unwatched = build(), build()
    x = bars(seed=5).x
    for step in range(3):
        one, two = (watched.decode(watched.encode(x)) for _ in range(2))
        assert torch.equal(one, two)
        first, second = watched.evaluate(x), watched.evaluate(x)
        assert all(torch.equal(first[name], second[name]) for name in first)
        assert not any(value.requires_grad for value in first.values())
        train(watched, 1, first=step)
        train(unwatched, 1, first=step)
    assert watched.vae.training
    assert same(watched.weights(), unwatched.weights())


def test_what_is_said_of_a_picture_is_the_bound():
    engine = build(network="mlp")
    train(engine, 30)
    x = bars(seed=9).x
    found = engine.evaluate(x)
    assert all(value.shape == (32,) for value in found.values())
    torch.testing.assert_close(found["elbo"], found["reconstruction"] + found["kl"])
    with torch.no_grad():
        mean, log_var = engine.vae.posterior(x)
        z = draw(mean, log_var, generator())
        expected = bernoulli_nll((x + 1) / 2, engine.vae.logits(z))
    torch.testing.assert_close(found["kl"], gaussian_kl(mean, log_var))
    # Another z: the same picture to within what noise in z makes of it.
    torch.testing.assert_close(
        found["reconstruction"].mean(), expected.mean(), rtol=0.05, atol=0
    )


def test_a_code_can_ask_how_its_picture_changes():
    engine = build()
    z = engine.sample_prior(2, generator()).requires_grad_()
    (slopes,) = torch.autograd.grad(engine.decode(z).sum(), z)
    with torch.no_grad():
        step = torch.zeros_like(z)
        step[0, 1] = 1e-3
        rise = (engine.decode(z + step) - engine.decode(z - step)).double().sum()
    assert rise.item() / 2e-3 == pytest.approx(slopes[0, 1].item(), rel=0.05)
    assert not engine.decode(z.detach()).requires_grad


def test_the_posterior_is_the_mean_and_the_root_of_the_variance():
    engine = build()
    x = bars(count=3).x
    mean, deviation = engine.posterior(x)
    torch.testing.assert_close(mean, engine.encode(x))
    _, log_var = engine.in_use("vae").eval().posterior(x)
    torch.testing.assert_close(deviation.square().log(), log_var.detach())


def test_use_takes_the_average_where_there_is_one():
    engine = build(ema_decay=0.9)
    train(engine, 5)
    x = bars(seed=5).x
    with torch.no_grad():
        plain, _ = copy.deepcopy(engine.vae).eval().posterior(x)
    assert not torch.allclose(engine.encode(x), plain, atol=1e-4)
    assert engine.averages["vae"].updates == 5
    averaged = engine.averages["vae"].network
    assert torch.equal(engine.encode(x), averaged.posterior(x)[0])


@pytest.mark.parametrize("likelihood", ["bernoulli", "gaussian_learned"])
@pytest.mark.parametrize("ema_decay", [0.0, 0.9])
def test_a_restored_engine_goes_on_to_the_bit(likelihood, ema_decay):
    values = {"likelihood": likelihood, "ema_decay": ema_decay, "kl_warmup": 0.8}
    engine = build(**values)
    train(engine, 3)
    weights = snapshot(engine)
    state = {k: v.clone() for k, v in engine.training_state().items()}

    other = build(**values, seed=7)
    other.load_weights(weights)
    other.load_training_state(state)
    for step in range(3, 6):
        for e in (engine, other):
            e.set_progress(step / 6)
        assert train(engine, 1, first=step) == train(other, 1, first=step)
    assert same(engine.weights(), other.weights())


def test_another_sigma_to_begin_with_does_not_move_one_that_was_learnt():
    engine = build(likelihood="gaussian_learned", sigma=0.4)
    train(engine, 3)
    resumed = build(likelihood="gaussian_learned", sigma=0.1)
    resumed.load_weights(engine.weights())
    assert torch.equal(resumed.vae.log_sigma(), engine.vae.log_sigma())


@pytest.mark.parametrize("network", ["conv", "mlp"])
def test_bfloat16_trains_close_to_float32(network):
    batch = bars()
    exact = build(network=network).train_step(batch)
    rough = VAE(config(network=network), choose("cpu", "bf16")).train_step(batch)
    for name in ("elbo", "reconstruction"):
        assert rough[name].dtype == torch.float32
        assert rough[name].item() == pytest.approx(exact[name].item(), rel=0.02), name


# ----------------------------------------------------------------------------
# What the catalogue says of it.


def test_the_catalogue_names_what_the_engine_delivers():
    entry = ENGINES["vae"]
    assert entry.load() is VAE
    assert entry.data == "single"
    engine = build()
    assert [curve.name for curve in curves(engine.config)] == list(
        engine.train_step(bars())
    )
    told = {curve.name for curve in measures(engine.config)}
    assert told >= {*engine.evaluate(bars().x), "active", "swd"}


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_a_config_that_trains(name):
    engine = VAE(VAEConfig(**PRESETS[name].values), choose("cpu", "fp32"))
    side = engine.config.image_size
    losses = engine.train_step(bars(count=2, side=side, channels=3))
    assert all(value.isfinite() for value in losses.values())
