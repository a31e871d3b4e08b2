"""Tests for studio.widgets.map_view: places worked out by hand."""

import math

import pytest

from studio.widgets.map_view import Cell, MapView

# Cells of 0.25 that are 50 pixels wide, with the middle of (0, 0) in the middle.
VIEW = MapView(scale=0.25 / 50, width=400, height=300, base=50)


def test_a_cell_has_its_middle_at_a_multiple_of_a_power_of_two():
    assert (Cell(-2, 3, -1).x, Cell(-2, 3, -1).y) == (0.75, -0.25)


def test_cells_with_one_middle_have_one_name():
    assert Cell(-2, 4, -8).named() == Cell(-1, 2, -4).named() == Cell(0, 1, -2)
    assert Cell(-2, 3, 8).named() == Cell(-2, 3, 8)
    assert Cell(-6, 0, 0).named() == Cell(3, 0, 0).named()


def test_up_is_up_and_pixels_go_there_and_back():
    assert VIEW.pixels(0.25, 0.5) == (250, 50)
    assert VIEW.point(250, 50) == (0.25, 0.5)
    assert VIEW.reach == 1.0


def test_a_cell_is_square_about_its_middle():
    assert VIEW.square(Cell(-2, 0, 0)) == (175, 125, 225, 175)
    assert VIEW.cell_at(176, 126) == Cell(-2, 0, 0) == VIEW.cell_at(224, 174)
    assert VIEW.cell_at(226, 126) == Cell(-2, 1, 0)
    assert VIEW.cell_at(176, 124) == Cell(-2, 0, 1)


def test_all_that_is_seen_is_covered_once():
    # 400 pixels are 8 cells of 50 about one in the middle: 7 whole, two cut in half.
    cells = list(VIEW.cells())
    assert len(cells) == len(set(cells)) == 9 * 7
    assert cells[0] == Cell(-2, -4, 3) == VIEW.cell_at(0, 0)
    assert cells[-1] == Cell(-2, 4, -3)
    assert VIEW.row_and_column(cells[0]) == (1, 1)
    assert VIEW.row_and_column(cells[-1]) == (7, 9)


def test_panning_takes_the_plane_along():
    moved = VIEW.panned(100, -50)
    assert moved.point(300, 100) == pytest.approx(VIEW.point(200, 150))


@pytest.mark.parametrize("factor", [2**0.25, 2**-0.25, 2, 0.1])
def test_zooming_leaves_what_is_under_the_pointer(factor):
    before = VIEW.panned(33, 12)
    after = before.zoomed(factor, 70, 210)
    assert after.scale == pytest.approx(before.scale * factor)
    assert after.point(70, 210) == pytest.approx(before.point(70, 210))
    assert 50 / math.sqrt(2) <= after.cell_px <= 50 * math.sqrt(2)


def test_four_notches_in_halve_the_cells_and_the_old_pictures_serve_on():
    after = VIEW
    for _ in range(4):
        after = after.zoomed(2**-0.25, 200, 150)
    assert after.level == -3
    assert after.cell_px == pytest.approx(50)
    shared = {cell.named() for cell in VIEW.cells()}
    again = [cell for cell in after.cells() if cell.named() in shared]
    assert len(again) == 5 * 3  # every second of 9 × 7, the middle among them


def test_zoom_has_two_ends():
    assert VIEW.zoomed(1e9, 0, 0).level == 3
    assert VIEW.zoomed(1e-9, 0, 0).level == -6


def test_the_middle_is_seen_whole_at_about_the_reach_that_is_asked_for():
    home = VIEW.panned(500, 500).zoomed(3, 0, 0).whole(2.5)
    assert (home.x, home.y, home.cell_px) == (0, 0, 50)
    assert home.reach == 2.0  # of 1, 2 and 4 the nearest by its logarithm


def test_a_cell_is_brought_into_view_by_the_shortest_way():
    assert VIEW.showing(Cell(-2, 2, 1)) == VIEW
    moved = VIEW.showing(Cell(-2, 6, 0))  # reaches from 475 to 525 of 400
    assert moved.square(Cell(-2, 6, 0)) == pytest.approx((350, 125, 400, 175))
    moved = VIEW.showing(Cell(-2, 0, 5))
    assert moved.square(Cell(-2, 0, 5)) == pytest.approx((175, 0, 225, 50))


def test_what_is_needed_comes_coarse_first_and_from_the_middle():
    needed = VIEW.needed()
    assert len(needed) == len(set(needed))
    coarse = {cell.named() for cell in VIEW.cells(up=2, margin=1)}
    seen = {cell.named() for cell in VIEW.cells()}
    assert set(needed[: len(coarse)]) == coarse
    assert seen <= set(needed)
    ring = {cell.named() for cell in VIEW.cells(margin=2)}
    half = {cell.named() for cell in VIEW.cells(up=1)}
    assert set(needed) == coarse | half | ring
    assert needed[0] == Cell(5, 0, 0)
    last_seen = max(needed.index(cell) for cell in seen)
    assert all(needed.index(cell) > last_seen for cell in ring - seen - half - coarse)
