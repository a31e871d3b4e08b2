"""Tests for engines.training.watch_styles: there, and back again."""

from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from engines import metrics
from engines.data.sets import PictureSet
from engines.pixels import as_floats
from engines.training.watch_styles import StyleWatcher
from tests.engines.training.watching import flat, level, store, watch_everything


class Translator:
    """Halves A towards grey on the way to B, and leaves B as it is on the way to A."""

    directions = ("AtoB", "BtoA")
    multiple = 4
    compute = SimpleNamespace(device=torch.device("cpu"))

    def __init__(self, **ways):
        self.ways = ways or {"AtoB": lambda x: x / 2, "BtoA": lambda x: x}

    def translate(self, x, direction="AtoB"):
        return self.ways[direction](x)

    def generator_for(self, direction):
        raise AssertionError("watching needs no network")


SEASONS = PictureSet(
    folder=Path(),
    layout="folders",
    use="styles",
    groups=("summer", "winter"),
    items=(),
)


def styles(a, b, names=None):
    """Held-out pictures of two styles, one store as it is decoded."""
    labels = [0] * len(a) + [1] * len(b)
    return store(torch.cat([a, b]), labels=labels, names=names)


def watch(held_out, **ways):
    return StyleWatcher(Translator(**ways), SEASONS, held_out)


# ----------------------------------------------------------------------------
# Previews.


def test_both_styles_are_shown_and_those_there_are():
    # Of nine, places 1, 4 and 7; of two, both.
    watcher = watch(styles(flat(range(9)), flat([100, 200])))
    given, translated, back = watcher.columns
    assert watcher.names == ("1", "4", "7", "9", "10")
    assert level(given.pictures) == [1, 4, 7, 100, 200]
    assert (translated.pictures, back.pictures) == (None, None)
    assert [column.name for column in watcher.columns] == [
        "input",
        "translated",
        "back",
    ]


def test_the_columns_say_in_words_which_way_they_went():
    watcher = watch(styles(flat([1, 2]), flat([3])))
    assert [(column.label, column.captions) for column in watcher.columns] == [
        ("Input", ("summer", "summer", "winter")),
        (
            "Translated",
            ("summer → winter", "summer → winter", "winter → summer"),
        ),
        (
            "And back",
            (
                "summer → winter → summer",
                "summer → winter → summer",
                "winter → summer → winter",
            ),
        ),
    ]


def test_a_preview_goes_there_and_back_from_both_sides():
    # 255 and 51 are 1 and -0.6: halved 0.5 and -0.3, which are 191 and 89.
    watcher = watch(styles(flat([255, 51]), flat([255, 51])))
    preview = watcher.preview()
    assert list(preview) == ["translated", "back"]
    assert level(preview["translated"]) == [191, 89, 255, 51]
    assert level(preview["back"]) == [191, 89, 191, 89]


# ----------------------------------------------------------------------------
# Measures.


def test_the_round_trip_is_a_mean_of_both_ways():
    # A: 1 and -0.6 come back as 0.5 and -0.3, 0.4 off on average.
    # B: 0.2 and 0.6 come back as 0.1 and 0.3, 0.2 off.
    watcher = watch(styles(flat([255, 51]), flat([153, 204])))
    assert watcher.measure()["cycle"] == pytest.approx(0.3, abs=1e-6)


@pytest.mark.parametrize(
    "names",
    [
        ("summer/lake", "summer/park", "winter/lake", "winter/park"),
        ("lake", "park", "lake", "park"),
    ],
)
def test_the_true_error_is_a_mean_of_both_ways_where_names_match(names):
    # A to B: 0.5 and -0.3 should be 0.2 and 0.6: 0.3 and 0.9 off, 0.6 on average.
    # B to A: 0.2 and 0.6 should be 1 and -0.6: 0.8 and 1.2 off, 1.0 on average.
    watcher = watch(styles(flat([255, 51]), flat([153, 204]), names))
    assert watcher.measure()["truth"] == pytest.approx(0.8, abs=1e-6)


@pytest.mark.parametrize(
    "names",
    [
        ("a/lake", "a/park", "b/park", "b/lake"),  # another order
        ("a/lake", "a/park", "b/lake", "b/tree"),
        ("a/lake", "b/lake", "b/park", "b/tree"),
    ],
)
def test_without_counterparts_there_is_no_true_error(names):
    in_a = sum(name.startswith("a/") for name in names)
    levels = flat([255, 51, 153, 204])
    watcher = watch(styles(levels[:in_a], levels[in_a:], names))
    assert "truth" not in watcher.measure()


def noise(count, seed):
    rng = torch.Generator().manual_seed(seed)
    return torch.randint(0, 256, (count, 3, 16, 16), generator=rng, dtype=torch.uint8)


def test_a_translator_that_knows_the_counterparts_scores_best():
    a = noise(5, seed=1)
    watcher = watch(
        styles(a, 255 - a, ["1", "2", "3", "4", "5"] * 2),
        AtoB=lambda x: -x,
        BtoA=lambda x: -x,
    )
    values = watcher.measure()
    assert set(values) == {"cycle", "swd", "diversity", "truth"}
    assert values["cycle"] == 0
    assert values["truth"] == pytest.approx(0, abs=1e-6)
    assert values["swd"] == pytest.approx(0, abs=0.01)
    assert values["diversity"] == pytest.approx(1, abs=1e-5)


def test_likeness_and_variety_compare_with_the_style_that_is_wanted():
    a, b = noise(6, seed=1), flat([0, 90, 180, 255])

    def swd(made, real):
        rng = torch.Generator().manual_seed(0)
        return metrics.sliced_wasserstein(made, real, rng)

    x, y = as_floats(a), as_floats(b)
    values = watch(styles(a, b)).measure()
    both = swd(x / 2, y), swd(y, x)
    assert min(both) > 50  # or their mean would tell little
    assert values["swd"] == pytest.approx(sum(both) / 2, rel=1e-5)
    both = metrics.diversity(x / 2, y), metrics.diversity(y, x)
    assert values["diversity"] == pytest.approx(sum(both) / 2, rel=1e-5)


def test_an_engine_that_always_makes_the_same_has_no_variety():
    same = dict.fromkeys(("AtoB", "BtoA"), torch.zeros_like)
    values = watch(styles(noise(4, seed=1), noise(4, seed=2)), **same).measure()
    assert values["diversity"] == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("counts", [(1, 1), (1, 3), (3, 1)])
def test_a_single_held_out_picture_has_no_variety_to_measure(counts):
    a, b = counts
    values = watch(styles(noise(a, seed=1), noise(b, seed=2))).measure()
    assert {"cycle", "swd"} <= set(values)
    assert "diversity" not in values


def test_watching_draws_nothing_from_any_stream_and_repeats_itself():
    watcher = watch(styles(noise(3, seed=1), noise(4, seed=2)))
    assert watch_everything(watcher)
    assert watcher.measure() == watcher.measure()
