"""A folder in, what it holds out: pairs, two styles or pictures of one kind.

Understood are
    A/1.png B/1.jpg             two subfolders, matched by name; any two names will do
    trainA trainB testA testB   the same with the split in the name,
    train/A train/B, A/train    or in a folder of its own; where names do not match,
                                these are two styles
    1.png, train/1.png          two pictures side by side in one file, A | B,
                                or else single pictures
    cats/1.png dogs/2.png ...   subfolders as classes; any two of them are two styles
    train-images-idx3-ubyte     IDX files with their labels, compressed or not
    anything.zip                an archive of any of these
Folders named val and test are held out; without them a share of each group is. Pairs
can also be made from single pictures, see `sets.TASKS`.

Only names are looked at, and the headers of a few files. What only decoding can tell
is found by `audit`, and left out by `load_store`.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from engines.data import grouping, pairing
from engines.data.contents import Contents, look
from engines.data.pairing import Draft
from engines.data.scan import collecting_later
from engines.data.sets import (
    TASK_SIDES,
    Item,
    PictureSet,
    Problem,
    Source,
    Use,
    choose_held_out,
)
from engines.errors import DataError

__all__ = ["Item", "PictureSet", "Problem", "Source", "understand"]

_HOW_PAIRS = (
    "Put the inputs into a subfolder A and the answers, under the same names, into a "
    "subfolder B; or both side by side in one file, twice as wide as high; or have "
    "the inputs made from the pictures."
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
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> PictureSet:
    """Find the pictures in a folder or archive, and what they can be used as.

    Args:
        folder: What the user dropped.
        use: What its pictures are used as; None for what fits best.
        sides: The two subfolders to pair, input first, or the two styles; None to
            choose them by name.
        held_out: Share to measure on where no folder is named val or test.
        seed: Picks which ones.
        direction: "BtoA" swaps input and answer of pairs that are there.
        left_out: Names of items that the user left out; unknown ones do not matter.
        progress: Called with (files done, files in all) while an archive is unpacked,
            and once the files are listed.
        cancelled: Asked between two files.

    Raises:
        DataError: One or two sentences: what is wrong with the folder, what to do.
        Cancelled: *cancelled* returned True.
    """
    contents = look(folder, sides, progress, cancelled)
    use = use or contents.uses[0]
    if use not in contents.uses:
        raise DataError(_refusal(folder, use, contents))
    with collecting_later():
        draft = _draft(contents, use)
        items = _split(draft, frozenset(left_out), held_out, seed)
    if few := _too_few(folder, use, draft, items):
        raise DataError(few)
    known = {item.name for item in draft.items}
    found = PictureSet(
        folder=folder,
        layout=contents.layout,
        use=use,
        groups=draft.groups,
        items=items,
        problems=(*draft.problems, *contents.problems),
        choices=contents.choices,
        uses=contents.uses,
        left_out=tuple(name for name in left_out if name in known),
    )
    return found.reversed() if direction == "BtoA" and use == "pairs" else found


# ----------------------------------------------------------------------------
# Which items.


def _draft(contents: Contents, use: Use) -> Draft:
    if use == "pairs":
        return _pairs(contents)
    if use == "styles":
        assert contents.two, "styles are offered where there are two groups"
        return _groups(contents, contents.two)
    if use == "single":
        return _groups(contents, contents.choices)
    return replace(_ungrouped(contents), groups=TASK_SIDES[use])


def _pairs(contents: Contents) -> Draft:
    if contents.layout == "side_by_side":
        return pairing.halve(contents.pictures)
    assert contents.two, "pairs are in two folders or in two halves"
    return pairing.match(contents.sides, contents.two)


def _groups(contents: Contents, groups: Sequence[str]) -> Draft:
    match contents.layout:
        case "idx":
            return grouping.of_idx(contents.parts, groups, contents.classes)
        case "side_by_side":
            return grouping.by_half(contents.pictures)
        case "folders":
            return grouping.by_folder(contents.sides, groups)
        case "flat":
            return grouping.ungrouped(contents.pictures)


def _ungrouped(contents: Contents) -> Draft:
    match contents.layout:
        case "idx":
            return grouping.of_idx(contents.parts, (), ())
        case "side_by_side":
            halves = grouping.by_half(contents.pictures)
            items = [replace(item, group=0) for item in halves.items]
            return replace(halves, items=items, keys=[item.name for item in items])
    return grouping.ungrouped(contents.pictures)


# ----------------------------------------------------------------------------
# Which of them are held out.


def _split(
    draft: Draft, left_out: frozenset[str], share: float, seed: int
) -> tuple[Item, ...]:
    """Of each group, hold out what its folders say, or else a share."""
    groups: dict[int, tuple[list[str], list[Item]]] = {}
    for key, item in zip(draft.keys, draft.items, strict=True):
        if item.name not in left_out:
            keys, members = groups.setdefault(item.group, ([], []))
            keys.append(key)
            members.append(item)
    items: list[Item] = []
    for keys, members in groups.values():
        items += _held_out(keys, members, share, seed)
    if len(items) > 1 and not any(item.held_out for item in items):
        # A group of one has none to spare, and here all are.
        return tuple(_held_out([item.name for item in items], items, share, seed))
    return tuple(items)


def _held_out(
    keys: Sequence[str], items: Sequence[Item], share: float, seed: int
) -> Sequence[Item]:
    """The items of one group, a share of them held out unless folders name some."""
    if 0 < sum(item.held_out for item in items) < len(items):
        return items
    chosen = choose_held_out(keys, share, seed) if len(items) > 1 else frozenset()
    return [
        item
        if item.held_out == (key in chosen)
        else replace(item, held_out=key in chosen)
        for key, item in zip(keys, items, strict=True)
    ]


# ----------------------------------------------------------------------------
# What to say where it cannot be.


def _refusal(folder: Path, use: Use, contents: Contents) -> str:
    """The folder holds something else than what was asked for."""
    name, count = folder.name, len(contents.pictures)
    if use == "styles":
        return (
            f"'{name}' holds pictures of one kind, and two styles are needed. Put the "
            "pictures of each style into a subfolder of its own."
        )
    if count == 1:
        return f"There is only one picture in '{name}'. {_HOW_PAIRS}"
    if contents.two and contents.sides:
        a, b = contents.two
        examples = f"'{_first(contents, a)}' and '{_first(contents, b)}'"
        return (
            f"The pictures in '{name}' are not pairs: hardly any name is in both '{a}' "
            f"and '{b}' (for example {examples}). Give both pictures of a pair the "
            "same name, or use them as two styles."
        )
    pictures = f"The {count:,} pictures" if count else "The pictures"
    return f"{pictures} in '{name}' are not pairs. {_HOW_PAIRS}"


def _first(contents: Contents, side: str) -> str:
    return contents.sides[side][0].path.name


def _too_few(folder: Path, use: Use, draft: Draft, items: Sequence[Item]) -> str:
    """What to say where there is not enough to learn from, "" where there is."""
    left_out = len(draft.items) - len(items)
    without = f" without the {left_out:,} that you left out" if left_out else ""
    if use == "styles":
        for number, group in enumerate(draft.groups):
            count = sum(item.group == number for item in items)
            if count < 2:
                return (
                    f"There is {_only(count, 'picture')} in '{group}'{without}. At "
                    "least 2 are needed in each style, and a few hundred are better."
                )
    if len(items) > 1:
        return ""
    noun = "pair" if use == "pairs" else "picture"
    words = f"There is {_only(len(items), noun)} in '{folder.name}'{without}."
    if draft.problems:
        words += f" {draft.problems[0].words}"
    return f"{words} At least 2 {noun}s are needed, and a few hundred are better."


def _only(count: int, noun: str) -> str:
    return f"only one {noun}" if count else f"no usable {noun}"
