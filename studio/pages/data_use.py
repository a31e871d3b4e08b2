"""What the open pictures are used for: a question, an engine, a use, a direction."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from engines.catalogue import recommended
from engines.data.sets import PictureSet, Use
from engines.training.jobs import Direction
from studio.pages.data_words import reason, use_words
from studio.pages.train_engine import EngineChoice
from studio.session import Session
from studio.widgets import buttons
from studio.widgets.card import Card
from studio.widgets.icon_label import IconLabel
from studio.widgets.labels import body, caption, heading
from studio.widgets.segmented import Segmented

if TYPE_CHECKING:
    from pathlib import Path

_NAME_PIXELS = 60  # of a folder's name in the direction switch


class QuestionCard(Card):
    """Asks what no file can tell: are these pairs, or two styles?"""

    def __init__(self, session: Session) -> None:
        """Tell *session* the answer."""
        super().__init__()
        self._session = session
        self._answered: set[Path] = set()
        self.pairs_button = buttons.secondary(self.tr("They are pairs"))
        self.styles_button = buttons.secondary(self.tr("They are two styles"))
        title = QHBoxLayout()
        title.setSpacing(8)
        title.addWidget(IconLabel("question", "accent_text", pixels=18))
        words = heading(self.tr("Are these pairs or two styles?"))
        words.setWordWrap(True)
        title.addWidget(words, 1)
        self.column.addLayout(title)
        pairs = self.tr(
            "Each picture has its answer, of the same name, in the other folder."
        )
        styles = self.tr("The names match by chance, as those of numbered files do.")
        for button, sentence in (
            (self.pairs_button, pairs),
            (self.styles_button, styles),
        ):
            answer = QVBoxLayout()
            answer.setSpacing(4)
            why = body(sentence)
            why.setProperty("role", "caption")
            answer.addWidget(button)
            answer.addWidget(why)
            self.column.addLayout(answer)
        self.pairs_button.clicked.connect(self._on_pairs)
        self.styles_button.clicked.connect(self._on_styles)

    def show_pictures(self, pictures: PictureSet) -> None:
        """Ask about *pictures*, unless it was answered."""
        self.setVisible(pictures.asks and pictures.folder not in self._answered)

    def _answer(self) -> None:
        assert self._session.pictures is not None, "it is about pictures"
        self._answered.add(self._session.pictures.folder)
        self.hide()

    @Slot()
    def _on_pairs(self) -> None:
        self._answer()

    @Slot()
    def _on_styles(self) -> None:
        self._answer()
        self._session.data.use_as("styles")


class UseCard(Card):
    """Which engine and why, what for, and what is learnt from what."""

    def __init__(self, session: Session) -> None:
        """Show what *session* has open and tell it what is chosen."""
        super().__init__()
        self._session = session
        self._name = heading()
        self._name.setWordWrap(True)
        self._why = body()
        self._why.setProperty("role", "caption")
        self.use = QComboBox()
        self.engine = EngineChoice()
        self.direction = Segmented(
            [("AtoB", "A → B"), ("BtoA", "B → A")], name=self.tr("Direction")
        )
        self.sides = Sides()
        self._lay_out()
        self.use.activated.connect(self._on_use_chosen)
        self.engine.chosen.connect(session.use_engine)
        self.direction.changed.connect(self._on_direction_changed)
        self.sides.chosen.connect(self._on_sides_chosen)
        session.engine_changed.connect(self._show_engine)

    def _lay_out(self) -> None:
        title = QHBoxLayout()
        title.setSpacing(8)
        title.addWidget(IconLabel("lightbulb-fill", "accent_text", pixels=18))
        title.addWidget(self._name, 1)
        _make_narrow(self.use, self.tr("Use these pictures as"))
        margins = self.engine.layout()
        assert margins is not None, "it stands in a form elsewhere, with room around"
        margins.setContentsMargins(0, 0, 0, 0)
        self._use_part = _captioned(self.tr("Use these pictures as"), self.use)
        self._direction_part = _captioned(self.tr("Direction"), self.direction)
        self.column.addLayout(title)
        for part in (
            self._why,
            self._use_part,
            self.engine,
            self._direction_part,
            self.sides,
        ):
            self.column.addWidget(part)

    def show_pictures(self, pictures: PictureSet) -> None:
        """Judge *pictures*, and offer what else they could be used for."""
        title = recommended(pictures.kind).title
        self._name.setText(self.tr("Recommended: {0}").format(title))
        self._why.setText(reason(pictures))
        self._show_uses(pictures)
        self._show_engine()
        direction = self._session.data.direction
        a, b = pictures.a_name, pictures.b_name
        if pictures.use == "pairs" and direction == "BtoA":
            a, b = b, a
        self._direction_part.setVisible(pictures.use == "pairs")
        self._name_directions(a, b)
        self.direction.set_value(direction)
        self.sides.show_choices(pictures, a, b)

    def _show_uses(self, pictures: PictureSet) -> None:
        uses = tuple(dict.fromkeys((*pictures.uses, pictures.use)))
        self.use.clear()
        for use in uses:
            self.use.addItem(use_words(use), use)
        self.use.setCurrentIndex(uses.index(pictures.use))
        self._use_part.setVisible(len(uses) > 1)

    @Slot()
    def _show_engine(self) -> None:
        if self._session.pictures is not None:
            self.engine.show_engines(self._session.entry, self._session.pictures)
            self.engine.setVisible(self.engine.can_choose())

    def _name_directions(self, a: str, b: str) -> None:
        metrics = self.direction.button("AtoB").fontMetrics()
        middle = Qt.TextElideMode.ElideMiddle
        short_a, short_b = (metrics.elidedText(n, middle, _NAME_PIXELS) for n in (a, b))
        self.direction.set_words("AtoB", f"{short_a} → {short_b}")
        self.direction.set_words("BtoA", self.tr("Back"))
        for value, words in (("AtoB", f"{a} → {b}"), ("BtoA", f"{b} → {a}")):
            self.direction.button(value).setToolTip(words)
            self.direction.button(value).setAccessibleName(words)

    @Slot(int)
    def _on_use_chosen(self, place: int) -> None:
        use: Use = self.use.itemData(place)
        pictures = self._session.pictures
        assert pictures is not None, "what is used is open"
        if use != pictures.use:
            self._session.data.use_as(use)

    @Slot(str)
    def _on_direction_changed(self, direction: Direction) -> None:
        self._session.data.set_direction(direction)

    @Slot(str, str)
    def _on_sides_chosen(self, a: str, b: str) -> None:
        assert self._session.pictures is not None, "there is a choice of its folders"
        self._session.data.use_as(self._session.pictures.use, (a, b))


class Sides(QWidget):
    """Which two of several folders are used; hidden where there are only two.

    Signals:
        chosen: Other folders: inputs and answers, or the two styles.
    """

    chosen = Signal(str, str)

    def __init__(self) -> None:
        """Offer nothing."""
        super().__init__()
        self.a, self.b = QComboBox(), QComboBox()
        self._names = (caption(), caption())
        self._chosen = ("", "")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for combo, name in zip((self.a, self.b), self._names, strict=True):
            name.setBuddy(combo)
            column.addWidget(name)
            column.addWidget(combo)
            combo.activated.connect(self._on_activated)

    def show_choices(self, pictures: PictureSet, a: str, b: str) -> None:
        """Offer the folders of *pictures*, of which *a* and *b* are in use."""
        self._chosen = (a, b)
        words = (self.tr("From"), self.tr("To"))
        if pictures.kind == "styles":
            words = (self.tr("One style"), self.tr("The other style"))
        for combo, name, label, said in zip(
            (self.a, self.b), (a, b), self._names, words, strict=True
        ):
            label.setText(said)
            _make_narrow(combo, said)
            with QSignalBlocker(combo):
                combo.clear()
                combo.addItems(list(pictures.choices))
                combo.setCurrentText(name)
        can_choose = pictures.use in ("pairs", "styles") and len(pictures.choices) > 2
        self.setVisible(can_choose)

    @Slot()
    def _on_activated(self) -> None:
        a, b = self.a.currentText(), self.b.currentText()
        if a == b:
            # The folder of the other side was chosen: the two change places.
            b, a = self._chosen
        if (a, b) != self._chosen:
            self.chosen.emit(a, b)


def _make_narrow(combo: QComboBox, name: str) -> None:
    """Let long words be cut rather than widen the panel."""
    combo.setAccessibleName(name)
    combo.setMinimumContentsLength(6)
    combo.setSizeAdjustPolicy(
        QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
    )


def _captioned(words: str, field: QWidget) -> QWidget:
    part = QWidget()
    column = QVBoxLayout(part)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(4)
    name = caption(words)
    name.setBuddy(field)
    column.addWidget(name)
    column.addWidget(field)
    return part
