"""Tests for engines.dcgan: the step does what the paper says, and it learns."""

import math

import pytest
import torch

from engines.base import Decoder
from engines.configs import ConfigError
from engines.configs.dcgan import DCGANConfig, curves
from engines.dcgan import DCGAN
from engines.errors import DataError
from engines.training.device import choose
from tests.engines.halves import (
    KINDS,
    assert_goes_on_to_the_bit,
    halves,
    sample,
    state,
    train,
    upper_minus_lower,
)


def build(class_count=KINDS, **values) -> DCGAN:
    small = {
        "image_size": 28,
        "colours": "grey",
        "batch_size": 16,
        "steps": 100,
        "latent_dim": 8,
        "generator_width": 8,
        "critic_width": 8,
    }
    config = DCGANConfig.checked({**small, **values})
    return DCGAN(config, choose("cpu", "fp32"), class_count=class_count)


def trained(steps, **values):
    engine = build(**values)
    train(engine, steps)
    return engine


def unchanged(network, before):
    return all(torch.equal(v, before[k]) for k, v in network.state_dict().items())


@pytest.fixture(scope="module")
def fast():
    """An engine that has learnt the two halves."""
    return trained(120, learning_rate=2e-3, ema_decay=0.9)


def test_it_learns_both_kinds_of_pictures(fast):
    made = upper_minus_lower(sample(fast))
    # Real pictures are at +1.6 and -1.6; what lies between them is passed through.
    assert 0.7 < made.abs().mean() < 1.7
    assert (made > 0.7).float().mean() > 0.15
    assert (made < -0.7).float().mean() > 0.15
    untrained = upper_minus_lower(sample(build()))
    assert untrained.abs().max() < 0.3


def test_asked_for_a_kind_it_paints_that_kind():
    engine = trained(80, use_labels=True, learning_rate=2e-3, ema_decay=0.9)
    labels = torch.arange(64) % KINDS
    made = upper_minus_lower(sample(engine, labels=labels))
    assert made[labels == 0].mean() > 1.1
    assert made[labels == 1].mean() < -1.1


def test_the_average_paints_as_well_as_the_network_it_follows(fast):
    # Batch norm's statistics are copied, not averaged: they must still fit.
    averaged = sample(fast)
    fast_average = fast.averages.pop("generator")
    plain = sample(fast)
    fast.averages["generator"] = fast_average
    assert not torch.equal(averaged, plain)
    assert averaged.std() == pytest.approx(plain.std().item(), rel=0.2)


def test_first_losses_are_those_of_a_discriminator_that_knows_nothing():
    engine = build()
    losses = engine.train_step(halves(0, engine.config))
    assert losses["discriminator"].item() == pytest.approx(math.log(2), abs=0.15)
    assert all(v.ndim == 0 and not v.requires_grad for v in losses.values())
    assert set(losses) == {curve.name for curve in curves(engine.config)}


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_the_discriminator_descends_the_sum_of_its_two_losses(smoothing):
    # Adam forgets the scale of a gradient, so plain descent shows it.
    engine = build(smoothing=smoothing)
    engine.optimizers["critic"] = torch.optim.SGD(
        [engine.masters["critic"].row], lr=1.0
    )
    with torch.no_grad():  # every logit is then the bias
        engine.critic.score.weight.zero_()
        engine.critic.score.bias.fill_(1.0)
    engine.train_step(halves(0, engine.config))
    # The sum's slope in the bias: sigma - target from real, sigma from fake.
    sigma = 1 / (1 + math.exp(-1))
    expected = 1 - (sigma - (1 - smoothing) + sigma)
    assert engine.critic.score.bias.item() == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(
    "values",
    [
        {"gan_loss": "minimax"},
        {"gan_loss": "least_squares"},
        {"smoothing": 0.1},
        {"r1_weight": 1.0},
        {"critic_steps": 2},
        {"use_labels": True},
        {"use_labels": True, "r1_weight": 1.0},
        {"colours": "colour", "image_size": 32},
        {"image_size": 64},
        {"image_size": 128},
        {"prior": "normal"},
        {"ema_decay": 0.0},
    ],
    ids=str,
)
def test_every_choice_trains_both_networks_and_paints_the_right_shape(values):
    engine = build(**values, batch_size=4)
    before = {
        n: {k: v.clone() for k, v in net.state_dict().items()}
        for n, net in engine.networks.items()
    }
    losses = engine.train_step(halves(0, engine.config))
    assert all(value.isfinite() for value in losses.values())
    for name, network in engine.networks.items():
        for key, value in network.named_parameters():
            assert not torch.equal(value, before[name][key]), (name, key)
    labels = torch.tensor([0, 1, 0]) if engine.classes else None
    made = sample(engine, 3, labels)
    side = engine.config.image_size
    assert made.shape == (3, engine.config.channels, side, side)
    assert made.abs().max() <= 1


