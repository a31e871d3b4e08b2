"""Tests for studio.explorer: one piece at a time, and the newest wish."""

from pathlib import Path

import numpy as np
import pytest

from studio.explorer import BATCH, Slice, piece_size
from studio.widgets.map_view import Cell
from tests.studio.fake_spaces import FakeSpaces, colour

RUN, OTHER = Path("run"), Path("other")
CELLS = [Cell(0, 2 * n + 1, 1) for n in range(40)]


@pytest.fixture
def spaces(monkeypatch):
    fake = FakeSpaces()
    fake.take_place(monkeypatch)
    return fake


@pytest.fixture
def explorer(qtbot, session, spaces):
    """One that looks into a space that is surveyed."""
    explorer = session.explore
    with qtbot.waitSignals([explorer.opened] * 2):
        explorer.open(RUN)
    yield explorer
    spaces.gate.set()
    spaces.survey_gate.set()


@pytest.fixture
def plane(explorer):
    from tests.studio.fake_spaces import terrain

    code = np.zeros(4, np.float32)
    return Slice(RUN, terrain(RUN).plane_through(code, 0, 1))


class Heard:
    """Everything that an explorer answered."""

    def __init__(self, explorer):
        self.pieces, self.pictures, self.failed = [], [], []
        explorer.tiles_decoded.connect(lambda *piece: self.pieces.append(piece))
        explorer.picture_decoded.connect(lambda c, rgb: self.pictures.append((c, rgb)))
        explorer.failed.connect(self.failed.append)

    def cells(self):
        return [cell for _, cells, _ in self.pieces for cell in cells]


@pytest.fixture
def heard(explorer):
    return Heard(explorer)


# ----------------------------------------------------------------------------
# The space.


def test_a_space_is_shown_at_once_and_again_with_its_directions(qtbot, session, spaces):
    opened = []
    session.explore.opened.connect(opened.append)
    session.explore.open(RUN)
    qtbot.waitUntil(lambda: len(opened) == 2)
    assert [found.is_surveyed for found in opened] == [False, True]


def test_a_space_is_surveyed_once(qtbot, explorer, spaces):
    with qtbot.waitSignal(explorer.opened) as opened:
        explorer.open(RUN)
    assert opened.args[0].is_surveyed
    assert spaces.surveys == 1


def test_newer_weights_are_surveyed_anew(qtbot, explorer, spaces):
    spaces.steps[RUN] = 700
    with qtbot.waitSignals([explorer.opened] * 2):
        explorer.open(RUN)
    assert spaces.surveys == 2


def test_what_has_no_space_is_refused_with_its_reason(qtbot, session, spaces):
    spaces.refused[RUN] = "It has none."
    with qtbot.waitSignal(session.explore.refused) as refused:
        session.explore.open(RUN)
    assert refused.args == [RUN, "It has none."]


def test_no_survey_of_a_space_that_was_left_is_told(qtbot, session, spaces):
    explorer, opened = session.explore, []
    explorer.opened.connect(lambda found: opened.append((found.run, found.is_surveyed)))
    spaces.survey_gate.clear()
    explorer.open(RUN)
    qtbot.waitUntil(lambda: opened == [(RUN, False)])
    explorer.open(OTHER)
    qtbot.waitUntil(lambda: len(opened) == 2)
    spaces.survey_gate.set()
    qtbot.waitUntil(lambda: len(opened) == 3)
    assert opened[1:] == [(OTHER, False), (OTHER, True)]


# ----------------------------------------------------------------------------
# Maps.


def test_all_that_is_wanted_comes_in_pieces_in_order(qtbot, explorer, heard, plane):
    with qtbot.waitSignal(explorer.tiles_done) as done:
        explorer.want(plane, CELLS)
    assert done.args == [40, pytest.approx(0.040)]
    assert heard.cells() == CELLS
    assert [len(cells) for _, cells, _ in heard.pieces] == [BATCH, BATCH, 8]
    for _, cells, pictures in heard.pieces:
        shown = [tuple(picture[0, 0]) for picture in pictures]
        assert shown == [colour((cell.x, cell.y, 0)) for cell in cells]


