"""Settings that must stand before anything imports Qt."""

import importlib.util
import os

# The tests open no window on the desktop they run on.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# As in main.py: several threads on a busy machine would wait for each other spinning.
os.environ.setdefault("GOMP_SPINCOUNT", "10000")


_QT_SETTINGS = ("qt_api", "qt_log_level_fail", "qt_log_ignore")


def pytest_addoption(parser):
    """Know pytest-qt's settings where it is missing: engines are tested without Qt."""
    if importlib.util.find_spec("pytestqt") is None:
        for name in _QT_SETTINGS:
            parser.addini(name, "read by pytest-qt")
