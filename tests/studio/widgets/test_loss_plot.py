"""Tests for studio.widgets.loss_plot."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtWidgets import QApplication

from engines.training.reports import Curve
from studio.theme import palette_of
from studio.tokens import DARK, LIGHT
from studio.widgets.loss_plot import LossPlot

PAINTER = Curve(name="g", label="Painter", words="Lower is better.")
CRITIC = Curve(name="d", label="Critic", words="0.69 is guessing.")


@pytest.fixture
def plot(qtbot):
    widget = LossPlot((PAINTER, CRITIC), title="Losses")
    qtbot.addWidget(widget)
    widget.resize(600, 300)
    assert widget.summary() == "No values yet."
    return widget


def drawn(plot, qtbot):
    """Show *plot* and wait until it rests."""
    plot.show()
    qtbot.waitUntil(lambda: plot.accessibleDescription() == plot.summary())
    qtbot.waitUntil(lambda: not plot._timer.isActive())
    return plot.grab().toImage()


def near(image, colour, tolerance=40):
    """Where *colour* is, as (y, x) in pixels."""
    image = image.convertToFormat(image.Format.Format_RGB32)
    bgrx = np.frombuffer(image.constBits(), "u1")  # borrowed from image
    rgb = bgrx.reshape(image.height(), image.width(), 4)[..., 2::-1].astype(int)
    wanted = QColor(colour).getRgb()[:3]
    return np.argwhere(np.abs(rgb - wanted).max(axis=2) < tolerance)


def test_a_hidden_plot_does_not_draw(plot):
    plot.append(1, {"g": 1.0})
    assert not plot._timer.isActive()


def test_it_rests_when_nothing_comes(qtbot, plot):
    plot.append(1, {"g": 1.0})
    drawn(plot, qtbot)
    assert not plot._timer.isActive()
    plot.append(2, {"g": 1.0})
    plot.append(3, {"g": 1.0})
    assert plot._timer.isActive()
    qtbot.waitUntil(lambda: not plot._timer.isActive())


def test_the_summary_tells_latest_values_and_trends(plot):
    steps = np.arange(1, 401)
    plot.set_history(steps, {"g": np.linspace(2, 0, 400), "d": np.full(400, 0.69)})
    # The mean lags nine steps of 2 / 399 behind the falling line.
    assert plot.summary() == "Step 400. Painter 0.0451, falling. Critic 0.69, steady."
    assert plot.trend("g") == "falling"


def test_a_curve_of_measures_says_the_latest_one_itself(plot):
    plot.set_curves((PAINTER, CRITIC), exact={"g"})
    for step, value in ((1, 0.2), (2, 0.4)):
        plot.append(step, {"g": value, "d": value})
    # The mean of the other leans on the newer value: (0.9 · 0.2 + 0.4) / 1.9.
    assert plot.reading(2) == "step 2 · Painter 0.40 · Critic 0.31"


COMPARED = [
    Curve(name="d", label="Critic", words="", reference=0.5, reference_words="guess"),
    Curve(name="e", label="Other", words="", reference=0.5, reference_words="guess"),
    Curve(name="f", label="Far", words="", reference=0.0, reference_words="nothing"),
]


def heights_of_references(plot):
    return [r._line.value() for r in plot._references if r._line.isVisible()]


def test_a_value_to_compare_with_is_drawn_once_and_always_in_sight(qtbot, plot):
    plot.set_curves(COMPARED)
    plot.set_history(range(100), {"d": [3.0] * 100, "e": [2.0] * 100})
    drawn(plot, qtbot)
    assert heights_of_references(plot) == [0.5, 0.0]
    assert plot._plot.box.viewRange()[1][0] == 0
    texts = [r._label.textItem.toPlainText() for r in plot._references]
    assert texts == ["guess 0.50", "nothing 0"]
    assert "Critic 3.00, steady; guess 0.50." in plot.summary()


def test_the_line_to_compare_with_is_dashed_and_goes_with_its_curve(qtbot, plot):
    plot.set_curves(COMPARED[:1])
    plot.set_history(range(100), {"d": [3.0] * 100})
    image = drawn(plot, qtbot)
    box = plot._plot.box
    row = round(box.mapViewToScene(QPointF(50, 0.5)).y())
    across = range(round(box.mapToScene(box.rect().center()).x()) - 60, 400)
    dark = [image.pixelColor(x, row).lightness() < 200 for x in across]
    assert 0.3 < sum(dark) / len(dark) < 0.7
    plot.set_curves([PAINTER])
    plot.set_history(range(100), {"g": [3.0] * 100})
    drawn(plot, qtbot)
    assert plot._references == []


def test_zero_has_no_place_on_a_log_axis(qtbot, plot):
    plot.set_log(True)
    plot.set_curves(COMPARED)
    plot.set_history(range(100), {"d": [3.0] * 100})
    drawn(plot, qtbot)
    assert heights_of_references(plot) == [pytest.approx(np.log10(0.5))]


def test_names_that_are_not_drawn_are_ignored(plot):
    plot.append(5, {"l1": 3.0, "d": 0.5})
    assert plot.summary() == "Step 5. Critic 0.50, steady."


def test_curves_are_told_apart_by_colour(qtbot, plot):
    plot.set_history(range(100), {"g": [1.0] * 100, "d": [0.2] * 100})
    image = drawn(plot, qtbot)
    upper, lower = near(image, LIGHT.plot[0]), near(image, LIGHT.plot[1])
    assert len(upper) > 300
    assert len(lower) > 150
    assert upper[:, 0].mean() < lower[:, 0].mean() - 100


@pytest.mark.parametrize("style", [0, 1, 2])
def test_a_line_in_pieces_looks_as_if_it_were_whole(qtbot, plot, monkeypatch, style):
    plot.set_curves([PAINTER], first_number=style + 1)
    wave = np.sin(np.arange(250) / 20) + np.random.default_rng(0).normal(size=250) / 5
    plot.set_history(range(250), {"g": wave})
    drawn(plot, qtbot)
    pictures = []
    for points in (16, 1000):
        monkeypatch.setattr("studio.widgets.plot_stroke._PIECE", points)
        pictures.append(near(plot.grab().toImage(), LIGHT.plot[style]))
    pieces, whole = ({tuple(place) for place in found} for found in pictures)
    assert len(whole) > 150
    assert len(pieces ^ whole) < 0.03 * len(whole)


def test_the_second_curve_is_dashed_and_the_first_is_not(qtbot, plot):
    plot.set_history(range(100), {"g": [1.0] * 100, "d": [0.2] * 100})
    image = drawn(plot, qtbot)
    for colour, whole in ((LIGHT.plot[0], True), (LIGHT.plot[1], False)):
        columns = np.unique(near(image, colour)[:, 1])
        assert bool(np.diff(columns).max() < 4) is whole


def test_a_curve_keeps_its_number_on_another_page(qtbot):
    plot = LossPlot([CRITIC], title="Likeness", first_number=3)
    qtbot.addWidget(plot)
    plot.set_history(range(50), {"d": [0.5] * 50})
    image = drawn(plot, qtbot)
    assert len(near(image, LIGHT.plot[2])) > 50
    assert not len(near(image, LIGHT.plot[0]))


def test_room_is_left_for_the_label(qtbot, plot):
    plot.set_history(range(101), {"g": [1.0] * 101})
    drawn(plot, qtbot)
    line = plot._lines["g"]
    box = plot._plot.box
    end = box.mapViewToScene(line.label.pos()).x() + line.label.boundingRect().width()
    right = box.mapToScene(box.rect().topRight()).x()
    assert right - end == pytest.approx(12, abs=1)


def test_labels_of_equal_values_are_pushed_apart(qtbot, plot):
    plot.set_history(range(50), {"g": [0.5] * 50, "d": [0.5] * 50})
    drawn(plot, qtbot)
    box = plot._plot.box
    ys = [box.mapViewToScene(n.label.pos()).y() for n in plot._lines.values()]
    assert abs(ys[0] - ys[1]) == pytest.approx(20, abs=0.5)


def test_the_log_axis_stands_powers_of_ten_at_equal_distances(qtbot, plot):
    plot.set_log(True)
    plot.set_history(range(4), {"g": [1000.0, 10.0, 0.1, 0.1]})
    drawn(plot, qtbot)
    (low, high) = plot._plot.box.viewRange()[1]
    assert low == pytest.approx(-1)
    assert high == pytest.approx(3 + 0.1 * 4)


def test_values_without_a_logarithm_lie_on_the_bottom_edge(qtbot, plot):
    plot.set_log(True)
    plot.set_history(range(4), {"g": [1.0, 1.0, 1.0, 1.0], "d": [0.0, -1.0, 0.0, 0.0]})
    image = drawn(plot, qtbot)
    box = plot._plot.box
    bottom = box.mapToScene(box.rect().bottomLeft()).y()
    rows = near(image, LIGHT.plot[1])[:, 0]
    assert len(rows)
    assert rows.mean() == pytest.approx(bottom, abs=5)


def test_values_beyond_a_fixed_range_are_drawn_along_its_edge(qtbot, plot):
    plot.set_range(0, 1)
    plot.set_history(range(10), {"g": [50.0] * 10})
    image = drawn(plot, qtbot)
    low, high = plot._plot.box.viewRange()[1]
    assert (low, high) == (0, pytest.approx(1.1))
    assert near(image, LIGHT.plot[0])[:, 0].min() < 15


def test_one_wild_value_does_not_flatten_the_rest(qtbot, plot):
    values = np.full(1000, 0.5)
    values[700] = 1e6
    plot.set_range(0, 1)
    plot.set_range(None)
    plot.set_history(range(1000), {"d": values})
    drawn(plot, qtbot)
    assert plot._plot.box.viewRange()[1][1] < 2e5


def test_the_pointer_moves_the_cursor_and_takes_it_away(qtbot, plot):
    plot.set_history(range(0, 1001, 10), {"g": [1.0] * 101})
    drawn(plot, qtbot)
    box = plot._plot.box
    place = plot._plot.mapFromScene(box.mapViewToScene(QPoint(400, 1)))
    with qtbot.waitSignal(plot.cursor_moved) as moved:
        qtbot.mouseMove(plot._plot.viewport(), place)
    assert moved.args[0] == pytest.approx(400, abs=2)
    assert plot.toolTip() == f"step {moved.args[0]} · Painter 1.00"


def test_keys_move_the_cursor(qtbot, plot):
    plot.set_history(range(0, 1001), {"g": [1.0] * 1001})
    seen = []
    plot.cursor_moved.connect(seen.append)
    for key, modifier in (
        (Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier),
        (Qt.Key.Key_Home, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_End, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier),
    ):
        qtbot.keyClick(plot, key, modifier)
    assert seen == [990, 890, 0, 1000, None]


def test_checkpoints_are_marked_on_the_axis(qtbot, plot):
    plot.set_history(range(0, 101), {"g": [1.0] * 101})
    plot.set_checkpoints([20, 60, 5000])
    drawn(plot, qtbot)
    assert plot._plot.marks.xvals == [20, 60]


def test_it_follows_the_theme(qtbot, plot):
    plot.set_history(range(100), {"g": [1.0] * 100})
    drawn(plot, qtbot)
    plot.setPalette(palette_of(DARK))
    qtbot.waitUntil(lambda: not plot._timer.isActive())
    image = plot.grab().toImage()
    assert image.pixelColor(300, 5) == QColor(DARK.surface)
    assert len(near(image, DARK.plot[0])) > 300


def test_a_theme_that_changed_while_it_was_hidden_is_not_missed(qtbot, plot):
    plot.set_history(range(100), {"g": [1.0] * 100})
    plot.setPalette(palette_of(DARK))
    image = drawn(plot, qtbot)
    assert len(near(image, DARK.plot[0])) > 300


def test_the_wheel_is_left_to_the_page(qtbot, plot):
    plot.set_history(range(100), {"g": [1.0] * 100})
    drawn(plot, qtbot)
    before = plot._plot.box.viewRange()
    place = QPointF(200, 100)
    wheel = QWheelEvent(
        place,
        place,
        QPoint(0, 0),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(plot._plot.viewport(), wheel)
    assert not wheel.isAccepted()
    assert plot._plot.box.viewRange() == before


def test_clear_empties_everything(qtbot, plot):
    plot.set_history(range(10), {"g": [1.0] * 10})
    plot.set_cursor(5)
    drawn(plot, qtbot)
    plot.clear()
    image = drawn(plot, qtbot)
    assert plot.summary() == "No values yet."
    assert plot.toolTip() == ""
    assert not len(near(image, LIGHT.plot[0]))


def test_other_curves_take_the_place_of_the_first(qtbot, plot):
    plot.set_history(range(10), {"g": [1.0] * 10})
    plot.set_curves([Curve(name="v2", label="v2", words="")])
    plot.set_curve("v2", range(20), [0.5] * 20)
    drawn(plot, qtbot)
    assert plot.summary() == "Step 19. v2 0.50, steady."
    with pytest.raises(KeyError):
        plot.set_curve("g", [], [])


def test_a_million_points_are_drawn_as_one_a_pixel(qtbot, plot):
    plot.set_history(
        np.arange(1_000_000), {"g": np.random.default_rng(0).random(10**6)}
    )
    drawn(plot, qtbot)
    line = plot._lines["g"]
    assert len(line._smooth.getData()[0]) <= 600
    assert len(line._raw.getData()[0]) <= 600
