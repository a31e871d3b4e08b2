"""What a run was watched by, as PNG files: the same pictures at every preview step.

`columns.json` names the columns; `column-input.png` is one that never changes, and
`000675.png` holds those that do, as they were at step 675: one row for each column,
K pictures side by side.
"""

import io
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from engines.errors import RunError
from engines.runs.atomic import disk_errors_in_words, write_bytes
from engines.training.reports import Column, Pictures

KEPT = 64  # more than fit on the slider under the preview
COLUMNS = "columns.json"
# The PNG's texts: how many pictures stand side by side, how many rows, of what.
_COUNT, _ROWS, _NAMES = "pictures", "rows", "columns"
_ONE_COLUMN = '["now"]'  # files of the first version name none
_DAMAGED = (
    OSError,
    SyntaxError,  # what Pillow raises for a broken PNG
    KeyError,
    ValueError,
    ZeroDivisionError,
    Image.DecompressionBombError,
)
_STEP_FILE = re.compile(r"(\d{6,})\.png")


class Previews:
    """The folder previews/ of a run. It need not exist before something is saved."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def save_fixed(self, columns: Sequence[Column], names: Sequence[str]) -> None:
        """Keep what stays the same: the columns, and what their pictures are called.

        Raises:
            RunError: The disk is full or refuses.
        """
        for column in columns:
            if column.pictures is not None:
                self._write(f"column-{column.name}.png", _to_png([column.pictures]))
        plain = {
            "names": list(names),
            "columns": [
                {"name": c.name, "label": c.label, "captions": list(c.captions)}
                for c in columns
            ],
        }
        self._write(COLUMNS, json.dumps(plain, ensure_ascii=False).encode())

    def load_fixed(self) -> tuple[tuple[Column, ...], tuple[str, ...]]:
        """Read back what `save_fixed` kept.

        Raises:
            RunError: A file is missing or damaged.
        """
        path = self.folder / COLUMNS
        try:
            plain = json.loads(path.read_bytes())
            names = tuple(str(name) for name in plain["names"])
            columns = tuple(self._column(**values) for values in plain["columns"])
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise _unreadable(path) from error
        return columns, names

    def _column(self, *, name: str, label: str, captions: list[str]) -> Column:
        path = self.folder / f"column-{name}.png"
        fixed = _read(path)[0] if path.exists() else None
        return Column(name=name, label=label, captions=tuple(captions), pictures=fixed)

    def save(self, step: int, pictures: Mapping[str, Pictures]) -> Path:
        """Keep the preview of *step*, (K, H, W, 3) a column, and thin the old ones.

        Above 64 previews every second of the older half is removed, so the whole run
        stays visible: coarsely at its beginning, finely at its end.

        Raises:
            RunError: The disk is full or refuses.
        """
        path = self._write(
            f"{step:06d}.png", _to_png(list(pictures.values()), list(pictures))
        )
        steps = self.steps()
        if len(steps) > KEPT:
            self._remove(steps[1 : len(steps) // 2 : 2])
        return path

    def load(self, step: int) -> dict[str, Pictures]:
        """The columns of the preview of *step*, uint8 (K, H, W, 3) each.

        Raises:
            RunError: It is missing or damaged.
        """
        path = self.path(step)
        pictures, text = _read(path), _text(path)
        try:
            names = json.loads(text.get(_NAMES, _ONE_COLUMN))
            return dict(zip(names, pictures, strict=True))
        except (ValueError, TypeError) as error:
            raise _unreadable(path) from error

    def steps(self) -> tuple[int, ...]:
        """The steps that have a preview, in order."""
        found = (_STEP_FILE.fullmatch(path.name) for path in self.folder.glob("*.png"))
        return tuple(sorted(int(match[1]) for match in found if match))

    def path(self, step: int) -> Path:
        """The PNG file of *step*: a row of pictures for each column."""
        return self.folder / f"{step:06d}.png"

    def discard_after(self, step: int) -> None:
        """Remove the previews after *step*, which a resume from *step* abandons.

        Raises:
            RunError: They cannot be removed.
        """
        self._remove([later for later in self.steps() if later > step])

    def _write(self, name: str, data: bytes) -> Path:
        path = self.folder / name
        with disk_errors_in_words(path):
            self.folder.mkdir(exist_ok=True)
        write_bytes(path, data)
        return path

    def _remove(self, steps: list[int] | tuple[int, ...]) -> None:
        with disk_errors_in_words(self.folder):
            for step in steps:
                self.path(step).unlink(missing_ok=True)


def _to_png(columns: Sequence[Pictures], names: Sequence[str] = ()) -> bytes:
    stacked = np.stack(columns)  # (columns, K, H, W, 3)
    rows, count, height, width, _ = stacked.shape
    sheet = stacked.transpose(0, 2, 1, 3, 4).reshape(rows * height, count * width, 3)
    text = PngInfo()
    text.add_text(_COUNT, str(count))
    text.add_text(_ROWS, str(rows))
    if names:
        text.add_text(_NAMES, json.dumps(list(names)))
    file = io.BytesIO()
    # Level 1: training waits for this, and the files stay few.
    Image.fromarray(sheet).save(file, "PNG", pnginfo=text, compress_level=1)
    return file.getvalue()


def _read(path: Path) -> Pictures:
    """The columns of a sheet, (columns, K, H, W, 3)."""
    try:
        with Image.open(path, formats=["PNG"]) as image:
            count, rows = int(image.info[_COUNT]), int(image.info.get(_ROWS, 1))
            sheet = np.asarray(image.convert("RGB"))
        height, width = sheet.shape[0] // rows, sheet.shape[1] // count
        columns = sheet.reshape(rows, height, count, width, 3).transpose(0, 2, 1, 3, 4)
    except _DAMAGED as error:
        raise _unreadable(path) from error
    return np.ascontiguousarray(columns)


def _text(path: Path) -> dict[str, str]:
    try:
        with Image.open(path, formats=["PNG"]) as image:
            return {str(k): v for k, v in image.info.items() if isinstance(v, str)}
    except _DAMAGED as error:
        raise _unreadable(path) from error


def _unreadable(path: Path) -> RunError:
    return RunError(
        f"The preview '{path}' is missing or damaged. The run itself is not affected."
    )
