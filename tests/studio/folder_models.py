"""For tests of whole folders: a model that makes negatives, and can be held up."""

import threading
from dataclasses import replace

from engines import batch
from engines.errors import Cancelled, RunError
from studio import model_jobs

LOADING_MS = 30_000  # the first job loads torch


class FakeModel:
    """Makes negatives of step 7; the *wait_at*-th waits until it is cancelled."""

    step = 7
    wait_at = 0

    def __init__(self):
        self.waits = threading.Event()
        self.loaded, self.used = [], []
        self.threads = set()

    def load(self, path, *, step=None):
        self.loaded.append((path, step))
        if path.name == "gone":
            raise RunError("There is no run in 'gone'.")
        return self

    def translate(self, _model, picture, options, *, cancelled, progress):
        import torch

        self.threads.add(torch.get_num_threads())
        self.used.append(options)
        if len(self.used) == self.wait_at:
            self.waits.set()
            while not cancelled():
                pass
            raise Cancelled
        progress(1, 1)
        return replace(picture, pixels=255 - picture.pixels)

    def take_the_place_of_all(self, monkeypatch):
        """Be what is loaded and used; nothing is told less often than it happens."""
        monkeypatch.setattr("engines.translation.load_model", self.load)
        monkeypatch.setattr(batch, "translate_picture", self.translate)
        monkeypatch.setattr(model_jobs, "TELL_EVERY_S", 0)
        monkeypatch.setattr(model_jobs, "SHOW_EVERY_S", 0)
