"""Where and how precisely a run computes: chosen once, said in words."""

import contextlib
from dataclasses import dataclass
from typing import Literal, TypeAlias

import torch

from engines.errors import DeviceError

DeviceChoice: TypeAlias = Literal["auto", "cpu", "cuda", "mps"]
PrecisionChoice: TypeAlias = Literal["auto", "fp32", "bf16"]

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
        bf16: True where forward passes run in bfloat16; weights stay 32 bit.
    """

    device: torch.device
    bf16: bool

    def autocast(self) -> contextlib.AbstractContextManager[object]:
        """The context in which forward passes run."""
        return torch.autocast(self.device.type, torch.bfloat16, enabled=self.bf16)

    def __str__(self) -> str:
        """For example "CPU, 2 threads, 32 bit"."""
        bits = "16 bit (bfloat16)" if self.bf16 else "32 bit"
        return f"{self._place()}, {bits}"

    def _place(self) -> str:
        if self.device.type == "cuda":
            return torch.cuda.get_device_name(self.device)
        if self.device.type == "mps":
            return "Apple graphics"
        threads = torch.get_num_threads()
        return f"CPU, {threads} thread{'s' if threads > 1 else ''}"


def choose(device: DeviceChoice, precision: PrecisionChoice) -> Compute:
    """Turn the two settings into a device.

    "auto" takes CUDA before Apple graphics before the CPU, and bfloat16 only on a
    CUDA device that has it. What was asked for by name is never replaced.

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
    if precision == "auto":
        bf16 = name == "cuda" and torch.cuda.is_bf16_supported()
    else:
        bf16 = precision == "bf16"
    return Compute(device=torch.device(name), bf16=bf16)
