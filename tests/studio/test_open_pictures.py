"""Tests for studio.open_pictures: what is open, and what is drawn ahead of time."""

import threading

import pytest

from engines.errors import Cancelled, DataError
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


@pytest.fixture
def houses(qtbot, session, write_pairs):
    """Ten pairs that are open and audited."""
    with qtbot.waitSignal(session.data.audited, timeout=20_000):
        session.data.open(write_pairs(count=10))
    return session.data


def names(data):
    return {item.name for item in data.pictures.items}


def test_what_is_left_out_stays_so_the_next_time(qtbot, houses, settings):
    folder = houses.pictures.folder
    with qtbot.waitSignal(houses.opened):
        houses.leave_out(["house 03"])
    assert len(names(houses)) == 9
    assert houses.choice().left_out == ("house 03",)
    kept = {str(folder): ("house 03",)}
    qtbot.waitUntil(lambda: settings.value.left_out == kept)
    with qtbot.waitSignal(houses.opened):
        houses.open(folder)
    assert "house 03" not in names(houses)


def test_two_left_out_one_right_after_the_other_are_both_left_out(qtbot, houses):
    houses.leave_out(["house 03"])
    with qtbot.waitSignal(houses.opened):
        houses.leave_out(["house 04"])
    assert houses.pictures.left_out == ("house 03", "house 04")


def test_all_taken_back_leaves_nothing_to_remember(qtbot, houses, settings):
    with qtbot.waitSignal(houses.opened):
        houses.leave_out(["house 03", "house 04"])
    with qtbot.waitSignal(houses.opened):
        houses.take_back(["house 03", "house 04"])
    assert len(names(houses)) == 10
    qtbot.waitUntil(lambda: settings.value.left_out == {})


def test_leaving_out_too_many_changes_nothing(qtbot, houses, settings):
    with qtbot.waitSignal(houses.refused):
        houses.leave_out(names(houses))
    assert len(names(houses)) == 10
    with qtbot.waitSignal(houses.opened):
        houses.leave_out(["house 03"])
    assert houses.pictures.left_out == ("house 03",)


def test_an_audit_that_was_given_up_for_another_folder_goes_on(qtbot, houses, tmp_path):
    (tmp_path / "empty").mkdir()
    with qtbot.waitSignal(houses.audited, timeout=20_000):
        houses.open(tmp_path / "empty")
    with qtbot.waitSignal(houses.audited, timeout=20_000):
        houses.open(tmp_path)
        houses.cancel()


def test_an_audit_that_fails_leaves_the_pictures_open(
    qtbot, session, write_pairs, monkeypatch
):
    def fail(*_pictures, **_how):
        raise DataError("The disk is gone.")

    monkeypatch.setattr("engines.data.audit.audit", fail)
    with qtbot.waitSignal(session.failed) as told:
        session.data.open(write_pairs())
    assert told.args == ["The disk is gone."]
    assert session.pictures.name == "Houses"