def test_of_wishes_that_come_meanwhile_the_newest_wins(
    qtbot, explorer, spaces, heard, plane
):
    spaces.gate.clear()
    explorer.want(plane, CELLS)
    qtbot.waitUntil(spaces.entered.is_set)
    for _ in range(5):  # a pan of five moments
        explorer.want(plane, CELLS[20:])
    explorer.want(plane, CELLS[38:])
    spaces.gate.set()
    with qtbot.waitSignal(explorer.tiles_done):
        pass
    # What was under way is not lost, and there was never more than that.
    assert heard.cells() == CELLS[:BATCH] + CELLS[38:]
    assert [count for _, count in spaces.decoded] == [BATCH, 2]


def test_what_is_under_way_is_not_asked_for_twice(
    qtbot, explorer, spaces, heard, plane
):
    spaces.gate.clear()
    explorer.want(plane, CELLS[:20])
    qtbot.waitUntil(spaces.entered.is_set)
    explorer.want(plane, CELLS[:20])
    spaces.gate.set()
    with qtbot.waitSignal(explorer.tiles_done):
        pass
    assert heard.cells() == CELLS[:20]


def test_nothing_of_another_plane_is_told(qtbot, explorer, spaces, heard, plane):
    spaces.gate.clear()
    explorer.want(plane, CELLS[:4])
    qtbot.waitUntil(spaces.entered.is_set)
    other = Slice(RUN, plane.plane)
    explorer.want(other, CELLS[:4])
    spaces.gate.set()
    with qtbot.waitSignal(explorer.tiles_done):
        pass
    assert [of for of, _, _ in heard.pieces] == [other]


def test_nothing_of_another_space_is_told(qtbot, explorer, spaces, heard, plane):
    spaces.gate.clear()
    explorer.want(plane, CELLS[:4])
    qtbot.waitUntil(spaces.entered.is_set)
    explorer.open(OTHER)
    spaces.gate.set()
    with qtbot.waitSignals([explorer.opened] * 2):
        pass
    assert heard.pieces == []


def test_pieces_take_about_as_long_as_a_slider_may_wait():
    assert piece_size(0.0001) == 256  # 300 would fit into 30 ms: 16 batches do
    assert piece_size(0.001) == 16  # 30 would fit, two batches are 32
    assert piece_size(0.0005) == 48
    assert piece_size(0.004) == 16  # a batch takes 64 ms: not several times too long
    assert piece_size(0.02) == 1
    assert piece_size(1.0) == 1
    assert piece_size(0.0) == 256


# ----------------------------------------------------------------------------
# One picture.


def code(red):
    return np.array([red, 0, 0, 0], np.float32)


def test_of_pictures_that_wait_the_newest_is_made(qtbot, explorer, spaces, heard):
    spaces.gate.clear()
    explorer.show(code(-2))
    qtbot.waitUntil(spaces.entered.is_set)
    for red in (-1, 0, 1, 2):
        explorer.show(code(red))
    spaces.gate.set()
    qtbot.waitUntil(lambda: len(heard.pictures) == 2)
    assert [c[0] for c, _ in heard.pictures] == [-2, 2]
    assert tuple(heard.pictures[1][1][0, 0]) == colour(code(2))


def test_a_failure_is_told_and_the_next_wish_is_heard(
    qtbot, explorer, spaces, heard, plane, monkeypatch
):
    made = spaces.decode

    def fail(*_args):
        from engines.errors import DeviceError

        raise DeviceError("The graphics card is gone.")

    spaces.decode = fail
    spaces.take_place(monkeypatch)
    explorer.show(code(1))
    explorer.want(plane, CELLS)
    qtbot.waitUntil(lambda: len(heard.failed) == 2)
    assert set(heard.failed) == {"The graphics card is gone."}
    spaces.decode = made
    spaces.take_place(monkeypatch)
    explorer.show(code(2))
    explorer.want(plane, CELLS)
    with qtbot.waitSignal(explorer.tiles_done):
        pass
    assert len(heard.pictures) == 1


# ----------------------------------------------------------------------------
# A run that learns on.


def test_a_run_in_training_is_looked_at_again_and_again(
    qtbot, explorer, spaces, monkeypatch
):
    explorer._renewal.setInterval(1)
    with qtbot.waitSignal(explorer.renewed) as renewed:
        explorer.follow(is_on=True)
    assert renewed.args == [600]
    with qtbot.waitSignal(explorer.renewed):
        explorer.follow(is_on=False)  # once more: it may have come to its end
    assert not explorer._renewal.isActive()
