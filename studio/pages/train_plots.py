"""The two plots of a run that is watched: its losses, and how good it has become.

Importing this module imports pyqtgraph: leave it until a run is watched.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from engines.training.reports import Curve, History, Losses, Measures
from studio.pages.train_plot_card import PlotCard
from studio.widgets.icon_label import IconLabel
from studio.widgets.labels import caption, tooltip
from studio.widgets.loss_plot import REPAINT_MS
from studio.widgets.segmented import Segmented

if TYPE_CHECKING:
    from engines.catalogue import EngineEntry
    from engines.configs import EngineConfig

MEASURES_FROM = (3, 4)  # first curve number of the second plot, or where 3 is taken
ROOMY_PX = 760  # below, the caption of the losses would be cut to nothing
UNLIMITED = 16_777_215  # Qt's QWIDGETSIZE_MAX, which PySide has no name for
ENOUGH_FOR_TREND = 4  # measures


class TrainPlots(QWidget):
    """Losses, linear or logarithmic, beside what is measured on held-out pictures."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Build two empty plots."""
        super().__init__(parent)
        self._scale = Segmented(
            [("linear", self.tr("Linear")), ("log", self.tr("Log"))],
            name=self.tr("Scale of the losses"),
        )
        self._trend = caption()
        self._trend_icon = IconLabel("trend-up", "ok")
        self.losses = PlotCard(self._scale, parent=self)
        self.measures = PlotCard(
            self._trend,
            self._trend_icon,
            caption_below=True,
            repaint_ms=REPAINT_MS + 40,  # not both in one turn of the window
            parent=self,
        )
        self._beside: frozenset[str] = frozenset()  # losses in the second plot
        self._measured: tuple[Curve, ...] = ()  # measures in it
        self._unit = ""
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(16)
        self._row.addWidget(self.losses, 3)
        self.take_measures()

        self._scale.changed.connect(self._on_scale_changed)
        self.losses.plot.cursor_moved.connect(self.measures.plot.set_cursor)
        self.measures.plot.cursor_moved.connect(self.losses.plot.set_cursor)

    def start(self, entry: "EngineEntry", config: "EngineConfig") -> None:
        """Empty both plots for a run of that engine with these settings."""
        losses, measures = entry.curves(config), entry.measures(config)
        first = [c for c in losses if c.plot == "losses"]
        beside = [c for c in losses if c.plot == "measures"]
        self._beside = frozenset(curve.name for curve in beside)
        self._measured = tuple(c for c in measures if c.plot == "measures")
        units = {curve.unit for curve in first}
        self._unit = units.pop() if len(units) == 1 else ""

        self.losses.start(self.tr("Losses"), first)
        self.losses.caption.explain(self._about_losses())
        by_target = self.tr("Likeness to target")
        self.measures.start(
            by_target if entry.data == "pairs" else self.tr("On held-out pictures"),
            [*self._measured, *beside],
            [c for c in measures if c.plot == "words"],
            first_number=MEASURES_FROM[len(first) > 2],
            exact=[curve.name for curve in self._measured],
        )
        self._show_trend()
        self.show_saved([])

    def take_measures(self) -> None:
        """Show the measures beside the losses; the owner may show them elsewhere."""
        self.measures.setMinimumHeight(0)
        self.measures.setMaximumHeight(UNLIMITED)
        self._row.addWidget(self.measures, 2)

    def _about_losses(self) -> str:
        return tooltip(
            self.tr(
                "Smoothed: each point of the strong line is a mean of the latest "
                "values; the faint line shows them as they came."
            ),
            self.tr("Ticks at the bottom: steps that were saved."),
        )

    def show_history(self, history: History) -> None:
        """Draw what a resumed run went through before."""
        for name, points in history.losses.items():
            card = self.measures if name in self._beside else self.losses
            card.plot.set_curve(name, points.steps, points.values)
        for curve in self._measured:
            past = history.measures.get(curve.name)
            if past is not None:
                self.measures.plot.set_curve(curve.name, past.steps, past.values)
        if history.measures:
            newest = {n: float(p.values[-1]) for n, p in history.measures.items()}
            self._say_measures(newest)

    def add_losses(self, report: Losses) -> None:
        """Add a point to each loss; cheap while hidden."""
        self.losses.plot.append(report.step, report.values)
        beside = {n: v for n, v in report.values.items() if n in self._beside}
        self.measures.plot.append(report.step, beside)

    def add_measures(self, report: Measures) -> None:
        """Add a point to each measure that is drawn, and say the others."""
        # One that is said may have the name of a loss that is drawn.
        drawn = {curve.name for curve in self._measured} & report.values.keys()
        self.measures.plot.append(report.step, {n: report.values[n] for n in drawn})
        self._say_measures(report.values)

    def _say_measures(self, values: Mapping[str, float]) -> None:
        self.measures.say(values)
        self._show_trend()

    def show_saved(self, steps: Sequence[int]) -> None:
        """Mark the steps that were saved, and say the newest."""
        for card in (self.losses, self.measures):
            card.plot.set_checkpoints(steps)
        words = [self._unit, self.tr("smoothed, by step")]
        if steps:
            words.append(self.tr("saved at step {0}").format(f"{steps[-1]:,}"))
        self.losses.caption.setText("  ·  ".join(filter(None, words)))

    def show_cursor(self, step: int | None) -> None:
        """Stand the line of both plots at *step*, or take it away."""
        for card in (self.losses, self.measures):
            card.plot.set_cursor(step)

    def _show_trend(self) -> None:
        """Say where the first measure goes, and by colour whether that is good."""
        curve = self._measured[0] if self._measured else None
        plot = self.measures.plot
        known = curve is not None and plot.count(curve.name) >= ENOUGH_FOR_TREND
        self._trend.setText("")
        self._trend.setVisible(known)
        self._trend_icon.setVisible(known)
        if curve is None or not known:
            return
        trend = plot.trend(curve.name)
        words, icon, good = {
            "rising": (self.tr("rising"), "trend-up", "higher"),
            "falling": (self.tr("falling"), "trend-down", "lower"),
            "steady": (self.tr("steady"), "minus", ""),
        }[trend]
        judged = bool(good and curve.better)
        token = ("ok" if good == curve.better else "warn") if judged else "text2"
        self._trend.setText(words)
        self._trend.setToolTip(self.tr("What “{0}” did lately.").format(curve.label))
        self._trend_icon.show_icon(icon, token)

    @Slot(str)
    def _on_scale_changed(self, scale: str) -> None:
        self.losses.plot.set_log(scale == "log")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Drop the caption of the losses where there is no room for it."""
        super().resizeEvent(event)
        self.losses.caption.setVisible(self.width() >= ROOMY_PX)
