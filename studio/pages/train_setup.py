"""The Train page before a run: how good it should get, and from which pictures."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from engines.catalogue import EngineEntry
from engines.configs import Preset
from engines.data.sets import PictureSet
from studio.widgets import buttons
from studio.widgets.card import Card
from studio.widgets.icon_label import IconLabel
from studio.widgets.labels import ElidedLabel, caption, heading, strong, tooltip
from studio.widgets.preset_cards import PresetCards, PresetChoice
from studio.widgets.thumbnail_table import PairRows

MOST_PAIRS = 40  # more than fit in any window


class TrainSetup(QWidget):
    """Preset cards, a look at the pictures, and the place of the first result.

    Signals:
        preset_chosen: The user chose a preset. (str, its name)
        change_clicked: The user wants other pictures.
        thumbnails_wanted: Small pictures of these pairs are needed. (list of names)
    """

    preset_chosen = Signal(str)
    change_clicked = Signal()
    thumbnails_wanted = Signal(list)

    def __init__(self, entry: EngineEntry, parent: QWidget | None = None) -> None:
        """Build it for an engine's presets, still without pictures."""
        super().__init__(parent)
        self._pairs: PictureSet | None = None
        self._thumbnails: dict[str, tuple[QImage, QImage]] = {}
        self._cards = PresetCards(
            [self._choice(name, preset) for name, preset in entry.presets.items()]
        )
        self._rows = PairRows()
        self._found = ElidedLabel(role="caption")
        self._found.explain(
            tooltip(
                self.tr(
                    "Held out: kept back from training, to see how it does with "
                    "pictures that it has not met before."
                )
            )
        )
        change = buttons.link(self.tr("Change"))

        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        question = QVBoxLayout()
        question.setSpacing(8)
        question.addWidget(heading(self.tr("How good should it get?")))
        question.addWidget(self._cards)
        column.addLayout(question)
        column.addWidget(self._pictures_card(change))
        column.addWidget(self._stage(), 1)

        self._cards.chosen.connect(self.preset_chosen)
        self._rows.columns_changed.connect(self._on_columns_changed)
        change.clicked.connect(self.change_clicked)

    def _choice(self, name: str, preset: Preset) -> PresetChoice:
        values = preset.values
        parts = [
            self.tr("{0} pixels").format(values["image_size"]),
            self.tr("{0} steps").format(f"{values['steps']:,}"),
        ]
        return PresetChoice(
            key=name,
            title=preset.label,
            strong=self.tr("Measuring how long…"),
            caption=", ".join(parts),
            words=preset.words,
        )

    def _pictures_card(self, change: QWidget) -> QWidget:
        card = Card()
        head = QHBoxLayout()
        head.setSpacing(11)
        head.addWidget(heading(self.tr("Pictures")))
        head.addWidget(self._found, 1)
        head.addWidget(change)
        card.column.setContentsMargins(16, 10, 12, 14)
        card.column.setSpacing(10)
        card.column.addLayout(head)
        card.column.addWidget(self._rows)
        return card

    def _stage(self) -> QWidget:
        stage = QFrame()
        stage.setProperty("kind", "stage")
        stage.setMinimumHeight(96)
        headline = strong(self.tr("Your first result appears here"))
        hint = caption(
            self.tr("A few seconds after Start: what goes in, what comes out, ")
            + self.tr("what it should be.")
        )
        column = QVBoxLayout(stage)
        column.setSpacing(6)
        column.addStretch(1)
        for part in (IconLabel("image", "text3", pixels=28), headline, hint):
            column.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        return stage

    # What it shows.

    def show_pairs(self, pairs: PictureSet) -> None:
        """Show other pictures; their thumbnails are asked for."""
        self._pairs, self._thumbnails = pairs, {}
        self._found.setText(
            self.tr("{0}  ·  {1} pairs, {2} held out for checking").format(
                pairs.name, f"{len(pairs.items):,}", f"{len(pairs.held_out):,}"
            )
        )
        self._rows.set_pairs([])
        self.ask_for_thumbnails()

    def ask_for_thumbnails(self) -> None:
        """Ask for the small pictures that fit and are not there yet, if any."""
        if self.isVisible() and any(n not in self._thumbnails for n in self._names()):
            self.thumbnails_wanted.emit(self._names())

    def show_thumbnail(self, name: str, before: QImage, after: QImage) -> None:
        """Show a pair's small pictures; those of other pairs are passed over."""
        if name not in self._names():
            return
        self._thumbnails[name] = (before, after)
        known = [n for n in self._names() if n in self._thumbnails]
        self._rows.set_pairs([self._thumbnails[n] for n in known], known)

    def show_preset(self, name: str | None) -> None:
        """Mark the preset that the settings stand for, None for the user's own."""
        self._cards.set_chosen(name)

    def show_cost(self, preset: str, words: str) -> None:
        """Say how long a preset takes on this computer."""
        self._cards.set_strong(preset, words)

    def _names(self) -> list[str]:
        """The pairs that are shown: spread over the set, as many as fit."""
        if self._pairs is None:
            return []
        names = [pair.name for pair in self._pairs.training or self._pairs.items]
        count = min(len(names), MOST_PAIRS)
        spread = [names[i * len(names) // count] for i in range(count)]
        return spread[: self._rows.columns()]

    def _on_columns_changed(self, _columns: int) -> None:
        self.ask_for_thumbnails()
