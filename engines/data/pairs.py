"""What is known of a folder of picture pairs. Plain values; nothing is decoded yet."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeAlias

from engines.data.images import Rgb, decode
from engines.errors import DataError

Half: TypeAlias = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class Side:
    """One picture of a pair.

    Attributes:
        path: The file.
        half: Which half of the file, None for all of it.
    """

    path: Path
    half: Half | None = None

    def read(self) -> Rgb:
        """Decode it: (H, W, 3) uint8.

        Raises:
            PictureError: The file cannot be used.
        """
        return self._cut(decode(self.path))

    def _cut(self, rgb: Rgb) -> Rgb:
        if self.half is None:
            return rgb
        middle = rgb.shape[1] // 2
        return rgb[:, :middle] if self.half == "left" else rgb[:, -middle:]


@dataclass(frozen=True, slots=True)
class Pair:
    """An input and its answer.

    Attributes:
        name: Unique in its set: the file's name without ending, with "/" where nested.
        a: The input.
        b: The answer.
        held_out: True where it is measured on and never learnt from.
    """

    name: str
    a: Side
    b: Side
    held_out: bool = False

    def read(self) -> tuple[Rgb, Rgb]:
        """Decode both, a file that holds both only once.

        Raises:
            PictureError: One of them cannot be used.
        """
        if self.a.path != self.b.path:
            return self.a.read(), self.b.read()
        both = decode(self.a.path)
        return self.a._cut(both), self.b._cut(both)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about the pictures that the user should know.

    Attributes:
        kind: "unreadable", "unmatched", "mismatch" (the two sides differ in shape),
            "duplicate" and "not_a_pair" are left out; "small" is used all the same.
        path: The file, None where it concerns many.
        words: One sentence.
    """

    kind: Literal[
        "unreadable", "unmatched", "mismatch", "duplicate", "not_a_pair", "small"
    ]
    path: Path | None
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PairSet:
    """What a folder holds.

    Attributes:
        folder: The folder that was understood.
        kind: How its pairs were recognised.
        a_name: What the inputs are called.
        b_name: What the answers are called.
        pairs: All usable pairs, by name.
        problems: What was left out, and why.
        choices: Subfolders that could be either side; empty for side-by-side files.
    """

    folder: Path
    kind: Literal["folders", "side_by_side"]
    a_name: str
    b_name: str
    pairs: tuple[Pair, ...]
    problems: tuple[Problem, ...] = ()
    choices: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The folder's own name."""
        return self.folder.resolve().name

    @property
    def training(self) -> tuple[Pair, ...]:
        """The pairs to learn from."""
        return tuple(pair for pair in self.pairs if not pair.held_out)

    @property
    def held_out(self) -> tuple[Pair, ...]:
        """The pairs to measure on."""
        return tuple(pair for pair in self.pairs if pair.held_out)

    @property
    def words(self) -> str:
        """What was found, in a sentence or two."""
        found = f"{len(self.pairs):,} pairs found"
        where = {
            "folders": f"by name in {self.a_name} and {self.b_name}",
            "side_by_side": f"side by side, from {self.a_name} to {self.b_name}",
        }[self.kind]
        words = f"{found} {where}, {len(self.held_out):,} held out."
        others = [c for c in self.choices if c not in (self.a_name, self.b_name)]
        if others:
            words += f" Also here: {', '.join(others)}."
        return words

    def reversed(self) -> "PairSet":
        """The same pairs from B to A."""
        return replace(
            self,
            a_name=self.b_name,
            b_name=self.a_name,
            pairs=tuple(replace(p, a=p.b, b=p.a) for p in self.pairs),
        )

    def fingerprint(self) -> str:
        """SHA-256 over names, file sizes and times: changes when the pictures do.

        Raises:
            DataError: A file is not there any more.
        """
        digest = hashlib.sha256()
        for pair in self.pairs:
            digest.update(f"{pair.name}\0{pair.held_out}\n".encode())
            for side in (pair.a, pair.b):
                digest.update(self._stamp(side).encode())
        return digest.hexdigest()

    def _stamp(self, side: Side) -> str:
        try:
            info = side.path.stat()
        except OSError:
            raise DataError(
                f"'{side.path.name}' is not in '{self.name}' any more. Open the folder "
                "again."
            ) from None
        where = side.path.relative_to(self.folder).as_posix()
        return f"{where}\0{side.half}\0{info.st_size}\0{info.st_mtime_ns}\n"


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
