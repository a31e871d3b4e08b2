"""Translating for the window: pictures are found, translated and saved. Without Qt.

`Translating` belongs to the session's inference thread, the only one that touches a
model; torch is loaded when it is first used.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engines.data.images import free_name, save_picture, thumbnail
from engines.data.layouts import understand
from engines.data.scan import find_pictures
from engines.data.sets import Source
from engines.errors import RunError, StudioError
from engines.runs.folder import RunFolder, RunInfo

if TYPE_CHECKING:
    from engines.translation import Model

Rgb: TypeAlias = NDArray[np.uint8]  # (H, W, 3)

HELD_OUT_SHOWN = 24
THUMBNAIL = (184, 120)  # pixels, for a tile of 92 × 60 on a screen at 200 %


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class TranslationRequest:
    """A picture to translate.

    Attributes:
        run: Run folder of the model.
        source: The file, or the pixels where it was pasted.
        name: What it is called; no two pictures share a name.
        scale: "learnt" or "full", see `engines.translation.translate_picture`.
    """

    run: Path
    source: Source | Rgb
    name: str
    scale: Literal["learnt", "full"] = "learnt"

    @property
    def file_name(self) -> str:
        """What its result is called as a file."""
        return self.source.path.name if isinstance(self.source, Source) else self.name

    def read(self) -> Rgb:
        """Decode it: (H, W, 3) uint8.

        Raises:
            PictureError: The file cannot be used.
        """
        return self.source.read() if isinstance(self.source, Source) else self.source


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Translation:
    """A translated picture: *after* has exactly the size of *before*.

    Attributes:
        request: What was asked for.
        before: (H, W, 3) uint8.
        after: (H, W, 3) uint8.
        thumbnail: The middle of *after*, 184 × 120 pixels.
        step: The training step of the weights.
        seconds: What the network took.
    """

    request: TranslationRequest
    before: Rgb
    after: Rgb
    thumbnail: Rgb
    step: int
    seconds: float


@dataclass(frozen=True, kw_only=True, slots=True)
class SavedTranslations:
    """What became of pictures to save.

    Attributes:
        folder: Where they were to go.
        written: The files, in order.
        problems: A sentence for each picture that could not be saved.
    """

    folder: Path
    written: tuple[Path, ...] = ()
    problems: tuple[str, ...] = ()


class Translating:
    """Translates with the newest weights of a run, and keeps the last model loaded."""

    def __init__(self) -> None:
        self._model: Model | None = None

    def translate(self, request: TranslationRequest) -> Translation:
        """Translate one picture.

        Raises:
            PictureError: The picture cannot be used.
            RunError: The run cannot be opened or has no whole checkpoint.
        """
        from engines.translation import translate_picture

        before = request.read()
        model = self._newest(request.run)
        began = time.perf_counter()
        after = translate_picture(model, before, scale=request.scale)
        return Translation(
            request=request,
            before=before,
            after=after,
            thumbnail=thumbnail(after, *THUMBNAIL),
            step=model.step,
            seconds=time.perf_counter() - began,
        )

    def save(
        self,
        items: Sequence[Translation | TranslationRequest],
        folder: Path,
        *,
        progress: Callable[[tuple[int, int]], None],
        cancelled: Callable[[], bool],
    ) -> SavedTranslations:
        """Write results into *folder*, each under its picture's own name.

        No file that is there is replaced: "-2", "-3", ... is added to the name. What
        cannot be translated or written is reported, and the others go on.

        Args:
            items: Results, or requests that are translated first.
            folder: Is made where it is missing.
            progress: Gets (done, in all) before each picture.
            cancelled: Asked before each picture.

        Raises:
            RunError: *folder* cannot be made.
        """
        _make_folder(folder)
        written: list[Path] = []
        problems: list[str] = []
        for done, item in enumerate(items):
            if cancelled():
                break
            progress((done, len(items)))
            try:
                found = item if isinstance(item, Translation) else self.translate(item)
                path = free_name(folder, found.request.file_name)
                save_picture(path, found.after)
            except StudioError as error:
                problems.append(str(error))
            else:
                written.append(path)
        return SavedTranslations(
            folder=folder, written=tuple(written), problems=tuple(problems)
        )

    def _newest(self, run: Path) -> "Model":
        from engines.translation import load_model

        steps = RunFolder.open(run).checkpoints.steps()
        newest = (run, max(steps, default=0))
        if self._model is None or (self._model.folder, self._model.step) != newest:
            self._model = load_model(run)
        return self._model


def pictures_among(
    paths: Sequence[Path], *, cancelled: Callable[[], bool]
) -> tuple[tuple[Source, ...], tuple[str, ...]]:
    """List the files of *paths* and the picture files in its folders.

    Returns:
        The pictures, not yet looked at, and a sentence for each folder without any.

    Raises:
        Cancelled: *cancelled* returned True.
    """
    found: list[Source] = []
    problems: list[str] = []
    for path in paths:
        if not path.is_dir():
            found.append(Source(path))
            continue
        try:
            found += [Source(p.path) for p in find_pictures(path, cancelled=cancelled)]
        except StudioError as error:
            problems.append(str(error))
    return tuple(found), tuple(problems)


def held_out_inputs(
    run: RunInfo, *, cancelled: Callable[[], bool]
) -> tuple[Source, ...]:
    """Find the first inputs that *run* was measured on and never learnt from.

    Raises:
        DataError: Its pictures are no longer where they were.
        Cancelled: *cancelled* returned True.
    """
    pairs = understand(
        Path(run.data.folder),
        sides=run.data.sides,
        held_out=run.config["held_out"],
        seed=run.seed,
        direction=run.data.direction,
        cancelled=cancelled,
    )
    return tuple(pair.a for pair in pairs.held_out[:HELD_OUT_SHOWN])


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunError(
            f"'{folder}' cannot be made ({error.strerror}). Choose another folder."
        ) from None
