"""Sheets of pictures, with their codes inside, so that each can be found again.

A sheet is a PNG that any program shows. Text chunks of it hold the codes, compressed:
"latent-codes" a header in JSON, see `_Header`; "latent-codes-1", "-2", ... the numbers,
row by row, as base64 of little-endian float32. Chunks are small, as programs that read
PNGs refuse large ones.

Shapes: N = pictures, L = latent dimensions, S = side of a picture.
"""

import base64
import io
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    NonNegativeInt,
    ValidationError,
    model_validator,
)

from engines.data.images import Rgb
from engines.data.opening import MAX_PIXELS, opened
from engines.errors import Cancelled, LatentError
from engines.latent.mixing import Codes
from engines.latent.space import Labels, Space
from engines.runs.atomic import write_bytes
from engines.translation import Cancel, Progress

GAP = 2  # pixels between two pictures, white

_KEY = "latent-codes"
_CHUNK = 700_000  # bytes: of more than 1 MiB as text, Pillow reads no chunk
_MOST = 45_000_000  # bytes: of more than 64 MiB as text, Pillow reads no file


class _Header(BaseModel):
    """What is inside a sheet; a newer version may hold more."""

    model_config = ConfigDict(frozen=True)

    version: Literal[1] = 1
    run: str
    step: int
    count: int = Field(ge=1)
    latent_dim: int = Field(ge=1)
    image_size: int = Field(ge=1)
    columns: int = Field(ge=1)
    labels: tuple[NonNegativeInt, ...] | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        assert self.labels is None or len(self.labels) == self.count
        return self

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the sheet in pixels."""
        rows = math.ceil(self.count / self.columns)
        pitch = self.image_size + GAP
        return self.columns * pitch - GAP, rows * pitch - GAP

    def corner(self, number: int) -> tuple[int, int]:
        """Left and top of a picture in the sheet."""
        row, column = divmod(number, self.columns)
        pitch = self.image_size + GAP
        return column * pitch, row * pitch


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class SavedCodes:
    """What was found in a sheet.

    Attributes:
        codes: (N, L).
        labels: (N,), where pictures of classes were asked for, else None.
        pictures: (N, S, S, 3) uint8, as they were made then.
        run: What the user called the run that made them.
        step: The step of its weights; those of another make other pictures.
    """

    codes: Codes
    labels: Labels | None
    pictures: Rgb
    run: str
    step: int

    def check(self, space: Space) -> None:
        """Make sure that *space* can make pictures of these codes.

        Raises:
            LatentError: They belong to a space of other dimensions or classes.
        """
        ours, theirs = self.codes.shape[1], space.latent_dim
        if ours != theirs:
            raise LatentError(
                f"These codes have {ours} numbers each, those of '{space.name}' have "
                f"{theirs}. They were made with '{self.run}': choose that run."
            )
        highest = -1 if self.labels is None else int(self.labels.max())
        if highest >= len(space.classes) or bool(space.classes) != (highest >= 0):
            raise LatentError(
                f"These codes were made with '{self.run}', which learnt other classes "
                f"than '{space.name}'. Choose that run."
            )


def write_sheet(
    path: Path,
    space: Space,
    codes: Codes,
    labels: Labels | None = None,
    *,
    columns: int | None = None,
    progress: Progress = lambda _done, _total: None,
    cancelled: Cancel = lambda: False,
) -> None:
    """Make the pictures of *codes* and write them as a sheet, whole or not at all.

    Args:
        path: The PNG; is overwritten.
        space: What makes the pictures.
        codes: (N, L), one or more.
        labels: As for `Space.decode`.
        columns: Pictures side by side; about as many as one below the other where
            left out.
        progress: Gets (pictures made, in all).
        cancelled: Asked between two pieces.

    Raises:
        LatentError: There are no codes, or too many for one picture.
        RunError: The disk refuses.
        Cancelled: *cancelled* said so.
    """
    if not len(codes):
        raise LatentError("There are no pictures to save.")
    header = _Header(
        run=space.name,
        step=space.step,
        count=len(codes),
        latent_dim=space.latent_dim,
        image_size=space.image_size,
        columns=columns or math.ceil(math.sqrt(len(codes))),
        labels=None if labels is None else tuple(map(int, labels)),
    )
    _check_size(header, codes)
    sheet = Image.new("RGB", header.size, "white")
    done = 0
    for piece in space.pieces(codes, labels):
        if cancelled():
            raise Cancelled
        for number, picture in enumerate(piece, start=done):
            sheet.paste(Image.fromarray(picture), header.corner(number))
        done += len(piece)
        progress(done, len(codes))
    file = io.BytesIO()
    sheet.save(file, "PNG", pnginfo=_text(header, codes))
    write_bytes(path, file.getvalue())


def _check_size(header: _Header, codes: Codes) -> None:
    pixels = math.prod(header.size)
    if pixels > MAX_PIXELS:
        raise LatentError(
            f"{header.count:,} pictures of {header.image_size} pixels make a sheet of "
            f"{pixels / 1e6:,.0f} million pixels, more than can be opened again "
            f"({MAX_PIXELS / 1e6:,.0f} million). Save fewer at once."
        )
    if codes.nbytes > _MOST:
        raise LatentError(
            f"The codes of {header.count:,} pictures do not fit into one sheet. Save "
            f"at most {_MOST // codes[0].nbytes:,} at once."
        )


def _text(header: _Header, codes: Codes) -> PngInfo:
    numbers = np.ascontiguousarray(codes, "<f4").tobytes()
    info = PngInfo()
    info.add_text(_KEY, header.model_dump_json(), zip=True)
    for number, start in enumerate(range(0, len(numbers), _CHUNK), start=1):
        text = base64.b64encode(numbers[start : start + _CHUNK]).decode("ascii")
        info.add_text(f"{_KEY}-{number}", text, zip=True)
    return info


# ----------------------------------------------------------------------------
# Reading.


def read_codes(path: Path) -> SavedCodes:
    """Read a sheet back.

    Raises:
        PictureError: The file is missing, or no picture that can be read.
        LatentError: It is no sheet, it was cut or changed, or a newer version made it.
    """
    with opened(path) as image:
        text = _ours(image.info)
        sheet = np.array(image.convert("RGB")) if text else None
    if sheet is None:
        raise LatentError(
            f"'{path.name}' has no codes in it. Choose a sheet that was saved here; "
            "one that another program has saved again may have lost them."
        )
    header = _header(path, text)
    if sheet.shape[1::-1] != header.size:
        raise _changed(path)
    return SavedCodes(
        codes=_codes(path, header, text),
        labels=None if header.labels is None else np.array(header.labels, np.int64),
        pictures=_cut(sheet, header),
        run=header.run,
        step=header.step,
    )


def _ours(info: dict[Any, Any]) -> dict[str, str]:
    return {
        key: value
        for key, value in info.items()
        if isinstance(key, str) and isinstance(value, str) and key.startswith(_KEY)
    }


def _header(path: Path, text: dict[str, str]) -> _Header:
    try:
        return _Header.model_validate_json(text.get(_KEY, ""))
    except ValidationError as error:
        if any(found["loc"] == ("version",) for found in error.errors()):
            raise LatentError(
                f"'{path.name}' was saved by a newer version. Update the studio."
            ) from None
        raise _changed(path) from None


def _codes(path: Path, header: _Header, text: dict[str, str]) -> Codes:
    """The numbers of all chunks, of which there must be exactly as many as told."""
    wanted = 4 * header.count * header.latent_dim
    if wanted > _MOST:
        raise _changed(path)
    chunks = [text.get(f"{_KEY}-{n + 1}", "") for n in range(-(-wanted // _CHUNK))]
    try:
        numbers = b"".join(base64.b64decode(chunk, validate=True) for chunk in chunks)
    except ValueError:
        raise _changed(path) from None
    if len(numbers) != wanted:
        raise _changed(path)
    codes = np.frombuffer(numbers, "<f4").astype(np.float32)
    if not np.isfinite(codes).all():
        raise _changed(path)
    return codes.reshape(header.count, header.latent_dim)


def _cut(sheet: Rgb, header: _Header) -> Rgb:
    """The pictures of a sheet, (N, S, S, 3)."""
    side = header.image_size
    corners = map(header.corner, range(header.count))
    return np.stack([sheet[y : y + side, x : x + side] for x, y in corners])


def _changed(path: Path) -> LatentError:
    return LatentError(
        f"'{path.name}' was cut or changed after it was saved, so its codes cannot be "
        "trusted. Choose the file as it was saved."
    )
