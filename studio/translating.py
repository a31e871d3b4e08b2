"""Translating for the window: pictures are found, translated and saved. Without Qt.

`Translating` belongs to the session's inference thread, the only one that touches a
model; torch is loaded when it is first used.
"""

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engines.data.images import free_name, save_picture, thumbnail
from engines.data.layouts import understand
from engines.data.making import read_square
from engines.data.scan import find_pictures
from engines.data.sets import Item, PictureSet, Source
from engines.errors import Cancelled, PictureError, RunError, StudioError
from engines.options import Options
from engines.runs.folder import RunFolder, RunInfo
from engines.training.threads import cores

if TYPE_CHECKING:
    from engines.translation import Model

Rgb: TypeAlias = NDArray[np.uint8]  # (H, W, 3)
Found: TypeAlias = tuple[Source | Rgb, str]
"""A picture to translate, as a file or as pixels, and what it is called."""

HELD_OUT_SHOWN = 24
THUMBNAIL = (184, 120)  # pixels, for a tile of 92 × 60 on a screen at 200 %


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class TranslationRequest:
    """A picture to translate.

    Attributes:
        run: Run folder of the model.
        source: The file, or the pixels where it was pasted.
        name: What it is called; no two pictures share a name.
        scale: "learnt" or "full", see `engines.options.Options`.
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

    def __init__(self, is_training: Callable[[], bool] = lambda: False) -> None:
        """Start without a model.

        Args:
            is_training: Whether a run keeps the processor's cores busy now; asked on
                the thread that translates.
        """
        self._model: Model | None = None
        self._is_training = is_training

    def translate(self, request: TranslationRequest) -> Translation:
        """Translate one picture.

        Raises:
            PictureError: The picture cannot be used.
            RunError: The run cannot be opened or has no whole checkpoint.
        """
        import torch

        from engines.translation import translate_pixels

        # Beside a run's threads, which wait for each other, several of our own would
        # be slower than one, and slow the run down.
        torch.set_num_threads(1 if self._is_training() else cores())
        before = request.read()
        model = self._newest(request.run)
        began = time.perf_counter()
        after = translate_pixels(model, before, Options(scale=request.scale))
        return Translation(
            request=request,
            before=before,
            after=after,
            thumbnail=thumbnail(after, *THUMBNAIL),
            step=model.step or 0,
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
        if self._model is None or (self._model.path, self._model.step) != newest:
            self._model = load_model(run)
        return self._model


def pictures_among(
    paths: Sequence[Path], *, cancelled: Callable[[], bool]
) -> tuple[tuple[Found, ...], tuple[str, ...]]:
    """List the files of *paths* and the picture files in its folders.

    Returns:
        The pictures, not yet looked at, and a sentence for each folder without any.

    Raises:
        Cancelled: *cancelled* returned True.
    """
    found: list[Path] = []
    problems: list[str] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        try:
            found += [file.path for file in find_pictures(path, cancelled=cancelled)]
        except StudioError as error:
            problems.append(str(error))
    return tuple((Source(path), path.name) for path in found), tuple(problems)


def held_out_inputs(
    run: RunInfo, *, cancelled: Callable[[], bool]
) -> tuple[Found, ...]:
    """Find the first inputs that *run* was measured on and never learnt from.

    Of two styles, these are of the first. Inputs that were made of pictures are made
    again, at the size that the run learns at.

    Raises:
        DataError: Its pictures are no longer where they were.
        Cancelled: *cancelled* returned True.
    """
    data = run.data
    pictures = understand(
        Path(data.folder),
        use=data.use,
        sides=data.sides,
        held_out=run.config["held_out"],
        seed=run.seed,
        direction=data.direction,
        left_out=data.left_out,
        cancelled=cancelled,
    )
    items = pictures.held_out
    if pictures.kind == "styles":
        items = tuple(item for item in items if item.group == 0)
    if pictures.task is None:
        return tuple((item.a, _name(item)) for item in items[:HELD_OUT_SHOWN])
    return tuple(_made(pictures, items[:HELD_OUT_SHOWN], run, cancelled))


def _made(
    pictures: PictureSet,
    items: Sequence[Item],
    run: RunInfo,
    cancelled: Callable[[], bool],
) -> Iterator[Found]:
    size, shape = run.config["image_size"], run.config["shape"]
    for item in items:
        if cancelled():
            raise Cancelled
        # A damaged one was left out of the run, too.
        with contextlib.suppress(PictureError):
            yield read_square(pictures, item, size, shape)[0], _name(item, ".png")


def _name(item: Item, ending: str = "") -> str:
    """What an input is called as a file."""
    if item.a.index is None and not ending:
        return item.a.path.name
    return f"{PurePath(item.name).name}{ending or '.png'}"


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunError(
            f"'{folder}' cannot be made ({error.strerror}). Choose another folder."
        ) from None
