"""Watching an engine that learns from pairs: input, now, target."""

from typing import TYPE_CHECKING

from engines import metrics
from engines.base import Engine, Translator
from engines.data.store import PictureStore
from engines.pixels import as_floats, to_pictures
from engines.training.reports import Column, Pictures
from engines.training.watcher import (
    PREVIEW_PICTURES,
    as_pictures,
    mean,
    measured,
    names_at,
    pieces,
    spread,
)

if TYPE_CHECKING:
    from torch import Tensor


class PairWatcher:
    """Translates held-out inputs and compares them with their real answers."""

    def __init__(self, engine: Engine, held_out: PictureStore) -> None:
        """Watch *engine* through the *held_out* pairs."""
        assert isinstance(engine, Translator)
        assert held_out.b is not None
        self._translator: Translator = engine
        self._device = engine.compute.device
        rows = measured(held_out)
        self._inputs, self._targets = held_out.a[rows], held_out.b[rows]
        shown = spread(len(held_out), PREVIEW_PICTURES)
        self._shown = held_out.a[shown]
        self.names = names_at(held_out, shown)
        self.columns: tuple[Column, ...] = (
            Column(
                name="input",
                label="Input",
                captions=("held out, never trained on",) * len(shown),
                pictures=as_pictures(self._shown),
            ),
            Column(name="now", label="Now", captions=("",) * len(shown)),
            Column(
                name="target",
                label="Target",
                captions=("the real answer",) * len(shown),
                pictures=as_pictures(held_out.b[shown]),
            ),
        )

    def preview(self) -> dict[str, Pictures]:
        """The fixed inputs as they are translated now, (K, S, S, 3)."""
        x = as_floats(self._shown).to(self._device)
        return {"now": to_pictures(self._translator.translate(x))}

    def measure(self) -> dict[str, float]:
        """L1, SSIM and PSNR (dB), each the mean over the held-out pictures."""
        values: dict[str, list[Tensor]] = {"l1": [], "ssim": [], "psnr": []}
        both = zip(pieces(self._inputs), pieces(self._targets), strict=True)
        for inputs, targets in both:
            y = as_floats(targets).to(self._device)
            made = self._translator.translate(as_floats(inputs).to(self._device))
            values["l1"].append(metrics.l1(made, y))
            values["ssim"].append(metrics.ssim(made, y))
            values["psnr"].append(metrics.psnr(made, y))
        return {name: mean(parts) for name, parts in values.items()}
