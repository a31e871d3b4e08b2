"""Adversarial objectives, as pure functions of logits.

A discriminator's logit is high where it believes a picture (or patch) is real.
Losses are scalars; cross-entropies in nats.
"""

from typing import Literal, TypeAlias

import torch
import torch.nn.functional as F
from torch import Tensor

Objective: TypeAlias = Literal["cross_entropy", "least_squares"]


def discriminator_loss(
    objective: Objective, *, real_logits: Tensor, fake_logits: Tensor
) -> Tensor:
    """Half the loss of telling real from fake, so that D learns at half speed.

    Isola et al. 2017, section 3.3; least squares: Mao et al. 2017, equation 9 with
    a = 0, b = 1.

    Args:
        objective: How mistakes are counted.
        real_logits: Any shape.
        fake_logits: Any shape, detached from G.

    Returns:
        Scalar: ln 2 (0.25 with least squares) for a D that cannot tell and knows.
    """
    real = _towards(objective, real_logits, 1.0)
    fake = _towards(objective, fake_logits, 0.0)
    return 0.5 * (real + fake)


def generator_loss(objective: Objective, fake_logits: Tensor) -> Tensor:
    """What G minimises to be taken for real: non-saturating, -E[log D(G)].

    Goodfellow et al. 2014, section 3; least squares: Mao et al. 2017 with c = 1, of
    which the published code drops the factor 1/2, as here.
    """
    return _towards(objective, fake_logits, 1.0)


def _towards(objective: Objective, logits: Tensor, target: float) -> Tensor:
    logits = logits.float()  # bfloat16 has too few digits for a mean of logarithms
    wanted = torch.full_like(logits, target)
    if objective == "least_squares":
        return F.mse_loss(logits, wanted)
    return F.binary_cross_entropy_with_logits(logits, wanted)
