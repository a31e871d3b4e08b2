"""The panel of the Data page: what to train, which way, and what is wrong."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QStyle,
    QVBoxLayout,
    QWidget,
)

from engines.data.sets import PictureSet, Problem
from engines.training.jobs import Direction
from studio.session import Session
from studio.widgets.card import Card
from studio.widgets.chip import Chip
from studio.widgets.icon_label import IconLabel
from studio.widgets.labels import body, caption, heading
from studio.widgets.problem_list import ProblemList, ProblemRow
from studio.widgets.segmented import Segmented

FEW, ENOUGH = 50, 2_000  # pairs to learn from
_CARD_EDGES = 34  # both margins and hairlines
_NAME_PIXELS = 60  # of a folder's name in the direction switch


class DataPanel(QScrollArea):
    """Cards below each other; scrolls by itself."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        """Follow what *session* has open."""
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.recommendation = _Recommendation(session)
        self.problems = _Problems()

        self._inside = QWidget()
        self._inside.setProperty("kind", "scrolled")
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(0, 0, 0, 16)
        column.setSpacing(16)
        column.addWidget(self.recommendation)
        column.addWidget(self.problems)
        column.addStretch()
        self.setWidget(self._inside)

    def show_pairs(self, pairs: PictureSet) -> None:
        """Say what there is to say about *pairs*."""
        self.recommendation.show_pairs(pairs)
        self.problems.show_problems(pairs.problems)

    def needed_width(self) -> int:
        """Pixels without which words would be cut, scroll bar included."""
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        direction = self.recommendation.direction.sizeHint().width() + _CARD_EDGES
        return max(self._inside.minimumSizeHint().width(), direction) + bar


class _Recommendation(Card):
    """Which engine and why, and what is learnt from what."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._why = body()
        self._why.setProperty("role", "caption")
        self.direction = Segmented(
            [("AtoB", "A → B"), ("BtoA", "B → A")], name=self.tr("Direction")
        )
        self.sides = _Sides()

        title = QHBoxLayout()
        title.setSpacing(8)
        title.addWidget(IconLabel("lightbulb-fill", "accent_text", pixels=18))
        words = self.tr("Recommended: {0}").format(session.entry.title)
        name = heading(words)
        name.setWordWrap(True)
        title.addWidget(name, 1)
        direction = QVBoxLayout()
        direction.setSpacing(4)
        direction.addWidget(caption(self.tr("Direction")))
        direction.addWidget(self.direction)
        self.column.addLayout(title)
        self.column.addWidget(self._why)
        self.column.addLayout(direction)
        self.column.addWidget(self.sides)

        self.direction.changed.connect(self._on_direction_changed)
        self.sides.chosen.connect(self._on_sides_chosen)

    def show_pairs(self, pairs: PictureSet) -> None:
        """Judge *pairs*, and name both directions after their sides."""
        self._why.setText(self._reason(len(pairs.training)))
        direction = self._session.data.direction
        a_to_b = pairs if direction == "AtoB" else pairs.reversed()
        self._name_directions(a_to_b.a_name, a_to_b.b_name)
        self.direction.set_value(direction)
        self.sides.show_choices(pairs.choices, a_to_b.a_name, a_to_b.b_name)

    def _reason(self, count: int) -> str:
        matching = self.tr(
            "You have matching pairs, so it can learn from the right answer."
        )
        if count < FEW:
            words = self.tr(
                "With only {n} to learn from it will know them by heart and do badly "
                "on others; a few hundred are better."
            )
        elif count < ENOUGH:
            words = self.tr("{n} are few for 256 pixels; 64 is a good start.")
        else:
            words = self.tr("{n} are enough for 256 pixels, if you have the time.")
        return f"{matching} {words.format(n=f'{count:,}')}"

    def _name_directions(self, a: str, b: str) -> None:
        metrics = self.direction.button("AtoB").fontMetrics()
        middle = Qt.TextElideMode.ElideMiddle
        short_a, short_b = (metrics.elidedText(n, middle, _NAME_PIXELS) for n in (a, b))
        self.direction.set_words("AtoB", f"{short_a} → {short_b}")
        self.direction.set_words("BtoA", self.tr("Back"))
        for value, words in (("AtoB", f"{a} → {b}"), ("BtoA", f"{b} → {a}")):
            self.direction.button(value).setToolTip(words)
            self.direction.button(value).setAccessibleName(words)

    @Slot(str)
    def _on_direction_changed(self, direction: Direction) -> None:
        self._session.data.set_direction(direction)

    @Slot(str, str)
    def _on_sides_chosen(self, a: str, b: str) -> None:
        assert self._session.pictures is not None, "there is a choice of its folders"
        self._session.data.use_as(self._session.pictures.use, (a, b))


