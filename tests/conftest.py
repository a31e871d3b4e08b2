"""What all tests need: settings before anything imports Qt, a cache of their own."""

import gc
import importlib.metadata
import os

import pytest

# The tests open no window on the desktop they run on.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Threads that wait for each other do so asleep: tests may share a busy machine.
os.environ.setdefault("GOMP_SPINCOUNT", "10000")


_QT_SETTINGS = ("qt_api", "qt_log_level_fail", "qt_log_ignore")


def pytest_addoption(parser):
    """Know pytest-qt's settings where it is missing: engines are tested without Qt."""
    # Asked by its distribution: uninstalling may leave an empty folder behind.
    if not list(importlib.metadata.distributions(name="pytest-qt")):
        for name in _QT_SETTINGS:
            parser.addini(name, "read by pytest-qt")


def pytest_sessionstart():
    """Collect between tests only, see `studio.garbage`: what one test left behind may
    hold QObjects, and must not be collected on a working thread of the next."""
    gc.disable()


def pytest_runtest_teardown(item, nextitem):
    """Collect what is young after each test, and all of it after each module."""
    if nextitem is None or nextitem.fspath != item.fspath:
        gc.collect()
    else:
        gc.collect(1)


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    """No other program counts: runs keep their threads, and so their last digits."""
    monkeypatch.setattr("engines.training.threads.used_by_others", lambda: 0.0)
    monkeypatch.setattr("engines.training.threads.LOOK_FOR_S", 0.0)


@pytest.fixture(scope="session", autouse=True)
def cache_of_the_tests(tmp_path_factory):
    """Keep what is kept for the next start out of the user's own cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STUDIO_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield
