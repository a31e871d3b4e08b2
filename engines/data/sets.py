"""What is known of a folder of pictures. Plain values; nothing is decoded yet.

A set is made of items. Used as pairs, an item is an input and its answer; used as two
styles, or as pictures of one kind, it is one picture and the group it belongs to.
"""

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Literal, TypeAlias

from engines.data.idx import read_idx_picture
from engines.data.images import Rgb, decode
from engines.errors import DataError

Half: TypeAlias = Literal["left", "right"]
Kind: TypeAlias = Literal["pairs", "styles", "single"]
Task: TypeAlias = Literal["colourise", "sharpen", "fill", "edges", "denoise"]
Use: TypeAlias = Kind | Task
Layout: TypeAlias = Literal["folders", "side_by_side", "flat", "idx"]

KIND_WORDS: Mapping[Kind, str] = MappingProxyType(
    {
        "pairs": "pairs of pictures",
        "styles": "pictures in two styles",
        "single": "pictures of one kind",
    }
)

TASKS: tuple[Task, ...] = ("colourise", "sharpen", "fill", "edges", "denoise")
"""How pairs are made of single pictures: the picture is the answer, see `making`."""

TASK_SIDES: Mapping[Task, tuple[str, str]] = MappingProxyType(
    {
        "colourise": ("grey", "colour"),
        "sharpen": ("blurred", "sharp"),
        "fill": ("with holes", "whole"),
        "edges": ("outlines", "picture"),
        "denoise": ("noisy", "clean"),
    }
)
"""What the inputs and answers of made pairs are called."""

_ASPECT_TOLERANCE = 0.02  # of the two sides of a pair; a pixel more or less is rounding
_HALF_TOLERANCE = 0.05  # of a half of a file that should be a square


@dataclass(frozen=True, slots=True)
class Source:
    """Where one picture is.

    Attributes:
        path: The file.
        half: Which half of the file, None for all of it.
        index: Which picture of an IDX file, from 0; None for a picture file.
    """

    path: Path
    half: Half | None = None
    index: int | None = None

    def read(self) -> Rgb:
        """Decode it: (H, W, 3) uint8.

        Raises:
            PictureError: The file cannot be used.
        """
        if self.index is not None:
            return read_idx_picture(self.path, self.index)
        return self.cut(decode(self.path))

    def cut(self, rgb: Rgb) -> Rgb:
        """The part of the decoded file that is meant."""
        if self.half is None:
            return rgb
        middle = rgb.shape[1] // 2
        return rgb[:, :middle] if self.half == "left" else rgb[:, -middle:]


