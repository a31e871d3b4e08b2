"""Tests for studio.widgets.history_strip."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage

from studio.widgets.history_strip import LIVE, HistoryStrip, thinned

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def strip(qtbot):
    """Ten previews, steps 0 to 90, in tiles 54 pixels apart."""
    strip = HistoryStrip()
    qtbot.addWidget(strip)
    strip.resize(860, strip.sizeHint().height())
    strip.show()
    strip.set_previews((step, plain(step)) for step in range(0, 100, 10))
    assert strip.chosen_step() == LIVE
    assert strip.accessibleDescription() == "now · 90"
    return strip


def plain(step):
    image = QImage(64, 64, QImage.Format.Format_RGB32)
    image.fill(QColor(step % 256, 100, 50))
    return image


def tile(index):
    return QPoint(54 * index + 25, 20)


def test_a_click_chooses_a_step(strip, qtbot):
    with qtbot.waitSignal(strip.step_chosen) as chosen:
        qtbot.mouseClick(strip, LEFT, pos=tile(3))

    assert chosen.args == [30]
    assert strip.chosen_step() == 30
    assert strip.accessibleDescription() == "step 30"


def test_dragging_scrubs_and_the_newest_means_live(strip, qtbot):
    heard = []
    strip.step_chosen.connect(heard.append)

    qtbot.mousePress(strip, LEFT, pos=tile(2))
    for index in (3, 4, 9, 15):
        qtbot.mouseMove(strip, tile(index))
    qtbot.mouseRelease(strip, LEFT, pos=tile(15))

    assert heard == [20, 30, 40, LIVE]


def test_keys_step_through_the_pictures(strip, qtbot):
    heard = []
    strip.step_chosen.connect(heard.append)

    keys = Qt.Key
    for key in (keys.Key_Left, keys.Key_Home, keys.Key_Left, keys.Key_Right):
        qtbot.keyClick(strip, key)
    qtbot.keyClick(strip, keys.Key_End)

    assert heard == [80, 0, 10, LIVE]


def test_live_follows_the_run(strip, qtbot):
    with qtbot.assertNotEmitted(strip.step_chosen):
        strip.add_preview(100, plain(100))

    assert strip.chosen_step() == LIVE
    assert strip.accessibleDescription() == "now · 100"


def test_a_chosen_step_stays_when_new_ones_come(strip):
    strip.choose(30)

    for step in range(100, 1000, 10):
        strip.add_preview(step, plain(step))

    assert strip.chosen_step() == 30
    assert 30 in strip.steps()
    assert len(strip.steps()) == 16
    assert (strip.steps()[0], strip.steps()[-1]) == (0, 990)


def test_many_previews_are_thinned_evenly(strip):
    strip.set_previews((step, plain(step)) for step in range(0, 32000, 10))

    steps = strip.steps()
    gaps = [b - a for a, b in pairwise(steps)]
    assert len(steps) == 16
    # Even would be 2,133; halving by turns is at most a factor of two off each way.
    assert max(gaps) <= 2 * 2133
    assert min(gaps[:-1]) >= 2133 / 2


@pytest.mark.parametrize(
    ("count", "keep", "left"), [(4, -1, [0, 12, 30, 90]), (4, 10, [0, 10, 30, 90])]
)
def test_the_step_that_leaves_the_smallest_hole_goes(count, keep, left):
    assert thinned([0, 10, 12, 30, 90], count, keep=keep) == left


def test_a_missing_picture_can_be_filled_in(strip):
    strip.set_previews([(0, None), (10, plain(10))])
    empty = strip.grab().toImage().pixelColor(tile(0))

    strip.add_preview(0, plain(0))

    assert empty != QColor(0, 100, 50)
    assert strip.grab().toImage().pixelColor(tile(0)) == QColor(0, 100, 50)


def test_an_older_step_is_refused_in_words(strip):
    with pytest.raises(ValueError, match="step 5 is older than step 90"):
        strip.add_preview(5, None)


def test_an_unknown_step_is_refused_in_words(strip):
    with pytest.raises(ValueError, match="the history has no step 7"):
        strip.choose(7)


def test_an_empty_strip_takes_no_harm(strip, qtbot):
    strip.clear()

    qtbot.mouseClick(strip, LEFT, pos=tile(0))
    qtbot.keyClick(strip, Qt.Key.Key_Left)
    strip.grab()

    assert strip.chosen_step() == LIVE
    assert strip.accessibleDescription() == "No preview yet"


def test_a_narrow_strip_shows_fewer_but_all_the_time(strip, qtbot):
    strip.resize(172, strip.height())  # four tiles of 40

    qtbot.mouseClick(strip, LEFT, pos=QPoint(10, 20))
    first = strip.chosen_step()
    qtbot.mouseClick(strip, LEFT, pos=QPoint(150, 20))

    assert first == 0
    assert strip.chosen_step() == LIVE


def test_the_playhead_is_outlined(strip):
    strip.setPalette(Qt.GlobalColor.white)
    shown = strip.grab().toImage()

    assert shown.pixelColor(54 * 9 + 25, 0) == QColor("#3D54D3")
    assert shown.pixelColor(54 * 8 + 25, 1) == QColor(80, 100, 50)
