"""Tests for studio.widgets.drawing_canvas and the stage below it."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QFocusEvent, QPointingDevice, QTabletEvent
from PySide6.QtWidgets import QApplication

from studio.widgets.drawing import Drawing
from studio.widgets.drawing_canvas import DrawingCanvas
from studio.widgets.picture import to_image
from studio.widgets.square_stage import SquareStage

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


@pytest.fixture
def canvas(qtbot):
    """A canvas of 16 pixels, each shown 20 across, with the brush of one pixel."""
    canvas = DrawingCanvas(Drawing(16, is_smooth=False))
    qtbot.addWidget(canvas)
    canvas.resize(344, 360)  # 320 and twelve on each side
    canvas.show()
    assert canvas.place().getRect() == (12, 20, 320, 320)
    return canvas


def black(canvas):
    found = np.argwhere(canvas.drawing.pixels()[..., 0] < 128)
    return {(int(x), int(y)) for y, x in found}


def at(x, y):
    """The middle of pixel (x, y) on the canvas."""
    return QPoint(12 + 20 * x + 10, 20 + 20 * y + 10)


def drag(qtbot, canvas, start, end, button=LEFT):
    qtbot.mousePress(canvas, button, pos=at(*start))
    qtbot.mouseMove(canvas, at(*end))
    qtbot.mouseRelease(canvas, button, pos=at(*end))


def test_the_mouse_draws_where_it_is_led(qtbot, canvas):
    with qtbot.waitSignals([canvas.changed, canvas.stepped]):
        drag(qtbot, canvas, (2, 3), (6, 3))
    assert black(canvas) == {(x, 3) for x in range(2, 7)}


def test_what_is_drawn_is_seen_at_once(qtbot, canvas):
    qtbot.mousePress(canvas, LEFT, pos=at(5, 5))
    qtbot.mouseMove(canvas, at(15, 15))
    seen = canvas.grab().toImage()
    ratio = seen.devicePixelRatio()
    spot = at(5, 5) * ratio
    assert seen.pixelColor(spot).name() == "#000000"
    # To the very edges of its pixel, and no further.
    assert seen.pixelColor(spot - QPoint(9, 9)).name() == "#000000"
    assert seen.pixelColor(spot - QPoint(11, 0)).name() == "#ffffff"


def test_the_right_button_erases(qtbot, canvas):
    drag(qtbot, canvas, (2, 3), (6, 3))
    drag(qtbot, canvas, (3, 3), (5, 3), RIGHT)
    assert black(canvas) == {(2, 3), (6, 3)}


def test_moving_without_a_button_draws_nothing(qtbot, canvas):
    drag(qtbot, canvas, (2, 3), (2, 3))
    with qtbot.assertNotEmitted(canvas.changed):
        qtbot.mouseMove(canvas, at(9, 9))
    assert black(canvas) == {(2, 3)}


def test_steps_are_told_when_the_button_is_let_go(qtbot, canvas):
    assert not canvas.drawing.can_undo
    qtbot.mousePress(canvas, LEFT, pos=at(2, 3))
    assert not canvas.drawing.can_undo
    with qtbot.waitSignal(canvas.stepped):
        qtbot.mouseRelease(canvas, LEFT, pos=at(2, 3))
    assert canvas.drawing.can_undo
    with qtbot.waitSignals([canvas.changed, canvas.stepped]):
        canvas.undo()
    assert black(canvas) == set()
    canvas.redo()
    assert black(canvas) == {(2, 3)}


def test_arrows_and_space_draw_without_a_mouse(qtbot, canvas):
    keys = Qt.Key
    for key in (keys.Key_Left, keys.Key_Up, keys.Key_Up):  # from the middle, (8, 8)
        qtbot.keyClick(canvas, key)
    assert canvas.accessibleDescription() == "Column 8, row 7 of 16."
    assert black(canvas) == set()
    qtbot.keyPress(canvas, keys.Key_Space)
    assert canvas.accessibleDescription() == "Column 8, row 7 of 16, drawing."
    qtbot.keyClick(canvas, keys.Key_Down)
    qtbot.keyClick(canvas, keys.Key_Right)
    qtbot.keyRelease(canvas, keys.Key_Space)
    qtbot.keyClick(canvas, keys.Key_Right)
    assert black(canvas) == {(7, 6), (7, 7), (8, 7)}
    assert canvas.drawing.can_undo


def test_enter_puts_the_tool_down_and_up(qtbot, canvas):
    canvas.set_tool("line")
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    for _ in range(3):
        qtbot.keyClick(canvas, Qt.Key.Key_Right)
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    assert black(canvas) == {(x, 8) for x in range(8, 12)}


def test_the_cursor_stays_on_the_drawing(qtbot, canvas):
    for _ in range(5):
        qtbot.keyClick(canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert canvas.accessibleDescription() == "Column 16, row 9 of 16."


def test_the_cursor_is_seen_once_keys_are_used(qtbot, canvas):
    before = canvas.grab().toImage()
    tab = QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason)
    QApplication.sendEvent(canvas, tab)
    assert canvas.grab().toImage() != before


def test_losing_the_focus_lifts_the_tool(qtbot, canvas):
    qtbot.keyPress(canvas, Qt.Key.Key_Space)
    QApplication.sendEvent(canvas, QFocusEvent(QEvent.Type.FocusOut))
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    assert black(canvas) == {(8, 8)}


@pytest.fixture
def send_pen(canvas):
    """Sends what the driver of a pen sends, of either of its ends."""
    ends = QPointingDevice.PointerType
    devices = {
        end: QPointingDevice(
            "pen",
            number,
            QPointingDevice.DeviceType.Stylus,
            end,
            QPointingDevice.Capability.Position,
            1,
            1,
        )
        for number, end in enumerate((ends.Pen, ends.Eraser))
    }  # events only borrow them

    def send(kind, pixel, end=ends.Pen):
        point, none = QPointF(at(*pixel)), Qt.KeyboardModifier.NoModifier
        force = (0.5, 0, 0, 0, 0, 0)  # and tilt, rotation, height: not used
        event = QTabletEvent(kind, devices[end], point, point, *force, none, LEFT, LEFT)
        QApplication.sendEvent(canvas, event)

    return send


def test_a_pen_draws_and_its_other_end_erases(canvas, send_pen):
    kinds, ends = QEvent.Type, QPointingDevice.PointerType
    send_pen(kinds.TabletPress, (2, 3))
    send_pen(kinds.TabletMove, (6, 3))
    send_pen(kinds.TabletRelease, (6, 3))
    assert black(canvas) == {(x, 3) for x in range(2, 7)}
    send_pen(kinds.TabletPress, (2, 3), ends.Eraser)
    send_pen(kinds.TabletRelease, (2, 3), ends.Eraser)
    assert black(canvas) == {(x, 3) for x in range(3, 7)}


def test_another_tool_colour_and_width_are_used(qtbot, canvas):
    canvas.set_tool("rectangle")
    canvas.set_colour((200, 30, 40))
    canvas.set_width(3)
    drag(qtbot, canvas, (4, 4), (11, 11))
    pixels = canvas.drawing.pixels()
    assert tuple(pixels[4, 7]) == tuple(pixels[3, 7]) == (200, 30, 40)
    assert tuple(pixels[7, 7]) == (255, 255, 255)


# ----------------------------------------------------------------------------
# The stage.


def test_two_stages_show_their_pictures_at_the_same_places(qtbot, canvas):
    stage = SquareStage()
    qtbot.addWidget(stage)
    stage.resize(canvas.size())
    assert stage.place().isEmpty()
    stage.set_image(to_image(np.zeros((16, 16, 3), np.uint8)))
    assert stage.place() == canvas.place()


def test_a_picture_larger_than_the_stage_is_made_smaller(qtbot):
    canvas = DrawingCanvas(Drawing(512, is_smooth=False))
    qtbot.addWidget(canvas)
    canvas.resize(280, 280)
    assert canvas.place().getRect() == (12, 12, 256, 256)
    qtbot.mouseClick(canvas, LEFT, pos=QPoint(12 + 100, 12 + 30))
    assert black(canvas) == {(200, 60)}


def test_an_empty_stage_says_what_will_be_there(qtbot):
    stage = SquareStage()
    qtbot.addWidget(stage)
    stage.resize(300, 300)
    blank = stage.grab().toImage()
    stage.set_sentence("The first result is on its way.")
    assert stage.accessibleDescription() == "The first result is on its way."
    assert stage.grab().toImage() != blank
