from datetime import UTC, datetime

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScrollArea

from engines.catalogue import ENGINES
from engines.runs.folder import DataInfo, RunFolder, RunInfo, Versions
from studio.pages.home import HomePage

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def make_run(settings):
    """Writes a run folder at step 870 of 1,500 with a grey preview."""

    def make(name, state, *, step=870, kept=True, error="", engine="pix2pix"):
        info = RunInfo(
            name=name,
            engine=engine,
            config={},
            data=DataInfo(
                folder="houses",
                name="Houses",
                kind="folders",
                a_name="outline",
                b_name="colour",
                fingerprint="",
                training_pictures=18,
                held_out_pictures=2,
            ),
            versions=Versions(studio="0.1.0", torch="2.13.0", python="3.11"),
            seed=0,
            threads=2,
            created=datetime.now(UTC),
            state=state,
            step=step,
            steps=1500,
            error=error,
        )
        root = settings.value.runs_folder
        root.mkdir(exist_ok=True)
        run = RunFolder.create(root / name, info)
        run.previews.save(step, {"now": np.full((1, 16, 16, 3), 77, np.uint8)})
        if kept:
            run.checkpoints.path(step).mkdir(parents=True)
        return run.folder

    return make


@pytest.fixture
def show_home(qtbot, session):
    """Opens the page once the runs of the test are there, and waits for them."""

    def show():
        page = HomePage(session)
        qtbot.addWidget(page)
        page.resize(1200, 760)
        with qtbot.waitSignal(session.library.runs_listed):
            page.show()
        return page

    return show


def click(widget):
    QTest.mouseClick(widget, LEFT)


def test_without_runs_it_says_what_will_be_there(show_home):
    page = show_home()
    assert page.recent._empty.isVisible()
    assert page.recent._empty.text().startswith("Nothing trained yet.")
    assert page.recent.cards == {}


def test_runs_are_shown_with_state_and_picture(qtbot, session, make_run, show_home):
    stopped = make_run("Houses one", "stopped")
    done = make_run("Houses two", "completed", step=1500)
    page = show_home()
    assert not page.recent._empty.isVisible()
    cards = page.recent.cards
    assert cards[stopped].state_words() == "Stopped"
    assert cards[stopped].accessibleName() == "Houses one, 58 % · just now"
    assert cards[done].state_words() == "Done"
    assert cards[done].accessibleName() == "Houses two, just now"
    qtbot.waitUntil(lambda: cards[done]._picture.image() is not None)
    assert cards[done]._picture.image().pixelColor(8, 8).getRgb()[:3] == (77, 77, 77)


def test_only_what_stopped_early_and_was_kept_can_go_on(make_run, show_home):
    stopped = make_run("stopped", "stopped")
    died = make_run("died", "running")  # no lock: its writer is gone
    done = make_run("done", "completed", step=1500)
    lost = make_run("lost", "failed", kept=False, error="The disk is full.")
    page = show_home()
    cards = page.recent.cards
    offers = {path: not card.resume_button.isHidden() for path, card in cards.items()}
    assert offers == {stopped: True, died: True, done: False, lost: False}
    assert cards[died].state_words() == "Interrupted"
    assert cards[lost].toolTip() == "The disk is full."


def test_a_damaged_run_says_so_and_cannot_be_opened(qtbot, make_run, show_home):
    folder = make_run("broken", "completed")
    (folder / "run.json").write_text("{")
    page = show_home()
    card = page.recent.cards[folder]
    assert card.state_words() == "Damaged"
    assert "is damaged, so this run cannot be opened" in card.toolTip()
    with qtbot.assertNotEmitted(page.run_chosen):
        click(card)


def test_a_run_is_opened_by_click_or_enter(qtbot, make_run, show_home):
    folder = make_run("done", "completed", step=1500)
    page = show_home()
    card = page.recent.cards[folder]
    with qtbot.waitSignal(page.run_chosen) as chosen:
        click(card)
    assert chosen.args == [folder]
    card.setFocus()
    with qtbot.waitSignal(page.run_chosen):
        QTest.keyClick(card, Qt.Key.Key_Return)


def test_resume_goes_on_and_leads_to_the_run(
    qtbot, session, make_run, show_home, monkeypatch
):
    folder = make_run("stopped", "stopped")
    page = show_home()
    resumed = []
    monkeypatch.setattr(session, "resume_run", lambda run: resumed.append(run.path))
    button = page.recent.cards[folder].resume_button
    assert button.toolTip() == "Goes on from step 870."
    with qtbot.waitSignal(page.navigate) as asked:
        click(button)
    assert (asked.args, resumed) == (["train"], [folder])


