"""Tests for engines.wgan: both constraints, the distance it reports, and it learns."""

import pytest
import torch

from engines.base import Decoder
from engines.configs import ConfigError
from engines.configs.wgan import WGANConfig, curves
from engines.data.batches import PictureBatch
from engines.errors import DataError
from engines.training.device import choose
from engines.wgan import WGAN
from tests.engines.halves import (
    assert_goes_on_to_the_bit,
    halves,
    sample,
    state,
    train,
    upper_minus_lower,
)

CLIPPING = {"constraint": "clipping"}


def build(class_count=2, **values) -> WGAN:
    small = {
        "image_size": 28,
        "colours": "grey",
        "batch_size": 8,
        "steps": 100,
        "latent_dim": 8,
        "generator_width": 8,
        "critic_width": 8,
        "critic_steps": 2,
    }
    config = WGANConfig.checked({**small, **values})
    return WGAN(config, choose("cpu", "fp32"), class_count=class_count)


def test_it_learns_the_kind_it_is_asked_for_and_the_distance_falls():
    engine = build(use_labels=True, learning_rate=2e-3, ema_decay=0.9)
    losses = train(engine, 120)
    labels = torch.arange(64) % 2
    made = upper_minus_lower(sample(engine, labels=labels))
    # Real pictures are at +1.6 and -1.6.
    assert made[labels == 0].mean() > 1.0
    assert made[labels == 1].mean() < -1.0
    distances = [values["wasserstein"] for values in losses]
    assert min(distances[-20:]) < 0.5 * max(distances)


def test_the_reported_distance_is_the_critics_estimate():
    # A critic alone, between pictures all of 0.5 and a generator that paints 0: a
    # line along their difference. 28 x 28 values, each 0.5 apart: |d| = 14.
    engine = build(critic_norm="none", learning_rate=2e-3, critic_steps=1, decay_from=0)
    with torch.no_grad():
        for parameter in engine.generator.levels[-2].parameters():
            parameter.zero_()
    x = torch.full((8, 1, 28, 28), 0.5)
    batch = PictureBatch(x, torch.zeros(8, dtype=torch.int64))
    for step in range(150):
        engine.set_progress(step / 150)
        engine.optimizers["generator"].param_groups[0]["lr"] = 0.0
        losses = engine.train_step(batch)
    # Slope 1 + d / (2 λ) = 1.7 over d = 14, and λ (0.7)² to pay for it.
    assert losses["wasserstein"].item() == pytest.approx(1.7 * 14, rel=0.05)
    assert losses["penalty"].item() == pytest.approx(10 * 0.7**2, rel=0.15)


def test_clipping_keeps_every_weight_of_the_critic_in_the_box():
    engine = build(**CLIPPING)
    train(engine, 2)
    for name, parameter in engine.critic.named_parameters():
        assert parameter.abs().max() <= 0.01 + 1e-9, name
    outside = [p.abs().max() > 0.01 for p in engine.generator.parameters()]
    assert any(outside)


def test_with_clipping_the_critic_still_tells_real_from_painted():
    engine = build(**CLIPPING, clip=0.05, learning_rate=1e-3)
    engine.optimizers["generator"].param_groups[0]["lr"] = 0.0
    losses = train(engine, 15)
    assert losses[-1]["wasserstein"] > losses[0]["wasserstein"] + 0.01
    assert losses[-1]["wasserstein"] > 0
    assert set(losses[0]) == {"wasserstein"}


def test_the_defaults_follow_the_constraint():
    penalised, clipped = WGANConfig(), WGANConfig.checked(CLIPPING)
    assert (penalised.learning_rate, penalised.critic_norm) == (1e-4, "layer")
    assert (clipped.learning_rate, clipped.critic_norm) == (5e-5, "batch")
    # What is said stays said.
    asked = WGANConfig.checked({**CLIPPING, "learning_rate": 1e-4})
    assert asked.learning_rate == 1e-4
    again = WGANConfig.model_validate_json(clipped.model_dump_json())
    assert again == clipped
    for config in (penalised, clipped):
        assert (config.batch_size, config.critic_steps) == (64, 5)
        assert (config.penalty_weight, config.clip) == (10, 0.01)
        assert config.pictures_per_step == 320


