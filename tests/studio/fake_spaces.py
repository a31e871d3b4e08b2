"""Latent spaces of four numbers without torch: three make the colour of a picture."""

import threading
from dataclasses import dataclass

import numpy as np

from engines.errors import Cancelled, RunError
from studio.exploring import Exploring, Pictures
from studio.terrain import Terrain

SIDE, DIM = 8, 4


@dataclass(frozen=True, eq=False)
class FakeDirection:
    """What pages use of `engines.latent.directions.Direction`."""

    name: str
    vector: np.ndarray
    low: float = -2.5
    high: float = 2.5

    def places_of(self, codes):
        return np.asarray(codes @ self.vector)

    def moved(self, code, place):
        by = np.float32(place) - self.places_of(code)
        return np.asarray(code + by * self.vector)


def axes(*names):
    eye = np.eye(DIM, dtype=np.float32)
    return tuple(FakeDirection(name, eye[n]) for n, name in enumerate(names))


def terrain(run, step=600, *, surveyed=True, classes=()):
    rng = np.random.default_rng(0)
    names = ("Red", "Green", "Blue", "Nothing") if surveyed else ("One", "Two")
    return Terrain(
        run=run,
        step=step,
        image_size=SIDE,
        classes=classes,
        directions=axes(*names),
        codes=rng.normal(size=(50 if surveyed else 0, DIM)).astype(np.float32),
        is_surveyed=surveyed,
    )


def colour(code, step=600, label=None):
    """The colour of the pictures of a code, by the weights of a step."""
    shade = np.clip(128 + 30 * np.asarray(code[:3]), 0, 255).astype(np.uint8)
    if label:
        shade = shade[::-1]
    return tuple(int(v) for v in (shade if step == 600 else 255 - shade))


class FakeSpaces:
    """Stands for `Exploring`; a closed gate holds up whatever is decoded."""

    def __init__(self):
        self.steps, self.classes, self.refused = {}, (), {}
        self.decoded, self.saved, self.surveys = [], [], 0
        self.entered = threading.Event()
        self.gate, self.survey_gate = threading.Event(), threading.Event()
        self.gate.set()
        self.survey_gate.set()
        self.seconds = 0.001  # a picture

    def take_place(self, monkeypatch):
        """Be used by every session that is made from now on."""
        for name in ("open", "draw", "renew", "decode", "save"):
            own = getattr(self, name)
            monkeypatch.setattr(
                Exploring, name, lambda _self, *args, own=own: own(*args)
            )
        monkeypatch.setattr("studio.explorer._survey", self.survey)

    def open(self, run):
        if run in self.refused:
            raise RunError(self.refused[run])
        step = self.steps.setdefault(run, 600)
        return terrain(run, step, surveyed=False, classes=self.classes)

    def survey(self, run, cancelled):
        while not self.survey_gate.wait(0.01):
            if cancelled():
                raise Cancelled
        self.surveys += 1
        return terrain(run, self.steps[run], classes=self.classes)

    def draw(self, run, seed):
        return np.array([0.5, 0.25, 0.1 * seed, 1], np.float32)

    def renew(self, run):
        return self.steps[run]

    def decode(self, run, codes, label=None):
        self.decoded.append((run, len(codes)))
        self.entered.set()
        assert self.gate.wait(5)
        made = np.empty((len(codes), SIDE, SIDE, 3), np.uint8)
        for n, code in enumerate(codes):
            made[n] = colour(code, self.steps[run], label)
        return Pictures(made, self.seconds * len(codes))

    def save(self, run, code, path, label):
        self.saved.append((run, code, path))
        path.write_bytes(b"")
        return path
