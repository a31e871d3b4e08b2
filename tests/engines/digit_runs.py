"""Runs that learn drawn digits for seconds."""

from engines.catalogue import ENGINES
from engines.training.controls import Controls
from engines.training.jobs import DataChoice, NewRun
from engines.training.runner import run

SETTINGS = {
    "image_size": 28,
    "colours": "grey",
    "device": "cpu",
    "precision": "fp32",
    "ema_decay": 0.9,
    "save_every_s": 600,
}


def train(digits, folder, engine, **values):
    """Train *engine* on the folder *digits*; gives *folder*, the run."""
    job = NewRun(
        engine=engine,
        config=ENGINES[engine].config.checked(SETTINGS | values),
        data=DataChoice(folder=digits),
        folder=folder,
        name=f"Digits {engine}",
        threads=1,
    )
    list(run(job, Controls()))
    return folder
