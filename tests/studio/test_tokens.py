"""Every contrast of the look's table, computed from the colours in the code."""

import pytest
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QToolButton

from studio.theme import palette_of
from studio.tokens import DARK, LIGHT, tokens_of


def luminance(colour):
    """Relative luminance after WCAG 2.1."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [
        c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    """1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


# Ink, ground, the ratio in the light theme, in the dark theme.
TABLE = [
    ("line2", "bg", 3.5, 4.1),
    ("line2", "surface", 3.9, 3.8),
    ("text", "bg", 15.6, 15.2),
    ("text", "surface", 17.1, 13.9),
    ("text2", "bg", 7.0, 8.6),
    ("text2", "surface", 7.6, 7.8),
    ("text3", "bg", 5.4, 6.3),
    ("text3", "surface", 5.9, 5.8),
    ("text3", "stage", 4.9, 6.8),
    ("text3", "hover", 5.1, 4.9),
    ("accent", "bg", 5.7, 3.8),
    ("accent", "surface", 6.2, 3.5),
    ("on_accent", "accent", 6.2, 4.6),
    ("on_accent", "accent_hi", 7.5, 5.4),
    ("on_accent", "accent_lo", 9.3, 6.4),
    ("accent_ui", "bg", 5.7, 5.5),
    ("accent_ui", "surface", 6.2, 5.1),
    ("accent_text", "bg", 6.9, 9.1),
    ("accent_text", "surface", 7.5, 8.3),
    ("accent_text", "accent_soft", 6.3, 6.9),
    ("text", "accent_soft", 14.4, 11.6),
    ("ok", "ok_soft", 5.1, 7.3),
    ("warn", "warn_soft", 5.7, 7.4),
    ("err", "err_soft", 5.5, 6.9),
    ("tip_text", "tip", 15.6, 10.0),
    ("tip_link", "tip", 8.7, 5.6),
    ("text", "seg_on", 17.1, 9.3),
]
PLOT = {
    "light": (LIGHT, (5.2, 3.9, 3.4, 3.1, 21.0)),
    "dark": (DARK, (7.1, 7.2, 4.8, 5.3, 12.3)),
}
LINES = {"line2", "accent", "accent_ui"}


def test_contrast_of_black_on_white_is_21():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#777777") == pytest.approx(1)


@pytest.mark.parametrize(("ink", "ground", "light", "dark"), TABLE)
def test_ratios_are_those_of_the_table(ink, ground, light, dark):
    for tokens, expected in ((LIGHT, light), (DARK, dark)):
        ratio = contrast(getattr(tokens, ink), getattr(tokens, ground))
        assert ratio == pytest.approx(expected, abs=0.1)
        assert ratio >= (3.0 if ink in LINES else 4.5)


@pytest.mark.parametrize("name", PLOT)
def test_curves_can_be_told_from_the_surface(name):
    tokens, expected = PLOT[name]
    ratios = [contrast(colour, tokens.surface) for colour in tokens.plot]
    assert ratios == pytest.approx(expected, abs=0.1)
    assert min(ratios) >= 3.0


def test_text_and_accents_can_be_read_where_else_they_stand():
    for tokens in (LIGHT, DARK):
        for ink, ground in (
            ("text", "field"),
            ("text", "raised"),
            ("text", "hover"),
            ("text2", "hover"),
            ("accent_text", "ok_soft"),
            ("accent_text", "warn_soft"),
            ("accent_text", "err_soft"),
            ("err", "bg"),
            ("err", "surface"),
        ):
            assert contrast(getattr(tokens, ink), getattr(tokens, ground)) >= 4.5


def test_a_palette_leads_back_to_its_theme():
    for tokens in (LIGHT, DARK):
        assert tokens_of(palette_of(tokens)) is tokens


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_a_ground_of_its_own_does_not_change_a_widgets_theme(qtbot, theme, mode):
    bare, tip, area = QToolButton(), QFrame(), QScrollArea()
    tip.setProperty("kind", "toast")
    words = QLabel("x", tip)
    for widget in (bare, tip, area):
        qtbot.addWidget(widget)
        widget.show()
    theme.set_mode(mode)
    for widget in (bare, tip, words, area, area.viewport()):
        assert tokens_of(widget.palette()) is theme.tokens
