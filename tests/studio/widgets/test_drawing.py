"""Tests for studio.widgets.drawing."""

import time

import numpy as np
import pytest
from PySide6.QtCore import QPointF

from studio.widgets import drawing as module
from studio.widgets.drawing import Drawing, Pen, region

WHITE, BLACK, RED, BLUE = (255, 255, 255), (0, 0, 0), (200, 30, 40), (30, 60, 200)


def draw(drawing, tool, *points, colour=BLACK, width=1.0):
    first, *others = [QPointF(*point) for point in points]
    drawing.press(Pen(tool, colour, width), first)
    for point in others:
        drawing.drag(point)
    drawing.release()


def exact(size=16, background=WHITE):
    return Drawing(size, background, is_smooth=False, fills_shapes=True)


def where(drawing, colour):
    """Rows and columns of a colour, as sets of (x, y)."""
    found = np.argwhere((drawing.pixels() == colour).all(axis=2))
    return {(int(x), int(y)) for y, x in found}


def colours(drawing):
    return {tuple(c) for c in np.unique(drawing.pixels().reshape(-1, 3), axis=0)}


def test_it_begins_with_its_background():
    drawing = Drawing(8, BLUE)
    assert drawing.pixels().shape == (8, 8, 3)
    assert colours(drawing) == {BLUE}
    assert not drawing.can_undo
    assert not drawing.can_redo


def test_a_brush_of_one_pixel_draws_the_pixels_it_is_led_over():
    drawing = exact()
    draw(drawing, "brush", (2.5, 3.5), (6.5, 3.5), (6.5, 5.5), colour=RED)
    across = {(x, 3) for x in range(2, 7)}
    assert where(drawing, RED) == across | {(6, 4), (6, 5)}


def test_a_click_is_a_dot():
    drawing = exact()
    draw(drawing, "brush", (8.5, 8.5), width=3)
    assert where(drawing, BLACK) == {(x, y) for x in (7, 8, 9) for y in (7, 8, 9)}


@pytest.mark.parametrize("tool", ["brush", "line", "ellipse", "rectangle", "fill"])
def test_labels_never_blend(tool):
    drawing = exact(32, RED)
    draw(drawing, tool, (3.2, 4.7), (20.1, 27.9), colour=BLUE, width=5.3)
    assert BLUE in colours(drawing)
    assert colours(drawing) <= {RED, BLUE}


def test_outlines_are_smoothed():
    drawing = Drawing(32)
    draw(drawing, "line", (3, 4), (25, 11), width=2.5)
    greys = drawing.pixels()[..., 0]
    assert ((greys > 20) & (greys < 235)).sum() > 20
    assert greys.min() < 30


def test_the_eraser_paints_the_background():
    drawing = exact(16, BLUE)
    draw(drawing, "fill", (0.5, 0.5), colour=RED)
    draw(drawing, "eraser", (4.5, 4.5), colour=BLACK)
    assert where(drawing, BLUE) == {(4, 4)}


def test_a_line_is_straight_from_where_it_began():
    drawing = exact()
    draw(drawing, "line", (2.5, 2.5), (9.5, 14.5), (12.5, 2.5), colour=RED)
    assert where(drawing, RED) == {(x, 2) for x in range(2, 13)}


def test_a_filled_rectangle_has_both_corners_whichever_way_it_is_drawn():
    drawing = exact()
    draw(drawing, "rectangle", (6.9, 7.1), (9.0, 9.0), (2.1, 3.9), colour=RED)
    assert where(drawing, RED) == {(x, y) for x in range(2, 7) for y in range(3, 8)}


def test_a_filled_ellipse_fits_its_box():
    drawing = exact()
    draw(drawing, "ellipse", (8.5, 9.5), (12.5, 13.5), colour=RED)
    # Of a circle five across, a pixel is within where its middle is.
    inside = {
        (x, y)
        for x in range(8, 13)
        for y in range(9, 14)
        if (x - 10) ** 2 + (y - 11) ** 2 <= 2.5**2
    }
    assert len(inside) == 21
    assert where(drawing, RED) == inside


def test_shapes_of_outlines_are_hollow():
    drawing = Drawing(32, is_smooth=False)
    draw(drawing, "rectangle", (4.5, 5.5), (20.5, 25.5), colour=RED)
    found = where(drawing, RED)
    assert {(4, 5), (20, 5), (4, 25), (20, 25), (12, 5), (4, 15)} <= found
    assert (12, 15) not in found


def test_drawing_beyond_the_edges_is_no_error():
    drawing = exact(8)
    for tool in ("brush", "rectangle", "ellipse", "line", "fill"):
        draw(drawing, tool, (-5, -9), (99, 3), colour=RED)
    assert (0, 0) in where(drawing, RED)


# ----------------------------------------------------------------------------
# Fill.


def test_fill_stops_at_lines_and_not_at_corners():
    drawing = exact(8)
    draw(drawing, "line", (0.5, 4.5), (7.5, 4.5))
    draw(drawing, "fill", (3.5, 1.5), colour=RED)
    assert where(drawing, RED) == {(x, y) for x in range(8) for y in range(4)}
    assert len(where(drawing, WHITE)) == 3 * 8


