"""Exact oracles: what theory says that the objectives lead to, in a dimension or two.

Nothing of an engine is used: the public objectives, a few parameters, plain steps.
"""

import math
from functools import partial

import numpy as np
import pytest
import torch
from torch import nn

from engines.objectives import (
    clip_weights,
    discriminator_loss,
    generator_loss,
    gradient_penalty,
    r1_penalty,
    wasserstein_estimate,
    wasserstein_generator_loss,
)

# ----------------------------------------------------------------------------
# A discriminator alone (Goodfellow et al. 2014, section 4.1): the best one is
# p / (p + q), and its loss is what quadrature makes of that.


def bayes_cross_entropy(mean):
    """E_p[-log D] + E_q[-log(1 - D)] for the best D between N(0, 1) and N(mean, 1)."""
    x = np.linspace(-12, 12 + mean, 20_001)
    p, q = (np.exp(-((x - m) ** 2) / 2) / math.sqrt(2 * math.pi) for m in (0.0, mean))
    return np.trapezoid(-p * np.log(p / (p + q)) - q * np.log(q / (p + q)), x)


def spread(count):
    """N(0, 1) without chance: the middles of *count* slices of equal weight."""
    places = (torch.arange(count, dtype=torch.float64) + 0.5) / count
    return math.sqrt(2) * torch.erfinv(2 * places - 1)[:, None]


@pytest.mark.parametrize(("mean", "known"), [(1.0, 1.163451), (2.0, 0.712633)])
def test_a_discriminator_alone_reaches_the_bayes_cross_entropy(mean, known):
    assert bayes_cross_entropy(mean) == pytest.approx(known, abs=2e-6)
    torch.manual_seed(0)
    d = nn.Sequential(nn.Linear(1, 16), nn.Tanh(), nn.Linear(16, 1)).double()
    adam = torch.optim.Adam(d.parameters(), 0.02)
    real, fake = spread(500), spread(500) + mean
    for _ in range(300):
        loss = discriminator_loss(
            "cross_entropy", real_logits=d(real), fake_logits=d(fake)
        )
        adam.zero_grad()
        loss.backward()
        adam.step()
    # The mean of both parts is reported, their sum is in the paper.
    assert 2 * loss.item() == pytest.approx(known, abs=0.005)


# ----------------------------------------------------------------------------
# A WGAN-GP critic between two points at distance d: a line of slope s gains s d and
# pays λ (s - 1)², so the best slope is 1 + d / (2 λ).


@pytest.mark.parametrize(("distance", "weight"), [(1.0, 10.0), (4.0, 10.0), (2.0, 1.0)])
def test_the_best_critic_of_two_points_has_the_slope_of_theory(distance, weight):
    slope = torch.zeros(1, requires_grad=True)
    real, fake = torch.full((8, 1), distance), torch.zeros(8, 1)
    with torch.no_grad():
        slope += 0.1  # at 0 the penalty does not know which way is up
    sgd = torch.optim.SGD([slope], 0.2 / weight)
    rng = torch.Generator().manual_seed(0)
    for _ in range(200):
        penalty = gradient_penalty(
            lambda x: x @ slope, real=real, fake=fake, weight=weight, rng=rng
        )
        loss = penalty - wasserstein_estimate(
            real_scores=real @ slope, fake_scores=fake @ slope
        )
        sgd.zero_grad()
        loss.backward()
        sgd.step()
    assert slope.item() == pytest.approx(1 + distance / (2 * weight), rel=0.01)


def test_an_mlp_critic_of_two_points_finds_the_same_slope():
    torch.manual_seed(0)
    critic = nn.Sequential(nn.Linear(2, 32), nn.Tanh(), nn.Linear(32, 1))
    adam = torch.optim.Adam(critic.parameters(), 0.01)
    # In the plane, so that a critic that begins the wrong way can turn round.
    real = torch.tensor([[1.0, 0.0]]).expand(16, 2)
    fake = -real
    rng = torch.Generator().manual_seed(0)
    for step in range(400):
        adam.param_groups[0]["lr"] = 0.01 * (1 - step / 400)
        gain = wasserstein_estimate(real_scores=critic(real), fake_scores=critic(fake))
        penalty = gradient_penalty(critic, real=real, fake=fake, weight=10, rng=rng)
        adam.zero_grad()
        (penalty - gain).backward()
        adam.step()
    # d = 2, λ = 10: the score rises by 1.1 for each unit.
    assert gain.item() / 2 == pytest.approx(1.1, rel=0.01)


