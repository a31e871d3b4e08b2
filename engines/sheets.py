"""Contact sheets: what a network was given, made of it, and should have made."""

from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from engines.data.images import Rgb, save_picture
from engines.errors import RunError
from engines.runs.folder import RunFolder

Pictures: TypeAlias = NDArray[np.uint8]  # (K, H, W, 3)

SHEET = "sheet.png"

_WANTED_SIDE = 192  # small pictures are enlarged to about this
_GAP = 8
_CAPTION_HEIGHT = 28
_TEXT_SIZE = 16
_PAPER = (255, 255, 255)
_INK = (32, 32, 32)


def contact_sheet(columns: Mapping[str, Pictures]) -> Rgb:
    """Lay pictures out in rows, under a caption for each column.

    Small pictures are enlarged a whole number of times, so that their pixels show.

    Args:
        columns: Captions and their pictures, each uint8 (K, H, W, 3) of one shape.

    Returns:
        (height, width, 3) uint8.
    """
    rows, height, width, _ = next(iter(columns.values())).shape
    zoom = max(1, round(_WANTED_SIDE / max(height, width)))
    height, width = height * zoom, width * zoom
    sheet = Image.new(
        "RGB",
        (
            _GAP + len(columns) * (width + _GAP),
            _CAPTION_HEIGHT + rows * (height + _GAP),
        ),
        _PAPER,
    )
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(_TEXT_SIZE)
    for column, (caption, pictures) in enumerate(columns.items()):
        left = _GAP + column * (width + _GAP)
        middle = _CAPTION_HEIGHT / 2
        text = _shortened(caption, font, width)
        draw.text((left, middle), text, _INK, font=font, anchor="lm")
        for row, picture in enumerate(pictures):
            top = _CAPTION_HEIGHT + row * (height + _GAP)
            enlarged = picture.repeat(zoom, axis=0).repeat(zoom, axis=1)
            sheet.paste(Image.fromarray(enlarged), (left, top))
    return np.asarray(sheet)


def write_run_sheet(folder: Path) -> Path:
    """Write the newest preview of a run beside its inputs and targets.

    Returns:
        The picture, `sheet.png` in *folder*; an older one is replaced.

    Raises:
        RunError: There is no run, or it has no preview that can be read.
        PictureError: The sheet cannot be written.
    """
    run = RunFolder.open(folder)
    steps = run.previews.steps()
    if not steps:
        raise RunError(f"The run '{folder}' has no preview yet. Let it train a little.")
    columns, _names = run.previews.load_fixed()
    newest = run.previews.load(steps[-1])
    sheet = contact_sheet(
        {
            column.label: column.pictures
            if column.pictures is not None
            else newest[column.name]
            for column in columns
        }
    )
    path = folder / SHEET
    save_picture(path, sheet)
    return path


def _shortened(
    text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, width: int
) -> str:
    """*text*, or its beginning and three dots where it is wider than *width*."""
    kept = text
    while font.getlength(text) > width and kept:
        kept = kept[:-1]
        text = f"{kept}..."
    return text
