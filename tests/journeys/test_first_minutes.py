"""What people do in their first minutes, from one end of the window to the other."""

import re

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog

from engines.runs.folder import RunFolder
from engines.training.reports import Losses, Paused, Preview, RunStatus, Saved, Started
from studio.session import JobState
from tests.journeys.acts import (
    click,
    count,
    drop,
    newest,
    press,
    stop,
    tensors,
    try_sample,
    wait_for,
    wait_for_state,
)

PIXELS = (53, 37)  # of the picture that is translated: no size a network likes


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "sketch.png"
    Image.linear_gradient("L").convert("RGB").resize(PIXELS).save(path)
    return path


def translated(window):
    """The sizes of before and after on the stage, as (width, height)."""
    stage = window.translate.pictures.view.stage
    if not stage.has_both():
        return []
    return [stage.image(side).size().toTuple() for side in (0, 1)]


def test_from_nothing_to_a_translated_picture_on_disk(
    qtbot, studio, picture, tmp_path, monkeypatch
):
    window, session = studio.window, studio.session
    train = window.train

    reports = try_sample(qtbot, studio)
    assert window.page() == "train"
    watch = train.watch
    first, losses = watch._views[1].image().copy(), watch._plots.losses.plot.summary()
    assert "Painter" in losses
    wait_for(qtbot, lambda: watch._views[1].image() != first)
    wait_for(qtbot, lambda: watch._plots.losses.plot.summary() != losses)

    click(train.header.pause)
    wait_for_state(qtbot, studio, JobState.PAUSED)
    paused = newest(reports, Paused).step
    assert train.header.pause.text() == "Resume"
    click(train.header.pause)
    wait_for_state(qtbot, studio, JobState.TRAINING)
    wait_for(qtbot, lambda: newest(reports, Losses).step > paused)
    while_paused = reports[position(reports, paused=True) :]
    while_paused = while_paused[: position(while_paused, paused=False)]
    assert count(while_paused, Losses) == 0

    outcome = stop(qtbot, studio)
    sentence = watch._verdict.sentence()
    stopped, kept = re.findall(r"[\d,]+", sentence)
    assert sentence == f"Stopped at step {stopped}. Step {kept} is kept."
    assert stopped == kept
    assert outcome.kept_step == outcome.step > paused

    assert watch._verdict._link.text() == "Translate pictures with it"
    click(watch._verdict._link)
    assert window.page() == "translate"
    wait_for(qtbot, lambda: window.translate.pictures.panel.models.count() == 1)
    drop(window, picture)
    wait_for(qtbot, lambda: translated(window) == [PIXELS, PIXELS])
    assert window.translate.pictures.panel.pixels.text() == "53 × 37"
    assert (
        window.translate.pictures.panel.step.text()
        == f"Weights of step {outcome.step:,}"
    )

    results = tmp_path / "results"
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(results))
    with qtbot.waitSignal(session.library.saved, timeout=10_000):
        click(window.translate.save_all_button)
    with Image.open(results / "sketch.png") as saved, Image.open(picture) as source:
        assert saved.size == PIXELS
        assert saved.tobytes() != source.tobytes()
    assert "sketch.png saved in results" in window.translate.saving.toast.words()


def position(reports, *, paused):
    return next(
        i for i, r in enumerate(reports) if isinstance(r, Paused) and r.paused == paused
    )


def test_closing_during_training_asks_and_keeps_what_was_learnt(qtbot, studio):
    window, session = studio.window, studio.session
    reports = try_sample(qtbot, studio)
    folder = newest(reports, Started).folder

    assert not window.close()
    asked = window._closing
    assert asked.isVisible()
    assert "is still training" in asked.words()
    before = newest(reports, Losses).step
    click(asked.keep_button)
    assert not asked.isVisible()
    wait_for(qtbot, lambda: newest(reports, Losses).step > before)
    assert session.state is JobState.TRAINING

    assert not window.close()
    with qtbot.waitSignal(session.finished, timeout=20_000) as ended:
        click(window._closing.stop_button)
    (outcome,) = ended.args
    assert not window.isVisible()
    assert outcome.status is RunStatus.STOPPED
    assert tensors(folder)[0] == outcome.step  # every hash is checked on the way
    assert RunFolder.open(folder).info.state == "stopped"
    assert not (folder / "lock").exists()


def test_pictures_are_translated_while_the_model_is_still_training(
    qtbot, studio, picture
):
    window = studio.window
    reports = try_sample(qtbot, studio)
    wait_for(qtbot, lambda: count(reports, Saved) > 0)

    press(window, Qt.Key.Key_4)
    drop(window, picture)
    wait_for(qtbot, lambda: translated(window) == [PIXELS, PIXELS])
    assert studio.session.state is JobState.TRAINING
    first = window.translate.pictures.panel.step.text()
    # The next checkpoint redoes it without being asked.
    wait_for(qtbot, lambda: window.translate.pictures.panel.step.text() != first)
    assert studio.session.state is JobState.TRAINING


