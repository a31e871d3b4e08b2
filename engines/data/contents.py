"""How the files of a folder lie, and so what they can be used as."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from engines.data import grouping, pairing
from engines.data.archives import is_archive, unpacked
from engines.data.idx import IdxPart, read_parts
from engines.data.pairing import Sides
from engines.data.scan import Found, Listing, list_files
from engines.data.sets import TASKS, Layout, Problem, Use
from engines.errors import DataError, PictureError

Two = tuple[str, str]

_MOSTLY = 0.5  # share of the pictures that lie in subfolders, for those to be classes


@dataclass(frozen=True, kw_only=True, slots=True)
class Contents:
    """The files of a folder, and how they lie.

    Attributes:
        layout: How.
        uses: What they can be used as, the best first.
        pictures: The picture files that belong to the layout.
        sides: Those of each subfolder, where the layout is "folders".
        two: The subfolders, or classes, that are the sides of pairs or the styles.
        parts: IDX files, where the layout is "idx".
        classes: What their classes are called, by number.
        choices: See `PictureSet.choices`.
        problems: Files that do not belong to the layout.
    """

    layout: Layout
    uses: tuple[Use, ...]
    pictures: tuple[Found, ...] = ()
    sides: Sides = field(default_factory=dict)
    two: Two | None = None
    parts: tuple[IdxPart, ...] = ()
    classes: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def look(
    folder: Path,
    two: Two | None,
    progress: Callable[[int, int], None] | None,
    cancelled: Callable[[], bool] | None,
) -> Contents:
    """List a folder, or archive, and see how its files lie.

    Args:
        folder: What the user dropped.
        two: The subfolders or classes that the user chose.
        progress: Called with (done, in all) while something is unpacked.
        cancelled: Asked between two files.

    Raises:
        DataError: There is nothing to learn from, or *two* are not there.
        Cancelled: *cancelled* returned True.
    """
    place = folder
    if is_archive(folder):
        place = unpacked(folder, progress=progress, cancelled=cancelled)
    listing = list_files(place, cancelled=cancelled)
    parts = read_parts(listing.idx, progress=progress, cancelled=cancelled)
    if parts:
        contents = _of_idx(folder, listing, parts, two)
    elif listing.pictures:
        contents = _of_pictures(folder, listing.pictures, two)
    else:
        raise DataError(
            f"'{folder.name}' holds the labels of pictures, but not the pictures. "
            "Put the files with 'images' in their names beside them."
        )
    if progress:
        count = len(listing.pictures) + len(listing.idx)
        progress(count, count)
    return contents


# ----------------------------------------------------------------------------
# Picture files.


def _of_pictures(
    folder: Path, pictures: tuple[Found, ...], two: Two | None
) -> Contents:
    sides: dict[str, list[Found]] = {}
    for picture in pictures:
        sides.setdefault(picture.side, []).append(picture)
    loose = sides.pop("", [])
    if two:
        _check(folder, two, sides)
        return _of_folders(sides, loose, two, _uses_of(sides, two))
    if matched := pairing.best_two(sides):
        uses: tuple[Use, ...] = ("pairs", "styles", "single", *TASKS)
        if pairing.only_numbered(sides):
            uses = ("single", "pairs", "styles", *TASKS)
        return _of_folders(sides, loose, matched, uses)
    if _side_by_side(folder, pictures):
        uses = ("pairs", "styles", "single", *TASKS)
        return Contents(
            layout="side_by_side", uses=uses, pictures=pictures, two=pairing.HALVES
        )
    if len(sides) > 1 and len(loose) <= _MOSTLY * len(pictures):
        largest = sorted(sides, key=lambda side: (-len(sides[side]), side))[:2]
        a, b = sorted(largest)
        uses = ("styles", "single") if len(sides) == 2 else ("single", "styles")
        two = pairing.input_first(a, b)
        return _of_folders(sides, loose, two, (*uses, *TASKS))
    return Contents(layout="flat", uses=("single", *TASKS), pictures=pictures)


def _uses_of(sides: Sides, two: Two) -> tuple[Use, ...]:
    """What two folders that the user chose can be used as."""
    if pairing.match_by_name(sides, two):
        return ("pairs", "styles", "single", *TASKS)
    return ("styles", "single", *TASKS)


def _of_folders(
    sides: Sides,
    loose: Sequence[Found],
    two: Two,
    uses: tuple[Use, ...],
) -> Contents:
    problems = [
        Problem("not_a_pair", path, f"{path.name} lies beside the subfolders.")
        for path, *_ in loose
    ]
    return Contents(
        layout="folders",
        uses=uses,
        pictures=tuple(chain.from_iterable(sides.values())),
        sides=sides,
        two=two,
        choices=tuple(sorted(sides)),
        problems=tuple(problems),
    )


def _side_by_side(folder: Path, pictures: Sequence[Found]) -> bool:
    try:
        return pairing.look_side_by_side(pictures)
    except PictureError as error:
        raise DataError(
            f"No picture in '{folder.name}' can be read. The first: {error}"
        ) from None


def _check(folder: Path, two: Two, known: Sequence[str] | Sides) -> None:
    for side in two:
        if side not in known:
            names = ", ".join(sorted(known)) or "none"
            raise DataError(
                f"There is no subfolder '{side}' with pictures in '{folder.name}'. "
                f"Choose two of these: {names}."
            )
    if two[0] == two[1]:
        raise DataError(f"Both sides are '{two[0]}'. Choose two different folders.")


# ----------------------------------------------------------------------------
# IDX files.


def _of_idx(
    folder: Path, listing: Listing, parts: tuple[IdxPart, ...], two: Two | None
) -> Contents:
    names = grouping.class_names(parts, listing.class_names)
    classes = grouping.present(parts, names)
    if two:
        _check(folder, two, classes)
    uses: tuple[Use, ...] = ("single", *TASKS)
    if len(classes) > 1:
        uses = ("styles", *uses) if two else ("single", "styles", *TASKS)
        two = two or (classes[0], classes[1])
    beside = []
    if listing.pictures:
        first, count = listing.pictures[0].path, len(listing.pictures)
        these = "1 picture file is" if count == 1 else f"{count:,} picture files are"
        words = f"{these} not used: the IDX files beside them hold more."
        beside.append(Problem("not_a_pair", first, words))
    return Contents(
        layout="idx",
        uses=uses,
        two=two,
        parts=parts,
        classes=names,
        choices=classes,
        problems=tuple(beside),
    )
