"""What decoded pictures cost: the first start, the next ones, and batches of them.

Run by hand from the root of the repository:

    python -m benchmarks.store FOLDER SIZE [CHANNELS [USE]]

FOLDER is anything the Data page opens. Everything is kept in a temporary folder, so
the first start is one. The times of later starts are with the files in the system's
memory, as after any recent use. Seconds of the processor stand beside those of the
clock: on a busy machine they say more.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("GOMP_SPINCOUNT", "10000")

BATCHES = 200


def timed(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """Seconds that *work* takes by the clock and of all cores; what it returns."""
    began, busy = time.perf_counter(), time.process_time()
    result = work()
    return time.perf_counter() - began, time.process_time() - busy, result


def row(name: str, took: list[float], words: str = "") -> None:
    """Print one line of the table."""
    seconds, cores = took
    print(f"{name:<24}{seconds:8.3f} s {cores:8.3f} s of the processor   {words}")


def batch_ms(store: Any, kind: str, size: int, channels: int, count: int) -> float:
    """Milliseconds that a batch of *count* pictures takes, the best of many."""
    import torch

    from engines.catalogue import ENGINES
    from engines.data.batches import make_batches

    config = next(e for e in ENGINES.values() if e.data == kind).config()
    plain = {"mirror": False, "crop": False, "image_size": size, "channels": channels}
    known = {name: v for name, v in plain.items() if hasattr(config, name)}
    known = {name: v for name, v in known.items() if getattr(config, name) != v}
    config = type(config).model_construct(**{**dict(config), **known})
    batches = make_batches(kind, store, config, torch.device("cpu"))  # type: ignore[arg-type]
    batches.pictures_per_step = count
    batches.batch(0)
    return 1000 * min(timed(lambda n=n: batches.batch(n))[0] for n in range(BATCHES))


def main(folder: Path, size: int, channels: int, use: Any) -> None:
    """Measure everything and print the table."""
    import torch

    from engines.data.layouts import understand
    from engines.data.store import load_store

    with tempfile.TemporaryDirectory() as cache:
        os.environ["STUDIO_CACHE"] = cache
        *listing, pictures = timed(lambda: understand(folder, use=use))
        items = pictures.items

        def load() -> Any:
            return load_store(pictures, items, size, channels=channels)

        *first, store = timed(load)
        again = min(timed(load)[:2] for _ in range(3))
        size_mb = sum(f.stat().st_size for f in Path(cache).rglob("rows")) / 1e6
        print(f"{pictures.words} {size} px, {channels} channels, {size_mb:,.0f} MB")
        row("understood", listing)
        row("first start", first, f"{len(items) / first[0]:,.0f} a second")
        row("next start", list(again))
        print(f"{torch.get_num_threads()} threads, {os.cpu_count()} cores")
        for count in (1, 128, 320, 640):
            ms = batch_ms(store, pictures.kind, size, channels, count)
            print(f"{f'batch of {count}':<24}{ms:8.3f} ms")


if __name__ == "__main__":
    main(
        Path(sys.argv[1]),
        int(sys.argv[2]),
        int(sys.argv[3]) if len(sys.argv) > 3 else 3,
        sys.argv[4] if len(sys.argv) > 4 else None,
    )
