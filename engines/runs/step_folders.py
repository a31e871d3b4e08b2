"""Folders named for a training step, each on disk whole or not at all.

One is written under another name, flushed, read back and hashed, and only then
renamed. Its manifest has the size and SHA-256 of each of its files.
"""

import re
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import ClassVar

from engines.runs import manifest
from engines.runs.atomic import disk_errors_in_words, replace, sync_folder

_TEMPORARY, _TRASH = ".tmp-", ".trash-"
_NAME = re.compile(r"\d{6,}")


class StepFolders:
    """What a run keeps of some of its steps. Need not exist before the first is saved.

    Only the holder of the run's lock may call what writes.

    Attributes:
        folder: Where they are.
        files: What each of them holds, beside its manifest.
    """

    files: ClassVar[tuple[str, ...]]

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def steps(self) -> tuple[int, ...]:
        """The steps that are kept, in order, verified or not."""
        found = (int(p.name) for p in self.folder.glob("*") if _NAME.fullmatch(p.name))
        return tuple(sorted(step for step in found if self.path(step).is_dir()))

    def path(self, step: int) -> Path:
        """The folder of a step."""
        return self.folder / f"{step:06d}"

    def clean(self) -> None:
        """Remove what a crash left half written or half deleted."""
        for prefix in (_TEMPORARY, _TRASH):
            for leftover in self.folder.glob(f"{prefix}*"):
                shutil.rmtree(leftover, ignore_errors=True)

    def damage(self, path: Path) -> manifest.Damage | None:
        """Read every file in the folder *path* of a step; what is wrong, or None."""
        return manifest.damage(path, self.files)

    def _save(self, step: int, write: Callable[[Path], None]) -> Path:
        """Let *write* fill an empty folder, and name it; one that is whole stays.

        Raises:
            RunError: The disk is full, refuses, or returns something else than was
                written. What was saved before is untouched.
        """
        path = self.path(step)
        if path.exists() and self.damage(path) is None:
            return path
        temporary = self.folder / f"{_TEMPORARY}{path.name}"
        with disk_errors_in_words(path):
            try:
                self._make_empty(temporary)
                write(temporary)
                self._throw_away(path)  # a damaged one of the same step
                replace(temporary, path)
                sync_folder(self.folder)
            finally:
                shutil.rmtree(temporary, ignore_errors=True)
        return path

    def _make_empty(self, folder: Path) -> None:
        if not self.folder.exists():
            self.folder.mkdir()
            sync_folder(self.folder.parent)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()

    def _throw_away_all(self, steps: Iterable[int]) -> None:
        with disk_errors_in_words(self.folder):
            for step in steps:
                self._throw_away(self.path(step))

    def _throw_away(self, path: Path) -> None:
        """Remove a folder so that a crash never leaves a part under its name."""
        if path.exists():
            trash = path.with_name(f"{_TRASH}{path.name}")
            shutil.rmtree(trash, ignore_errors=True)
            replace(path, trash)
            shutil.rmtree(trash, ignore_errors=True)
