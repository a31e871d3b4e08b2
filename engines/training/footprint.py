"""How much memory training needs, without needing it.

A step is only laid out: operations on large tensors are not computed, and what they
would return is asked for and never touched, so that the system gives no memory for it.
What is alive after each operation is then exactly what a real step keeps alive.

The operations are the same for a picture more, so the bytes alive after each are a
line in the number of pictures, and two layouts give all lines. Their maximum is the
peak: for few pictures that of the optimisers, for many that of the backward pass.
"""

import weakref
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_flatten, tree_leaves, tree_map_only

from engines.catalogue import EngineEntry
from engines.configs import EngineConfig
from engines.errors import Cancelled
from engines.training.device import Compute
from engines.training.out_of_memory import is_out_of_memory
from engines.training.random_batch import CLASSES, random_batch

# Pictures per step of a layout. Not 1: of one picture, some tensors are laid out in no
# order of their own, and operations that put them in order are left out.
FEW, MOST = 2, 16
STEPS = 2  # the optimisers make their state in the first
# Elements; less is computed: an optimiser's count of steps, and the 5,056 numbers that
# are the state of a generator.
LARGE = 16_384


@dataclass(frozen=True, eq=False, slots=True)
class Footprint:
    """The bytes alive after each operation of training, by pictures per step.

    Attributes:
        fixed: Bytes at no picture per step, (operations,) float64.
        each: Bytes more for each picture per step, (operations,) float64.
    """

    fixed: NDArray[np.float64]
    each: NDArray[np.float64]

    def peak(self, batch_size: int) -> int:
        """The most bytes alive at once, at *batch_size* pictures per step."""
        return round(float((self.fixed + batch_size * self.each).max()))

    def largest_batch(self, limit: float, most: int) -> int:
        """The most pictures per step, at most *most*, within *limit* bytes; or 0."""
        sizes = range(most, 0, -1)
        return next((size for size in sizes if self.peak(size) <= limit), 0)


def footprint(
    entry: EngineEntry,
    config: EngineConfig,
    *,
    bf16: bool,
    cancelled: Callable[[], bool] = lambda: False,
) -> Footprint:
    """Lay training out, in a second or so, whatever device it is for.

    Args:
        entry: The engine.
        config: Its settings; the device does not matter. Exact at their pictures per
            step up to `MOST`; the further from there, the less sure, as a convolution
            may be done in another way for more pictures.
        bf16: The precision of the networks' arithmetic.
        cancelled: Asked before each operation.

    Raises:
        Cancelled: *cancelled* said so.
    """
    compute = Compute(device=torch.device("cpu"), bf16=bf16)

    def lines(size: int) -> Footprint:
        fewer, more = (
            np.array(_alive(entry, config.changed(batch_size=n), compute, cancelled))
            for n in (size, size + 1)
        )
        if len(fewer) != len(more):  # not the same operations: the peaks alone
            fewer, more = fewer.max(keepdims=True), more.max(keepdims=True)
        each = more - fewer
        return Footprint(fixed=fewer - size * each, each=each)

    try:
        return lines(max(FEW, min(MOST, config.batch_size)))
    except RuntimeError as failure:
        if not is_out_of_memory(failure):
            raise
        return lines(FEW)  # some systems promise no more memory than they have


def _alive(
    entry: EngineEntry,
    config: EngineConfig,
    compute: Compute,
    cancelled: Callable[[], bool],
) -> list[float]:
    """Bytes alive after each operation of two steps, and of what comes before."""
    with LaidOut(cancelled) as layout:
        engine = entry.load()(config, compute, class_count=CLASSES)
        batch = random_batch(entry, config, compute.device)
        for _ in range(STEPS):
            engine.train_step(batch)
    alive: list[float] = layout.alive
    return alive


class LaidOut(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """While it is entered, large tensors are made and counted, but hold nothing.

    Attributes:
        alive: Bytes of all tensors made so far that are still there, after each
            operation.
    """

    def __init__(self, cancelled: Callable[[], bool] = lambda: False) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.alive: list[float] = []
        self._cancelled = cancelled
        self._bytes = 0
        self._made: dict[Any, Any] = {}
        # By the address of the storage, which its tensors share.
        self._storages: dict[int, weakref.ref[torch.UntypedStorage]] = {}

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        """Take the place of one operation of torch."""
        if self._cancelled():
            raise Cancelled
        result = self._lay_out(func, args, kwargs or {})
        for value in tree_leaves(result):
            if isinstance(value, Tensor):
                self._count(value.untyped_storage())
        self.alive.append(self._bytes)
        return result

    def _lay_out(self, func: Any, args: Any, kwargs: Any) -> Any:
        """What *func* returns, as large, but not computed where a tensor is large."""
        leaves, structure = tree_flatten((args, kwargs))
        if _is_computed(func, leaves):
            return func(*args, **kwargs)
        if func._schema.is_mutable:
            return args[0] if func._schema.returns else None
        key = (func, structure, *map(_described, leaves))
        if key not in self._made:  # a step repeats most of what it does
            self._made[key] = _shapes(func, args, kwargs)
        return tree_map_only(Tensor, _untouched, self._made[key])

    def _count(self, storage: torch.UntypedStorage) -> None:
        address, size = storage._cdata, storage.nbytes()
        if address in self._storages:
            return

        def gone(_storage: object) -> None:
            del self._storages[address]
            self._bytes -= size

        self._storages[address] = weakref.ref(storage, gone)
        self._bytes += size


def _is_computed(func: Any, leaves: list[Any]) -> bool:
    """Whether an operation is done as it is: on small tensors, or without touching."""
    if all(v.numel() < LARGE for v in leaves if isinstance(v, Tensor)):
        return True
    if torch.Tag.inplace_view in func.tags:
        return True
    aliases = [a.alias_info for a in func._schema.arguments if a.alias_info]
    return bool(aliases) and not any(alias.is_write for alias in aliases)


def _described(value: Any) -> Any:
    """A tensor without its numbers."""
    if isinstance(value, Tensor):
        return tuple(value.shape), value.stride(), value.dtype
    return value


def _shapes(func: Any, args: Any, kwargs: Any) -> Any:
    """What *func* returns, as tensors without numbers."""
    args, kwargs = tree_map_only(Tensor, lambda t: t.to("meta"), (args, kwargs))
    if "device" in kwargs:
        kwargs["device"] = "meta"
    return func(*args, **kwargs)


def _untouched(shape: Tensor) -> Tensor:
    """A tensor that nobody has written to; a small one may be read: all zeros."""
    like = torch.empty_strided(shape.shape, shape.stride(), dtype=shape.dtype)
    return like if like.numel() >= LARGE else like.zero_()
