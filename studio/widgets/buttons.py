"""Buttons by the weight they carry; `resources/style.qss` holds their looks."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QPushButton,
    QToolButton,
    QWidget,
)

from studio.icons import icon as themed_icon


def primary(
    text: str, icon: str | None = None, parent: QWidget | None = None
) -> QPushButton:
    """What the page is for; one a page, last in its header."""
    return _button("primary", text, icon, "on_accent", parent)


def secondary(
    text: str, icon: str | None = None, parent: QWidget | None = None
) -> QPushButton:
    """Everything else that is worth an outline."""
    return _button("secondary", text, icon, "text2", parent)


def quiet(
    text: str, icon: str | None = None, parent: QWidget | None = None
) -> QPushButton:
    """An action that stays in the background until the pointer is on it."""
    return _button("quiet", text, icon, "text2", parent)


def link(
    text: str, icon: str | None = None, parent: QWidget | None = None
) -> QPushButton:
    """An action inside a sentence or at the end of a row."""
    return _button("link", text, icon, "accent_text", parent)


def danger(
    text: str, icon: str | None = None, parent: QWidget | None = None
) -> QPushButton:
    """Something that takes away what the user made."""
    return _button("danger", text, icon, "err", parent)


def tool(
    icon: str,
    tooltip: str,
    *,
    checkable: bool = False,
    on: str | None = None,
    parent: QWidget | None = None,
) -> QToolButton:
    """A square button of 32 pixels, icon only.

    Args:
        icon: The icon's Phosphor name.
        tooltip: What it does; also what a screen reader says.
        checkable: Whether it stays down, as the tools of a drawing do.
        on: Another icon while it is down.
        parent: The owner.
    """
    button = QToolButton(parent)
    button.setProperty("kind", "icon")
    button.setIcon(themed_icon(icon, on=on))
    button.setIconSize(QSize(18, 18))
    button.setToolTip(tooltip)
    button.setAccessibleName(tooltip)
    button.setCheckable(checkable)
    return button


def keep_one_tab_stop(group: QButtonGroup) -> None:
    """Let Tab stop only at the chosen one of *group*; the arrow keys move within it.

    Qt does so by itself, but not before the keyboard has been there once.
    """
    for button in group.buttons():
        _stop_if_chosen(button, button.isChecked())
    group.buttonToggled.connect(_stop_if_chosen)


def _stop_if_chosen(button: QAbstractButton, is_chosen: bool) -> None:
    policy = Qt.FocusPolicy.TabFocus if is_chosen else Qt.FocusPolicy.NoFocus
    button.setFocusPolicy(policy)


def _button(
    kind: str, text: str, icon: str | None, token: str, parent: QWidget | None
) -> QPushButton:
    button = QPushButton(text, parent)
    button.setProperty("kind", kind)
    if icon is not None:
        button.setIcon(themed_icon(icon, token))
        button.setIconSize(QSize(16, 16))
    return button