def test_fill_takes_the_half_of_a_smoothed_edge_that_is_its_own():
    drawing = Drawing(32)
    ring = ((6, 6), (26, 26))
    draw(drawing, "ellipse", *ring, width=3)
    draw(drawing, "fill", (16.5, 16.5), colour=RED)
    inside = (drawing.pixels() == RED).all(axis=2)
    assert inside[16, 10:23].all()
    assert not inside[0].any()
    greys = drawing.pixels()[16, 8:16, 0]  # from ring to middle
    assert not ((greys > 130) & (greys < 200)).any(), "no pale rim is left"


def slow_region(alike, x, y):
    """The same, pixel by pixel."""
    found = np.zeros_like(alike)
    waiting = [(x, y)]
    while waiting:
        x, y = waiting.pop()
        within = 0 <= y < alike.shape[0] and 0 <= x < alike.shape[1]
        if within and alike[y, x] and not found[y, x]:
            found[y, x] = True
            waiting += [(x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1)]
    return found


@pytest.mark.parametrize("seed", range(6))
def test_a_region_is_what_a_walk_from_pixel_to_pixel_finds(seed):
    rng = np.random.default_rng(seed)
    alike = rng.random((23, 31)) < 0.65
    x, y = int(rng.integers(31)), int(rng.integers(23))
    assert np.array_equal(region(alike, x, y), slow_region(alike, x, y))


def test_a_large_area_is_found_at_once():
    took = []
    for _ in range(5):
        began = time.perf_counter()
        found = region(np.ones((256, 256), bool), 100, 200)
        took.append(time.perf_counter() - began)
        assert found.all()
    assert min(took) < 0.01


def test_a_spiral_is_filled_to_its_end():
    side = 256
    alike = np.zeros((side, side), bool)
    x = y = 0
    turn, length = (1, 0), side - 1
    alike[0, 0] = True
    for leg in range(side):
        for _ in range(length):
            x, y = x + turn[0], y + turn[1]
            alike[y, x] = True
        turn = (-turn[1], turn[0])
        if leg and leg % 2 == 0:
            length -= 2
        if length < 2:
            break
    assert alike.sum() > 20_000
    assert np.array_equal(region(alike, 0, 0), alike)


# ----------------------------------------------------------------------------
# Undo and redo.


def test_steps_are_taken_back_and_done_again():
    drawing = exact()
    pictures = [drawing.pixels()]
    for x in (2.5, 5.5, 8.5):
        draw(drawing, "brush", (x, 3.5), (x, 9.5))
        pictures.append(drawing.pixels())
    for expected in reversed(pictures[:-1]):
        drawing.undo()
        assert np.array_equal(drawing.pixels(), expected)
    drawing.undo()
    assert not drawing.can_undo
    for expected in pictures[1:]:
        drawing.redo()
        assert np.array_equal(drawing.pixels(), expected)
    assert not drawing.can_redo


def test_a_new_step_replaces_what_was_taken_back():
    drawing = exact()
    draw(drawing, "brush", (2.5, 2.5))
    drawing.undo()
    draw(drawing, "brush", (5.5, 5.5))
    assert not drawing.can_redo
    assert where(drawing, BLACK) == {(5, 5)}


def test_what_changes_nothing_is_no_step():
    drawing = exact()
    draw(drawing, "eraser", (2.5, 2.5), (9.5, 9.5))
    drawing.clear()
    draw(drawing, "fill", (99, 99), colour=RED)
    assert not drawing.can_undo


def test_clearing_and_stamping_are_steps():
    drawing = exact(8, BLUE)
    stamp = np.random.default_rng(0).integers(0, 256, (8, 8, 3), np.uint8)
    drawing.stamp(stamp)
    assert np.array_equal(drawing.pixels(), stamp)
    drawing.clear()
    assert colours(drawing) == {BLUE}
    drawing.undo()
    assert np.array_equal(drawing.pixels(), stamp)
    drawing.undo()
    assert colours(drawing) == {BLUE}


def test_undo_in_the_middle_of_a_line_takes_the_line_back():
    drawing = exact()
    drawing.press(Pen("brush", BLACK, 1), QPointF(2.5, 2.5))
    drawing.drag(QPointF(9.5, 2.5))
    drawing.undo()
    drawing.drag(QPointF(9.5, 9.5))
    assert colours(drawing) == {WHITE}


def test_a_stamp_of_another_size_is_refused():
    with pytest.raises(ValueError, match=r"\(8, 8, 3\), got \(4, 8, 3\)"):
        Drawing(8).stamp(np.zeros((4, 8, 3), np.uint8))


def test_a_hundred_steps_are_kept():
    drawing = exact(16)
    for k in range(120):
        draw(drawing, "brush", (k % 16 + 0.5, k // 16 + 0.5))
    steps = 0
    while drawing.can_undo:
        drawing.undo()
        steps += 1
    assert steps == 100
    assert len(where(drawing, BLACK)) == 20, "the first twenty cannot be taken back"


def test_pictures_that_do_not_compress_are_kept_within_bounds(monkeypatch):
    monkeypatch.setattr(module, "KEPT_BYTES", 45_000)
    drawing = Drawing(64)
    rng = np.random.default_rng(0)
    for _ in range(20):
        drawing.stamp(rng.integers(0, 256, (64, 64, 3), np.uint8))
    steps = 0
    while drawing.can_undo:
        drawing.undo()
        steps += 1
    assert steps == 3  # of 64 × 64 × 3 = 12,288 bytes and a little more each
