"""Tests for engines.training.watch_samples: what is made up, and how new it is."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from engines.pixels import as_floats
from engines.training.watch_samples import SampleWatcher
from tests.engines.training.watching import flat, store, watch_everything

SIDE = 100  # pixels, of which a sheet holds 3 × 3


class Decoder:
    """Makes picture n of those it was given from the n-th point it draws."""

    latent_dim = 1
    prior = "normal"
    compute = SimpleNamespace(device=torch.device("cpu"))

    def __init__(self, made, classes=0):
        self.made = as_floats(made)
        self.classes = classes
        self.asked = []  # (points, labels) of every call

    def sample_prior(self, count, rng):
        torch.rand(1, generator=rng)  # a stream of the watcher's own
        return torch.arange(count, dtype=torch.float32)[:, None]

    def decode(self, z, labels=None):
        self.asked.append((z.flatten().int().tolist(), labels))
        return self.made[z.flatten().long() % len(self.made)]


class Coder(Decoder):
    """Also finds points: the place among what it makes, and two that hardly vary."""

    def encode(self, x):
        distances = torch.cdist(x.flatten(1), self.made.flatten(1))
        n = distances.argmin(dim=1).float()
        # Of 0 and 1 the variance is 1/2: 0.0098 for the second, 0.0113 for the third.
        return torch.stack([n, 0.14 * n, 0.15 * n], dim=1)

    def decode(self, z, labels=None):
        return super().decode(z[:, :1], labels)


class Judge(Decoder):
    """Also says of pictures how bright they are."""

    def evaluate(self, x):
        assert len(x) <= 16
        return {"brightness": x.mean(dim=(1, 2, 3)), "flatness": x.var(dim=(1, 2, 3))}


def tiles(sheet):
    """The levels of a 3 × 3 sheet, row by row."""
    assert sheet.shape == (1, 3 * SIDE, 3 * SIDE, 3)
    grid = sheet.reshape(3, SIDE, 3, SIDE, 3).transpose(0, 2, 1, 3, 4)
    assert (grid == grid[:, :, :1, :1, :1]).all()
    return grid[:, :, 0, 0, 0].tolist()


def large(levels):
    return flat(levels, side=SIDE)


# ----------------------------------------------------------------------------
# Previews.


def test_samples_stand_beside_real_pictures_in_sheets():
    watcher = SampleWatcher(
        Decoder(large(range(10, 100, 10))), store(large([1, 2])), store(large([3]))
    )
    samples, real = watcher.columns
    assert (samples.name, samples.label, samples.pictures) == (
        "samples",
        "Made up",
        None,
    )
    assert (real.label, real.captions) == ("Real", ("held out, never trained on",))
    assert tiles(real.pictures) == [[1, 2, 0], [0, 0, 0], [0, 0, 0]]
    assert watcher.names == ("sheet",)
    preview = watcher.preview()
    assert list(preview) == ["samples"]
    assert tiles(preview["samples"]) == [[10, 20, 30], [40, 50, 60], [70, 80, 90]]


def test_real_pictures_are_taken_from_all_over_the_set():
    watcher = SampleWatcher(
        Decoder(large([0])), store(large(range(18))), store(large([0]))
    )
    real = watcher.columns[1].pictures
    assert tiles(real) == [[1, 3, 5], [7, 9, 11], [13, 15, 17]]


def test_an_encoder_shows_its_own_versions_of_real_pictures():
    # It knows 50 and 60, and takes 52 and 58 for them.
    watcher = SampleWatcher(
        Coder(large([50, 60])), store(large([52, 58])), store(large([0]))
    )
    assert [(c.name, c.label, c.captions) for c in watcher.columns] == [
        ("real", "Real", ("held out, never trained on",)),
        ("reconstructions", "Remade", ("from its own code",)),
        ("samples", "Made up", ("",)),
    ]
    preview = watcher.preview()
    assert list(preview) == ["reconstructions", "samples"]
    assert tiles(preview["reconstructions"])[0] == [50, 60, 0]
    assert tiles(preview["samples"])[0] == [50, 60, 50]


def test_the_same_points_are_watched_all_the_time():
    engine = Decoder(large(range(10, 100, 10)))
    watcher = SampleWatcher(engine, store(large([1, 2])), store(large([3])))
    watcher.preview()
    engine.made = -engine.made
    assert tiles(watcher.preview()["samples"])[0] == [245, 235, 225]
    assert engine.asked[0] == engine.asked[1] == (list(range(9)), None)


def test_classes_are_asked_for_in_turn_and_piece_by_piece():
    engine = Decoder(flat(range(0, 250, 10)), classes=3)
    watcher = SampleWatcher(engine, store(flat([1, 2])), store(flat([3])))
    watcher.preview()  # 256 px hold 16 × 16 of 16 px
    assert [len(points) for points, _ in engine.asked] == [16] * 16
    asked = torch.cat([labels for _, labels in engine.asked]).tolist()
    assert asked == [n % 3 for n in range(256)]


def test_grey_pictures_are_shown_in_three_channels():
    grey = flat([40, 80], channels=1)
    watcher = SampleWatcher(Decoder(grey), store(grey), store(grey))
    assert watcher.columns[1].pictures.shape == (1, 256, 256, 3)
    assert watcher.preview()["samples"].shape == (1, 256, 256, 3)
    np.testing.assert_array_equal(watcher.preview()["samples"][0, 0, 16], [80] * 3)


# ----------------------------------------------------------------------------
# Measures.


def noise(count, seed, side=16):
    rng = torch.Generator().manual_seed(seed)
    shape = (count, 3, side, side)
    return torch.randint(0, 256, shape, generator=rng, dtype=torch.uint8)


def test_samples_like_held_out_pictures_score_best():
    held_out = noise(6, seed=1)
    values = SampleWatcher(
        Decoder(held_out), store(held_out), store(noise(9, seed=2))
    ).measure()
    assert set(values) == {"swd", "diversity", "nearest"}
    assert values["swd"] == pytest.approx(0, abs=1e-6)
    assert values["diversity"] == pytest.approx(1, abs=1e-6)
    assert values["nearest"] == pytest.approx(1, abs=1e-6)


def test_training_pictures_learnt_by_heart_are_told():
    training = noise(9, seed=2)
    values = SampleWatcher(
        Decoder(training), store(noise(6, seed=1)), store(training)
    ).measure()
    assert values["nearest"] == 0
    assert 0.8 < values["diversity"] < 1.2


def test_newness_is_the_distance_over_that_of_held_out_pictures():
    # Real ones are 0.4 from what it learnt from, those it makes 0.1.
    training = store(flat([51]))
    watcher = SampleWatcher(
        Decoder(flat([51 + 12, 51 + 13])), store(flat([102, 102])), training
    )
    assert watcher.measure()["nearest"] == pytest.approx(12.5 / 51, abs=1e-5)


def test_the_pictures_learnt_from_may_be_larger():
    training = flat([51, 153], side=18)
    watcher = SampleWatcher(
        Decoder(flat([51, 153])), store(flat([0, 255])), store(training)
    )
    assert watcher.measure()["nearest"] == pytest.approx(0, abs=1e-6)


def test_of_very_many_training_pictures_some_are_looked_at(monkeypatch):
    monkeypatch.setattr("engines.training.watch_samples.MOST_REFERENCES", 3)
    training = noise(9, seed=2)  # places 1, 4 and 7 are taken
    held_out = store(noise(6, seed=1))

    def nearest(place):
        engine = Decoder(training[place : place + 1])
        return SampleWatcher(engine, held_out, store(training)).measure()["nearest"]

    assert [nearest(place) == 0 for place in range(9)] == [
        *(False, True, False, False, True, False, False, True, False),
    ]


def test_samples_that_are_all_the_same_have_no_variety():
    held_out = noise(6, seed=1)
    values = SampleWatcher(
        Decoder(held_out[:1]), store(held_out), store(noise(4, seed=2))
    ).measure()
    assert values["diversity"] == pytest.approx(0, abs=1e-6)


def test_what_the_engine_says_itself_is_averaged_over_pictures():
    # 20 pictures, in pieces of 16 and 4: 17 of -1, three of 1.
    held_out = store(flat([0] * 17 + [255] * 3))
    values = SampleWatcher(Judge(flat([0, 255])), held_out, store(flat([9]))).measure()
    assert values["brightness"] == pytest.approx((3 - 17) / 20, abs=1e-6)
    assert values["flatness"] == pytest.approx(0, abs=1e-6)


def test_what_is_measured_is_of_every_class(monkeypatch):
    monkeypatch.setattr("engines.training.watcher.MEASURED_PIXELS", 0)
    sorted_by_class = store(flat([0] * 20 + [255] * 20))
    watcher = SampleWatcher(Judge(flat([0, 255])), sorted_by_class, store(flat([9])))
    assert watcher.measure()["brightness"] == pytest.approx(0, abs=1e-6)


def test_dimensions_that_hardly_vary_are_not_active():
    pictures = flat([50, 200])
    values = SampleWatcher(Coder(pictures), store(pictures), store(flat([9]))).measure()
    assert values["active"] == 2


def test_of_one_held_out_picture_what_needs_two_is_left_out():
    engine = Coder(flat([50, 200]))
    values = SampleWatcher(engine, store(flat([50])), store(flat([9]))).measure()
    assert set(values) == {"swd", "nearest"}


def test_watching_draws_nothing_from_any_stream_and_repeats_itself():
    held_out = store(noise(4, seed=1))
    watcher = SampleWatcher(
        Decoder(noise(5, seed=3)), held_out, store(noise(5, seed=2))
    )
    assert watch_everything(watcher)
    assert watcher.measure() == watcher.measure()
