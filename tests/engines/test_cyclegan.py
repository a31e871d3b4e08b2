"""Tests for engines.cyclegan: the step does what the paper says, and it learns."""

import math

import pytest
import torch
from torch import nn

from engines.base import Translator
from engines.configs.cyclegan import PRESETS, CycleGANConfig, curves, measures
from engines.cyclegan import DISCRIMINATORS, GENERATORS, CycleGAN
from engines.data.batches import PairBatch
from engines.training.device import choose


def build(**values) -> CycleGAN:
    small = {
        "image_size": 32,
        "generator_width": 4,
        "residual_blocks": 1,
        "critic_width": 4,
        "batch_size": 2,
        "steps": 100,
        "patch": "16",
    }
    return CycleGAN(CycleGANConfig(**{**small, **values}), choose("cpu", "fp32"))


TINT = torch.tensor([0.5, 0.0, -0.5]).view(1, 3, 1, 1)


def styles(seed=0, count=2, side=16) -> PairBatch:
    """Soft grey shapes in cold light (A); other such shapes in warm light (B)."""
    rng = torch.Generator().manual_seed(seed)
    coarse = torch.rand(2 * count, 1, 4, 4, generator=rng) ** 2
    grey = nn.functional.interpolate(coarse, size=side, mode="bilinear") - 0.3
    return PairBatch(a=grey[:count] - TINT, b=grey[count:] + TINT)


def snapshot(network):
    return {name: value.clone() for name, value in network.state_dict().items()}


def changed(network, before):
    return any(not torch.equal(v, before[k]) for k, v in network.state_dict().items())


# ----------------------------------------------------------------------------
# The terms, with networks of one number each.


class Times(nn.Module):
    """x -> factor * x: a generator whose losses can be worked out by hand."""

    def __init__(self, factor):
        super().__init__()
        self.factor = nn.Parameter(torch.tensor(float(factor)))

    def forward(self, x):
        return self.factor * x


def by_hand(ab=0.5, ba=3.0, d_a=0.2, d_b=0.4, **values) -> CycleGAN:
    """G(x) = ab x, F(x) = ba x, D_A(x) = d_a x, D_B(x) = d_b x; plain descent."""
    engine = build(**values)
    factors = dict(zip(GENERATORS + DISCRIMINATORS, (ab, ba, d_a, d_b), strict=True))
    for name, factor in factors.items():
        engine.add(name, Times(factor), torch.optim.SGD, lr=0.1)
    return engine


def flat(a=0.8, b=-0.4):
    return PairBatch(a=torch.full((1, 3, 2, 2), a), b=torch.full((1, 3, 2, 2), b))


def set_factor(engine, name, value):
    engine.networks[name].factor.data.fill_(value)


def factor(engine, name):
    return engine.networks[name].factor.item()


def test_every_reported_term_is_the_one_worked_out_by_hand():
    losses = by_hand().train_step(flat())
    # G(a) = 0.4, F(b) = -1.2, F(G(a)) = 1.2, G(F(b)) = -0.6.
    assert losses["cycle_a"].item() == pytest.approx(abs(1.2 - 0.8))
    assert losses["cycle_b"].item() == pytest.approx(abs(-0.6 + 0.4))
    # G(b) = -0.2, F(a) = 2.4.
    identity = (abs(-0.2 + 0.4) + abs(2.4 - 0.8)) / 2
    assert losses["identity"].item() == pytest.approx(identity)
    # D_B(G(a)) = 0.16, D_A(F(b)) = -0.24, wanted 1.
    generator = ((0.16 - 1) ** 2 + (-0.24 - 1) ** 2) / 2
    assert losses["generator"].item() == pytest.approx(generator)
    # D_A(a) = 0.16, wanted 1; D_B(b) = -0.16, wanted 1; painted ones, wanted 0.
    d_a = ((0.16 - 1) ** 2 + 0.24**2) / 2
    d_b = ((-0.16 - 1) ** 2 + 0.16**2) / 2
    assert losses["discriminator"].item() == pytest.approx((d_a + d_b) / 2)


