"""The letters of the window: which families, and how large each role is set."""

from dataclasses import dataclass

from PySide6.QtCore import QByteArray
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

from studio.resources import RESOURCES

FAMILIES = [
    "Inter",
    "Segoe UI Variable Text",
    "Segoe UI",
    ".AppleSystemUIFont",
    "Cantarell",
    "Noto Sans",
    "DejaVu Sans",
]
TEXT_SCALES = (0.9, 1.0, 1.15, 1.3)
"""The text sizes one can choose; 1.0 is the size that the roles are written in."""


@dataclass(frozen=True, slots=True)
class TextRole:
    """How one kind of text is set."""

    pixels: int
    """At a text scale of 1."""
    weight: QFont.Weight
    spacing: float = 100.0
    """Letter spacing, in percent of the font's own."""


ROLES: dict[str, TextRole] = {
    "display": TextRole(28, QFont.Weight.DemiBold, 97.5),
    "title": TextRole(20, QFont.Weight.DemiBold, 97.5),
    "heading": TextRole(15, QFont.Weight.DemiBold),
    "strong": TextRole(13, QFont.Weight.DemiBold),
    "body": TextRole(13, QFont.Weight.Normal, 99.0),
    "caption": TextRole(12, QFont.Weight.Normal),
    "label": TextRole(11, QFont.Weight.DemiBold),
}


def load_fonts() -> None:
    """Make the shipped Inter known to Qt; call once, after the QApplication is made.

    Without the files the next family of `FAMILIES` takes over.
    """
    folder = RESOURCES / "fonts"
    for name in ("Inter-Regular.otf", "Inter-Medium.otf", "Inter-SemiBold.otf"):
        font_file = folder / name
        if font_file.is_file():
            QFontDatabase.addApplicationFontFromData(QByteArray(font_file.read_bytes()))


def base_font(scale: float = 1.0) -> QFont:
    """The application's font: body text, figures all of one width."""
    font = QFont()
    font.setFamilies(FAMILIES)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setFeature(QFont.Tag("tnum"), 1)
    _set_role(font, ROLES["body"], scale)
    return font


def role_font(role: str, weight: QFont.Weight | None = None) -> QFont:
    """The font of *role* at the text scale now in force, for custom painting."""
    font = QApplication.font()
    scale = max(font.pixelSize(), 1) / ROLES["body"].pixels
    _set_role(font, ROLES[role], scale)
    if weight is not None:
        font.setWeight(weight)
    return font


def scaled(pixels: int, scale: float) -> int:
    """A text size of the table at *scale*, in whole pixels."""
    return round(pixels * scale)


def _set_role(font: QFont, role: TextRole, scale: float) -> None:
    font.setPixelSize(scaled(role.pixels, scale))
    font.setWeight(role.weight)
    font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, role.spacing)
