"""Our training step beside the plain published one, on the same work.

Run by hand from the root of the repository, on a machine that does nothing else:

    python -m benchmarks.training_step [seconds] [engine ...]

For every method at its published size: the step of our engine with the settings as
they come, and a plain one (`benchmarks/plain`), A B A B in one process on the same
random pictures. *seconds* is how long each row takes.
"""

import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from types import MappingProxyType
from typing import Any

import torch
from torch import Tensor

from benchmarks.plain import steps
from engines.base import Engine
from engines.catalogue import engine_entry
from engines.configs import EngineConfig
from engines.data.batches import PairBatch, PictureBatch
from engines.training.device import choose

SECONDS = 60.0
WARM_UP = 2
LEAST_ROUNDS = 3


@dataclass(frozen=True)
class Case:
    """A method at its published size, and its plain step."""

    title: str
    engine: str
    settings: Mapping[str, Any]
    plain: Callable[[Any], Any]


_VAE_MLP = {"network": "mlp", "image_size": 28, "colours": "grey", "batch_size": 128}
_CLIP = {
    "constraint": "clipping",
    "learning_rate": 5e-5,
    "critic_norm": "batch",
}
CASES: Mapping[str, Case] = MappingProxyType(
    {
        "pix2pix": Case("Pix2Pix 256", "pix2pix", {}, steps.PlainPix2Pix),
        "cyclegan": Case("CycleGAN 256", "cyclegan", {}, steps.PlainCycleGAN),
        "cyclegan128": Case(
            "CycleGAN 128",
            "cyclegan",
            {"image_size": 128, "residual_blocks": 6},
            steps.PlainCycleGAN,
        ),
        "dcgan": Case("DCGAN 64", "dcgan", {"batch_size": 64}, steps.PlainDCGAN),
        "wgan": Case("WGAN clip 64", "wgan", _CLIP, steps.PlainWGAN),
        "wgan_gp": Case("WGAN-GP 64", "wgan", {}, steps.PlainWGAN),
        "vae": Case("VAE MLP 28", "vae", _VAE_MLP, steps.PlainVAE),
    }
)


def make(case: Case, **changes: Any) -> tuple[Engine, Any]:
    """Our engine and the plain one, with the same weights.

    Averaged weights, which the published scripts have not, are left out of both.
    """
    entry = engine_entry(case.engine)
    config = entry.config.checked({**case.settings, "ema_decay": 0.0, **changes})
    engine = entry.load()(config, choose(config.device, config.precision))
    return engine, case.plain(engine)


def random_pictures(config: EngineConfig, rng: torch.Generator) -> list[Tensor]:
    """What a step learns from: two sides, of which some methods take one."""
    count, side = config.pictures_per_step, config.image_size
    shape = (count, config.channels, side, side)
    return [torch.rand(shape, generator=rng) * 2 - 1 for _ in "ab"]


def our_step(case: Case, engine: Engine, a: Tensor, b: Tensor) -> dict[str, float]:
    """Our losses of one step."""
    batch: PairBatch | PictureBatch = PairBatch(a, b)
    if engine_entry(case.engine).data == "single":
        batch = PictureBatch(a, torch.zeros(len(a), dtype=torch.int64))
    return {name: value.item() for name, value in engine.train_step(batch).items()}


def plain_step(case: Case, plain: Any, a: Tensor, b: Tensor) -> dict[str, float]:
    """The plain losses of one step."""
    single = engine_entry(case.engine).data == "single"
    losses: dict[str, float] = plain.train_step(*([a] if single else [a, b]))
    return losses


def time_case(case: Case, seconds: float) -> tuple[list[float], list[float], int]:
    """Seconds a step, ours and plain in turns, and the pictures of a step."""
    engine, plain = make(case)
    rng = torch.Generator().manual_seed(0)
    ours, theirs = list[float](), list[float]()
    until = time.perf_counter() + seconds
    while len(ours) < WARM_UP + LEAST_ROUNDS or time.perf_counter() < until:
        a, b = random_pictures(engine.config, rng)
        began = time.perf_counter()
        our_step(case, engine, a, b)
        between = time.perf_counter()
        plain_step(case, plain, a, b)
        ours.append(between - began)
        theirs.append(time.perf_counter() - between)
    return ours[WARM_UP:], theirs[WARM_UP:], engine.config.pictures_per_step


def main() -> None:
    """Measure the cases that were named, or all, and print a row for each."""
    words = sys.argv[1:]
    seconds = float(words.pop(0)) if words and words[0][0].isdigit() else SECONDS
    print(f"{'':14}{'plain':>12}{'ours':>12}   ratio (all pairs)")
    for name in words or CASES:
        ours, theirs, pictures = time_case(CASES[name], seconds)
        ratios = sorted(b / a for a, b in zip(ours, theirs, strict=True))
        low, high = ratios[len(ratios) // 10], ratios[-1 - len(ratios) // 10]
        print(
            f"{CASES[name].title:14}{pictures / median(theirs):12.2f}"
            f"{pictures / median(ours):12.2f}   {median(ratios):.2f}"
            f" ({low:.2f} .. {high:.2f}, {len(ratios)} pairs)",
            flush=True,
        )


if __name__ == "__main__":
    main()
