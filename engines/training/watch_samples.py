"""Watching an engine that makes pictures of its own: samples, and reconstructions."""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar, cast

import numpy as np
import torch
from torch import Tensor

from engines import metrics
from engines.base import Decoder, Encoder, Engine, Evaluator
from engines.data.store import PictureStore
from engines.pixels import as_floats, to_pictures
from engines.training.reports import Column, Pictures
from engines.training.watcher import (
    as_pictures,
    mean,
    measured,
    pieces,
    spread,
    variety,
)

SHEET_PIXELS = 256  # side of a sheet of small pictures, about
LEAST_ACROSS = 3
T = TypeVar("T")

# Burda et al. 2016, section 5.2: a dimension that varies less says nothing.
ACTIVE = 0.01
# More hardly bring the nearest one nearer, and each takes 3 KB.
MOST_REFERENCES = 20_000
SEED = 0  # of the points that are watched, and of patches and directions


class SampleWatcher:
    """Decodes the same points again and again, and held-out pictures where it can."""

    def __init__(
        self, engine: Engine, held_out: PictureStore, training: PictureStore
    ) -> None:
        """Watch *engine*; *training* tells whether samples are copies."""
        assert isinstance(engine, Decoder)
        self._engine = engine
        self._decoder = cast("Decoder", engine)
        self._device = engine.compute.device
        side = held_out.a.shape[-1]
        self._across = max(LEAST_ACROSS, SHEET_PIXELS // side)
        self._measured = held_out.a[measured(held_out)]
        self._training = training.a
        self._references: Tensor | None = None
        self._sheet_points = self._draw(self._across**2)
        self._points = self._draw(len(self._measured))
        rows = spread(len(held_out), self._across**2)
        self._shown = held_out.a[rows]
        self.names: tuple[str, ...] = ("sheet",)
        real = Column(
            name="real",
            label="Real",
            captions=("held out, never trained on",),
            pictures=self._sheet(as_pictures(self._shown)),
        )
        samples = Column(name="samples", label="Made up", captions=("",))
        again = Column(
            name="reconstructions", label="Remade", captions=("from its own code",)
        )
        self._encodes = isinstance(engine, Encoder)
        self.columns: tuple[Column, ...] = (
            (real, again, samples) if self._encodes else (samples, real)
        )

    def preview(self) -> dict[str, Pictures]:
        """A sheet of samples, and of reconstructions, (1, H, W, 3) each."""
        sheets = {}
        if self._encodes:
            x = as_floats(self._shown).to(self._device)
            encoder = cast("Encoder", self._engine)
            again = self._decoder.decode(encoder.encode(x))
            sheets["reconstructions"] = self._sheet(to_pictures(again))
        samples = self._decode(self._sheet_points)
        return sheets | {"samples": self._sheet(to_pictures(samples))}

    def measure(self) -> dict[str, float]:
        """Likeness, variety and originality of samples; what the engine says itself."""
        real = as_floats(self._measured)
        made = self._decode(self._points)
        rng = torch.Generator().manual_seed(SEED)
        values = {
            "swd": metrics.sliced_wasserstein(made, real, rng),
            "nearest": self._nearest(made, real),
            **variety(made, real),
        }
        if isinstance(self._engine, Evaluator):
            values |= _means(self._engine.evaluate, real, self._device)
        if isinstance(self._engine, Encoder) and len(real) > 1:
            codes = torch.cat(list(_pieces(self._engine.encode, real, self._device)))
            values["active"] = float((codes.var(dim=0) > ACTIVE).sum())
        return values

    def _nearest(self, made: Tensor, real: Tensor) -> float:
        """Distance to the nearest training picture, over that of held-out pictures."""
        if self._references is None:  # takes a moment; nobody waits for it here
            rows = spread(len(self._training), MOST_REFERENCES)
            self._references = metrics.thumbnails(self._training[rows])
        copied, fresh = (
            metrics.nearest_distance(metrics.thumbnails(x), self._references)[0].mean()
            for x in (made, real)
        )
        return (copied / fresh.clamp_min(1e-6)).item()

    def _draw(self, count: int) -> tuple[Tensor, Tensor | None]:
        """Points and, where it makes classes, labels in turn: fixed for the run."""
        rng = torch.Generator().manual_seed(SEED)
        z = self._decoder.sample_prior(count, rng)
        classes = self._decoder.classes
        return z, torch.arange(count) % classes if classes else None

    def _decode(self, points: tuple[Tensor, Tensor | None]) -> Tensor:
        """(B, C, S, S) on the CPU, made piece by piece on the engine's device."""
        z, labels = points
        wanted = [None] * len(z) if labels is None else pieces(labels)
        made = [
            self._decoder.decode(
                part.to(self._device), None if of is None else of.to(self._device)
            ).cpu()
            for part, of in zip(pieces(z), wanted, strict=False)
        ]
        return torch.cat(made)

    def _sheet(self, pictures: Pictures) -> Pictures:
        """Lay up to across² pictures out in a square, (1, H, W, 3)."""
        side, across = pictures.shape[1], self._across
        sheet = np.zeros((across**2, side, side, 3), np.uint8)
        sheet[: len(pictures)] = pictures[: across**2]
        grid = sheet.reshape(across, across, side, side, 3)
        return grid.transpose(0, 2, 1, 3, 4).reshape(1, across * side, across * side, 3)


def _pieces(
    function: Callable[[Tensor], T], x: Tensor, device: torch.device
) -> Iterator[T]:
    """Apply *function* to a few pictures at a time."""
    return (function(piece.to(device)) for piece in pieces(x))


def _means(
    evaluate: Callable[[Tensor], Mapping[str, Tensor]], x: Tensor, device: torch.device
) -> dict[str, float]:
    """What the engine says of each held-out picture, averaged."""
    found: dict[str, list[Tensor]] = {}
    for said in _pieces(evaluate, x, device):
        for name, values in said.items():
            found.setdefault(name, []).append(values)
    return {name: mean(values) for name, values in found.items()}
