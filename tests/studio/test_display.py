"""Tests for studio.display: the sentence comes before Qt can end the process."""

import sys

import pytest

from studio import display

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="X11 and Wayland"
)


@pytest.fixture
def environment(monkeypatch):
    """Set exactly these of the variables that tell of displays."""

    def place(**values):
        for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
            monkeypatch.delenv(name, raising=False)
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    return place


def test_no_display_is_said(environment):
    environment()
    assert display.why_no_window() == display.NO_DISPLAY


@pytest.mark.parametrize(
    "values",
    [{"QT_QPA_PLATFORM": "offscreen"}, {"WAYLAND_DISPLAY": "wayland-0"}],
)
def test_a_display_of_another_kind_needs_no_x11_library(
    environment, values, monkeypatch
):
    monkeypatch.setattr(display, "_X11_LIBRARIES", ("libnothere.so.9",))
    environment(**values)
    assert display.why_no_window() == ""


def test_a_library_that_x11_lacks_is_named_with_the_packages(environment, monkeypatch):
    monkeypatch.setattr(display, "_X11_LIBRARIES", ("libc.so.6", "libnothere.so.9"))
    environment(DISPLAY=":0")
    sentence = display.why_no_window()
    assert "libnothere.so.9: cannot open shared object file" in sentence
    assert "sudo apt-get install libegl1" in sentence


def test_with_all_libraries_a_window_can_open(environment, monkeypatch):
    monkeypatch.setattr(display, "_X11_LIBRARIES", ("libc.so.6",))
    environment(DISPLAY=":0")
    assert display.why_no_window() == ""
