"""Tests for studio.widgets.stage_view, against geometry done by hand."""

import pytest
from PySide6.QtCore import QPointF, QRectF, QSizeF

from studio.widgets.stage_view import MAX_ZOOM, StageView, fit_scale

PICTURE = QSizeF(400, 200)
PANE = QRectF(10, 20, 200, 200)


def test_a_photo_is_fitted_freely():
    assert fit_scale(PICTURE, PANE.size()) == 0.5
    assert StageView().place(PICTURE, PANE) == QRectF(10, 70, 200, 100)


def test_from_400_percent_up_the_fit_is_a_whole_multiple():
    assert fit_scale(QSizeF(64, 64), QSizeF(300, 500)) == 4.0  # not 4.69
    assert fit_scale(QSizeF(100, 64), QSizeF(290, 500)) == pytest.approx(2.9)


def test_zooming_keeps_the_point_under_the_pointer():
    about = QPointF(60, 100)
    before = StageView(1.0, QPointF(200, 100))
    point = (about - before.place(PICTURE, PANE).topLeft()) / 1.0

    after = before.zoomed(3.0, PICTURE, PANE, about)

    kept = after.place(PICTURE, PANE).topLeft() + point * 3.0
    assert after.zoom == 3.0
    assert (kept - about).manhattanLength() <= 1.0


@pytest.mark.parametrize(("asked", "given"), [(0.01, 0.5), (1000, MAX_ZOOM)])
def test_zoom_is_bounded(asked, given):
    assert StageView().zoomed(asked, PICTURE, PANE, PANE.center()).zoom == given


def test_a_small_picture_can_be_reduced_to_its_actual_size():
    view = StageView().zoomed(0.1, QSizeF(50, 50), PANE, PANE.center())

    assert view.zoom == 1.0
    assert view.place(QSizeF(50, 50), PANE) == QRectF(85, 95, 50, 50)


def test_panning_moves_the_picture_until_its_edge():
    view = StageView(1.0)  # seen: x 100 to 300 of 400

    moved = view.panned(QPointF(30, 0), PICTURE, PANE.size())
    stopped = view.panned(QPointF(1000, 1000), PICTURE, PANE.size())

    assert moved.place(PICTURE, PANE).topLeft() == QPointF(10 - 100 + 30, 20)
    assert stopped.place(PICTURE, PANE).topLeft() == QPointF(10, 20)


def test_only_a_picture_larger_than_its_pane_overflows():
    assert not StageView().overflows(PICTURE, PANE.size())
    assert StageView(1.0).overflows(PICTURE, PANE.size())
