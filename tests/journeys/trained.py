"""Models that were really trained, in seconds, for journeys that need some."""

import numpy as np
from PIL import Image

from engines.catalogue import engine_entry
from engines.runs.folder import RunFolder
from engines.training.controls import Controls
from engines.training.jobs import DataChoice, NewRun
from engines.training.reports import Preview
from engines.training.runner import run

SIDE = 40
LABELS = np.array([(255, 0, 0), (0, 0, 255), (0, 255, 0)], np.uint8)
SMALLEST = {
    "image_size": 32,
    "steps": 100_000,  # it is stopped long before
    "batch_size": 1,
    "device": "cpu",
    "preview_every_s": 0.2,
    "measure_every_s": 3600,
    "generator_width": 4,
    "critic_width": 4,
}
KEPT = 2  # steps whose weights are kept, beside those of the last one


def write_pairs(folder):
    """Ten labels of three flat colours, and noise that goes with each."""
    rng = np.random.default_rng(0)
    for number in range(10):
        blocks = LABELS[rng.integers(0, 3, (4, 4))]
        label = blocks.repeat(SIDE // 4, 0).repeat(SIDE // 4, 1)
        noise = rng.integers(0, 60, (SIDE, SIDE, 3), np.uint8)
        for side, pixels in (("labels", label), ("photos", label // 2 + noise)):
            (folder / side).mkdir(parents=True, exist_ok=True)
            Image.fromarray(pixels).save(folder / side / f"{number}.png")
    return folder


def train(engine, name, pairs, folder, **settings):
    """A run that ends as soon as weights of a few steps are kept."""
    entry = engine_entry(engine)
    job = NewRun(
        engine=engine,
        config=entry.config(**{**SMALLEST, **settings}),
        data=DataChoice(folder=pairs),
        folder=folder,
        name=name,
        threads=1,
    )
    controls = Controls()
    for report in run(job, controls):
        is_preview = isinstance(report, Preview)
        if is_preview and len(RunFolder.open(folder).weight_steps()) >= KEPT:
            controls.stop()
    return folder
