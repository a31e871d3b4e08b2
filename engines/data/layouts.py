"""A folder in, what it holds out: which files are pairs, and what does not fit.

Understood are
    A/1.png B/1.jpg             two subfolders, matched by name; any two names will do
    trainA trainB testA testB   the same with the split in the name,
    train/A train/B, A/train    or in a folder of its own
    1.png, train/1.png          both pictures side by side in one file, A | B
Folders named val and test are held out; without them a share of the pairs is.
"""

import difflib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from pathlib import Path
from typing import Literal

from engines.data.images import picture_size
from engines.data.scan import Found, find_pictures
from engines.data.sets import (
    Item,
    PictureSet,
    Problem,
    Source,
    Use,
    choose_held_out,
)
from engines.errors import Cancelled, DataError, PictureError

__all__ = ["Item", "PictureSet", "Problem", "Source", "understand"]

Progress = Callable[[int, int], None]
Cancel = Callable[[], bool]
Key = tuple[str, str]  # split, name

_MOST = 0.5  # share of the smaller folder that must match, where names say nothing
_NEARLY_ALL = 0.9  # share of the files that must look side by side
_ASPECT_TOLERANCE = 0.02  # of the two sides of a pair; a pixel more or less is rounding
# Folder names that are the input wherever the other one stands in the alphabet.
_INPUT_NAME = re.compile(
    r"a|inputs?|sources?|before|edges?|sketch(es)?|lines?|outlines?|labels?|masks?"
    r"|segmentation",
    re.IGNORECASE,
)
_HOW = (
    "Put the inputs into a subfolder A and the answers, under the same names, into a "
    "subfolder B; or both side by side in one file, twice as wide as high."
)


def understand(
    folder: Path,
    *,
    use: Use | None = None,
    sides: tuple[str, str] | None = None,
    held_out: float = 0.1,
    seed: int = 0,
    direction: Literal["AtoB", "BtoA"] = "AtoB",
    left_out: Sequence[str] = (),
    progress: Progress | None = None,
    cancelled: Cancel | None = None,
) -> PictureSet:
    """Find the picture pairs in a folder and name what does not fit.

    Only headers are read; a file that is damaged further on is found by `load_store`.

    Args:
        folder: What the user dropped.
        use: What its pictures are used as; None for what fits best.
        sides: The two subfolders to pair, input first; None to choose them by name.
        held_out: Share to measure on where no folder is named val or test.
        seed: Picks which ones.
        direction: "BtoA" swaps input and answer.
        left_out: Names of items that the user left out.
        progress: Called with (files looked at, files in all).
        cancelled: Asked between two files.

    Raises:
        DataError: One or two sentences: what is wrong with the folder, what to do.
        Cancelled: *cancelled* returned True.
    """
    found = find_pictures(folder, cancelled=cancelled)
    audit = _Audit(progress, cancelled)
    by_side = _by_side(found)
    chosen = _check_sides(folder, by_side, sides) if sides else _best_two(by_side)
    if chosen:
        pairs = _match(by_side, chosen, audit)
        for picture in found:
            if not picture.side:
                words = f"{picture.path.name} lies beside the two folders."
                audit.add("not_a_pair", picture.path, words)
    else:
        pairs = _cut_halves(folder, found, by_side, audit)
    if len(pairs) < 2:
        raise DataError(_too_few(folder, pairs, by_side, chosen, audit))
    pair_set = PictureSet(
        folder=folder,
        layout="folders" if chosen else "side_by_side",
        use="pairs",
        groups=chosen or ("left half", "right half"),
        items=_split(pairs, held_out, seed),
        problems=tuple(audit.problems),
        choices=tuple(sorted(by_side)) if chosen else (),
    )
    return pair_set.reversed() if direction == "BtoA" else pair_set


# ----------------------------------------------------------------------------
# Which two folders.


def _by_side(found: Iterable[Found]) -> dict[str, list[Found]]:
    sides: dict[str, list[Found]] = {}
    for picture in found:
        if picture.side:
            sides.setdefault(picture.side, []).append(picture)
    return sides


def _check_sides(
    folder: Path, by_side: dict[str, list[Found]], sides: tuple[str, str]
) -> tuple[str, str]:
    for side in sides:
        if side not in by_side:
            known = ", ".join(sorted(by_side)) or "none"
            raise DataError(
                f"There is no subfolder '{side}' with pictures in '{folder.name}'. "
                f"Choose two of these: {known}."
            )
    if sides[0] == sides[1]:
        raise DataError(f"Both sides are '{sides[0]}'. Choose two different folders.")
    return sides


def _best_two(by_side: dict[str, list[Found]]) -> tuple[str, str] | None:
    """The two folders with the most names in common; of equals, the most alike."""
    keys = {side: {_key(f) for f in files} for side, files in by_side.items()}

    def score(two: tuple[str, str]) -> tuple[int, float]:
        alike = difflib.SequenceMatcher(None, *two).ratio()
        return len(keys[two[0]] & keys[two[1]]), alike

    candidates = list(combinations(sorted(by_side), 2))
    if not candidates:
        return None
    a, b = max(candidates, key=score)
    common, smaller = len(keys[a] & keys[b]), min(len(keys[a]), len(keys[b]))
    if common < max(1, _MOST * smaller):
        return None
    swap = _INPUT_NAME.fullmatch(b) and not _INPUT_NAME.fullmatch(a)
    return (b, a) if swap else (a, b)


def _key(picture: Found) -> Key:
    return picture.split, picture.name


# ----------------------------------------------------------------------------
# Which files.