def test_generators_go_down_the_sum_of_the_paper():
    engine = by_hand(cycle_weight=10.0, identity_weight=0.5)
    engine.train_step(flat())
    # d/dab at ab = 0.5, ba = 3:
    #   (d_b ab a - 1)^2:           2 (0.16 - 1) * 0.4 * 0.8      = -0.5376
    #   10 |ba ab a - a|:           10 * 3 * 0.8                  =  24
    #   10 |ab ba b - b|:           10 * -1 * 3 * -0.4            =  12
    #   0.5 * 10 |ab b - b|:        5 * +1 * -0.4                 = -2
    assert factor(engine, "generator_ab") == pytest.approx(0.5 - 0.1 * 33.4624)
    # d/dba: (d_a ba b - 1)^2:      2 (-0.24 - 1) * 0.2 * -0.4    =  0.1984
    #   10 |ba ab a - a|:           10 * 0.5 * 0.8                =  4
    #   10 |ab ba b - b|:           10 * -1 * 0.5 * -0.4          =  2
    #   0.5 * 10 |ba a - a|:        5 * 0.8                       =  4
    assert factor(engine, "generator_ba") == pytest.approx(3.0 - 0.1 * 10.1984)


def test_discriminators_go_down_half_the_sum_on_pictures_painted_before_the_step():
    engine = by_hand()
    engine.train_step(flat())
    # d/d_a of ((d_a a - 1)^2 + (d_a F(b))^2) / 2: (0.16-1) * 0.8 + (-0.24) * (-1.2).
    assert factor(engine, "discriminator_a") == pytest.approx(0.2 - 0.1 * -0.384)
    # d/d_b of ((d_b b - 1)^2 + (d_b G(a))^2) / 2: (-0.16-1) * (-0.4) + 0.16 * 0.4.
    assert factor(engine, "discriminator_b") == pytest.approx(0.4 - 0.1 * 0.528)


def test_with_cross_entropy_the_terms_are_logarithms():
    losses = by_hand(gan_loss="cross_entropy").train_step(flat())

    def softplus(x):
        return math.log(1 + math.exp(x))

    generator = (softplus(-0.16) + softplus(0.24)) / 2
    assert losses["generator"].item() == pytest.approx(generator)


@pytest.mark.parametrize(("trips", "taught", "other"), [("a", 4.0, 2.0), ("b", 2.0, 4)])
def test_one_round_trip_teaches_without_the_other(trips, taught, other):
    engine = by_hand(round_trips=trips, identity_weight=0.0)
    losses = engine.train_step(flat())
    assert {n for n in losses if n.startswith("cycle")} == {f"cycle_{trips}"}
    found = (3.0 - factor(engine, "generator_ba")) / 0.1
    assert found == pytest.approx(0.1984 + taught)
    assert found != pytest.approx(0.1984 + taught + other)


def test_at_weight_nought_only_the_critics_teach():
    engine = by_hand(cycle_weight=0.0)
    losses = engine.train_step(flat())
    assert losses["cycle_a"].item() == pytest.approx(0.4)  # told, and that is all
    assert factor(engine, "generator_ab") == pytest.approx(0.5 - 0.1 * -0.5376)
    assert factor(engine, "generator_ba") == pytest.approx(3.0 - 0.1 * 0.1984)


def test_critics_judge_old_pictures_from_a_pool_each():
    engine = by_hand(pool_size=1, cycle_weight=0.0)
    engine.optimizers["discriminator_a"].param_groups[0]["lr"] = 0.0
    engine.pools["discriminator_a"].pictures = [torch.full((3, 2, 2), 9.0)]
    told = set()
    for _ in range(20):
        for name in GENERATORS:  # paint the same in every step
            set_factor(engine, name, {"generator_ab": 0.5}.get(name, 3.0))
        engine.pools["discriminator_a"].pictures = [torch.full((3, 2, 2), 9.0)]
        engine.optimizers["discriminator_b"].param_groups[0]["lr"] = 0.0
        set_factor(engine, "discriminator_b", 0.4)
        engine.pools["discriminator_b"].pictures = []
        told.add(round(engine.train_step(flat())["discriminator"].item(), 4))
    d_b = ((-0.16 - 1) ** 2 + 0.16**2) / 2
    new = (((0.16 - 1) ** 2 + 0.24**2) / 2 + d_b) / 2
    old = (((0.16 - 1) ** 2 + (0.2 * 9) ** 2) / 2 + d_b) / 2
    assert sorted(told) == pytest.approx(sorted([new, old]), abs=1e-4)


