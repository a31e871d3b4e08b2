"""Tests for studio.pages.draw."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication

from engines.data.picture_files import Picture
from engines.options import Options
from engines.samples.facades import LABELS, draw_pair
from studio.model_entry import entry_of
from studio.pages.draw import DrawTab
from studio.starters import Starters
from studio.widgets.picture import to_image

LEFT = Qt.MouseButton.LeftButton
WHITE, BLACK = (255, 255, 255), (0, 0, 0)
HOUSES = tuple(draw_pair(seed, 64)[0] for seed in range(3))


@pytest.fixture
def known(monkeypatch):
    """What is known of the run's inputs, by what is put in here."""
    of_labels = {
        "pictures": tuple((f"house {k}", rgb) for k, rgb in enumerate(HOUSES)),
        "colours": tuple(label.colour for label in LABELS),
        "background": LABELS[0].colour,
        "is_smooth": False,
    }

    def find(run, direction, *, cancelled):
        return Starters(run=run, direction=direction, **of_labels)

    monkeypatch.setattr("studio.library.find_starters", find)
    return of_labels


@pytest.fixture
def tab(qtbot, session):
    """The tab as it is before there is a model."""
    tab = DrawTab(session)
    qtbot.addWidget(tab)
    tab.resize(1200, 696)
    tab.show()
    assert tab.translation() is None
    assert not tab.view.keep_button.isEnabled()
    return tab


@pytest.fixture
def entry(models):
    """Makes the entry of a run that translates."""

    def make(name="Houses", step=600, **settings):
        path = models.add_run(name, step, shape="cut", **settings)
        return entry_of(next(run for run in models.runs if run.path == path))

    return make


@pytest.fixture
def houses(qtbot, tab, entry, known, session):
    """The tab with a model of house fronts that makes negatives."""
    with qtbot.waitSignal(session.library.starters_found):
        tab.use_model(entry())
    follow(qtbot, tab)
    return tab


def pixels(tab):
    return tab.view.canvas.drawing.pixels()


def follow(qtbot, tab):
    """Wait until what is drawn is what is translated."""

    def same():
        found = tab.translation()
        return found is not None and np.array_equal(found.before, pixels(tab))

    qtbot.waitUntil(same)


def press(qtbot, tab, *keys):
    for key in keys:
        qtbot.keyClick(tab.view.canvas, key)


def spot(tab, x, y):
    return tab.view.canvas._to_widget(QPointF(x + 0.5, y + 0.5)).toPoint()


def drag(qtbot, tab, start, end):
    canvas = tab.view.canvas
    qtbot.mousePress(canvas, LEFT, pos=spot(tab, *start))
    qtbot.mouseMove(canvas, spot(tab, *end))
    qtbot.mouseRelease(canvas, LEFT, pos=spot(tab, *end))


# ----------------------------------------------------------------------------
# With and without a model.


def test_without_a_model_one_can_draw_and_is_told_what_is_missing(qtbot, tab, models):
    assert tab.view.result.accessibleDescription().startswith("Train a model first")
    drag(qtbot, tab, (10, 10), (200, 100))
    assert (pixels(tab) < 128).any()
    assert models.requests == []


def test_it_begins_with_an_input_the_model_never_saw(houses):
    assert np.array_equal(pixels(houses), HOUSES[0])
    assert houses.view.strip.count() == 3
    assert houses.view.strip.taken_index() == 0
    assert houses.view.seen_size.text() == "the model sees 64 × 64"
    assert houses.view.model_name.text() == "Houses"
    assert houses.view.speed.text() == "live  ·  84 ms"
    assert houses.view.result.image() == to_image(255 - HOUSES[0])


def test_both_pictures_are_seen_alike(houses):
    canvas, result = houses.view.canvas, houses.view.result
    assert canvas.size() == result.size()
    assert canvas.place() == result.place()
    assert canvas.place().width() % 64 == 0


def test_what_is_drawn_is_translated(qtbot, houses):
    press(qtbot, houses, Qt.Key.Key_R)
    drag(qtbot, houses, (5, 6), (20, 30))
    follow(qtbot, houses)
    wall = np.array(houses.view.swatches.colour())
    assert (houses.translation().after[6:31, 5:21] == 255 - wall).all()
    assert houses.view.strip.taken_index() == -1


