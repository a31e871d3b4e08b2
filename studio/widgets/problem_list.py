"""A list of what is wrong: one row for each kind, that opens to its cases."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.widgets import buttons
from studio.widgets.card import Divider
from studio.widgets.icon_label import IconLabel
from studio.widgets.labels import body, strong

MOST_CASES = 100  # more lines than anybody reads, and each costs layout time

_ICONS = {"warn": ("warning-fill", "warn"), "info": ("info-fill", "accent_text")}


@dataclass(frozen=True, kw_only=True, slots=True)
class ProblemRow:
    """One kind of problem.

    Attributes:
        level: "warn", or "info" where nothing was left out.
        headline: How many of what ("2 files cannot be opened").
        detail: The first few, and what was done about them.
        cases: A sentence for each.
    """

    level: str
    headline: str
    detail: str
    cases: Sequence[str]


class ProblemList(QWidget):
    """Rows with a line between them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Show none."""
        super().__init__(parent)
        self.rows: list[_Row] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)

    def set_problems(self, problems: Sequence[ProblemRow]) -> None:
        """Show others, all of them closed."""
        while (item := self._column.takeAt(0)) is not None:
            if widget := item.widget():
                widget.deleteLater()
        self.rows = [_Row(problem) for problem in problems]
        for place, row in enumerate(self.rows):
            if place:
                self._column.addWidget(Divider())
            self._column.addWidget(row)


class _Row(QWidget):
    """Icon, headline, detail, and the link that shows the cases."""

    def __init__(self, problem: ProblemRow) -> None:
        super().__init__()
        self.problem = problem
        self.link = buttons.link(self.tr("Show"))
        self.link.setAccessibleName(self.tr("Show: {0}").format(problem.headline))
        self._detail = body(problem.detail)
        self.cases = body()
        for label in (self._detail, self.cases):
            label.setProperty("role", "caption")
        self.cases.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.cases.hide()

        words = QVBoxLayout()
        words.setSpacing(2)
        headline = strong(problem.headline)
        headline.setWordWrap(True)
        for label in (headline, self._detail, self.cases):
            words.addWidget(label)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        top = Qt.AlignmentFlag.AlignTop
        row.addWidget(IconLabel(*_ICONS[problem.level]), 0, top)
        row.addLayout(words, 1)
        row.addWidget(self.link, 0, top)

        self.link.clicked.connect(self._on_clicked)

    @Slot()
    def _on_clicked(self) -> None:
        opens = self.cases.isHidden()
        if opens and not self.cases.text():
            self.cases.setText("\n".join(self._lines()))
        self.cases.setVisible(opens)
        self._detail.setVisible(not opens)
        self.link.setText(self.tr("Hide") if opens else self.tr("Show"))

    def _lines(self) -> list[str]:
        cases = self.problem.cases
        lines = list(cases[:MOST_CASES])
        if len(cases) > MOST_CASES:
            more = f"{len(cases) - MOST_CASES:,}"
            lines.append(self.tr("… and {n} more.").format(n=more))
        return lines
