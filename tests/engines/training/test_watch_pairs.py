"""Tests for engines.training.watch_pairs: input, now, target."""

import math
from types import SimpleNamespace

import pytest
import torch

from engines.training.watch_pairs import PairWatcher
from tests.engines.training.watching import flat, level, store, watch_everything


class Translator:
    """Does to pictures what it is told to, and counts them."""

    directions = ("AtoB",)
    multiple = 8
    compute = SimpleNamespace(device=torch.device("cpu"))

    def __init__(self, function=lambda x: x):
        self.function = function
        self.seen = []

    def translate(self, x, direction="AtoB"):
        assert direction == "AtoB"
        self.seen.append(len(x))
        return self.function(x)

    def generator_for(self, direction):
        raise AssertionError("watching needs no network")


def twelve():
    """Twelve pairs; input n is of level 10 n, its answer of level 10 n + 100."""
    return store(flat(range(0, 120, 10)), flat(range(100, 220, 10)))


def test_every_preview_stands_between_the_same_inputs_and_their_answers():
    watcher = PairWatcher(Translator(), twelve())
    given, now, target = watcher.columns
    assert watcher.names == ("1", "3", "5", "7", "9", "11")
    assert level(given.pictures) == [10, 30, 50, 70, 90, 110]
    assert level(target.pictures) == [110, 130, 150, 170, 190, 210]
    assert (now.name, now.pictures) == ("now", None)


def test_the_columns_say_in_words_what_they_are():
    columns = PairWatcher(Translator(), twelve()).columns
    assert [column.label for column in columns] == ["Input", "Now", "Target"]
    assert [column.captions for column in columns] == [
        ("held out, never trained on",) * 6,
        ("",) * 6,
        ("the real answer",) * 6,
    ]


def test_a_preview_shows_what_the_engine_makes_of_the_inputs_now():
    engine = Translator(lambda x: -x)
    watcher = PairWatcher(engine, twelve())
    assert list(watcher.preview()) == ["now"]
    assert level(watcher.preview()["now"]) == [245, 225, 205, 185, 165, 145]
    engine.function = lambda x: x
    assert level(watcher.preview()["now"]) == [10, 30, 50, 70, 90, 110]


def test_few_pairs_are_all_shown():
    watcher = PairWatcher(Translator(), store(flat([7]), flat([9])))
    assert watcher.names == ("0",)
    assert level(watcher.preview()["now"]) == [7]


def test_measures_are_means_over_the_held_out_pictures():
    # Levels 51, 102 and 255 are -0.6, -0.2 and 1.
    watcher = PairWatcher(Translator(), store(flat([51, 51]), flat([102, 255])))
    x, y = (-0.6, -0.6), (-0.2, 1.0)
    # Of flat pictures SSIM compares the means alone, with C1 = (0.01 · 2)².
    ssim = [
        (2 * p * q + 4e-4) / (p * p + q * q + 4e-4) for p, q in zip(x, y, strict=True)
    ]
    psnr = [10 * math.log10(4 / d**2) for d in (0.4, 1.6)]
    values = watcher.measure()
    assert list(values) == ["l1", "ssim", "psnr"]
    assert values["l1"] == pytest.approx(1.0, abs=1e-6)
    assert values["ssim"] == pytest.approx(sum(ssim) / 2, abs=1e-4)
    assert values["psnr"] == pytest.approx(sum(psnr) / 2, abs=1e-4)


def test_a_translator_that_knows_the_answers_scores_best():
    watcher = PairWatcher(Translator(lambda x: x + 100 / 127.5), twelve())
    values = watcher.measure()
    assert values["l1"] == pytest.approx(0, abs=1e-6)
    assert values["ssim"] == pytest.approx(1, abs=1e-6)
    assert values["psnr"] == pytest.approx(100, abs=1e-3)


def test_every_measured_picture_counts_alike_though_taken_piece_by_piece():
    # 20 pictures, the last four of them 1.6 off: one in the second of two pieces.
    engine = Translator()
    answers = [20] * 16 + [224] * 4
    watcher = PairWatcher(engine, store(flat([20] * 20), flat(answers)))
    assert watcher.measure()["l1"] == pytest.approx(4 * 1.6 / 20, abs=1e-6)
    assert engine.seen == [16, 4]


def test_no_more_are_measured_than_the_clock_allows(monkeypatch):
    monkeypatch.setattr("engines.training.watcher.MEASURED_PIXELS", 0)
    # Of ten pictures eight, all but places 2 and 7.
    answers = [20, 20, 224, 20, 20, 20, 20, 224, 20, 20]
    watcher = PairWatcher(Translator(), store(flat([20] * 10), flat(answers)))
    assert watcher.measure()["l1"] == pytest.approx(0, abs=1e-6)


def test_watching_draws_nothing_from_any_stream():
    assert watch_everything(PairWatcher(Translator(), twelve()))
