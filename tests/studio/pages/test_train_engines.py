"""The Train page before and after a run of engines other than the first."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QComboBox

from engines.catalogue import ENGINES
from engines.configs import settings_of
from engines.training.reports import RunOutcome, RunStatus
from studio.pace import Pace
from studio.pages.train import TrainPage
from studio.pages.train_header import Phase
from studio.session import JobState
from studio.widgets.disclosure import Disclosure
from studio.widgets.preset_cards import PresetCards
from studio.widgets.setting_field import FixedRow, SettingField
from studio.words import duration
from tests.studio.dry_runs import dry_run
from tests.studio.pages.seen import click, says


@pytest.fixture(autouse=True)
def measured(monkeypatch):
    """A step takes as many tenths of a second as the engine's name has letters."""

    def pace(_self, entry, _config, _cancelled):
        return dry_run(len(entry.name) / 10)

    monkeypatch.setattr(Pace, "dry_run", pace)


@pytest.fixture
def page(qtbot, session):
    page = TrainPage(session)
    qtbot.addWidget(page)
    page.resize(1200, 760)
    page.show()
    assert page.phase() is Phase.EMPTY
    return page


@pytest.fixture
def open_folder(qtbot, session, tmp_path):
    """Opens pictures of one colour each: how many in which subfolder."""

    def call(name, folders):
        for place, (folder, count) in enumerate(folders.items()):
            (tmp_path / name / folder).mkdir(parents=True)
            for index in range(count):
                rgb = np.full((8, 8, 3), 100 * place + index, np.uint8)
                path = tmp_path / name / folder / f"{folder} {index:02d}.png"
                Image.fromarray(rgb).save(path)
        with qtbot.waitSignal(session.data.opened):
            session.data.open(tmp_path / name)
        return session.pictures

    return call


@pytest.fixture
def styles(page, open_folder):
    """The page with 20 pictures in one style and 30 in another."""
    found = open_folder("Seasons", {"trainA": 20, "trainB": 30})
    assert found.kind == "styles"
    return page


@pytest.fixture
def single(page, open_folder):
    """The page with 40 pictures, of two classes."""
    found = open_folder("Things", {"apples": 20, "boats": 15, "cats": 5})
    assert found.kind == "single"
    return page


def engines(page):
    """What the choice of the engine offers; None where there is none."""
    combo = page.settings.engine._combo
    if not combo.isVisible():
        return None
    return [combo.itemText(place) for place in range(combo.count())]


def choose_engine(page, title):
    combo = page.settings.engine._combo
    place = next(i for i in range(combo.count()) if combo.itemText(i).startswith(title))
    combo.setCurrentIndex(place)
    combo.activated.emit(place)


def caption_of(config):
    return f"{config.image_size} pixels, {config.steps:,} steps"


def presets(page):
    cards = page.setup.findChild(PresetCards)._cards
    return {name: card._choice.caption for name, card in cards.items()}


# ----------------------------------------------------------------------------
# Before a run.


def test_two_styles_bring_their_engine(qtbot, styles):
    assert says(styles.header, "CycleGAN on Seasons")
    assert says(styles.header, ENGINES["cyclegan"].words)
    assert says(styles.setup, "20 in A, 30 in B, ")
    config = styles._session.config
    assert presets(styles)["quick"] == caption_of(config)
    assert says(styles.setup, "and the way back")
    assert engines(styles) is None  # nothing to choose
    # Of 45 pictures that are learnt from, 22.5 of each style; a batch of each a step.
    assert len(styles._session.pictures.training) == 45
    times = f"each picture {round(config.steps * config.batch_size / 22.5):,} times"
    qtbot.waitUntil(lambda: says(styles.settings, times))
    length = duration(0.8 * config.steps)
    qtbot.waitUntil(lambda: says(styles.header, f"{length}  ·"))


def test_the_styles_are_shown_one_below_the_other(qtbot, styles):
    rows = styles.setup._rows
    first, second = styles.setup._names()
    qtbot.waitUntil(lambda: len(rows._rows[0]) + len(rows._rows[1]) == 22)
    group = {item.name: item.group for item in styles._session.pictures.items}
    assert rows._labels == ("A", "B")
    assert ({group[n] for n in first}, {group[n] for n in second}) == ({0}, {1})
    greys = [row[0].image.pixelColor(4, 4).red() for row in rows._rows]
    assert greys[0] < 20
    assert 100 <= greys[1] < 130


def test_pictures_of_one_kind_are_shown_one_a_tile(qtbot, single):
    assert says(single.setup, "40 pictures in 3 classes, 4 held out for checking")
    rows = single.setup._rows
    shown = 2 * rows.columns()
    qtbot.waitUntil(lambda: len(rows._rows[0]) + len(rows._rows[1]) == shown)
    names = [thumbnail.name for row in rows._rows for thumbnail in row]
    assert len(set(names)) == shown
    assert {name.split("/")[0] for name in names} == {"apples", "boats", "cats"}
    assert rows._labels == ("", "")


def test_the_engine_is_chosen_among_those_that_fit(qtbot, single, session):
    titles = [e.title for e in ENGINES.values() if e.data == "single"]
    assert [words.split(":")[0] for words in engines(single)] == titles
    qtbot.waitUntil(lambda: says(single.header, "a step"))
    choose_engine(single, "VAE")
    assert session.entry is ENGINES["vae"]
    assert says(single.header, "VAE on Things")
    assert not says(single.header, "a step")  # not known of this one
    assert presets(single)["quick"] == caption_of(session.config)
    assert single.setup.findChild(PresetCards).chosen_key() == "quick"
    assert single.settings.form.values() == session.config.model_dump()
    assert single.settings.form.changed_names() == []
    length = duration(0.3 * session.config.steps)
    qtbot.waitUntil(lambda: says(single.header, f"{length}  ·"))


