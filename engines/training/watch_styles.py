"""Watching an engine that learns from two styles: there, and back again."""

import torch
from torch import Tensor

from engines import metrics
from engines.base import Engine, Translator
from engines.data.sets import PictureSet
from engines.data.store import PictureStore
from engines.pixels import as_floats, to_pictures
from engines.training.jobs import Direction
from engines.training.reports import Column, Pictures
from engines.training.watcher import (
    PREVIEW_PICTURES,
    as_pictures,
    measured,
    names_at,
    pieces,
    spread,
    variety,
)

METRIC_SEED = 0  # of patches and directions: the same at every measurement


class StyleWatcher:
    """Translates held-out pictures of both styles into the other one and back."""

    def __init__(
        self, engine: Engine, pictures: PictureSet, held_out: PictureStore
    ) -> None:
        """Watch *engine* through the *held_out* pictures of both styles."""
        assert isinstance(engine, Translator)
        self._translator: Translator = engine
        self._device = engine.compute.device
        groups = [held_out.group(0), held_out.group(1)]
        self._truth = _same_names(*groups)
        self._a, self._b = (group.a[measured(group)] for group in groups)
        shown = [spread(len(group), PREVIEW_PICTURES // 2) for group in groups]
        self._shown = [group.a[rows] for group, rows in zip(groups, shown, strict=True)]
        self.names: tuple[str, ...] = sum(map(names_at, groups, shown), ())
        a, b = pictures.a_name, pictures.b_name
        counts = [len(rows) for rows in shown]

        def captions(of_a: str, of_b: str) -> tuple[str, ...]:
            return (of_a,) * counts[0] + (of_b,) * counts[1]

        self.columns: tuple[Column, ...] = (
            Column(
                name="input",
                label="Input",
                captions=captions(a, b),
                pictures=as_pictures(torch.cat(self._shown)),
            ),
            Column(
                name="translated",
                label="Translated",
                captions=captions(f"{a} → {b}", f"{b} → {a}"),
            ),
            Column(
                name="back",
                label="And back",
                captions=captions(f"{a} → {b} → {a}", f"{b} → {a} → {b}"),
            ),
        )

    def preview(self) -> dict[str, Pictures]:
        """The fixed pictures in the other style, and back, (K, S, S, 3) each."""
        there, back = [], []
        ways: tuple[tuple[Direction, Direction], ...] = (
            ("AtoB", "BtoA"),
            ("BtoA", "AtoB"),
        )
        for shown, (out, home) in zip(self._shown, ways, strict=True):
            translated = self._translate(as_floats(shown), out)
            there.append(translated)
            back.append(self._translate(translated, home))
        return {
            "translated": to_pictures(torch.cat(there)),
            "back": to_pictures(torch.cat(back)),
        }

    def measure(self) -> dict[str, float]:
        """Round trips, likeness to the other style, variety; means of both ways."""
        ways: tuple[tuple[Tensor, Tensor, Direction, Direction], ...] = (
            (self._a, self._b, "AtoB", "BtoA"),
            (self._b, self._a, "BtoA", "AtoB"),
        )
        both = [self._measure_way(*way) for way in ways]
        shared = [name for name in both[0] if name in both[1]]
        return {name: (both[0][name] + both[1][name]) / 2 for name in shared}

    def _measure_way(
        self, source: Tensor, wanted: Tensor, out: Direction, home: Direction
    ) -> dict[str, float]:
        x, y = as_floats(source), as_floats(wanted)
        there = self._translate(x, out)
        back = self._translate(there, home)
        rng = torch.Generator().manual_seed(METRIC_SEED)
        values = {
            "cycle": metrics.l1(back, x).mean().item(),
            "swd": metrics.sliced_wasserstein(there, y, rng),
            **variety(there, y),
        }
        if self._truth:
            values["truth"] = metrics.l1(there, y).mean().item()
        return values

    def _translate(self, x: Tensor, direction: Direction) -> Tensor:
        """On the engine's device piece by piece; the result on the CPU."""
        made = [
            self._translator.translate(piece.to(self._device), direction).cpu()
            for piece in pieces(x)
        ]
        return torch.cat(made)


def _same_names(a: PictureStore, b: PictureStore) -> bool:
    """Whether every picture that is measured has its counterpart, in the same row."""
    return [n.split("/")[-1] for n in a.names] == [n.split("/")[-1] for n in b.names]
