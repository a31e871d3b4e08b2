"""Which engine learns: a choice among those that can learn from the open pictures."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from engines.catalogue import ENGINES, EngineEntry
from engines.data.sets import PictureSet
from studio.widgets.labels import caption, tooltip
from studio.widgets.setting_field import GUTTER


class EngineChoice(QWidget):
    """A combo box at the head of the form; gone where there is nothing to choose.

    Signals:
        chosen: The user chose an engine. (str, its name)
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Offer nothing yet."""
        super().__init__(parent)
        self._entries: list[EngineEntry] = []
        name = caption(self.tr("Engine"))
        self._combo = QComboBox()
        self._combo.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # no wheel before that
        self._combo.setMinimumContentsLength(8)
        self._combo.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self._combo.setAccessibleName(name.text())
        name.setBuddy(self._combo)
        column = QVBoxLayout(self)
        column.setContentsMargins(GUTTER, 0, 0, 12)
        column.setSpacing(4)
        column.addWidget(name)
        column.addWidget(self._combo)
        self._combo.activated.connect(self._on_activated)

    def show_engines(self, entry: EngineEntry, pictures: PictureSet | None) -> None:
        """Offer every engine for *pictures*, any where none are open; mark *entry*."""
        kinds = (
            {pictures.kind} if pictures else {each.data for each in ENGINES.values()}
        )
        self._entries = [each for each in ENGINES.values() if each.data in kinds]
        self._combo.clear()
        for place, each in enumerate(self._entries):
            words = self.tr("{0}: {1}").format(each.title, each.task)
            self._combo.addItem(words, each.name)
            self._combo.setItemData(
                place, tooltip(each.words), Qt.ItemDataRole.ToolTipRole
            )
        self._combo.setCurrentIndex(self._combo.findData(entry.name))
        self._combo.setToolTip(tooltip(entry.words))
        self._combo.setAccessibleDescription(entry.words)

    def can_choose(self) -> bool:
        """Whether there is more than one."""
        return len(self._entries) > 1

    @Slot(int)
    def _on_activated(self, place: int) -> None:
        self.chosen.emit(self._entries[place].name)