def test_each_constraint_has_its_papers_optimiser():
    for optimizer in build().optimizers.values():
        assert isinstance(optimizer, torch.optim.Adam)
        assert optimizer.param_groups[0]["betas"] == (0.0, 0.9)
    for optimizer in build(**CLIPPING).optimizers.values():
        assert isinstance(optimizer, torch.optim.RMSprop)
        assert optimizer.param_groups[0]["lr"] == 5e-5


def test_each_constraint_has_its_papers_initialisation():
    # The second layer sees 8 channels of 4 x 4: He's deviation is sqrt(2 / 1.04 / 128).
    for values, deviation in (({}, 0.1226), (CLIPPING, 0.02)):
        weight = build(**values).critic.levels[2].weight
        assert weight.std().item() == pytest.approx(deviation, rel=0.06)


def test_the_critic_takes_its_turns_before_the_generator():
    engine = build(critic_steps=3)
    engine.train_step(halves(0, engine.config))
    counts = {
        name: {int(s["step"]) for s in optimizer.state.values()}
        for name, optimizer in engine.optimizers.items()
    }
    assert counts == {"critic": {3}, "generator": {1}}


@pytest.mark.parametrize(
    "values",
    [
        CLIPPING,
        {**CLIPPING, "critic_norm": "none"},
        {"critic_norm": "instance"},
        {"critic_norm": "none"},
        {"use_labels": True},
        {"image_size": 64, "colours": "colour"},
        {"prior": "normal", "ema_decay": 0.0},
    ],
    ids=str,
)
def test_every_choice_trains_both_networks(values):
    engine = build(**values)
    before = {
        name: {k: v.clone() for k, v in network.named_parameters()}
        for name, network in engine.networks.items()
    }
    losses = engine.train_step(halves(0, engine.config))
    assert set(losses) == {curve.name for curve in curves(engine.config)}
    assert all(v.isfinite() and v.ndim == 0 for v in losses.values())
    assert not any(v.requires_grad for v in losses.values())
    for name, network in engine.networks.items():
        # A shift of all scores changes no distance: that one bias may stay.
        moved = [
            not torch.equal(value, before[name][key])
            for key, value in network.named_parameters()
            if key != "score.bias"
        ]
        assert all(moved), name
    labels = torch.tensor([0, 1, 0]) if engine.classes else None
    side = engine.config.image_size
    assert sample(engine, 3, labels).shape == (3, engine.config.channels, side, side)


def test_a_critic_under_penalty_scores_each_picture_by_itself():
    engine = build()
    batch = halves(0, engine.config, 8)
    with torch.no_grad():
        together = engine.critic(batch.x, batch.labels)
        alone = engine.critic(batch.x[:1], batch.labels[:1])
    torch.testing.assert_close(together[:1], alone, atol=1e-5, rtol=0)


def test_batch_norm_under_penalty_is_refused_in_words():
    with pytest.raises(
        ConfigError, match=r"\(critic_norm\) must not be over the batch"
    ):
        WGANConfig.checked({"critic_norm": "batch"})


def test_kinds_cannot_be_learnt_from_pictures_without_any():
    with pytest.raises(DataError, match="not sorted into kinds"):
        build(use_labels=True, class_count=0)


def test_decoding_changes_nothing_and_repeats():
    engine = build()
    train(engine, 1)
    assert isinstance(engine, Decoder)
    before = state(engine)
    assert torch.equal(sample(engine), sample(engine))
    after = engine.weights() | engine.training_state()
    assert all(torch.equal(value, before[key]) for key, value in after.items())


@pytest.mark.parametrize("values", [{}, CLIPPING], ids=["penalty", "clipping"])
def test_a_restored_engine_goes_on_to_the_bit(values):
    engine = build(**values)
    train(engine, 2)
    assert_goes_on_to_the_bit(engine, build(**values, seed=7))
