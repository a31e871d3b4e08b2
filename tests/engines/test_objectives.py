"""Tests for engines.objectives: hand-derived values, both sides bounded."""

import math

import pytest
import torch

from engines.objectives import (
    clip_weights,
    discriminator_loss,
    generator_loss,
    gradient_penalty,
    r1_penalty,
    wasserstein_estimate,
    wasserstein_generator_loss,
)

ZEROS = torch.zeros(2, 1, 3, 3)
EXACT = {"abs": 1e-6}


@pytest.mark.parametrize(
    ("objective", "undecided"), [("cross_entropy", math.log(2)), ("least_squares", 0.5)]
)
def test_an_undecided_discriminator_scores_what_the_papers_say(objective, undecided):
    # A logit of 0 is "I cannot tell" for cross-entropy; for least squares that is a
    # score of 1/2, and 0 is certain of "fake": half of (1 + 0).
    loss = discriminator_loss(objective, real_logits=ZEROS, fake_logits=ZEROS)
    assert loss.item() == pytest.approx(undecided, **EXACT)


def test_least_squares_at_one_half_is_a_quarter():
    half = torch.full((4, 1), 0.5)
    loss = discriminator_loss("least_squares", real_logits=half, fake_logits=half)
    assert loss.item() == pytest.approx(0.25, **EXACT)


def test_cross_entropy_by_hand():
    # sigma(2) = 0.880797, sigma(-1) = 0.268941
    real, fake = torch.tensor([2.0]), torch.tensor([-1.0])
    by_hand = 0.5 * (-math.log(0.8807970779778823) - math.log(1 - 0.2689414213699951))
    loss = discriminator_loss("cross_entropy", real_logits=real, fake_logits=fake)
    assert loss.item() == pytest.approx(by_hand, **EXACT)


def test_real_and_fake_are_not_swapped():
    good = discriminator_loss(
        "cross_entropy", real_logits=ZEROS + 5, fake_logits=ZEROS - 5
    )
    bad = discriminator_loss(
        "cross_entropy", real_logits=ZEROS - 5, fake_logits=ZEROS + 5
    )
    assert good.item() == pytest.approx(math.log1p(math.exp(-5)), **EXACT)
    assert bad.item() == pytest.approx(5 + math.log1p(math.exp(-5)), **EXACT)


def test_the_generator_wants_to_be_taken_for_real_without_saturating():
    logit = torch.tensor([-4.0], requires_grad=True)
    loss = generator_loss("cross_entropy", logit)
    loss.backward()
    assert loss.item() == pytest.approx(4 + math.log1p(math.exp(-4)), **EXACT)
    # d/dx -log sigma(x) = sigma(x) - 1: close to -1 where minimax would be close to 0.
    assert logit.grad.item() == pytest.approx(1 / (1 + math.exp(4)) - 1, **EXACT)


def test_least_squares_generator_is_the_squared_distance_to_one():
    loss = generator_loss("least_squares", torch.tensor([3.0, 1.0]))
    assert loss.item() == pytest.approx(2.0, **EXACT)


def test_bfloat16_logits_are_averaged_in_float32():
    logits = torch.full((1000,), 0.1, dtype=torch.bfloat16)
    loss = generator_loss("least_squares", logits)
    exact = (1 - logits[0].float().item()) ** 2
    assert loss.dtype == torch.float32
    assert loss.item() == pytest.approx(exact, rel=1e-5)


# ----------------------------------------------------------------------------
# Minimax, smoothing, precision.


def test_the_minimax_generator_saturates_where_it_is_worst():
    logit = torch.tensor([-4.0], requires_grad=True)
    loss = generator_loss("minimax", logit)
    loss.backward()
    # log(1 - sigma(x)), whose derivative is -sigma(x).
    assert loss.item() == pytest.approx(-math.log1p(math.exp(-4)), **EXACT)
    assert logit.grad.item() == pytest.approx(-1 / (1 + math.exp(4)), **EXACT)


def test_minimax_and_cross_entropy_differ_for_the_generator_only():
    logits = {"real_logits": torch.tensor([1.5]), "fake_logits": torch.tensor([0.5])}
    one, other = (discriminator_loss(o, **logits) for o in ("minimax", "cross_entropy"))
    assert one.item() == other.item()


def test_smoothing_is_one_sided():
    # -0.9 log sigma(2) - 0.1 log sigma(-2), and nothing new about the fake.
    real = torch.tensor([2.0], requires_grad=True)
    fake = torch.tensor([-1.0], requires_grad=True)
    loss = discriminator_loss(
        "cross_entropy", real_logits=real, fake_logits=fake, real_target=0.9
    )
    by_hand = math.log1p(math.exp(-2)) + 0.1 * 2 + math.log1p(math.exp(-1))
    assert loss.item() == pytest.approx(by_hand / 2, **EXACT)
    loss.backward()
    # Half of sigma(logit) - target.
    assert real.grad.item() == pytest.approx((0.8807971 - 0.9) / 2, **EXACT)
    assert fake.grad.item() == pytest.approx(0.2689414 / 2, **EXACT)


def test_least_squares_smoothing_moves_the_real_target():
    loss = discriminator_loss(
        "least_squares",
        real_logits=torch.tensor([0.9]),
        fake_logits=torch.tensor([0.2]),
        real_target=0.9,
    )
    assert loss.item() == pytest.approx(0.02, **EXACT)


def test_float64_stays_float64():
    logits = torch.tensor([0.3], dtype=torch.float64)
    for loss in (
        generator_loss("minimax", logits),
        wasserstein_generator_loss(logits),
        discriminator_loss("cross_entropy", real_logits=logits, fake_logits=logits),
    ):
        assert loss.dtype == torch.float64


