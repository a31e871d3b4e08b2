"""The code whose picture comes closest to a given one, found by optimisation.

Zhu et al., "Generative Visual Manipulation on the Natural Image Manifold", ECCV 2016,
section 4.1, https://arxiv.org/abs/1609.03552; for a space that learnt to make pictures
but not to look them up, and to improve on one that did.

Several starts are improved at once, each by Adam, and the best result is kept: some
end in hollows from which no small step leads out. Each minimises the mean square error
of the pixels, and stays where codes are:

- Codes from N(0, I): with the log density of the prior, for pixels that are each off by
  `NOISE`, so that the most likely code is found (MAP).
- Codes from a cube: numbers that leave it go back to its side. (To draw them anew as
  Lipton & Tripathi 2017 do came out 10 dB worse after 200 steps.)

Shapes: R = starts, L = latent dimensions, S = side of a picture, C = 1 or 3.
"""

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from engines.data.images import Rgb
from engines.errors import Cancelled
from engines.latent.mixing import Codes
from engines.latent.space import Labels, Space
from engines.translation import Cancel, Progress

LEARNING_RATE = 0.2  # of Adam; falls to zero along half a cosine
NOISE = 0.02  # of pixels from 0 to 1


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Inversion:
    """The closest picture that was found.

    Attributes:
        code: (L,).
        label: The class it was made of, None where there are none.
        picture: (S, S, 3) uint8, made of the code.
        wanted: (S, S, 3) uint8, the given picture as the space could make it at best:
            at its size, grey where it learnt grey.
        error: Root of the mean square difference of the two, 0 to 1.
    """

    code: Codes
    label: int | None
    picture: Rgb
    wanted: Rgb
    error: float

    @property
    def psnr(self) -> float:
        """The error in dB, higher is closer, at most 100."""
        return -20 * math.log10(max(self.error, 1e-5))


def invert(
    space: Space,
    picture: Rgb,
    *,
    steps: int = 200,
    restarts: int = 4,
    label: int | None = None,
    seed: int = 0,
    progress: Progress = lambda _done, _total: None,
    cancelled: Cancel = lambda: False,
) -> Inversion:
    """Search for *picture*; the same arguments give the same code on a CPU.

    Args:
        space: Where to search.
        picture: (H, W, 3) uint8, of any size.
        steps: Of the optimisation; each takes as long as making *restarts* pictures
            about three times.
        restarts: How many starts; where the space can encode, one of them is the code
            that it finds by itself.
        label: The class to search; where there are classes and none is given, the
            starts take them in turn, at least one each.
        seed: Of the starts.
        progress: Gets (steps done, in all).
        cancelled: Asked before each step.

    Raises:
        Cancelled: *cancelled* said so.
    """
    fitted = space.fitted(picture)
    target = space.floats(fitted[None])  # (1, C, S, S)
    labels = _labels(space, restarts, label)
    z = _starts(space, fitted, restarts if labels is None else len(labels), seed)
    z.requires_grad_()
    adam = torch.optim.Adam([z], LEARNING_RATE)
    for step in range(steps):
        if cancelled():
            raise Cancelled
        for group in adam.param_groups:
            group["lr"] = LEARNING_RATE * (1 + math.cos(math.pi * step / steps)) / 2
        # Not backward(): the weights need no gradient.
        (z.grad,) = torch.autograd.grad(_loss(space, z, labels, target), z)
        adam.step()
        if space.prior == "uniform":
            z.data.clamp_(-1, 1)
        progress(step + 1, steps)
    return _best(space, space.as_learnt(fitted[None])[0], z.detach().numpy(), labels)


def _labels(space: Space, restarts: int, label: int | None) -> Labels | None:
    """The class of each start, (R,); None where there are no classes."""
    if not space.classes:
        return None
    if label is not None:
        return np.full(restarts, label)
    kinds = len(space.classes)
    return np.arange(max(restarts, kinds)) % kinds


def _starts(space: Space, fitted: Rgb, count: int, seed: int) -> Tensor:
    """(R, L) points of the prior; the first is the encoder's, where there is one."""
    codes = space.draw(count, seed)
    if space.can_encode:
        codes[:1] = space.encode(fitted[None])[0]
    return torch.from_numpy(codes)


def _loss(space: Space, z: Tensor, labels: Labels | None, target: Tensor) -> Tensor:
    """What each of the codes *z* (R, L) costs by itself, all together."""
    kinds = None if labels is None else torch.from_numpy(labels)
    halves = (space.decoder.decode(z, kinds) - target) / 2  # pixels from 0 to 1
    errors = halves.square().flatten(1).mean(dim=1)  # (R,)
    if space.prior == "normal":
        pull = NOISE**2 / target.numel()
        errors = errors + pull * z.square().sum(dim=1).to(errors.device)
    return errors.sum()


def _best(space: Space, wanted: Rgb, codes: Codes, labels: Labels | None) -> Inversion:
    pictures = space.decode(codes, labels)
    differences = (pictures.astype(np.float64) - wanted) / 255
    errors = np.sqrt(np.square(differences).mean(axis=(1, 2, 3)))  # (R,)
    place = int(errors.argmin())
    return Inversion(
        code=codes[place],
        label=None if labels is None else int(labels[place]),
        picture=pictures[place],
        wanted=wanted,
        error=float(errors[place]),
    )
