"""A bar with one sentence about the page it stands on."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from studio.theme import restyle
from studio.widgets import buttons
from studio.widgets.icon_label import IconLabel
from studio.widgets.labels import body

_ICONS = {
    "info": ("info-fill", "accent_text"),
    "ok": ("check-circle-fill", "ok"),
    "warn": ("warning-fill", "warn"),
    "err": ("warning-circle-fill", "err"),
}


class MessageBar(QFrame):
    """40 pixels high, more where the sentence wraps; hidden while it has none.

    Signals:
        action_clicked: The user followed the link at the right.
        closed: The user closed the bar; it is already hidden.
    """

    action_clicked = Signal()
    closed = Signal()

    def __init__(
        self,
        level: str = "info",
        sentence: str = "",
        *,
        action: str = "",
        closable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """Show *sentence*; see `show_message`."""
        super().__init__(parent)
        self.setProperty("kind", "msg")
        self._icon = IconLabel("info-fill", pixels=18)
        self._sentence = body()
        self._link = buttons.link("")
        self._close = buttons.tool("x", self.tr("Close this message"))
        self._close.setIconSize(QSize(14, 14))

        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 4, 4)
        row.setSpacing(12)
        row.addWidget(self._icon)
        row.addWidget(self._sentence, 1)
        row.addWidget(self._link)
        row.addWidget(self._close)
        self.setMinimumHeight(40)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

        self._link.clicked.connect(self.action_clicked)
        self._close.clicked.connect(self._on_closed)
        self.show_message(level, sentence, action=action, closable=closable)

    def show_message(
        self, level: str, sentence: str, *, action: str = "", closable: bool = False
    ) -> None:
        """Say something else.

        Args:
            level: "info", "ok", "warn" or "err".
            sentence: What happened, what it means, what to do. Empty hides the bar.
            action: The words of the link at the right, if there is one.
            closable: Whether the user may close it.

        Raises:
            KeyError: There is no such level.
        """
        name, token = _ICONS[level]
        self._icon.show_icon(name, token)
        self._sentence.setText(sentence)
        self._link.setText(action)
        self._link.setVisible(bool(action))
        self._close.setVisible(closable)
        self.setAccessibleName(sentence)
        if self.property("level") != level:
            self.setProperty("level", level)
            restyle(self)
        # Showing a bar that is in no layout yet would open a window of its own.
        if self.parentWidget() is not None or not sentence:
            self.setVisible(bool(sentence))

    def sentence(self) -> str:
        """What the bar says."""
        return self._sentence.text()

    def clear(self) -> None:
        """Say nothing and hide."""
        self._sentence.clear()
        self.hide()

    def _on_closed(self) -> None:
        self.clear()
        self.closed.emit()
