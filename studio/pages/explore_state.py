"""Where one is in a latent space: plane, chosen code, pins. QtCore only."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal

from studio.explorer import Slice
from studio.terrain import Code, Terrain, is_on, place_on
from studio.widgets.map_marks import Pin

SAME = 1e-4  # apart at most, in units of the code, to be one pin


class Exploration(QObject):
    """The chosen code decides: the plane always goes through it.

    Signals:
        plane_changed: The map shows another plane. (whether it is a nearby one)
        chosen_changed: Another code is chosen.
        pins_changed: There are other pins, or in another order.

    Attributes:
        terrain: What is known of the space, None before one was opened.
        code: The chosen code.
        of: The plane of the map, with the class of its pictures.
        axes: The directions across and up, by number.
        pins: Codes in the order of the user.
    """

    plane_changed = Signal(bool)
    chosen_changed = Signal()
    pins_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        """Be nowhere yet."""
        super().__init__(parent)
        self.terrain: Terrain | None = None
        self.code: Code | None = None
        self.of: Slice | None = None
        self.axes = (0, 1)
        self.label: int | None = None
        self.pins: list[Code] = []

    # ------------------------------------------------------------------------
    # The space.

    def enter(self, terrain: Terrain) -> None:
        """Go to another space, or know more of the present one.

        Code and pins of the present one are kept, those of another forgotten.
        """
        known = self.terrain
        self.terrain = terrain
        self.axes = (0, min(1, len(terrain.directions) - 1))
        if known is None or known.run != terrain.run:
            self.code, self.of = None, None
            self.label = 0 if terrain.classes else None
            self.pins = []
            self.pins_changed.emit()
            self.chosen_changed.emit()
        elif self.code is not None:
            self._lay()

    def leave(self) -> None:
        """Forget the space."""
        self.terrain = self.code = self.of = None
        self.pins = []
        self.pins_changed.emit()
        self.chosen_changed.emit()

    def is_in(self, run: Path) -> bool:
        """Whether this is the space of *run*."""
        return self.terrain is not None and self.terrain.run == run

    def use_axes(self, across: int, up: int) -> None:
        """Show the plane of two directions; the same one twice swaps the two."""
        if across == up:
            across, up = self.axes[1], self.axes[0]
        self.axes = (across, up)
        self._lay()

    def use_label(self, label: int) -> None:
        """Show pictures of another class."""
        self.label = label
        self._lay()
        self.chosen_changed.emit()

    def _lay(self, is_near: bool = False) -> None:
        """Lay the plane through the chosen code."""
        if self.terrain is not None and self.code is not None:
            plane = self.terrain.plane_through(self.code, *self.axes)
            self.of = Slice(self.terrain.run, plane, self.label)
            self.plane_changed.emit(is_near)

    # ------------------------------------------------------------------------
    # The chosen code.

    def choose(self, code: Code) -> None:
        """Choose a code; where it is not on the plane, that is laid through it."""
        self.code = code
        if self.of is None or not is_on(self.of.plane, code):
            self._lay()
        self.chosen_changed.emit()

    def choose_place(self, x: float, y: float) -> None:
        """Choose a place of the plane."""
        if self.of is not None:
            (self.code,) = self.of.plane.codes_at([x], [y])
            self.chosen_changed.emit()

    def place(self) -> tuple[float, float]:
        """Where the chosen code is on the plane."""
        assert self.of is not None, "a chosen code has a plane"
        assert self.code is not None, "a place is that of a chosen code"
        return place_on(self.of.plane, self.code)

    def value(self, number: int) -> float:
        """Where the chosen code is along a direction."""
        assert self.terrain is not None, "directions are those of a space"
        return float(self.terrain.directions[number].places_of(self._chosen()))

    def slide(self, number: int, value: float) -> None:
        """Take the chosen code along a direction; `settle` follows at the end."""
        assert self.terrain is not None, "directions are those of a space"
        direction = self.terrain.directions[number]
        self.code = direction.moved(self._chosen(), value)
        self.chosen_changed.emit()

    def settle(self) -> None:
        """Let the plane follow where the code was taken."""
        if self.of is not None and not is_on(self.of.plane, self._chosen()):
            self._lay(is_near=True)

    def _chosen(self) -> Code:
        assert self.code is not None, "sliders are there once a code is"
        return self.code

    # ------------------------------------------------------------------------
    # Pins.

    def toggle_pin(self) -> None:
        """Pin the chosen code, or take its pin away."""
        if self.code is None:
            return
        known = self.pin_of(self.code)
        if known is None:
            self.pins.append(self.code)
        else:
            del self.pins[known]
        self.pins_changed.emit()

    def pin_of(self, code: Code) -> int | None:
        """The pin at *code*, None where there is none."""
        apart = (np.linalg.norm(pin - code) for pin in self.pins)
        return next((n for n, far in enumerate(apart) if far < SAME), None)

    def remove_pin(self, number: int) -> None:
        """Take a pin away."""
        del self.pins[number]
        self.pins_changed.emit()

    def move_pin(self, number: int, to: int) -> None:
        """Put a pin elsewhere in the order."""
        self.pins.insert(to, self.pins.pop(number))
        self.pins_changed.emit()

    def pins_on_plane(self) -> Sequence[Pin]:
        """Those that the map can mark."""
        if self.of is None:
            return ()
        plane = self.of.plane
        return [
            Pin(number, *place_on(plane, pin))
            for number, pin in enumerate(self.pins, start=1)
            if is_on(plane, pin)
        ]
