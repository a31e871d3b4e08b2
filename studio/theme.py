"""The look of the whole window: palette, style sheet, fonts, in light and dark.

One `Theme` is made with the application. Widgets choose their look with dynamic
properties (`kind`, `role`, `level`) that `resources/style.qss` selects on; what is
painted by hand takes its colours from `tokens_of(self.palette())` and its fonts from
`role_font`.
"""

from dataclasses import asdict
from pathlib import Path
from string import Template
from typing import Any, Literal

from PySide6.QtCore import QObject, QRectF, Qt, QTemporaryDir, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QProxyStyle,
    QStyle,
    QStyleHintReturn,
    QStyleOption,
    QToolTip,
    QWidget,
)

from studio.fonts import ROLES, base_font, load_fonts, scaled
from studio.icons import draw_icon
from studio.resources import RESOURCES
from studio.tokens import DARK, LIGHT, Tokens

Mode = Literal["system", "light", "dark"]


class Theme(QObject):
    """Keeps the application in the chosen look, and in step with the system's.

    Signals:
        changed: Colours or text size are new; already applied to every widget.
    """

    changed = Signal()

    def __init__(
        self, app: QApplication, mode: Mode = "system", text_scale: float = 1.0
    ) -> None:
        """Dress *app*; lives as long as it does.

        Args:
            app: The one application object.
            mode: "system" follows the desktop's light or dark setting as it changes.
            text_scale: Multiplies every text size, one of `TEXT_SCALES`.
        """
        super().__init__(app)
        self._app = app
        self._mode: Mode = mode
        self._text_scale = text_scale
        self._images = QTemporaryDir()
        self._style = StudioStyle()

        load_fonts()
        app.setStyle(self._style)
        app.styleHints().colorSchemeChanged.connect(self._on_system_changed)
        self._tell_system()
        self._apply()

    @property
    def mode(self) -> Mode:
        """What was chosen, "system" included."""
        return self._mode

    @property
    def text_scale(self) -> float:
        """The factor on every text size."""
        return self._text_scale

    @property
    def tokens(self) -> Tokens:
        """The colours in force."""
        return DARK if self._is_dark() else LIGHT

    @Slot(str)
    def set_mode(self, mode: Mode) -> None:
        """Change to "light", "dark" or "system"; takes effect at once."""
        if mode != self._mode:
            self._mode = mode
            self._tell_system()
            self._apply()

    @Slot(float)
    def set_text_scale(self, text_scale: float) -> None:
        """Change the size of all text; takes effect at once."""
        if text_scale != self._text_scale:
            self._text_scale = text_scale
            self._apply()

    @Slot(bool)
    def set_reduce_motion(self, reduce: bool) -> None:
        """Let everything that moves arrive at once, or move again."""
        self._style.reduce_motion = reduce

    def _is_dark(self) -> bool:
        if self._mode == "system":
            return self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return self._mode == "dark"

    def _tell_system(self) -> None:
        """Let title bars and native dialogs follow; some platforms ignore it."""
        scheme = {
            "system": Qt.ColorScheme.Unknown,
            "light": Qt.ColorScheme.Light,
            "dark": Qt.ColorScheme.Dark,
        }[self._mode]
        self._app.styleHints().setColorScheme(scheme)

    def _apply(self) -> None:
        tokens = self.tokens
        palette = palette_of(tokens)
        self._app.setFont(base_font(self._text_scale))
        self._app.setPalette(palette)
        QToolTip.setPalette(palette)
        images = draw_images(tokens, Path(self._images.path()))
        self._app.setStyleSheet(style_sheet(tokens, self._text_scale, images))
        self.changed.emit()

    @Slot()
    def _on_system_changed(self) -> None:
        if self._mode == "system":
            self._apply()


class StudioStyle(QProxyStyle):
    """Fusion, with room for the focus ring and motion that can be switched off."""

    def __init__(self) -> None:
        super().__init__("Fusion")
        self.reduce_motion = False

    def polish(self, target: Any) -> Any:
        """Set numbers as far from the edge as text: a sheet has no say in it.

        Args:
            target: A widget, the application or a palette, as Qt calls it.
        """
        if isinstance(target, QAbstractSpinBox):
            target.lineEdit().setTextMargins(7, 0, 0, 0)
        return super().polish(target)

    def pixelMetric(
        self,
        metric: QStyle.PixelMetric,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
    ) -> int:
        """4 around the control: the ring's 2 pixels, and 2 between."""
        if metric in (
            QStyle.PixelMetric.PM_FocusFrameHMargin,
            QStyle.PixelMetric.PM_FocusFrameVMargin,
        ):
            return 4
        return super().pixelMetric(metric, option, widget)

    def styleHint(  # noqa: N802  Qt's name for it
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returnData: QStyleHintReturn | None = None,  # noqa: N803  Qt's name for it
    ) -> int:
        """The ring is drawn above its surroundings, which would otherwise clip it."""
        if hint == QStyle.StyleHint.SH_FocusFrame_AboveWidget:
            return 1
        if hint == QStyle.StyleHint.SH_Widget_Animation_Duration and self.reduce_motion:
            return 0
        return super().styleHint(hint, option, widget, returnData)


