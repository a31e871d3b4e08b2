"""A plot of a run under its name, with what its curves mean a click away.

Importing this module imports pyqtgraph: leave it until a run is watched.
"""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QSpacerItem, QWidget

from engines.training.reports import Curve
from studio.widgets import buttons
from studio.widgets.axis_ticks import plain_words
from studio.widgets.card import Card
from studio.widgets.explanation import Explanation, Term
from studio.widgets.labels import ElidedLabel, strong, tooltip
from studio.widgets.loss_plot import REPAINT_MS, LossPlot

HEAD_HEIGHT = 32


class PlotCard(Card):
    """The head with a name, a caption and a button that explains; then the plot.

    Attributes:
        plot: The curves.
        caption: What else there is to say, cut where there is no room.
    """

    def __init__(
        self,
        *parts: QWidget,
        caption_below: bool = False,
        repaint_ms: int = REPAINT_MS,
        parent: QWidget | None = None,
    ) -> None:
        """Build an empty plot.

        Args:
            parts: What stands at the right of the head, before the button.
            caption_below: Give the caption a line of its own.
            repaint_ms: See `LossPlot`.
            parent: The owner.
        """
        super().__init__(parent)
        self._said: tuple[Curve, ...] = ()
        self._values: Mapping[str, float] = {}
        self._drawn: tuple[Curve, ...] = ()
        self.plot = LossPlot(title="", repaint_ms=repaint_ms)
        self._title = strong()
        self.caption = ElidedLabel(role="caption")
        self._why = buttons.tool("question", self.tr("What do these curves mean?"))
        self._why.clicked.connect(self._on_why_clicked)
        self.column.setContentsMargins(16, 8, 8, 8)
        self.column.setSpacing(4)
        self._lay_out(parts, caption_below=caption_below)

    def _lay_out(self, parts: tuple[QWidget, ...], *, caption_below: bool) -> None:
        policy = self.caption.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.caption.setSizePolicy(policy)
        middle = Qt.AlignmentFlag.AlignVCenter
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addItem(QSpacerItem(0, HEAD_HEIGHT))  # all heads alike
        row.addWidget(self._title, 0, middle)
        if caption_below:
            row.addStretch(1)
        else:
            row.addWidget(self.caption, 1, middle)
        for part in (*parts, self._why):
            row.addWidget(part, 0, middle)
        self.column.addLayout(row)
        if caption_below:
            self.column.addWidget(self.caption)
        self.column.addWidget(self.plot, 1)

    def start(
        self,
        title: str,
        drawn: Sequence[Curve],
        said: Sequence[Curve] = (),
        *,
        first_number: int = 1,
        exact: Sequence[str] = (),
    ) -> None:
        """Show a run from its beginning.

        Args:
            title: What the plot is of.
            drawn: The curves of the plot.
            said: Values that share no scale with them, and are told in words.
            first_number: See `LossPlot.set_curves`.
            exact: See `LossPlot.set_curves`.
        """
        self._drawn, self._said, self._values = tuple(drawn), tuple(said), {}
        self._title.setText(title)
        self.plot.setAccessibleName(title)
        self.plot.set_curves(drawn, first_number=first_number, exact=exact)
        self.plot.clear()
        meanings = [f"{curve.label}: {curve.words}" for curve in drawn]
        self._title.setToolTip(tooltip(*meanings))
        self.caption.setText("")
        self.caption.explain(tooltip(*(f"{c.label}: {c.words}" for c in said)))

    def say(self, values: Mapping[str, float]) -> None:
        """Tell the newest of the values that are not drawn."""
        self._values = values
        told = [_named(c, values[c.name]) for c in self._said if c.name in values]
        self.caption.setText("  ·  ".join(told))

    def terms(self) -> list[Term]:
        """What every value of this plot is, and what to compare it with."""
        drawn = [_term(c, self.plot.latest(c.name), self._note(c)) for c in self._drawn]
        said = [_term(c, self._values.get(c.name), self._note(c)) for c in self._said]
        return drawn + said

    def _note(self, curve: Curve) -> str:
        if curve.reference is None:
            return ""
        value = plain_words(curve.reference)
        words = self.tr("To compare with: {0} is “{1}”.")
        if curve in self._drawn:
            words = self.tr("The dashed line at {0} is “{1}”.")
        return words.format(value, curve.reference_words)

    @Slot()
    def _on_why_clicked(self) -> None:
        title = self._why.accessibleName()
        Explanation(title, self.terms(), self).open_at(self._why)


def _named(curve: Curve, value: float) -> str:
    """A value as it is said: "PSNR 17.2 dB"."""
    return " ".join(filter(None, (curve.label, plain_words(value), curve.unit)))


def _term(curve: Curve, value: float | None, note: str) -> Term:
    name = curve.label if value is None else _named(curve, value)
    return Term(name, curve.words, note)