@dataclass(frozen=True, slots=True)
class Item:
    """An input and its answer, or one picture.

    Attributes:
        name: Unique in its set: the file's name without ending, after the split and
            folder that it lies in, with "/" between.
        a: The input, or the picture.
        b: The answer where two files, or halves of one, are a pair.
        group: Place in `PictureSet.groups` of its style or class; 0 for pairs.
        held_out: True where it is measured on and never learnt from.
    """

    name: str
    a: Source
    b: Source | None = None
    group: int = 0
    held_out: bool = False

    @property
    def sources(self) -> tuple[Source, ...]:
        """One or two."""
        return (self.a,) if self.b is None else (self.a, self.b)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about the pictures that the user should know.

    Attributes:
        kind: Which; `USED_ALL_THE_SAME` says of which kinds nothing is left out.
        path: The file, None where it concerns many.
        words: One sentence.
        item: The name of the item to leave out where the user agrees, "" where there
            is none or it is left out anyway.
    """

    kind: Literal[
        "unreadable",
        "unmatched",
        "mismatch",
        "duplicate",
        "not_a_pair",
        "small",
        "mixed",
        "alike",
        "few",
        "not_kept",
    ]
    path: Path | None
    words: str
    item: str = ""


USED_ALL_THE_SAME = frozenset({"small", "mixed", "alike", "few", "not_kept"})


@dataclass(frozen=True, kw_only=True, slots=True)
class PictureSet:
    """What a folder holds, and what it is used as.

    Attributes:
        folder: The folder, or zip archive, that was understood.
        layout: How its files lie.
        use: What the pictures are used as.
        groups: For pairs, what inputs and answers are called; for two styles, what
            they are called; else the classes, () where there are none. Of files with
            two pictures side by side, the halves.
        items: All usable items, by name; of styles, first A, then B.
        problems: What was left out, and why.
        choices: Subfolders, or classes, that could be either side or either style.
        uses: What the folder could be used as, the best first.
        left_out: Names of items that the user left out.
    """

    folder: Path
    layout: Layout
    use: Use
    groups: tuple[str, ...]
    items: tuple[Item, ...]
    problems: tuple[Problem, ...] = ()
    choices: tuple[str, ...] = ()
    uses: tuple[Use, ...] = ("pairs",)
    left_out: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The folder's own name; an archive's without its ending."""
        name = self.folder.resolve().name
        return name[:-4] if name.lower().endswith(".zip") else name

    @property
    def kind(self) -> Kind:
        """What an engine must learn from to learn from this."""
        if self.use in ("styles", "single"):
            return self.use
        return "pairs"

    @property
    def task(self) -> Task | None:
        """How its pairs are made, None where they are there."""
        return None if self.use in ("pairs", "styles", "single") else self.use  # type: ignore[return-value]

    @property
    def a_name(self) -> str:
        """What the inputs, or the pictures of the first style, are called."""
        return self.groups[0] if self.groups else ""

    @property
    def b_name(self) -> str:
        """What the answers, or the pictures of the second style, are called."""
        return self.groups[1] if len(self.groups) > 1 else ""

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes of single pictures, () where they have none."""
        return self.groups if self.kind == "single" else ()

    @property
    def asks(self) -> bool:
        """Whether only the user can say if these are pairs or two styles.

        True where two folders hold the same names, each picture with its counterpart:
        real pairs do, and so do two styles whose files are merely numbered.
        """
        unmatched = any(problem.kind == "unmatched" for problem in self.problems)
        return self.layout == "folders" and self.use == "pairs" and not unmatched

    @property
    def training(self) -> tuple[Item, ...]:
        """The items to learn from."""
        return tuple(item for item in self.items if not item.held_out)

    @property
    def held_out(self) -> tuple[Item, ...]:
        """The items to measure on."""
        return tuple(item for item in self.items if item.held_out)

    @property
    def words(self) -> str:
        """What was found, in a sentence or two."""
        held = f"{len(self.held_out):,} held out."
        match self.use:
            case "pairs":
                return f"{self._pairs_words}, {held}{self._also_here}"
            case "styles":
                return (
                    f"{self._styles_words}, {held}{self._match_words}{self._also_here}"
                )
            case "single":
                return f"{_count(len(self.items))}{self._classes_words}, {held}"
        return (
            f"{_count(len(self.items))}, {held} Pairs are made of them, from "
            f"{self.a_name} to {self.b_name}."
        )

    @property
    def _pairs_words(self) -> str:
        found = f"{len(self.items):,} pairs found"
        if self.layout == "folders":
            return f"{found} by name in {self.a_name} and {self.b_name}"
        return f"{found} side by side, from {self.a_name} to {self.b_name}"

    @property
    def _styles_words(self) -> str:
        b = sum(item.group for item in self.items)  # A is group 0, B is 1
        a = _count(len(self.items) - b)
        return f"{a} in {self.a_name} and {b:,} in {self.b_name}, two styles"

    @property
    def _match_words(self) -> str:
        if self.layout != "folders":
            return ""
        do = "match" if "pairs" in self.uses else "do not match"
        return f" Their names {do}."

    @property
    def _classes_words(self) -> str:
        if not self.groups:
            return ""
        names = f" ({', '.join(self.groups)})" if len(self.groups) <= 4 else ""
        return f" in {len(self.groups):,} classes{names}"

    @property
    def _also_here(self) -> str:
        others = [c for c in self.choices if c not in (self.a_name, self.b_name)]
        return f" Also here: {', '.join(others)}." if others else ""

    def read(self, item: Item) -> tuple[Rgb, ...]:
        """Decode an item: an input and its answer, or one picture.

        Raises:
            PictureError: One of its files cannot be used.
        """
        if item.b is None:
            return (item.a.read(),)
        if item.a.path != item.b.path:
            return item.a.read(), item.b.read()
        both = decode(item.a.path)
        return item.a.cut(both), item.b.cut(both)

    def reversed(self) -> "PictureSet":
        """The same pairs from B to A."""
        assert self.use == "pairs", "only pairs that are there have a direction"
        turned = (replace(item, a=item.b, b=item.a) for item in self.items if item.b)
        return replace(self, groups=(self.b_name, self.a_name), items=tuple(turned))

    def misfit(self, item: Item, decoded: Sequence[Rgb]) -> Problem | None:
        """Why an item must be left out, as only its decoded pictures can tell.

        Args:
            item: One of this set.
            decoded: What `read` returned for it.

        Returns:
            None where it fits.
        """
        file = item.a.path
        height, width, _ = decoded[0].shape
        if item.a.half is not None and abs(width / height - 1) > _HALF_TOLERANCE:
            words = (
                f"{file.name} does not hold two square pictures side by side: each "
                f"half is {width} × {height}."
            )
            return Problem("not_a_pair", file, words)
        if item.b is None or _same_aspect(*decoded):
            return None
        a, b = (f"{rgb.shape[1]} × {rgb.shape[0]}" for rgb in decoded)
        answer = item.b.path.name
        words = f"{file.name} and its answer {answer} differ in shape: {a} and {b}."
        return Problem("mismatch", file, words)

    def fingerprint(self) -> str:
        """SHA-256 over names, file sizes and times: changes when the pictures do.

        Raises:
            DataError: A file is not there any more.
        """
        digest = hashlib.sha256()
        path, stamp = None, ""
        for item in self.items:
            words = [f"{item.name}\0{item.group}\0{item.held_out}\n"]
            for source in item.sources:
                if source.path is not path:  # one file may hold many pictures
                    path, stamp = source.path, self._stamp(source.path)
                words.append(f"{stamp}\0{source.half}\0{source.index}\n")
            digest.update("".join(words).encode())
        return digest.hexdigest()

    def _stamp(self, path: Path) -> str:
        try:
            info = os.stat(path)
        except OSError:
            raise DataError(
                f"'{path.name}' is not in '{self.name}' any more. Open the folder "
                "again."
            ) from None
        return f"{path.name}\0{info.st_size}\0{info.st_mtime_ns}"


def _count(pictures: int) -> str:
    return "1 picture" if pictures == 1 else f"{pictures:,} pictures"


def _same_aspect(a: Rgb, b: Rgb) -> bool:
    ratio: float = (a.shape[1] * b.shape[0]) / (a.shape[0] * b.shape[1])
    return max(ratio, 1 / ratio) <= 1 + _ASPECT_TOLERANCE


def choose_held_out(names: Sequence[str], share: float, seed: int) -> frozenset[str]:
    """Pick the names to measure on: at least one, never all.

    Each name is ranked by a hash of itself and the seed, so that a new picture moves
    at most one other from one part to the other.

    Args:
        names: At least two, all different.
        share: Part of them to hold out, 0..1, rounded down.
        seed: Another seed picks others.
    """
    count = min(max(1, int(len(names) * share)), len(names) - 1)

    def rank(name: str) -> bytes:
        return hashlib.sha256(f"{seed}/{name}".encode()).digest()

    return frozenset(sorted(names, key=rank)[:count])
