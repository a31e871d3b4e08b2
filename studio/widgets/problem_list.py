"""A list of findings: one row for each kind, that opens to its cases."""

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from studio.icons import draw_icon
from studio.tokens import tokens_of
from studio.widgets import buttons
from studio.widgets.card import Divider
from studio.widgets.icon_label import IconLabel
from studio.widgets.labels import body, strong
from studio.widgets.picture import PICTURE_RADIUS, paint_picture

MOST_CASES = 50  # more than anybody reads, and each costs layout time
CASE_PICTURE = 40  # device-independent pixels a side
_LINK_EDGE = 7  # padding and border left of a link's words

_ICONS = {
    "warn": ("warning-fill", "warn"),
    "info": ("info-fill", "accent_text"),
    "plain": ("minus-circle", "text2"),
}


@dataclass(frozen=True, slots=True)
class Case:
    """One of those that a row is about.

    Attributes:
        words: A sentence, or a name.
        picture: What its picture is known by, None where there is none to show.
        item: What its button is about; "" for no button.
    """

    words: str
    picture: Hashable | None = None
    item: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ProblemRow:
    """One kind of finding.

    Attributes:
        kind: Which; unique in a list.
        level: "warn", "info" where nothing was left out, or "plain".
        headline: How many of what ("2 files cannot be opened").
        detail: The first few, and what was done about them.
        cases: What it opens to; none for a row that says all.
        action: What can be done with a case that has an item ("Leave out").
        action_for_all: The same with all of them ("Leave out all 3").
    """

    kind: str
    level: str
    headline: str
    detail: str
    cases: Sequence[Case] = ()
    action: str = ""
    action_for_all: str = ""


