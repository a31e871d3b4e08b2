"""Pictures as the stage draws them; large ones are made ready beside the window."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from studio.library import Library
from studio.translating import Shown
from studio.widgets.picture import to_image
from studio.widgets.pyramid import Pyramid

AT_ONCE = 1_000_000
"""Pixels that the window itself can make ready in a few milliseconds."""


class Prints(QObject):
    """Remembers those of the pictures that were asked for last.

    Signals:
        made: Others are ready now.
    """

    made = Signal()

    def __init__(self, library: Library, parent: QObject | None = None) -> None:
        """Make large ones on a thread of *library*."""
        super().__init__(parent)
        self._library = library
        self._ready: dict[int, tuple[Shown, Pyramid]] = {}  # an array keeps its id
        self._making: set[int] = set()

    def get(self, pictures: Sequence[Shown]) -> list[Pyramid] | None:
        """Return them in their order; None where `made` will tell that they are ready.

        Args:
            pictures: Arrays that nobody changes any more.
        """
        wanted = {id(picture): picture for picture in pictures}
        self._ready = {key: one for key, one in self._ready.items() if key in wanted}
        missing = {key: one for key, one in wanted.items() if key not in self._ready}
        if missing and not self._make(missing):
            return None
        return [self._ready[key][1] for key in map(id, pictures)]

    def _make(self, pictures: dict[int, Shown]) -> bool:
        """Whether they are ready already."""
        if sum(one.shape[0] * one.shape[1] for one in pictures.values()) <= AT_ONCE:
            small = {
                key: (one, Pyramid(to_image(one))) for key, one in pictures.items()
            }
            self._ready.update(small)
            return True
        if self._making != set(pictures):
            self._making = set(pictures)
            self._library.make_ready(
                lambda: {key: (one, _whole(one)) for key, one in pictures.items()},
                self._on_made,
            )
        return False

    def _on_made(self, made: dict[int, tuple[Shown, Pyramid]]) -> None:
        self._making.clear()
        self._ready.update(made)
        self.made.emit()


def _whole(picture: Shown) -> Pyramid:
    pyramid = Pyramid(to_image(picture))
    pyramid.make_all()
    return pyramid
