"""Single pictures in their groups: two styles, classes, or none."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from engines.data.idx import IdxPart
from engines.data.pairing import (
    HALVES,
    HELD_OUT_SPLITS,
    Draft,
    Sides,
    name_without_side,
    named,
)
from engines.data.scan import Found
from engines.data.sets import Half, Item, Source


def by_folder(sides: Sides, groups: Sequence[str]) -> Draft:
    """Each picture in the group of its subfolder, those of other subfolders not."""
    items, keys = [], []
    for number, group in enumerate(groups):
        for name, picture in named(sides[group]).items():
            items.append(_item(name, picture, number))
            keys.append(name_without_side(name, picture))
    return Draft(tuple(groups), items, keys)


def ungrouped(pictures: Iterable[Found]) -> Draft:
    """All pictures, of no class."""
    items = [_item(name, picture, 0) for name, picture in named(pictures).items()]
    return Draft((), items, [item.name for item in items])


def by_half(pictures: Iterable[Found]) -> Draft:
    """Both halves of each file, each in a group of its own."""
    items, keys = [], []
    files = named(pictures)
    halves: tuple[Half, Half] = ("left", "right")
    for number, half in enumerate(halves):
        for name, picture in files.items():
            items.append(_item(f"{HALVES[number]}/{name}", picture, number, half))
            keys.append(name)
    return Draft(HALVES, items, keys)


def _item(name: str, picture: Found, group: int, half: Half | None = None) -> Item:
    held_out = picture.split in HELD_OUT_SPLITS
    return Item(name, Source(picture.path, half), None, group, held_out)


def of_idx(
    parts: Sequence[IdxPart], groups: Sequence[str], names: Sequence[str]
) -> Draft:
    """The pictures of IDX files that belong to *groups*.

    Args:
        parts: The files.
        groups: Some of *names*, in the order wanted; () for all pictures, of no class.
        names: What the classes are called, by number, as `class_names` finds them.
    """
    numbers = {names.index(group): place for place, group in enumerate(groups)}
    items = []
    for part in parts:
        labels = part.labels if groups and part.labels is not None else [0] * part.count
        prefix = f"{part.split}/" if part.split else ""
        for index, label in enumerate(np.asarray(labels).tolist()):
            place = numbers.get(label) if groups else 0
            if place is not None:
                source = Source(part.path, None, index)
                held_out = part.split == "test"
                name = f"{prefix}{index:05}"
                items.append(Item(name, source, None, place, held_out))
    items.sort(key=lambda item: item.group)  # stable: by name within each
    return Draft(tuple(groups), items, [item.name for item in items])


def class_names(parts: Sequence[IdxPart], file: Path | None) -> tuple[str, ...]:
    """What the classes of IDX files are called, by number; () where they have none.

    Args:
        parts: The files.
        file: Names them, one a line; without it, or where lines are missing, a class
            is called by its number.
    """
    labels = [part.labels for part in parts if part.labels is not None]
    if len(labels) < len(parts):
        return ()
    count = 1 + max(int(numbers.max()) for numbers in labels)
    text = file.read_text("utf-8", "replace") if file else ""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) < count or len(set(lines)) < len(lines):
        return tuple(str(number) for number in range(count))
    return tuple(lines[:count])


def present(parts: Sequence[IdxPart], names: Sequence[str]) -> tuple[str, ...]:
    """The classes that any picture belongs to; EMNIST's letters begin at 1."""
    if not names:
        return ()
    labels = [part.labels for part in parts if part.labels is not None]
    return tuple(names[number] for number in np.unique(np.concatenate(labels)).tolist())
