"""Tests for studio.open_pictures: what is open, and what is drawn ahead of time."""

import threading

import pytest

from engines.errors import Cancelled
from engines.samples.catalogue import SAMPLES, SampleSet


@pytest.fixture
def draw_with(monkeypatch):
    """Takes the place of all drawing code."""

    def draw_with(write):
        monkeypatch.setattr(SampleSet, "write", write)

    return draw_with


def test_the_sample_sets_are_drawn_before_they_are_asked_for(qtbot, session, draw_with):
    written = []

    def write(_sample, folder, *, cancelled):
        assert not cancelled()
        written.append(folder)
        return folder

    draw_with(write)
    session.data.warm_up()
    wanted = [session.data.sample_folder(name) for name in SAMPLES]
    qtbot.waitUntil(lambda: written == wanted)


def test_a_folder_that_is_opened_does_not_wait_for_the_sample_sets(
    qtbot, session, draw_with, write_pairs
):
    begun = []
    is_drawing = threading.Event()

    def write(_sample, folder, *, cancelled):
        begun.append(folder)
        is_drawing.set()
        while not cancelled():
            pass
        raise Cancelled

    draw_with(write)
    folder = write_pairs(count=4)
    session.data.warm_up()
    assert is_drawing.wait(10)
    with qtbot.waitSignal(session.data.opened, timeout=10_000):
        session.data.open(folder)
    assert len(begun) == 1  # nor are the other sets drawn meanwhile
