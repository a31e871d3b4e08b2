"""Tests for engines.pix2pix: the step does what the paper says, and it learns."""

import math

import pytest
import torch

from engines.configs.pix2pix import Pix2PixConfig
from engines.data.batches import PairBatch
from engines.errors import CheckpointError
from engines.pix2pix import Pix2Pix
from engines.training.device import choose


def build(**values) -> Pix2Pix:
    small = {
        "image_size": 32,
        "generator_width": 8,
        "critic_width": 8,
        "batch_size": 4,
        "steps": 100,
    }
    return Pix2Pix(Pix2PixConfig(**{**small, **values}), choose("cpu", "fp32"))


def negatives(seed=0, count=4) -> PairBatch:
    """Smooth random pictures whose answers are their negatives."""
    rng = torch.Generator().manual_seed(seed)
    coarse = torch.rand(count, 3, 4, 4, generator=rng) * 2 - 1
    x = torch.nn.functional.interpolate(coarse, size=32, mode="bilinear")
    return PairBatch(a=x, b=-x)


def snapshot(network):
    return {name: value.clone() for name, value in network.state_dict().items()}


def changed(network, before):
    return any(not torch.equal(v, before[k]) for k, v in network.state_dict().items())


def test_it_learns_to_negate_pictures_it_never_saw():
    engine = build(learning_rate=1e-3, dropout=0.0, adversary="none")
    held_out = negatives(seed=999, count=8)
    before = (engine.translate(held_out.a) - held_out.b).abs().mean().item()
    for step in range(80):
        engine.train_step(negatives(seed=step))
    after = (engine.translate(held_out.a) - held_out.b).abs().mean().item()
    copying = (held_out.a - held_out.b).abs().mean().item()
    assert after < 0.4 * copying < before + copying
    assert after < 0.4 * before


def test_the_discriminator_comes_to_score_real_above_fake():
    engine = build(learning_rate=1e-3)
    engine.optimizers["generator"].param_groups[0]["lr"] = 0.0  # an easy prey
    for step in range(40):
        engine.train_step(negatives(seed=step))
    batch = negatives(seed=777, count=8)
    fake = engine.translate(batch.a)
    with torch.no_grad():
        real_score = engine.discriminator(torch.cat([batch.a, batch.b], 1)).mean()
        fake_score = engine.discriminator(torch.cat([batch.a, fake], 1)).mean()
    assert real_score > fake_score + 1.0


def test_a_conditional_discriminator_sees_the_input():
    engine = build(learning_rate=1e-3)
    for step in range(60):
        engine.train_step(negatives(seed=step))
    batch = negatives(seed=777, count=8)
    with torch.no_grad():
        right = engine.discriminator(torch.cat([batch.a, batch.b], 1)).mean()
        # Real pictures, but the answers to other inputs.
        wrong = engine.discriminator(torch.cat([batch.a, batch.b.roll(1, 0)], 1)).mean()
    assert right > wrong + 0.5


def test_first_losses_are_those_of_a_discriminator_that_knows_nothing():
    losses = build().train_step(negatives())
    assert losses["discriminator"].item() == pytest.approx(math.log(2), abs=0.1)
    assert losses["generator"].item() == pytest.approx(math.log(2), abs=0.4)
    # An untrained generator paints grey: the distance is the target's mean size.
    grey = negatives().b.abs().mean().item()
    assert losses["l1"].item() == pytest.approx(grey, abs=0.1)


def test_the_reported_losses_are_off_the_graph():
    for value in build().train_step(negatives()).values():
        assert value.ndim == 0
        assert not value.requires_grad


