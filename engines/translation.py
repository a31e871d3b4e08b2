"""Pictures in, translated pictures out: any size, faithfully, the same everywhere.

The network needs sides that are multiples of a power of two. A picture is mirrored at
its edges up to the next multiple, translated, whole or in tiles, and cut back to
exactly its own size. Window, command line, batches and exports all come through here.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeAlias, TypeVar, cast

import numpy as np
import torch
from PIL import Image

from engines.data.picture_files import Picture
from engines.errors import PictureError
from engines.model import Model, load_model
from engines.nets.modes import reach
from engines.options import Options
from engines.pixels import Pixels, as_pixels, to_float
from engines.tile_size import falling_sides, halves
from engines.tiling import Floats, Line, blended, overlap_for
from engines.training.out_of_memory import is_out_of_memory

__all__ = [
    "Model",
    "Options",
    "load_model",
    "translate_picture",
    "translate_pixels",
]

Progress: TypeAlias = Callable[[int, int], None]
Cancel: TypeAlias = Callable[[], bool]

_Pixels = TypeVar("_Pixels", bound=Pixels)

# A very long picture is made smaller than it was learnt, rather than enormous.
MAX_SIDE_RATIO = 8
AS_IT_COMES = Options()


# ----------------------------------------------------------------------------
# One picture.


def translate_picture(
    model: Model,
    picture: Picture,
    options: Options = AS_IT_COMES,
    *,
    progress: Progress = lambda _done, _total: None,
    cancelled: Cancel = lambda: False,
) -> Picture:
    """Translate what a file holds: its size, depth, alpha, EXIF and profile stay.

    The network sees it over white, as it saw the pictures that it learnt from. The
    rest is as for `translate_pixels`.
    """
    seen = _over_white(picture)
    made = translate_pixels(
        model, seen, options, progress=progress, cancelled=cancelled
    )
    return replace(picture, pixels=made)


def _over_white(picture: Picture) -> Pixels:
    if picture.alpha is None:
        return picture.pixels
    if picture.depth == 8:
        return picture.rgb()
    white = 65535
    seen = np.empty_like(picture.pixels)
    # Row by row: as floats, a large picture would need four times its memory.
    for row, colour, alpha in zip(seen, picture.pixels, picture.alpha, strict=True):
        row[:] = np.rint(white - (white - colour) * (alpha[:, None] / white))
    return seen


def translate_pixels(
    model: Model,
    pixels: _Pixels,
    options: Options = AS_IT_COMES,
    *,
    progress: Progress = lambda _done, _total: None,
    cancelled: Cancel = lambda: False,
) -> _Pixels:
    """Translate one picture of any size from 1×1.

    Args:
        model: What translates.
        pixels: (H, W, 3) uint8 or uint16, RGB over the type's whole range.
        options: How; as they come, always with the same result.
        progress: Gets (tiles done, in all); starts anew where memory ran out and
            smaller tiles are tried.
        cancelled: Asked before each tile.

    Returns:
        The same shape and type.

    Raises:
        PictureError: There is not enough memory even for small tiles.
        Cancelled: *cancelled* said so.
    """
    height, width = pixels.shape[:2]
    seen = as_seen(model, pixels, options)
    made = _translated(model, seen, options, progress, cancelled)
    enlarged = _resized(made, width, height, Image.Resampling.LANCZOS)
    return cast("_Pixels", enlarged)


def as_seen(model: Model, pixels: Pixels, options: Options) -> Pixels:
    """*pixels* at the size that *model* sees them at, for the chosen scale."""
    if options.scale == "full":
        return pixels
    size = model.image_size
    if model.shape == "stretch":
        return _resized(pixels, size, size, Image.Resampling.BICUBIC)
    height, width = pixels.shape[:2]
    ratio = min(size / min(height, width), MAX_SIDE_RATIO * size / max(height, width))
    width, height = max(1, round(width * ratio)), max(1, round(height * ratio))
    return _resized(pixels, width, height, Image.Resampling.BICUBIC)


def _translated(
    model: Model,
    pixels: Pixels,
    options: Options,
    progress: Progress,
    cancelled: Cancel,
) -> Pixels:
    """Translate *pixels* as they are, in tiles as large as memory allows."""
    for side in _sides(model, pixels, options):
        try:
            return _in_tiles(model, pixels, side, options, progress, cancelled)
        except (RuntimeError, MemoryError) as failure:
            if not is_out_of_memory(failure):
                raise
        if model.translator.compute.device.type == "cuda":
            torch.cuda.empty_cache()
    raise PictureError(
        None,
        "needs more memory than is free to be translated. Close other programs, or "
        "use a smaller picture",
    )


def _sides(model: Model, pixels: Pixels, options: Options) -> Iterator[int]:
    area = pixels.shape[0] * pixels.shape[1]
    if options.tile is not None:
        multiple = model.translator.multiple
        side = -(-options.tile // multiple) * multiple
        return halves(side, multiple, least=model.image_size, pixels=area)
    return falling_sides(
        model.translator, options.direction, image_size=model.image_size, pixels=area
    )


def _in_tiles(
    model: Model,
    pixels: Pixels,
    side: int,
    options: Options,
    progress: Progress,
    cancelled: Cancel,
) -> Pixels:
    """Translate in tiles of *side*, or whole where *pixels* has no more pixels."""
    translator, multiple = model.translator, model.translator.multiple
    height, width = pixels.shape[:2]
    if height * width <= side * side:
        side = -(-max(height, width) // multiple) * multiple
    overlap = overlap_for(reach(translator.generator_for(options.direction)), side)
    rows, columns = (
        Line.of(length, side, overlap, multiple, smallest=model.image_size)
        for length in (height, width)
    )

    def make(down: slice, across: slice) -> Floats:
        tile = pixels[rows.pixels[down, None], columns.pixels[across]]
        x = to_float(tile[None], translator.compute.device)
        noise = _noise(options.noise_seed, down.start, across.start, x.device)
        y = translator.translate(x, options.direction, noise=noise, norm=options.norm)
        made: Floats = y[0].permute(1, 2, 0).cpu().numpy()
        return made

    result, done = np.empty_like(pixels), 0
    bands = blended(rows, columns, make, progress=progress, cancelled=cancelled)
    for band in bands:
        result[done : done + len(band)] = as_pixels(band, pixels.dtype)
        done += len(band)
    return result


def _noise(
    seed: int | None, top: int, left: int, device: torch.device
) -> torch.Generator | None:
    """The stream of a tile: the same wherever and whenever it is translated."""
    if seed is None:
        return None
    (state,) = np.random.SeedSequence((seed, top, left)).generate_state(1, np.uint64)
    return torch.Generator(device).manual_seed(int(state))


def _resized(
    pixels: Pixels, width: int, height: int, method: Image.Resampling
) -> Pixels:
    if pixels.shape[:2] == (height, width):
        return pixels
    size = (width, height)
    resized: Pixels
    if pixels.dtype == np.uint8:
        resized = np.asarray(Image.fromarray(pixels).resize(size, method))
    else:
        # Pillow has no colours of 16 bits: each by itself, as floats, which hold them.
        planes = np.moveaxis(pixels, 2, 0).astype(np.float32)
        each = [np.asarray(Image.fromarray(p).resize(size, method)) for p in planes]
        resized = np.rint(np.stack(each, axis=2)).clip(0, 65535).astype(np.uint16)
    return resized
