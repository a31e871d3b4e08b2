"""How the chosen model is used: which way, with which weights, at which size."""

from bisect import bisect_left
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QSpinBox, QVBoxLayout, QWidget

from engines.options import Options, Scale
from studio.model_entry import ModelEntry
from studio.widgets.card import Divider
from studio.widgets.labels import ElidedLabel, caption, tooltip
from studio.widgets.segmented import Segmented
from studio.widgets.slider import LabeledSlider
from studio.widgets.toggle import Toggle

if TYPE_CHECKING:
    from engines.training.jobs import Direction


class TranslateUse(QWidget):
    """Fields for what may be chosen; those without meaning for a model are not there.

    Signals:
        changed: Something else is wanted of the model.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Ask for nothing before a model is shown."""
        super().__init__(parent)
        self._entry: ModelEntry | None = None
        self.one_way = ElidedLabel()
        self.direction = Segmented(
            [("AtoB", ""), ("BtoA", "")], name=self.tr("Direction")
        )
        self.weights = LabeledSlider(
            self.tr("Weights"), 0, 1, integer=True, words=self._weights_words
        )
        self.weights.setToolTip(
            self.tr("What the model had learnt at an earlier step, on this picture")
        )
        self.scale = Segmented(
            [("learnt", self.tr("As learnt")), ("full", self.tr("Full size"))],
            name=self.tr("Size at which the model sees the picture"),
        )
        self.scale_words = caption()
        self.noise = Toggle(self.tr("Paint with noise"))
        self.noise.setToolTip(
            tooltip(
                self.tr(
                    "Keeps the random noise on that the model was trained with. Each "
                    "seed paints a little differently; the same seed paints the same."
                )
            )
        )
        self.seed = QSpinBox()
        self.norm = Toggle(self.tr("Adjust to each picture"))
        self.norm.setToolTip(
            tooltip(
                self.tr(
                    "Brightness inside the model is balanced by the picture itself "
                    "instead of by what it learnt from, as published test programs do."
                )
            )
        )
        self._lay_out()
        self._connect()
        self.show_model(None)

    def options(self) -> Options:
        """What is chosen."""
        entry = self._entry
        is_noisy = entry is not None and entry.is_noisy and self.noise.isChecked()
        by_picture = (
            entry is not None and entry.has_batch_norm and self.norm.isChecked()
        )
        goes_back = entry is not None and len(entry.directions) > 1
        direction = self.direction.value() if goes_back else "AtoB"
        return Options(
            direction=cast("Direction", direction),
            scale=cast("Scale", self.scale.value()),
            noise_seed=self.seed.value() if is_noisy else None,
            norm="picture" if by_picture else "learnt",
        )

    def step(self) -> int | None:
        """The step whose weights are chosen, None for the newest."""
        steps = self._entry.steps if self._entry else ()
        place = round(self.weights.value())
        return steps[place] if place < len(steps) - 1 else None

    def show_model(self, entry: ModelEntry | None) -> None:
        """Show what can be chosen for a model; another one begins with its newest."""
        was = self._entry
        if entry is None:
            self._entry = None
            return
        is_other = was is None or was.path != entry.path
        newest = len(entry.steps) - 1
        place = newest
        if was is not None and not is_other and self.step() is not None:
            place = bisect_left(entry.steps, was.steps[round(self.weights.value())])
        self._entry = entry
        with QSignalBlocker(self.weights):
            self.weights.set_range(0, max(newest, 1))
            self.weights.set_value(min(place, newest))
        if is_other:
            self.direction.set_value("AtoB")
        self.weights.setVisible(newest > 0)
        self._show_direction(entry)
        self.noise.setVisible(entry.is_noisy)
        self.norm.setVisible(entry.has_batch_norm)
        self._show_fields()

    def _show_direction(self, entry: ModelEntry) -> None:
        both = len(entry.directions) > 1
        there = entry.direction_words() or self.tr("A → B")
        self.one_way.setText(entry.direction_words() or entry.words)
        self.one_way.setVisible(not both)
        self.direction.setVisible(both)
        self.direction.set_words("AtoB", there if len(there) < 18 else self.tr("There"))
        self.direction.set_words("BtoA", self.tr("Back"))
        self.direction.button("AtoB").setToolTip(there)
        self.direction.button("BtoA").setToolTip(entry.direction_words("BtoA"))

    def _lay_out(self) -> None:
        self.scale_words.setWordWrap(True)
        self.seed.setRange(0, 999_999)
        self.seed.setAccessibleName(self.tr("Seed of the noise"))
        self.seed.lineEdit().setTextMargins(6, 0, 0, 0)
        noise = QHBoxLayout()
        noise.addWidget(self.noise)
        noise.addStretch()
        noise.addWidget(self.seed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for name, parts in (
            (self.tr("Translates"), (self.one_way, self.direction)),
            ("", (self.weights,)),
            ("", (Divider(),)),
            (self.tr("Size"), (self.scale, self.scale_words)),
        ):
            field = QVBoxLayout()
            field.setSpacing(4)
            if name:
                field.addWidget(caption(name))
            for part in parts:
                field.addWidget(part)
            column.addLayout(field)
        column.addLayout(noise)
        column.addWidget(self.norm)

    def _connect(self) -> None:
        self.direction.changed.connect(self._on_changed)
        self.weights.changing.connect(self._on_changed)
        self.weights.changed.connect(self._on_changed)
        self.scale.changed.connect(self._on_changed)
        self.noise.toggled.connect(self._on_changed)
        self.seed.valueChanged.connect(self._on_changed)
        self.norm.toggled.connect(self._on_changed)

    @Slot()
    def _on_changed(self) -> None:
        self._show_fields()
        self.changed.emit()

    def _show_fields(self) -> None:
        self.seed.setVisible(self.noise.isVisibleTo(self) and self.noise.isChecked())
        self.scale_words.setText(self._scale_words())

    def _scale_words(self) -> str:
        if self.scale.value() == "full":
            return self.tr(
                "Every pixel is seen as it is, large pictures in pieces. For models "
                "that learnt from pieces of large pictures."
            )
        words = self.tr(
            "The model sees the picture at {0} pixels, as while it learnt; what it "
            "paints is enlarged."
        )
        return words.format(self._entry.image_size if self._entry else "")

    def _weights_words(self, place: float) -> str:
        entry = self._entry
        if entry is None or not entry.steps:
            return ""
        step = entry.steps[min(round(place), len(entry.steps) - 1)]
        if step == entry.newest_step:
            return self.tr("newest, step {0}").format(f"{step:,}")
        return self.tr("step {0}").format(f"{step:,}")