class _Sides(QWidget):
    """Which two of several folders are paired; hidden where there are only two.

    Signals:
        chosen: Other folders: the one to learn from, and the one with the answers.
    """

    chosen = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b = QComboBox(), QComboBox()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for combo, words in ((self.a, self.tr("From")), (self.b, self.tr("To"))):
            combo.setAccessibleName(words)
            combo.setMinimumContentsLength(6)
            combo.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            column.addWidget(caption(words))
            column.addWidget(combo)
        self.a.activated.connect(self._on_activated)
        self.b.activated.connect(self._on_activated)
        self._chosen = ("", "")

    def show_choices(self, choices: Sequence[str], a: str, b: str) -> None:
        """Offer *choices*, of which *a* and *b* are in use."""
        self._chosen = (a, b)
        for combo, name in ((self.a, a), (self.b, b)):
            with QSignalBlocker(combo):
                combo.clear()
                combo.addItems(list(choices))
                combo.setCurrentText(name)
        self.setVisible(len(choices) > 2)

    @Slot()
    def _on_activated(self) -> None:
        a, b = self.a.currentText(), self.b.currentText()
        if a == b:
            # The folder of the other side was chosen: the two change places.
            b, a = self._chosen
        if (a, b) != self._chosen:
            self.chosen.emit(a, b)


class _Problems(Card):
    """What was left out, and why; hidden where nothing was."""

    def __init__(self) -> None:
        super().__init__()
        self._count = Chip("warn")
        self.list = ProblemList()
        title = QHBoxLayout()
        title.setSpacing(8)
        title.addWidget(heading(self.tr("Problems")))
        title.addWidget(self._count)
        title.addStretch()
        self.column.addLayout(title)
        self.column.addWidget(self.list)

    def show_problems(self, problems: Iterable[Problem]) -> None:
        """Show *problems*, one row for each kind."""
        kinds = sorted(problems, key=lambda problem: problem.kind)
        rows = [
            self._row(kind, list(cases))
            for kind, cases in groupby(kinds, key=lambda problem: problem.kind)
        ]
        self.list.set_problems(rows)
        self._count.show_state("warn", None, f"{len(kinds):,}")
        self.setVisible(bool(rows))

    def _row(self, kind: str, cases: list[Problem]) -> ProblemRow:
        one, many = self._headlines()[kind]
        count = len(cases)
        headline = (one if count == 1 else many).format(n=f"{count:,}")
        # Both files of a pair may be concerned, under one name.
        names = list(dict.fromkeys(case.path.name for case in cases if case.path))
        detail = ", ".join(names[:2])
        if len(names) > 2:
            detail = self.tr("{names} and {n} more").format(
                names=detail, n=f"{len(names) - 2:,}"
            )
        is_used = kind == "small"
        words = self.tr("{0}. Used.") if is_used else self.tr("{0}. Left out.")
        return ProblemRow(
            level="info" if is_used else "warn",
            headline=headline,
            detail=words.format(detail),
            cases=[case.words for case in cases],
        )

    def _headlines(self) -> dict[str, tuple[str, str]]:
        """For each kind of problem what to say of one, and of several."""
        return {
            "unreadable": (
                self.tr("1 file cannot be opened"),
                self.tr("{n} files cannot be opened"),
            ),
            "unmatched": (
                self.tr("1 name without a partner"),
                self.tr("{n} names without a partner"),
            ),
            "mismatch": (
                self.tr("1 pair differs in shape"),
                self.tr("{n} pairs differ in shape"),
            ),
            "duplicate": (
                self.tr("1 name is there twice"),
                self.tr("{n} names are there twice"),
            ),
            "not_a_pair": (
                self.tr("1 file is no pair"),
                self.tr("{n} files are no pairs"),
            ),
            "small": (
                self.tr("1 picture is small"),
                self.tr("{n} pictures are small"),
            ),
        }
