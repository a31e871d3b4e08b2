"""What a person does with the studio, and what there is to see of it."""

from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engines.runs.folder import RunFolder
from engines.training.reports import Losses, Preview
from studio.session import JobState

LEFT, NO_KEY = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
PATIENCE_MS = 30_000  # other programs may hold the machine up


def click(widget):
    assert widget.isVisible()
    assert widget.isEnabled()
    QTest.mouseClick(widget, LEFT)


def press(window, key):
    QTest.keyClick(window, key, CTRL)


def drop(window, *paths):
    """Drag files over the middle of the window and let go: Qt finds who takes them."""
    middle = window.rect().center()
    target = window.childAt(middle)
    place = target.mapFrom(window, middle)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    events = _drag_events(place, data)
    for event in events:
        QApplication.sendEvent(target, event)
        assert event.isAccepted()


def _drag_events(place: QPoint, data):
    action = Qt.DropAction.CopyAction
    return (
        QDragEnterEvent(place, action, data, LEFT, NO_KEY),
        QDropEvent(place.toPointF(), action, data, LEFT, NO_KEY),
    )


def reports_of(studio):
    """A list that every report of every run is added to."""
    reports = []
    studio.session.reported.connect(reports.append)
    return reports


def wait_for(qtbot, condition):
    qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENCE_MS)


def wait_for_state(qtbot, studio, state):
    wait_for(qtbot, lambda: studio.session.state is state)


def try_sample(qtbot, studio):
    """Begin the run of the sample set, up to its first losses and second preview."""
    reports = reports_of(studio)
    click(studio.window.home.cards.cards["pix2pix"].try_button)
    wait_for(qtbot, lambda: count(reports, Preview) >= 2 and count(reports, Losses))
    assert studio.session.state is JobState.TRAINING
    return reports


def stop(qtbot, studio):
    """Click Stop and keep; the outcome."""
    with qtbot.waitSignal(studio.session.finished, timeout=PATIENCE_MS) as ended:
        click(studio.window.train.header.stop)
    return ended.args[0]


def count(reports, kind):
    return sum(isinstance(report, kind) for report in reports)


def newest(reports, kind):
    return next(report for report in reversed(reports) if isinstance(report, kind))


def tensors(run):
    """Step and all tensors of a run's newest whole checkpoint."""
    checkpoint = RunFolder.open(run).checkpoints.load()
    return checkpoint.step, {**checkpoint.weights, **checkpoint.training}
