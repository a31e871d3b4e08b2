"""Films of a walk: GIF, animated WebP, a folder of pictures, a strip of them.

MP4 is not among them: no library that this program brings can write it.

Shapes: F = frames, H, W = sides of a frame. Frames are uint8 (H, W, 3).
"""

import io
import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeAlias

import numpy as np
from PIL import Image

from engines.data.images import Rgb, save_picture
from engines.errors import Cancelled, LatentError
from engines.latent.sheet import GAP
from engines.runs.atomic import disk_errors_in_words, write_bytes
from engines.translation import Cancel, Progress

FILM_SUFFIXES = (".gif", ".webp", ".png")
"""Endings of the files that `write_film` writes; without any, it makes a folder."""

_Images: TypeAlias = Iterator[Image.Image]


def write_film(
    path: Path,
    frames: Iterable[Rgb],
    count: int,
    *,
    frames_per_s: float = 20,
    zoom: int = 1,
    progress: Progress = lambda _done, _total: None,
    cancelled: Cancel = lambda: False,
) -> None:
    """Write a film whole or not at all, as the ending of its name says.

    Args:
        path: .gif: shown again and again, 256 colours a frame. .webp: the same without
            any loss. .png: all frames side by side. No ending: a new folder with a
            PNG for each frame. A file is overwritten, a folder is not.
        frames: (H, W, 3) uint8 each, all of one size; taken when they are needed.
        count: How many there are, one or more.
        frames_per_s: At most 50. A GIF knows only hundredths of a second a frame.
        zoom: How often each pixel is repeated each way.
        progress: Gets (frames taken, in all).
        cancelled: Asked before each frame.

    Raises:
        LatentError: There are no frames, the folder is there already, or the name has
            another ending.
        PictureError: A PNG cannot be written.
        RunError: The disk refuses.
        Cancelled: *cancelled* said so.
    """
    if path.suffix.lower() not in _WRITERS:
        endings = ", ".join(FILM_SUFFIXES)
        raise LatentError(
            f"A film can end in {endings}, or be a folder; '{path.name}' is neither."
        )
    if count < 1:
        raise LatentError("A film needs at least one frame.")
    images = _images(frames, count, zoom, progress, cancelled)
    _WRITERS[path.suffix.lower()](path, images, 1000 / min(frames_per_s, 50))


def _images(
    frames: Iterable[Rgb], count: int, zoom: int, progress: Progress, cancelled: Cancel
) -> _Images:
    """The frames, enlarged; asks and tells at each of them."""
    for number, frame in enumerate(frames, start=1):
        if cancelled():
            raise Cancelled
        yield Image.fromarray(frame.repeat(zoom, axis=0).repeat(zoom, axis=1))
        progress(number, count)


def _write_gif(path: Path, images: _Images, frame_ms: float) -> None:
    # A palette for each frame; without dithering, which would flicker.
    options = {"duration": round(frame_ms / 10) * 10, "disposal": 1}
    few = (image.quantize(256, dither=Image.Dither.NONE) for image in images)
    _write_animation(path, few, "GIF", **options)


def _write_webp(path: Path, images: _Images, frame_ms: float) -> None:
    _write_animation(path, images, "WEBP", duration=round(frame_ms), lossless=True)


def _write_animation(path: Path, images: _Images, kind: str, **options: object) -> None:
    file = io.BytesIO()
    first = next(images)
    first.save(file, kind, save_all=True, append_images=images, loop=0, **options)
    write_bytes(path, file.getvalue())


def _write_strip(path: Path, images: _Images, _frame_ms: float) -> None:
    pixels = [np.asarray(image) for image in images]
    gap = np.full((len(pixels[0]), GAP, 3), 255, np.uint8)
    save_picture(
        path, np.hstack([part for each in pixels for part in (each, gap)][:-1])
    )


def _write_folder(path: Path, images: _Images, _frame_ms: float) -> None:
    if path.exists():
        raise LatentError(f"'{path}' is there already. Choose a new folder.")
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with disk_errors_in_words(path):
            part.mkdir(parents=True)
            for number, image in enumerate(images, start=1):
                save_picture(part / f"{number:05}.png", np.asarray(image))
            os.rename(part, path)
    finally:
        shutil.rmtree(part, ignore_errors=True)


_WRITERS: dict[str, Callable[[Path, _Images, float], None]] = {
    ".gif": _write_gif,
    ".webp": _write_webp,
    ".png": _write_strip,
    "": _write_folder,
}