def test_each_turn_of_the_critic_has_pictures_of_its_own():
    engine = build(critic_steps=3)
    batch = halves(0, engine.config)
    assert len(batch.x) == 48
    turns = engine.turns(batch, 3)
    assert [len(turn.x) for turn in turns] == [16, 16, 16]
    assert torch.equal(torch.cat([turn.x for turn in turns]), batch.x)
    assert torch.equal(torch.cat([turn.labels for turn in turns]), batch.labels)
    engine.train_step(batch)
    counts = {
        name: {int(s["step"]) for s in optimizer.state.values()}
        for name, optimizer in engine.optimizers.items()
    }
    assert counts == {"critic": {3}, "generator": {1}}


def test_the_generators_update_does_not_move_the_critic():
    engine = build()
    engine.optimizers["critic"].param_groups[0]["lr"] = 0.0
    before = {k: v.clone() for k, v in engine.critic.named_parameters()}
    engine.train_step(halves(0, engine.config))
    assert all(torch.equal(v, before[k]) for k, v in engine.critic.named_parameters())
    assert all(p.requires_grad for p in engine.critic.parameters())


def test_r1_keeps_the_critic_flat_and_free_of_batch_norm():
    def slope(engine):
        x = halves(99, engine.config, 32)
        real = x.x.requires_grad_(True)
        (gradient,) = torch.autograd.grad(engine.critic(real, x.labels).sum(), real)
        return gradient.flatten(1).norm(dim=1).mean().item()

    values = {"learning_rate": 1e-3, "batch_size": 8}
    gentle, calm = (trained(30, r1_weight=w, **values) for w in (1e-6, 30.0))
    assert slope(calm) < 0.7 * slope(gentle)
    norms = [m for m in calm.critic.modules() if isinstance(m, torch.nn.BatchNorm2d)]
    assert not norms


def test_labels_count_only_where_they_are_learnt():
    engine = build(use_labels=False)
    assert engine.classes == 0
    z = engine.sample_prior(4, torch.Generator().manual_seed(0))
    one = engine.decode(z, torch.zeros(4, dtype=torch.int64))
    assert torch.equal(one, engine.decode(z, torch.ones(4, dtype=torch.int64)))


def test_kinds_cannot_be_learnt_from_pictures_without_any():
    with pytest.raises(DataError, match=r"not sorted into kinds.*use_labels"):
        build(use_labels=True, class_count=0)


@pytest.mark.parametrize(("prior", "spread"), [("uniform", 3**-0.5), ("normal", 1.0)])
def test_the_prior_is_what_it_says(prior, spread):
    engine = build(prior=prior)
    z = engine.sample_prior(4000, torch.Generator().manual_seed(0))
    assert engine.prior == prior
    assert z.shape == (4000, 8)
    assert z.mean().item() == pytest.approx(0, abs=0.02)
    assert z.std().item() == pytest.approx(spread, rel=0.02)
    assert (z.abs().max() <= 1) == (prior == "uniform")
    assert torch.equal(z, engine.sample_prior(4000, torch.Generator().manual_seed(0)))


