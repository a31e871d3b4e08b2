"""What the critic of a model believes of a translation, pixel by pixel.

A critic of patches (Isola et al. 2017, section 3.2.2) gives one number for each patch.
It is put where the middle of the patch is, and between middles runs in a line.
"""

from collections.abc import Callable

import numpy as np
from PIL import Image

from engines.options import Options
from engines.pixels import Pixels, to_float
from engines.tiling import Floats, Line, blended, overlap_for
from engines.translation import AS_IT_COMES, Model, as_seen

TILE = 1024  # pixels; a critic needs about 0.4 KB for each


def believed(
    model: Model,
    before: Pixels,
    after: Pixels,
    options: Options = AS_IT_COMES,
    *,
    cancelled: Callable[[], bool] = lambda: False,
) -> Floats:
    """How sure the critic of *model* is that each part of a picture is real.

    Args:
        model: Loaded with its critic.
        before: The input, (H, W, 3).
        after: Its translation, or the real answer, of the same shape.
        options: As for the translation: at the learnt size, the critic judges at it.
        cancelled: Asked before each tile.

    Returns:
        (H, W) float32, 0 for certainly painted to 1 for certainly real.

    Raises:
        Cancelled: *cancelled* said so.
    """
    critic = model.critic
    assert critic is not None, "load the model with its critic"
    device = model.translator.compute.device
    x, y = as_seen(model, before, options), as_seen(model, after, options)
    field, distance = critic.patch

    overlap = overlap_for(field, TILE)
    rows, columns = (
        Line.of(side, TILE, overlap, distance, least=model.image_size)
        for side in x.shape[:2]
    )

    def make(down: slice, across: slice) -> Floats:
        place = np.ix_(rows.pixels[down], columns.pixels[across])
        shown = (to_float(side[place][None], device) for side in (x, y))
        patches = critic.believes(*shown)[0, 0].cpu().numpy()
        from_rows = _between(patches.shape[0], rows.tile, distance)
        from_columns = _between(patches.shape[1], columns.tile, distance)
        made: Floats = from_rows @ patches @ from_columns.T
        return made[..., None]

    bands = [
        band[..., 0].copy()
        for band in blended(rows, columns, make, cancelled=cancelled)
    ]
    size = (before.shape[1], before.shape[0])
    map_ = Image.fromarray(np.concatenate(bands))
    resized: Floats = np.asarray(map_.resize(size, Image.Resampling.BILINEAR))
    return resized.clip(0, 1)


def _between(patches: int, side: int, distance: int) -> Floats:
    """(side, patches): the share that each patch has in each pixel of a line."""
    pixels = np.arange(side)
    first = (side - 1 - (patches - 1) * distance) / 2
    middles = first + distance * np.arange(patches)
    shares = [np.interp(pixels, middles, one) for one in np.eye(patches)]
    return np.stack(shares, axis=1).astype(np.float32)
