"""The Train page before a run: how good it should get, and from which pictures."""

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from engines.catalogue import EngineEntry
from engines.configs import EngineConfig, Preset
from engines.data.sets import Item, PictureSet
from engines.training.reports import DryRun
from studio.widgets import buttons
from studio.widgets.card import Card
from studio.widgets.icon_label import IconLabel
from studio.widgets.labels import ElidedLabel, caption, heading, strong, tooltip
from studio.widgets.preset_cards import PresetCards, PresetChoice
from studio.widgets.thumbnail_table import PictureRows, Thumbnail
from studio.words import duration

Names = tuple[str, ...]


class TrainSetup(QWidget):
    """Preset cards, a look at the pictures, and the place of the first result.

    Signals:
        preset_chosen: The user chose a preset. (str, its name)
        change_clicked: The user wants other pictures.
        thumbnails_wanted: Small pictures are needed. (list of items' names)
    """

    preset_chosen = Signal(str)
    change_clicked = Signal()
    thumbnails_wanted = Signal(list)

    def __init__(
        self, entry: EngineEntry, bar: QWidget, parent: QWidget | None = None
    ) -> None:
        """Build it for an engine's presets, still without pictures.

        Args:
            entry: The engine.
            bar: What may have to be said first of all.
            parent: As of any widget.
        """
        super().__init__(parent)
        self._pictures: PictureSet | None = None
        self._thumbnails: dict[str, Sequence[QImage]] = {}
        self._cards = PresetCards([])
        self._rows = PictureRows()
        self._first_result = caption()
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

        inside = QWidget()
        inside.setProperty("kind", "scrolled")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        question = QVBoxLayout()
        question.setSpacing(8)
        question.addWidget(heading(self.tr("How good should it get?")))
        question.addWidget(self._cards)
        column.addLayout(question)
        column.addWidget(self._pictures_card(change))
        column.addWidget(self._stage(), 1)
        scroll = QScrollArea()  # large letters in a small window need more room
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setWidget(inside)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(12)
        page.addWidget(bar)
        page.addWidget(scroll)

        self._cards.chosen.connect(self.preset_chosen)
        self._rows.columns_changed.connect(self._on_columns_changed)
        change.clicked.connect(self.change_clicked)
        self.show_engine(entry)

    def _choice(self, name: str, preset: Preset, config: EngineConfig) -> PresetChoice:
        parts = [
            self.tr("{0} pixels").format(config.image_size),
            self.tr("{0} steps").format(f"{config.steps:,}"),
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
        icon = IconLabel("image", "text3", pixels=28)
        headline = strong(self.tr("Your first result appears here"))
        column = QVBoxLayout(stage)
        column.setSpacing(6)
        column.addStretch(1)
        for part in (icon, headline, self._first_result):
            column.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        return stage

    # What it shows.

    def show_engine(self, entry: EngineEntry) -> None:
        """Offer the presets of another engine."""
        self._cards.set_choices(
            [
                self._choice(name, preset, entry.config.checked(preset.values))
                for name, preset in entry.presets.items()
            ]
        )
        what = {
            "pairs": self.tr("what goes in, what comes out, what it should be."),
            "styles": self.tr("pictures, their other style, and the way back."),
            "single": self.tr("pictures that it makes, beside real ones."),
        }
        words = self.tr("A few seconds after Start: {0}").format(what[entry.data])
        self._first_result.setText(words)

    def show_pictures(self, pictures: PictureSet) -> None:
        """Show other pictures; their thumbnails are asked for."""
        self._pictures, self._thumbnails = pictures, {}
        self._found.setText(self._found_words(pictures))
        self._rows.set_labels(*self._labels(pictures))
        self._rows.set_pictures([], [])
        self._ask_for_thumbnails()

    def _found_words(self, pictures: PictureSet) -> str:
        """What was found: "Houses  ·  20 pairs, 2 held out for checking"."""
        count = f"{len(pictures.items):,}"
        if pictures.kind == "pairs":
            found = self.tr("{0} pairs").format(count)
        elif pictures.kind == "styles":
            counts = Counter(item.group for item in pictures.items)
            found = self.tr("{0} in {1}, {2} in {3}").format(
                f"{counts[0]:,}", pictures.a_name, f"{counts[1]:,}", pictures.b_name
            )
        elif pictures.classes:
            classes = f"{len(pictures.classes):,}"
            found = self.tr("{0} pictures in {1} classes").format(count, classes)
        else:
            found = self.tr("{0} pictures").format(count)
        held_out = f"{len(pictures.held_out):,}"
        words = self.tr("{0}  ·  {1}, {2} held out for checking")
        return words.format(pictures.name, found, held_out)

    def _labels(self, pictures: PictureSet) -> tuple[str, str]:
        if pictures.kind == "pairs":
            return self.tr("From"), self.tr("To")
        if pictures.kind == "styles":
            return pictures.a_name, pictures.b_name
        return "", ""

    def _ask_for_thumbnails(self) -> None:
        """Ask for the small pictures that fit and are not there yet, if any."""
        names = list(dict.fromkeys(name for row in self._names() for name in row))
        if self.isVisible() and any(name not in self._thumbnails for name in names):
            self.thumbnails_wanted.emit(names)

    def show_thumbnail(self, name: str, pictures: Sequence[QImage]) -> None:
        """Show an item's small pictures; those that do not fit are passed over.

        Args:
            name: The item's.
            pictures: Input and answer of a pair, else one picture.
        """
        rows = self._names()
        if not any(name in row for row in rows):
            return
        self._thumbnails[name] = pictures
        shown = [
            [
                # Below, the answer of a pair; or the only picture there is.
                Thumbnail(name, self._thumbnails[name][-place])
                for name in row
                if name in self._thumbnails
            ]
            for place, row in enumerate(rows)
        ]
        self._rows.set_pictures(*shown)

    def show_preset(self, name: str | None) -> None:
        """Mark the preset that the settings stand for, None for the user's own."""
        self._cards.set_chosen(name)

    def show_cost(self, preset: str, steps: int, dry_run: DryRun) -> None:
        """Say how long the *steps* of a preset take on this computer."""
        pace = dry_run.seconds_per_step
        too_large = self.tr("Needs more memory")
        words = too_large if pace is None else duration(pace * steps)
        self._cards.set_strong(preset, words)

    def _names(self) -> tuple[Names, Names]:
        """The items in each row: spread over what is learnt from, as many as fit."""
        if self._pictures is None:
            return (), ()
        items = self._pictures.training or self._pictures.items
        columns = self._rows.columns()
        if self._pictures.kind == "pairs":
            names = _spread(items, columns)
            return names, names
        if self._pictures.kind == "styles":
            first, second = ([i for i in items if i.group == n] for n in (0, 1))
            return _spread(first, columns), _spread(second, columns)
        names = _spread(items, 2 * columns)
        return names[:columns], names[columns:]

    def _on_columns_changed(self, _columns: int) -> None:
        self._ask_for_thumbnails()

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for what was not needed while it could not be seen."""
        super().showEvent(event)
        self._ask_for_thumbnails()


def _spread(items: Sequence[Item], most: int) -> Names:
    """Names of items from everywhere among *items*, in their order."""
    count = min(len(items), most)
    return tuple(items[i * len(items) // count].name for i in range(count))
