"""Pictures of the cells of a map, as many as a number of bytes holds."""

from collections import OrderedDict
from collections.abc import Iterable

from PySide6.QtGui import QImage

from studio.widgets.map_view import Cell

BUDGET = 128 * 2**20  # bytes; a screen of 3840 × 2160 takes about half of it


class Tiles:
    """What was asked for longest ago goes first.

    Attributes:
        size_bytes: What the pictures take.
    """

    def __init__(self, budget: int = BUDGET) -> None:
        """Hold nothing yet, and never more than *budget* bytes."""
        self.size_bytes = 0
        self._budget = budget
        self._images: OrderedDict[Cell, QImage] = OrderedDict()
        self._old: set[Cell] = set()

    def __len__(self) -> int:
        """How many pictures there are."""
        return len(self._images)

    def get(self, cell: Cell) -> QImage | None:
        """The picture of the cell with this middle, if it is there."""
        return self._images.get(cell.named())

    def put(self, cell: Cell, image: QImage) -> None:
        """Keep a picture; those asked for longest ago make room."""
        name = cell.named()
        self._drop(name)
        self._images[name] = image
        self.size_bytes += image.sizeInBytes()
        while self.size_bytes > self._budget:
            self._drop(next(iter(self._images)))

    def missing(self, needed: Iterable[Cell]) -> list[Cell]:
        """Those of *needed*, by name, of which there is no new picture.

        No more than fit together are looked at: what is needed first must not make
        room for what is needed last.
        """
        found = []
        room = float(self._budget)
        each = self.size_bytes / len(self._images) if self._images else 0.0
        for name in needed:
            room -= each
            if room < 0:
                break
            if name in self._images:
                self._images.move_to_end(name)
            if name not in self._images or name in self._old:
                found.append(name)
        return found

    def age(self) -> None:
        """Keep all pictures to be shown until there are new ones."""
        self._old = set(self._images)

    def clear(self) -> None:
        """Forget all pictures."""
        self._images.clear()
        self._old.clear()
        self.size_bytes = 0

    def _drop(self, name: Cell) -> None:
        image = self._images.pop(name, None)
        self._old.discard(name)
        if image is not None:
            self.size_bytes -= image.sizeInBytes()
