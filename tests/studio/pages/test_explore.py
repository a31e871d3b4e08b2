"""Tests for studio.pages.explore: by mouse and keyboard, as a user finds it."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFileDialog

from studio.pages.explore import ExplorePage
from studio.widgets.map_view import Cell
from tests.studio.fake_spaces import FakeSpaces, colour
from tests.studio.pages.seen import click
from tests.studio.pages.translate_parts import FakeModels

LEFT, KEY = Qt.MouseButton.LeftButton, Qt.Key


@pytest.fixture
def spaces(monkeypatch):
    fake = FakeSpaces()
    fake.take_place(monkeypatch)
    yield fake
    fake.gate.set()
    fake.survey_gate.set()


@pytest.fixture
def models(monkeypatch, tmp_path, spaces):
    fake = FakeModels(tmp_path / "runs")
    monkeypatch.setattr("studio.library.list_runs", lambda _root: tuple(fake.runs))
    return fake


@pytest.fixture
def empty(qtbot, session, models):
    """The page as it is shown first, its runs listed."""
    page = ExplorePage(session)
    qtbot.addWidget(page)
    page.resize(1200, 760)
    with qtbot.waitSignal(session.library.runs_listed):
        page.show()
    return page


@pytest.fixture
def page(qtbot, models, session):
    """The page with a map that is complete."""
    models.add_run("Digits", 600, engine="vae")
    page = ExplorePage(session)
    qtbot.addWidget(page)
    page.resize(1200, 760)
    page.show()
    qtbot.waitUntil(lambda: bool(page.panel.sliders))
    complete(qtbot, page)
    return page


def complete(qtbot, page):
    """Wait until every cell that is seen has its picture, the chosen one too."""

    def all_there():
        plane, code = page.grid.map, page.here.code
        if code is None or page.panel.picture.image() is None:
            return False
        assert not page.message.isVisible()
        return not plane.tiles.missing(plane.view.needed())

    qtbot.waitUntil(all_there)
    qtbot.waitUntil(lambda: shown(page) == expected(page, page.here.code))


def shown(page):
    image = page.panel.picture.image()
    return image.pixelColor(2, 2).getRgb()[:3]


def expected(page, code):
    step = page._session.explore._exploring.renew(page.here.terrain.run)
    return colour(code, step, page.here.label)


def map_colour(page, cell):
    image = page.grid.map.grab().toImage()
    at = page.grid.map.square(cell).center().toPoint() + QPoint(9, 9)
    return image.pixelColor(at).getRgb()[:3]


def assert_map_is_right(page):
    """Cells all over the map show the pictures of their codes."""
    plane = page.grid.map
    for left, top in ((200, 150), (400, 300), (600, 200), (300, 450)):
        cell = plane.view.cell_at(left, top)
        (code,) = page.here.of.plane.codes_at([cell.x], [cell.y])
        assert map_colour(page, cell) == expected(page, code)


def at(page, cell):
    return page.grid.map.square(cell).center().toPoint()


# ----------------------------------------------------------------------------
# Before there is a map.


def test_without_a_run_it_offers_one(qtbot, empty, session, monkeypatch):
    tried, went = [], []
    monkeypatch.setattr(session, "try_sample", lambda *names: tried.append(names))
    empty.navigate.connect(went.append)
    headline, words = empty.empty.words()
    assert headline == "No pictures to invent yet"
    assert words.endswith("Try it on drawn digits: that takes a few minutes.")
    assert not empty.seed.isVisible()
    click(empty.empty.try_button)
    assert tried == [("digits", "vae")]
    assert went == ["train"]


def test_engines_without_a_latent_space_are_named(qtbot, empty, models, session):
    models.add_run("Houses", 600, engine="pix2pix")
    with qtbot.waitSignal(session.library.runs_listed):
        session.library.list_runs()
    assert "Pix2Pix turns a picture into another one" in empty.empty.words()[1]
    models.add_run("Seasons", 600, engine="cyclegan")
    with qtbot.waitSignal(session.library.runs_listed):
        session.library.list_runs()
    assert "Pix2Pix and CycleGAN turn" in empty.empty.words()[1]


def test_while_a_run_trains_no_other_can_be_tried(qtbot, models, training):
    page = ExplorePage(training)
    qtbot.addWidget(page)
    with qtbot.waitSignal(training.library.runs_listed):
        page.show()
    assert not page.empty.try_button.isEnabled()
    assert "once the present one has ended" in page.empty.words()[1]


def test_a_run_that_cannot_be_opened_says_why(qtbot, empty, models, spaces, session):
    run = models.add_run("Broken", 600, engine="vae")
    spaces.refused[run] = "'Broken' has no weights."
    empty.use_run(run)
    qtbot.waitUntil(lambda: empty.empty.words()[1] == "'Broken' has no weights.")
    assert empty.empty.isVisible()
    assert not empty.empty.try_button.isVisible()


# ----------------------------------------------------------------------------
# The map.


def test_it_opens_with_a_map_through_a_drawn_code(page):
    np.testing.assert_allclose(page.here.code, [0.5, 0.25, 0.1, 1], atol=1e-6)
    assert page.grid.across.currentText() == "Red"
    assert page.grid.up.currentText() == "Green"
    assert [slider.value() for slider in page.panel.sliders] == pytest.approx(
        [0.5, 0.25, 0.1, 1]
    )
    assert shown(page) == colour([0.5, 0.25, 0.1])
    assert page.panel.place.text().startswith("row ")
    assert_map_is_right(page)


def test_before_the_survey_any_two_directions_are_shown(qtbot, models, session, spaces):
    spaces.survey_gate.clear()
    models.add_run("Digits", 600, engine="vae")
    page = ExplorePage(session)
    qtbot.addWidget(page)
    page.resize(1200, 760)
    page.show()
    complete(qtbot, page)
    assert page.grid.across.currentText() == "One"
    assert page.panel.sliders == []
    code = page.here.code
    spaces.survey_gate.set()
    qtbot.waitUntil(lambda: page.grid.across.currentText() == "Red")
    np.testing.assert_array_equal(page.here.code, code)
    complete(qtbot, page)
    assert_map_is_right(page)


def test_it_says_how_fast_pictures_came(page):
    words = page.grid.decoded.text()
    assert words.endswith("ms")
    count, ms = int(words.split()[0]), int(words.split()[-2])
    assert ms == count  # the fake takes a millisecond each


def test_a_click_chooses_and_a_double_click_pins(qtbot, page):
    cell = Cell(page.grid.map.view.level, 2, 1)
    qtbot.mouseClick(page.grid.map, LEFT, pos=at(page, cell))
    complete(qtbot, page)
    np.testing.assert_allclose(page.here.code, [cell.x, cell.y, 0.1, 1], atol=1e-6)
    assert page.panel.sliders[0].value() == pytest.approx(cell.x)
    qtbot.mouseDClick(page.grid.map, LEFT, pos=at(page, cell))
    assert page.panel.pins.count() == 1
    assert page.panel.pin_button.text() == "Unpin"
    assert page.grid.map.accessibleName().endswith("pinned as 1")
    qtbot.mouseDClick(page.grid.map, LEFT, pos=at(page, cell))
    assert page.panel.pins.count() == 0


def test_by_keyboard_alone(qtbot, page):
    plane, keys = page.grid.map, Qt.Key
    plane.setFocus(Qt.FocusReason.TabFocusReason)
    before = plane.view.cell_of(*plane.chosen_point())
    for key in (keys.Key_Right, keys.Key_Right, keys.Key_Down, keys.Key_Return):
        qtbot.keyClick(plane, key)
    cell = Cell(before.level, before.across + 2, before.up - 1)
    assert plane.chosen_point() == pytest.approx((cell.x, cell.y))
    assert page.panel.pins.count() == 1
    for _ in range(12):
        qtbot.keyClick(plane, keys.Key_Right)
    complete(qtbot, page)
    assert_map_is_right(page)


def test_other_axes_lay_another_plane_through_the_same_code(qtbot, page):
    page.grid.across.setCurrentIndex(2)
    page.grid.across.activated.emit(2)
    complete(qtbot, page)
    np.testing.assert_allclose(page.here.code, [0.5, 0.25, 0.1, 1], atol=1e-6)
    assert page.grid.map.chosen_point() == pytest.approx((0.1, 0.25))
    assert page.grid.map.accessibleDescription() == (
        "To the right: Blue. Upwards: Green."
    )
    assert_map_is_right(page)


def test_the_same_direction_twice_swaps_the_axes(qtbot, page):
    page.grid.across.setCurrentIndex(1)
    page.grid.across.activated.emit(1)
    assert page.grid.across.currentText() == "Green"
    assert page.grid.up.currentText() == "Red"
    complete(qtbot, page)
    assert_map_is_right(page)


def test_another_seed_is_another_code(qtbot, page):
    page.seed.setValue(7)
    qtbot.waitUntil(lambda: page.here.code[2] == pytest.approx(0.7))
    complete(qtbot, page)
    assert_map_is_right(page)
    click(page.dice)
    assert page.seed.value() == 7 * 21 + 7919


def test_the_middle_and_the_zoom_have_buttons(qtbot, page):
    reach = page.grid.map.view.reach
    assert page.grid.range.text() == f"± {reach:.2g}"
    click(page.grid.zoom_out)
    assert page.grid.map.view.reach == pytest.approx(reach * 2**0.5)
    click(page.grid.zoom_in)
    click(page.grid.zoom_in)
    assert page.grid.map.view.reach == pytest.approx(reach / 2**0.5)
    click(page.grid.centre)
    assert page.grid.map.view.reach == reach


def test_the_little_map_goes_there(qtbot, page):
    little = page.grid.little_map
    qtbot.mouseClick(little, LEFT, pos=QPoint(80, 30))
    assert page.grid.map.view.x > 0
    assert page.grid.map.view.y > 0


# ----------------------------------------------------------------------------
# Sliders.


def drag_slider(page, number, value):
    slider = page.panel.sliders[number].slider
    slider.setSliderDown(True)
    low, high = -2.5, 2.5
    slider.setValue(round(1000 * (value - low) / (high - low)))
    return slider


def test_a_slider_takes_the_chosen_picture_along(qtbot, page):
    of = page.here.of
    slider = drag_slider(page, 2, -1.5)
    qtbot.waitUntil(lambda: shown(page) == colour([0.5, 0.25, -1.5]))
    assert page.here.of is of  # the map waits until it is let go
    slider.setSliderDown(False)
    complete(qtbot, page)
    assert page.here.of is not of
    assert page.here.code[2] == pytest.approx(-1.5)
    assert_map_is_right(page)


def test_a_slider_of_the_maps_own_directions_moves_the_choice_on_it(qtbot, page):
    of = page.here.of
    drag_slider(page, 0, -1.0).setSliderDown(False)
    complete(qtbot, page)
    assert page.here.of is of
    assert page.grid.map.chosen_point() == pytest.approx((-1.0, 0.25))


# ----------------------------------------------------------------------------
# Pins.


def test_pins_are_kept_ordered_taken_and_removed(qtbot, page):
    pins = page.panel.pins
    click(page.panel.pin_button)
    first = page.here.code
    page.seed.setValue(5)
    qtbot.waitUntil(lambda: page.here.code[2] == pytest.approx(0.5))
    qtbot.mouseClick(pins, LEFT, pos=pins.tile(1).center())  # the tile that adds
    assert pins.count() == 2
    assert [pin.number for pin in page.here.pins_on_plane()] == [2]
    qtbot.waitUntil(lambda: None not in pins._images)
    tile = pins._images[0].pixelColor(2, 2).getRgb()[:3]
    assert tile == colour(first)

    qtbot.mouseClick(pins, LEFT, pos=pins.tile(0).center())
    np.testing.assert_array_equal(page.here.code, first)
    complete(qtbot, page)
    assert [pin.number for pin in page.here.pins_on_plane()] == [1]

    pins.setFocus()
    qtbot.keyClick(pins, KEY.Key_Right, Qt.KeyboardModifier.ControlModifier)
    np.testing.assert_array_equal(page.here.pins[1], first)
    qtbot.keyClick(pins, KEY.Key_Delete)
    assert pins.count() == 1
    assert page.panel.pin_button.text() == "Pin"


# ----------------------------------------------------------------------------
# Saving.


def test_saving_writes_the_code_with_the_picture(
    qtbot, page, spaces, tmp_path, monkeypatch
):
    answer = (str(tmp_path / "mine"), "")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: answer)
    with qtbot.waitSignal(page._session.explore.saved):
        click(page.panel.save_button)
    ((_, code, path),) = spaces.saved
    assert path == tmp_path / "mine.png"
    np.testing.assert_array_equal(code, page.here.code)
    assert page.toast.isVisible()


# ----------------------------------------------------------------------------
# Other models, and one that learns on.


def test_another_model_leaves_nothing_of_the_last_one(qtbot, page, models, spaces):
    click(page.panel.pin_button)
    run = models.add_run("Shoes", 600, engine="dcgan")
    spaces.steps[run] = 700  # its pictures are negatives
    spaces.gate.clear()
    page.use_run(run)
    qtbot.waitUntil(lambda: page.spaces.chosen.path == run)
    assert len(page.grid.map.tiles) == 0
    assert page.panel.picture.image() is None
    assert page.panel.pins.count() == 0
    spaces.gate.set()
    qtbot.waitUntil(lambda: page.here.is_in(run) and page.here.terrain.is_surveyed)
    complete(qtbot, page)
    assert_map_is_right(page)
    assert shown(page) == colour(page.here.code, 700)


def test_a_model_that_learns_on_shows_what_it_knows_by_then(qtbot, page, spaces):
    (run,) = spaces.steps
    spaces.steps[run] = 700
    page._session.explore.renewed.emit(700)
    assert len(page.grid.map.tiles) > 0  # the old pictures stay until then
    complete(qtbot, page)
    assert_map_is_right(page)


def test_classes_can_be_chosen_where_there_are_any(qtbot, models, session, spaces):
    spaces.classes = ("cat", "dog")
    models.add_run("Pets", 600, engine="dcgan")
    page = ExplorePage(session)
    qtbot.addWidget(page)
    page.resize(1200, 760)
    page.show()
    qtbot.waitUntil(lambda: bool(page.panel.sliders))
    complete(qtbot, page)
    assert page.grid.classes.isVisible()
    page.grid.classes.setCurrentIndex(1)
    page.grid.classes.activated.emit(1)
    complete(qtbot, page)
    assert shown(page) == colour(page.here.code, label=1)
    assert_map_is_right(page)


def test_without_classes_none_can_be_chosen(page):
    assert not page.grid.classes.isVisible()


def test_it_is_small_enough_for_the_smallest_window(page):
    page.resize(944, 560)
    assert page.minimumSizeHint().width() <= 944
    assert page.minimumSizeHint().height() <= 560
