"""Tests for engines.training.dry_run: what fits, and that nothing else is tried."""

import pytest

from engines.catalogue import ENGINES
from engines.training import dry_run as module
from engines.training.dry_run import ASIDE, SHARE, dry_run
from engines.training.footprint import footprint

ENTRY = ENGINES["pix2pix"]


@pytest.fixture
def free(monkeypatch):
    """Let so many bytes be free."""
    return lambda size: monkeypatch.setattr(module, "free_on", lambda _device: size)


@pytest.fixture
def _no_steps(monkeypatch):
    def try_it(*_asked, **_how):
        raise AssertionError("a step was tried")

    monkeypatch.setattr(module, "seconds_per_step", try_it)


def room_for(config, size):
    """Free memory in which training with *size* pictures per step just fits."""
    return (footprint(ENTRY, config, bf16=False).peak(size) + ASIDE) / SHARE + 1


def test_what_fits_is_tried_and_told(tiny_config, free):
    free(17_000_000_000)
    found = dry_run(ENTRY, tiny_config)
    assert 1e-4 < found.seconds_per_step < 10
    assert found.memory == footprint(ENTRY, tiny_config, bf16=False).peak(3) + ASIDE
    assert (found.free, found.fits, found.largest_batch) == (17_000_000_000, True, 256)


@pytest.mark.usefixtures("_no_steps")
def test_what_does_not_fit_is_not_tried(tiny_config, free):
    config = tiny_config.changed(batch_size=64)
    free(room_for(config, 40))
    found = dry_run(ENTRY, config)
    assert (found.seconds_per_step, found.fits) == (None, False)
    assert found.largest_batch == 40


@pytest.mark.usefixtures("_no_steps")
def test_there_may_be_room_for_nothing(tiny_config, free):
    free(1_000_000)
    assert dry_run(ENTRY, tiny_config).largest_batch == 0


@pytest.mark.usefixtures("_no_steps")
def test_a_known_time_is_not_measured_again(tiny_config, free):
    free(None)  # nobody says
    found = dry_run(ENTRY, tiny_config, seconds=0.25)
    assert (found.seconds_per_step, found.free) == (0.25, None)
    assert (found.fits, found.largest_batch) == (True, 256)
