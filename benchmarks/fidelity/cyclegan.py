"""CycleGAN from day to night: how near the truth, and does the way back matter?

Run by hand from the root of the repository:

    python -m benchmarks.fidelity.cyclegan [--minutes 20] [--folder .]

The built-in landscapes, 64 px: the days and nights it learns from show different
places, the held-out ones the same, so that every held-out picture has a true
counterpart. CycleGAN with the settings of its quick preset is trained for so many
minutes of the processor's time, then the same without the way back and identity terms
for as many steps. Printed are the mean absolute errors to the truth on [-1, 1] and, as
a share, beside those of leaving the picture as it is. The sheet shows held-out
pictures, what became of them, and the truth.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from engines.catalogue import ENGINES
from engines.cyclegan import CycleGAN
from engines.data.batches import StyleBatches, load_size
from engines.data.images import decode, resize, save_picture
from engines.data.store import PictureStore
from engines.metrics import l1
from engines.pixels import as_floats, to_pictures
from engines.samples.landscapes import write_landscapes
from engines.sheets import contact_sheet
from engines.training.device import choose

SHOWN = 6
STYLES = ("day", "night")
GAN_ALONE = {"cycle_weight": 0.0, "identity_weight": 0.0}


def main() -> None:
    """Train with and without the way back; print the table and write the sheet."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--folder", type=Path, default=Path())
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = write_landscapes(Path(folder) / "landscapes")
        whole = build()
        training = as_store(data, "train", whole.config.image_size, whole.config.crop)
        held_out = as_store(data, "test", whole.config.image_size, crop=False)

    print(f"{options.minutes:g} CPU minutes, {torch.get_num_threads()} threads")
    print(f"{'':12}{'steps':>8}{'day to night':>20}{'night to day':>20}")
    day, night = (as_floats(held_out.group(k).a) for k in (0, 1))
    left = error(day, night)
    tell("copying", 0, left, left, left)
    steps = train(whole, training, by_time(options.minutes))
    alone = build(**GAN_ALONE)
    train(alone, training, by_steps(steps))
    columns = {"Day": day}
    for name, engine in (("CycleGAN", whole), ("GAN alone", alone)):
        out, home = engine.translate(day, "AtoB"), engine.translate(night, "BtoA")
        tell(name, steps, error(out, night), error(home, day), left)
        columns |= {f"{name}: night": out, f"{name}: day": home}
    columns["Night"] = night
    sheet = contact_sheet({k: to_pictures(v[:SHOWN]) for k, v in columns.items()})
    save_picture(options.folder / "cyclegan.png", sheet)


def build(**values: Any) -> CycleGAN:
    """The engine with the settings of its quick preset, some replaced."""
    entry = ENGINES["cyclegan"]
    config = entry.config.checked({**entry.presets["quick"].values, **values})
    engine = entry.load()(config, choose("cpu", "fp32"))
    assert isinstance(engine, CycleGAN)
    return engine


def as_store(data: Path, part: str, side: int, crop: bool) -> PictureStore:
    """The pictures of both styles by name, of *part* "train" or "test"."""
    files = [sorted((data / f"{part}_{style}").iterdir()) for style in STYLES]
    size = load_size(side, crop)
    pictures = [resize(decode(path), size) for path in files[0] + files[1]]
    return PictureStore(
        a=torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2).contiguous(),
        b=None,
        labels=torch.tensor([0] * len(files[0]) + [1] * len(files[1])),
        names=tuple(path.stem for path in files[0] + files[1]),
    )


def by_time(minutes: float) -> Iterator[float]:
    """The share of the processor's *minutes* that has passed, until all have."""
    began = time.process_time()
    while (passed := (time.process_time() - began) / (60 * minutes)) < 1:
        yield passed


def by_steps(steps: int) -> Iterator[float]:
    """The share of *steps* that is done before each of them."""
    return (step / steps for step in range(steps))


def train(engine: CycleGAN, store: PictureStore, run: Iterator[float]) -> int:
    """Train for as long as *run* gives shares of the run; how many steps that were."""
    batches = StyleBatches(store, engine.config, engine.compute.device)
    step = 0
    for step, done in enumerate(run, start=1):
        engine.set_progress(done)
        engine.train_step(batches.batch(step - 1))
    return step


def error(x: Tensor, y: Tensor) -> float:
    """Mean absolute difference of pictures in [-1, 1]."""
    return l1(x, y).mean().item()


def tell(name: str, steps: int, out: float, home: float, copying: float) -> None:
    """Print one line of the table: both errors, and as shares of *copying*'s."""
    both = "".join(f"{e:12.3f}{e / copying:8.0%}" for e in (out, home))
    print(f"{name:12}{steps:8,}{both}", flush=True)


if __name__ == "__main__":
    main()
