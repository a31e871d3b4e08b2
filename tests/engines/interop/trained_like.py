"""Engines and published weights whose numbers are as lively as trained ones."""

import torch
from torch import nn

from engines.configs.cyclegan import CycleGANConfig
from engines.configs.pix2pix import Pix2PixConfig
from engines.cyclegan import CycleGAN
from engines.interop.published import Published
from engines.interop.published_layout import infer
from engines.model import Model
from engines.pix2pix import Pix2Pix
from engines.training.device import choose

TINY = {"image_size": 32, "generator_width": 4, "critic_width": 4, "device": "cpu"}


def pix2pix(*, precision="fp32", **values) -> Pix2Pix:
    config = Pix2PixConfig(**{**TINY, **values})
    return enlivened(Pix2Pix(config, choose("cpu", precision)))


def cyclegan(*, precision="fp32", **values) -> CycleGAN:
    config = CycleGANConfig(**{**TINY, "residual_blocks": 2, **values})
    return enlivened(CycleGAN(config, choose("cpu", precision)))


def enlivened(engine):
    """Give an engine weights that change pictures much, other ones each way."""
    rng = torch.Generator().manual_seed(3)
    weights = {}
    for name, value in engine.weights().items():
        weights[name] = value.clone()
        if name.endswith("running_var"):
            weights[name] = 1 + torch.rand(value.shape, generator=rng)
        elif value.is_floating_point():
            spread = 0.3 if value.dim() == 1 else (value[0].numel() / 4) ** -0.5
            drawn = torch.randn(value.shape, generator=rng)
            weights[name] = value.sign().clamp(0) * (value.dim() == 1) + drawn * spread
    engine.load_weights(weights)
    return engine


def opened(state) -> Published:
    """Weights by published names, as if a file had held them."""
    layout = infer({name: tuple(value.shape) for name, value in state.items()})
    kept = {n: v for n, v in state.items() if not n.endswith("num_batches_tracked")}
    return Published(layout, kept, choose("cpu", "fp32"))


def model(translator, tmp_path, image_size=32, step=7) -> Model:
    return Model(
        path=tmp_path,
        name="Leaves",
        step=step,
        translator=translator,
        image_size=image_size,
    )


def without_biases(engine: Pix2Pix) -> Pix2Pix:
    """Zero the biases of the layers that have no norm, but for the last."""
    weights = {name: value.clone() for name, value in engine.weights().items()}
    levels = sum(isinstance(m, nn.ConvTranspose2d) for m in engine.generator.modules())
    weights["generator.encoder.0.0.bias"].zero_()
    weights[f"generator.encoder.{levels - 1}.1.bias"].zero_()
    engine.load_weights(weights)
    return engine
