"""All weights of a network in one row of numbers, for the optimiser and the average.

The row is what learns, always in 32 bits: the master copy of Micikevicius et al. 2018,
section 3.1. The network's parameters are views of it or, where the network computes in
16 bits, views of a row of 16-bit copies. An optimiser that is given one long row makes
one pass over memory, and asks for no copy of kernels whose channels come last.
"""

from collections.abc import Iterator, Mapping
from itertools import accumulate

import torch
from torch import Tensor, nn

_ALIGNED = 32  # numbers: no two weights share a line of the processor's cache


class MasterWeights:
    """The trainable weights of a network, as one row.

    Attributes:
        network: The network.
        row: (n,) float32, with zeros between the weights.
    """

    def __init__(self, network: nn.Module, *, bf16: bool = False) -> None:
        """Move the parameters of *network* into a row, on their device.

        Args:
            network: Its parameters become views; kernels with their channels last,
                in which order convolutions are fastest.
            bf16: Whether matrices and kernels become bfloat16 copies. Biases and the
                scales of norms stay as they are: they cost nothing.
        """
        self.network = network
        self._parameters = list(network.parameters())
        sizes = [_ALIGNED * -(-p.numel() // _ALIGNED) for p in self._parameters]
        self._starts = list(accumulate(sizes, initial=0))
        self.row = torch.zeros(self._starts[-1], device=self._parameters[0].device)
        self._copies = self.row.bfloat16() if bf16 else None
        masters = list(self.views(self.row))
        seen = masters if self._copies is None else list(self.views(self._copies))
        for parameter, master, copy in zip(
            self._parameters, masters, seen, strict=True
        ):
            master.copy_(parameter.detach())
            parameter.data = copy if parameter.dim() > 1 else master
        self.publish()

    def views(self, row: Tensor) -> Iterator[Tensor]:
        """A row like this one, cut into the shapes of the parameters, in order."""
        for start, parameter in zip(self._starts, self._parameters, strict=False):
            shape = parameter.shape
            values = row[start : start + parameter.numel()]
            if len(shape) == 4:
                c_out, c_in, height, width = shape
                kernel = values.view(c_out, height, width, c_in)
                yield kernel.permute(0, 3, 1, 2)
            else:
                yield values.view(shape)

    def publish(self) -> None:
        """Let the network see what the row now holds."""
        if self._copies is not None:
            self._copies.copy_(self.row)

    @torch.no_grad()
    def step(self, optimizer: torch.optim.Optimizer) -> None:
        """Let the *optimizer* of the row move it along the network's gradients."""
        if self.row.grad is None:
            self.row.grad = torch.zeros_like(self.row)
            self._gradients = list(self.views(self.row.grad))
        for mine, parameter in zip(self._gradients, self._parameters, strict=True):
            assert parameter.grad is not None, "every weight takes part in a step"
            mine.copy_(parameter.grad)
        optimizer.step()
        self.publish()

    # ------------------------------------------------------------------------
    # State.

    def state_dict(self) -> dict[str, Tensor]:
        """The network's, with its weights in 32 bits."""
        names = [name for name, _ in self.network.named_parameters()]
        masters = dict(zip(names, self.views(self.row), strict=True))
        return {**self.network.state_dict(), **masters}

    def load_state_dict(self, values: Mapping[str, Tensor]) -> None:
        """Put `state_dict()` back; torch checks names and shapes."""
        self.network.load_state_dict(values)
        for (name, _), master in zip(
            self.network.named_parameters(), self.views(self.row), strict=True
        ):
            master.copy_(values[name])
        self.publish()

    def optimizer_state(self, optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
        """What *optimizer* remembers, weight by weight: "0.exp_avg", "0.step", ...

        Nothing in it depends on how the row is laid out.
        """
        return {
            f"{place}.{key}": part
            for key, value in optimizer.state[self.row].items()
            for place, part in enumerate(self._parts(value))
        }

    def load_optimizer(
        self, optimizer: torch.optim.Optimizer, values: Mapping[str, Tensor]
    ) -> None:
        """Put `optimizer_state()` back; {} for an optimiser that has not stepped."""
        state: dict[str, Tensor] = {}
        for name in (name for name in values if name.startswith("0.")):
            key = name.removeprefix("0.")
            if key == "step":  # a fused optimiser counts on the device
                state[key] = values[name].to(self.row.device, copy=True)
                continue
            state[key] = torch.zeros_like(self.row)
            for place, part in enumerate(self.views(state[key])):
                part.copy_(values[f"{place}.{key}"])
        optimizer.state[self.row] = state

    def _parts(self, value: Tensor) -> list[Tensor]:
        """A row cut up; a count of steps, which has no shape, for every weight."""
        if value.shape == self.row.shape:
            return list(self.views(value))
        return [value] * len(self._parameters)