# ----------------------------------------------------------------------------
# The Dirac-GAN (Mescheder et al. 2018, section 2): real data at 0, fake at θ, D's
# logit ψ x. Both take plain steps at once; the only equilibrium is (0, 0).

STEP = 0.2
STEPS = 500


def final_radius(d_loss, g_loss, *, bound=None):
    """Distance from the equilibrium after simultaneous descent from (1, -1).

    Args:
        d_loss: Of a critic, the real point and the fake one, each (1, 1).
        g_loss: Of the fake point's score.
        bound: Box that ψ is clipped to.
    """
    theta = torch.tensor([[1.0]], dtype=torch.float64, requires_grad=True)
    psi = torch.tensor([[-1.0]], dtype=torch.float64, requires_grad=True)
    real = torch.zeros_like(theta)
    for _ in range(STEPS):
        (by_psi,) = torch.autograd.grad(
            d_loss(partial(torch.matmul, other=psi), real, theta.detach()), psi
        )
        (by_theta,) = torch.autograd.grad(g_loss(theta @ psi.detach()), theta)
        with torch.no_grad():
            psi -= STEP * by_psi
            theta -= STEP * by_theta
        if bound:
            clip_weights([psi], bound)
    return math.hypot(theta.item(), psi.item())


def telling_apart(objective, gamma=0.0):
    """D's loss, the sum of both its parts as in the paper, with R1."""

    def loss(critic, real, fake):
        both = 2 * discriminator_loss(
            objective, real_logits=critic(real), fake_logits=critic(fake)
        )
        return both + r1_penalty(critic, real=real, weight=gamma)

    return loss


@pytest.mark.parametrize(
    ("objective", "gamma", "radius"),
    [
        ("minimax", 0.0, 3.09695),
        ("cross_entropy", 0.0, 0.640207),
        ("minimax", 0.3, 2.64266e-6),
        ("cross_entropy", 0.3, 2.21196e-6),
    ],
)
def test_the_dirac_gan_ends_where_it_should(objective, gamma, radius):
    found = final_radius(
        telling_apart(objective, gamma), lambda score: generator_loss(objective, score)
    )
    assert found == pytest.approx(radius, rel=1e-4)


def apart(critic, real, fake):
    return -wasserstein_estimate(real_scores=critic(real), fake_scores=critic(fake))


def apart_with_penalty(critic, real, fake):
    rng = torch.Generator().manual_seed(0)
    penalty = gradient_penalty(critic, real=real, fake=fake, weight=1.0, rng=rng)
    return penalty + apart(critic, real, fake)


@pytest.mark.parametrize(
    ("d_loss", "bound"),
    [(apart, None), (apart, 0.5), (apart_with_penalty, None)],
    ids=["plain", "clipping", "gradient penalty"],
)
def test_wasserstein_variants_do_not_converge(d_loss, bound):
    # Mescheder et al. 2018, section 3: they circle the equilibrium for ever.
    radius = final_radius(d_loss, wasserstein_generator_loss, bound=bound)
    assert 0.1 < radius < math.inf


def test_clipping_keeps_every_weight_in_the_box_while_it_trains():
    torch.manual_seed(0)
    critic = nn.Sequential(nn.Linear(2, 16), nn.LeakyReLU(0.2), nn.Linear(16, 1))
    rmsprop = torch.optim.RMSprop(critic.parameters(), 5e-3)
    rng = torch.Generator().manual_seed(0)
    for _ in range(50):
        real, fake = torch.randn(2, 32, 2, generator=rng)
        rmsprop.zero_grad()
        apart(critic, real + 1, fake).backward()
        rmsprop.step()
        clip_weights(critic.parameters(), 0.01)
        assert max(p.abs().max().item() for p in critic.parameters()) <= 0.01 + 1e-9
    # And they fill it: each weight wants as far as it may (Arjovsky et al., section 4).
    assert critic[0].weight.abs().mean() > 0.009
