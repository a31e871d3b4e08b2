"""Reference cycles are collected on the window's thread only."""

import gc

from PySide6.QtCore import QObject, QTimer, Slot

LOOK_EVERY_MS = 500
# A full collection takes tens of milliseconds once torch is loaded.
FULL_EVERY = 600  # looks: five minutes


class GarbageCollector(QObject):
    """Takes collecting over from Python as long as it lives.

    Python collects on whichever thread happens to allocate. A QObject in a cycle that
    is destroyed there holds a lock of Qt while it waits for Python's, and the window's
    thread may hold Python's while it waits for that of Qt: both wait for ever.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        """Begin."""
        super().__init__(parent)
        self._looks = 0
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self._look)
        gc.disable()
        self._timer.start()

    def stop(self) -> None:
        """Give it back to Python, once all other threads are gone."""
        self._timer.stop()
        gc.enable()

    @Slot()
    def _look(self) -> None:
        """Collect what is young where Python would have; all of it now and then."""
        self._looks += 1
        young, middle, _old = gc.get_count()
        most_young, most_middle, _ = gc.get_threshold()
        if self._looks % FULL_EVERY == 0:
            gc.collect()
        elif middle > most_middle:
            gc.collect(1)
        elif young > most_young:
            gc.collect(0)
