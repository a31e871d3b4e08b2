"""The panel beside the map: the chosen picture, its sliders, the pins."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from studio.widgets import buttons
from studio.widgets.card import Card, Divider
from studio.widgets.labels import caption, heading
from studio.widgets.map_marks import place_words
from studio.widgets.picture import PictureView
from studio.widgets.pin_strip import PinStrip
from studio.widgets.slider import LabeledSlider

if TYPE_CHECKING:
    from engines.latent.directions import Direction

PICTURE = 224
SLIDERS = 5


class ExplorePanel(Card):
    """What is chosen, to be looked at, changed, pinned and saved.

    Signals:
        sliding: The chosen picture is taken along a direction.
            (number of the direction, place along it)
        settled: The user let go of a slider.
    """

    sliding = Signal(int, float)
    settled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Show that nothing is chosen yet."""
        super().__init__(parent)
        self.place = caption()
        self.picture = PictureView()
        self.pin_button = buttons.secondary(self.tr("Pin"), "push-pin")
        self.save_button = buttons.secondary(self.tr("Save"), "download-simple")
        self.sliders: list[LabeledSlider] = []
        self.pins = PinStrip()
        self._slots, self._parts = QVBoxLayout(), QVBoxLayout()
        self._scroll = QScrollArea()
        self._lay_out()

    def offer(self, directions: Sequence["Direction"]) -> None:
        """Make sliders for the first of *directions*, over the range of the data."""
        for slider in self.sliders:
            slider.deleteLater()
        self.sliders = []
        for number, direction in enumerate(directions[:SLIDERS]):
            # The same to both sides, so that the middle of all is below each other.
            reach = max(abs(direction.low), abs(direction.high))
            slider = LabeledSlider(
                direction.name, -reach, reach, centred=True, words=place_words
            )
            slider.changing.connect(lambda v, n=number: self.sliding.emit(n, v))
            slider.changed.connect(lambda v, n=number: self._on_changed(n, v))
            self._slots.addWidget(slider)
            self.sliders.append(slider)

    def show_values(self, values: Sequence[float]) -> None:
        """Move the sliders to where the chosen code is, but for one that is held."""
        for slider, value in zip(self.sliders, values, strict=True):
            if not slider.slider.isSliderDown():
                slider.set_value(value)

    def _on_changed(self, number: int, value: float) -> None:
        self.sliding.emit(number, value)
        self.settled.emit()

    # ------------------------------------------------------------------------
    # How it is put together.

    def _lay_out(self) -> None:
        self.picture.setFixedSize(PICTURE, PICTURE)
        self.picture.set_placeholder(self.tr("The picture that you choose"))
        head = QHBoxLayout()
        head.addWidget(heading(self.tr("Chosen")))
        head.addStretch()
        head.addWidget(self.place)
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.pin_button, self.save_button):
            row.addWidget(button, 1)
        top = QVBoxLayout()
        top.setContentsMargins(16, 0, 16, 0)
        top.setSpacing(8)
        top.addLayout(head)
        top.addWidget(self.picture)
        top.addLayout(row)
        self.column.setContentsMargins(0, 12, 0, 12)
        self.column.addLayout(top)
        self.column.addWidget(self._scrolled(), 1)
        self.setFixedWidth(PICTURE + 34)

    def _scrolled(self) -> QWidget:
        inner = QWidget()
        inner.setProperty("kind", "scrolled")
        self._slots.setSpacing(10)
        self._parts = QVBoxLayout(inner)
        self._parts.setContentsMargins(16, 0, 16, 0)
        self._parts.setSpacing(12)
        self._parts.addWidget(Divider())
        self._parts.addLayout(self._slots)
        self._parts.addWidget(Divider())
        self._parts.addWidget(self.pins)
        self._parts.addStretch()
        self._scroll.setWidget(inner)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        never = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self._scroll.setHorizontalScrollBarPolicy(never)
        self._scroll.verticalScrollBar().installEventFilter(self)
        return self._scroll

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep room for the scroll bar where there is one, so that nothing is cut."""
        if event.type() in (QEvent.Type.Show, QEvent.Type.Hide):
            bar = self._scroll.verticalScrollBar()
            right = 16 - bar.sizeHint().width() if bar.isVisible() else 16
            self._parts.setContentsMargins(16, 0, max(right, 4), 0)
        return super().eventFilter(watched, event)
