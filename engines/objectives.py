"""Adversarial objectives and penalties, as pure functions.

A discriminator's logit is high where it believes a picture (or patch) is real; a
critic's score is such a number without a meaning of its own. Losses are scalars to be
minimised; cross-entropies in nats. Inputs of 16 bits are averaged in 32, others in
their own precision.
"""

from collections.abc import Callable, Iterable
from typing import Literal, TypeAlias

import torch
import torch.nn.functional as F
from torch import Tensor

Objective: TypeAlias = Literal["minimax", "cross_entropy", "least_squares"]
"""How mistakes are counted. The first two differ in what G minimises only."""

Critic: TypeAlias = Callable[[Tensor], Tensor]
"""Pictures (B, ...) to scores with B in front, each from its own picture alone."""


# ----------------------------------------------------------------------------
# Telling real from fake (Goodfellow et al. 2014; Mao et al. 2017).


def discriminator_loss(
    objective: Objective,
    *,
    real_logits: Tensor,
    fake_logits: Tensor,
    real_target: float = 1.0,
) -> Tensor:
    """The mean of D's two losses, on real and on fake pictures.

    The papers of GANs add the two; Isola et al. 2017, section 3.3, halve the sum so
    that D learns at half speed. Goodfellow et al. 2014, equation 1; least squares:
    Mao et al. 2017, equation 9 with a = 0, b = 1, without its factor 1/2.

    Args:
        objective: How mistakes are counted.
        real_logits: Any shape.
        fake_logits: Any shape, detached from G.
        real_target: What D should say of real pictures; 0.9 is the one-sided label
            smoothing of Salimans et al. 2016, section 3.4.

    Returns:
        Scalar: ln 2 (0.25 with least squares) for a D that cannot tell and knows.
    """
    real = _towards(objective, real_logits, real_target)
    fake = _towards(objective, fake_logits, 0.0)
    return 0.5 * (real + fake)


def generator_loss(objective: Objective, fake_logits: Tensor) -> Tensor:
    """What G minimises to be taken for real.

    "minimax": E[log(1 - D(G))], which saturates while D is ahead; "cross_entropy":
    the non-saturating -E[log D(G)] (Goodfellow et al. 2014, section 3);
    "least_squares": Mao et al. 2017 with c = 1, of which the published code drops the
    factor 1/2, as here.
    """
    if objective == "minimax":
        return -_towards(objective, fake_logits, 0.0)
    return _towards(objective, fake_logits, 1.0)


def _towards(objective: Objective, logits: Tensor, target: float) -> Tensor:
    logits = _averageable(logits)
    wanted = torch.full_like(logits, target)
    if objective == "least_squares":
        return F.mse_loss(logits, wanted)
    return F.binary_cross_entropy_with_logits(logits, wanted)


# ----------------------------------------------------------------------------
# Wasserstein distance (Arjovsky et al. 2017).


def wasserstein_estimate(*, real_scores: Tensor, fake_scores: Tensor) -> Tensor:
    """How far apart the critic can hold real and fake: E[D(x)] - E[D(G(z))].

    The distance between the two distributions for the best critic of slope 1 at most;
    the critic maximises it. Equation 2.
    """
    return _averageable(real_scores).mean() - _averageable(fake_scores).mean()


def wasserstein_generator_loss(fake_scores: Tensor) -> Tensor:
    """What G minimises: -E[D(G(z))], algorithm 1, line 10."""
    return -_averageable(fake_scores).mean()


@torch.no_grad()
def clip_weights(parameters: Iterable[Tensor], bound: float) -> None:
    """Put every weight into [-*bound*, *bound*], in place; algorithm 1, line 7."""
    for parameter in parameters:
        parameter.clamp_(-bound, bound)


# ----------------------------------------------------------------------------
# Penalties on the slope of a critic.


def gradient_penalty(
    critic: Critic, *, real: Tensor, fake: Tensor, weight: float, rng: torch.Generator
) -> Tensor:
    """Keep the critic's slope at 1 between real and fake, on both sides.

    weight * E[(|∇D(x̂)| - 1)²] with x̂ = ε x + (1 - ε) G(z), one ε ~ U[0, 1] for each
    picture (Gulrajani et al. 2017, equation 3, algorithm 1).

    Args:
        critic: See `Critic`; without batch norm, which would mix the slopes.
        real: (B, ...).
        fake: As *real*; detached from G.
        weight: λ of the paper.
        rng: On the device of *real*.
    """
    each = (len(real), *[1] * (real.dim() - 1))
    epsilon = torch.rand(each, generator=rng, device=real.device, dtype=real.dtype)
    between = fake + epsilon * (real - fake)
    # Unlike the root of a sum of squares, this norm has a gradient at 0: none.
    slopes = torch.linalg.vector_norm(_slopes(critic, between), dim=1)
    penalty: Tensor = (slopes - 1).square().mean()
    return weight * penalty


def r1_penalty(critic: Critic, *, real: Tensor, weight: float) -> Tensor:
    """Keep D flat on real pictures: weight/2 * E[|∇D(x)|²].

    Mescheder et al. 2018, equation 9: what makes GANs converge locally.

    Args:
        critic: D's logits, see `Critic`; without batch norm, which would mix slopes.
        real: (B, ...).
        weight: γ of the paper.
    """
    return weight / 2 * _slopes(critic, real).square().sum(1).mean()


def _slopes(critic: Critic, x: Tensor) -> Tensor:
    """The gradient of each score by its own *x*, (B, values of x)."""
    x = x.detach().requires_grad_(True)
    # Scores depend on their own picture alone, so their sum has all the gradients.
    (gradient,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return gradient.flatten(1)


def _averageable(values: Tensor) -> Tensor:
    """At least 32 bits: bfloat16 has too few digits for a mean."""
    return values.float() if values.dtype.itemsize < 4 else values
