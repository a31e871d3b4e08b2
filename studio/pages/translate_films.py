"""The pictures on the Translate page: which is translated next, what is remembered."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

import numpy as np

from engines.data.picture_files import Picture
from engines.data.sets import Source
from studio.inputs import Found
from studio.translating import Translation, TranslationRequest

KEPT_BYTES = 400_000_000
"""Of pixels that are remembered; older results are made again when looked at."""


@dataclass(eq=False, slots=True)
class Film:
    """One picture.

    Attributes:
        source: The file, or the picture where it was pasted or made.
        name: Unique on the page.
        answer: What it should become, where that is known.
        request: What was asked for last, None before anything was.
        asked_step: The newest checkpoint that was known then.
        translation: The result, None before and after it was remembered.
        is_done: Whether there has been a result of the model in use.
        refused: Why it cannot be translated, "" where it can.
    """

    source: Source | Picture
    name: str
    answer: Source | Picture | None = None
    request: TranslationRequest | None = None
    asked_step: int = 0
    translation: Translation | None = None
    is_done: bool = False
    refused: str = ""


class Films:
    """All pictures in their order, and the bookkeeping of their results.

    Attributes:
        newest_step: The newest checkpoint of the model in use.
    """

    def __init__(self) -> None:
        self.newest_step = 0
        self._films: list[Film] = []
        self._kept: list[Film] = []  # those with a result, the least used first

    def __len__(self) -> int:
        """How many pictures there are."""
        return len(self._films)

    def __iter__(self) -> Iterator[Film]:
        """The pictures in their order."""
        return iter(self._films)

    def __getitem__(self, index: int) -> Film:
        """The picture at *index*."""
        return self._films[index]

    def add(self, found: Found) -> Film:
        """Append a picture; a name that is taken gets a number."""
        taken = {film.name for film in self._films}
        path, unique, number = PurePath(found.name), found.name, 2
        while unique in taken:
            unique = f"{path.stem}-{number}{path.suffix}"
            number += 1
        film = Film(found.source, unique, found.answer)
        self._films.append(film)
        return film

    def remove(self, index: int) -> None:
        """Take a picture out and forget its result."""
        film = self._films.pop(index)
        self._kept = [kept for kept in self._kept if kept is not film]

    def index_of(self, request: TranslationRequest) -> int | None:
        """Where the picture is whose newest request this is, None if there is none."""
        found = (i for i, film in enumerate(self._films) if film.request is request)
        return next(found, None)

    def forget(self) -> None:
        """Forget all results: another model or size is to be used."""
        self._kept.clear()
        for film in self._films:
            film.request = film.translation = None
            film.is_done, film.refused = False, ""

    def keep(self, film: Film, translation: Translation) -> None:
        """Remember a result, at the cost of those that were used longest ago."""
        film.translation, film.is_done = translation, True
        self.use(film)
        while len(self._kept) > 1 and sum(map(_size, self._kept)) > KEPT_BYTES:
            self._kept.pop(0).translation = None

    def use(self, film: Film) -> None:
        """Note that a result is looked at."""
        self._kept = [kept for kept in self._kept if kept is not film]
        if film.translation is not None:
            self._kept.append(film)

    def next_waiting(self) -> Film | None:
        """The first picture that has had no result and may still have one."""
        waiting = (film for film in self if not film.is_done and not film.refused)
        return next(waiting, None)

    def is_current(self, film: Film) -> bool:
        """Whether its result is remembered and no newer checkpoint could better it."""
        return film.translation is not None and film.asked_step >= self.newest_step

    @property
    def refused(self) -> list[Film]:
        """The pictures that cannot be translated."""
        return [film for film in self if film.refused]

    @property
    def done(self) -> int:
        """How many have had a result."""
        return sum(film.is_done for film in self)


def _size(film: Film) -> int:
    found = film.translation
    if found is None:
        return 0
    shown = (found.before, found.after, found.back, found.answer, found.belief)
    # Where nothing is transparent, what is shown of 8 bits is what is saved.
    is_same = np.may_share_memory(found.after, found.result.pixels)
    more = () if is_same else (found.result.pixels,)
    return sum(part.nbytes for part in (*shown, *more) if part is not None)
