"""Tests of the ways to use and compare a model, on the Translate page."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt

from engines.data.picture_files import Picture
from engines.data.sets import Source
from engines.options import Options
from studio.inputs import Found
from tests.studio.pages.translate_parts import (
    GREEN,
    RED,
    add,
    colours,
    negative,
    settle,
)

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def aged(models):
    """A run whose weights of steps 100, 200 and 600 are kept."""
    return models.add_run("Painter", 600, steps=(100, 200, 600))


@pytest.fixture
def both_ways(models):
    return models.add_run("Seasons", 600, engine="cyclegan")


def choose(page, box, words):
    """Choose a row of a combo box as a click on it does."""
    row = [box.itemText(at) for at in range(box.count())].index(words)
    box.setCurrentIndex(row)
    box.activated.emit(row)


def darker(colour):
    """What the model's earlier weights make of *colour*."""
    return tuple(value // 2 for value in negative(colour))


def test_earlier_weights_translate_my_picture(qtbot, models, aged, page, pictures):
    add(qtbot, page, pictures / "a.png")
    weights = page.pictures.panel.use.weights
    assert weights.isVisible()
    assert weights._value_label.text() == "newest, step 600"

    weights.slider.setFocus()
    qtbot.keyClick(weights.slider, Qt.Key.Key_Home)
    settle(qtbot, page)

    assert models.requests[-1].step == 100
    assert page.pictures.panel.step.text() == "Weights of step 100"
    assert colours(page) == [RED, darker(RED)]
    qtbot.keyClick(weights.slider, Qt.Key.Key_End)
    settle(qtbot, page)
    assert models.requests[-1].step is None
    assert colours(page) == [RED, negative(RED)]


def test_chosen_weights_stay_when_newer_ones_are_saved(
    qtbot, models, aged, page, session
):
    weights = page.pictures.panel.use.weights
    weights.set_value(1)
    models.add_run("Painter", 900, steps=(100, 150, 200, 600, 900))
    session.library.list_runs()
    qtbot.waitUntil(lambda: weights.slider.maximum() == 4)
    assert page.pictures.panel.use.step() == 200


def test_a_model_without_a_past_has_no_slider(painter, page):
    assert not page.pictures.panel.use.weights.isVisible()


def test_two_weights_of_a_run_stand_side_by_side(qtbot, models, aged, page, pictures):
    add(qtbot, page, pictures / "a.png")
    panel = page.pictures.panel
    choose(page, panel.compare.box, "Its earlier weights")
    settle(qtbot, page)
    assert models.requests[-1].step == 100
    assert colours(page) == [darker(RED), negative(RED)]
    words = page.pictures.view.stage.accessibleDescription()
    assert "Step 100" in words

    page.pictures.view.strip.setFocus()
    qtbot.keyPress(page.pictures.view.strip, Qt.Key.Key_Space)
    assert colours(page) == [RED, RED], "Space shows what went in, not what is compared"
    qtbot.keyRelease(page.pictures.view.strip, Qt.Key.Key_Space)

    choose(page, panel.compare.box, "Nothing")
    settle(qtbot, page)
    assert colours(page) == [RED, negative(RED)]


def test_two_runs_are_compared(qtbot, models, painter, page, session, pictures):
    other = models.add_run("Second", 50)
    session.library.list_runs()
    qtbot.waitUntil(lambda: page.pictures.panel.compare.box.count() == 3)
    add(qtbot, page, pictures / "a.png")
    choose(page, page.pictures.panel.compare.box, "Second")
    settle(qtbot, page)
    assert models.requests[-1].model == other
    assert "Second" in page.pictures.view.stage.accessibleDescription()


def test_the_right_answer_stands_beside_the_result(
    qtbot, painter, page, session, pictures
):
    answer = Picture(pixels=np.full((9, 9, 3), GREEN, np.uint8))
    found = Found(Source(pictures / "a.png"), "a.png", answer)
    page.pictures.add([found])
    settle(qtbot, page)
    choose(page, page.pictures.panel.compare.box, "The right answer")
    assert colours(page) == [GREEN, negative(RED)]
    assert not page.pictures.panel.compare.hint.isVisible()


def test_a_picture_without_an_answer_says_so(qtbot, painter, page, pictures):
    add(qtbot, page, pictures / "a.png")
    choose(page, page.pictures.panel.compare.box, "The right answer")
    assert colours(page) == [RED, negative(RED)]
    hint = page.pictures.panel.compare.hint
    assert hint.isVisible()
    assert hint.text().startswith("The right answer is known of held-out pictures only")


def test_a_model_of_two_styles_goes_both_ways(qtbot, models, both_ways, page, pictures):
    add(qtbot, page, pictures / "a.png")
    panel = page.pictures.panel
    assert panel.use.direction.button("AtoB").text() == "sketch → photo"
    assert models.requests[-1].wants_back
    assert "12.5 % off on average" in panel.back.words.text()
    assert panel.back.view.image() is not None

    qtbot.mouseClick(panel.use.direction.button("BtoA"), LEFT)
    settle(qtbot, page)
    assert models.requests[-1].options == Options(direction="BtoA")

    qtbot.mouseClick(panel.back.switch, LEFT)
    page.pictures.start_over()
    settle(qtbot, page)
    assert not models.requests[-1].wants_back
    assert not panel.back.view.isVisible()


def test_a_model_of_pairs_goes_one_way(painter, page):
    panel = page.pictures.panel
    assert not panel.use.direction.isVisible()
    assert not panel.back.isVisible()
    assert panel.use.one_way.text() == "sketch → photo"


def test_what_the_critic_believes_is_asked_for(qtbot, models, painter, page, pictures):
    add(qtbot, page, pictures / "a.png")
    assert not models.requests[-1].wants_belief
    before = colours(page)
    qtbot.mouseClick(page.pictures.panel.belief, LEFT)
    settle(qtbot, page)
    assert models.requests[-1].wants_belief
    assert colours(page)[0] == before[0]
    assert colours(page)[1] != before[1], "the result is tinted"
    assert not page.pictures.panel.belief_words.isVisible()


def test_weights_without_a_critic_say_so(qtbot, models, painter, page, pictures):
    models.has_critic = False
    add(qtbot, page, pictures / "a.png")
    words = page.pictures.panel.belief_words
    assert not words.isVisible()
    qtbot.mouseClick(page.pictures.panel.belief, LEFT)
    settle(qtbot, page)
    assert words.isVisible()
    assert words.text().startswith("Not known of these weights")
    qtbot.mouseClick(page.pictures.panel.belief, LEFT)
    assert not words.isVisible()


def test_noise_has_a_seed(qtbot, models, painter, page, pictures):
    add(qtbot, page, pictures / "a.png")
    use = page.pictures.panel.use
    assert not use.seed.isVisible()
    qtbot.mouseClick(use.noise, LEFT, pos=use.noise.rect().center())
    use.seed.setValue(7)
    settle(qtbot, page)
    assert use.seed.isVisible()
    assert models.requests[-1].options.noise_seed == 7


def test_only_batch_norm_can_adjust_to_a_picture(qtbot, models, page, session):
    models.add_run("Plain", 600, norm="instance", dropout=0.0)
    session.library.list_runs()
    use = page.pictures.panel.use
    qtbot.waitUntil(lambda: page.models.chosen is not None)
    assert not use.norm.isVisibleTo(use)
    assert not use.noise.isVisibleTo(use)
    adjusting = models.add_run("Adjusting", 600, norm="batch")
    page.use_run(adjusting)
    qtbot.waitUntil(lambda: page.models.chosen.path == adjusting)
    assert use.norm.isVisibleTo(use)
    use.norm.setChecked(True)
    assert use.options().norm == "picture"


def test_results_are_saved_in_the_format_that_is_chosen(
    qtbot, painter, page, session, pictures, save_to
):
    add(qtbot, page, pictures / "b.jpg")
    page.pictures.panel.format.setCurrentText("TIFF")
    with qtbot.waitSignal(session.library.saved):
        qtbot.mouseClick(page.save_all_button, LEFT)
    assert [path.name for path in save_to.iterdir()] == ["b.tif"]
    with Image.open(save_to / "b.tif") as saved:
        assert saved.size == (21, 33)


def test_the_result_is_copied(qtbot, painter, page, pictures):
    from PySide6.QtGui import QGuiApplication

    add(qtbot, page, pictures / "a.png")
    page.pictures.view.strip.setFocus()
    qtbot.keyClick(
        page.pictures.view.strip, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier
    )
    image = QGuiApplication.clipboard().image()
    assert (image.width(), image.height()) == (40, 30)
    assert image.pixelColor(3, 3).getRgb()[:3] == negative(RED)


def test_a_model_in_training_redoes_the_picture_on_the_stage(
    qtbot, models, painter, page, session, pictures, monkeypatch
):
    add(qtbot, page, pictures)
    models.requests.clear()
    monkeypatch.setattr(session, "live_step", lambda _run: 640)
    page.pictures._live_last = 0.0
    page.pictures._live.timeout.emit()
    settle(qtbot, page)
    assert models.names() == ["a.png"]
    page.pictures._live_last = 0.0
    page.pictures._live.timeout.emit()
    settle(qtbot, page)
    assert models.names() == ["a.png"], "it has not learnt on since"
