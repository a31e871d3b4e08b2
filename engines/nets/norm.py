"""The choice of normalisation, and the initialisation that goes with it."""

from collections.abc import Callable
from typing import Literal, TypeAlias

import torch
import torch.nn.functional as F
from torch import Tensor, nn

NormKind: TypeAlias = Literal["instance", "batch"]


class InstanceNorm2d(nn.InstanceNorm2d):
    """`nn.InstanceNorm2d` that leaves channels last where they are.

    Torch's own first puts the whole map into another order. Over one picture, batch
    norm is the same function and does not.
    """

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, H, W), same shape out."""
        if x.is_contiguous():
            return super().forward(x)
        scale, shift = self.weight, self.bias
        each = [
            F.batch_norm(picture, None, None, scale, shift, training=True, eps=self.eps)
            for picture in torch.split(x, 1)
        ]
        return each[0] if len(each) == 1 else torch.cat(each)


NORMS: dict[NormKind, Callable[[int], nn.Module]] = {
    # Affine like batch norm, so that batch size 1 makes the two the same function.
    "instance": lambda channels: InstanceNorm2d(channels, affine=True),
    "batch": nn.BatchNorm2d,
}


def init_normal(network: nn.Module, rng: torch.Generator, std: float = 0.02) -> None:
    """Draw weights from N(0, *std*), norm scales from N(1, *std*); biases are 0.

    Isola et al. 2017, section 6.2; Radford et al. 2016, section 4.

    Args:
        network: Changed in place; on the CPU, so that every device starts alike.
        rng: A CPU generator.
        std: Standard deviation.
    """
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
            nn.init.normal_(module.weight, 0.0, std, generator=rng)
        elif isinstance(module, nn.InstanceNorm2d | nn.BatchNorm2d) and module.affine:
            nn.init.normal_(module.weight, 1.0, std, generator=rng)
        else:
            continue
        if module.bias is not None:
            nn.init.zeros_(module.bias)


def init_he(network: nn.Module, rng: torch.Generator, slope: float = 0.2) -> None:
    """Draw the weights of convolutions and linear layers so that signals keep size.

    He et al. 2015, section 2.2, for leaky ReLUs of this *slope*; biases are 0.

    Args:
        network: Changed in place; on the CPU, so that every device starts alike.
        rng: A CPU generator.
        slope: Of the negative half.
    """
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(module.weight, slope, generator=rng)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
