"""Our store and batches beside decoding every picture anew, on the same pictures.

Run by hand from the root of the repository, on a machine that does nothing else:

    python -m benchmarks.data_pipeline [FOLDER]

FOLDER is anything the Data page opens, used in place of the usual pictures. Ours takes
turns with a plain data loader (`benchmarks/plain/pictures`) that works in the same
process, and with one that has two workers. Our cache is a temporary folder, so that
the first start is one. Torch has one thread: on few cores the best for the plain ones.
"""

import os
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from multiprocessing import active_children
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import torch

from benchmarks.plain.pictures import PlainPictures, loader
from engines.catalogue import ENGINES
from engines.data.batches import Batches, load_size, make_batches
from engines.data.layouts import understand
from engines.data.sets import PictureSet
from engines.data.store import PictureStore, load_store
from engines.samples.facades import write_facades
from engines.samples.landscapes import write_landscapes

ARCHIVES = Path(__file__).parents[1].parent / "shared" / "data"
DRAWN = 100
MOST = 4_000  # pictures: far more than fit a processor's cache
ROUNDS = 5
TURN_S = 1.5
WORKERS = 2


@dataclass(frozen=True)
class Work:
    """Pictures, and the batches that are wanted of them."""

    title: str
    pictures: PictureSet
    size: int
    batch_sizes: tuple[int, ...]
    varied: bool = False
    grey: bool = False

    def load(self) -> PictureStore:
        """Decode them, or find them decoded."""
        side, channels = load_size(self.size, self.varied), 1 if self.grey else 3
        items = self.pictures.items[:MOST]
        return load_store(self.pictures, items, side, channels=channels)

    def ours(self, store: PictureStore, batch_size: int) -> Batches:
        """Our batches, with the settings of an engine that takes such pictures."""
        engine = "pix2pix" if self.pictures.kind == "pairs" else "dcgan"
        config = ENGINES[engine].config()
        wanted: dict[str, Any] = {
            "image_size": self.size,
            "batch_size": batch_size,
            "crop": self.varied,
            "mirror": self.varied,
        }
        # Unchecked: not every engine has every size.
        config = type(config).model_construct(**{**dict(config), **wanted})
        return make_batches(self.pictures.kind, store, config, torch.device("cpu"))

    def plain(self, batch_size: int, workers: int) -> Iterator[object]:
        """Batches of a plain data loader."""
        items = self.pictures.items[:MOST]
        dataset = PlainPictures(items, self.size, varied=self.varied, grey=self.grey)
        return iter(loader(dataset, batch_size, workers))


def works(folder: Path) -> Iterator[Work]:
    """The usual ones; *folder* takes what is drawn or unpacked for them."""
    facades = understand(write_facades(folder / "facades", count=DRAWN, size=256))
    yield Work("Drawn pairs", facades, 256, (1, 16), varied=True)
    photos = ARCHIVES / "photos.zip"
    if not photos.exists():
        photos = write_landscapes(folder / "landscapes", count=DRAWN, size=256)
    single = understand(photos, use="single")
    yield Work(photos.stem.capitalize(), single, 256, (1, 16), varied=True)
    yield Work(photos.stem.capitalize(), single, 64, (64,))
    garments = ARCHIVES / "fashion_mnist.zip"
    if garments.exists():
        with zipfile.ZipFile(garments) as archive:
            names = [name for name in archive.namelist() if "ubyte" in name]
            archive.extractall(folder, names)
        pictures = understand(folder / "fashion_mnist", use="single")
        yield Work("Fashion-MNIST", pictures, 32, (128,), grey=True)


def works_of(chosen: Path) -> Iterator[Work]:
    """The same of the user's own pictures."""
    pictures = understand(chosen)
    if pictures.kind != "pairs" or pictures.task:
        pictures = understand(chosen, use="single")
    grey = pictures.layout == "idx"
    yield Work(pictures.name, pictures, 256, (1, 16), varied=True, grey=grey)
    yield Work(pictures.name, pictures, 64, (64,), grey=grey)


# ----------------------------------------------------------------------------
# How fast.


class Rates(NamedTuple):
    """Pictures, or pairs, a second of one round."""

    ours: float
    plain: float
    workers: float


def rate(batches: Iterator[object], skipped: int) -> float:
    """Batches a second during a turn, after a few that do not count."""
    for _ in range(skipped):
        next(batches)
    began = time.perf_counter()
    for done in count(1):
        next(batches)
        if (passed := time.perf_counter() - began) >= TURN_S:
            return done / passed
    raise AssertionError("unreachable")