def test_decoding_changes_nothing_and_repeats(fast):
    assert isinstance(fast, Decoder)
    before = state(fast)
    assert torch.equal(sample(fast), sample(fast))
    # A picture does not depend on those it is made with, as with batch norm it might.
    torch.testing.assert_close(sample(fast)[:1], sample(fast, 1), atol=1e-5, rtol=0)
    after = fast.weights() | fast.training_state()
    assert all(torch.equal(value, before[key]) for key, value in after.items())
    assert fast.generator.training


def test_a_code_can_ask_how_its_picture_changes(fast):
    z = fast.sample_prior(2, torch.Generator().manual_seed(0)).requires_grad_()
    (slopes,) = torch.autograd.grad(fast.decode(z).sum(), z)
    with torch.no_grad():
        step = torch.zeros_like(z)
        step[0, 1] = 1e-2
        rise = (fast.decode(z + step) - fast.decode(z - step)).double().sum()
    assert rise.item() / 2e-2 == pytest.approx(slopes[0, 1].item(), rel=0.05)
    assert not fast.decode(z.detach()).requires_grad


@pytest.mark.parametrize(
    "values", [{}, {"ema_decay": 0.0}, {"critic_steps": 2, "use_labels": True}], ids=str
)
def test_a_restored_engine_goes_on_to_the_bit(values):
    engine = trained(2, **values)
    assert_goes_on_to_the_bit(engine, build(**values, seed=7))


def test_the_learning_rate_is_the_papers_and_falls_only_where_asked():
    engine = build(decay_from=0.5, beta1=0.3)
    engine.set_progress(0.75)
    for optimizer in engine.optimizers.values():
        assert optimizer.param_groups[0]["lr"] == pytest.approx(1e-4)
        assert optimizer.param_groups[0]["betas"] == (0.3, 0.999)
    constant = build()
    constant.set_progress(0.99)
    assert constant.optimizers["generator"].param_groups[0]["lr"] == 2e-4


def test_the_initialisation_is_the_papers():
    engine = build(generator_width=32, critic_width=32)
    drawn = torch.cat(
        [
            m.weight.flatten()
            for network in engine.networks.values()
            for m in network.modules()
            if isinstance(
                m, torch.nn.Conv2d | torch.nn.ConvTranspose2d | torch.nn.Linear
            )
        ]
    )
    assert drawn.std().item() == pytest.approx(0.02, rel=0.02)


def test_the_defaults_are_the_papers():
    config = DCGANConfig()
    paper = {
        "image_size": 64,
        "batch_size": 128,
        "learning_rate": 2e-4,
        "beta1": 0.5,
        "latent_dim": 100,
        "prior": "uniform",
        "gan_loss": "cross_entropy",
        "critic_steps": 1,
        "smoothing": 0.0,
        "r1_weight": 0.0,
        "decay_from": 1.0,
    }
    assert {name: getattr(config, name) for name in paper} == paper
    assert not config.crop
    assert not config.mirror


@pytest.mark.parametrize(
    ("values", "guessing"),
    [
        ({}, math.log(2)),
        ({"gan_loss": "minimax"}, math.log(2)),
        ({"gan_loss": "least_squares"}, 0.25),
        # Between targets 0.9 and 0 the best answer is 0.45, and its loss the entropy.
        ({"smoothing": 0.1}, 0.688139),
        ({"smoothing": 0.1, "gan_loss": "least_squares"}, 0.2025),
    ],
)
def test_the_reference_is_the_loss_of_a_critic_that_cannot_tell(values, guessing):
    config = DCGANConfig(**values)
    generator, discriminator = curves(config)
    assert generator.reference is None
    assert discriminator.reference == pytest.approx(guessing, abs=1e-6)


def test_a_side_without_an_architecture_is_refused_in_words():
    with pytest.raises(ConfigError, match="must be one of 28, 32, 64, 128"):
        DCGANConfig.checked({"image_size": 48})