# ----------------------------------------------------------------------------
# Wasserstein, clipping, penalties.


def test_the_wasserstein_losses_by_hand():
    real, fake = torch.tensor([3.0, 5.0]), torch.tensor([1.0, 0.0])
    estimate = wasserstein_estimate(real_scores=real, fake_scores=fake)
    assert estimate.item() == pytest.approx(3.5, **EXACT)
    assert wasserstein_generator_loss(fake).item() == pytest.approx(-0.5, **EXACT)


def test_clipping_keeps_every_weight_in_the_box_and_moves_no_other():
    network = torch.nn.Sequential(torch.nn.Linear(50, 50), torch.nn.BatchNorm1d(50))
    before = [p.detach().clone() for p in network.parameters()]
    clip_weights(network.parameters(), 0.05)
    for now, then in zip(network.parameters(), before, strict=True):
        assert now.abs().max() <= 0.05
        inside = then.abs() <= 0.05
        assert torch.equal(now[inside], then[inside])
        assert torch.equal(now[~inside], 0.05 * then[~inside].sign())


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def test_both_penalties_of_a_linear_critic_by_hand():
    # D(x) = <w, x> has slope |w| = 5 everywhere.
    w = torch.tensor([3.0, 4.0])
    real, fake = torch.randn(2, 6, 2, generator=seeded())
    penalty = gradient_penalty(
        lambda x: x @ w, real=real, fake=fake, weight=10, rng=seeded()
    )
    assert penalty.item() == pytest.approx(10 * (5 - 1) ** 2, rel=1e-5)
    r1 = r1_penalty(lambda x: x @ w, real=real, weight=0.3)
    assert r1.item() == pytest.approx(0.3 / 2 * 25, rel=1e-5)


def test_the_gradient_penalty_has_two_sides():
    flat = torch.tensor([0.3, 0.4])
    penalty = gradient_penalty(
        lambda x: x @ flat,
        real=torch.ones(3, 2),
        fake=torch.zeros(3, 2),
        weight=1,
        rng=seeded(),
    )
    assert penalty.item() == pytest.approx(0.25, rel=1e-5)


def test_slopes_are_taken_between_real_and_fake_one_place_a_picture():
    seen = []

    def critic(x):
        seen.append(x.detach())
        return x.flatten(1).sum(1)

    real = torch.full((500, 3, 2, 2), 2.0)
    fake = -real
    gradient_penalty(critic, real=real, fake=fake, weight=1, rng=seeded())
    epsilon = (seen[0] + 2) / 4
    assert torch.equal(epsilon, epsilon[:, :1, :1, :1].expand_as(epsilon))
    places = epsilon[:, 0, 0, 0]
    assert len(places.unique()) == 500
    assert 0 <= places.min() < 0.02
    assert 0.98 < places.max() <= 1
    assert places.mean().item() == pytest.approx(0.5, abs=0.04)


def test_the_places_come_from_the_generator_that_was_passed():
    def penalty(seed):
        rng = seeded(seed)
        real, fake = torch.ones(4, 2), torch.zeros(4, 2)
        cubic = {"real": real, "fake": fake, "weight": 1.0, "rng": rng}
        return gradient_penalty(lambda x: (x**3).sum(1), **cubic).item()

    torch.manual_seed(1)
    one = penalty(5)
    torch.manual_seed(2)
    assert penalty(5) == one
    assert penalty(6) != one


def test_r1_looks_at_real_pictures_only_and_each_by_itself():
    # D(x) = x²/2 has slope x: the penalty is γ/2 times the mean of |x|².
    real = torch.tensor([[1.0, 2.0], [3.0, 0.0]])
    r1 = r1_penalty(lambda x: x.square().sum(1) / 2, real=real, weight=2.0)
    assert r1.item() == pytest.approx((5 + 9) / 2, **EXACT)


def test_a_patch_critic_counts_the_slope_of_all_its_patches():
    # Two patches, each the picture's sum: the gradient is 2 in each of 4 places.
    real = torch.zeros(3, 1, 2, 2)

    def patches(x):
        return x.sum((1, 2, 3), keepdim=True).expand(-1, 1, 1, 2)

    assert r1_penalty(patches, real=real, weight=1.0).item() == pytest.approx(8.0)


@pytest.mark.parametrize("start", [0.0, 1.0])
def test_penalties_teach_the_critic_without_nan_even_where_it_is_flat(start):
    w = torch.full((2,), start, requires_grad=True)
    real, fake = torch.ones(3, 2), torch.zeros(3, 2)
    gradient_penalty(
        lambda x: x @ w, real=real, fake=fake, weight=1, rng=seeded()
    ).backward()
    # d/dw (|w| - 1)² = 2 (|w| - 1) w / |w|: none at w = 0, where it has no direction.
    norm = start * math.sqrt(2)
    expected = 2 * (norm - 1) * start / norm if start else 0.0
    assert w.grad.tolist() == pytest.approx([expected] * 2, abs=1e-5)
    w.grad = None
    r1_penalty(lambda x: x @ w, real=real, weight=0.5).backward()
    assert w.grad.tolist() == pytest.approx([0.5 * start] * 2, abs=1e-5)


def test_penalties_leave_the_pictures_without_gradient():
    real = torch.ones(3, 2, requires_grad=True)
    r1_penalty(lambda x: x.square().sum(1), real=real, weight=1.0)
    assert real.grad is None