@dataclass(slots=True)
class _Audit:
    """Reads headers, keeps the list of problems, reports progress."""

    progress: Progress | None
    cancelled: Cancel | None
    problems: list[Problem] = field(default_factory=list)

    def sizes(self, paths: Sequence[Path]) -> dict[Path, tuple[int, int]]:
        """Width and height of every readable file; the others become problems."""
        sizes = {}
        for done, path in enumerate(paths, start=1):
            if self.cancelled and self.cancelled():
                raise Cancelled
            try:
                sizes[path] = picture_size(path)
            except PictureError as error:
                self.add("unreadable", path, str(error))
            if self.progress:
                self.progress(done, len(paths))
        return sizes

    def add(
        self,
        kind: Literal["unreadable", "unmatched", "mismatch", "duplicate", "not_a_pair"],
        path: Path,
        words: str,
    ) -> None:
        self.problems.append(Problem(kind, path, words))


def _match(
    by_side: dict[str, list[Found]], chosen: tuple[str, str], audit: _Audit
) -> list[Item]:
    """Pair the files of two folders by split and name."""
    a_files, b_files = (_unique(by_side[side], audit) for side in chosen)
    for files, others, other in (
        (a_files, b_files, chosen[1]),
        (b_files, a_files, chosen[0]),
    ):
        for key in sorted(files.keys() - others.keys()):
            path = files[key].path
            words = f"{path.name} has no picture of the same name in '{other}'."
            audit.add("unmatched", path, words)

    common = sorted(a_files.keys() & b_files.keys())
    both = [(a_files[key].path, b_files[key].path) for key in common]
    sizes = audit.sizes([path for two in both for path in two])
    pairs = []
    for key, (a, b) in zip(common, both, strict=True):
        if a not in sizes or b not in sizes:
            continue
        if _same_aspect(sizes[a], sizes[b]):
            pairs.append(Item("/".join(filter(None, key)), Source(a), Source(b)))
        else:
            shapes = " and ".join(f"{w} × {h}" for w, h in (sizes[a], sizes[b]))
            words = f"{a.name} and its answer {b.name} differ in shape: {shapes}."
            audit.add("mismatch", a, words)
    return pairs


def _unique(files: Iterable[Found], audit: _Audit) -> dict[Key, Found]:
    unique: dict[Key, Found] = {}
    for picture in files:
        first = unique.setdefault(_key(picture), picture)
        if first is not picture:
            words = f"{picture.path.name} has the same name as {first.path.name}."
            audit.add("duplicate", picture.path, words)
    return unique


def _same_aspect(a: tuple[int, int], b: tuple[int, int]) -> bool:
    ratio = (a[0] * b[1]) / (a[1] * b[0])
    return max(ratio, 1 / ratio) <= 1 + _ASPECT_TOLERANCE


def _cut_halves(
    folder: Path, found: Sequence[Found], by_side: dict[str, list[Found]], audit: _Audit
) -> list[Item]:
    """Take every file as A | B, if nearly all of them look like it."""
    sizes = audit.sizes([picture.path for picture in found])
    fitting = {path for path, size in sizes.items() if _is_double(size)}
    if not fitting or len(fitting) < _NEARLY_ALL * len(sizes):
        raise DataError(_no_pairs(folder, found, by_side, audit))
    pairs = []
    for picture in found:
        path = picture.path
        if path in fitting:
            name = "/".join(filter(None, (picture.split, picture.side, picture.name)))
            pairs.append(Item(name, Source(path, "left"), Source(path, "right")))
        elif path in sizes:
            size = "{} × {}".format(*sizes[path])
            words = f"{path.name} is not twice as wide as high ({size})."
            audit.add("not_a_pair", path, words)
    return pairs


def _is_double(size: tuple[int, int]) -> bool:
    width, height = size
    return width % 2 == 0 and 1.9 <= width / height <= 2.1


def _split(pairs: list[Item], share: float, seed: int) -> tuple[Item, ...]:
    """Hold out the val and test folders, or else a share."""
    names = [pair.name for pair in pairs]
    held = {name for name in names if name.startswith(("val/", "test/"))}
    if not held or len(held) == len(names):
        held = set(choose_held_out(names, share, seed))
    return tuple(replace(pair, held_out=pair.name in held) for pair in pairs)


# ----------------------------------------------------------------------------
# What to say where there are no pairs.


def _no_pairs(
    folder: Path,
    found: Sequence[Found],
    by_side: dict[str, list[Found]],
    audit: _Audit,
) -> str:
    if audit.problems and len(audit.problems) == len(found):
        first = audit.problems[0].words
        return f"No picture in '{folder.name}' can be read. The first: {first}"
    if len(found) == 1:
        return f"There is only one picture in '{folder.name}'. {_HOW}"
    if len(by_side) > 1:
        a, b = sorted(by_side)[:2]
        examples = f"'{by_side[a][0].path.name}' and '{by_side[b][0].path.name}'"
        return (
            f"The pictures in '{folder.name}' are not pairs: hardly any name is in "
            f"both '{a}' and '{b}' (for example {examples}). Give both pictures of a "
            "pair the same name."
        )
    return f"The {len(found):,} pictures in '{folder.name}' are not pairs. {_HOW}"


def _too_few(
    folder: Path,
    pairs: list[Item],
    by_side: dict[str, list[Found]],
    chosen: tuple[str, str] | None,
    audit: _Audit,
) -> str:
    count = "only one pair" if pairs else "no usable pair"
    words = f"There is {count} in '{folder.name}'."
    if chosen and not pairs and audit.problems[0].kind != "unreadable":
        a, b = (by_side[side][0].path.name for side in chosen)
        words += f" '{chosen[0]}' has for example '{a}', '{chosen[1]}' has '{b}'."
    elif audit.problems:
        words += f" {audit.problems[0].words}"
    return f"{words} At least 2 pairs are needed, and a few hundred are better."
