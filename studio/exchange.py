"""Models in from other programs, and out to them. QtCore only."""

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from PySide6.QtCore import QObject, Signal

from engines.data.images import Rgb
from engines.data.picture_files import Picture
from engines.data.sets import Source
from engines.errors import PictureError, RunError
from engines.interop.destinations import DestinationName
from engines.training.jobs import Direction
from studio.background import Background
from studio.inputs import read
from studio.model_entry import ModelEntry

Target: TypeAlias = DestinationName | Literal["published"]
COMPARED = 3
"""Pictures on which an exported file is held against its model."""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class ExportRequest:
    """A model that another program is to use.

    Attributes:
        model: Run folder, or file of weights.
        step: The step of its weights, None for the newest.
        direction: Which way; weights in the published format hold every way.
        target: Where it is to be used.
        path: The file to write; the folder, for weights in the published format.
        pictures: To compare a file of weights on; a run has held-out ones of its own.
    """

    model: Path
    step: int | None
    direction: Direction
    target: Target
    path: Path
    pictures: tuple[Source | Picture, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Exported:
    """What was written.

    Attributes:
        files: The files.
        size_bytes: Of all of them.
        compared: On how many pictures the file was held against its model.
        largest_difference: Between both, in steps of 255; None where not compared.
        opset: The version of ONNX's operators that the file asks for, or None.
    """

    files: tuple[Path, ...]
    size_bytes: int
    compared: int = 0
    largest_difference: float | None = None
    opset: int | None = None


class Exchange(QObject):
    """Opens weights that others have trained, and writes ours for other programs.

    Signals:
        opened: A file of weights can be used. (ModelEntry)
        refused: It cannot. (a sentence)
        exported: A model was written. (Exported)
        failed: It was not. (a sentence)
    """

    opened = Signal(object)
    refused = Signal(str)
    exported = Signal(object)
    failed = Signal(str)

    def __init__(self, thread: Background, parent: QObject | None = None) -> None:
        """Work on a *thread* that the caller shuts down."""
        super().__init__(parent)
        self._thread = thread

    def open_weights(self, path: Path) -> None:
        """Look what a file of weights holds; `opened` or `refused` follows."""
        self._thread.submit(
            f"weights {path}",
            lambda _task: entry_of_file(path),
            done=self.opened.emit,
            failed=self.refused.emit,
        )

    def export(self, request: ExportRequest) -> None:
        """Write a model; `exported` or `failed` follows."""
        self._thread.submit(
            "export",
            lambda _task: _export(request),
            done=self.exported.emit,
            failed=self.failed.emit,
        )


def entry_of_file(path: Path) -> ModelEntry:
    """Describe a file of weights in the published format.

    Raises:
        CheckpointError: It is something else, or damaged.
    """
    from engines.interop.published import open_published

    found = open_published(path, device="cpu")
    return ModelEntry(
        path=path,
        name=path.stem if path.stem != "latest_net_G" else f"{path.parent.name}",
        image_size=found.image_size,
        is_noisy=found.layout.dropout,
        has_batch_norm=found.layout.norm == "batch",
        words=found.words,
    )


def _export(request: ExportRequest) -> Exported:
    from engines.translation import load_model

    model = load_model(request.model, step=request.step, device="cpu")
    if request.target == "published":
        from engines.interop.published_write import write_published

        files = write_published(model.translator, request.path)
        return Exported(files=files, size_bytes=_size(files))

    from engines.interop.onnx_export import export_onnx

    pictures = _pictures(request)
    done = export_onnx(
        model, request.target, request.path, pictures, direction=request.direction
    )
    return Exported(
        files=(done.path, done.readme),
        size_bytes=done.size_bytes,
        compared=len(pictures),
        largest_difference=done.largest_difference,
        opset=done.opset,
    )


def _pictures(request: ExportRequest) -> list[Rgb]:
    """A few pictures to compare on, best those that the model never saw."""
    if request.model.is_dir():
        from engines.interop.onnx_export import held_out_of

        return held_out_of(request.model, request.direction, COMPARED)
    readable: list[Rgb] = []
    for source in request.pictures:
        with contextlib.suppress(PictureError):
            readable.append(read(source).rgb())
        if len(readable) == COMPARED:
            break
    if not readable:
        raise RunError(
            "A file is compared with its model before it is kept. Open a picture here "
            "first, of the kind that the model translates."
        )
    return readable


def _size(files: tuple[Path, ...]) -> int:
    return sum(file.stat().st_size for file in files)
