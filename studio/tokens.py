"""The colours of both themes, by the job they do.

Text keeps a contrast of 4.5 : 1 against what it stands on, lines and icons 3 : 1.
"""

from dataclasses import dataclass

from PySide6.QtGui import QPalette


@dataclass(frozen=True, kw_only=True, slots=True)
class Tokens:
    """One theme. Every value is "#RRGGBB"."""

    bg: str
    """The page."""
    surface: str
    """Cards, rail, job bar, plots, tables."""
    raised: str
    """Secondary buttons, quiet combo boxes."""
    hover: str
    press: str
    stage: str
    """Behind large pictures."""
    field: str
    """Inside text fields and check boxes."""
    line: str
    """Decoration: card borders, dividers, grid lines."""
    line2: str
    """Borders of inputs, toggles, drop zones."""
    track: str
    """Slider grooves, empty progress."""
    text: str
    text2: str
    """Labels, captions, icons."""
    text3: str
    """Hints."""
    disabled: str
    accent: str
    """Fill of the primary button, toggles, check boxes."""
    accent_hi: str
    accent_lo: str
    on_accent: str
    accent_ui: str
    """Progress, slider fill, selection outline."""
    accent_text: str
    """Links, the chosen rail item, the focus ring."""
    accent_soft: str
    """The chosen row or tool."""
    ok: str
    ok_soft: str
    warn: str
    warn_soft: str
    err: str
    err_soft: str
    tip: str
    tip_text: str
    tip_link: str
    seg_on: str
    seg_on_edge: str
    check1: str
    check2: str
    plot: tuple[str, str, str, str, str]
    """Curve colours, in the order of the series; on `surface` only."""


LIGHT = Tokens(
    bg="#F4F5F6",
    surface="#FFFFFF",
    raised="#FFFFFF",
    hover="#ECEDF0",
    press="#E0E2E6",
    stage="#E7E8EB",
    field="#FFFFFF",
    line="#DEE0E4",
    line2="#7D828A",
    track="#D5D8DD",
    text="#1A1C1F",
    text2="#50545B",
    text3="#60646C",
    disabled="#9A9EA6",
    accent="#3D54D3",
    accent_hi="#3348BC",
    accent_lo="#2A3CA1",
    on_accent="#FFFFFF",
    accent_ui="#3D54D3",
    accent_text="#3348BC",
    accent_soft="#E7EBFC",
    ok="#0A7347",
    ok_soft="#E2F3EA",
    warn="#855300",
    warn_soft="#FCF0D6",
    err="#B42323",
    err_soft="#FBE7E5",
    tip="#1A1C1F",
    tip_text="#F4F5F6",
    tip_link="#A9B5FF",
    seg_on="#FFFFFF",
    seg_on_edge="#D3D6DB",
    check1="#FFFFFF",
    check2="#DADCE0",
    plot=("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000"),
)

DARK = Tokens(
    bg="#17181A",
    surface="#1F2023",
    raised="#27292D",
    hover="#2B2D31",
    press="#35383D",
    stage="#0F1011",
    field="#191A1C",
    line="#303237",
    line2="#757A82",
    track="#3B3E44",
    text="#ECEDEF",
    text2="#B1B4BA",
    text3="#969AA2",
    disabled="#65696F",
    accent="#5469E6",
    accent_hi="#4A5EDB",
    accent_lo="#4053C6",
    on_accent="#FFFFFF",
    accent_ui="#7487F5",
    accent_text="#A9B5FF",
    accent_soft="#272C4B",
    ok="#5FCF97",
    ok_soft="#18301F",
    warn="#E9B44C",
    warn_soft="#362A12",
    err="#FF8F85",
    err_soft="#3B1D1C",
    tip="#3A3D43",
    tip_text="#F4F5F6",
    tip_link="#A9B5FF",
    seg_on="#3A3D43",
    seg_on_edge="#4A4E55",
    check1="#3A3C40",
    check2="#2A2C2F",
    plot=("#56B4E9", "#E69F00", "#009E73", "#CC79A7", "#F0E442"),
)


def tokens_of(palette: QPalette) -> Tokens:
    """The theme that *palette* belongs to; custom painting starts here.

    A widget calls it in `paintEvent` with its own palette, so that nothing has to be
    told when the theme changes: Qt repaints every widget whose palette changed.
    """
    # Not by the window colour: the style sheet gives some widgets one of their own.
    is_dark = palette.link().color().name().upper() == DARK.accent_text
    return DARK if is_dark else LIGHT
