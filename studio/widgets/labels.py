"""Labels by their role, set as the type table says (`studio.fonts.ROLES`)."""

import textwrap

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QStyle, QStyleOption, QWidget

from studio.fonts import role_font

_TOOLTIP_COLUMNS = 64  # Qt breaks no line of a plain tooltip


def title(text: str = "", parent: QWidget | None = None) -> QLabel:
    """The name of a page; one a page."""
    return _label("title", text, parent)


def heading(text: str = "", parent: QWidget | None = None) -> QLabel:
    """The name of a card or section."""
    return _label("heading", text, parent)


def strong(text: str = "", parent: QWidget | None = None) -> QLabel:
    """A picture's caption, a name, a percentage."""
    return _label("strong", text, parent)


def body(text: str = "", parent: QWidget | None = None) -> QLabel:
    """A sentence; wraps."""
    label = _label("body", text, parent)
    label.setWordWrap(True)
    return label


def caption(text: str = "", parent: QWidget | None = None) -> QLabel:
    """What stands above a field or below a picture."""
    return _label("caption", text, parent)


def label(text: str = "", parent: QWidget | None = None) -> QLabel:
    """The name of a group inside a form."""
    return _label("label", text, parent)


def error(text: str = "", parent: QWidget | None = None) -> QLabel:
    """The sentence under a field that is wrong; wraps."""
    made = _label("error", text, parent)
    made.setWordWrap(True)
    return made


def tooltip(*paragraphs: str) -> str:
    """The text of a tooltip that says more than a few words, in lines to read."""
    return "\n".join(textwrap.fill(words, _TOOLTIP_COLUMNS) for words in paragraphs)


def _label(role: str, text: str, parent: QWidget | None) -> QLabel:
    made = QLabel(text, parent)
    _set_role(made, role)
    return made


def _set_role(label: QLabel, role: str) -> None:
    label.setProperty("role", role)
    # Only plain text: names of files are shown here, and a name may hold "<b>".
    label.setTextFormat(Qt.TextFormat.PlainText)
    if role == "title":
        # The sheet sets size and weight but knows no letter spacing.
        font = label.font()
        wanted = role_font(role)
        font.setLetterSpacing(wanted.letterSpacingType(), wanted.letterSpacing())
        label.setFont(font)


class ElidedLabel(QLabel):
    """One line that is cut with "…" where room is short, and then has a tooltip."""

    def __init__(
        self,
        text: str = "",
        role: str = "body",
        *,
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        parent: QWidget | None = None,
    ) -> None:
        """Show *text*.

        Args:
            text: The whole text; `text()` returns it whole.
            role: A role of the type table.
            mode: Where to cut; in the middle for file names.
            parent: The owner.
        """
        super().__init__(text, parent)
        self._mode = mode
        self._explanation = ""
        _set_role(self, role)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def explain(self, words: str) -> None:
        """Say in the tooltip what the text means."""
        self._explanation = words
        self._offer_tooltip()

    def is_elided(self) -> bool:
        """Whether the label is too narrow for its text."""
        room = self.contentsRect().width()
        return self.fontMetrics().horizontalAdvance(self.text()) > room

    def setText(self, text: str) -> None:  # noqa: N802  Qt's name for it
        """Replace the text."""
        super().setText(text)
        self._offer_tooltip()

    def minimumSizeHint(self) -> QSize:
        """Room for a few letters is enough."""
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance("mmm…"), metrics.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Offer the whole text in a tooltip while it is cut."""
        super().resizeEvent(event)
        self._offer_tooltip()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line, cut to the width there is."""
        del event
        option = QStyleOption()
        option.initFrom(self)
        painter = QPainter(self)
        rect = self.contentsRect()
        words = self.fontMetrics().elidedText(self.text(), self._mode, rect.width())
        alignment = QStyle.visualAlignment(self.layoutDirection(), self.alignment())
        self.style().drawItemText(
            painter,
            rect,
            int(alignment),
            self.palette(),
            self.isEnabled(),
            words,
            self.foregroundRole(),
        )

    def _offer_tooltip(self) -> None:
        whole = self.text() if self.is_elided() else ""
        self.setToolTip("\n".join(filter(None, (whole, self._explanation))))
