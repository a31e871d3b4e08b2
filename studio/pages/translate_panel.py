"""The panel of the Translate page: which model, at which size, and what it took."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from engines.runs.listing import RunSummary
from studio.translating import Translation
from studio.widgets.card import Card, Divider
from studio.widgets.labels import ElidedLabel, caption
from studio.widgets.segmented import Segmented
from studio.widgets.wheel_guard import guard_wheel

_AT_WORK = ("running", "paused")


class TranslatePanel(Card):
    """What translates.

    Signals:
        run_chosen: The user chose another model. (Path of its run)
        scale_changed: The user chose another size. ("learnt" or "full")
    """

    run_chosen = Signal(object)
    scale_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Show no model."""
        super().__init__(parent)
        self._runs: tuple[RunSummary, ...] = ()
        self.models = QComboBox()
        self.training = caption()
        self.direction = ElidedLabel()
        self.scale = Segmented(
            [("learnt", self.tr("As learnt")), ("full", self.tr("Full size"))],
            name=self.tr("Size at which the model sees the picture"),
        )
        self.scale_words = caption()
        self.step = caption()
        self.pixels = caption()
        self.speed = caption()

        self._lay_out()
        self._describe_scale()
        self.models.activated.connect(self._on_activated)
        self.scale.changed.connect(self._on_scale_changed)

    def show_runs(self, runs: Sequence[RunSummary], chosen: Path | None) -> None:
        """Offer *runs*, of which *chosen* is in use."""
        paths = [run.path for run in runs]
        at = paths.index(chosen) if chosen else -1
        with QSignalBlocker(self.models):
            if paths != [run.path for run in self._runs]:
                self.models.clear()
                self.models.addItems([""] * len(paths))
            for row, run in enumerate(runs):  # in place: the list may be unfolded
                self.models.setItemText(row, self._name(run))
                tip = Qt.ItemDataRole.ToolTipRole
                self.models.setItemData(row, str(run.path), tip)
            self.models.setCurrentIndex(at)
        self._runs = tuple(runs)
        self._describe(runs[at] if at >= 0 else None)

    def show_translation(self, found: Translation | None) -> None:
        """Say what the picture on the stage took, None to say nothing."""
        if found is None:
            for label in (self.step, self.pixels, self.speed):
                label.clear()
            return
        height, width = found.before.shape[:2]
        self.step.setText(self.tr("Weights of step {0}").format(f"{found.step:,}"))
        self.pixels.setText(f"{width} × {height}")
        self.speed.setText(self.tr("{0} s per picture").format(_short(found.seconds)))

    def _lay_out(self) -> None:
        self.models.setAccessibleName(self.tr("Model"))
        self.models.setMinimumContentsLength(8)
        policy = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        self.models.setSizeAdjustPolicy(policy)
        guard_wheel(self)
        self.scale_words.setWordWrap(True)
        foot = QHBoxLayout()
        foot.addWidget(self.pixels)
        foot.addStretch()
        foot.addWidget(self.speed)
        for name, parts in (
            (self.tr("Model"), (self.models, self.training)),
            (self.tr("Translates"), (self.direction,)),
            (None, (Divider(),)),
            (self.tr("Size"), (self.scale, self.scale_words)),
        ):
            field = QVBoxLayout()
            field.setSpacing(4)
            if name:
                field.addWidget(caption(name))
            for part in parts:
                field.addWidget(part)
            self.column.addLayout(field)
        self.column.addStretch()
        self.column.addWidget(Divider())
        self.column.addWidget(self.step)
        self.column.addLayout(foot)

    def _name(self, run: RunSummary) -> str:
        name = (run.info.name if run.info else "") or run.path.name
        is_training = run.state in _AT_WORK
        return self.tr("{0} (training now)").format(name) if is_training else name

    def _describe(self, run: RunSummary | None) -> None:
        data = run.info.data if run and run.info else None
        self.direction.setText(f"{data.a_name} → {data.b_name}" if data else "")
        self.models.setToolTip(self.models.currentText())
        is_training = run is not None and run.state in _AT_WORK
        step = f"{run.kept_step or 0:,}" if run else ""
        self.training.setText(self.tr("Training now, step {0} is saved").format(step))
        self.training.setVisible(is_training)
        self._describe_scale()

    def _describe_scale(self) -> None:
        run = self._runs[self.models.currentIndex()] if self._runs else None
        size = run.info.config.get("image_size", "") if run and run.info else ""
        if self.scale.value() == "full":
            words = self.tr(
                "Every pixel is seen as it is. For models that learnt from pieces of "
                "large pictures."
            )
        else:
            words = self.tr(
                "The model sees the picture at {0} pixels, as while it learnt; what "
                "it paints is enlarged."
            ).format(size)
        self.scale_words.setText(words)

    @Slot(int)
    def _on_activated(self, row: int) -> None:
        self._describe(self._runs[row])
        self.run_chosen.emit(self._runs[row].path)

    @Slot(str)
    def _on_scale_changed(self, scale: str) -> None:
        self._describe_scale()
        self.scale_changed.emit(scale)


def _short(seconds: float) -> str:
    """Seconds with two or three digits that count."""
    return f"{seconds:.2f}" if seconds < 10 else f"{seconds:,.0f}"
