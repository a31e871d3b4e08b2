"""Tests for studio.pages.translate_prints."""

import threading

import numpy as np
import pytest

from studio.pages import translate_prints
from studio.pages.translate_prints import Prints


@pytest.fixture
def prints(session, monkeypatch):
    """Pictures of more than 100 pixels are large."""
    monkeypatch.setattr(translate_prints, "AT_ONCE", 100)
    return Prints(session.library)


def grey(side, value):
    return np.full((side, side, 3), value, np.uint8)


def value_of(pyramid):
    return pyramid.image.pixelColor(0, 0).red()


def test_small_pictures_are_ready_at_once_and_made_once(prints):
    a, b = grey(5, 10), grey(5, 20)
    made = prints.get((a, b, a))
    assert [value_of(one) for one in made] == [10, 20, 10]
    assert made[0] is made[2]
    assert prints.get((b,)) == [made[1]]


def test_large_pictures_are_made_beside_the_window(qtbot, prints, monkeypatch):
    threads = []
    whole = translate_prints._whole

    def noted(picture):
        threads.append(threading.current_thread())
        return whole(picture)

    monkeypatch.setattr(translate_prints, "_whole", noted)
    large, small = grey(40, 30), grey(5, 40)
    with qtbot.waitSignal(prints.made):
        assert prints.get((small, large)) is None
        assert prints.get((small, large)) is None, "asked for once"
    made = prints.get((small, large))
    assert [value_of(one) for one in made] == [40, 30]
    assert len(threads) == 2
    assert threading.main_thread() not in threads


def test_what_is_not_wanted_any_more_is_made_in_vain(qtbot, prints):
    first, second = grey(40, 50), grey(40, 60)
    assert prints.get((first,)) is None
    with qtbot.waitSignal(prints.made):
        assert prints.get((second,)) is None
    assert [value_of(one) for one in prints.get((second,))] == [60]
    assert len(prints._ready) == 1
