import logging
import sys
import threading

import pytest

from studio.error_hooks import ErrorHooks


@pytest.fixture
def hooks(qapp):
    before = sys.excepthook, threading.excepthook
    hooks = ErrorHooks()
    yield hooks
    hooks.remove()
    assert (sys.excepthook, threading.excepthook) == before


def test_an_error_becomes_a_sentence_and_a_line_in_the_log(qtbot, hooks, caplog):
    error = IndexError("list index out of range")
    with qtbot.waitSignal(hooks.caught) as caught:
        sys.excepthook(IndexError, error, None)
    assert caught.args == [
        "Something unexpected went wrong: list index out of range. "
        "You can go on; the log says more (see Help)."
    ]
    record = caplog.records[-1]
    assert (record.levelno, record.exc_info[1]) == (logging.ERROR, error)


def test_an_error_of_another_thread_arrives_here(qtbot, hooks):
    def fail():
        raise ValueError

    thread = threading.Thread(target=fail)
    with qtbot.waitSignal(hooks.caught) as caught:
        thread.start()
        thread.join()
    assert caught.args[0].startswith("Something unexpected went wrong: ValueError.")


def test_ctrl_c_is_no_error(hooks, caplog):
    caught = []
    hooks.caught.connect(caught.append)
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert caught == []
    assert caplog.records == []
