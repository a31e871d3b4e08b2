"""The networks of DCGAN (Radford et al. 2016, section 3), which WGAN uses as well.

Each level halves or doubles the sides, from the picture's S to 4 pixels, or 7 for the
28 of handwritten digits. Channels double where sides halve.

Both may be conditional. The generator gets a one-hot class beside z (Mirza & Osindero
2014, section 3.2); the critic has one score for each class and answers with that of
the class it was asked about (Liu et al. 2019, section 3, of which the projection of
Miyato & Koyama 2018 is the form with a shared term).

Shapes: B = batch, C = channels of a picture, S = its side, L = latent dimensions,
K = classes, 0 where there is no condition.
"""

from collections.abc import Callable
from typing import Literal, TypeAlias

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engines.nets.conv import Conv2d, ConvTranspose2d
from engines.nets.norm import InstanceNorm2d

CriticNorm: TypeAlias = Literal["batch", "layer", "instance", "none"]

_NORMS: dict[CriticNorm, Callable[[int], nn.Module]] = {
    "batch": nn.BatchNorm2d,
    "layer": lambda channels: nn.GroupNorm(1, channels),  # over channels and pixels
    "instance": lambda channels: InstanceNorm2d(channels, affine=True),
    "none": lambda _channels: nn.Identity(),
}


def levels(image_size: int) -> int:
    """How often the sides are halved until 4 (or 7) pixels are left."""
    count = 0
    while image_size >= 8 and image_size % 2 == 0:
        image_size //= 2
        count += 1
    return count


class Generator(nn.Module):
    """Points of the latent space to pictures, (B, L) -> (B, C, S, S) in (-1, 1)."""

    def __init__(
        self,
        *,
        latent_dim: int,
        classes: int,
        channels: int,
        image_size: int,
        width: int,
    ) -> None:
        """Lay the levels out.

        Args:
            latent_dim: L.
            classes: K.
            channels: C.
            image_size: S, a power of two from 16 on, or 28.
            width: Channels of the last hidden layer; the first has width * S / 8.
        """
        super().__init__()
        self.classes = classes
        count = levels(image_size)
        side, c_in = image_size >> count, width << (count - 1)
        self.start = nn.Sequential(
            nn.Linear(latent_dim + classes, c_in * side * side, bias=False),
            nn.Unflatten(1, (c_in, side, side)),
            nn.BatchNorm2d(c_in),
            nn.ReLU(),
        )
        layers: list[nn.Module] = []
        for _ in range(count - 1):
            layers += [
                ConvTranspose2d(c_in, c_in // 2, 4, 2, 1, bias=False),
                nn.BatchNorm2d(c_in // 2),
                nn.ReLU(),
            ]
            c_in //= 2
        layers += [ConvTranspose2d(c_in, channels, 4, 2, 1), nn.Tanh()]
        self.levels = nn.Sequential(*layers)

    def forward(self, z: Tensor, labels: Tensor) -> Tensor:
        """Make pictures of *z*; *labels* (B,) count only where there are classes."""
        if self.classes:
            z = torch.cat([z, F.one_hot(labels, self.classes).to(z.dtype)], dim=1)
        pictures: Tensor = self.levels(self.start(z))
        return pictures


class Critic(nn.Module):
    """Pictures to scores of how real they look, (B, C, S, S) -> (B,)."""

    def __init__(
        self,
        *,
        classes: int,
        channels: int,
        image_size: int,
        width: int,
        norm: CriticNorm,
    ) -> None:
        """Lay the levels out.

        Args:
            classes: K.
            channels: C.
            image_size: S, a power of two from 16 on, or 28.
            width: Channels of the first layer.
            norm: Which normalisation; none at the first layer and the last.
        """
        super().__init__()
        self.classes = classes
        count = levels(image_size)
        layers: list[nn.Module] = [
            Conv2d(channels, width, 4, 2, 1),
            nn.LeakyReLU(0.2),
        ]
        for _ in range(count - 1):
            layers += [
                Conv2d(width, 2 * width, 4, 2, 1, bias=norm == "none"),
                _NORMS[norm](2 * width),
                nn.LeakyReLU(0.2),
            ]
            width *= 2
        self.levels = nn.Sequential(*layers)
        side = image_size >> count
        self.score = nn.Linear(width * side * side, max(1, classes))

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        """Score *x*; *labels* (B,) count only where there are classes."""
        scores: Tensor = self.score(self.levels(x).flatten(1))  # (B, max(1, K))
        return scores.gather(1, labels[:, None])[:, 0] if self.classes else scores[:, 0]
