"""A switch for a setting that takes effect at once."""

from PySide6.QtCore import QEasingCurve, QPointF, QRectF, QSize, Qt, QVariantAnimation
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from studio.theme import motion_ms
from studio.tokens import Tokens, tokens_of

_WIDTH, _HEIGHT, _KNOB = 36, 20, 12


class Toggle(QAbstractButton):
    """36 by 20 pixels with words to its right, if it has any; `toggled` tells of it.

    A `QAbstractButton` that is checkable: `isChecked`, `setChecked`, Space and clicks
    work as on a check box, which is also what screen readers take it for.
    """

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        """Make it, off.

        Args:
            text: The words beside it. A toggle whose label stands elsewhere needs
                `setAccessibleName` instead.
            parent: The owner.
        """
        super().__init__(parent)
        self.setText(text)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._travel = QVariantAnimation(self)
        self._travel.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._position = 0.0  # of the knob: 0 is off, 1 is on
        self._travel.valueChanged.connect(self._on_travelled)
        self.toggled.connect(self._on_toggled)

    def sizeHint(self) -> QSize:
        """The switch and its words; 32 high, the smallest target."""
        words = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(_WIDTH + (8 + words if words else 0), 32)

    def minimumSizeHint(self) -> QSize:
        """It cannot be smaller."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the switch, then its words."""
        del event
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = (self.height() - _HEIGHT) / 2
        self._paint_switch(painter, QRectF(0, top, _WIDTH, _HEIGHT), tokens)
        if self.text():
            painter.setPen(QColor(tokens.text if self.isEnabled() else tokens.disabled))
            words = self.rect().adjusted(_WIDTH + 8, 0, 0, 0)
            painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), self.text())

    def _paint_switch(self, painter: QPainter, rect: QRectF, tokens: Tokens) -> None:
        edge, fill, knob = self._colours(tokens)
        inner = rect.adjusted(1.5, 1.5, -1.5, -1.5)
        painter.setPen(QPen(QColor(edge), 1))
        painter.setBrush(QColor(fill))
        painter.drawRoundedRect(inner, inner.height() / 2, inner.height() / 2)
        reach = rect.width() - 20
        centre = QPointF(rect.left() + 10 + self._position * reach, rect.center().y())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(knob))
        painter.drawEllipse(centre, _KNOB / 2, _KNOB / 2)

    def _colours(self, tokens: Tokens) -> tuple[str, str, str]:
        """Edge, fill and knob."""
        if not self.isEnabled():
            return tokens.press, tokens.press, tokens.disabled
        if self.isChecked():
            fill = tokens.accent_hi if self.underMouse() else tokens.accent
            return fill, fill, tokens.on_accent
        return (
            tokens.line2,
            tokens.hover if self.underMouse() else tokens.field,
            (tokens.line2),
        )

    def _on_toggled(self, on: bool) -> None:
        self._travel.stop()
        duration = motion_ms(self, 120) if self.isVisible() else 0
        if not duration:
            self._on_travelled(float(on))
            return
        self._travel.setDuration(duration)
        self._travel.setStartValue(self._position)
        self._travel.setEndValue(float(on))
        self._travel.start()

    def _on_travelled(self, position: float) -> None:
        self._position = position
        self.update()
