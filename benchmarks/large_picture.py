"""A large photograph at full size: how long it takes, and how much memory.

Run by hand from the root of the repository:

    python -m benchmarks.large_picture RUN_OR_NEW PICTURE [OUT]

RUN_OR_NEW is a run folder, or "new" for the published U-Net-256 with fresh weights,
which cost as much. The picture is enlarged to 6000 × 4000 first. Printed are seconds,
the peak of resident memory above what is needed before, and the tiles.
"""

import sys
import threading
import time
from pathlib import Path

import numpy as np
import psutil
from PIL import Image

from engines.catalogue import engine_entry
from engines.data.picture_files import Picture, read_picture, write_picture
from engines.options import Options
from engines.training.device import choose
from engines.translation import Model, load_model, translate_picture

SIZE = (6000, 4000)


def model_of(name: str) -> Model:
    if name != "new":
        return load_model(Path(name))
    entry = engine_entry("pix2pix")
    config = entry.config()
    engine = entry.load()(config, choose("auto", config.precision))
    return Model(
        path=Path(),
        name="U-Net-256, fresh",
        step=None,
        translator=engine,  # type: ignore[arg-type]
        image_size=config.image_size,
    )


class Peak:
    """Watches resident memory, which other threads' peaks would hide otherwise."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self.before = self.most = self._process.memory_info().rss
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def _watch(self) -> None:
        while not self._done.wait(0.02):
            self.most = max(self.most, self._process.memory_info().rss)

    def __enter__(self) -> "Peak":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._done.set()
        self._thread.join()


def main() -> None:
    model = model_of(sys.argv[1])
    picture = Image.fromarray(read_picture(Path(sys.argv[2])).rgb()).resize(SIZE)
    large = Picture(pixels=np.asarray(picture))
    told: list[tuple[int, int]] = []
    with Peak() as peak:
        began = time.perf_counter()
        result = translate_picture(
            model,
            large,
            Options(scale="full"),
            progress=lambda done, total: told.append((done, total)),
        )
        seconds = time.perf_counter() - began
    print(f"{model.name}: {SIZE[0]} × {SIZE[1]}, {told[-1][1]} tiles, {seconds:.0f} s")
    print(
        f"memory {peak.before / 1e9:.2f} GB before, {peak.most / 1e9:.2f} GB at most, "
        f"{(peak.most - peak.before) / 1e9:.2f} GB more; the result alone takes "
        f"{result.pixels.nbytes / 1e9:.2f}"
    )
    if len(sys.argv) > 3:
        write_picture(Path(sys.argv[3]), result)


if __name__ == "__main__":
    main()
