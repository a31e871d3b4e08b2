"""The published generators once more, as an oracle: flat weights, plain functions.

Written from the names that the published code gives its layers
(https://github.com/junyanz/pytorch-CycleGAN-and-pix2pix), with none of our networks.
"""

from itertools import count, pairwise

import torch
import torch.nn.functional as F


def resnet_state(*, blocks, width, norm, dropout, c_in=3, c_out=3):
    """Random weights of a residual generator by their published names."""
    made = _Maker(norm)
    made.conv("model.1", (width, c_in, 7, 7))
    made.norm("model.2", width)
    made.conv("model.4", (2 * width, width, 3, 3))
    made.norm("model.5", 2 * width)
    made.conv("model.7", (4 * width, 2 * width, 3, 3))
    made.norm("model.8", 4 * width)
    second = 6 if dropout else 5
    for block in range(10, 10 + blocks):
        made.conv(f"model.{block}.conv_block.1", (4 * width, 4 * width, 3, 3))
        made.norm(f"model.{block}.conv_block.2", 4 * width)
        made.conv(f"model.{block}.conv_block.{second}", (4 * width, 4 * width, 3, 3))
        made.norm(f"model.{block}.conv_block.{second + 1}", 4 * width)
    end = 10 + blocks
    made.conv(f"model.{end}", (4 * width, 2 * width, 3, 3), c_out=2 * width)
    made.norm(f"model.{end + 1}", 2 * width)
    made.conv(f"model.{end + 3}", (2 * width, width, 3, 3), c_out=width)
    made.norm(f"model.{end + 4}", width)
    made.conv(f"model.{end + 7}", (c_out, width, 7, 7), bias=True)
    return made.state


def resnet(state, x, *, blocks, norm, dropout):
    """Translate (B, C, H, W)."""

    def conv(name, x, **how):
        return F.conv2d(x, state[f"{name}.weight"], state.get(f"{name}.bias"), **how)

    def up(name, x):
        weight, bias = state[f"{name}.weight"], state.get(f"{name}.bias")
        return F.conv_transpose2d(x, weight, bias, 2, 1, 1)

    def framed(x, by):
        return F.pad(x, (by, by, by, by), mode="reflect")

    x = F.relu(_normed(state, norm, "model.2", conv("model.1", framed(x, 3))))
    for k in (4, 7):
        y = conv(f"model.{k}", x, stride=2, padding=1)
        x = F.relu(_normed(state, norm, f"model.{k + 1}", y))
    second = 6 if dropout else 5
    for k in range(10, 10 + blocks):
        block = f"model.{k}.conv_block"
        y = conv(f"{block}.1", framed(x, 1))
        y = F.relu(_normed(state, norm, f"{block}.2", y))
        y = conv(f"{block}.{second}", framed(y, 1))
        x = x + _normed(state, norm, f"{block}.{second + 1}", y)
    end = 10 + blocks
    for k in (end, end + 3):
        x = F.relu(_normed(state, norm, f"model.{k + 1}", up(f"model.{k}", x)))
    return torch.tanh(conv(f"model.{end + 7}", framed(x, 3)))


def unet_state(*, downs, width, norm, c_in=3, c_out=3):
    """Random weights of a U-Net by their published names."""
    made = _Maker(norm)
    widths = [width * min(2**level, 8) for level in range(downs)]
    made.conv("model.model.0", (width, c_in, 4, 4), bias=norm == "instance")
    made.conv("model.model.3", (2 * width, c_out, 4, 4), c_out=c_out, bias=True)
    block = "model.model.1.model"
    for outside, inside in pairwise(widths[:-1]):
        made.conv(f"{block}.1", (inside, outside, 4, 4))
        made.norm(f"{block}.2", inside)
        made.conv(f"{block}.5", (2 * inside, outside, 4, 4), c_out=outside)
        made.norm(f"{block}.6", outside)
        block += ".3.model"
    made.conv(f"{block}.1", (widths[-1], widths[-2], 4, 4))
    made.conv(f"{block}.3", (widths[-1], widths[-2], 4, 4), c_out=widths[-2])
    made.norm(f"{block}.4", widths[-2])
    return made.state


def unet(state, x, *, downs, norm):
    """Translate (B, C, H, W)."""

    def conv(name, x):
        weight, bias = state[f"{name}.weight"], state.get(f"{name}.bias")
        return F.conv2d(x, weight, bias, 2, 1)

    def up(name, x):
        weight, bias = state[f"{name}.weight"], state.get(f"{name}.bias")
        return F.conv_transpose2d(F.relu(x), weight, bias, 2, 1)

    blocks = ["model.model.1.model" + ".3.model" * k for k in range(downs - 1)]
    skips = [conv("model.model.0", x)]
    for block in blocks[:-1]:
        y = conv(f"{block}.1", F.leaky_relu(skips[-1], 0.2))
        skips.append(_normed(state, norm, f"{block}.2", y))
    y = conv(f"{blocks[-1]}.1", F.leaky_relu(skips[-1], 0.2))
    y = _normed(state, norm, f"{blocks[-1]}.4", up(f"{blocks[-1]}.3", y))
    for block in reversed(blocks[:-1]):
        y = up(f"{block}.5", torch.cat([skips.pop(), y], 1))
        y = _normed(state, norm, f"{block}.6", y)
    return torch.tanh(up("model.model.3", torch.cat([skips.pop(), y], 1)))


class _Maker:
    def __init__(self, norm):
        self.state, self._norm, self._seeds = {}, norm, count()

    def conv(self, name, shape, *, c_out=None, bias=None):
        # Of a size that keeps what passes through alive, and far from saturation.
        self.state[f"{name}.weight"] = self._drawn(shape) / shape[1] ** 0.5 / 3
        if self._norm == "instance" if bias is None else bias:
            self.state[f"{name}.bias"] = self._drawn((c_out or shape[0],)) / 10

    def norm(self, name, channels):
        if self._norm != "batch":
            return
        self.state[f"{name}.weight"] = 1 + self._drawn((channels,)) / 5
        self.state[f"{name}.bias"] = self._drawn((channels,)) / 5
        self.state[f"{name}.running_mean"] = self._drawn((channels,)) / 5
        self.state[f"{name}.running_var"] = 1 + self._drawn((channels,)).abs()
        self.state[f"{name}.num_batches_tracked"] = torch.tensor(7)

    def _drawn(self, shape):
        return torch.randn(
            shape, generator=torch.Generator().manual_seed(next(self._seeds))
        )


def _normed(state, norm, name, x):
    if norm == "instance":
        return F.instance_norm(x)
    if norm == "none":
        return x
    scale, shift = state[f"{name}.weight"], state[f"{name}.bias"]
    if norm == "picture":  # batch norm with the statistics of what it sees
        return F.batch_norm(x, None, None, scale, shift, training=True)
    mean, var = state[f"{name}.running_mean"], state[f"{name}.running_var"]
    return F.batch_norm(x, mean, var, scale, shift)