def test_labels_are_drawn_in_their_own_colours_only(qtbot, houses):
    assert set(houses.view.swatches.colours()) == {label.colour for label in LABELS}
    assert houses.view.swatches.colour() != LABELS[0].colour, "that is the background"
    drag(qtbot, houses, (3, 3), (50, 60))
    found = {
        tuple(colour) for colour in np.unique(pixels(houses).reshape(-1, 3), axis=0)
    }
    assert found <= {label.colour for label in LABELS}


def test_another_colour_is_drawn_in(qtbot, houses):
    door = next(label.colour for label in LABELS if label.name == "door")
    at = houses.view.swatches.colours().index(door)
    swatch = houses.view.swatches.layout().itemAt(at).widget()
    qtbot.mouseClick(swatch, LEFT)
    press(qtbot, houses, Qt.Key.Key_F)
    qtbot.mouseClick(houses.view.canvas, LEFT, pos=spot(houses, 2, 2))
    assert tuple(pixels(houses)[2, 2]) == door


# ----------------------------------------------------------------------------
# Live.


def test_only_the_newest_of_many_strokes_is_translated(qtbot, houses, models):
    models.requests.clear()
    models.gate.clear()
    for y in range(5, 60, 5):
        drag(qtbot, houses, (5, y), (50, y))
    qtbot.waitUntil(lambda: len(models.requests) == 1)
    models.gate.set()
    follow(qtbot, houses)
    assert len(models.requests) == 2, "the first move, then all that came meanwhile"


def test_it_rests_while_it_is_not_seen(qtbot, houses, models):
    models.requests.clear()
    houses.hide()
    houses.view.canvas.clear()
    assert models.requests == []
    houses.show()
    follow(qtbot, houses)
    assert len(models.requests) == 1


def test_newer_weights_and_other_options_translate_again(qtbot, houses, models, entry):
    models.requests.clear()
    options = Options(noise_seed=7)
    houses.use_model(entry(step=900), options)
    qtbot.waitUntil(lambda: houses.translation().step == 900)
    assert models.requests[-1].options == options
    houses.use_model(entry(step=900), options, step=300)
    qtbot.waitUntil(lambda: houses.translation().step == 300)
    assert np.array_equal(pixels(houses), HOUSES[0]), "the drawing stays"


def test_a_model_that_is_gone_is_told_and_the_drawing_stays(qtbot, houses, models):
    models.runs.clear()
    drag(qtbot, houses, (5, 5), (50, 5))
    qtbot.waitUntil(lambda: houses.view.message.sentence() == "That run is gone.")
    assert houses.view.canvas.drawing.can_undo


def test_a_model_that_cannot_be_used_says_so_where_its_result_would_be(
    qtbot, tab, models, entry
):
    gone = entry()
    models.runs.clear()
    tab.use_model(gone)
    words = "That run is gone."
    qtbot.waitUntil(lambda: tab.view.result.accessibleDescription() == words)
    assert not tab.view.keep_button.isEnabled()


def test_the_answer_of_a_former_model_is_not_shown(qtbot, houses, models, entry):
    models.requests.clear()
    models.gate.clear()
    drag(qtbot, houses, (5, 5), (50, 5))
    qtbot.waitUntil(lambda: len(models.requests) == 1)
    houses.use_model(None)
    models.gate.set()
    houses.use_model(entry("Other"))
    qtbot.waitUntil(lambda: houses.translation() is not None)
    assert houses.translation().request.model.name == "Other"


# ----------------------------------------------------------------------------
# What one starts from.


def test_a_click_starts_from_another_input(qtbot, houses):
    strip = houses.view.strip
    centre = strip.visualRect(strip.model().index(2, 0)).center()
    qtbot.mouseClick(strip.viewport(), LEFT, pos=centre)
    assert np.array_equal(pixels(houses), HOUSES[2])
    press(qtbot, houses, Qt.Key.Key_Delete)
    assert (pixels(houses) == LABELS[0].colour).all()
    houses.view.canvas.undo()
    assert np.array_equal(pixels(houses), HOUSES[2])


def test_a_file_becomes_the_drawing(qtbot, houses, session, tmp_path):
    Image.new("RGB", (100, 80), (10, 20, 30)).save(tmp_path / "mine.png")
    with qtbot.waitSignal(session.library.drawing_read):
        houses.start_from(tmp_path / "mine.png")
    assert (pixels(houses) == (10, 20, 30)).all()
    follow(qtbot, houses)
    with qtbot.waitSignal(session.library.drawing_read):
        houses.start_from(Picture(pixels=HOUSES[1]))
    assert np.array_equal(pixels(houses), HOUSES[1])


