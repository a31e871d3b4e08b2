"""One writer a run: the file `lock` names the process that holds it."""

import json
import logging
import os
import socket
import time
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from engines.errors import RunError
from engines.runs.atomic import disk_errors_in_words
from engines.runs.processes import started_at

log = logging.getLogger(__name__)

NAME = "lock"
_WRITTEN_WITHIN_S = 10.0  # between creating the file and its words being in it


class LockOwner(BaseModel):
    """Who holds a lock.

    Attributes:
        pid: The process.
        host: The computer's name.
        started: When the process started, as `started_at` tells it.
        since: When it took the lock.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    pid: int
    host: str
    started: str
    since: AwareDatetime

    @classmethod
    def this_process(cls) -> "LockOwner":
        """Name the process that is running this."""
        pid = os.getpid()
        return cls(
            pid=pid,
            host=socket.gethostname(),
            started=started_at(pid) or "",
            since=datetime.now(UTC),
        )

    @property
    def is_elsewhere(self) -> bool:
        """True on another computer, whose processes cannot be seen from here."""
        return self.host != socket.gethostname()

    @property
    def is_alive(self) -> bool:
        """False where it certainly runs no more; True on another computer."""
        return self.is_elsewhere or started_at(self.pid) == self.started


def owner_of(folder: Path) -> LockOwner | None:
    """Who writes the run in *folder* now, None for nobody.

    A lock left behind by a process that died counts as nobody.
    """
    owner = _read(folder / NAME)
    return owner if owner and owner.is_alive else None


class RunLock:
    """The right to write one run folder, held from `acquire` to `release`.

    Usable as a context manager.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._mine: LockOwner | None = None

    def acquire(self) -> None:
        """Take the lock, also from a process that died holding it.

        Raises:
            RunError: Another process writes this run, or this one does already.
        """
        mine = LockOwner.this_process()
        with disk_errors_in_words(self._path):
            while not self._create(mine):
                self._remove_stale()
        self._mine = mine

    def release(self) -> None:
        """Give the lock back; harmless where it is not held.

        Where it cannot be removed, the end of this process frees it.
        """
        if self._mine is not None and _read(self._path) == self._mine:
            try:
                self._path.unlink(missing_ok=True)
            except OSError as error:
                log.warning("the lock stays behind: %s", error)
        self._mine = None

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()

    def _create(self, mine: LockOwner) -> bool:
        """Create the file; False where there is one already."""
        try:
            file = self._path.open("x", encoding="utf-8")
        except FileExistsError:
            return False
        try:
            with file:
                file.write(mine.model_dump_json())
        except OSError:  # the disk is full: an empty lock would keep everybody out
            self._path.unlink(missing_ok=True)
            raise
        return True

    def _remove_stale(self) -> None:
        """Remove a lock that nobody holds; return with or without one there.

        Raises:
            RunError: Somebody holds it.
        """
        owner = _read(self._path)
        if owner is None:
            self._refuse_if_just_created()
        elif owner.is_alive:
            raise RunError(_refusal(owner, self._path))

        # Two processes may both find it stale: a rename succeeds for one of them.
        # The slower one may have moved the new lock of the faster one, and looks.
        aside = self._path.with_name(f".{NAME}.{os.getpid()}.stale")
        try:
            os.replace(self._path, aside)
        except FileNotFoundError:
            return
        if _read(aside) == owner:
            aside.unlink()
        else:
            os.replace(aside, self._path)

    def _refuse_if_just_created(self) -> None:
        try:
            age_s = time.time() - self._path.stat().st_mtime
        except FileNotFoundError:
            return
        if age_s < _WRITTEN_WITHIN_S:
            raise RunError(
                "This run is just being opened by another process. "
                "Try again in a few seconds."
            )


def _read(path: Path) -> LockOwner | None:
    try:
        return LockOwner.model_validate(json.loads(path.read_bytes()))
    except (OSError, ValueError, RecursionError, ValidationError):
        return None


def _refusal(owner: LockOwner, path: Path) -> str:
    since = owner.since.astimezone()
    today = since.date() == datetime.now(UTC).astimezone().date()
    when = f"{since:%H:%M}" if today else f"{since.day} {since:%B %H:%M}"
    if owner.is_elsewhere:
        return (
            f"This run is being written by process {owner.pid} on the computer "
            f"'{owner.host}' since {when}. Stop it there first. If it does not run "
            f"there any more, delete the file '{path}'."
        )
    return (
        f"This run is being written by process {owner.pid} on this computer "
        f"since {when}. Stop it there first."
    )