def test_a_run_that_cannot_translate_shows_its_folder(
    qtbot, make_run, show_home, monkeypatch
):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url))
    folder = make_run("leaves", "completed", step=1500, engine="dcgan")
    page = show_home()
    card = page.recent.cards[folder]
    assert card.toolTip() == "Opens its folder."
    with qtbot.assertNotEmitted(page.run_chosen):
        click(card)
    assert opened == [QUrl.fromLocalFile(str(folder))]


def lengths(page):
    return {name: card.length.text() for name, card in page.cards.cards.items()}


def test_while_a_run_is_going_no_other_can_be_begun(
    qtbot, training, make_run, show_home
):
    folder = make_run("stopped", "stopped")
    page = show_home()
    cards = page.cards.cards.values()
    assert not any(card.try_button.isEnabled() for card in cards)
    assert set(lengths(page).values()) == {"once this run has ended"}
    assert not page.recent.cards[folder].resume_button.isEnabled()
    assert page.recent.cards[folder].resume_button.toolTip() == "Another run is going."
    with qtbot.waitSignal(training.finished):
        training.stop()
    assert set(lengths(page).values()) == {"a few minutes"}
    assert all(card.try_button.isEnabled() for card in cards)
    assert page.recent.cards[folder].resume_button.isEnabled()


def test_there_is_a_card_for_every_kind_of_task(show_home):
    page = show_home()
    cards = page.cards.cards
    assert {ENGINES[name].data for name in cards} == {"pairs", "styles", "single"}
    tasks = [card.try_button.accessibleName() for card in cards.values()]
    assert tasks == [
        "Try it: Outline to picture",
        "Try it: One style into another",
        "Try it: New pictures",
        "Try it: Smooth morph",
    ]


def test_the_cards_are_alike_and_show_their_pictures_whole(qtbot, show_home):
    page = show_home()
    cards = page.cards.cards.values()
    for width in (1200, 944, 1840):
        page.resize(width, 760)
        widths = {card.width() for card in cards}
        assert max(widths) - min(widths) <= 1  # a pixel that four cannot share
        for card in cards:
            assert abs(card._picture.height() - card.width() * 216 / 276) <= 1


@pytest.mark.parametrize(
    ("engine", "sample"),
    [
        ("pix2pix", "facades"),
        ("cyclegan", "landscapes"),
        ("dcgan", "leaves"),
        ("vae", "digits"),
    ],
)
def test_try_it_opens_a_sample_and_leads_to_training(
    qtbot, session, show_home, monkeypatch, engine, sample
):
    tried = []
    monkeypatch.setattr(session, "try_sample", lambda *asked: tried.append(asked))
    page = show_home()
    with qtbot.waitSignal(page.navigate) as asked:
        click(page.cards.cards[engine].try_button)
    assert (asked.args, tried) == (["train"], [(sample, engine)])


def test_a_measured_length_takes_the_place_of_the_guess(session, show_home):
    page = show_home()
    session.trial_estimated.emit("vae", 43.0)
    session.trial_estimated.emit("wgan", 90.0)  # has no card of its own
    assert lengths(page) == {
        "pix2pix": "a few minutes",
        "cyclegan": "a few minutes",
        "dcgan": "a few minutes",
        "vae": "about 40 s",
    }


def test_the_buttons_of_the_drop_zone_ask_for_files(qtbot, show_home):
    page = show_home()
    with qtbot.waitSignal(page.folder_wanted):
        click(page.choose_button)
    with qtbot.waitSignal(page.picture_wanted):
        click(page.translate_button)


def test_what_is_dropped_is_passed_on(qtbot, show_home, tmp_path):
    page = show_home()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path))])
    with qtbot.waitSignal(page.dropped) as dropped:
        page.drop_zone.dropEvent(
            QDropEvent(
                QPointF(5, 5),
                Qt.DropAction.CopyAction,
                data,
                LEFT,
                Qt.KeyboardModifier.NoModifier,
            )
        )
    assert dropped.args == [[tmp_path]]


def test_cards_use_the_width_there_is(qtbot, make_run, show_home):
    for number in range(3):
        make_run(f"run {number}", "completed", step=1500)
    page = show_home()

    def rows():
        return len({card.y() for card in page.recent.cards.values()})

    qtbot.waitUntil(lambda: rows() == 2)
    page.resize(1700, 760)
    qtbot.waitUntil(lambda: rows() == 1)


@pytest.mark.parametrize("scale", [1.0, 1.3])
def test_nothing_is_wider_than_the_smallest_window(
    qtbot, show_home, theme, make_run, scale
):
    theme.set_text_scale(scale)
    make_run("A run with quite a long name for a card", "stopped")
    page = show_home()
    page.resize(944, 600)

    def scrolls_sideways():
        return page.findChild(QScrollArea).horizontalScrollBar().maximum() > 0

    qtbot.waitUntil(lambda: not scrolls_sideways())
    hint = page.drop_zone.labels()[1].text()
    assert hint.startswith("I will work out") == (scale == 1.0)
