"""What nobody caught: into the log, and as a sentence into the window."""

import logging
import sys
import threading
from types import TracebackType

from PySide6.QtCore import QObject, Signal

log = logging.getLogger(__name__)


class ErrorHooks(QObject):
    """Takes over `sys.excepthook` and `threading.excepthook` until `remove`.

    The window goes on; what was asked for when it happened did not happen.

    Signals:
        caught: An error that nobody handled; from any thread. (sentence)
    """

    caught = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        """Take over."""
        super().__init__(parent)
        self._before = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._on_error
        threading.excepthook = self._on_thread_error

    def remove(self) -> None:
        """Give both hooks back."""
        sys.excepthook, threading.excepthook = self._before

    def _on_error(
        self,
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType | None,
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return  # Ctrl+C closes the window by its own way
        log.error("unexpected error", exc_info=(kind, error, trace))
        words = str(error) or kind.__name__
        self.caught.emit(
            self.tr(
                "Something unexpected went wrong: {words}. You can go on; the log says "
                "more (see Help)."
            ).format(words=words.rstrip("."))
        )

    def _on_thread_error(self, args: threading.ExceptHookArgs) -> None:
        error = args.exc_value or args.exc_type()
        self._on_error(args.exc_type, error, args.exc_traceback)
