"""The map with what belongs to it: its axes above, what can be done below."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSignalBlocker, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from studio.widgets import buttons
from studio.widgets.labels import ElidedLabel, caption
from studio.widgets.little_map import LittleMap
from studio.widgets.picture_map import PictureMap
from studio.widgets.tile_plane import ZOOM_STEP

if TYPE_CHECKING:
    from engines.latent.directions import Direction

_MARGIN = 12
_ZOOM = ZOOM_STEP**2  # half a doubling a click


class ExploreGrid(QWidget):
    """The pictures of a plane, and which plane it is.

    Signals:
        axes_chosen: The user wants other directions. (across, up: their numbers)
        label_chosen: The user wants pictures of another class. (its number)
    """

    axes_chosen = Signal(int, int)
    label_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Show an empty map."""
        super().__init__(parent)
        self.across, self.up = QComboBox(), QComboBox()
        self.classes = QComboBox()
        self._class_words = caption(self.tr("Class"))
        self.zoom_out = buttons.tool("magnifying-glass-minus", self.tr("See more (−)"))
        self.zoom_in = buttons.tool("magnifying-glass-plus", self.tr("See less (+)"))
        self.range = caption()
        self.centre = buttons.tool("crosshair", self.tr("Back to the middle (Home)"))
        self.map = PictureMap()
        self.little_map = LittleMap(self.map)
        self.decoded = caption()
        self._lay_out()

        self.across.activated.connect(self._on_axes)
        self.up.activated.connect(self._on_axes)
        self.classes.activated.connect(self.label_chosen)
        self.zoom_out.clicked.connect(lambda: self.map.zoom(_ZOOM))
        self.zoom_in.clicked.connect(lambda: self.map.zoom(1 / _ZOOM))
        self.centre.clicked.connect(self.map.home)
        self.map.view_changed.connect(self._on_view_changed)
        self.little_map.went.connect(self.map.centre_on)

    def offer(self, directions: Sequence["Direction"], axes: tuple[int, int]) -> None:
        """Offer *directions*, of which two are the *axes* now."""
        for box, number in zip((self.across, self.up), axes, strict=True):
            with QSignalBlocker(box):
                box.clear()
                box.addItems([direction.name for direction in directions])
                box.setCurrentIndex(number)
        self.map.set_axes(self.across.currentText(), self.up.currentText())

    def show_axes(self, axes: tuple[int, int]) -> None:
        """Say which directions the map shows."""
        for box, number in zip((self.across, self.up), axes, strict=True):
            box.setCurrentIndex(number)
        self.map.set_axes(self.across.currentText(), self.up.currentText())

    def offer_classes(self, names: Sequence[str]) -> None:
        """Let a class be chosen, where there are any."""
        with QSignalBlocker(self.classes):
            self.classes.clear()
            self.classes.addItems(list(names))
        for part in (self.classes, self._class_words):
            part.setVisible(bool(names))

    def show_decoded(self, count: int, seconds: float) -> None:
        """Say how fast the pictures came."""
        words = self.tr("{0} pictures decoded in {1} ms")
        self.decoded.setText(words.format(f"{count:,}", f"{1000 * seconds:,.0f}"))

    @Slot()
    def _on_axes(self) -> None:
        self.axes_chosen.emit(self.across.currentIndex(), self.up.currentIndex())

    @Slot()
    def _on_view_changed(self) -> None:
        view = self.map.view
        self.range.setText(f"± {view.reach:.2g}")
        self.little_map.set_seen(
            view.x, view.y, view.scale * view.width, view.scale * view.height
        )

    def _lay_out(self) -> None:
        self.modes = QHBoxLayout()  # ways to explore are put here
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addLayout(self.modes)
        for box, label in (
            (self.across, caption(self.tr("Across"))),
            (self.up, caption(self.tr("Up"))),
            (self.classes, self._class_words),
        ):
            box.setAccessibleName(label.text())
            box.setMinimumContentsLength(9)
            policy = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            box.setSizeAdjustPolicy(policy)
            row.addWidget(label)
            row.addWidget(box)
            row.addSpacing(4)
        row.addStretch()
        for part in (self.zoom_out, self.range, self.zoom_in, self.centre):
            row.addWidget(part)
        hint = ElidedLabel(
            self.tr(
                "Drag to pan, wheel to zoom, click to choose, double click to pin. "
                "Arrow keys step, Enter pins."
            ),
            "caption",
        )
        foot = QHBoxLayout()
        foot.setSpacing(16)
        foot.addWidget(hint, 1)
        foot.addWidget(self.decoded)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(row)
        column.addWidget(self.map, 1)
        column.addLayout(foot)
        self.offer_classes(())
        self._on_view_changed()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the little map in its corner."""
        super().resizeEvent(event)
        self._place_little_map()

    def _place_little_map(self) -> None:
        room, size = self.map.size(), self.little_map.size()
        corner = QPoint(room.width() - size.width(), room.height() - size.height())
        self.little_map.move(corner - QPoint(_MARGIN, _MARGIN))
