"""What was found out about the open pictures, and what the user leaves out."""

from collections.abc import Sequence
from itertools import groupby

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout

from engines.data.sets import USED_ALL_THE_SAME, PictureSet, Problem, Source
from studio.session import Rgb, Session
from studio.widgets.card import Card
from studio.widgets.chip import Chip
from studio.widgets.labels import body, heading
from studio.widgets.picture import to_image
from studio.widgets.problem_list import (
    CASE_PICTURE,
    Case,
    ProblemList,
    ProblemRow,
)

_LEFT_OUT = "left out by the user"

# Kinds of problems, the most telling first.
_ORDER = (
    "unreadable",
    "not_a_pair",
    "mismatch",
    "duplicate",
    "unmatched",
    "few",
    "alike",
    "small",
    "mixed",
    "not_kept",
)
_HARMLESS = frozenset({"small", "mixed", "not_kept"})


class FindingsCard(Card):
    """Problems by kind, each case with its picture, and what was left out."""

    def __init__(self, session: Session) -> None:
        """Follow what *session* finds out about what it has open."""
        super().__init__()
        self._session = session
        self._pictures: PictureSet | None = None
        self._audited: tuple[Problem, ...] = ()
        self._count = Chip("warn")
        self.progress = body()
        self.progress.setProperty("role", "caption")
        self.list = ProblemList()
        title = QHBoxLayout()
        title.setSpacing(8)
        title.addWidget(heading(self.tr("Problems")))
        title.addWidget(self._count)
        title.addStretch()
        self.column.addLayout(title)
        self.column.addWidget(self.progress)
        self.column.addWidget(self.list)

        session.data.audit_progressed.connect(self._on_audit_progressed)
        session.data.audited.connect(self._on_audited)
        session.library.case_picture_ready.connect(self._on_case_picture_ready)
        self.list.pictures_wanted.connect(self._on_pictures_wanted)
        self.list.acted.connect(self._on_acted)

    def show_pictures(self, pictures: PictureSet) -> None:
        """Say what is known of *pictures* already; the audit tells the rest."""
        if self._pictures and _what(self._pictures) == _what(pictures):
            # They are looked at again; until then, what was said of them holds.
            out = set(pictures.left_out)
            self._audited = tuple(p for p in self._audited if p.item not in out)
        else:
            self._audited = ()
            self.progress.setText(self.tr("Looking at every picture…"))
        self._pictures = pictures
        self._show()

    def _show(self) -> None:
        assert self._pictures is not None, "findings are about pictures"
        problems = sorted(
            (*self._pictures.problems, *self._audited),
            key=lambda problem: _ORDER.index(problem.kind),
        )
        sources = self._sources(problems)
        rows = [
            self._row(kind, list(cases), sources)
            for kind, cases in groupby(problems, key=lambda problem: problem.kind)
        ]
        level = "plain" if {p.kind for p in problems} <= _HARMLESS else "warn"
        self._count.show_state(level, None, f"{len(problems):,}")
        self._count.setVisible(bool(problems))
        if self._pictures.left_out:
            rows.append(self._left_out_row(self._pictures.left_out))
        self.list.set_problems(rows)
        self.list.setVisible(bool(rows))

    def _sources(self, problems: Sequence[Problem]) -> dict[str, Source]:
        """Where the pictures of items are; one file may hold many of them."""
        assert self._pictures is not None
        wanted = {problem.item for problem in problems if problem.item}
        items = self._pictures.items if wanted else ()
        return {item.name: item.a for item in items if item.name in wanted}

    # ------------------------------------------------------------------------
    # Rows.

    def _row(
        self, kind: str, problems: list[Problem], sources: dict[str, Source]
    ) -> ProblemRow:
        items = {problem.item for problem in problems if problem.item}
        cases = [
            Case(problem.words, _source(problem, sources), problem.item)
            for problem in problems
        ]
        says_all = len(problems) == 1 and problems[0].path is None
        return ProblemRow(
            kind=kind,
            level="info" if kind in _HARMLESS else "warn",
            headline=self._headline(kind, len(problems)),
            detail=self._detail(kind, problems),
            cases=() if says_all else cases,
            action=self.tr("Leave out"),
            action_for_all=self.tr("Leave out all {n}").format(n=f"{len(items):,}"),
        )

    def _left_out_row(self, names: Sequence[str]) -> ProblemRow:
        count = f"{len(names):,}"
        many = self.tr("{n} left out by you").format(n=count)
        return ProblemRow(
            kind=_LEFT_OUT,
            level="plain",
            headline=self.tr("1 left out by you") if len(names) == 1 else many,
            detail=self._first(names),
            cases=[Case(name, None, name) for name in names],
            action=self.tr("Take back"),
            action_for_all=self.tr("Take back all {n}").format(n=count),
        )

    def _detail(self, kind: str, problems: list[Problem]) -> str:
        """The first names, and whether they are used."""
        # Both files of a pair may be concerned, under one name.
        names = dict.fromkeys(p.path.name for p in problems if p.path)
        if not names or (len(names) == 1 and len(problems) > 2):
            return problems[0].words  # all are about many pictures, or about one file
        is_used = kind in USED_ALL_THE_SAME
        words = self.tr("{0}. Used.") if is_used else self.tr("{0}. Left out.")
        return words.format(self._first(list(names)))

    def _first(self, names: Sequence[str]) -> str:
        words = ", ".join(names[:2])
        if len(names) <= 2:
            return words
        more = f"{len(names) - 2:,}"
        return self.tr("{names} and {n} more").format(names=words, n=more)

    def _headline(self, kind: str, count: int) -> str:
        words = self._headlines()[kind]
        return words[0 if count == 1 else -1].format(n=f"{count:,}")

    def _headlines(self) -> dict[str, tuple[str, ...]]:
        """For each kind what to say of one, and of several; or of any number."""
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
                self.tr("1 file does not fit"),
                self.tr("{n} files do not fit"),
            ),
            # Of these, one sentence may be about many pictures.
            "few": (self.tr("Few to learn from"),),
            "alike": (self.tr("The same picture twice"),),
            "small": (self.tr("Small pictures"),),
            "mixed": (self.tr("Mixed pictures"),),
            "not_kept": (self.tr("Not kept on disk"),),
        }

    # ------------------------------------------------------------------------
    # What happens.

    @Slot(int, int)
    def _on_audit_progressed(self, done: int, total: int) -> None:
        words = self.tr("Looking at every picture: {done} of {total}")
        self.progress.setText(words.format(done=f"{done:,}", total=f"{total:,}"))

    @Slot(object)
    def _on_audited(self, problems: tuple[Problem, ...]) -> None:
        self._audited = problems
        assert self._pictures is not None, "what is audited was opened before"
        nothing = not problems and not self._pictures.problems
        all_fine = self.tr("Every picture was looked at. All can be used.")
        looked_at = self.tr("Every picture was looked at.")
        self.progress.setText(all_fine if nothing else looked_at)
        self._show()

    @Slot(list)
    def _on_pictures_wanted(self, sources: list[Source]) -> None:
        side = round(CASE_PICTURE * self.devicePixelRatioF())
        self._session.library.request_case_pictures(sources, side)

    @Slot(object, object)
    def _on_case_picture_ready(self, source: Source, picture: Rgb) -> None:
        self.list.set_picture(source, to_image(picture))

    @Slot(str, list)
    def _on_acted(self, kind: str, items: list[str]) -> None:
        data = self._session.data
        (data.take_back if kind == _LEFT_OUT else data.leave_out)(items)


def _source(problem: Problem, sources: dict[str, Source]) -> Source | None:
    """Where the picture is that it is about; None where it is about many."""
    if problem.item in sources:
        return sources[problem.item]
    return Source(problem.path) if problem.path else None


def _what(pictures: PictureSet) -> tuple[object, ...]:
    """Equal where the same pictures are meant, whatever was left out of them."""
    return pictures.folder, pictures.use, frozenset(pictures.groups)
