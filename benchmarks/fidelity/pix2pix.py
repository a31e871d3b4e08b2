"""Pix2Pix's ablations on façades: what the L1 term and the critic are each for.

Run by hand from the root of the repository:

    python -m benchmarks.fidelity.pix2pix [--steps 2000] [--folder .]

As in Isola et al. 2017, section 4.1 and table 1, on the built-in façades at 64 px: the
L1 term alone, a critic alone that sees the output or both pictures, and L1 with each.
Printed are, on held-out pairs, the mean absolute error on [-1, 1], and the energy of
the gradients (the mean square of differences between neighbouring pixels) relative to
that of the true pictures: below 1 is blurred. The sheet shows what each one painted.
"""

import argparse
import tempfile
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from engines.catalogue import ENGINES
from engines.data.batches import PairBatches, load_size
from engines.data.images import save_picture
from engines.data.layouts import understand
from engines.data.store import PictureStore, load_store
from engines.metrics import l1
from engines.pix2pix import Pix2Pix
from engines.pixels import as_floats, to_pictures
from engines.samples.facades import write_facades
from engines.sheets import contact_sheet
from engines.training.device import choose

SHOWN = 6
VARIANTS: dict[str, dict[str, Any]] = {
    "L1": {"adversary": "none"},
    "GAN": {"adversary": "unconditional", "l1_weight": 0.0},
    "cGAN": {"adversary": "conditional", "l1_weight": 0.0},
    "L1+GAN": {"adversary": "unconditional"},
    "L1+cGAN": {"adversary": "conditional"},
}


def main() -> None:
    """Train every variant alike; print the table and write the sheet."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--folder", type=Path, default=Path())
    options = parser.parse_args()
    config = configured(options.steps)
    with tempfile.TemporaryDirectory() as folder:
        pictures = understand(write_facades(Path(folder) / "facades"))
        stored = load_size(config.image_size, config.crop)
        training = load_store(pictures, pictures.training, stored)
        held_out = load_store(pictures, pictures.held_out, config.image_size)

    assert held_out.b is not None
    x, y = as_floats(held_out.a), as_floats(held_out.b)
    columns = {"input": to_pictures(x[:SHOWN])}
    print(f"{options.steps:,} steps, {len(x)} held-out pairs")
    print(f"{'':10}{'L1':>8}{'gradient energy':>18}", flush=True)
    for name, ablation in VARIANTS.items():
        made = translated(train(configured(options.steps, **ablation), training), x)
        energy = gradient_energy(made) / gradient_energy(y)
        print(f"{name:10}{l1(made, y).mean():8.3f}{energy:18.2f}", flush=True)
        columns[name] = to_pictures(made[:SHOWN])
    columns["truth"] = to_pictures(y[:SHOWN])
    sheet = options.folder / "pix2pix.png"
    save_picture(sheet, contact_sheet(columns))
    print(f"Sheet: {sheet}")


def configured(steps: int, **ablation: Any) -> Any:
    """The quick preset, not averaged: an average of painters blurs what they paint."""
    entry = ENGINES["pix2pix"]
    values = {**entry.presets["quick"].values, "ema_decay": 0.0, "steps": steps}
    return entry.config.checked({**values, **ablation})


def train(config: Any, training: PictureStore) -> Pix2Pix:
    """A Pix2Pix with these settings, trained to the end."""
    compute = choose("cpu", "fp32")
    engine = Pix2Pix(config, compute)
    batches = PairBatches(training, config, compute.device)
    for step in range(config.steps):
        engine.set_progress(step / config.steps)
        engine.train_step(batches.batch(step))
    return engine


def translated(engine: Pix2Pix, x: Tensor) -> Tensor:
    """What it makes of *x*, (N, 3, S, S)."""
    return torch.cat([engine.translate(piece) for piece in x.chunk(8)])


def gradient_energy(x: Tensor) -> float:
    """Mean squared difference of neighbouring pixels, across and down."""
    across, down = x.diff(dim=3), x.diff(dim=2)
    return (across.square().mean() + down.square().mean()).item()


if __name__ == "__main__":
    main()
