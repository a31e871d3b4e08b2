"""The same held-out pictures at every preview step, as PNG files.

`inputs.png` and `targets.png` never change; `000675.png` is what the engine made of
the inputs at step 675. Each file holds K pictures side by side.
"""

import io
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from engines.errors import RunError
from engines.runs.atomic import disk_errors_in_words, write_bytes

Pictures: TypeAlias = NDArray[np.uint8]  # (K, H, W, 3), RGB

KEPT = 64  # more than fit on the slider under the preview
_COUNT = "pictures"  # the PNG's text that says how many stand side by side
_STEP_FILE = re.compile(r"(\d{6,})\.png")


@dataclass(frozen=True, kw_only=True, slots=True)
class FixedPictures:
    """What every preview is made from and compared with.

    Attributes:
        inputs: uint8 (K, H, W, 3).
        targets: Their real answers, uint8 (K, H, W, 3).
        names: What the K pictures are called.
    """

    inputs: Pictures
    targets: Pictures
    names: tuple[str, ...]


class Previews:
    """The folder previews/ of a run. It need not exist before something is saved."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def save_fixed(
        self, inputs: Pictures, targets: Pictures, names: tuple[str, ...]
    ) -> None:
        """Keep the K inputs and targets, uint8 (K, H, W, 3), and their names.

        Raises:
            RunError: The disk is full or refuses.
        """
        assert len(inputs) == len(targets) == len(names)
        self._write("inputs.png", _to_png(inputs))
        self._write("targets.png", _to_png(targets))
        self._write("names.json", json.dumps(names).encode())

    def load_fixed(self) -> FixedPictures:
        """Read back what `save_fixed` kept.

        Raises:
            RunError: A file is missing or damaged.
        """
        return FixedPictures(
            inputs=_read(self.folder / "inputs.png"),
            targets=_read(self.folder / "targets.png"),
            names=_read_names(self.folder / "names.json"),
        )

    def save(self, step: int, pictures: Pictures) -> Path:
        """Keep the preview of *step*, uint8 (K, H, W, 3), and thin the old ones.

        Above 64 previews every second of the older half is removed, so the whole run
        stays visible: coarsely at its beginning, finely at its end.

        Raises:
            RunError: The disk is full or refuses.
        """
        path = self._write(f"{step:06d}.png", _to_png(pictures))
        steps = self.steps()
        if len(steps) > KEPT:
            self._remove(steps[1 : len(steps) // 2 : 2])
        return path

    def load(self, step: int) -> Pictures:
        """The preview of *step*, uint8 (K, H, W, 3).

        Raises:
            RunError: It is missing or damaged.
        """
        return _read(self.path(step))

    def steps(self) -> tuple[int, ...]:
        """The steps that have a preview, in order."""
        found = (_STEP_FILE.fullmatch(path.name) for path in self.folder.glob("*.png"))
        return tuple(sorted(int(match[1]) for match in found if match))

    def path(self, step: int) -> Path:
        """The PNG file of *step*: its pictures side by side."""
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


def _to_png(pictures: Pictures) -> bytes:
    count, height, width, _ = pictures.shape
    row = pictures.transpose(1, 0, 2, 3).reshape(height, count * width, 3)
    text = PngInfo()
    text.add_text(_COUNT, str(count))
    file = io.BytesIO()
    # Level 1: training waits for this, and the files stay few.
    Image.fromarray(row).save(file, "PNG", pnginfo=text, compress_level=1)
    return file.getvalue()


def _read(path: Path) -> Pictures:
    try:
        with Image.open(path, formats=["PNG"]) as image:
            count = int(image.info[_COUNT])
            row = np.asarray(image.convert("RGB"))
        height, width, _ = row.shape
        pictures = row.reshape(height, count, width // count, 3).transpose(1, 0, 2, 3)
    except (
        OSError,
        SyntaxError,  # what Pillow raises for a broken PNG
        KeyError,
        ValueError,
        ZeroDivisionError,
        Image.DecompressionBombError,
    ) as error:
        raise _unreadable(path) from error
    return np.ascontiguousarray(pictures)


def _read_names(path: Path) -> tuple[str, ...]:
    try:
        return tuple(str(name) for name in json.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError) as error:
        raise _unreadable(path) from error


def _unreadable(path: Path) -> RunError:
    return RunError(
        f"The preview '{path}' is missing or damaged. The run itself is not affected."
    )