# ----------------------------------------------------------------------------
# It learns.


def test_it_learns_the_other_style_without_pairs_and_keeps_what_is_shown():
    engine = build(
        learning_rate=2e-3,
        ema_decay=0.9,
        critic_width=8,
        cycle_weight=5.0,
    )
    for step in range(75):
        engine.train_step(styles(seed=step))
    held_out = styles(seed=9_999, count=16)
    copying = (2 * TINT).abs().mean().item()
    for x, truth, way, back in (
        (held_out.a, held_out.a + 2 * TINT, "AtoB", "BtoA"),
        (held_out.b, held_out.b - 2 * TINT, "BtoA", "AtoB"),
    ):
        there = engine.translate(x, way)
        assert (there - truth).abs().mean().item() < 0.3 * copying, way
        home = engine.translate(there, back)
        assert (home - x).abs().mean().item() < 0.25 * copying, way


def test_critics_come_to_score_real_above_painted():
    engine = build(learning_rate=2e-3)
    for name in GENERATORS:
        engine.optimizers[name].param_groups[0]["lr"] = 0.0  # an easy prey
    for step in range(40):
        engine.train_step(styles(seed=step))
    batch = styles(seed=777, count=8)
    for name, real, fake in (
        ("discriminator_a", batch.a, engine.translate(batch.b, "BtoA")),
        ("discriminator_b", batch.b, engine.translate(batch.a, "AtoB")),
    ):
        with torch.no_grad():
            score = engine.networks[name]
            assert score(real).mean() > score(fake).mean() + 0.5, name


# ----------------------------------------------------------------------------
# Settings.


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"generator": "unet", "levels": 3},
        {"gan_loss": "cross_entropy"},
        {"round_trips": "a"},
        {"round_trips": "b", "identity_weight": 0.0},
        {"cycle_weight": 0.0},
        {"identity_weight": 0.0},
        {"pool_size": 0},
        {"patch": "70"},
    ],
)
def test_every_setting_trains_all_networks_and_reports_its_curves(values):
    engine = build(**values)
    before = {name: snapshot(network) for name, network in engine.networks.items()}
    losses = engine.train_step(styles(side=32))
    assert set(losses) == {curve.name for curve in curves(engine.config)}
    for name, network in engine.networks.items():
        assert changed(network, before[name]), name
    for value in losses.values():
        assert value.ndim == 0
        assert not value.requires_grad


@pytest.mark.parametrize(
    ("gan_loss", "guessing"), [("least_squares", 0.25), ("cross_entropy", math.log(2))]
)
def test_the_critics_curve_knows_what_guessing_is(gan_loss, guessing):
    known = {c.name: c for c in curves(CycleGANConfig(gan_loss=gan_loss))}
    assert known["discriminator"].reference == pytest.approx(guessing)
    # A critic that says halfway to everything is told that number.
    engine = build(gan_loss=gan_loss, learning_rate=1e-7)
    halfway = 0.5 if gan_loss == "least_squares" else 0.0
    with torch.no_grad():
        for name in DISCRIMINATORS:
            engine.networks[name][-1].weight.zero_()
            engine.networks[name][-1].bias.fill_(halfway)
    told = engine.train_step(styles())["discriminator"].item()
    assert told == pytest.approx(guessing, abs=1e-4)


def test_measures_share_a_scale_where_they_share_a_plot():
    plots = {curve.name: curve.plot for curve in measures(CycleGANConfig())}
    assert plots == {
        "cycle": "measures",
        "truth": "measures",
        "swd": "words",
        "diversity": "words",
    }


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_a_config(name):
    assert CycleGANConfig.checked(PRESETS[name].values).ema_decay > 0


def test_the_paper_is_the_default():
    config = CycleGANConfig()
    assert (config.cycle_weight, config.identity_weight) == (10, 0.5)
    assert (config.batch_size, config.learning_rate, config.beta1) == (1, 2e-4, 0.5)
    assert (config.pool_size, config.residual_blocks, config.patch) == (50, 9, "70")


