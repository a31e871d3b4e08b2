"""What happened in a run, one line of JSON an event, only ever added to.

An event is a dictionary with "kind", "step" and "time" and whatever else belongs to
its kind. A line counts once its line end is there: what a crash left unfinished is
passed over by readers and cut off by the next writer.
"""

import csv
import io
import itertools
import json
import logging
import math
import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from engines.runs.atomic import disk_errors_in_words, write_bytes

log = logging.getLogger(__name__)

Event = dict[str, Any]

RESUMED = "resumed"  # training went on from the event's step
SAVED = "saved"  # a checkpoint is on disk
LOSSES = "losses"
MEASURES = "measures"

# What the columns of metrics.csv begin with: "l1" is both a loss and a measure.
_COLUMNS: Mapping[str, str] = MappingProxyType(
    {LOSSES: "training", MEASURES: "held_out"}
)
# Lines that are parsed at once: three times as fast as one by one, and other threads
# wait no longer than a millisecond.
_PIECE = 128
_RESERVED = frozenset({"kind", "step", "time"})


class EventLog:
    """The file events.jsonl of a run. One process writes, any may read.

    Attributes:
        path: The file; it need not exist.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: io.FileIO | None = None

    def append(self, kind: str, step: int, **values: Any) -> None:
        """Add one event. A number that is not finite is left out.

        Args:
            kind: What happened, one word.
            step: Steps done when it happened.
            values: Anything that JSON can hold.

        Raises:
            RunError: The disk is full or refuses; a later call starts on a new line.
        """
        assert _RESERVED.isdisjoint(values), f"{values.keys()} has a reserved name"
        time = datetime.now(UTC).isoformat(timespec="milliseconds")
        event = {"kind": kind, "step": step, "time": time, **_finite(values)}
        line = json.dumps(event, separators=(",", ":"), allow_nan=False) + "\n"
        with disk_errors_in_words(self.path):
            try:
                self._write(line.encode(), sync=kind == SAVED)
            except OSError:
                self.close()  # The next call opens it anew and cuts the torn line off.
                raise

    def close(self) -> None:
        """Let go of the file; the next `append` opens it again."""
        file, self._file = self._file, None
        if file is not None:
            with suppress(OSError):  # it has no buffer: nothing is left to be written
                file.close()

    def read(self, kinds: Collection[str] | None = None) -> list[Event]:
        """Every event, or those of some *kinds*, oldest first."""
        return list(_events(self._lines(kinds), kinds))

    def last(self, kind: str) -> Event | None:
        """The newest event of a *kind*, without reading the others."""
        return next(_events(reversed(self._lines([kind])), [kind]), None)

    def history(self, kinds: Collection[str] | None = None) -> list[Event]:
        """The events that led to the present state.

        Left out is what came after a step that the run later resumed from, such as
        the steps between the last checkpoint and a crash.
        """
        kept: list[Event] = []
        for event in self.read(None if kinds is None else {*kinds, RESUMED}):
            if event["kind"] == RESUMED:
                kept = [e for e in kept if e["step"] <= event["step"]]
            kept.append(event)
        return [e for e in kept if kinds is None or e["kind"] in kinds]

    def export_csv(self, path: Path) -> None:
        """Write losses and measures as a table, one row a step.

        Raises:
            RunError: The table cannot be written.
        """
        rows: dict[int, dict[str, float]] = {}
        for event in self.history(_COLUMNS):
            prefix = _COLUMNS[event["kind"]]
            row = rows.setdefault(event["step"], {})
            row.update({f"{prefix}_{k}": v for k, v in numbers(event).items()})
        columns = dict.fromkeys(column for row in rows.values() for column in row)
        table = io.StringIO(newline="")
        writer = csv.DictWriter(table, ["step", *columns], lineterminator="\n")
        writer.writeheader()
        writer.writerows({"step": step, **rows[step]} for step in sorted(rows))
        write_bytes(path, table.getvalue().encode())

    def _write(self, line: bytes, *, sync: bool) -> None:
        if self._file is None:
            self._file = _open_after_last_line(self.path)
        written = 0
        while written < len(line):  # A disk that fills up takes a part first.
            written += self._file.write(line[written:])
        if sync:
            os.fsync(self._file.fileno())

    def _lines(self, kinds: Collection[str] | None) -> list[bytes]:
        """The finished lines; with *kinds*, those that may be of one of them."""
        try:
            with self.path.open("rb") as file:
                lines = [line[:-1] for line in file if line.endswith(b"\n")]
        except FileNotFoundError:
            return []
        except OSError as error:
            log.warning("the events cannot be read: %s", error)
            return []
        if kinds is None:
            return lines
        # Looking for the word is fifty times as fast as parsing every line.
        words = re.compile("|".join(re.escape(f'"{k}"') for k in kinds).encode())
        return [line for line in lines if words.search(line)]


def numbers(event: Event) -> dict[str, float]:
    """The numbers that belong to an event's kind, by name."""
    values = {k: v for k, v in event.items() if k not in _RESERVED}
    return {k: v for k, v in values.items() if isinstance(v, float) or _is_int(v)}


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _finite(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value
        for name, value in values.items()
        if not isinstance(value, float) or math.isfinite(value)
    }


def _open_after_last_line(path: Path) -> io.FileIO:
    """Open *path* for appending, without what a crash left after the last line."""
    file = path.open("ab+", buffering=0)
    try:
        file.seek(0)
        file.truncate(file.readall().rfind(b"\n") + 1)
    except OSError:
        file.close()
        raise
    return file


def _events(lines: Iterable[bytes], kinds: Collection[str] | None) -> Iterator[Event]:
    lines = iter(lines)
    while piece := list(itertools.islice(lines, _PIECE)):
        for line, event in zip(piece, _parsed(piece), strict=True):
            if not _is_event(event):  # A power cut can leave a run of zeros.
                log.warning("passed over an unreadable event of %d bytes", len(line))
            elif kinds is None or event["kind"] in kinds:
                yield event


def _parsed(lines: Sequence[bytes]) -> list[Any]:
    """What each line holds: of all at once, or where one is damaged, one by one."""
    values = _json(b"[" + b",".join(lines) + b"]")
    if isinstance(values, list) and len(values) == len(lines):
        return values
    return [_json(line) for line in lines]


def _json(text: bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _is_event(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and isinstance(value.get("kind"), str)
        and _is_int(value.get("step"))
    )
