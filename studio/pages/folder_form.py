"""How a folder is translated: from where, where to, under which names."""

from collections.abc import Sequence
from pathlib import Path
from typing import cast

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from engines.batch_plan import FIELDS, Existing, Format
from studio.model_jobs import NAMES_SHOWN, FolderPlan
from studio.theme import restyle
from studio.widgets import buttons
from studio.widgets.card import Card, Divider
from studio.widgets.icon_label import IconLabel
from studio.widgets.labels import ElidedLabel, body, caption, error, heading
from studio.widgets.segmented import Segmented
from studio.widgets.toggle import Toggle

_LINK_EDGE = 7  # padding and border left of a link's words
_MIDDLE = Qt.TextElideMode.ElideMiddle


class FolderForm(QWidget):
    """Two cards: what may be chosen, and what the results will be called.

    Signals:
        changed: Something else is wanted.
        inputs_wanted: The user wants to choose other pictures.
    """

    changed = Signal()
    inputs_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Show no folder yet."""
        super().__init__(parent)
        self.inputs: tuple[Path, ...] = ()
        self.out = Path()
        self._folder = ElidedLabel(role="strong")
        self._where = ElidedLabel(role="caption", mode=_MIDDLE)
        self.inputs_button = buttons.link(self.tr("Change"))
        self._out = ElidedLabel(mode=_MIDDLE)
        self.out_button = buttons.link(self.tr("Change"))
        self.pattern = QLineEdit("{name}")
        self.problem = error()
        self.format = Segmented(
            [
                ("same", self.tr("As it is")),
                ("png", "PNG"),
                ("jpg", "JPEG"),
                ("webp", "WebP"),
                ("tif", "TIFF"),
            ],
            name=self.tr("Format of the results"),
        )
        self.skip = Toggle(self.tr("Skip pictures that have a result"))
        self.names = [
            (ElidedLabel(mode=_MIDDLE), ElidedLabel(mode=_MIDDLE))
            for _ in range(NAMES_SHOWN)
        ]
        self.count = body()
        self._lay_out()
        self._connect()

    def set_inputs(self, paths: Sequence[Path]) -> None:
        """Translate other pictures, into a folder beside them."""
        self.inputs = tuple(paths)
        first = paths[0]
        is_one = len(paths) == 1
        many = self.tr("{0} files and folders").format(f"{len(paths):,}")
        self._folder.setText(first.name if is_one else many)
        self._where.setText(str(first.parent))
        name = first.name if first.is_dir() and is_one else first.parent.name
        self.set_out(first.parent / self.tr("{0} translated").format(name))

    def set_out(self, folder: Path) -> None:
        """Let the results go to *folder*."""
        self.out = folder
        self._out.setText(str(folder))
        self.count.setText(self.tr("Counting the pictures…"))
        self.changed.emit()

    def file_format(self) -> Format:
        """The ending that is chosen."""
        return cast("Format", self.format.value())

    def existing(self) -> Existing:
        """What is to be done about results that are there."""
        return "skip" if self.skip.isChecked() else "number"

    def show_plan(self, plan: FolderPlan) -> None:
        """Show the first names, and how many pictures there are."""
        self.show_problem("")
        for place, (source, target) in enumerate(self.names):
            known = place < len(plan.names)
            before, after = plan.names[place] if known else ("", "")
            source.setText(before)
            target.setText(f"→ {after}" if known else "")
        many = self.tr("{0} pictures.").format(f"{plan.total:,}")
        words = self.tr("1 picture.") if plan.total == 1 else many
        if plan.there:
            there = self.tr("Skipped, as there is a result already: {0}.")
            words += " " + there.format(f"{plan.there:,}")
        self.count.setText(words)

    def show_problem(self, words: str, *, of_names: bool = False) -> None:
        """Say why it cannot be done; *of_names* where the pattern is to blame."""
        self.problem.setText(words)
        self.problem.setVisible(bool(words))
        if words:
            self.count.clear()
            for label in (label for pair in self.names for label in pair):
                label.clear()
        self.pattern.setProperty("level", "err" if of_names else "")
        restyle(self.pattern)

    # Layout and connections.

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 0, 24, 16)
        row.setSpacing(16)
        row.addWidget(self._choices(), 1, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._preview(), 1, Qt.AlignmentFlag.AlignTop)
        self.problem.hide()

    def _choices(self) -> QWidget:
        card = Card()
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._folder)
        words.addWidget(self._where)
        source = QHBoxLayout()
        source.setSpacing(12)
        source.addWidget(IconLabel("folder-open", pixels=28))
        source.addLayout(words, 1)
        source.addWidget(self.inputs_button)
        target = QHBoxLayout()
        target.setSpacing(12)
        target.addWidget(self._out, 1)
        target.addWidget(self.out_button)
        card.column.addLayout(source)
        card.column.addWidget(Divider())
        card.column.addLayout(_field(self.tr("Results go to"), target))
        names = _field(self.tr("Names"), self.pattern)
        names.addLayout(self._field_buttons())
        names.addWidget(self.problem)
        card.column.addLayout(names)
        card.column.addLayout(_field(self.tr("Format"), self.format))
        card.column.addWidget(self.skip)
        self.skip.setChecked(True)
        self.inputs_button.setAccessibleName(self.tr("Choose other pictures"))
        self.out_button.setAccessibleName(self.tr("Choose where results go"))
        self.pattern.setAccessibleName(self.tr("Names of the results"))
        return card

    def _field_buttons(self) -> QHBoxLayout:
        meanings = {
            "name": self.tr("The picture's own name"),
            "model": self.tr("The model's name"),
            "step": self.tr("The training step of its weights"),
            "number": self.tr("Its place among the pictures, from 1"),
            "ext": self.tr("The ending that the picture had"),
        }
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addSpacing(-_LINK_EDGE)
        self.field_buttons: dict[str, QPushButton] = {}
        for field in FIELDS:
            button = buttons.link(f"{{{field}}}")
            button.setToolTip(meanings[field])
            button.setAccessibleDescription(meanings[field])
            button.clicked.connect(self._on_field_clicked)
            self.field_buttons[field] = button
            row.addWidget(button)
        row.addStretch()
        return row

    def _preview(self) -> QWidget:
        card = Card()
        card.column.addWidget(heading(self.tr("What they will be called")))
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        for row, (source, target) in enumerate(self.names):
            grid.addWidget(source, row, 0)
            grid.addWidget(target, row, 1)
        for column, share in enumerate((2, 3)):
            grid.setColumnStretch(column, share)
        card.column.addLayout(grid)
        card.column.addWidget(Divider())
        card.column.addWidget(self.count)
        stays = caption(self.tr("The originals stay as they are."))
        stays.setWordWrap(True)
        card.column.addWidget(stays)
        return card

    def _connect(self) -> None:
        self.inputs_button.clicked.connect(self.inputs_wanted)
        self.out_button.clicked.connect(self._on_out_clicked)
        self.pattern.textChanged.connect(self.changed)
        self.format.changed.connect(self.changed)
        self.skip.toggled.connect(self.changed)

    @Slot()
    def _on_field_clicked(self) -> None:
        button = self.sender()
        assert isinstance(button, QPushButton)
        self.pattern.insert(button.text())
        self.pattern.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _on_out_clicked(self) -> None:
        start = self.out if self.out.is_dir() else self.out.parent
        folder = QFileDialog.getExistingDirectory(
            self, self.tr("Where shall the results go?"), str(start)
        )
        if folder:
            self.set_out(Path(folder))


def _field(name: str, part: QWidget | QHBoxLayout) -> QVBoxLayout:
    field = QVBoxLayout()
    field.setSpacing(4)
    label: QLabel = caption(name)
    field.addWidget(label)
    if isinstance(part, QWidget):
        field.addWidget(part)
    else:
        field.addLayout(part)
    return field
