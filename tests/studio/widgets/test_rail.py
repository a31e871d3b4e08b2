"""Tests for studio.widgets.rail and job_bar."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QProgressBar

from studio.tokens import LIGHT
from studio.widgets.job_bar import Job, JobBar
from studio.widgets.rail import Rail

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def rail(qtbot):
    made = Rail()
    qtbot.addWidget(made)
    made.resize(80, 640)
    made.show()
    assert made.value() == "home"
    return made


@pytest.fixture
def bar(qtbot):
    made = JobBar()
    qtbot.addWidget(made)
    made.resize(1000, 40)
    made.show()
    assert made.words() == "Nothing is running"
    return made


JOB = Job(name="Pix2Pix on Emoji", fraction=0.58, left="about 2 min left")


def test_the_six_pages_stand_as_pictured(rail):
    values = ("home", "data", "train", "translate", "explore", "runs")
    items = [rail.button(value) for value in values]
    assert [item.text() for item in items] == [
        "Home",
        "Data",
        "Train",
        "Translate",
        "Explore",
        "Runs",
    ]
    assert [item.y() for item in items] == [60, 120, 180, 240, 300, 360]
    assert {(item.x(), item.width(), item.height()) for item in items} == {(8, 64, 56)}
    assert rail.width() == 80
    assert rail.settings_button.geometry().bottom() < 640


def test_a_click_asks_for_the_page_and_marks_it(qtbot, rail):
    with qtbot.waitSignal(rail.chosen) as told:
        qtbot.mouseClick(rail.button("train"), LEFT)
    assert told.args == ["train"]
    assert rail.value() == "train"
    at = rail.button("train").geometry().topLeft() + QPoint(6, 28)
    fill = rail.grab().toImage().pixelColor(at).name().upper()
    assert fill == LIGHT.accent_soft


def test_arrows_move_along_the_rail(qtbot, rail):
    rail.button("home").setFocus()
    with qtbot.waitSignal(rail.chosen) as told:
        qtbot.keyClick(rail.button("home"), Qt.Key.Key_Down)
    assert told.args == ["data"]


def test_choosing_from_outside_tells_nobody(qtbot, rail):
    with qtbot.assertNotEmitted(rail.chosen):
        rail.choose("runs")
    assert rail.button("runs").isChecked()
    with pytest.raises(KeyError):
        rail.choose("attic")


def test_help_and_settings_are_at_the_foot(qtbot, rail):
    with qtbot.waitSignal(rail.help_requested):
        qtbot.mouseClick(rail.help_button, LEFT)
    with qtbot.waitSignal(rail.settings_requested):
        qtbot.mouseClick(rail.settings_button, LEFT)


def test_the_bar_says_what_runs(bar):
    bar.show_job(JOB)
    assert bar.words() == "Pix2Pix on Emoji  58 %  about 2 min left"
    (progress,) = bar.findChildren(QProgressBar)
    assert (progress.value(), progress.maximum()) == (580, 1000)
    assert (progress.width(), progress.height()) == (160, 4)
    bar.show_idle()
    assert bar.words() == bar.accessibleName() == "Nothing is running"
    assert progress.isHidden()


@pytest.mark.parametrize(
    ("fraction", "words"), [(0.0, "0 %"), (0.29, "29 %"), (0.999, "99 %"), (1, "100 %")]
)
def test_a_hundred_percent_is_said_at_the_very_end(bar, fraction, words):
    bar.show_job(replace(JOB, fraction=fraction, left=""))
    assert bar.words() == f"Pix2Pix on Emoji  {words}"


def test_pause_becomes_go_on(qtbot, bar):
    bar.show_job(JOB)
    with qtbot.waitSignal(bar.pause_requested):
        qtbot.mouseClick(bar.pause_button, LEFT)
    bar.show_job(replace(JOB, is_paused=True))
    assert bar.pause_button.toolTip() == "Go on"
    with (
        qtbot.waitSignal(bar.resume_requested),
        qtbot.assertNotEmitted(bar.pause_requested),
    ):
        qtbot.mouseClick(bar.pause_button, LEFT)


def test_stop_is_asked_and_cannot_be_asked_twice(qtbot, bar):
    bar.show_job(JOB)
    with qtbot.waitSignal(bar.stop_requested):
        qtbot.mouseClick(bar.stop_button, LEFT)
    bar.show_job(replace(JOB, is_stopping=True, left="Stopping…"))
    assert not bar.stop_button.isEnabled()
    assert bar.words().endswith("Stopping…")


def test_a_click_on_the_bar_leads_to_the_run_only_while_there_is_one(qtbot, bar):
    with qtbot.assertNotEmitted(bar.clicked):
        qtbot.mouseClick(bar, LEFT, pos=QPoint(600, 20))
    bar.show_job(JOB)
    with qtbot.waitSignal(bar.clicked):
        qtbot.mouseClick(bar, LEFT, pos=QPoint(600, 20))


def test_the_thumbnail_is_the_newest_preview(bar):
    red = QImage(64, 64, QImage.Format.Format_RGB888)
    red.fill(QColor("#FF0000"))
    bar.show_job(replace(JOB, thumbnail=red))
    assert bar.grab().toImage().pixelColor(28, 20).name() == "#ff0000"
    bar.show_job(JOB)
    assert bar.grab().toImage().pixelColor(28, 20).name().upper() == LIGHT.stage


def test_a_long_name_is_cut_and_the_machine_stays_readable(qtbot, bar):
    bar.set_machine("31 pictures/s  ·  2 cores  ·  73 GB free")
    bar.show_job(replace(JOB, name="A very long name of a run " * 10))
    assert bar.width() == 1000
    right = bar.children()[-1]
    assert bar.rect().contains(right.geometry())
    assert right.text().endswith("73 GB free")
