"""Translating for the window: one picture at a time, with the model that is chosen.

`Translating` belongs to the session's inference thread, the only one that touches its
models; torch is loaded when it is first used. Without Qt.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from engines.data.images import free_name, thumbnail
from engines.data.picture_files import Picture, write_picture
from engines.data.pixels import to_8_bit
from engines.data.sets import Source
from engines.errors import PictureError, StudioError
from engines.options import Options
from engines.runs.atomic import make_folder
from engines.runs.folder import RunFolder
from engines.training.threads import Sharing, cores
from studio.inputs import read

if TYPE_CHECKING:
    from engines.training.controls import Newest
    from engines.translation import Model

Shown: TypeAlias = NDArray[np.uint8]
"""A picture as the window shows it, (H, W, 3), or (H, W, 4) with transparency."""
Format: TypeAlias = Literal["same", ".png", ".jpg", ".webp", ".tif"]
Live: TypeAlias = "Callable[[Path], Newest | None]"

THUMBNAIL = (184, 120)  # pixels, for a tile of 92 × 60 on a screen at 200 %
LOADED = 2  # models that are kept: two are compared
AS_IT_COMES = Options()
BELIEF_SIDE = 1024  # a critic sees patches: more pixels would show nothing more
LIVE_EVERY_S = 1.0
"""Fetching the weights of a run in training costs it a copy of them."""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class TranslationRequest:
    """A picture to translate.

    Attributes:
        model: Run folder, or file of weights.
        source: The file, or the picture where it was pasted, made or drawn.
        answer: What it should become, where that is known.
        name: What it is called.
        options: How the model is used.
        step: The training step of the weights; None for the newest, which of a run
            in training are those of this moment.
        wants_back: Whether the result is to be translated back.
        wants_belief: Whether the critic is to be asked about the result.
    """

    model: Path
    source: Source | Picture
    name: str
    answer: Source | Picture | None = None
    options: Options = AS_IT_COMES
    step: int | None = None
    wants_back: bool = False
    wants_belief: bool = False

    @property
    def file_name(self) -> str:
        """What its result is called as a file."""
        return self.source.path.name if isinstance(self.source, Source) else self.name


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Translation:
    """A translated picture; all pictures have exactly the size of what went in.

    Attributes:
        request: What was asked for.
        before: What went in, as it is shown.
        after: What came out, as it is shown.
        result: What came out, as it is saved.
        thumbnail: The middle of *after*, 184 × 120 pixels.
        answer: What should have come out, at the size of *before*, where it is known.
        step: The training step of the weights, None where nobody knows.
        seconds: What the network took.
        back: What came back of *after*, where that was wanted.
        cycle_error: How far *back* is from *before*: the mean difference, 0 to 1.
        belief: float32: how sure the critic is of each part of the result that it is
            real, 0 to 1; (H, W), or of a large picture every second, third, ... pixel.
            None where that was not wanted, or no critic was kept.
    """

    request: TranslationRequest
    before: Shown
    after: Shown
    result: Picture
    thumbnail: Shown
    step: int | None
    seconds: float
    answer: Shown | None = None
    back: Shown | None = None
    cycle_error: float | None = None
    belief: NDArray[np.float32] | None = None


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
    """Translates, and keeps the models that were used last loaded."""

    def __init__(
        self,
        is_training: Callable[[], bool] = lambda: False,
        live: Live = lambda _run: None,
    ) -> None:
        """Start without a model. Both are asked on the thread that translates.

        Args:
            is_training: Whether a run keeps the processor's cores busy now.
            live: Step and weights at this moment of a run folder; None where it is
                not the one in training.
        """
        self._models: OrderedDict[tuple[Path, int | None, bool], Model] = OrderedDict()
        self._learning: tuple[Path, float, Model] | None = None
        self._is_training = is_training
        self._live = live
        self._sharing = Sharing(cores())

    def translate(
        self,
        request: TranslationRequest,
        *,
        progress: Callable[[int, int], None] = lambda _done, _total: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Translation:
        """Translate one picture.

        Args:
            request: Which one, and how.
            progress: Gets (done, in all) of the tiles of its result.
            cancelled: Asked before each tile.

        Raises:
            PictureError: The picture cannot be used.
            RunError: The run cannot be opened or has no whole checkpoint.
            Cancelled: *cancelled* said so.
        """
        import torch

        from engines.translation import translate_picture

        # Beside a run's threads, which wait for each other, several of our own would
        # be slower than one, and slow the run down. So they would beside another
        # program's.
        self._sharing.look()
        torch.set_num_threads(1 if self._is_training() else self._sharing.threads)
        before = read(request.source)
        model = self._model(request)
        began = time.perf_counter()
        result = translate_picture(
            model, before, request.options, progress=progress, cancelled=cancelled
        )
        seconds = time.perf_counter() - began
        back = None
        if request.wants_back:
            options = _reversed(request.options)
            back = translate_picture(model, result, options, cancelled=cancelled)
        after = shown(result)
        return Translation(
            request=request,
            before=shown(before),
            after=after,
            result=result,
            thumbnail=thumbnail(result.rgb(), *THUMBNAIL),
            step=model.step,
            seconds=seconds,
            answer=_fitted(request.answer, before),
            back=None if back is None else shown(back),
            cycle_error=None if back is None else difference(before, back),
            belief=_belief(model, before, result, request, cancelled),
        )

    def save(
        self,
        items: Sequence[Translation | TranslationRequest],
        folder: Path,
        *,
        format_: Format = "same",
        progress: Callable[[tuple[int, int]], None],
        cancelled: Callable[[], bool],
    ) -> SavedTranslations:
        """Write results into *folder*, each under its picture's own name.

        No file that is there is replaced: "-2", "-3", ... is added to the name. What
        cannot be translated or written is reported, and the others go on.

        Args:
            items: Results, or requests that are translated first.
            folder: Is made where it is missing.
            format_: The files' ending; "same" keeps each picture's own.
            progress: Gets (done, in all) before each picture.
            cancelled: Asked before each picture.

        Raises:
            RunError: *folder* cannot be made.
        """
        make_folder(folder)
        written: list[Path] = []
        problems: list[str] = []
        for done, item in enumerate(items):
            if cancelled():
                break
            progress((done, len(items)))
            try:
                found = self._made(item, cancelled)
                path = free_name(folder, _named(found.request.file_name, format_))
                write_picture(path, found.result)
            except StudioError as error:
                problems.append(str(error))
            else:
                written.append(path)
        return SavedTranslations(
            folder=folder, written=tuple(written), problems=tuple(problems)
        )

    def _made(
        self, item: Translation | TranslationRequest, cancelled: Callable[[], bool]
    ) -> Translation:
        if isinstance(item, Translation):
            return item
        return self.translate(item, cancelled=cancelled)

    # ------------------------------------------------------------------------
    # Models.

    def _model(self, request: TranslationRequest) -> "Model":
        from engines.translation import load_model

        path, step = request.model, request.step
        if step is None and (learning := self._newest_of_run(path)):
            return learning
        newest = _newest_step(path) if step is None else step
        key = (path, newest, request.wants_belief)
        if key not in self._models:  # of the newest, one that is damaged is passed over
            self._models[key] = load_model(path, step=step, with_critic=key[2])
        self._models.move_to_end(key)
        while len(self._models) > LOADED:
            self._models.popitem(last=False)
        return self._models[key]

    def _newest_of_run(self, run: Path) -> "Model | None":
        """The model of a run in training, with weights a second old at most."""
        from engines.translation import load_model

        model = None
        if self._learning and self._learning[0] == run:
            _, fetched, model = self._learning
            if time.monotonic() - fetched < LIVE_EVERY_S and self._is_training():
                return model
        self._learning = None
        if (found := self._live(run)) is None:
            return None
        step, weights = found
        # What can be translated with is on the list of models, so has saved once.
        model = model or load_model(run)
        model.refresh(weights, step)
        self._learning = (run, time.monotonic(), model)
        return model


def shown(picture: Picture) -> Shown:
    """A picture as the window shows it: 8 bits, transparency kept."""
    if picture.alpha is None:
        return picture.rgb()
    return np.dstack([to_8_bit(picture.pixels), to_8_bit(picture.alpha)])


def _belief(
    model: "Model",
    before: Picture,
    after: Picture,
    request: TranslationRequest,
    cancelled: Callable[[], bool],
) -> NDArray[np.float32] | None:
    if not request.wants_belief or model.critic is None:
        return None
    from engines.belief import believed

    seen = before.pixels, after.pixels
    belief = believed(model, *seen, request.options, cancelled=cancelled)
    every = ceil(max(belief.shape) / BELIEF_SIDE)
    return np.ascontiguousarray(belief[::every, ::every])


def _fitted(answer: Source | Picture | None, to: Picture) -> Shown | None:
    """The right answer at the size of what went in; None where it cannot be had."""
    if answer is None:
        return None
    try:
        picture = Image.fromarray(read(answer).rgb())
    except PictureError:  # the audit has named it
        return None
    height, width = to.pixels.shape[:2]
    return np.asarray(ImageOps.fit(picture, (width, height)))


def difference(a: Picture, b: Picture) -> float:
    """The mean absolute difference of two pictures of one size, 0 to 1."""
    apart = np.abs(a.rgb().astype(np.int16) - b.rgb())
    return float(apart.mean()) / 255


def _reversed(options: Options) -> Options:
    is_there = options.direction == "AtoB"
    return replace(options, direction="BtoA" if is_there else "AtoB")


def _newest_step(path: Path) -> int | None:
    """The newest step whose weights a run has kept; None for a file of weights."""
    if not path.is_dir():
        return None
    return max(RunFolder.open(path).weight_steps(), default=None)


def _named(name: str, format_: Format) -> str:
    return name if format_ == "same" else f"{Path(name).stem}{format_}"
