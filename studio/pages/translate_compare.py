"""What a translation is compared with: other weights, another model, or the truth."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeAlias

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.model_entry import ModelEntry
from studio.translating import TranslationRequest
from studio.widgets.elided_box import ElidedBox
from studio.widgets.labels import caption
from studio.widgets.slider import LabeledSlider

Kind: TypeAlias = Literal["nothing", "answer", "weights", "model"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What stands on the left instead of the picture that went in.

    Attributes:
        kind: The right answer, other weights of the same model, or another model.
        name: What it is called on the stage.
        model: Of "model": its folder or file.
        step: Of "weights": their step.
    """

    kind: Kind
    name: str
    model: Path | None = None
    step: int | None = None

    def request(self, of: TranslationRequest) -> TranslationRequest:
        """Ask for the same as *of*, but of what it is compared with."""
        return replace(
            of,
            name=f"{of.name} compared",
            model=self.model or of.model,
            step=self.step,
            wants_back=False,
            wants_belief=False,
        )


def is_like(a: TranslationRequest | None, b: TranslationRequest) -> bool:
    """Whether both ask for the same picture of the same weights in the same way."""
    return a is not None and (a.source, a.model, a.step, a.options) == (
        b.source,
        b.model,
        b.step,
        b.options,
    )


class TranslateCompare(QWidget):
    """A list of what there is to compare with.

    Signals:
        changed: Something else is wanted on the left.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Compare with nothing."""
        super().__init__(parent)
        self._entry: ModelEntry | None = None
        self._others: tuple[ModelEntry, ...] = ()
        self._kinds: list[tuple[Kind, Path | None]] = []
        self.box = ElidedBox()
        self.box.setAccessibleName(self.tr("Compare with"))
        self.weights = LabeledSlider(
            self.tr("Its weights"), 0, 1, integer=True, words=self._words
        )
        self.hint = caption()
        self.hint.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(caption(self.tr("Compare with")))
        column.addWidget(self.box)
        column.addWidget(self.hint)
        column.addWidget(self.weights)
        self.box.activated.connect(self._on_activated)
        self.weights.changing.connect(self.changed)
        self.weights.changed.connect(self.changed)
        self.show_models(None, ())

    def comparison(self, *, has_answer: bool) -> Comparison | None:
        """What is chosen, None for nothing.

        Args:
            has_answer: Whether the right answer of the picture is known.
        """
        kind, path = self._kinds[max(self.box.currentIndex(), 0)]
        if kind == "nothing" or self._entry is None:
            return None
        if kind == "answer":
            return Comparison("answer", self.tr("Right answer")) if has_answer else None
        if kind == "weights":
            step = self._entry.steps[round(self.weights.value())]
            words = self.tr("Step {0}").format(f"{step:,}")
            return Comparison("weights", words, step=step)
        return Comparison("model", self.box.currentText(), model=path)

    def show_models(
        self, entry: ModelEntry | None, all_entries: Sequence[ModelEntry]
    ) -> None:
        """Offer what there is beside *entry*; what is chosen stays where it can."""
        chosen = self._kinds[self.box.currentIndex()] if self._kinds else None
        if entry is None or self._entry is None or entry.path != self._entry.path:
            chosen = None  # weights of another model would be meant
        self._entry = entry
        others = [e for e in all_entries if entry and e.path != entry.path]
        rows: list[tuple[str, Kind, Path | None]] = [
            (self.tr("Nothing"), "nothing", None),
            (self.tr("The right answer"), "answer", None),
        ]
        if entry and len(entry.steps) > 1:
            rows.append((self.tr("Its earlier weights"), "weights", None))
            with QSignalBlocker(self.weights):
                self.weights.set_range(0, len(entry.steps) - 1)
        rows += [(other.name, "model", other.path) for other in others]
        self._kinds = [(kind, path) for _, kind, path in rows]
        with QSignalBlocker(self.box):
            self.box.clear()
            self.box.addItems([words for words, _, _ in rows])
            at = self._kinds.index(chosen) if chosen in self._kinds else 0
            self.box.setCurrentIndex(at)
        self._show_weights()

    def say_there_is_no_answer(self, is_missing: bool) -> None:
        """Say where the right answer was wanted and is not known."""
        kind, _ = self._kinds[max(self.box.currentIndex(), 0)]
        words = self.tr(
            "The right answer is known of held-out pictures only: take some below "
            "with +."
        )
        self.hint.setText(words if is_missing and kind == "answer" else "")
        self.hint.setVisible(bool(self.hint.text()))

    def _show_weights(self) -> None:
        kind, _ = self._kinds[max(self.box.currentIndex(), 0)]
        self.weights.setVisible(kind == "weights")
        self.box.setToolTip(self.box.currentText())

    def _words(self, place: float) -> str:
        steps = self._entry.steps if self._entry else ()
        at = round(place)
        return self.tr("step {0}").format(f"{steps[at]:,}") if at < len(steps) else ""

    @Slot(int)
    def _on_activated(self, _row: int) -> None:
        self._show_weights()
        self.changed.emit()