@pytest.mark.parametrize(
    ("values", "names"),
    [
        ({}, {"discriminator", "generator", "l1"}),
        ({"adversary": "unconditional"}, {"discriminator", "generator", "l1"}),
        ({"adversary": "none"}, {"l1"}),
        ({"l1_weight": 0.0}, {"discriminator", "generator", "l1"}),
        ({"gan_loss": "least_squares"}, {"discriminator", "generator", "l1"}),
        ({"patch": "1"}, {"discriminator", "generator", "l1"}),
        ({"norm": "batch"}, {"discriminator", "generator", "l1"}),
    ],
)
def test_every_ablation_trains_both_its_networks(values, names):
    engine = build(**values)
    before = {name: snapshot(network) for name, network in engine.networks.items()}
    losses = engine.train_step(negatives())
    assert set(losses) == names
    for name, network in engine.networks.items():
        assert changed(network, before[name]), name


def test_an_unconditional_critic_is_not_shown_the_input():
    engine = build(adversary="unconditional")
    assert engine.discriminator[0].in_channels == 3
    assert build().discriminator[0].in_channels == 6


def test_without_l1_the_distance_is_reported_and_does_not_teach():
    # With the critic's weights at zero its score is constant, so G gets no gradient.
    engine = build(l1_weight=0.0)
    engine.optimizers["discriminator"].param_groups[0]["lr"] = 0.0
    with torch.no_grad():
        for parameter in engine.discriminator.parameters():
            parameter.zero_()
    before = snapshot(engine.generator)
    engine.train_step(negatives())
    assert not changed(engine.generator, before)


def test_the_learning_rate_is_constant_and_then_a_line_to_zero():
    engine = build(learning_rate=2e-4)
    rates = []
    for fraction in (0.0, 0.25, 0.5, 0.75, 0.99):
        engine.set_progress(fraction)
        rates.append([o.param_groups[0]["lr"] for o in engine.optimizers.values()])
    expected = [2e-4, 2e-4, 2e-4, 1e-4, 4e-6]
    for found, rate in zip(rates, expected, strict=True):
        assert found == pytest.approx([rate, rate])


def test_translating_changes_nothing_and_repeats():
    engine = build()
    engine.train_step(negatives())
    before, rng = snapshot(engine.generator), engine.rng.get_state()
    x = negatives(seed=5).a
    first, second = engine.translate(x), engine.translate(x)
    assert torch.equal(first, second)
    assert not changed(engine.generator, before)
    assert torch.equal(engine.rng.get_state(), rng)
    assert engine.generator.training


@pytest.mark.parametrize("gan_loss", ["cross_entropy", "least_squares"])
def test_a_belief_is_a_probability_that_changes_nothing(gan_loss):
    engine = build(gan_loss=gan_loss, patch="16", norm="batch")
    last = engine.discriminator[-1]
    torch.nn.init.zeros_(last.weight)
    before, rng = snapshot(engine.discriminator), engine.rng.get_state()
    batch = negatives()
    sure = []
    for logit in (-2.0, 0.25, 3.0):
        last.bias.data.fill_(logit)
        before["5.bias"] = last.bias.detach().clone()
        belief = engine.believes(batch.a, batch.b)
        assert belief.shape == (4, 1, 14, 14)
        assert belief.min() == belief.max()
        sure.append(belief[0, 0, 0, 0].item())
    expected = {
        "cross_entropy": [1 / (1 + math.exp(-logit)) for logit in (-2.0, 0.25, 3.0)],
        "least_squares": [0.0, 0.25, 1.0],
    }
    assert sure == pytest.approx(expected[gan_loss], abs=1e-6)
    assert not changed(engine.discriminator, before)
    assert torch.equal(engine.rng.get_state(), rng)
    assert engine.discriminator.training


@pytest.mark.parametrize(
    ("patch", "expected"), [("1", (1, 1)), ("16", (16, 2)), ("70", (70, 8))]
)
def test_the_critic_s_patches_are_those_of_the_paper(patch, expected):
    assert build(patch=patch).patch == expected


def test_previews_use_the_average_where_there_is_one():
    engine = build(ema_decay=0.9)
    for step in range(3):
        engine.train_step(negatives(seed=step))
    x = negatives(seed=5).a
    averaged = engine.translate(x)
    with torch.no_grad():
        plain = engine.generator.eval()(x)
    assert not torch.allclose(averaged, plain, atol=1e-4)
    assert engine.weights().keys() == {
        f"generator.{key}" for key in engine.generator.state_dict()
    }


