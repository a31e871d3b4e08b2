"""Decoders looked at from inside: early features, and what each number of a code does.

Shapes: N = codes, L = latent dimensions, F = features.
"""

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from engines.latent.mixing import Codes
from engines.latent.space import PIECE, Space

Labels = NDArray[np.int64]

_PROBED = 128  # codes: the error of a share is then about an eighth of it


def labels_in_turn(space: Space, count: int) -> Labels | None:
    """(count,) labels, one class after the other; None where there are no classes."""
    return np.arange(count) % len(space.classes) if space.classes else None


def early_features(space: Space, codes: Codes) -> NDArray[np.float32]:
    """What leaves the first non-linear layer of the decoder, (N, F), for *codes*.

    Where there are classes, they are asked for in turn.
    """
    network = space.engine.in_use(space.engine.used[0])
    seen: list[Tensor] = []

    def note(_layer: nn.Module, _given: object, features: Tensor) -> None:
        seen.append(features)

    rectifiers = [layer for layer in network.modules() if isinstance(layer, nn.ReLU)]
    hooks = [layer.register_forward_hook(note) for layer in rectifiers]
    found = []
    try:
        for z, labels in _pieces(space, codes):
            space.decoder.decode(z, labels)
            found.append(seen[0].flatten(1).float().cpu())
            seen.clear()
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
    squares = torch.zeros(space.latent_dim, dtype=torch.float64)
    for z, labels in _pieces(space, codes[:_PROBED]):
        z.requires_grad_()
        pictures = space.decoder.decode(z, labels)
        signs = torch.randint(0, 2, pictures.shape, generator=rng) * 2.0 - 1
        (slopes,) = torch.autograd.grad((pictures * signs.to(pictures.device)).sum(), z)
        squares += slopes.double().square().sum(dim=0)
    variance = codes.var(axis=0, dtype=np.float64)
    return np.asarray(variance * squares.numpy() / len(codes[:_PROBED]))


def _pieces(space: Space, codes: Codes) -> Iterator[tuple[Tensor, Tensor | None]]:
    """A few codes at a time, as tensors of their own, with labels in turn."""
    labels = labels_in_turn(space, len(codes))
    for first in range(0, len(codes), PIECE):
        rows = slice(first, first + PIECE)
        wanted = None if labels is None else torch.from_numpy(labels[rows])
        yield torch.tensor(codes[rows]), wanted