def test_the_keyboard_leads_everywhere_and_the_job_bar_back(qtbot, studio):
    window = studio.window
    reports = try_sample(qtbot, studio)
    for key, page in (
        (Qt.Key.Key_1, "home"),
        (Qt.Key.Key_2, "data"),
        (Qt.Key.Key_4, "translate"),
    ):
        press(window, key)
        assert window.page() == page
        assert window.isActiveWindow()  # nothing flashed up and took the keyboard
        assert window.job_bar.words().startswith("Pix2Pix on Façades")
    missed = count(reports, Preview)
    wait_for(qtbot, lambda: count(reports, Preview) > missed)
    click(window.job_bar)
    assert window.page() == "train"
    watched = newest(reports, Preview).step
    assert f"step {watched:,}" in window.train.watch._views[1].accessibleName()


def test_a_run_that_was_stopped_goes_on_from_home(qtbot, studio):
    window = studio.window
    reports = try_sample(qtbot, studio)
    stopped = stop(qtbot, studio)
    press(window, Qt.Key.Key_1)
    card = shown_card(qtbot, window, stopped.folder)
    assert card.state_words() == "Stopped"

    reports.clear()
    click(card.resume_button)
    assert window.page() == "train"
    wait_for(qtbot, lambda: count(reports, Losses) > 0)
    assert newest(reports, Started).step == stopped.step
    again = stop(qtbot, studio)
    assert again.folder == stopped.folder
    assert again.kept_step == again.step > stopped.step


def shown_card(qtbot, window, run):
    cards = window.home.recent
    wait_for(qtbot, lambda: run in cards.cards and cards.cards[run].isVisible())
    return cards.cards[run]


def test_a_second_start_of_the_studio_finds_the_run(qtbot, start_studio, picture):
    first = start_studio()
    try_sample(qtbot, first)
    outcome = stop(qtbot, first)
    assert first.window.close()

    second = start_studio().window
    click(shown_card(qtbot, second, outcome.folder))
    assert second.page() == "translate"
    drop(second, picture)
    wait_for(qtbot, lambda: translated(second) == [PIXELS, PIXELS])


# ----------------------------------------------------------------------------
# Bad things that are dropped.


def no_dialog_is_open():
    return QApplication.activeModalWidget() is None


def test_an_empty_folder_is_refused_in_a_sentence(qtbot, studio, tmp_path):
    window, nothing = studio.window, tmp_path / "Nothing"
    nothing.mkdir()
    with qtbot.waitSignal(studio.session.data.refused, timeout=10_000):
        drop(window, nothing)
    assert window.page() == "data"
    message = window.data.opening.message
    assert message.isVisible()
    assert "'Nothing'" in message.sentence()
    assert no_dialog_is_open()


def test_a_folder_of_one_picture_is_refused_and_the_next_one_opens(
    qtbot, studio, tmp_path
):
    window = studio.window
    single, pairs = tmp_path / "Single", tmp_path / "Pairs"
    single.mkdir()
    Image.new("RGB", (40, 30)).save(single / "a.png")
    with qtbot.waitSignal(studio.session.data.refused, timeout=10_000):
        drop(window, single)
    message = window.data.opening.message
    assert message.isVisible()
    assert "There is only one picture in 'Single'." in message.sentence()
    assert no_dialog_is_open()

    for side in ("before", "after"):
        (pairs / side).mkdir(parents=True)
        for name in "abcd":
            Image.new("RGB", (40, 30)).save(pairs / side / f"{name}.png")
    with qtbot.waitSignal(studio.session.data.opened, timeout=10_000):
        drop(window, pairs)
    assert not message.isVisible()
    assert window.data.header.words()[0] == "Pairs"


def test_a_broken_picture_is_named_and_the_others_are_translated(
    qtbot, studio, picture, tmp_path
):
    window = studio.window
    try_sample(qtbot, studio)
    stop(qtbot, studio)
    click(window.train.watch._verdict._link)
    broken = tmp_path / "broken.png"
    broken.write_bytes(picture.read_bytes()[:60])

    drop(window, broken, picture)
    message = window.translate.message
    wait_for(qtbot, lambda: message.isVisible() and "broken.png" in message.sentence())
    wait_for(qtbot, lambda: window.translate.pictures.view.count.text() == "1 of 1")
    assert window.translate.pictures.view.count_words.text() == "done, 1 refused"
    assert no_dialog_is_open()