def race(work: Work, store: PictureStore, batch_size: int) -> tuple[list[Rates], float]:
    """Let the three take turns.

    Returns:
        A row for each round, and the MB that the workers had to themselves.
    """
    ours, steps = work.ours(store, batch_size), count()
    rows, workers_mb = list[Rates](), 0.0
    for _ in range(ROUNDS):
        mine = rate(map(ours.batch, steps), 3)
        plain = rate(work.plain(batch_size, 0), 1)
        batches = work.plain(batch_size, WORKERS)
        # Each worker is two batches ahead: those came too fast.
        helped = rate(batches, 3 * WORKERS)
        workers_mb = sum(memory(p.pid).alone for p in active_children())
        del batches  # ends the workers
        rows.append(Rates(*(batch_size * each for each in (mine, plain, helped))))
    return rows, workers_mb


def print_race(work: Work, batch_size: int, rows: list[Rates]) -> None:
    """A line of the first table."""
    name = f"{work.title}, {work.size} px"
    ours, plain, helped = (f"{median(each):10,.0f}" for each in zip(*rows, strict=True))
    ratios = (sorted(row.ours / row[other] for row in rows) for other in (1, 2))
    told = (f"{median(r):7.1f} ({r[0]:.1f} .. {r[-1]:.1f})".ljust(24) for r in ratios)
    print(f"{name:26}{batch_size:5}{ours}{plain}{helped}  {''.join(told)}", flush=True)


# ----------------------------------------------------------------------------
# What it takes.


class Memory(NamedTuple):
    """MB of a process that are in memory: of files, of its own, shared with none."""

    files: float
    own: float
    alone: float


def memory(pid: int | str | None = "self") -> Memory:
    """What the system says of a process; not a number where it does not say."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    except OSError:
        return Memory(*[float("nan")] * 3)
    pairs = (line.split(":") for line in lines)
    kb = {name: float(value.split()[0]) for name, value in pairs}
    own, alone = kb["Anonymous"], kb["Private_Clean"] + kb["Private_Dirty"]
    return Memory((kb["Rss"] - own) / 1e3, own / 1e3, alone / 1e3)


class Cost(NamedTuple):
    """Seconds of the first start and the next, and MB once every picture was seen."""

    first_s: float
    next_s: float
    files_mb: float
    own_mb: float


def start(work: Work) -> tuple[PictureStore, Cost]:
    """Decode the pictures, then find them decoded, and look at each."""
    began = time.perf_counter()
    work.load()
    first_s = time.perf_counter() - began
    before, began = memory(), time.perf_counter()
    store = work.load()
    next_s = time.perf_counter() - began
    for side in (store.a, store.b):
        if side is not None:
            side.max()
    after = memory()
    mapped, own = after.files - before.files, after.own - before.own
    return store, Cost(first_s, next_s, mapped, own)


def print_cost(work: Work, store: PictureStore, cost: Cost, workers_mb: float) -> None:
    """A line of the second table."""
    name = f"{work.title}, {work.size} px"
    kept_mb = sum(side.nbytes for side in (store.a, store.b) if side is not None) / 1e6
    print(
        f"{name:26}{len(store):8,}{cost.first_s:9.2f}"
        f"{len(store) / cost.first_s:9,.0f}/s{cost.next_s:9.3f}{kept_mb:9.1f}"
        f"{cost.files_mb:12.1f}{cost.own_mb:8.1f}{workers_mb:11.0f}"
    )


def main() -> None:
    """Measure everything and print the two tables."""
    torch.set_num_threads(1)
    costs = list[tuple[Work, PictureStore, Cost, float]]()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["STUDIO_CACHE"] = f"{folder}/cache"
        chosen = Path(sys.argv[1]) if len(sys.argv) > 1 else None
        print(
            f"{'Pictures a second':26}batch      ours     plain {WORKERS} workers  "
            f"{'ours to plain':24}ours to {WORKERS} workers"
        )
        for work in works_of(chosen) if chosen else works(Path(folder)):
            store, cost = start(work)
            for batch_size in work.batch_sizes:
                rows, workers_mb = race(work, store, batch_size)
                print_race(work, batch_size, rows)
            costs.append((work, store, cost, workers_mb))
        print(
            f"\n{'Start, s, and memory, MB':26}pictures    first             next"
            "  on disk  from there     own    workers"
        )
        for row in costs:
            print_cost(*row)


if __name__ == "__main__":
    main()
