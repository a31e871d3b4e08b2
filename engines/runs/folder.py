"""The run folder: what a run is made of, where it stands, and everything it kept.

    runs/2026-11-21-pix2pix-emoji/
      run.json               RunInfo: engine, settings, data, versions, state
      events.jsonl           losses, measures, messages: engines.runs.events
      previews/              engines.runs.previews
      checkpoints/000675/    engines.runs.checkpoints
      milestones/000400/     engines.runs.milestones
      lock                   who writes it: engines.runs.lock

One process writes, inside `with run.writing()`; any number may read meanwhile.
"""

import json
import logging
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from engines.data.sets import Use
from engines.errors import CheckpointError, RunError
from engines.runs.atomic import disk_errors_in_words, write_bytes
from engines.runs.checkpoints import Checkpoints, Weights
from engines.runs.events import RESUMED, EventLog
from engines.runs.lock import RunLock, owner_of
from engines.runs.milestones import Milestones
from engines.runs.previews import Previews

log = logging.getLogger(__name__)

FORMAT = 1
INFO = "run.json"

State = Literal["new", "running", "paused", "stopped", "completed", "failed"]
SeenState = State | Literal["interrupted"]


class DataInfo(BaseModel):
    """The pictures a run learns from.

    Attributes:
        folder: Where they were.
        name: What the user calls them.
        kind: How the folder is laid out, one word.
        use: What the pictures are used as, see `engines.data.sets.Use`.
        words: What was found in it, a sentence.
        a_name: What the first pictures of the pairs, or of the styles, are called.
        b_name: What the second ones are called.
        classes: The classes of single pictures, in the order of their numbers.
        left_out: Names of pictures that the user left out.
        sides: The two subfolders, where the user chose them.
        direction: What is translated into what.
        fingerprint: Changes when the pictures do.
        training_pictures: How many it learns from.
        held_out_pictures: How many it is measured on.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    folder: str
    name: str
    kind: str
    use: Use = "pairs"
    words: str = ""
    a_name: str = ""
    b_name: str = ""
    classes: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    sides: tuple[str, str] | None = None
    direction: Literal["AtoB", "BtoA"] = "AtoB"
    fingerprint: str
    training_pictures: int
    held_out_pictures: int


class Versions(BaseModel):
    """What the run was made with; another torch may compute other last digits."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    studio: str
    torch: str
    python: str