def motion_ms(widget: QWidget, milliseconds: int) -> int:
    """How long a movement in *widget* may take: 0 where motion is switched off."""
    hint = QStyle.StyleHint.SH_Widget_Animation_Duration
    return milliseconds if widget.style().styleHint(hint, None, widget) else 0


def restyle(widget: QWidget) -> None:
    """Let the style sheet look again at the properties of a widget that is alive."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def palette_of(tokens: Tokens) -> QPalette:
    """The Qt palette of one theme."""
    role = QPalette.ColorRole
    palette = QPalette()
    for colour_role, colour in {
        role.Window: tokens.bg,
        role.WindowText: tokens.text,
        role.Base: tokens.surface,
        role.AlternateBase: tokens.bg,
        role.Text: tokens.text,
        role.Button: tokens.raised,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.err,
        role.Highlight: tokens.accent,
        role.HighlightedText: tokens.on_accent,
        role.Accent: tokens.accent,
        role.PlaceholderText: tokens.text3,
        role.Link: tokens.accent_text,
        role.LinkVisited: tokens.accent_text,
        role.ToolTipBase: tokens.tip,
        role.ToolTipText: tokens.tip_text,
        role.Light: tokens.raised,
        role.Midlight: tokens.hover,
        role.Mid: tokens.line,
        role.Dark: tokens.line2,
        role.Shadow: tokens.stage,
    }.items():
        palette.setColor(colour_role, QColor(colour))
    for colour_role in (role.WindowText, role.Text, role.ButtonText):
        group = QPalette.ColorGroup.Disabled
        palette.setColor(group, colour_role, QColor(tokens.disabled))
    return palette


def style_sheet(tokens: Tokens, text_scale: float, images: dict[str, str]) -> str:
    """The application's style sheet.

    Args:
        tokens: The colours, each named `$token` in the template.
        text_scale: Multiplies the text sizes, named `$px11` to `$px28`.
        images: Addresses of the small pictures, named `$image_…`.

    Raises:
        KeyError: The template names something that none of them has.
    """
    template = (RESOURCES / "style.qss").read_text(encoding="utf-8")
    roles = ROLES.values()
    sizes = {f"px{r.pixels}": f"{scaled(r.pixels, text_scale)}px" for r in roles}
    return Template(template).substitute(asdict(tokens), **sizes, **images)


# What a style sheet cannot draw by itself: name -> icon, colour token, pixels of the
# image, pixels of the icon in its middle. Qt stretches an image that is smaller than
# its place on some screens, so those of ticks are as large as the box.
_IMAGES = {
    "caret_down": ("caret-down", "text2", 12, 12),
    "caret_down_off": ("caret-down", "disabled", 12, 12),
    "spin_up": ("caret-up", "text2", 10, 10),
    "spin_up_off": ("caret-up", "disabled", 10, 10),
    "spin_down": ("caret-down", "text2", 10, 10),
    "spin_down_off": ("caret-down", "disabled", 10, 10),
    "check": ("check-bold", "on_accent", 14, 12),
    "check_off": ("check-bold", "disabled", 14, 12),
    "dot": ("circle-fill", "on_accent", 14, 8),
    "dot_off": ("circle-fill", "disabled", 14, 8),
    "submenu": ("caret-right", "text2", 14, 14),
}


def draw_images(tokens: Tokens, folder: Path) -> dict[str, str]:
    """Draw arrows and ticks into *folder*, also for screens of twice the density.

    Returns:
        Their addresses by the names that the style sheet's template uses. Each theme
        has its own file names, because Qt keeps what it once loaded.
    """
    addresses = {}
    for name, (icon_name, token, side, icon_side) in _IMAGES.items():
        colour = getattr(tokens, token)
        stem = f"{name}-{colour.removeprefix('#')}"
        for suffix, factor in (("", 1), ("@2x", 2)):
            picture = QPixmap(side * factor, side * factor)
            picture.fill(Qt.GlobalColor.transparent)
            painter = QPainter(picture)
            painter.scale(factor, factor)
            edge = (side - icon_side) / 2
            place = QRectF(edge, edge, icon_side, icon_side)
            draw_icon(painter, place, icon_name, colour)
            painter.end()
            picture.save(str(folder / f"{stem}{suffix}.png"))
        addresses[f"image_{name}"] = (folder / f"{stem}.png").as_posix()
    return addresses
