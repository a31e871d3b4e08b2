"""Which two folders are pairs, and which of their files; halves of one file."""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from engines.data.images import picture_size
from engines.data.scan import Found
from engines.data.sets import Item, Problem, Source
from engines.errors import PictureError

Sides = Mapping[str, Sequence[Found]]  # the pictures of each subfolder
Key = tuple[str, str]  # split, name

HELD_OUT_SPLITS = ("val", "test")
HALVES = ("left half", "right half")

_MOST = 0.5  # share of the smaller folder that must match, where names say nothing
_NEARLY_ALL = 0.9  # share of the files that must look side by side
_MOST_FOLDERS = 20  # more are classes; comparing each with each would take long
_SAMPLE = 64  # files whose headers are read to see whether all are side by side
# Folder names that are the input wherever the other one stands in the alphabet.
_INPUT_NAME = re.compile(
    r"a|inputs?|sources?|before|edges?|sketch(es)?|lines?|outlines?|labels?|masks?"
    r"|segmentation",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Draft:
    """Items whose held-out share is still to be chosen.

    Attributes:
        groups: See `PictureSet.groups`.
        items: Held out so far is what a folder named val or test holds.
        keys: What chance picks each item by: the same for counterparts in two groups.
        problems: What was left out, and why.
    """

    groups: tuple[str, ...]
    items: Sequence[Item]
    keys: Sequence[str]
    problems: Sequence[Problem] = ()


def best_two(sides: Sides) -> tuple[str, str] | None:
    """The two folders with the most names in common; of equals, the most alike.

    None where hardly any name is in two folders. Names that are held out do not count
    where there are others: two styles may be tested with the same scenes.
    """
    if not 2 <= len(sides) <= _MOST_FOLDERS:
        return None
    keys = {side: _keys(files) for side, files in sides.items()}

    def score(two: tuple[str, str]) -> tuple[int, float]:
        alike = difflib.SequenceMatcher(None, *two).ratio()
        return len(keys[two[0]] & keys[two[1]]), alike

    a, b = max(combinations(sorted(sides), 2), key=score)
    return input_first(a, b) if _mostly_match(keys[a], keys[b]) else None


def match_by_name(sides: Sides, two: tuple[str, str]) -> bool:
    """Whether two folders have most names in common."""
    return _mostly_match(_keys(sides[two[0]]), _keys(sides[two[1]]))


def _mostly_match(a: set[Key], b: set[Key]) -> bool:
    return len(a & b) >= max(1, _MOST * min(len(a), len(b)))


def input_first(a: str, b: str) -> tuple[str, str]:
    """Both names, the one that says that it is the input first."""
    swap = _INPUT_NAME.fullmatch(b) and not _INPUT_NAME.fullmatch(a)
    return (b, a) if swap else (a, b)


def only_numbered(sides: Sides) -> bool:
    """Whether three or more folders match merely because each counts its files.

    So do the folders of classes: 0/0001.png, 1/0001.png, 2/0001.png.
    """
    named = any(len(side) > 1 and _INPUT_NAME.fullmatch(side) for side in sides)
    smallest = min(sides.values(), key=len)
    numbers = all(found.name.isdecimal() for found in smallest)
    return len(sides) > 2 and numbers and not named


def _keys(files: Iterable[Found]) -> set[Key]:
    learnt = {(f.split, f.name) for f in files if f.split not in HELD_OUT_SPLITS}
    return learnt or {(f.split, f.name) for f in files}


# ----------------------------------------------------------------------------
# Two folders.


def match(sides: Sides, chosen: tuple[str, str]) -> Draft:
    """Pair the files of two folders by split and name."""
    problems: list[Problem] = []
    a_files, b_files = (_unique(sides[side], problems) for side in chosen)
    for files, others, other in (
        (a_files, b_files, chosen[1]),
        (b_files, a_files, chosen[0]),
    ):
        for key in sorted(files.keys() - others.keys()):
            path = files[key].path
            words = f"{path.name} has no picture of the same name in '{other}'."
            problems.append(Problem("unmatched", path, words))
    items = [
        Item(
            "/".join(filter(None, key)),
            Source(a_files[key].path),
            Source(b_files[key].path),
            held_out=key[0] in HELD_OUT_SPLITS,
        )
        for key in sorted(a_files.keys() & b_files.keys())
    ]
    return Draft(chosen, items, [item.name for item in items], problems)


def _unique(files: Iterable[Found], problems: list[Problem]) -> dict[Key, Found]:
    unique: dict[Key, Found] = {}
    for picture in files:
        first = unique.setdefault((picture.split, picture.name), picture)
        if first is not picture:
            words = f"{picture.path.name} has the same name as {first.path.name}."
            problems.append(Problem("duplicate", picture.path, words))
    return unique


# ----------------------------------------------------------------------------
# Two pictures in one file.


def look_side_by_side(pictures: Sequence[Found]) -> bool:
    """Whether nearly all files hold two square pictures, judged by a sample's headers.

    Raises:
        PictureError: No file of the sample can be read; the error of the first.
    """
    step = max(1, len(pictures) // _SAMPLE)
    fitting, readable, first = 0, 0, None
    for picture in pictures[::step][:_SAMPLE]:
        try:
            fitting += _is_double(picture_size(picture.path))
            readable += 1
        except PictureError as error:
            first = first or error
    if first and not readable:
        raise first
    return fitting >= _NEARLY_ALL * readable


def _is_double(size: tuple[int, int]) -> bool:
    width, height = size
    return 1.9 <= width / height <= 2.1


def halve(pictures: Sequence[Found]) -> Draft:
    """Take every file as a pair, A | B."""
    items = []
    for name, picture in named(pictures).items():
        left, right = (Source(picture.path, half) for half in ("left", "right"))
        held_out = picture.split in HELD_OUT_SPLITS
        items.append(Item(name, left, right, held_out=held_out))
    return Draft(HALVES, items, [item.name for item in items])


def named(pictures: Iterable[Found]) -> dict[str, Found]:
    """Give each picture a name that no other has, and sort by it.

    Of 1.png and 1.jpg in one folder, the second keeps its ending.
    """
    unique: dict[str, Found] = {}
    for picture in pictures:
        name = f"{picture.side}/{picture.name}" if picture.side else picture.name
        if picture.split:
            name = f"{picture.split}/{name}"
        if name in unique:
            name += picture.path.suffix
        unique[name] = picture
    return {name: unique[name] for name in sorted(unique)}


def name_without_side(name: str, picture: Found) -> str:
    """What counterparts in two folders have in common, from the name in full."""
    start = len(picture.split) + 1 if picture.split else 0
    end = start + len(picture.side) + 1 if picture.side else start
    return name[:start] + name[end:]