def test_without_pictures_every_engine_can_be_looked_at(qtbot, page, session):
    assert len(engines(page)) == len(ENGINES)
    choose_engine(page, "CycleGAN")
    assert session.entry is ENGINES["cyclegan"]
    opened = []
    session.data.open_sample = opened.append
    click(page._sample)
    assert opened == ["landscapes"]


def test_another_engine_forgets_what_was_typed_wrong(qtbot, single, session):
    choose_engine(single, "VAE")
    rate = next(
        field
        for field in single.settings.form.findChildren(SettingField)
        if field.setting.name == "learning_rate"
    )
    rate._edit.setText("seven")
    rate._on_finished()
    assert not single.header.start.isEnabled()
    choose_engine(single, "DCGAN")
    assert single.header.start.isEnabled()
    assert not single._bar.isVisible()
    assert session.config == session.preset_config("quick")


@pytest.mark.parametrize("name", list(ENGINES))
def test_every_setting_of_every_engine_has_a_field(page, session, name):
    session.use_engine(name)
    settings = settings_of(type(session.config))
    form = page.settings.form
    form.findChild(Disclosure).click()
    fields = form.findChildren(SettingField)
    assert {f.setting.name for f in fields} >= {s.name for s in settings}
    assert all(s.label and s.help for s in settings)
    assert form.values() == session.config.model_dump()


def test_start_waits_until_the_pictures_fit_the_engine(qtbot, single, session):
    session.use_engine("cyclegan")  # and looks at the pictures again, as styles
    assert not single.header.start.isEnabled()
    why = "CycleGAN learns from pictures in two styles. Open such first."
    assert single.header.start.toolTip() == why
    qtbot.waitUntil(single.header.start.isEnabled)
    assert session.pictures.kind == "styles"


def test_large_letters_in_a_small_window_scroll_and_are_not_cut(qtbot, styles, theme):
    theme.set_text_scale(1.3)
    styles.resize(944, 600)
    cards = styles.setup.findChild(PresetCards)
    qtbot.waitUntil(lambda: cards.height() >= cards.heightForWidth(cards.width()) > 200)
    rows = styles.setup._rows
    qtbot.waitUntil(lambda: rows.height() >= rows.sizeHint().height())
    header = styles.header
    qtbot.waitUntil(lambda: header.height() >= header.sizeHint().height() > 64)
    assert header.start.isVisible()


# ----------------------------------------------------------------------------
# During and after it.


@pytest.fixture
def watching(qtbot, single, session, fake_run, started):
    """The page while a VAE learns."""
    choose_engine(single, "VAE")
    click(single.header.start)
    fake_run.put(replace(started, training_pictures=36))
    qtbot.waitUntil(lambda: session.state is JobState.TRAINING)
    return single


def end(qtbot, page, fake_run, folder):
    with qtbot.waitSignal(page._session.finished):
        fake_run.put(
            RunOutcome(
                status=RunStatus.COMPLETED, step=1000, folder=folder, kept_step=1000
            )
        )


def test_what_is_fixed_is_said_in_the_words_of_the_engine(watching):
    assert engines(watching) is None
    assert says(watching.settings, "VAE")
    assert says(watching.settings, "36 pictures")
    assert any(row.isVisible() for row in watching.settings.findChildren(FixedRow))


def test_what_cannot_translate_offers_its_folder(
    qtbot, watching, fake_run, tmp_path, monkeypatch
):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url))
    end(qtbot, watching, fake_run, tmp_path / "run")
    assert watching.watch._verdict._link.text() == "Open its folder"
    with qtbot.assertNotEmitted(watching.translate_requested):
        click(watching.watch._verdict._link)
    assert opened == [QUrl.fromLocalFile(str(tmp_path / "run"))]


def test_after_a_run_of_another_engine_it_says_what_would_be_trained(
    qtbot, watching, session, fake_run, open_folder
):
    open_folder("Seasons", {"trainA": 20, "trainB": 30})  # while the VAE learns
    assert says(watching.settings, "VAE")
    assert watching.settings.form.values() == session.run_config.model_dump()
    end(qtbot, watching, fake_run, None)
    assert watching.settings.form.values() == session.config.model_dump()
    assert "cycle_weight" in watching.settings.form.values()
    again = watching.header.again
    assert again.text() == "Train CycleGAN"
    assert again.toolTip().endswith("as set at the left: CycleGAN on Seasons.")
    click(again)
    qtbot.waitUntil(lambda: fake_run.job.engine == "cyclegan")
    assert again.text() == "Train again"


def test_a_field_of_the_form_can_be_used_after_such_a_run(
    qtbot, watching, session, fake_run, open_folder
):
    open_folder("Seasons", {"trainA": 20, "trainB": 30})
    end(qtbot, watching, fake_run, None)
    combos = watching.settings.form.findChildren(QComboBox)
    size = next(c for c in combos if c.accessibleName() == "Picture size")
    size.setCurrentIndex(0)
    size.activated.emit(0)
    assert session.config.image_size == 32