def test_the_average_follows_the_formula():
    engine = build(ema_decay=0.5)
    start = snapshot(engine.averages["generator"].network)
    engine.train_step(negatives())
    now = engine.generator.state_dict()
    average = engine.averages["generator"].network.state_dict()
    # One update: the decay is min(0.5, (1 + 0) / (10 + 0)) = 0.1.
    for name, value in average.items():
        torch.testing.assert_close(value, 0.1 * start[name] + 0.9 * now[name])


@pytest.mark.parametrize("ema_decay", [0.0, 0.9])
def test_a_restored_engine_goes_on_to_the_bit(ema_decay):
    engine = build(ema_decay=ema_decay)
    for step in range(3):
        engine.train_step(negatives(seed=step))
    weights = {k: v.clone() for k, v in engine.weights().items()}
    state = {k: v.clone() for k, v in engine.training_state().items()}

    other = build(ema_decay=ema_decay, seed=7)
    other.load_weights(weights)
    other.load_training_state(state)
    for step in range(3, 6):
        one, two = (e.train_step(negatives(seed=step)) for e in (engine, other))
        assert {k: v.item() for k, v in one.items()} == {
            k: v.item() for k, v in two.items()
        }
    for name, value in engine.weights().items():
        assert torch.equal(value, other.weights()[name]), name


def test_bfloat16_trains_close_to_float32():
    batch = negatives()
    exact = build().train_step(batch)
    rough = Pix2Pix(build().config, choose("cpu", "bf16")).train_step(batch)
    for name, value in exact.items():
        assert rough[name].item() == pytest.approx(value.item(), rel=0.05), name


def restored(engine, **values):
    """Another engine, with other settings, that goes on from *engine*."""
    other = build(**values)
    other.load_weights(engine.weights())
    other.load_training_state(engine.training_state())
    return other


def test_averaging_may_begin_with_a_resume():
    engine = build()
    engine.train_step(negatives())
    resumed = restored(engine, ema_decay=0.99)
    for name, value in engine.generator.state_dict().items():
        assert torch.equal(resumed.generator.state_dict()[name], value), name
        assert torch.equal(resumed.in_use("generator").state_dict()[name], value), name
    resumed.train_step(negatives(seed=1))
    assert resumed.averages["generator"].updates == 1


def test_averaging_may_end_with_a_resume():
    engine = build(ema_decay=0.99)
    engine.train_step(negatives())
    resumed = restored(engine)
    for name, value in engine.generator.state_dict().items():
        assert torch.equal(resumed.in_use("generator").state_dict()[name], value), name


def test_a_run_goes_on_where_the_random_stream_is_of_another_device():
    engine = build()
    engine.train_step(negatives())
    state = engine.training_state()
    state["rng"] = torch.zeros(16, dtype=torch.uint8)  # as long as that of CUDA
    resumed = build()
    resumed.load_weights(engine.weights())
    resumed.load_training_state(state)
    losses = resumed.train_step(negatives(seed=1))
    assert all(value.isfinite() for value in losses.values())


def test_every_state_of_a_fused_optimiser_is_put_on_its_parameters_device():
    # Adam's own kernels refuse a step counter on the CPU beside weights elsewhere.
    engine = build()
    engine.train_step(negatives())
    state = engine.training_state()
    resumed = build()
    adam, master = resumed.optimizers["generator"], resumed.masters["generator"]
    master.row = master.row.to("meta")
    resumed.load_training_state(state)
    devices = {v.device.type for s in adam.state.values() for v in s.values()}
    assert devices == {"meta"}


def test_weights_of_another_network_are_refused_in_words():
    wide, narrow = build(generator_width=8), build(generator_width=4)
    with pytest.raises(CheckpointError, match="another version of this program"):
        narrow.load_weights(wide.weights())
