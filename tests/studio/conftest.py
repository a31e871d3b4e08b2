"""What every test of the window has in common."""

import pytest

from studio.theme import Theme
from studio.widgets.focus_frame import FocusFrame


@pytest.fixture(scope="session")
def session_theme(qapp):
    """The theme, as `studio.app` makes it, once for all tests."""
    return Theme(qapp, "light")


@pytest.fixture(autouse=True)
def theme(session_theme):
    """The theme in force: light, at normal text size, without motion."""
    session_theme.set_mode("light")
    session_theme.set_text_scale(1.0)
    session_theme.set_reduce_motion(True)
    return session_theme


@pytest.fixture(scope="session")
def focus_frame(qapp, session_theme):
    """The one ring of the application."""
    return FocusFrame(qapp)
