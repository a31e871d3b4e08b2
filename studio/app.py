"""The application: everything that is made once, in the order it has to be made."""

import base64
import locale
import logging
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import get_args

import platformdirs
from PySide6.QtCore import QByteArray, QTimer
from PySide6.QtWidgets import QApplication

from studio.error_hooks import ErrorHooks
from studio.garbage import GarbageCollector
from studio.icons import mark_icon
from studio.main_window import MainWindow
from studio.session import Session
from studio.settings import APP, SettingsFile
from studio.theme import Mode, Theme
from studio.widgets.focus_frame import FocusFrame

log = logging.getLogger(__name__)

LOG_BYTES = 1_000_000
# Seconds until a thread that runs Python lets the window's go on, a fifth of the usual:
# each event asks anew, so that a tick while a run trains was up to four waits late.
SWITCH_S = 0.001
WARM_UP_AFTER_MS = 300  # the first clicks come before torch is loaded
SIGNALS_EVERY_MS = 250


@dataclass(eq=False, kw_only=True, slots=True)
class Studio:
    """What `build` made; keep it as long as the application runs."""

    app: QApplication
    settings: SettingsFile
    session: Session
    window: MainWindow
    hooks: ErrorHooks
    focus_frame: FocusFrame

    def close(self) -> bool:
        """End all threads and remember the window; True if all threads are gone."""
        self.hooks.remove()
        ended = self.session.shut_down()
        geometry = self.window.saveGeometry().data()
        self.settings.change(window=base64.b64encode(geometry).decode())
        return ended


def run(arguments: Sequence[str]) -> int:
    """Open the window and wait until it is closed; the exit code."""
    log_file = _start_log(platformdirs.user_log_path(APP))
    app = QApplication(list(arguments))
    studio = build(app, SettingsFile(), log_file)
    window = studio.window
    window.first_painted.connect(
        lambda: QTimer.singleShot(WARM_UP_AFTER_MS, studio.session.warm_up)
    )
    ticks = _close_on_ctrl_c(window)
    collector = GarbageCollector()
    window.show()
    code = app.exec()
    ticks.stop()
    if not studio.close():
        log.error("a thread did not end in time")
        os._exit(1)  # destroying a thread that runs would abort, with less said
    collector.stop()
    return code


def build(app: QApplication, settings: SettingsFile, log_file: Path) -> Studio:
    """Make everything, show nothing. Torch is not imported.

    Args:
        app: The one application object.
        settings: What is remembered.
        log_file: Where the log is, for those who ask.
    """
    sys.setswitchinterval(SWITCH_S)
    locale.setlocale(locale.LC_NUMERIC, "C")  # Qt set it from the environment
    app.setApplicationName(APP)
    app.setApplicationDisplayName("Image-translation studio")
    app.setWindowIcon(mark_icon())
    values = settings.value
    mode: Mode = values.theme if values.theme in get_args(Mode) else "system"  # type: ignore[assignment]
    theme = Theme(app, mode, values.text_scale)
    session = Session(settings)
    window = MainWindow(session, theme, log_file)
    if values.window:
        window.restoreGeometry(QByteArray.fromBase64(values.window.encode()))
    hooks = ErrorHooks()
    hooks.caught.connect(window.show_error)
    return Studio(
        app=app,
        settings=settings,
        session=session,
        window=window,
        hooks=hooks,
        focus_frame=FocusFrame(app),
    )


def _start_log(folder: Path) -> Path:
    """Log into *folder* as well; a folder that cannot be written is no reason to stop.

    Returns:
        The log file.
    """
    path = folder / "studio.log"
    handlers: list[logging.Handler] = [logging.StreamHandler()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handlers.append(
            RotatingFileHandler(
                path, maxBytes=LOG_BYTES, backupCount=2, encoding="utf-8"
            )
        )
    except OSError as error:
        log.warning("no log is kept: %s", error)
    logging.basicConfig(
        level=logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        handlers=handlers,
    )
    return path


def _close_on_ctrl_c(window: MainWindow) -> QTimer:
    """Let Ctrl+C in the terminal close the window, with the question it may ask."""
    signal.signal(signal.SIGINT, lambda _number, _frame: window.close())
    ticks = QTimer()
    ticks.timeout.connect(lambda: None)  # Python sees signals between its own steps
    ticks.start(SIGNALS_EVERY_MS)
    return ticks
