"""Pictures in, translated pictures out: any size and aspect, one file or many.

The network needs sides that are multiples of a power of two. A picture is mirrored at
its edges up to the next multiple, translated, and cut back to exactly its own size.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engines.base import Engine, Translator
from engines.catalogue import engine_entry
from engines.data.images import decode, free_name, save_picture
from engines.errors import PictureError, RunError, StudioError
from engines.pixels import to_float, to_pictures
from engines.runs.folder import RunFolder
from engines.training.device import DeviceChoice, choose
from engines.training.jobs import Direction

Scale: TypeAlias = Literal["learnt", "full"]
Rgb: TypeAlias = NDArray[np.uint8]  # (H, W, 3)

# At full size the network's activations need about 1.5 KB a pixel.
MAX_FULL_PIXELS = 4_000_000
# A very long picture is made smaller than it was learnt, rather than enormous.
MAX_SIDE_RATIO = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Model:
    """A trained translator, ready for use.

    Attributes:
        folder: The run that it comes from.
        name: What the user calls the run.
        step: The training step of its weights.
        engine: Its networks, loaded.
    """

    folder: Path
    name: str
    step: int
    engine: Engine

    @property
    def directions(self) -> tuple[Direction, ...]:
        """The ways it can translate."""
        return cast("Translator", self.engine).directions

    @property
    def image_size(self) -> int:
        """Side of its training pictures, in pixels."""
        return self.engine.config.image_size


def load_model(
    folder: Path, *, step: int | None = None, device: DeviceChoice = "auto"
) -> Model:
    """Load the newest whole checkpoint of a run, or the one of *step*.

    Raises:
        RunError: The folder is not a run, its engine does not translate, or no
            checkpoint is whole.
        DeviceError: The device is not there.
    """
    run = RunFolder.open(folder)
    entry = engine_entry(run.info.engine)
    found = run.checkpoints.load_weights(step)
    config = entry.config.checked(run.info.config)
    engine = entry.load()(
        config,
        choose(device, config.precision),
        class_count=len(run.info.data.classes),
    )
    if not isinstance(engine, Translator):
        raise RunError(f"{entry.title} makes new pictures; it does not translate.")
    engine.load_weights(found.weights)
    return Model(folder=folder, name=run.info.name, step=found.step, engine=engine)


def translate_picture(
    model: Model,
    picture: Rgb,
    *,
    scale: Scale = "learnt",
    direction: Direction = "AtoB",
) -> Rgb:
    """Translate one picture.

    Args:
        model: What translates.
        picture: (H, W, 3) uint8, any size from 1×1.
        scale: "learnt" shows the network the picture at the size it was trained on
            and enlarges the result, as in training and its previews; "full" keeps
            every pixel, which suits networks trained on pieces of large pictures.
        direction: Which way, of those the model can (`Model.directions`).

    Returns:
        (H, W, 3) uint8, exactly the input's size.

    Raises:
        PictureError: The picture is too large to be translated at full size.
    """
    height, width = picture.shape[:2]
    if scale == "full" and height * width > MAX_FULL_PIXELS:
        raise PictureError(
            None,
            f"has {height * width / 1e6:.1f} megapixels, more than the "
            f"{MAX_FULL_PIXELS / 1e6:.0f} that can be translated at full size. Choose "
            "the size it was learnt at",
        )
    seen = picture if scale == "full" else _at_learnt_size(model, picture)
    result = _translate_padded(model, seen, direction)
    return _resized(result, width, height)


def _at_learnt_size(model: Model, picture: Rgb) -> Rgb:
    size = model.image_size
    if model.engine.config.shape == "stretch":
        return _resized(picture, size, size)
    height, width = picture.shape[:2]
    ratio = min(size / min(height, width), MAX_SIDE_RATIO * size / max(height, width))
    return _resized(
        picture, max(1, round(width * ratio)), max(1, round(height * ratio))
    )


def _translate_padded(model: Model, picture: Rgb, direction: Direction) -> Rgb:
    translator = cast("Translator", model.engine)
    height, width = picture.shape[:2]
    top, bottom = _padding(height, translator.multiple)
    left, right = _padding(width, translator.multiple)
    padded = np.pad(picture, ((top, bottom), (left, right), (0, 0)), mode="reflect")
    x = to_float(padded[None], model.engine.compute.device)
    result: Rgb = to_pictures(translator.translate(x, direction))[0]
    return result[top : top + height, left : left + width]


def _padding(side: int, multiple: int) -> tuple[int, int]:
    """Pixels to add before and after, half each."""
    missing = -side % multiple
    return missing // 2, missing - missing // 2


def _resized(picture: Rgb, width: int, height: int) -> Rgb:
    if picture.shape[:2] == (height, width):
        return picture
    image = Image.fromarray(picture).resize((width, height), Image.Resampling.LANCZOS)
    resized: Rgb = np.asarray(image)
    return resized


# ----------------------------------------------------------------------------
# Files.


@dataclass(frozen=True, kw_only=True, slots=True)
class FileResult:
    """What became of one file: *written* where it went well, else *error* says why."""

    source: Path
    written: Path | None = None
    error: str = ""


def translate_files(
    model: Model,
    files: Sequence[Path],
    out: Path,
    *,
    scale: Scale = "learnt",
    direction: Direction = "AtoB",
    cancelled: Callable[[], bool] = lambda: False,
) -> Iterator[FileResult]:
    """Translate files one by one, each result under its input's name in *out*.

    An input is never overwritten, nor is one result by another: where a name is
    taken, "-2", "-3", ... is added. A file that cannot be used is reported and the
    others go on.

    Raises:
        RunError: *out* cannot be made.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunError(
            f"'{out}' cannot be made ({error.strerror}). Choose another folder."
        ) from None
    for source in files:
        if cancelled():
            return
        try:
            result = translate_picture(
                model, decode(source), scale=scale, direction=direction
            )
            written = free_name(out, source.name)
            save_picture(written, result)
        except StudioError as error:
            yield FileResult(source=source, error=str(error))
        else:
            yield FileResult(source=source, written=written)
