"""Where and how precisely a run computes: chosen once, said in words.

Weights are kept in 32 bits whatever is chosen (`engines.training.master`), kernels with
their channels last.
"""

import contextlib
import time
from dataclasses import dataclass
from functools import cache
from statistics import median
from typing import Literal, TypeAlias

import torch
from torch import Tensor

from engines.errors import DeviceError

DeviceChoice: TypeAlias = Literal["auto", "cpu", "cuda", "mps"]
PrecisionChoice: TypeAlias = Literal["auto", "fp32", "bf16"]

# Of `is_bf16_fast`: sides of the matrices, how often, faster by what, slower than what.
_TRIED, _TRIES, _WORTH, _HOPELESS_S = 384, 7, 2.0, 0.05

_MISSING = {
    "cuda": "There is no NVIDIA graphics card that this torch can use. Choose "
    "another device, or install the CUDA build of torch (see README).",
    "mps": "There is no Apple graphics that this torch can use. Choose another device.",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Compute:
    """A device with the precision of the networks' arithmetic.

    Attributes:
        device: Where tensors live.
        bf16: True where networks compute in bfloat16; weights are kept in 32 bits.
    """

    device: torch.device
    bf16: bool

    def autocast(self) -> contextlib.AbstractContextManager[object]:
        """The context in which forward passes run."""
        return torch.autocast(self.device.type, torch.bfloat16, enabled=self.bf16)

    def __str__(self) -> str:
        """For example "CPU, 2 threads, bf16, channels last"."""
        bits = "bf16" if self.bf16 else "fp32"
        return f"{self._place()}, {bits}, channels last"

    def _place(self) -> str:
        if self.device.type == "cuda":
            return torch.cuda.get_device_name(self.device)
        if self.device.type == "mps":
            return "Apple graphics"
        threads = torch.get_num_threads()
        return f"CPU, {threads} thread{'s' if threads > 1 else ''}"


def choose(device: DeviceChoice, precision: PrecisionChoice) -> Compute:
    """Turn the two settings into a device.

    "auto" takes CUDA before Apple graphics before the CPU, and bfloat16 on a CUDA
    device or a CPU that is made for it. What was asked for by name is never replaced.

    Raises:
        DeviceError: The device that was asked for is not there.
    """
    there = {
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
        "cpu": True,
    }
    name = next(n for n in there if there[n]) if device == "auto" else device
    if not there[name]:
        raise DeviceError(_MISSING[name])
    if name == "cuda":
        _tune_cuda()
    bf16 = precision == "bf16" or (precision == "auto" and _suits_bf16(name))
    return Compute(device=torch.device(name), bf16=bf16)


def _suits_bf16(name: str) -> bool:
    if name == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    return name == "cpu" and is_bf16_fast()


def _tune_cuda() -> None:
    """32-bit products of 10 bits where they are not bf16; the fastest convolution."""
    torch.set_float32_matmul_precision("high")
    torch.backends.cudnn.allow_tf32 = True
    torch.backends.cudnn.benchmark = True


@cache
def is_bf16_fast() -> bool:
    """Whether this CPU multiplies matrices of bfloat16 much faster, and correctly.

    With AMX it is about 6 times as fast as in 32 bits, without at most 1.5 times, and
    slower where it has to be imitated: tried, as not even the processor's flags say
    what the library behind torch makes of it.
    """
    rng = torch.Generator().manual_seed(0)
    a, b = torch.randn((2, _TRIED, _TRIED), generator=rng)
    rough_a, rough_b = a.bfloat16(), b.bfloat16()
    ratios = []
    for _ in range(_TRIES):
        exact, exact_s = _timed_product(a, b)
        rough, rough_s = _timed_product(rough_a, rough_b)
        if rough_s > _HOPELESS_S:
            return False
        ratios.append(exact_s / rough_s)
    error: float = ((rough.float() - exact).norm() / exact.norm()).item()
    # Each factor is rounded to 8 bits and the result once more: 0.3 % together.
    return median(ratios) > _WORTH and error < 0.02


def _timed_product(a: Tensor, b: Tensor) -> tuple[Tensor, float]:
    began = time.perf_counter()
    product = a @ b
    return product, time.perf_counter() - began
