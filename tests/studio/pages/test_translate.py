"""Tests for studio.pages.translate: what is translated and shown."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt

import studio.pages.translate_films as films_module
from engines.training.controls import Controls
from engines.training.reports import Saved
from studio.pages.translate import TranslatePage
from studio.session import Session
from studio.settings import SettingsFile
from tests.studio.pages.translate_parts import (
    GREEN,
    RED,
    add,
    colours,
    counts,
    negative,
    settle,
)

# ----------------------------------------------------------------------------
# Without a model, without pictures.


def test_without_a_model_it_offers_to_train_one(qtbot, page, session, monkeypatch):
    tried = []
    monkeypatch.setattr(session, "try_sample", lambda *asked: tried.append(asked))
    assert page.empty.zone.labels()[0].text() == "Train a model first"
    assert not page.save_all_button.isVisible()

    with qtbot.waitSignal(page.navigate) as blocker:
        qtbot.mouseClick(page.empty.try_button, Qt.MouseButton.LeftButton)

    assert blocker.args == ["train"]
    assert tried == [("facades", "pix2pix")]


@pytest.mark.parametrize(
    ("chosen", "tried"),
    [("cyclegan", ("landscapes", "cyclegan")), ("vae", ("facades", "pix2pix"))],
)
def test_what_it_offers_to_train_can_translate(
    qtbot, page, session, monkeypatch, chosen, tried
):
    asked = []
    monkeypatch.setattr(session, "try_sample", lambda *what: asked.append(what))
    session.use_engine(chosen)
    qtbot.mouseClick(page.empty.try_button, Qt.MouseButton.LeftButton)
    assert asked == [tried]


def test_only_runs_of_engines_that_translate_can_be_used(qtbot, page, session, models):
    models.add_run("Leaves", 600, engine="dcgan")
    models.add_run("From tomorrow", 600, engine="not known here")
    session.library.list_runs()
    with qtbot.waitSignal(session.library.runs_listed):
        pass
    assert page.empty.zone.labels()[0].text() == "Train a model first"
    seasons = models.add_run("Seasons", 600, engine="cyclegan")
    session.library.list_runs()
    qtbot.waitUntil(lambda: page.models.chosen is not None)
    assert [entry.path for entry in page.models.entries] == [seasons]


def test_while_something_else_is_trained_no_model_is_promised(
    qtbot, page, session, fake_run, write_pairs
):
    session.data.open(write_pairs())
    qtbot.waitUntil(lambda: session.pictures is not None)
    session.use_engine("pix2pix")
    session.start()
    assert page.empty.zone.labels()[0].text() == "The first model is on its way"
    with qtbot.waitSignal(session.finished):
        session.stop()
    session.use_engine("vae")
    with qtbot.waitSignal(session.data.opened):
        pass  # the same pictures, one by one
    session.start()
    headline, hint = page.empty.zone.labels()
    assert headline.text() == "Train a model first"
    assert "Possible once the present run has ended." in hint.text()
    assert not page.empty.try_button.isEnabled()
    with qtbot.waitSignal(session.finished):
        session.stop()
    assert page.empty.try_button.isEnabled()


def test_pictures_wait_for_the_first_model(qtbot, page, session, models, pictures):
    with qtbot.waitSignal(session.library.pictures_found):
        page.add_files([pictures])
    assert "Pictures that wait for it: 3." in page.empty.zone.labels()[1].text()
    assert models.requests == []

    models.add_run("Painter", 600)
    session.library.list_runs()

    qtbot.waitUntil(lambda: counts(page) == ("3 of 3", "done"))
    assert page.pictures.view.isVisible()


def test_with_a_model_it_asks_for_pictures(qtbot, painter, page):
    headline, hint = page.empty.zone.labels()
    assert headline.text() == "Drop pictures here"
    assert "sketch → photo" in hint.text()
    assert page.empty.open_button.isVisible()
    assert not page.empty.try_button.isVisible()


def test_held_out_pictures_that_are_gone_are_told(qtbot, painter, page, session):
    with qtbot.waitSignal(session.library.pictures_found):
        page.empty.held_out_button.click()
    assert "There is no folder" in page.message.sentence()


# ----------------------------------------------------------------------------
# Translating.


def test_all_pictures_of_a_folder_are_translated(qtbot, painter, page, pictures):
    add(qtbot, page, pictures)

    assert counts(page) == ("3 of 3", "done")
    assert page.pictures.panel.pixels.text() == "40 × 30"
    assert page.pictures.panel.speed.text() == "0.08 s per picture"
    assert page.pictures.panel.step.text() == "Weights of step 600"
    assert colours(page) == [RED, negative(RED)]


def test_the_original_is_shown_while_space_is_held(qtbot, painter, page, pictures):
    add(qtbot, page, pictures)
    qtbot.keyPress(page.pictures.view.strip, Qt.Key.Key_Space)
    assert colours(page) == [RED, RED]
    qtbot.keyRelease(page.pictures.view.strip, Qt.Key.Key_Space)
    assert colours(page) == [RED, negative(RED)]


def test_what_cannot_be_used_is_named_and_the_others_go_on(
    qtbot, painter, page, pictures
):
    (pictures / "notes.png").write_text("not a picture")
    add(qtbot, page, pictures)

    assert counts(page) == ("3 of 3", "done, 1 refused")
    assert page.message.sentence().startswith("notes.png is not a picture")

    page.message.action_clicked.emit()

    assert counts(page) == ("3 of 3", "done")
    assert page.message.sentence() == ""
    assert page.pictures.view.strip.count() == 3


def test_a_refused_picture_says_why_on_the_stage(qtbot, painter, page, pictures):
    (pictures / "empty.png").write_bytes(b"")
    add(qtbot, page, pictures / "empty.png")
    words = page.pictures.view.stage.accessibleDescription()
    assert words == "This picture cannot be used empty.png is empty."
    assert not page.pictures.view.save_button.isEnabled()


def test_arrows_step_and_delete_removes(qtbot, painter, page, pictures):
    add(qtbot, page, pictures)
    strip = page.pictures.view.strip

    qtbot.keyClick(strip, Qt.Key.Key_Right)
    assert page.pictures.panel.pixels.text() == "21 × 33"
    qtbot.keyClick(page.pictures.view.stage, Qt.Key.Key_Down)
    assert page.pictures.panel.pixels.text() == "8 × 8"
    qtbot.keyClick(page.pictures.view.stage, Qt.Key.Key_Up)
    qtbot.keyClick(strip, Qt.Key.Key_Delete)
    assert page.pictures.panel.pixels.text() == "8 × 8"
    assert strip.chosen_index() == 1
    qtbot.keyClick(page.pictures.view.stage, Qt.Key.Key_Delete)
    qtbot.keyClick(strip, Qt.Key.Key_Delete)
    assert page.empty.isVisible()


def test_full_size_translates_again(qtbot, painter, page, models, pictures):
    add(qtbot, page, pictures / "a.png")
    qtbot.mouseClick(
        page.pictures.panel.use.scale.button("full"), Qt.MouseButton.LeftButton
    )
    assert colours(page) == [RED, negative(RED)], "the old one stays until the new"
    settle(qtbot, page)
    assert [request.options.scale for request in models.requests] == ["learnt", "full"]
    assert page.pictures.panel.use.scale_words.text().startswith("Every pixel is seen")


def test_another_model_translates_again(qtbot, models, painter, page, pictures):
    models.add_run("Second", 50)
    page._session.library.list_runs()
    qtbot.waitUntil(lambda: page.pictures.panel.models.count() == 2)
    add(qtbot, page, pictures / "a.png")
    assert page.pictures.panel.models.currentText() == "Painter", "the choice stays"

    page.use_run(models.folder / "Second")

    qtbot.waitUntil(lambda: page.pictures.panel.step.text() == "Weights of step 50")
    assert page.pictures.panel.models.currentText() == "Second"
    assert models.requests[-1].model == models.folder / "Second"


def test_a_run_without_weights_is_told(qtbot, models, painter, page):
    page.use_run(models.folder / "fresh")
    qtbot.waitUntil(lambda: "fresh has not saved" in page.message.sentence())
    assert page.pictures.panel.models.currentText() == "Painter"


def test_a_newer_checkpoint_redoes_only_what_is_looked_at(
    qtbot, models, painter, page, session, pictures
):
    add(qtbot, page, pictures)
    models.requests.clear()
    models.add_run("Painter", 900, state="running")

    session.reported.emit(Saved(step=900, folder=painter))

    qtbot.waitUntil(lambda: page.pictures.panel.step.text() == "Weights of step 900")
    settle(qtbot, page)
    assert models.names() == ["a.png"]
    assert page.pictures.panel.models.currentText() == "Painter (training now)"
    words = page.pictures.panel.training.text()
    assert words == "Training now: its newest weights are used."
    qtbot.keyClick(page.pictures.view.strip, Qt.Key.Key_Right)
    settle(qtbot, page)
    assert models.names() == ["a.png", "b.jpg"]


def test_few_results_are_kept_and_others_are_made_again(
    qtbot, models, painter, page, pictures, monkeypatch
):
    monkeypatch.setattr(films_module, "KEPT_BYTES", 8_000)  # a.png takes 7,200
    add(qtbot, page, pictures)
    kept = [film.translation is not None for film in page.pictures.films]
    assert kept == [True, False, True]  # a is looked at; c, 384 bytes, fits beside it
    models.requests.clear()

    qtbot.keyClick(page.pictures.view.strip, Qt.Key.Key_Right)
    settle(qtbot, page)

    assert models.names() == ["b.jpg"]
    assert page.pictures.panel.pixels.text() == "21 × 33"


def test_a_model_that_is_gone_is_told_and_the_pictures_wait(
    qtbot, models, painter, page, session, pictures
):
    models.runs.clear()
    with qtbot.waitSignals([session.library.model_failed, session.library.runs_listed]):
        page.add_files([pictures])
    assert page.message.sentence() == "Painter is not there any more."
    assert models.names() == ["a.png"], "the others would fail as well"
    assert "Pictures that wait for it: 3." in page.empty.zone.labels()[1].text()
    other = models.add_run("Second", 50)
    page.use_run(other)
    settle(qtbot, page)
    qtbot.waitUntil(lambda: counts(page) == ("3 of 3", "done"))


def test_a_model_that_fails_can_be_tried_again(qtbot, models, painter, page, pictures):
    models.problem = "Its weights are damaged."
    with qtbot.waitSignal(page._session.library.model_failed):
        page.add_files([pictures])
    assert page.message.sentence() == "Its weights are damaged."
    words = page.pictures.view.stage.accessibleDescription()
    assert words == "This model cannot be used Its weights are damaged."
    assert counts(page) == ("0 of 3", "done")

    models.problem = ""
    page.message.action_clicked.emit()

    qtbot.waitUntil(lambda: counts(page) == ("3 of 3", "done"))
    assert page.message.sentence() == ""


def test_another_model_takes_the_place_of_one_that_is_gone(
    qtbot, models, painter, page, session, pictures
):
    add(qtbot, page, pictures / "a.png")
    models.runs.clear()
    models.add_run("Second", 50)
    session.library.list_runs()
    qtbot.waitUntil(lambda: page.pictures.panel.step.text() == "Weights of step 50")
    assert page.message.sentence() == (
        "Painter is not there any more. Second translates now."
    )


def test_what_takes_long_is_given_up_for_what_is_looked_at(
    qtbot, models, painter, page, session, pictures
):
    models.gate.clear()
    with qtbot.waitSignal(session.library.pictures_found):
        page.add_files([pictures])
    qtbot.waitUntil(lambda: models.names() == ["a.png"])
    first = page.pictures._asking.request
    session.library.translating.emit(first, 1, 4)
    assert "Translating… 25 %" in page.pictures.view.stage.accessibleDescription()

    qtbot.keyClick(page.pictures.view.strip, Qt.Key.Key_Right)
    assert page.pictures._asking.request.name == "b.jpg"
    assert "%" not in page.pictures.view.stage.accessibleDescription()
    models.gate.set()

    qtbot.waitUntil(lambda: counts(page) == ("3 of 3", "done"))
    assert models.names() == ["a.png", "b.jpg", "a.png", "c.png"]


def test_what_is_removed_while_it_is_translated_is_forgotten(
    qtbot, models, painter, page, pictures
):
    models.gate.clear()
    with qtbot.waitSignal(page._session.library.pictures_found):
        page.add_files([pictures])
    qtbot.waitUntil(lambda: models.names() == ["a.png"])
    qtbot.keyClick(page.pictures.view.strip, Qt.Key.Key_Delete)
    models.gate.set()

    settle(qtbot, page)

    assert models.names() == ["a.png", "b.jpg", "c.png"]
    assert counts(page) == ("2 of 2", "done")
    assert colours(page)[0] == pytest.approx(GREEN, abs=4)  # it is a JPEG


def test_an_answer_of_the_former_size_is_not_shown(
    qtbot, models, painter, page, pictures
):
    models.gate.clear()
    with qtbot.waitSignal(page._session.library.pictures_found):
        page.add_files([pictures])
    qtbot.waitUntil(lambda: models.names() == ["a.png"])
    qtbot.keyClick(
        page.pictures.view.strip, Qt.Key.Key_Right
    )  # b.jpg is wanted first now
    page.pictures.panel.use.scale.button("full").click()
    models.gate.set()

    settle(qtbot, page)

    found = [(request.name, request.options.scale) for request in models.requests]
    assert found[0] == ("a.png", "learnt")
    assert found[1:] == [("b.jpg", "full"), ("a.png", "full"), ("c.png", "full")]
    assert {f.translation.request.options.scale for f in page.pictures.films} == {
        "full"
    }


def test_a_real_run_translates_its_held_out_pictures(qtbot, tmp_path):
    from engines.configs.pix2pix import Pix2PixConfig
    from engines.training.jobs import DataChoice, NewRun
    from engines.training.runner import run

    rng = np.random.default_rng(0)
    for side in "AB":
        (tmp_path / "pairs" / side).mkdir(parents=True)
        for k in range(10):
            noise = rng.integers(0, 256, (37, 41, 3), dtype=np.uint8)
            Image.fromarray(noise).save(tmp_path / "pairs" / side / f"{k}.png")
    config = Pix2PixConfig(
        image_size=32, steps=2, generator_width=4, critic_width=4, device="cpu"
    )
    runs = tmp_path / "runs"
    job = NewRun(
        engine="pix2pix",
        config=config,
        data=DataChoice(folder=tmp_path / "pairs"),
        folder=runs / "tiny",
        name="Tiny",
        threads=1,
    )
    list(run(job, Controls()))
    settings = SettingsFile(tmp_path / "settings")
    settings.change(runs_folder=runs)
    session = Session(settings)
    page = TranslatePage(session)
    qtbot.addWidget(page)
    try:
        with qtbot.waitSignal(session.library.runs_listed):
            page.show()
        with qtbot.waitSignal(session.library.pictures_found):
            page.empty.held_out_button.click()
        settle(qtbot, page)
        assert len(page.pictures.films) == 1  # a tenth of ten pairs
        assert page.pictures.panel.step.text() == "Weights of step 2"
        found = page.pictures.films[0].translation
        assert found.after.shape == (37, 41, 3)
        assert found.after.std() > 0
    finally:
        assert session.shut_down()
