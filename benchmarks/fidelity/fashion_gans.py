"""DCGAN and WGAN on Fashion-MNIST: do five minutes on a CPU make garments?

Run by hand from the root of the repository:

    python -m benchmarks.fidelity.fashion_gans [minutes] [folder for the sheets]

Each engine trains on 54,000 garments at 32 px, grey, with the settings of its quick
preset, for the same number of minutes; pictures are held out of the rest. Printed for
each: the sliced Wasserstein distance at step 50 and at the end, how varied the samples
are, and how many of 500 are closer to another one than any two real garments are.
"""

import gzip
import sys
import time
import zipfile
from itertools import count
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

from engines.catalogue import ENGINES
from engines.data.batches import PictureBatch
from engines.gan import Gan
from engines.metrics import diversity, near_duplicates, sliced_wasserstein
from engines.training.device import choose

ARCHIVE = Path(__file__).parents[2].parent / "shared" / "data" / "fashion_mnist.zip"
IMAGES = "fashion_mnist/train-images-idx3-ubyte.gz"
LABELS = "fashion_mnist/train-labels-idx1-ubyte.gz"

TRAINED_ON = 54_000  # of 60,000
COMPARED = 2_000  # pictures of either kind in a distance
EARLY = 50  # the step that the end is compared with
SAMPLES = 500
ALIKE = 0.045  # half of how far apart the two most alike of 500 real garments are
SEED = 42


def main() -> None:
    """Train one engine after the other; print the table and write the sheets."""
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path()
    pictures, labels = garments()
    held_out = pictures[TRAINED_ON:][:COMPARED]
    print(f"{minutes:g} minutes each, {torch.get_num_threads()} threads")
    print(
        f"{'':8}{'steps':>8}{'SWD at 50':>11}{'at end':>8}{'variety':>9}{'copies':>8}"
    )
    rng = torch.Generator().manual_seed(SEED)
    real = sliced_wasserstein(pictures[:COMPARED], held_out, rng)
    print(f"{'real':8}{'':8}{'':11}{real:8.1f}{1:9.2f}{copies(held_out):8}")
    for name in ("dcgan", "wgan"):
        engine = build(name)
        early, steps = train(engine, pictures[:TRAINED_ON], labels, minutes, held_out)
        made = sample(engine, COMPARED)
        end = distance(made, held_out)
        print(
            f"{name:8}{steps:8}{early:11.1f}{end:8.1f}"
            f"{diversity(made, held_out):9.2f}{copies(made):8}"
        )
        write_sheet(made, folder / f"fashion_{name}.png")


def garments() -> tuple[Tensor, Tensor]:
    """All garments (N, 1, 32, 32) in [-1, 1], with a black margin; classes (N,)."""
    with zipfile.ZipFile(ARCHIVE) as archive:
        raw = gzip.decompress(archive.read(IMAGES))
        kinds = gzip.decompress(archive.read(LABELS))
    grey = np.frombuffer(raw, np.uint8, offset=16).reshape(-1, 1, 28, 28)
    pictures = torch.from_numpy(grey.copy()).float() / 127.5 - 1
    labels = torch.from_numpy(np.frombuffer(kinds, np.uint8, offset=8).astype(np.int64))
    return F.pad(pictures, (2, 2, 2, 2), value=-1.0), labels


def build(name: str) -> Gan:
    """The engine with the settings of its quick preset, for grey pictures."""
    entry = ENGINES[name]
    values = {**entry.presets["quick"].values, "colours": "grey", "image_size": 32}
    engine = entry.load()(entry.config.checked(values), choose("cpu", "fp32"))
    assert isinstance(engine, Gan)
    return engine


def train(
    engine: Gan, pictures: Tensor, labels: Tensor, minutes: float, held_out: Tensor
) -> tuple[float, int]:
    """Train for *minutes*, the learning rate following the time that is left.

    Returns:
        The distance at step `EARLY`, and the steps done.
    """
    rng = torch.Generator().manual_seed(SEED)
    early, begin = float("nan"), time.perf_counter()
    for step in count():
        done = (time.perf_counter() - begin) / (60 * minutes)
        if done >= 1:
            return early, step
        if step == EARLY:
            paused = time.perf_counter()
            early = distance(sample(engine, COMPARED), held_out)
            begin += time.perf_counter() - paused
        engine.set_progress(done)
        rows = torch.randint(
            len(pictures), (engine.config.pictures_per_step,), generator=rng
        )
        engine.train_step(PictureBatch(pictures[rows], labels[rows]))
    raise AssertionError("unreachable")


def sample(engine: Gan, number: int) -> Tensor:
    """Pictures (number, 1, 32, 32) that the engine makes."""
    z = engine.sample_prior(number, torch.Generator().manual_seed(SEED))
    return torch.cat([engine.decode(part) for part in z.split(100)])


def distance(made: Tensor, real: Tensor) -> float:
    """Sliced Wasserstein distance × 1000."""
    return sliced_wasserstein(made, real, torch.Generator().manual_seed(SEED))


def copies(made: Tensor) -> int:
    """How many of 500 are too close to another one to be a second garment."""
    return near_duplicates(made[:SAMPLES], ALIKE)


def write_sheet(made: Tensor, path: Path) -> None:
    """Ten rows of ten samples, enlarged twice."""
    rows = made[:100].unflatten(0, (10, 10)).permute(2, 0, 3, 1, 4)  # (1, 10, S, 10, S)
    grey = rows.flatten(1, 2).flatten(2)[0].add(1).mul(127.5).round().byte().numpy()
    Image.fromarray(grey.repeat(2, axis=0).repeat(2, axis=1)).save(path)


if __name__ == "__main__":
    main()
