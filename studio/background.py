"""A thread that works for the window: scans folders, decodes, translates, saves.

Requests carry a key, and of each key the newest wins: an older one that has not begun
is dropped, one that is under way is asked to give up and its answer is not shown.
"""

import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal, Slot

from engines.errors import Cancelled, StudioError

log = logging.getLogger(__name__)


@dataclass(eq=False, kw_only=True, slots=True)
class Task:
    """One request, as the function that does the work sees it."""

    key: str
    work: Callable[["Task"], Any]
    done: Callable[[Any], None]
    failed: Callable[[str], None]
    progress: Callable[[Any], None] | None = None
    _report: Callable[[Any], None] = lambda _value: None
    _cancelled: threading.Event = field(default_factory=threading.Event)

    def cancel(self) -> None:
        """Ask the work to give up. Safe from any thread."""
        self._cancelled.set()

    def cancelled(self) -> bool:
        """True when the answer is no longer wanted; long work polls it."""
        return self._cancelled.is_set()

    def report(self, value: Any) -> None:
        """Send a frozen part of the answer to the window's `progress`."""
        self._report(value)


class _Thread(QThread):
    """Does one task after the other until it is told to leave."""

    answered = Signal(object, object, str)  # Task, value, sentence where it failed
    progressed = Signal(object, object)  # Task, value

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._tasks: queue.SimpleQueue[Task | None] = queue.SimpleQueue()

    def put(self, task: Task) -> None:
        task._report = lambda value: self.progressed.emit(task, value)
        self._tasks.put(task)

    def leave(self) -> None:
        self._tasks.put(None)

    def run(self) -> None:
        while (task := self._tasks.get()) is not None:
            if not task.cancelled():
                value, sentence = _do(task)
                self.answered.emit(task, value, sentence)


def _do(task: Task) -> tuple[Any, str]:
    """The task's value, and the sentence that says why there is none."""
    try:
        return task.work(task), ""
    except Cancelled:
        task.cancel()
        return None, ""
    except StudioError as error:
        return None, str(error)
    except Exception as error:
        log.exception("background task %s failed", task.key)
        return None, f"Something unexpected went wrong: {error}."


class Background(QObject):
    """One working thread; lives in the window's thread, where answers arrive."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._unanswered: dict[str, Task] = {}
        self._thread = _Thread(self)
        self._thread.answered.connect(self._on_answered)
        self._thread.progressed.connect(self._on_progressed)
        self._thread.start()

    def submit(
        self,
        key: str,
        work: Callable[[Task], Any],
        *,
        done: Callable[[Any], None],
        failed: Callable[[str], None],
        progress: Callable[[Any], None] | None = None,
    ) -> None:
        """Do *work* on the thread; call back on the window's thread.

        Args:
            key: The kind of request; a newer one of the same key replaces this one.
            work: Runs on the thread; may poll `Task.cancelled` and call `Task.report`.
            done: Gets what *work* returned.
            failed: Gets the sentence of the error that *work* raised.
            progress: Gets what *work* reported on its way.
        """
        self.cancel(key)
        task = Task(key=key, work=work, done=done, failed=failed, progress=progress)
        self._unanswered[key] = task
        self._thread.put(task)

    def cancel(self, key: str) -> None:
        """Give up the request of this key; neither of its callbacks is called."""
        task = self._unanswered.pop(key, None)
        if task:
            task.cancel()

    def shut_down(self, timeout_ms: int = 10_000) -> bool:
        """Cancel everything and wait for the thread; True if it is gone."""
        for key in list(self._unanswered):
            self.cancel(key)
        self._thread.leave()
        return self._thread.wait(timeout_ms)

    @Slot(object, object, str)
    def _on_answered(self, task: Task, value: Any, sentence: str) -> None:
        if self._unanswered.get(task.key) is not task:
            return
        del self._unanswered[task.key]
        if task.cancelled():  # the work gave up by itself
            return
        if sentence:
            task.failed(sentence)
        else:
            task.done(value)

    @Slot(object, object)
    def _on_progressed(self, task: Task, value: Any) -> None:
        if not task.cancelled() and task.progress:
            task.progress(value)