def test_a_file_that_is_no_picture_is_named(qtbot, houses, session, tmp_path):
    (tmp_path / "notes.png").write_text("no picture")
    with qtbot.waitSignal(session.library.drawing_refused):
        houses.start_from(tmp_path / "notes.png")
    assert houses.view.message.sentence().startswith("notes.png is not a picture")
    assert np.array_equal(pixels(houses), HOUSES[0])


def test_ones_own_drawing_outlives_a_change_of_model(qtbot, houses, entry, session):
    houses.view.canvas.clear()
    press(qtbot, houses, Qt.Key.Key_R)
    drag(qtbot, houses, (16, 16), (47, 47))
    colour = houses.view.swatches.colour()
    with qtbot.waitSignal(session.library.starters_found):
        houses.use_model(entry("Larger", image_size=128))
    assert pixels(houses).shape == (128, 128, 3)
    assert tuple(pixels(houses)[64, 64]) == colour
    assert tuple(pixels(houses)[5, 5]) == LABELS[0].colour
    assert houses.view.strip.taken_index() == -1


def test_outlines_need_no_colours(qtbot, tab, entry, known, session):
    known.update(pictures=(), colours=(WHITE, BLACK), background=WHITE, is_smooth=True)
    with qtbot.waitSignal(session.library.starters_found):
        tab.use_model(entry())
    assert not tab.view.colour_row.isVisible()
    drag(qtbot, tab, (5, 9), (60, 20))
    greys = pixels(tab)[..., 0]
    assert greys.min() < 40
    assert ((greys > 40) & (greys < 215)).any(), "lines are smoothed"


def test_a_model_of_photographs_is_said_to_be_one(qtbot, tab, entry, known, session):
    known.update(pictures=(), colours=(), background=BLACK, is_smooth=True)
    with qtbot.waitSignal(session.library.starters_found):
        tab.use_model(entry())
    assert "learnt from photographs" in tab.view.advice.text()
    assert len(tab.view.swatches.colours()) == 12
    assert tab.view.swatches.colour() == WHITE, "black is the background"


def test_without_the_pictures_it_learnt_from_one_can_draw(qtbot, tab, entry, session):
    with qtbot.waitSignal(session.library.starters_found):
        tab.use_model(entry())  # their folder is gone
    follow(qtbot, tab)
    assert tab.view.strip.count() == 0
    assert tab.view.advice.text() == ""
    assert len(tab.view.swatches.colours()) == 12


# ----------------------------------------------------------------------------
# What becomes of the result, and the keys.


def test_a_pair_is_kept_and_the_result_copied(qtbot, houses):
    with qtbot.waitSignal(houses.kept) as told:
        qtbot.mouseClick(houses.view.keep_button, LEFT)
    assert told.args == [houses.translation()]
    houses.copy_picture()
    image = QGuiApplication.clipboard().image()
    assert image.pixelColor(2, 2).getRgb()[:3] == tuple(255 - HOUSES[0][2, 2])


def test_keys_take_tools_and_widths_and_steps(qtbot, houses):
    tools, canvas = houses.view.tools, houses.view.canvas
    keys = Qt.Key
    for key, tool in {
        keys.Key_E: "eraser",
        keys.Key_L: "line",
        keys.Key_O: "ellipse",
        keys.Key_R: "rectangle",
        keys.Key_F: "fill",
        keys.Key_B: "brush",
    }.items():
        press(qtbot, houses, key)
        assert tools.tool() == tool
    press(qtbot, houses, keys.Key_BracketRight)
    assert (tools.tool(), tools.size_index()) == ("brush", 2)
    press(qtbot, houses, keys.Key_BracketLeft, keys.Key_BracketLeft)
    assert tools.size_index() == 0

    before = pixels(houses)
    drag(qtbot, houses, (3, 3), (50, 60))
    after = pixels(houses)
    control = Qt.KeyboardModifier.ControlModifier
    qtbot.keyClick(canvas, keys.Key_Z, control)
    assert np.array_equal(pixels(houses), before)
    assert tools.redo_button.isEnabled()
    qtbot.keyClick(canvas, keys.Key_Z, control | Qt.KeyboardModifier.ShiftModifier)
    assert np.array_equal(pixels(houses), after)
