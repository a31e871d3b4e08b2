"""Tests for studio.garbage."""

import gc
import threading

import pytest
from PySide6.QtCore import QObject

from studio.garbage import GarbageCollector


@pytest.fixture
def collector(qapp):
    collector = GarbageCollector()
    assert not gc.isenabled()
    yield collector
    collector.stop()
    assert gc.isenabled()
    gc.disable()  # as all tests have it, see tests/conftest.py


def make_cycles(count):
    for _ in range(count):
        thing = QObject()
        thing.itself = thing


def test_cycles_are_collected_on_the_windows_thread(qtbot, collector):
    collected_on = []

    def note(phase, _info):
        if phase == "stop":
            collected_on.append(threading.get_ident())

    gc.callbacks.append(note)
    try:
        worker = threading.Thread(target=make_cycles, args=(5_000,))
        worker.start()
        worker.join()
        assert collected_on == []  # though thousands of cycles were made
        qtbot.waitUntil(lambda: bool(collected_on))
    finally:
        gc.callbacks.remove(note)
    assert set(collected_on) == {threading.get_ident()}
