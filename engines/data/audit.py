"""What only decoding tells of a set of pictures, before anything is learnt from it."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from engines.data.images import Rgb, has_transparency
from engines.data.likeness import Sketch, nearly_same, sketch
from engines.data.sets import Item, PictureSet, Problem
from engines.errors import Cancelled, PictureError

Cancel = Callable[[], bool]

SMALL = 32  # pixels of the shorter side; no engine learns anything smaller
LEAST_PAIRS = 50
LEAST_STYLE = 50  # in each of the two
LEAST_SINGLE = 200
LEAST_CLASS = 20  # in each
_TOLD_ONE_BY_ONE = 50  # findings of a kind; of more, how many there are

_LEARNS = {
    "pairs": "a translator learns them by heart",
    "styles": "a style cannot be told from its few examples",
    "single": "new pictures will be copies of these",
}


@dataclass(frozen=True, slots=True)
class _Look:
    """What is kept of an item once it was decoded.

    Attributes:
        item: The item.
        sizes: Width and height of each of its pictures, in pixels.
        sketches: One of each.
        digest: Equal where all pixels are.
        is_transparent: Whether white shows through somewhere.
    """

    item: Item
    sizes: tuple[tuple[int, int], ...]
    sketches: tuple[Sketch, ...]
    digest: bytes
    is_transparent: bool

    @property
    def shortest(self) -> int:
        """The shortest side of all, in pixels."""
        return min(min(size) for size in self.sizes)


def audit(
    pictures: PictureSet,
    *,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Cancel | None = None,
    workers: int = 2,
) -> tuple[Problem, ...]:
    """Decode every picture and say what the user should know of it.

    Args:
        pictures: The set; nothing is changed in it.
        progress: Called in the calling thread with (items done, items in all).
        cancelled: Asked before each item.
        workers: Threads that decode.

    Returns:
        What is left out anyway comes first, then what the user may want to leave out,
        by `Problem.item`, then what concerns them all.

    Raises:
        Cancelled: *cancelled* returned True.
    """
    looks: list[_Look] = []
    problems: list[Problem] = []

    def look(item: Item) -> _Look | Problem:
        if cancelled and cancelled():
            raise Cancelled
        return _look(pictures, item)

    with ThreadPoolExecutor(workers, thread_name_prefix="audit") as pool:
        for done, result in enumerate(pool.map(look, pictures.items), start=1):
            if isinstance(result, Problem):
                problems.append(result)
            else:
                looks.append(result)
            if progress:
                progress(done, len(pictures.items))
    problems += _alike(looks, cancelled)
    problems += _copies(looks)
    problems += _small(looks)
    problems += _mixed(pictures, looks)
    problems += _few(pictures, looks)
    return tuple(problems)


def _look(pictures: PictureSet, item: Item) -> _Look | Problem:
    try:
        decoded = pictures.read(item)
        is_transparent = any(
            has_transparency(source.path)
            for source in item.sources
            if source.index is None
        )
    except PictureError as error:
        return Problem("unreadable", error.path, _unreadable(pictures, error))
    if misfit := pictures.misfit(item, decoded):
        return misfit
    return _Look(
        item=item,
        sizes=tuple((rgb.shape[1], rgb.shape[0]) for rgb in decoded),
        sketches=tuple(sketch(rgb) for rgb in decoded),
        digest=_digest(decoded),
        is_transparent=is_transparent,
    )


def _unreadable(pictures: PictureSet, error: PictureError) -> str:
    """As the error says, with the folder: both files of a pair have one name."""
    if error.path and error.path.is_relative_to(pictures.folder):
        return f"{error.path.relative_to(pictures.folder)} {error.reason}."
    return str(error)


def _digest(decoded: Sequence[Rgb]) -> bytes:
    digest = hashlib.blake2b(digest_size=16)
    for rgb in decoded:
        digest.update(str(rgb.shape).encode())
        digest.update(np.ascontiguousarray(rgb).data)
    return digest.digest()


# ----------------------------------------------------------------------------
# The same picture twice.


def _alike(looks: Sequence[_Look], cancelled: Cancel | None) -> Iterator[Problem]:
    """Pictures to learn from that are held out as well, or nearly so."""
    training = [look for look in looks if not look.item.held_out]
    held_out = [look for look in looks if look.item.held_out]
    pairs = nearly_same(
        [look.sketches for look in training],
        [look.sketches for look in held_out],
        cancelled=cancelled,
    )
    for row, other in pairs:
        item, held = training[row].item, held_out[other].item
        words = (
            f"{item.name} is nearly the same picture as {held.name}, which is held "
            "out: what is measured there would be learnt by heart."
        )
        yield Problem("alike", item.a.path, words, item.name)


def _copies(looks: Sequence[_Look]) -> Iterator[Problem]:
    """Exact copies among the pictures to learn from, in one sentence."""
    first: dict[bytes, _Look] = {}
    copies = []
    for look in looks:
        if not look.item.held_out and first.setdefault(look.digest, look) is not look:
            copies.append(look)
    if copies:
        these = "1 picture is" if len(copies) == 1 else f"{len(copies):,} pictures are"
        original = first[copies[0].digest].item.name
        words = (
            f"{these} to be learnt from twice: {copies[0].item.name} is an exact copy "
            f"of {original}, for example. Copies count for more than other pictures."
        )
        yield Problem("alike", copies[0].item.a.path, words)


# ----------------------------------------------------------------------------
# Sizes and colours.


def _small(looks: Sequence[_Look]) -> Iterator[Problem]:
    """Pictures of which little is to be seen."""
    small = [look for look in looks if look.shortest < SMALL]
    if small and len(small) > max(_TOLD_ONE_BY_ONE, len(looks) // 2):
        sides = Counter(look.shortest for look in small)
        words = (
            f"{len(small):,} pictures are smaller than {SMALL} pixels, most of them "
            f"{sides.most_common(1)[0][0]}: they are enlarged, and what is made of "
            "them cannot be sharper."
        )
        yield Problem("small", None, words)
        return
    for look in small[:_TOLD_ONE_BY_ONE]:
        size = min(look.sizes)
        words = (
            f"{look.item.name} has only {size[0]} × {size[1]} pixels and will be "
            "blurred."
        )
        yield Problem("small", look.item.a.path, words, look.item.name)
    if len(small) > _TOLD_ONE_BY_ONE:
        more = len(small) - _TOLD_ONE_BY_ONE
        words = f"{more:,} more pictures are smaller than {SMALL} pixels."
        yield Problem("small", None, words)


def _mixed(pictures: PictureSet, looks: Sequence[_Look]) -> Iterator[Problem]:
    """Sizes, colours and transparency that only some of them have."""
    sizes = sorted({size for look in looks for size in look.sizes}, key=_area)
    if len(sizes) > 1:
        (w, h), (wide, high) = sizes[0], sizes[-1]
        words = (
            f"The pictures have {len(sizes):,} sizes, from {w} × {h} to "
            f"{wide} × {high} pixels. All are brought to one."
        )
        yield Problem("mixed", None, words)
    sides = len(looks[0].sketches) if looks else 0
    for side in range(sides):
        where = f" in {pictures.groups[side]}" if sides > 1 else ""
        grey = [look for look in looks if look.sketches[side].is_grey]
        if len(grey) <= len(looks) - len(grey):
            yield from _odd_ones(grey, f"grey{where}", "the others are in colour")
        else:
            coloured = [look for look in looks if not look.sketches[side].is_grey]
            yield from _odd_ones(coloured, f"in colour{where}", "the others are grey")
    seen_through = [look for look in looks if look.is_transparent]
    if seen_through:
        count = len(seen_through)
        these = "1 picture has" if count == 1 else f"{count:,} pictures have"
        words = f"{these} transparent parts. They are shown on white."
        yield Problem("mixed", seen_through[0].item.a.path, words)


def _area(size: tuple[int, int]) -> int:
    return size[0] * size[1]


def _odd_ones(odd: Sequence[_Look], are: str, others: str) -> Iterator[Problem]:
    if len(odd) <= _TOLD_ONE_BY_ONE:
        for look in odd:
            words = f"{look.item.name} is {are}, {others}."
            yield Problem("mixed", look.item.a.path, words, look.item.name)
    else:
        words = f"{len(odd):,} pictures are {are}, {others}."
        yield Problem("mixed", odd[0].item.a.path, words)


# ----------------------------------------------------------------------------
# How many.


def _few(pictures: PictureSet, looks: Sequence[_Look]) -> Iterator[Problem]:
    """Too little to learn from."""
    training = [look.item for look in looks if not look.item.held_out]
    why = _LEARNS[pictures.kind]
    if pictures.kind == "pairs":
        if len(training) < LEAST_PAIRS:
            yield _only(f"{len(training):,} pairs are there to learn from", why)
        return
    counts = Counter(item.group for item in training)
    if pictures.kind == "styles":
        for number, group in enumerate(pictures.groups):
            if counts[number] < LEAST_STYLE:
                told = f"{counts[number]:,} pictures in {group} to learn from"
                yield _only(told, why)
        return
    if len(training) < LEAST_SINGLE:
        yield _only(f"{len(training):,} pictures are there to learn from", why)
    small = [n for n in range(len(pictures.classes)) if counts[n] < LEAST_CLASS]
    if small:
        least = min(small, key=lambda number: counts[number])
        words = (
            f"{len(small):,} of {len(pictures.classes):,} classes have fewer than "
            f"{LEAST_CLASS} pictures to learn from; {pictures.classes[least]} has "
            f"{counts[least]:,}. Put small classes together, or add pictures."
        )
        yield Problem("few", None, words)


def _only(what: str, why: str) -> Problem:
    return Problem("few", None, f"Only {what}: {why}. A few hundred are better.")