class ProblemList(QWidget):
    """Rows with a line between them.

    Signals:
        acted: The button of a case, or of all, was pressed. (kind, list of items)
        pictures_wanted: What `Case.picture` says, of all cases that can be seen. (list)
    """

    acted = Signal(str, list)
    pictures_wanted = Signal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Show none."""
        super().__init__(parent)
        self.rows: list[Row] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)

    def set_problems(self, problems: Sequence[ProblemRow]) -> None:
        """Show others; a kind that is open stays so."""
        if [row.problem for row in self.rows] == list(problems):
            return
        were_open = {row.problem.kind for row in self.rows if row.is_open()}
        while (item := self._column.takeAt(0)) is not None:
            if widget := item.widget():
                widget.hide()  # else it is painted once more where it was
                widget.deleteLater()
        self.rows = [Row(problem) for problem in problems]
        for place, row in enumerate(self.rows):
            if place:
                self._column.addWidget(Divider())
            self._column.addWidget(row)
            row.opened.connect(self._on_opened)
            row.acted.connect(self.acted)
            if row.problem.kind in were_open:
                row.toggle()

    def set_picture(self, key: Hashable, image: QImage) -> None:
        """Show a picture at every case that it is of."""
        for row in self.rows:
            for case in row.cases:
                if case.case.picture == key:
                    case.set_picture(image)

    @Slot()
    def _on_opened(self) -> None:
        cases = [case for row in self.rows if row.is_open() for case in row.cases]
        wanted = [c.case.picture for c in cases if c.case.picture and not c.has_picture]
        if wanted:
            self.pictures_wanted.emit(wanted)


class Row(QWidget):
    """Icon, headline, detail, and the link that shows the cases.

    Signals:
        opened: Its cases can be seen now.
        acted: See `ProblemList`.
    """

    opened = Signal()
    acted = Signal(str, list)

    def __init__(self, problem: ProblemRow) -> None:
        """Build it closed; cases are made when they are first shown."""
        super().__init__()
        self.problem = problem
        self.cases: list[CaseRow] = []
        self.link = buttons.link(self.tr("Show"))
        self.link.setAccessibleName(self.tr("Show: {0}").format(problem.headline))
        self.link.setVisible(bool(problem.cases))
        self.all_button = buttons.secondary(problem.action_for_all)
        self.detail = body(_breakable(problem.detail))
        self.detail.setProperty("role", "caption")
        self._inside = QWidget()
        self._inside.hide()

        headline = strong(problem.headline)
        headline.setWordWrap(True)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(headline)
        words.addWidget(self.detail)
        top = QHBoxLayout()
        top.setSpacing(10)
        at_top = Qt.AlignmentFlag.AlignTop
        top.addWidget(IconLabel(*_ICONS[problem.level]), 0, at_top)
        top.addLayout(words, 1)
        top.addWidget(self.link, 0, at_top)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self._inside)

        self.link.clicked.connect(self.toggle)
        self.all_button.clicked.connect(self._on_all_clicked)

    def is_open(self) -> bool:
        """Whether the cases are shown."""
        return not self._inside.isHidden()

    @Slot()
    def toggle(self) -> None:
        """Show the cases, or hide them again."""
        if not self.cases:
            self._add_cases()
        opens = not self.is_open()
        self._inside.setVisible(opens)
        self.link.setText(self.tr("Hide") if opens else self.tr("Show"))
        if opens:
            self.opened.emit()

    def _add_cases(self) -> None:
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        if len(self._items()) > 1:
            column.addWidget(self.all_button, 0, Qt.AlignmentFlag.AlignLeft)
        for case in self.problem.cases[:MOST_CASES]:
            row = CaseRow(case, self.problem.action)
            row.button.clicked.connect(self._on_case_clicked)
            self.cases.append(row)
            column.addWidget(row)
        if (more := len(self.problem.cases) - MOST_CASES) > 0:
            words = body(self.tr("… and {n} more.").format(n=f"{more:,}"))
            words.setProperty("role", "caption")
            column.addWidget(words)

    def _items(self) -> list[str]:
        return [case.item for case in self.problem.cases if case.item]

    @Slot()
    def _on_case_clicked(self) -> None:
        clicked = next(row for row in self.cases if row.button is self.sender())
        self.acted.emit(self.problem.kind, [clicked.case.item])

    @Slot()
    def _on_all_clicked(self) -> None:
        self.acted.emit(self.problem.kind, self._items())


class CaseRow(QWidget):
    """A small picture, a sentence, and the button below it."""

    def __init__(self, case: Case, action: str) -> None:
        """Show *case*; *action* is what its button says."""
        super().__init__()
        self.case = case
        self._picture = _Picture()
        self._picture.setVisible(case.picture is not None)
        self.words = body(_breakable(case.words))
        self.words.setProperty("role", "caption")
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.button = buttons.link(action)
        self.button.setAccessibleName(f"{action}: {case.item}")
        self.button.setVisible(bool(case.item))

        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.words)
        below = QHBoxLayout()
        below.setSpacing(0)
        below.addSpacing(-_LINK_EDGE)
        below.addWidget(self.button)
        below.addStretch()
        words.addLayout(below)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)

    @property
    def has_picture(self) -> bool:
        """Whether its picture has come."""
        return self._picture.image is not None

    def set_picture(self, image: QImage) -> None:
        """Show its picture."""
        self._picture.image = image
        self._picture.update()


def _breakable(words: str) -> str:
    """Let long names of files be broken, which have no space: U+200B has no width."""

    def broken(name: re.Match[str]) -> str:
        return re.sub(r"[^-_./]{16}|[-_./]", "\\g<0>\u200b", name[0])

    return re.sub(r"\S{17,}", broken, words)


class _Picture(QWidget):
    """A small picture, or the place where it will be or cannot be."""

    def __init__(self) -> None:
        super().__init__()
        self.image: QImage | None = None
        self.setFixedSize(QSize(CASE_PICTURE, CASE_PICTURE))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        if self.image is not None:
            paint_picture(painter, self.image, rect, self.palette(), fill=True)
            return
        tokens = tokens_of(self.palette())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.hover))
        painter.drawRoundedRect(rect, PICTURE_RADIUS, PICTURE_RADIUS)
        draw_icon(painter, rect.adjusted(11, 11, -11, -11), "image", tokens.text3)
