"""Networks of stock layers, parameter by parameter in the order of our own."""

import math

import torch
from torch import Tensor, nn


class UNet(nn.Module):
    """The generator of Isola et al. 2017, appendix 6.1.1, for 256 pixels."""

    def __init__(self, width: int, levels: int, dropout: float) -> None:
        super().__init__()
        widths = [width * min(2**n, 8) for n in range(levels)]
        self.encoder, self.decoder = nn.ModuleList(), nn.ModuleList()
        for n, c_out in enumerate(widths):
            bare = n in (0, levels - 1)
            layers: list[nn.Module] = [nn.LeakyReLU(0.2)] if n else []
            c_in = widths[n - 1] if n else 3
            layers.append(nn.Conv2d(c_in, c_out, 4, 2, 1, bias=bare))
            if not bare:
                layers.append(nn.InstanceNorm2d(c_out, affine=True))
            self.encoder.append(nn.Sequential(*layers))
        for n in reversed(range(levels)):
            c_in = widths[n] * (1 if n == levels - 1 else 2)
            c_out = widths[n - 1] if n else 3
            layers = [nn.ReLU(), nn.ConvTranspose2d(c_in, c_out, 4, 2, 1, bias=not n)]
            layers.append(nn.InstanceNorm2d(c_out, affine=True) if n else nn.Tanh())
            if n >= levels - 3:
                layers.append(nn.Dropout(dropout))
            self.decoder.append(nn.Sequential(*layers))

    def forward(self, x: Tensor) -> Tensor:
        skips = []
        for layer in self.encoder:
            x = layer(x)
            skips.append(x)
        x = self.decoder[0](skips.pop())
        for layer in list(self.decoder)[1:]:
            x = layer(torch.cat([x, skips.pop()], 1))
        return x


def patchgan(channels: int, width: int, *, affine: bool) -> nn.Sequential:
    """The discriminator of 70 pixels of Isola et al. 2017, appendix 6.1.2."""
    layers: list[nn.Module] = [nn.Conv2d(channels, width, 4, 2, 1), nn.LeakyReLU(0.2)]
    for n, stride in enumerate((2, 2, 1)):
        c_in, c_out = width * 2**n, width * 2 ** (n + 1)
        layers += [
            nn.Conv2d(c_in, c_out, 4, stride, 1, bias=False),
            nn.InstanceNorm2d(c_out, affine=affine),
            nn.LeakyReLU(0.2),
        ]
    return nn.Sequential(*layers, nn.Conv2d(8 * width, 1, 4, 1, 1))


class Residual(nn.Module):
    """Two convolutions beside a shortcut."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.ReflectionPad2d(1),
            nn.Conv2d(channels, channels, 3),
            nn.InstanceNorm2d(channels),
            nn.ReLU(),
            nn.ReflectionPad2d(1),
            nn.Conv2d(channels, channels, 3),
            nn.InstanceNorm2d(channels),
        )

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = x + self.layers(x)
        return y


def resnet(width: int, blocks: int) -> nn.Sequential:
    """The generator of Zhu et al. 2017, appendix 7.2."""

    def norm_relu(channels: int) -> list[nn.Module]:
        return [nn.InstanceNorm2d(channels), nn.ReLU()]

    return nn.Sequential(
        nn.ReflectionPad2d(3),
        nn.Conv2d(3, width, 7),
        *norm_relu(width),
        nn.Conv2d(width, 2 * width, 3, 2, 1),
        *norm_relu(2 * width),
        nn.Conv2d(2 * width, 4 * width, 3, 2, 1),
        *norm_relu(4 * width),
        *(Residual(4 * width) for _ in range(blocks)),
        nn.ConvTranspose2d(4 * width, 2 * width, 3, 2, 1, output_padding=1),
        *norm_relu(2 * width),
        nn.ConvTranspose2d(2 * width, width, 3, 2, 1, output_padding=1),
        *norm_relu(width),
        nn.ReflectionPad2d(3),
        nn.Conv2d(width, 3, 7),
        nn.Tanh(),
    )


def dcgan_generator(latent_dim: int, width: int, size: int) -> nn.Sequential:
    """The generator of Radford et al. 2016, figure 1."""
    levels = int(math.log2(size)) - 2
    c = width << (levels - 1)
    layers: list[nn.Module] = [
        nn.Linear(latent_dim, c * 16, bias=False),
        nn.Unflatten(1, (c, 4, 4)),
        nn.BatchNorm2d(c),
        nn.ReLU(),
    ]
    for n in range(levels - 1):
        c_in, c_out = c >> n, c >> (n + 1)
        layers += [
            nn.ConvTranspose2d(c_in, c_out, 4, 2, 1, bias=False),
            nn.BatchNorm2d(c_out),
            nn.ReLU(),
        ]
    return nn.Sequential(*layers, nn.ConvTranspose2d(width, 3, 4, 2, 1), nn.Tanh())


def dcgan_critic(width: int, size: int, *, norm: str) -> nn.Sequential:
    """The discriminator of Radford et al. 2016; *norm* "batch" or "layer"."""
    layers: list[nn.Module] = [nn.Conv2d(3, width, 4, 2, 1), nn.LeakyReLU(0.2)]
    levels = int(math.log2(size)) - 2
    for n in range(levels - 1):
        c = width << (n + 1)
        layers += [
            nn.Conv2d(c // 2, c, 4, 2, 1, bias=False),
            nn.BatchNorm2d(c) if norm == "batch" else nn.GroupNorm(1, c),
            nn.LeakyReLU(0.2),
        ]
    deepest = width << (levels - 1)
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(deepest * 16, 1))
