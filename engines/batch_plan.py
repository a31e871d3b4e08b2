"""Which pictures a batch translates, and where each result goes. Without torch.

Originals stay as they are: no result gets the place of a file that is there, by name
or through a link, and no two inputs get one place.
"""

import itertools
import os
import re
import string
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

from engines.configs import ConfigError
from engines.data.images import picture_size
from engines.data.picture_files import SAVE_SUFFIXES
from engines.data.scan import find_pictures
from engines.errors import Cancelled, DataError, PictureError

Format: TypeAlias = Literal["same", "png", "jpg", "webp", "tif"]
Existing: TypeAlias = Literal["skip", "number"]

FIELDS = ("name", "model", "step", "number", "ext")
MAX_PATTERN = 100  # characters; file systems take names of 255 bytes
_FORBIDDEN = '/\\:*?"<>|'  # by some system; results travel
_RESERVED = re.compile(r"(con|prn|aux|nul|com[1-9]|lpt[1-9])(\..*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NamePattern:
    """What results are called, without the ending.

    Attributes:
        pattern: Text with fields: {name} of the input's file, {ext} its ending,
            {model} and {step} of the weights, {number} in the batch, from 1.

    Raises:
        ConfigError: No file could be called so.
    """

    pattern: str

    def __post_init__(self) -> None:
        if problem := self._problem():
            raise ConfigError(f"{problem} For example: {{name}} translated.")

    def has(self, name: str) -> bool:
        """Whether the field *name* is part of it."""
        return name in self._fields()

    def fill(self, **values: str) -> str:
        """The name that results from the values of all `FIELDS`."""
        return self.pattern.format_map(values)

    def _fields(self) -> tuple[str, ...]:
        parsed = string.Formatter().parse(self.pattern)
        return tuple(
            f"{name}{'!' + conversion if conversion else ''}{':' if spec else ''}{spec}"
            for _, name, spec, conversion in parsed
            if name is not None
        )

    def _problem(self) -> str:
        if not self.pattern.strip():
            return "The name pattern is empty."
        if len(self.pattern) > MAX_PATTERN:
            return f"The name pattern is longer than {MAX_PATTERN} characters."
        try:
            unknown = [name for name in self._fields() if name not in FIELDS]
        except ValueError:
            return "A brace in the name pattern has no partner."
        if unknown:
            known = ", ".join(f"{{{name}}}" for name in FIELDS)
            return f"The name pattern can hold {known}, not {{{unknown[0]}}}."
        return self._problem_of_text()

    def _problem_of_text(self) -> str:
        text = self.fill(**dict.fromkeys(FIELDS, ""))
        wrong = [c for c in text if c in _FORBIDDEN or not c.isprintable()]
        if wrong:
            return f"A file name cannot hold {wrong[0]!r}."
        if self.pattern.startswith((".", " ")):
            return "A name that begins with a dot or a space is easily lost."
        # An input may be called so where the system allows it; a word of ours may not.
        if _RESERVED.fullmatch(text) and not self.has("name"):
            return f"Windows keeps the name '{text}' for itself."
        return ""


@dataclass(frozen=True, slots=True)
class Job:
    """One picture of a batch.

    Attributes:
        source: The original.
        target: Where its result goes.
        is_there: Whether *target* is the result of an earlier pass, and stays.
    """

    source: Path
    target: Path
    is_there: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """A batch before it begins.

    Attributes:
        folders: The input folders.
        out: The folder of the results.
        existing: What is done about results that are there.
        jobs: One for each picture, in the order of folders and names.
    """

    folders: tuple[Path, ...]
    out: Path
    existing: Existing
    jobs: tuple[Job, ...]

    @property
    def there(self) -> int:
        """How many results are there already."""
        return sum(job.is_there for job in self.jobs)


def plan(
    inputs: Sequence[Path],
    out: Path,
    *,
    pattern: str = "{name}",
    format: Format = "same",
    existing: Existing = "number",
    model: str = "",
    step: int | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Plan:
    """Find the pictures and give every result its place; nothing is made or changed.

    Args:
        inputs: Files, whose results go into *out* itself, and folders, searched to the
            bottom and kept as a tree below *out*; of several folders, each in one of
            its own name. Pictures below *out* are results, not inputs.
        out: The folder of the results; may be inside an input folder.
        pattern: See `NamePattern`.
        format: The ending of the results; "same" keeps the input's, .png where that
            format is not written.
        existing: "skip" leaves a readable result as it is, which goes on with an
            earlier pass; "number" adds "-2", "-3", ... to the name instead.
        model: What {model} stands for.
        step: What {step} stands for.
        cancelled: Asked now and then.

    Raises:
        ConfigError: The pattern, or *out*, is of no use.
        DataError: A folder is missing, unreadable or without pictures.
        Cancelled: *cancelled* returned True.
    """
    names = NamePattern(pattern)
    if names.has("step") and step is None:
        raise ConfigError("These weights tell no step. Leave {step} out of the names.")
    sources = tuple(_sources(inputs, out, cancelled))
    places = _Places([source for source, _ in sources], existing)
    digits = len(str(len(sources)))
    jobs = []
    for number, (source, folder) in enumerate(sources, start=1):
        if cancelled():
            raise Cancelled
        stem = names.fill(
            name=source.stem,
            ext=source.suffix.removeprefix("."),
            model=_as_name(model),
            step=str(step),
            number=f"{number:0{digits}d}",
        )
        wanted = folder / f"{stem.strip() or source.stem}{_ending(source, format)}"
        jobs.append(Job(source, *places.find(wanted)))
    folders = tuple(path for path in inputs if path.is_dir())
    return Plan(folders=folders, out=out, existing=existing, jobs=tuple(jobs))


def free_path(wanted: Path) -> Path:
    """*wanted*, or with "-2", "-3", ..., where nothing is, not even a link."""
    return next(path for _, path in _numbered(wanted) if not os.path.lexists(path))


def is_result(path: Path) -> bool:
    """Whether a picture is at *path* that is worth keeping, by its header."""
    try:
        picture_size(path)
    except PictureError:
        return False
    return True


# ----------------------------------------------------------------------------
# Inputs.


def _sources(
    inputs: Sequence[Path], out: Path, cancelled: Callable[[], bool]
) -> Iterator[tuple[Path, Path]]:
    """Yield every input once, with the folder that its result goes into."""
    several = sum(path.is_dir() for path in inputs) > 1
    seen: set[Path] = set()
    resolved: dict[Path, Path] = {}
    for path in inputs:
        found = [(path, out)]
        if path.is_dir():
            place = out / path.resolve().name if several else out
            found = _in_folder(path, place, out, cancelled)
        for source, folder in found:
            if source.parent not in resolved:
                resolved[source.parent] = source.parent.resolve()
            same = resolved[source.parent] / source.name
            if same not in seen:
                seen.add(same)
                yield source, folder


def _in_folder(
    folder: Path, place: Path, out: Path, cancelled: Callable[[], bool]
) -> list[tuple[Path, Path]]:
    root, results = folder.resolve(), out.resolve()
    if place.resolve() == root:
        raise ConfigError(
            f"Results cannot go into '{root.name}' itself: the next pass would take "
            "them for originals. Choose another folder; it may be inside that one."
        )
    found = [f.path for f in find_pictures(folder, cancelled=cancelled)]
    if not root.is_relative_to(results):
        inside = {
            p: p.resolve().is_relative_to(results) for p in {f.parent for f in found}
        }
        found = [path for path in found if not inside[path.parent]]
    if not found:
        raise DataError(
            f"There is no picture in '{folder.name}' but the results in '{out.name}'. "
            "Choose a folder of pictures."
        )
    return [(path, place / path.parent.relative_to(folder)) for path in found]


# ----------------------------------------------------------------------------
# Results.


@dataclass(slots=True)
class _Places:
    """Gives every input a place of its own, the same ones in every pass."""

    sources: Sequence[Path]
    existing: Existing
    _taken: set[str] = field(default_factory=set)
    _next: dict[str, int] = field(default_factory=dict)
    _originals: set[tuple[int, int]] = field(default_factory=set)

    def find(self, wanted: Path) -> tuple[Path, bool]:
        """Where a result goes that is best at *wanted*, and whether it is there."""
        first = self._next.get(_key(wanted), 1)
        for number, path in _numbered(wanted, first):
            if _key(path) in self._taken:
                continue
            is_there = os.path.lexists(path)
            if is_there and not (self.existing == "skip" and self._is_ours(path)):
                continue
            self._taken.add(_key(path))
            self._next[_key(wanted)] = number + 1
            return path, is_there
        raise AssertionError("numbers do not end")

    def _is_ours(self, path: Path) -> bool:
        """Whether it is a result, not an original or a link to one."""
        if not self._originals:
            self._originals = {_identity(source) for source in self.sources}
        return is_result(path) and _identity(path) not in self._originals


def _numbered(wanted: Path, first: int = 1) -> Iterator[tuple[int, Path]]:
    for number in itertools.count(first):
        added = f"-{number}" if number > 1 else ""
        yield number, wanted.with_name(f"{wanted.stem}{added}{wanted.suffix}")


def _key(path: Path) -> str:
    """What is equal for names that some file system takes for the same."""
    return unicodedata.normalize("NFC", str(path)).casefold()


def _identity(path: Path) -> tuple[int, int]:
    """What is equal for all links to one file."""
    try:
        info = path.stat()
    except OSError:
        return (-1, -1)  # it is gone; translating it will say so
    return info.st_dev, info.st_ino


def _ending(source: Path, format_: Format) -> str:
    if format_ != "same":
        return f".{format_}"
    ending = source.suffix.lower()
    return ending if ending in SAVE_SUFFIXES else ".png"


def _as_name(words: str) -> str:
    """*words* without what a file name cannot hold."""
    return re.sub(rf"[{re.escape(_FORBIDDEN)}\x00-\x1f]+", "-", words).strip(" .")