def test_the_critic_of_the_paper_has_as_many_parameters_as_published():
    engine = build(patch="70", critic_width=64, image_size=64)
    critic = engine.networks["discriminator_a"]
    # Published: 2.765 million, with a bias where this one has scale and shift.
    assert sum(p.numel() for p in critic.parameters()) == 2_764_737 + 128 + 256 + 512


def test_the_learning_rate_is_constant_and_then_a_line_to_zero():
    engine = build(learning_rate=2e-4)
    for fraction, rate in ((0, 2e-4), (0.5, 2e-4), (0.75, 1e-4), (0.99, 4e-6)):
        engine.set_progress(fraction)
        found = [o.param_groups[0]["lr"] for o in engine.optimizers.values()]
        assert found == pytest.approx([rate] * 4)


# ----------------------------------------------------------------------------
# State and use.


@pytest.mark.parametrize(
    "values", [{}, {"ema_decay": 0.9}, {"generator": "unet", "levels": 3}]
)
@pytest.mark.parametrize("stop", [1, 3])
def test_a_restored_engine_goes_on_to_the_bit(values, stop):
    engine = build(pool_size=3, **values)  # full from step 2 on
    for step in range(stop):
        engine.train_step(styles(seed=step, side=32))
    weights = {k: v.clone() for k, v in engine.weights().items()}
    state = {k: v.clone() for k, v in engine.training_state().items()}

    other = build(pool_size=3, seed=7, **values)
    other.load_weights(weights)
    other.load_training_state(state)
    for step in range(stop, 8):
        one, two = (e.train_step(styles(seed=step, side=32)) for e in (engine, other))
        assert {k: v.item() for k, v in one.items()} == {
            k: v.item() for k, v in two.items()
        }
    for mine, theirs in (
        (engine.weights(), other.weights()),
        (engine.training_state(), other.training_state()),
    ):
        assert mine.keys() == theirs.keys()
        for name, value in mine.items():
            assert torch.equal(value, theirs[name]), name


def test_the_pools_are_part_of_the_state():
    engine = build()
    assert engine.training_state()["pool.discriminator_a"].numel() == 0
    batch = styles()
    engine.train_step(batch)
    state = engine.training_state()
    for name in DISCRIMINATORS:
        assert state[f"pool.{name}"].shape == (2, 3, 16, 16)
    pools = [state[f"pool.{name}"] for name in DISCRIMINATORS]
    assert not torch.equal(*pools)


def test_it_translates_both_ways_and_each_way_by_its_own_generator():
    engine = build()
    assert isinstance(engine, Translator)
    assert engine.directions == ("AtoB", "BtoA")
    for name, factor in zip(GENERATORS, (2.0, 3.0), strict=True):
        engine.add(name, Times(factor), torch.optim.SGD)
    x = torch.full((1, 3, 8, 8), 0.1)
    assert engine.translate(x).mean().item() == pytest.approx(0.2)
    assert engine.translate(x, "BtoA").mean().item() == pytest.approx(0.3)


@pytest.mark.parametrize("values", [{}, {"generator": "unet", "levels": 4}])
def test_the_smallest_multiple_of_a_side_can_be_translated(values):
    engine = build(**values)
    x = torch.zeros(1, 3, engine.multiple, 3 * engine.multiple)
    assert engine.translate(x).shape == x.shape


def test_translating_changes_nothing_repeats_and_uses_the_averages():
    engine = build(ema_decay=0.9)
    for step in range(3):
        engine.train_step(styles(seed=step))
    before = engine.training_state()
    x = styles(seed=5).a
    first, second = engine.translate(x, "BtoA"), engine.translate(x, "BtoA")
    assert torch.equal(first, second)
    assert all(torch.equal(v, before[k]) for k, v in engine.training_state().items())
    with torch.no_grad():
        plain = engine.networks["generator_ba"](x)
    assert not torch.allclose(first, plain, atol=1e-4)
    assert {key.split(".")[0] for key in engine.weights()} == set(GENERATORS)


def test_bfloat16_trains_close_to_float32():
    batch = styles(side=32)
    exact = build().train_step(batch)
    rough = CycleGAN(build().config, choose("cpu", "bf16")).train_step(batch)
    for name, value in exact.items():
        assert rough[name].item() == pytest.approx(value.item(), rel=0.05), name
