"""The two plots of a run that is watched: its losses, and how close it has come.

Importing this module imports pyqtgraph: leave it until a run is watched.
"""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSpacerItem, QWidget

from engines.training.reports import Curve, History, Losses, Measures
from studio.widgets.card import Card
from studio.widgets.icon_label import IconLabel
from studio.widgets.labels import ElidedLabel, caption, strong, tooltip
from studio.widgets.loss_plot import REPAINT_MS, LossPlot
from studio.widgets.segmented import Segmented

LIKENESS = "ssim"  # the measure that is drawn
DISTANCE = "l1"  # the loss that shares a scale with the likeness, 0 to 1
LIKENESS_NUMBER = 3  # first curve number of the second plot
HEAD_HEIGHT = 32
ROOMY_PX = 760  # below, the captions of the plots would be cut to nothing


class TrainPlots(QWidget):
    """Losses, linear or logarithmic, beside the likeness to the target."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Build two empty plots."""
        super().__init__(parent)
        likeness = Curve(
            name=LIKENESS,
            label=self.tr("SSIM"),
            words=self.tr(
                "How alike the structure of painted and real pictures is, on pictures "
                "it never trained on: 1 is the same, 0 unrelated."
            ),
        )
        self._likeness_curve = likeness
        self._losses = LossPlot(title=self.tr("Losses"))
        self._likeness = LossPlot(
            (likeness,),
            title=self.tr("Likeness to target"),
            first_number=LIKENESS_NUMBER,
            repaint_ms=REPAINT_MS + 40,
        )
        self._likeness.set_range(0.0, 1.0)
        self._losses_title = strong(self.tr("Losses"))
        self._losses_caption = ElidedLabel(role="caption")
        self._likeness_title = strong(self.tr("Likeness to target"))
        self._likeness_caption = ElidedLabel(role="caption")
        self._trend = caption()
        self._trend_icon = IconLabel("trend-up", "ok")
        self._scale = Segmented(
            [("linear", self.tr("Linear")), ("log", self.tr("Log"))],
            name=self.tr("Scale of the losses"),
        )
        self._lay_out()
        self._explain()

        self._scale.changed.connect(self._on_scale_changed)
        self._losses.cursor_moved.connect(self._likeness.set_cursor)
        self._likeness.cursor_moved.connect(self._losses.set_cursor)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        losses = (self._losses_title, self._losses_caption, self._scale)
        row.addWidget(_card(losses, self._losses), 3)
        names = (self._likeness_title, self._likeness_caption)
        likeness = (*names, self._trend, self._trend_icon)
        row.addWidget(_card(likeness, self._likeness), 2)

    def _explain(self) -> None:
        """Say the terms of the captions in plain words."""
        self._losses_caption.explain(
            tooltip(
                self.tr(
                    "Smoothed: each point of the strong line is a mean of the latest "
                    "values; the faint line shows them as they came."
                ),
                self.tr("Ticks at the bottom: steps that were saved."),
            )
        )
        self._likeness_caption.explain(
            tooltip(
                self.tr(
                    "dB: how small the errors of the pixels are (PSNR). Higher is "
                    "better; 6 dB more is half the error."
                ),
                self.tr(
                    "L1: how far the pixels are off on average. Lower is better; 0 is "
                    "the same, 2 is black for white."
                ),
                self.tr("Both on held-out pictures, which it never trains on."),
            )
        )
        self._trend.setToolTip(self.tr("What the SSIM did lately."))

    # What it shows.

    def start(self, curves: tuple[Curve, ...]) -> None:
        """Empty both plots for a run with these losses.

        Args:
            curves: Of the engine. The distance stands in the second plot, beside the
                likeness, where its small numbers can be read.
        """
        ours = [curve for curve in curves if curve.name != DISTANCE]
        distance = [curve for curve in curves if curve.name == DISTANCE]
        self._losses.set_curves(ours)
        second = [self._likeness_curve, *distance]
        self._likeness.set_curves(
            second, first_number=LIKENESS_NUMBER, exact={LIKENESS}
        )
        for plot in (self._losses, self._likeness):
            plot.clear()
        self._losses_title.setToolTip(_meanings(ours))
        self._likeness_title.setToolTip(_meanings(second))
        self._likeness_caption.setText("")
        self._show_trend("")
        self.show_saved([])

    def show_history(self, history: History) -> None:
        """Draw what a resumed run went through before."""
        for name, points in history.losses.items():
            plot = self._likeness if name == DISTANCE else self._losses
            plot.set_curve(name, points.steps, points.values)
        likeness = history.measures.get(LIKENESS)
        if likeness:
            self._likeness.set_curve(LIKENESS, likeness.steps, likeness.values)
        if history.measures:
            newest = {n: float(p.values[-1]) for n, p in history.measures.items()}
            self._show_measures(newest)

    def add_losses(self, report: Losses) -> None:
        """Add a point to each loss; cheap while hidden."""
        self._losses.append(report.step, report.values)
        self._likeness.append(report.step, report.values)

    def add_measures(self, report: Measures) -> None:
        """Add a point to the likeness, and say the other measures."""
        # One of them has the name of a loss, whose curve it does not belong to.
        if LIKENESS in report.values:
            self._likeness.append(report.step, {LIKENESS: report.values[LIKENESS]})
        self._show_measures(report.values)

    def _show_measures(self, values: Mapping[str, float]) -> None:
        words = {
            "psnr": self.tr("{0:.1f} dB"),
            "l1": self.tr("L1 {0:.2f}"),
        }
        said = [w.format(values[n]) for n, w in words.items() if n in values]
        self._likeness_caption.setText("  ·  ".join(said))
        self._show_trend(self._likeness.trend(LIKENESS))

    def show_saved(self, steps: list[int]) -> None:
        """Mark the steps that were saved, and say the newest."""
        for plot in (self._losses, self._likeness):
            plot.set_checkpoints(steps)
        words = self.tr("smoothed, by step")
        if steps:
            saved = self.tr("saved at step {0}").format(f"{steps[-1]:,}")
            words = f"{words}  ·  {saved}"
        self._losses_caption.setText(words)

    def show_cursor(self, step: int | None) -> None:
        """Stand the line of both plots at *step*, or take it away."""
        for plot in (self._losses, self._likeness):
            plot.set_cursor(step)

    def _show_trend(self, trend: str) -> None:
        words, icon, token = {
            "rising": (self.tr("rising"), "trend-up", "ok"),
            "falling": (self.tr("falling"), "trend-down", "warn"),
            "steady": (self.tr("steady"), "minus", "text2"),
            "": ("", "minus", "text2"),
        }[trend]
        self._trend.setText(words)
        self._trend_icon.show_icon(icon, token)
        self._trend_icon.setVisible(bool(words))

    @Slot(str)
    def _on_scale_changed(self, scale: str) -> None:
        self._losses.set_log(scale == "log")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Drop the captions where there is no room for them."""
        super().resizeEvent(event)
        for words in (self._losses_caption, self._likeness_caption):
            words.setVisible(self.width() >= ROOMY_PX)


def _card(head: tuple[QWidget, ...], plot: LossPlot) -> Card:
    card = Card()
    card.column.setContentsMargins(16, 8, 8, 8)
    card.column.setSpacing(4)
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addItem(QSpacerItem(0, HEAD_HEIGHT))  # both heads alike
    for part in head:
        stretch = int(isinstance(part, ElidedLabel))
        if stretch:
            policy = part.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            part.setSizePolicy(policy)
        row.addWidget(part, stretch, Qt.AlignmentFlag.AlignVCenter)
    card.column.addLayout(row)
    card.column.addWidget(plot, 1)
    return card


def _meanings(curves: list[Curve]) -> str:
    return tooltip(*(f"{curve.label}: {curve.words}" for curve in curves))
