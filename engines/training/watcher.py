"""What a run is judged by: held-out pictures, translated again and again."""

import numpy as np
import torch

from engines import metrics
from engines.base import Engine, Translator
from engines.data.store import PairStore
from engines.pixels import as_floats, to_pictures
from engines.training.reports import Pictures

PREVIEW_PICTURES = 6
# More take time and hardly move the mean: 256 of 64 px, 16 of 256 px. They are
# measured once more after Stop, so that on a CPU they must not take a minute.
MEASURED_PIXELS = 256 * 64**2
LEAST_MEASURED = 8
MEASURE_BATCH = 16


class Watcher:
    """Looks at the engine through held-out pictures, always the same ones.

    Attributes:
        fixed: Inputs and targets of every preview, (K, S, S, 3), and their names.
    """

    def __init__(self, engine: Engine, held_out: PairStore) -> None:
        assert isinstance(engine, Translator)
        self._translator: Translator = engine
        self._device = engine.compute.device
        measured = max(LEAST_MEASURED, MEASURED_PIXELS // held_out.a.shape[-1] ** 2)
        self._inputs = held_out.a[:measured]
        self._targets = held_out.b[:measured]
        # Spread over all of them: neighbours in name are often alike.
        k = min(PREVIEW_PICTURES, len(held_out))
        shown = [(2 * i + 1) * len(held_out) // (2 * k) for i in range(k)]
        self._shown = held_out.a[shown]
        self.fixed = (
            _as_pictures(self._shown),
            _as_pictures(held_out.b[shown]),
            tuple(held_out.names[i] for i in shown),
        )

    def preview(self) -> Pictures:
        """The fixed inputs as they are translated now, (K, S, S, 3)."""
        x = as_floats(self._shown).to(self._device)
        return to_pictures(self._translator.translate(x))

    def measure(self) -> dict[str, float]:
        """L1, SSIM and PSNR (dB), each the mean over the held-out pictures."""
        sums = dict.fromkeys(("l1", "ssim", "psnr"), 0.0)
        pieces = zip(
            torch.split(self._inputs, MEASURE_BATCH),
            torch.split(self._targets, MEASURE_BATCH),
            strict=True,
        )
        for inputs, targets in pieces:
            y = as_floats(targets).to(self._device)
            made = self._translator.translate(as_floats(inputs).to(self._device))
            sums["l1"] += metrics.l1(made, y).sum().item()
            sums["ssim"] += metrics.ssim(made, y).sum().item()
            sums["psnr"] += metrics.psnr(made, y).sum().item()
        return {name: value / len(self._inputs) for name, value in sums.items()}


def _as_pictures(pictures: torch.Tensor) -> Pictures:
    """(K, 3, S, S) uint8 to (K, S, S, 3), a copy."""
    return np.ascontiguousarray(pictures.permute(0, 2, 3, 1).numpy())