class RunInfo(BaseModel):
    """The contents of run.json.

    Attributes:
        format_version: Of the run folder as a whole.
        name: What the user calls it.
        engine: Name in the catalogue.
        config: The engine's settings, as plain values.
        data: The pictures.
        versions: What it was made with.
        seed: Of every random stream.
        threads: CPU threads; another number may give other last digits.
        device: Device and precision in words.
        created: When the run was made.
        state: As the writer last said; `RunFolder.state` knows better.
        error: The sentence where it failed.
        step: Steps done when this was written.
        steps: Steps at which the run is complete.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    format_version: Literal[1] = 1
    name: str = ""
    engine: str
    config: dict[str, Any]
    data: DataInfo
    versions: Versions
    seed: int
    threads: int
    device: str = ""
    created: AwareDatetime
    state: State = "new"
    error: str = ""
    step: int = 0
    steps: int


class RunFolder:
    """One run on disk. Make it with `create` or `open`.

    Attributes:
        folder: Where it is.
        info: What run.json said when it was last read or written from here.
        events: What happened.
        checkpoints: What it can be resumed from and used with.
        milestones: Weights of steps all over the run, to be used with.
        previews: What it painted on the way.
    """

    def __init__(self, folder: Path, info: RunInfo) -> None:
        self.folder = folder
        self.info = info
        self.events = EventLog(folder / "events.jsonl")
        self.checkpoints = Checkpoints(folder / "checkpoints")
        self.milestones = Milestones(folder / "milestones")
        self.previews = Previews(folder / "previews")

    @classmethod
    def create(cls, folder: Path, info: RunInfo) -> "RunFolder":
        """Make a new run in *folder*, which must be empty or not there yet.

        Raises:
            RunError: The folder holds something, or cannot be written.
        """
        with disk_errors_in_words(folder):
            folder.mkdir(parents=True, exist_ok=True)
            if any(folder.iterdir()):
                raise RunError(
                    f"The folder '{folder}' is not empty. Choose a new one for the run."
                )
        run = cls(folder, info)
        run._write(info)
        return run

    @classmethod
    def open(cls, folder: Path) -> "RunFolder":
        """Open the run in *folder*, also while another process writes it.

        Raises:
            RunError: There is none, it is damaged, or a newer version made it.
        """
        return cls(folder, _read(folder))

    @property
    def state(self) -> SeenState:
        """The run's state; "interrupted" where its writer died without a word."""
        says_at_work = self.info.state in ("running", "paused")
        if says_at_work and owner_of(self.folder) is None:
            return "interrupted"
        return self.info.state

    def weight_steps(self) -> tuple[int, ...]:
        """The steps whose weights are kept, as checkpoint or milestone, in order."""
        return tuple(sorted({*self.checkpoints.steps(), *self.milestones.steps()}))

    def load_weights(self, step: int | None = None) -> Weights:
        """Load the weights of *step*, or the newest that are whole.

        Raises:
            CheckpointError: They are damaged, or there are none.
        """
        if step is not None:
            return self._load_weights_of(step)
        skipped: list[int] = []
        for candidate in reversed(self.weight_steps()):
            try:
                found = self._load_weights_of(candidate)
            except CheckpointError as error:
                log.warning("passed over: %s", error)
                skipped.append(candidate)
            else:
                return replace(found, skipped=tuple(skipped))
        return self.checkpoints.load_weights()  # which says why there are none

    def _load_weights_of(self, step: int) -> Weights:
        if step in self.milestones.steps():
            try:
                return self.milestones.load_weights(step)
            except CheckpointError:
                if step not in self.checkpoints.steps():
                    raise
        return self.checkpoints.load_weights(step)

    def update(self, **changes: Any) -> None:
        """Write run.json anew with some fields changed.

        Raises:
            RunError: It cannot be written; the old one stays.
        """
        self._write(RunInfo.model_validate({**self.info.model_dump(), **changes}))

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the lock, with the leftovers of a crash cleared away.

        Raises:
            RunError: Another process writes this run.
        """
        with RunLock(self.folder):
            self.info = _read(self.folder)  # the writer before may have gone on
            self.checkpoints.clean()
            self.milestones.clean()
            try:
                yield
            finally:
                self.events.close()

    def resume_from(self, step: int) -> None:
        """Go back to *step*: forget what was kept of later ones, note it down.

        Call it inside `writing`, once the checkpoint of *step* is loaded.

        Raises:
            CheckpointError: The checkpoint of *step* is damaged; nothing is removed.
            RunError: The folder cannot be written.
        """
        self.checkpoints.discard_after(step)
        self.milestones.discard_after(step)
        self.previews.discard_after(step)
        self.events.append(RESUMED, step)

    def _write(self, info: RunInfo) -> None:
        write_bytes(self.folder / INFO, info.model_dump_json(indent=2).encode())
        self.info = info


def new_run_path(root: Path, engine: str, data_name: str, today: date) -> Path:
    """A folder in *root* that is not there yet: "2026-11-21-pix2pix-emoji"."""
    stem = f"{today.isoformat()}-{engine}-{_slug(data_name)}"
    return free_path(root / stem)


def free_path(path: Path) -> Path:
    """*path* where nothing is there yet, else with a number behind its name."""
    free, number = path, 1
    while free.exists():
        number += 1
        free = path.with_name(f"{path.name}-{number}")
    return free


def _slug(name: str) -> str:
    """Letters and digits of any script, joined by hyphens."""
    plain = unicodedata.normalize("NFKC", name).lower()
    return re.sub(r"[\W_]+", "-", plain)[:40].strip("-") or "data"


def _read(folder: Path) -> RunInfo:
    path = folder / INFO
    try:
        values = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise RunError(
            f"There is no run in '{folder}': it has no {INFO}. "
            "Choose the folder that a training run was saved in."
        ) from None
    except OSError as error:
        raise RunError(f"'{path}' cannot be read ({error.strerror}).") from error
    except (ValueError, RecursionError):
        raise _damaged(path) from None
    _check_format(path, values)
    try:
        return RunInfo.model_validate(values)
    except ValidationError:
        raise _damaged(path) from None


def _check_format(path: Path, values: Any) -> None:
    found = values.get("format_version") if isinstance(values, dict) else None
    if not isinstance(found, int):
        raise _damaged(path)
    if found > FORMAT:
        raise RunError(
            f"This run was made by a newer version (format {found}); this one reads "
            f"format {FORMAT}. Update the studio."
        )


def _damaged(path: Path) -> RunError:
    return RunError(
        f"'{path}' is damaged, so this run cannot be opened. Its checkpoints are "
        f"untouched: bring {INFO} back from a copy of the folder."
    )
