"""Tests for engines.training.speed: which steps are timed, and what follows."""

import pytest

from engines.catalogue import ENGINES
from engines.errors import Cancelled
from engines.pix2pix import Pix2Pix
from engines.training import speed
from engines.training.speed import seconds_per_step

ENTRY = ENGINES["pix2pix"]


@pytest.fixture
def timed(monkeypatch):
    """Let a step take *timed.each* seconds a picture; the sizes that were tried."""

    class Timed(list):
        each = 0.0

    timed = Timed()

    def time(_engine, batch):
        timed.append(len(batch.a))
        return timed.each * len(batch.a)

    monkeypatch.setattr(speed, "_timed", time)
    return timed


@pytest.mark.parametrize(
    ("each", "tried"),
    [
        (0.001, [2, 2, 64, 64, 64, 64]),
        (0.5, [2, 2, 4, 4, 4]),  # 2 s: enough, after the first
        (1.5, [2, 2]),  # 3 s
        (6.0, [2]),  # 12 s: no first step takes so long for anything else
    ],
)
def test_a_long_step_is_timed_with_fewer_pictures(timed, tiny_config, each, tried):
    timed.each = each
    config = tiny_config.changed(batch_size=64)
    assert seconds_per_step(ENTRY, config) == pytest.approx(64 * each)
    assert timed == tried


def test_one_picture_is_never_two(timed, tiny_config):
    timed.each = 0.1
    assert seconds_per_step(ENTRY, tiny_config.changed(batch_size=1)) == 0.1
    assert set(timed) == {1}


def test_a_step_can_be_given_up_within(tiny_config, monkeypatch):
    ended, step = [], Pix2Pix.train_step

    def train_step(engine, batch):
        losses = step(engine, batch)
        ended.append(1)
        return losses

    monkeypatch.setattr(Pix2Pix, "train_step", train_step)
    asked = iter([False] * 5 + [True])
    with pytest.raises(Cancelled):
        seconds_per_step(ENTRY, tiny_config, cancelled=lambda: next(asked))
    assert not ended
