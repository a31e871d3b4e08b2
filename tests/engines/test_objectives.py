"""Tests for engines.objectives: hand-derived values, both sides bounded."""

import math

import pytest
import torch

from engines.objectives import discriminator_loss, generator_loss

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
