"""Tests for studio.widgets.tiles."""

from PySide6.QtGui import QImage

from studio.widgets.map_view import Cell
from studio.widgets.tiles import Tiles

A, B, C, D = (Cell(0, 2 * number + 1, 0) for number in range(4))
EACH = 8 * 8 * 4


def picture():
    return QImage(8, 8, QImage.Format.Format_RGB32)


def test_a_picture_serves_every_cell_with_its_middle():
    tiles = Tiles()
    tiles.put(Cell(-1, 2, 4), picture())
    assert tiles.get(Cell(0, 1, 2)) is not None
    assert tiles.get(Cell(-1, 1, 2)) is None
    assert (len(tiles), tiles.size_bytes) == (1, EACH)


def test_it_never_holds_more_than_its_bytes():
    tiles = Tiles(budget=3 * EACH)
    for cell in (A, B, C, D):
        tiles.put(cell, picture())
    assert (len(tiles), tiles.size_bytes) == (3, 3 * EACH)
    assert tiles.get(A) is None
    tiles.put(D, picture())
    assert (len(tiles), tiles.size_bytes) == (3, 3 * EACH)


def test_what_is_needed_is_kept_longest():
    tiles = Tiles(budget=3 * EACH)
    for cell in (A, B, C):
        tiles.put(cell, picture())
    assert tiles.missing([A]) == []
    tiles.put(D, picture())
    assert tiles.get(A) is not None
    assert tiles.get(B) is None


def test_what_does_not_fit_is_not_asked_for():
    tiles = Tiles(budget=2 * EACH)
    tiles.put(A, picture())
    assert tiles.missing([A, B, C, D]) == [B]
    tiles.put(B, picture())
    assert tiles.missing([A, B, C, D]) == []


def test_old_pictures_are_shown_until_there_are_new_ones():
    tiles = Tiles()
    tiles.put(A, picture())
    tiles.age()
    assert tiles.get(A) is not None
    assert tiles.missing([A, B]) == [A, B]
    tiles.put(A, picture())
    assert tiles.missing([A, B]) == [B]


def test_nothing_is_left_after_clearing():
    tiles = Tiles()
    tiles.put(A, picture())
    tiles.clear()
    assert (len(tiles), tiles.size_bytes, tiles.get(A)) == (0, 0, None)
