"""Our training step beside the plain published one, on the same work.

Run by hand from the root of the repository, on a machine that does nothing else:

    python -m benchmarks.training_step [seconds] [engine ...]

For every method at its published size: the step of our engine with the settings as
they come, and a plain one (`benchmarks/plain`), A B A B in one process on the same
random pictures. *seconds* is how long each row takes at least. The peak is that of a
large matrix product in the same precision; memory is measured in processes apart,
on Linux.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from types import MappingProxyType
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry

from benchmarks.plain import steps
from engines.base import Engine
from engines.catalogue import engine_entry
from engines.configs import EngineConfig
from engines.data.batches import PairBatch, PictureBatch
from engines.training.allocator import keep_freed_memory
from engines.training.device import choose

SECONDS = 60.0
LEAST_ROUNDS = 3
SHORT_S = 0.5


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


class Operations(TorchDispatchMode):
    """Counts multiplications and additions, which torch's own mode cannot do of slopes.

    Attributes:
        total: So many so far.
    """

    total = 0.0

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        """Take the place of one operation of torch."""
        result = func(*args, **(kwargs or {}))
        count = flop_registry.get(func._overloadpacket)
        if count is not None:
            self.total += count(*args, **(kwargs or {}), out_val=result)
        return result


@dataclass(frozen=True)
class Times:
    """Seconds of every timed step, in pairs."""

    ours: list[float]
    plain: list[float]


def time_case(case: Case, seconds: float) -> tuple[Times, Engine, float]:
    """Steps in turns, for about so many seconds; the operations of a plain step.

    Our steps find freed memory kept, as they do in a run, the plain ones do not, as in
    a script. Both are left a step to find their memory where that hardly takes time.
    """
    engine, plain = make(case)
    rng = torch.Generator().manual_seed(0)
    times = Times([], [])
    a, b = random_pictures(engine.config, rng)
    with Operations() as operations:
        plain_step(case, plain, a, b)
    our_step(case, engine, a, b)
    until = time.perf_counter() + seconds
    while len(times.ours) < LEAST_ROUNDS or time.perf_counter() < until:
        a, b = random_pictures(engine.config, rng)
        with keep_freed_memory():
            times.ours.append(_timed(lambda: our_step(case, engine, a, b)))  # noqa: B023
        times.plain.append(_timed(lambda: plain_step(case, plain, a, b)))  # noqa: B023
    return times, engine, operations.total


def _timed(step: Callable[[], object]) -> float:
    """Seconds of a step, the last of three where three are soon done."""
    began = time.perf_counter()
    step()
    if time.perf_counter() - began < SHORT_S:
        step()
        began = time.perf_counter()
        step()
    return time.perf_counter() - began


def product_peak(dtype: torch.dtype) -> float:
    """Operations a second of a large matrix product, the best of a few."""
    a, b = torch.randn((2, 2048, 2048)).to(dtype)
    a @ b
    return 2 * 2048**3 / min(_timed(lambda: a @ b) for _ in range(5))


def peak_memory(name: str, which: str) -> float:
    """GB that a process needs for some steps of ours, or of the plain one."""
    command = [sys.executable, "-m", "benchmarks.training_step", "memory", name, which]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return float(done.stdout) / 1e9


def print_memory(name: str, which: str) -> None:
    """Do the steps of one side alone and print the most bytes that were resident."""
    case = CASES[name]
    engine, plain = make(case)
    a, b = random_pictures(engine.config, torch.Generator().manual_seed(0))
    with keep_freed_memory() if which == "ours" else nullcontext():
        for _ in range(2):
            our_step(case, engine, a, b) if which == "ours" else plain_step(
                case, plain, a, b
            )
    # Not ru_maxrss, which a process inherits from the one that started it.
    status = Path("/proc/self/status").read_text().splitlines()
    lines = dict(line.split(":", 1) for line in status)
    print(int(lines["VmHWM"].split()[0]) * 1024)


def print_row(name: str, seconds: float, peaks: Mapping[bool, float]) -> None:
    """Measure one case."""
    case = CASES[name]
    times, engine, operations = time_case(case, seconds)
    pictures = engine.config.pictures_per_step
    ratios = sorted(b / a for a, b in zip(times.ours, times.plain, strict=True))
    low, high = ratios[len(ratios) // 10], ratios[-1 - len(ratios) // 10]
    ours, plain = median(times.ours), median(times.plain)
    share = operations / ours / peaks[engine.compute.bf16]
    memory = [peak_memory(name, which) for which in ("plain", "ours")]
    print(
        f"{case.title:14}{pictures / plain:10.2f}{pictures / ours:10.2f}"
        f"{median(ratios):8.2f}  ({low:.2f} .. {high:.2f} of {len(ratios)})".ljust(66)
        + f"{share:7.0%}{memory[0]:8.2f}{memory[1]:8.2f}",
        flush=True,
    )


def main() -> None:
    """Measure the cases that were named, or all, and print a row for each."""
    words = sys.argv[1:]
    seconds = float(words.pop(0)) if words and words[0][0].isdigit() else SECONDS
    peaks = {False: product_peak(torch.float32)}
    if choose("auto", "auto").bf16:
        peaks[True] = product_peak(torch.bfloat16)
    told = ", ".join(f"{peak / 1e9:.0f}" for peak in peaks.values())
    print(f"{choose('auto', 'auto')}; torch {torch.__version__}")
    print(f"a matrix product reaches {told} GFLOP/s\n")
    print(f"{'pictures/s':14}{'plain':>10}{'ours':>10}{'ratio':>8}".ljust(66), end="")
    print(f"{'of peak':>7}{'GB plain':>9}{'ours':>7}")
    for name in words or CASES:
        print_row(name, seconds, peaks)


if __name__ == "__main__":
    if sys.argv[1:2] == ["memory"]:
        print_memory(*sys.argv[2:4])
    else:
        main()
