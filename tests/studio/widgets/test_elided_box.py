"""Tests for studio.widgets.elided_box."""

import pytest

from studio.widgets.elided_box import ElidedBox

LONG = "Outlines of emoji, painted in colour, second try with more noise"


@pytest.fixture
def box(qtbot):
    box = ElidedBox()
    qtbot.addWidget(box)
    box.addItems(["Short", LONG])
    box.resize(160, 32)
    box.show()
    return box


def test_a_short_name_is_whole(box):
    assert box.shown_text() == "Short"


def test_a_long_name_ends_with_dots_and_takes_no_more_room(box):
    hint = box.minimumSizeHint()
    box.setCurrentIndex(1)
    shown = box.shown_text()
    assert shown.endswith("…")
    assert LONG.startswith(shown[:-1])
    assert len(shown) > 8
    assert box.minimumSizeHint() == hint
    box.resize(800, 32)
    assert box.shown_text() == LONG


def test_it_draws_what_there_is_room_for(box):
    box.setCurrentIndex(1)
    cut = box.grab().toImage()
    box.setItemText(1, box.shown_text())
    assert box.grab().toImage() == cut
