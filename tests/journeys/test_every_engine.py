"""Every engine, from a click to what it learnt."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engines.catalogue import ENGINES
from engines.runs.folder import RunFolder
from engines.training.reports import Losses, Measures, Preview, Started
from tests.journeys.acts import (
    click,
    count,
    newest,
    reports_of,
    stop,
    tensors,
    wait_for,
)


def wait_for_pictures(qtbot, reports):
    wait_for(qtbot, lambda: count(reports, Preview) >= 2 and count(reports, Losses))


@pytest.mark.parametrize("name", ["pix2pix", "cyclegan", "dcgan", "vae"])
def test_an_engine_is_tried_watched_and_kept(qtbot, studio, name):
    window, entry = studio.window, ENGINES[name]
    reports = reports_of(studio)
    click(window.home.cards.cards[name].try_button)
    wait_for_pictures(qtbot, reports)
    wait_for(qtbot, lambda: count(reports, Measures))

    assert window.page() == "train"
    assert window.train.header._title.text().startswith(entry.title)
    assert_watched(window.train.watch, newest(reports, Started))
    assert_kept(qtbot, studio, name)


def test_another_engine_is_chosen_for_the_same_pictures(qtbot, studio):
    window = studio.window
    reports = reports_of(studio)
    click(window.rail.button("data"))
    menu = window.data.opening.samples
    leaves = next(a for a in menu.actions() if "Leaves" in a.text())
    click_action(menu, leaves)
    wait_for(qtbot, lambda: window.data.use_button.isVisible())
    choose(window.data.panel.recommendation.engine._combo, "wgan")
    click(window.data.use_button)
    wait_for(qtbot, lambda: window.train.header.start.isEnabled())
    click(window.train.header.start)
    wait_for_pictures(qtbot, reports)

    assert "Distance" in window.train.watch._plots.losses.plot.summary()
    assert_watched(window.train.watch, newest(reports, Started))
    assert_kept(qtbot, studio, "wgan")


def click_action(menu, action):
    """Open the menu and click where the action stands."""
    menu.popup(menu.parentWidget().mapToGlobal(menu.parentWidget().rect().center()))
    QTest.mouseClick(
        menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center()
    )


def choose(combo, value):
    """Click the combo box and go down its list by keyboard to *value*."""
    click(combo)
    for _ in range(combo.findData(value) - combo.currentIndex()):
        QTest.keyClick(combo.view(), Qt.Key.Key_Down)
    QTest.keyClick(combo.view(), Qt.Key.Key_Return)
    assert combo.currentData() == value


def assert_watched(watch, started):
    """Every column stands on the page, with its label and a picture."""
    views = [view for view in watch._views if view.isVisible()]
    labels = [view.accessibleName().split(", ")[0] for view in views]
    assert labels == [column.label for column in started.columns]
    assert all(view.image() is not None for view in views)


def assert_kept(qtbot, studio, name):
    outcome = stop(qtbot, studio)
    assert outcome.kept_step == outcome.step > 0
    info = RunFolder.open(outcome.folder).info
    assert (info.engine, info.state) == (name, "stopped")
    assert tensors(outcome.folder)[0] == outcome.step  # every hash is checked
    offered = studio.window.train.watch._verdict._link.text()
    translates = name in ("pix2pix", "cyclegan")
    assert (offered == "Translate pictures with it") == translates
