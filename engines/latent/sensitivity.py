"""Decoders looked at from inside: early features, and what each number of a code does.

Shapes: N = codes, L = latent dimensions, F = features.
"""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from engines.latent.mixing import Codes
from engines.latent.space import PIECE, Space

_PROBED = 128  # codes: the error of a share is then about an eighth of it


def early_features(space: Space, codes: Codes) -> NDArray[np.float32]:
    """What the first layer of the decoder makes of *codes*, (N, F).

    That is what enters its first rectifier: a linear function of the code. Where there
    are classes, pictures of the first are asked for.
    """
    network = space.engine.in_use(space.engine.used[0])
    entered: list[Tensor] = []

    def note(_layer: nn.Module, given: tuple[Tensor, ...]) -> None:
        entered.append(given[0])

    rectifiers = [layer for layer in network.modules() if isinstance(layer, nn.ReLU)]
    hooks = [layer.register_forward_pre_hook(note) for layer in rectifiers]
    found = []
    try:
        for first in range(0, len(codes), PIECE):
            z = torch.tensor(codes[first : first + PIECE])
            entered.clear()
            space.decoder.decode(z, _labels(space, np.zeros(len(z), np.int64)))
            found.append(entered[0].flatten(1).float().cpu())
    finally:
        for hook in hooks:
            hook.remove()
    return torch.cat(found).numpy()


def sensitivity(space: Space, codes: Codes, seed: int = 0) -> NDArray[np.float64]:
    """How strongly pictures change with each number of a code, (L,).

    The variance of the number times the mean square of the slope of all pixels along
    it: to first order the variance that it gives to the pictures (Sobol' & Kucherenko
    2009). A slope in the direction of random signs of the pixels has the square of
    the slope of all pixels as its mean (Hutchinson 1990), hence one backward pass
    sees all L numbers.

    Args:
        space: Of any engine; where there are classes, they are asked for in turn.
        codes: (N, L), of which the first few are looked at.
        seed: Of the signs.
    """
    rng = torch.Generator().manual_seed(seed)
    probed = codes[:_PROBED]
    squares = torch.zeros(space.latent_dim, dtype=torch.float64)
    for first in range(0, len(probed), PIECE):
        z = torch.tensor(probed[first : first + PIECE], requires_grad=True)
        pictures = space.decoder.decode(z, _labels(space, first + np.arange(len(z))))
        signs = torch.randint(0, 2, pictures.shape, generator=rng) * 2.0 - 1
        total = (pictures * signs.to(pictures.device)).sum()
        (slopes,) = torch.autograd.grad(total, z)
        squares += slopes.double().square().sum(dim=0)
    variance = codes.var(axis=0, dtype=np.float64)
    return np.asarray(variance * squares.numpy() / len(probed))


def _labels(space: Space, numbers: NDArray[np.int64]) -> Tensor | None:
    """A class for each of *numbers*, in turn; None where there are no classes."""
    classes = len(space.classes)
    return torch.from_numpy(numbers % classes) if classes else None
